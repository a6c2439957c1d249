"""What wants a person: the outbox as staff read it, and the findings nobody can settle alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.journal import JournalLine
from kiosk.domain.ids import EntryId, SaleId, StaffId
from kiosk.domain.outbox import EntryState, ListedEntry, QueueCounts
from kiosk.domain.settlement import NEEDS_ATTENTION, Finding
from kiosk.errors import NotPermitted
from kiosk.service.desk import Desk

PAGE_ENTRIES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """One page of the outbox, newest first, and the counts of all of it.

    `receipt_numbers` names the sales that the findings are about.
    """

    counts: QueueCounts
    entries: tuple[ListedEntry, ...]
    findings: tuple[Finding, ...]
    receipt_numbers: Mapping[SaleId, str]


def outbox_page(desk: Desk, state: EntryState | None, offset: int) -> OutboxPage:
    """Entries in this state (None: all of them) from `offset` on."""
    with desk.buffer.reading() as uow:
        findings = uow.sales.newest_findings(desk.mode, NEEDS_ATTENTION, PAGE_ENTRIES)
        about = {finding.sale_id for finding in findings if finding.sale_id is not None}
        sales = [uow.sales.get(sale_id) for sale_id in about]
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
