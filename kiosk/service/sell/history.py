"""Every sale with what became of it, for the export of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.outbox import Topic
from kiosk.domain.people import Member
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import Settlement, settlement_of
from kiosk.service.desk import Desk
from kiosk.service.sell.shown import RecordedSale, read_back


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecord:
    """A sale as it was shown, who bought, and the state of its money. `member` None: erased."""

    recorded: RecordedSale
    member: Member | None
    settlement: Settlement


def sale_records(desk: Desk) -> Iterator[SaleRecord]:
    """Every sale in the order of its commit, one in memory at a time, from one snapshot."""
    with desk.buffer.reading() as uow:
        for sale in uow.sales.each():
            yield SaleRecord(
                recorded=read_back(desk, uow, sale),
                member=uow.people.member(sale.member_id),
                settlement=settlement_in(uow, sale),
            )


def settlement_in(uow: UnitOfWork, sale: Sale) -> Settlement:
    """The state of a sale's money by everything found so far."""
    watches = sum(entry.topic is Topic.WATCH for entry in uow.outbox.of_sale(sale.sale_id))
    return settlement_of(
        [finding.kind for finding in uow.sales.findings(sale.sale_id)],
        money_in_hand=sale.tenders[0].kind.settles_at_once,
        watches=watches,
    )
