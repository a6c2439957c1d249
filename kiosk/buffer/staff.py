"""Staff and their PIN hashes; the hashing itself is none of this room's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.buffer.session import Session
from kiosk.domain.ids import StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRecord:
    """One person of staff. `role` is owner, lead, seller or door."""

    staff_id: StaffId
    name: str
    role: str
    pin_salt: bytes = field(repr=False)
    pin_hash: bytes = field(repr=False)
    wrong_tries: int = 0
    locked_until_ms: int = 0


class StaffList:
    """Who may do what needs a PIN."""

    def __init__(self, session: Session) -> None:
        self._table = session.database.table("staff")
        self._execute = session.connection.execute

    def add(self, record: StaffRecord, now_ms: int) -> None:
        """Add a person."""
        self._table.insert(
            {
                "id": record.staff_id,
                "name": record.name,
                "role": record.role,
                "pin_salt": record.pin_salt,
                "pin_hash": record.pin_hash,
                "created_ms": now_ms,
            }
        )

    def get(self, staff_id: StaffId) -> StaffRecord | None:
        """The person with this id."""
        return next(self._where("id = ?", [staff_id]), None)

    def all(self) -> tuple[StaffRecord, ...]:
        """Everybody, in the order of their addition."""
        return tuple(self._where(None, []))

    def count(self) -> int:
        """How many there are; 0 before the first start."""
        return int(self._table.count)

    def wrong_try(self, staff_id: StaffId | None, locked_until_ms: int) -> int:
        """Count a wrong PIN (of everybody, when nobody is named) and lock until this instant.

        An earlier lock is over, or was made by a clock that ran ahead: it never outlives a new one.
        Returns the most wrong tries in a row that anybody has now.
        """
        self._execute(
            "UPDATE staff SET wrong_tries = wrong_tries + 1,"
            " locked_until_ms = ?1 WHERE ?2 IS NULL OR id = ?2",
            (locked_until_ms, staff_id),
        )
        row = self._execute("SELECT coalesce(max(wrong_tries), 0) FROM staff").fetchone()
        return int(row[0])

    def right(self, staff_id: StaffId | None) -> None:
        """A right PIN ends the count (for everybody, when nobody is named)."""
        self._execute(
            "UPDATE staff SET wrong_tries = 0, locked_until_ms = 0 WHERE ?1 IS NULL OR id = ?1",
            (staff_id,),
        )

    def _where(self, where: str | None, values: list[str]) -> Iterator[StaffRecord]:
        rows = self._table.rows_where(where, values, order_by="rowid")
        return (
            StaffRecord(
                staff_id=StaffId(row["id"]),
                name=row["name"],
                role=row["role"],
                pin_salt=row["pin_salt"],
                pin_hash=row["pin_hash"],
                wrong_tries=row["wrong_tries"],
                locked_until_ms=row["locked_until_ms"],
            )
            for row in rows
        )
