"""Every sale with what became of it, for the export of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.domain.people import Member
from kiosk.service.desk import Desk
from kiosk.service.sell.shown import RecordedSale, read_back


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecord:
    """A sale with the state of its money, and who bought. `member` None: erased since."""

    recorded: RecordedSale
    member: Member | None


def sale_records(desk: Desk) -> Iterator[SaleRecord]:
    """Every sale in the order of its commit, one in memory at a time, from one snapshot."""
    with desk.buffer.reading() as uow:
        for sale in uow.sales.each():
            yield SaleRecord(
                recorded=read_back(desk, uow, sale), member=uow.people.member(sale.member_id)
            )
