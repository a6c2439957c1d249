"""The day so far: what staff see first when they come to the back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.moments import parse_moment
from kiosk.domain.outbox import QueueCounts
from kiosk.domain.tender import TenderKind
from kiosk.service.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Sales since midnight in the event's time zone. Amounts in minor units.

    `takings_minor` by currency; `provisional_minor` is what is given on trust now
    in the event's currency, whenever sold.
    """

    sales: int
    takings_minor: Mapping[str, int]
    by_tender_minor: Mapping[tuple[TenderKind, str], int]
    provisional_minor: int
    limit_minor: int | None
    currency: str
    counts: QueueCounts


def day_figures(desk: Desk) -> DayFigures:
    """The figures of the current mode. Raises NoEvent."""
    with desk.buffer.reading() as uow:
        snapshot, time = desk.snapshot(uow), desk.time(uow)
        midnight_ms = parse_moment("+0d 00:00", time.best_ms, snapshot.event.time_zone)
        totals = uow.sales.today(desk.mode, midnight_ms)
        return DayFigures(
            sales=totals.count,
            takings_minor=totals.by_currency,
            by_tender_minor=totals.by_tender,
            provisional_minor=uow.sales.provisional_minor(desk.mode, snapshot.event.currency),
            limit_minor=snapshot.limits.per_device_minor,
            currency=snapshot.event.currency,
            counts=uow.outbox.counts(desk.mode),
        )
