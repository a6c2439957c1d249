"""The shelf of the practice Stripe: an encrypted file of its own beside the buffer.

Practice money is nobody's money, so a power cut may take its last rows; the buffer's never.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from kiosk.buffer.database import Connection, closing_on_error, connect, store_errors

SHELF_NAME: Final = "practice.db"
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
