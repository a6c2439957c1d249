"""Every sale with what became of it, for the export of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from kiosk.buffer.sales import LAST_SEQ
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import SaleId
from kiosk.domain.people import Member
from kiosk.domain.sale import Sale
from kiosk.errors import StoreCorrupt
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


def readable_records(desk: Desk) -> Iterator[SaleRecord | None]:
    """The same of a file that may be damaged: None for each sale that cannot be read.

    Where a page does not read, the rest is read sale by sale. Raises StoreCorrupt when not even how
    many sales there are can be read.
    """
    told: set[SaleId] = set()
    try:
        for record in sale_records(desk):
            told.add(record.recorded.sale.sale_id)
            yield record
    except StoreCorrupt:
        desk.buffer.read_anew()
        yield from _one_by_one(desk, told)


def _one_by_one(desk: Desk, told: set[SaleId]) -> Iterator[SaleRecord | None]:
    for seq in range(1, _last_seq(desk) + 1):
        try:
            record = _record_at(desk, seq)
        except StoreCorrupt:
            desk.buffer.read_anew()
            yield None
            continue
        if record is not None and record.recorded.sale.sale_id not in told:
            yield record


def _record_at(desk: Desk, seq: int) -> SaleRecord | None:
    with desk.buffer.reading() as uow:
        sale = uow.sales.at(seq)
        if sale is None:
            return None
        return SaleRecord(recorded=read_back(desk, uow, sale), member=_buyer(uow, sale))


def _last_seq(desk: Desk) -> int:
    """How far the sales go, by whatever still tells."""
    found: list[int] = []
    for source in range(len(LAST_SEQ)):
        desk.buffer.read_anew()
        with suppress(StoreCorrupt), desk.buffer.reading() as uow:
            found.append(uow.sales.last_seq(source))
    desk.buffer.read_anew()
    if not found:
        raise StoreCorrupt(check="sales")
    return max(found)


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
