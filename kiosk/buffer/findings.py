"""The findings that need a person: which are open, and what staff answered to them.

Recording a finding is the work of `Sales`; an answer is written once and never taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.buffer.database import Connection
from kiosk.buffer.schema.m0002_answers import NEEDS_A_PERSON
from kiosk.buffer.session import Session
from kiosk.domain.ids import FindingId, SaleId, StaffId
from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Finding, FindingAnswer, FindingKind, OpenFinding

OPEN_LISTED_MAX: Final = 200
OPEN_COUNTED_MAX: Final = 1_000  # more is as much a call for staff as this is
_COLUMNS: Final = "f.id, f.kind, f.sale_id, f.remote_id, f.amount_minor, f.currency, f.at_ms"
# Named, because two columns of another index look better to a planner without statistics, and
# that one holds every finding there is.
_OPEN: Final = f"""FROM findings f INDEXED BY findings_attention
WHERE f.mode = ? AND f.{NEEDS_A_PERSON}
AND NOT EXISTS (SELECT 1 FROM finding_answers a WHERE a.finding_id = f.id)"""
OPEN_SQL: Final = f"SELECT {_COLUMNS} {_OPEN} ORDER BY f.id DESC LIMIT ?"
OPEN_COUNT_SQL: Final = f"SELECT count(*) FROM (SELECT 1 {_OPEN} LIMIT {OPEN_COUNTED_MAX})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one member of staff said to one finding."""

    finding_id: FindingId
    staff_id: StaffId
    answer: FindingAnswer
    at_ms: int


class Findings:
    """What reconciliation found that nobody but a person can settle."""

    def __init__(self, session: Session) -> None:
        self._execute = session.connection.execute

    def open(self, mode: RailMode, limit: int) -> tuple[OpenFinding, ...]:
        """Those without an answer, newest first."""
        rows = self._execute(OPEN_SQL, (mode.value, min(limit, OPEN_LISTED_MAX)))
        return tuple(_open_finding(row) for row in rows)

    def needing(self, mode: RailMode, finding_id: FindingId) -> OpenFinding | None:
        """This finding, answered or not, if it is one of this mode that needs a person."""
        row = self._execute(
            f"SELECT {_COLUMNS} FROM findings f WHERE f.id = ? AND f.mode = ?"
            f" AND f.{NEEDS_A_PERSON}",
            (finding_id, mode.value),
        ).fetchone()
        return None if row is None else _open_finding(row)

    def answer(self, given: Answer) -> bool:
        """Write an answer down; False, and nothing changed, when there is one already."""
        done = self._execute(
            "INSERT INTO finding_answers (finding_id, staff_id, answer, at_ms)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (finding_id) DO NOTHING",
            (given.finding_id, given.staff_id, given.answer.value, given.at_ms),
        )
        return int(done.rowcount) == 1

    def answer_to(self, finding_id: FindingId) -> Answer | None:
        """What was answered to this finding, if anything was."""
        row = self._execute(
            "SELECT staff_id, answer, at_ms FROM finding_answers WHERE finding_id = ?",
            (finding_id,),
        ).fetchone()
        if row is None:
            return None
        return Answer(
            finding_id=finding_id,
            staff_id=StaffId(row[0]),
            answer=FindingAnswer(row[1]),
            at_ms=row[2],
        )


def count_open_findings(connection: Connection, mode: RailMode) -> int:
    """How many findings wait for a person, counted up to `OPEN_COUNTED_MAX`."""
    return int(connection.execute(OPEN_COUNT_SQL, (mode.value,)).fetchone()[0])


def _open_finding(row: tuple[int, str, str | None, str, int, str, int]) -> OpenFinding:
    finding = Finding(
        kind=FindingKind(row[1]),
        sale_id=None if row[2] is None else SaleId(row[2]),
        remote_id=row[3],
        amount_minor=row[4],
        currency=row[5],
        at_ms=row[6],
    )
    return OpenFinding(finding_id=FindingId(row[0]), finding=finding)
