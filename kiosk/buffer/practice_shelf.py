"""The shelf of the practice Stripe: an encrypted file of its own beside the buffer.

Practice money is nobody's money, so a power cut may take its last rows; the buffer's never.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from kiosk.buffer.database import Connection, closing_on_error, connect, store_errors

SHELF_NAME: Final = "practice.db"
CUSTOMER: Final = "customer"
NOBODY: Final = "Erased"
NOBODY_S_ADDRESS: Final = "erased@invalid.example"
NESTED_MOST: Final = 3  # an answer kept is JSON in JSON, and an event may hold one
_SQL: Final = """
CREATE TABLE IF NOT EXISTS shelf (
  kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL CHECK (json_valid(document)),
  PRIMARY KEY (kind, id)
) STRICT
"""

Row = tuple[str, str, str]
RowChange = tuple[str, str, str | None]


class PracticeShelf:
    """Rows of (kind, id, JSON), as the practice Stripe wants to find them again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, folder: Path, key: bytes) -> PracticeShelf:
        """The shelf in this folder, made if there is none.

        Raises:
            WrongKey, StoreReadOnly, StoreFull, StoreCorrupt: nothing is removed for them.
        """
        connection = connect(folder / SHELF_NAME, key, create=True)
        with closing_on_error(connection), store_errors():
            connection.execute("PRAGMA synchronous = NORMAL").fetchall()
            connection.execute(_SQL)
        return cls(connection)

    def load(self) -> Iterable[Row]:
        """Every row kept, as (kind, id, json)."""
        with store_errors():
            rows = self._connection.execute("SELECT kind, id, document FROM shelf").fetchall()
        return [(str(kind), str(row_id), str(document)) for kind, row_id, document in rows]

    def put(self, rows: Sequence[RowChange]) -> None:
        """Keep all these rows or none of them; a row whose json is None is taken off the shelf."""
        with store_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for kind, row_id, document in rows:
                    self._put_one(kind, row_id, document)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def forget(self, customers: Collection[str]) -> int:
        """Put a stand-in for the name and address of these customers wherever they stand; how many
        rows had them. The log is emptied then, so that nothing of it is left there.
        """
        wanted = [row for row in self.load() if row[0] == CUSTOMER and row[1] in customers]
        changes = [_stand_ins(json.loads(document)["o"]) for _, _, document in wanted]
        changed = []
        for kind, row_id, document in self.load():
            text = document
            for old, new in (pair for pairs in changes for pair in pairs):
                text = text.replace(old, new)
            if text != document:
                changed.append((kind, row_id, text))
        self.put(changed)
        with store_errors():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return len(changed)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _put_one(self, kind: str, row_id: str, document: str | None) -> None:
        if document is None:
            self._connection.execute("DELETE FROM shelf WHERE kind = ? AND id = ?", (kind, row_id))
            return
        self._connection.execute(
            "INSERT INTO shelf (kind, id, document) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document",
            (kind, row_id, document),
        )


def _stand_ins(customer: Mapping[str, object]) -> list[tuple[str, str]]:
    """What to replace with what: whole JSON strings, also inside the text of an answer kept."""
    pairs = []
    for field, stand_in in (("name", NOBODY), ("email", NOBODY_S_ADDRESS)):
        said = customer.get(field)
        if not isinstance(said, str) or said == stand_in:
            continue
        for ascii_only in (True, False):
            old, new = json.dumps(said, ensure_ascii=ascii_only), json.dumps(stand_in)
            for _ in range(NESTED_MOST):
                pairs.append((old, new))
                old = json.dumps(old, ensure_ascii=ascii_only)[1:-1]
                new = json.dumps(new)[1:-1]
    return pairs
