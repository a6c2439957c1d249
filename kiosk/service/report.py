"""Reporting: the journal as it can be handed on, its chain, and the figures of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.outbox import Topic
from kiosk.domain.people import Member
from kiosk.domain.sale import IssuedPass, Sale
from kiosk.domain.settlement import Settlement, settlement_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecord:
    """A sale with what became of it. `member` None: erased since."""

    sale: Sale
    passes: tuple[IssuedPass, ...]
    member: Member | None
    settlement: Settlement


def sale_records(buffer: Buffer) -> Iterator[SaleRecord]:
    """Every sale in the order of their receipts, one at a time."""
    with buffer.reading() as uow:
        for sale in uow.sales.each():
            yield SaleRecord(
                sale=sale,
                passes=uow.passes.of_sale(sale.sale_id),
                member=uow.people.member(sale.member_id),
                settlement=settlement(uow, sale),
            )


def settlement(uow: UnitOfWork, sale: Sale) -> Settlement:
    """The state of a sale's money by everything found so far."""
    watches = sum(entry.topic is Topic.WATCH for entry in uow.outbox.of_sale(sale.sale_id))
    kinds = [finding.kind for finding in uow.sales.findings(sale.sale_id)]
    return settlement_of(kinds, money_in_hand=sale.tenders[0].kind.settles_at_once, watches=watches)
