"""What wants a person: the outbox as staff read it, and the findings nobody can settle alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.findings import Answer
from kiosk.buffer.journal import JournalLine
from kiosk.domain.ids import EntryId, FindingId, SaleId, StaffId
from kiosk.domain.outbox import EntryState, ListedEntry, QueueCounts
from kiosk.domain.settlement import FindingAnswer, OpenFinding
from kiosk.errors import FindingUnknown, NotPermitted
from kiosk.service.desk import Desk

PAGE_ENTRIES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """One page of the outbox, newest first, and the counts of all of it.

    `findings` are the newest open ones, whatever the page; `receipt_numbers` names their sales.
    """

    counts: QueueCounts
    entries: tuple[ListedEntry, ...]
    findings: tuple[OpenFinding, ...]
    receipt_numbers: Mapping[SaleId, str]


def outbox_page(desk: Desk, state: EntryState | None, offset: int) -> OutboxPage:
    """Entries in this state (None: all of them) from `offset` on."""
    with desk.buffer.reading() as uow:
        findings = uow.findings.open(desk.mode, PAGE_ENTRIES)
        about = {found.finding.sale_id for found in findings}
        sales = [uow.sales.get(sale_id) for sale_id in about if sale_id is not None]
        return OutboxPage(
            counts=uow.outbox.counts(desk.mode),
            entries=uow.outbox.listed(desk.mode, state, PAGE_ENTRIES, offset),
            findings=findings,
            receipt_numbers={sale.sale_id: sale.receipt_number for sale in sales if sale},
        )


def retry_entry(desk: Desk, entry_id: EntryId, staff_id: StaffId) -> None:
    """Send a parked entry on its way again; it looks before it creates anything."""
    with desk.buffer.writing() as uow:
        if uow.staff.get(staff_id) is None:
            raise NotPermitted(action="retry")
        now_ms = desk.time(uow).best_ms
        # Due by the machine's own clock, which is what the engine goes by.
        if uow.outbox.retry(entry_id, desk.clock.now_ms()):
            line = JournalLine(
                kind="entry.retried",
                entity_id=entry_id,
                member_id=None,
                payload={"staff": staff_id},
                personal=None,
            )
            uow.journal.append(line, now_ms)


def answer_finding(desk: Desk, finding_id: FindingId, staff_id: StaffId) -> None:
    """Staff have seen to what was found. A second answer changes nothing.

    What they did about it (money asked for or paid back) is theirs to do, at Stripe or by hand.

    Raises NotPermitted (nobody of the staff) and FindingUnknown (not one of this mode that needs
    a person).
    """
    with desk.buffer.writing() as uow:
        if uow.staff.get(staff_id) is None:
            raise NotPermitted(action="answer")
        found = uow.findings.needing(desk.mode, finding_id)
        if found is None:
            raise FindingUnknown(finding=finding_id)
        now_ms = desk.time(uow).best_ms
        done = FindingAnswer.DONE
        given = Answer(finding_id=finding_id, staff_id=staff_id, answer=done, at_ms=now_ms)
        if uow.findings.answer(given):
            line = JournalLine(
                kind="finding.answered",
                entity_id=str(finding_id),
                payload={
                    "answer": done.value,
                    "kind": found.finding.kind.value,
                    "sale": found.finding.sale_id,
                    "staff": staff_id,
                },
            )
            uow.journal.append(line, now_ms)
