"""A new buffer that is filled with the rows of a damaged one, whatever their order.

While it is filled its triggers are off; before it is used they are what they were, to the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from kiosk.buffer.btree import Record, Value
from kiosk.buffer.database import Connection, DriverError, connect
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import check_fingerprint, migrate

BATCH: Final = 500
_TYPES: Final[dict[str, type]] = {"TEXT": str, "INTEGER": int, "BLOB": bytes, "REAL": float}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a table's rows are stored: columns in stored order, which of them is the rowid."""

    table: str
    columns: tuple[str, ...]
    types: tuple[type, ...]
    required: tuple[bool, ...]
    rowids: bool
    alias: int | None

    def row(self, record: Record) -> tuple[Value, ...] | None:
        """The record as a row of this table; None when it cannot be one."""
        values = record.values
        if (record.rowid is None) is self.rowids or len(values) > len(self.columns):
            return None
        if self.alias is not None and values[self.alias : self.alias + 1] == (None,):
            values = (*values[: self.alias], record.rowid, *values[self.alias + 1 :])
        for value, kind, required in zip(values, self.types, self.required, strict=False):
            if (value is None and required) or not isinstance(value, kind | None):
                return None
        return values


class NewFile:
    """The file under construction. Close it, finished or not."""

    def __init__(self, path: Path, keys: BufferKeys) -> None:
        self.keys = keys
        self.connection: Connection = connect(path, keys.database, create=True)
        migrate(self.connection)
        self.connection.execute("PRAGMA foreign_keys = OFF").fetchall()
        self._triggers = self.connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
        ).fetchall()
        for name, _ in self._triggers:
            self.connection.execute(f'DROP TRIGGER "{name}"')
        self.shapes = {shape.table: shape for shape in self._shapes()}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def fill(self, shape: Shape, records: Iterable[Record]) -> tuple[int, int]:
        """Write these rows; how many are new, and how many the file does not take."""
        taken = refused = 0
        waiting = iter(records)
        while batch := list(islice(waiting, BATCH)):
            with_rows = [row for record in batch if (row := shape.row(record)) is not None]
            refused += len(batch) - len(with_rows)
            new, bad = self._write(shape, with_rows)
            taken, refused = taken + new, refused + bad
        return taken, refused

    def fits(self, shape: Shape, records: Sequence[Record]) -> bool:
        """Whether every one of these records can be a row of this table, by its own checks."""
        rows = [shape.row(record) for record in records]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            return False
        self.connection.execute("BEGIN")
        try:
            for row in known:
                self.connection.execute(_insert(shape, len(row), "OR REPLACE"), row)
        except DriverError:
            return False
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        return True

    def finish(self) -> None:
        """Have the triggers back, the schema as it must be, and everything in the one file."""
        for _, sql in self._triggers:
            self.connection.execute(sql)
        check_fingerprint(self.connection)
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _write(self, shape: Shape, rows: Sequence[tuple[Value, ...]]) -> tuple[int, int]:
        taken = refused = 0
        self.connection.execute("BEGIN")
        for row in rows:
            try:
                done = self.connection.execute(_insert(shape, len(row), "OR IGNORE"), row)
            except DriverError:
                refused += 1
            else:
                taken += done.rowcount
        self.connection.execute("COMMIT")
        return taken, refused

    def _shapes(self) -> Iterator[Shape]:
        for _, name, kind, _, without_rowid, _ in self.connection.execute(
            "PRAGMA table_list"
        ).fetchall():
            if kind != "table" or name.startswith(("sqlite_", "_sqlite_")):
                continue
            found = self.connection.execute(f"PRAGMA table_xinfo('{name}')").fetchall()
            columns = [row for row in found if row[6] == 0]
            keys = sorted((row for row in columns if row[5]), key=lambda row: int(row[5]))
            alias = None
            if without_rowid:
                columns = [*keys, *(row for row in columns if not row[5])]
            elif len(keys) == 1 and keys[0][2] == "INTEGER":
                alias = columns.index(keys[0])
            yield Shape(
                table=name,
                columns=tuple(row[1] for row in columns),
                types=tuple(_TYPES.get(row[2], object) for row in columns),
                required=tuple(bool(row[3]) or row in keys for row in columns),
                rowids=not without_rowid,
                alias=alias,
            )


def _insert(shape: Shape, count: int, conflict: str) -> str:
    columns = ", ".join(f'"{name}"' for name in shape.columns[:count])
    marks = ", ".join("?" * count)
    return f'INSERT {conflict} INTO "{shape.table}" ({columns}) VALUES ({marks})'
