"""Every sale with what became of it, for the export of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.people import Member
from kiosk.domain.sale import Sale
from kiosk.service.desk import Desk
from kiosk.service.sell.shown import RecordedSale, read_back


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecord:
    """A sale with the state of its money, and who bought. `member` None: erased since.

    Name and address are those given at the sale: who shares an address may have another name.
    """

    recorded: RecordedSale
    member: Member | None


def sale_records(desk: Desk) -> Iterator[SaleRecord]:
    """Every sale in the order of its commit, one in memory at a time, from one snapshot."""
    with desk.buffer.reading() as uow:
        for sale in uow.sales.each():
            yield SaleRecord(
                recorded=read_back(desk, uow, sale),
                member=_buyer(uow, sale),
            )


def _buyer(uow: UnitOfWork, sale: Sale) -> Member | None:
    person = uow.outbox.of_sale(sale.sale_id)[0].person
    if person is None:
        return None
    return Member(
        member_id=sale.member_id,
        name=person["name"],
        email=person["email"],
        language=sale.language,
    )
