"""Allotments: how many copies of a drop this device may sell, and how many are left."""

from __future__ import annotations

from kiosk.buffer.session import Session


class Stock:
    """Guarded counts: the file itself refuses to sell more than was allotted."""

    def __init__(self, session: Session) -> None:
        self._execute = session.connection.execute

    def allot(self, event_number: int, offer: str, allotted: int) -> int:
        """Raise or lower the allotment, never below what is sold; what it is now."""
        row = self._execute(
            "INSERT INTO allotments (event_number, offer, allotted) VALUES (?, ?, ?)"
            " ON CONFLICT (event_number, offer)"
            " DO UPDATE SET allotted = max(excluded.allotted, sold + held) RETURNING allotted",
            (event_number, offer, allotted),
        ).fetchone()
        return int(row[0])

    def left(self, event_number: int, offer: str) -> int:
        """Copies left to sell; 0 for an offer without an allotment."""
        row = self._execute(
            "SELECT allotted - sold - held FROM allotments WHERE event_number = ? AND offer = ?",
            (event_number, offer),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def left_all(self, event_number: int) -> dict[str, int]:
        """Copies left of each allotted offer of this event."""
        rows = self._execute(
            "SELECT offer, allotted - sold - held FROM allotments WHERE event_number = ?",
            (event_number,),
        )
        return {str(offer): int(left) for offer, left in rows}

    def sell(self, event_number: int, offer: str, quantity: int) -> bool:
        """Take copies out of the allotment; False, and nothing taken, when there are fewer."""
        if quantity < 1:
            raise AssertionError("a quantity is at least 1")
        done = self._execute(
            "UPDATE allotments SET sold = sold + ?1"
            " WHERE event_number = ?2 AND offer = ?3 AND sold + held + ?1 <= allotted",
            (quantity, event_number, offer),
        )
        return int(done.rowcount) == 1
