"""Records what was found out: the fact, and the journal's line about it, once."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.buffer.journal import JournalLine
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Finding


def recording(finding: Finding, mode: RailMode) -> Callable[[UnitOfWork], None]:
    """The same as work for a transaction that is still to come."""

    def work(uow: UnitOfWork) -> None:
        record_finding(uow, finding, mode)

    return work


def record_finding(uow: UnitOfWork, finding: Finding, mode: RailMode) -> bool:
    """False when it was recorded before. Call it inside the transaction that acts on it."""
    if not uow.sales.record_finding(finding, mode):
        return False
    uow.journal.append(
        JournalLine(
            kind="finding.recorded",
            entity_id=finding.sale_id or finding.remote_id,
            member_id=None,
            payload={
                "kind": finding.kind,
                "remote_id": finding.remote_id,
                "amount_minor": finding.amount_minor,
                "currency": finding.currency,
                "mode": mode,
            },
            personal=None,
        ),
        finding.at_ms,
    )
    return True
