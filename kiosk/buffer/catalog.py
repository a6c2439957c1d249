"""Catalog snapshots: every event file that was ever loaded, exactly as it was signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.buffer.session import Session

NUMBERS_TO: Final = "catalog.numbers_to"  # the setting that a salvage leaves: numbers in use
_COLUMNS = "number, document, signature, loaded_ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshot:
    """One loaded event file: its JSON `document`, the device's signature over it, and when."""

    number: int
    document: str
    signature: bytes
    loaded_ms: int


class Catalog:
    """The snapshots, numbered from 1; the one stored last is current. Sales name theirs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store(self, document: str, signature: bytes, event_number: int, now_ms: int) -> int:
        """Store a snapshot and make it current; its number."""
        row = self._session.connection.execute(
            "INSERT INTO snapshots (number, event_number, document, signature, loaded_ms)"
            " VALUES (1 + max(coalesce((SELECT max(number) FROM snapshots), 0), coalesce((SELECT"
            "  CAST(value AS INTEGER) FROM settings WHERE key = ?), 0)), ?, ?, ?, ?)"
            " RETURNING number",
            (NUMBERS_TO, event_number, document, signature, now_ms),
        ).fetchone()
        return int(row[0])

    def current(self) -> StoredSnapshot | None:
        """The snapshot sold from now, or None before any event was loaded."""
        return self._one(f"SELECT {_COLUMNS} FROM snapshots ORDER BY number DESC LIMIT 1", ())

    def current_number(self) -> int | None:
        """The number of the current snapshot, without reading its document."""
        row = self._session.connection.execute("SELECT max(number) FROM snapshots").fetchone()
        return None if row[0] is None else int(row[0])

    def of_event(self, event_number: int, most: int) -> tuple[int, ...]:
        """The numbers of an event's snapshots, newest first, at most this many."""
        rows = self._session.connection.execute(
            "SELECT number FROM snapshots WHERE event_number = ? ORDER BY number DESC LIMIT ?",
            (event_number, most),
        ).fetchall()
        return tuple(int(row[0]) for row in rows)

    def is_lost(self, number: int) -> bool:
        """Whether there is no snapshot of this number, as after a salvage."""
        row = self._session.connection.execute(
            "SELECT 1 FROM snapshots WHERE number = ?", (number,)
        ).fetchone()
        return row is None

    def get(self, number: int) -> StoredSnapshot | None:
        """The snapshot with this number."""
        return self._one(f"SELECT {_COLUMNS} FROM snapshots WHERE number = ?", (number,))

    def _one(self, sql: str, values: tuple[int, ...]) -> StoredSnapshot | None:
        row = self._session.connection.execute(sql, values).fetchone()
        if row is None:
            return None
        return StoredSnapshot(
            number=row[0], document=row[1], signature=bytes(row[2]), loaded_ms=row[3]
        )
