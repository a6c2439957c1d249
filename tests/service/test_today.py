"""The day's figures: from midnight where the event is, of one mode, by tender and currency."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.errors import NoEvent
from kiosk.service.prepare import load_event
from kiosk.service.sell import record_sale
from kiosk.service.today import day_figures
from tests.service.world import EVENTS, World


def at(world: World, zone: str, *moment: int) -> None:
    """Turn the clock to this wall time there."""
    instant = datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]
    world.clock.at_ms = int(instant.timestamp() * 1000)


def sell(world: World, code: str, tender: TenderKind = TenderKind.CASH, who: str = "m") -> None:
    record_sale(world.desk, world.draft(code, tender=tender, email=f"{who}@example.org"))


def test_a_day_without_sales_is_all_zero(world: World) -> None:
    figures = day_figures(world.desk)
    assert (figures.sales, figures.takings_minor, figures.by_tender_minor) == (0, {}, {})
    assert (figures.provisional_minor, figures.limit_minor) == (0, 100_000)
    assert figures.currency == "eur"


def test_sales_are_counted_by_currency_and_tender(world: World) -> None:
    sell(world, "spice-jar")
    sell(world, "apron")
    sell(world, "apron", TenderKind.SCAN_TO_PAY)
    sell(world, "weekly", TenderKind.PAY_LATER)
    figures = day_figures(world.desk)
    assert figures.sales == 4
    assert figures.takings_minor == {"eur": 750 + 3900 + 3900 + 490}
    assert figures.by_tender_minor == {
        (TenderKind.CASH, "eur"): 4650,
        (TenderKind.SCAN_TO_PAY, "eur"): 3900,
        (TenderKind.PAY_LATER, "eur"): 490,
    }
    assert figures.provisional_minor == 3900 + 490
    assert (figures.counts.waiting, figures.counts.watching) == (3, 2)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_the_day_begins_at_midnight_in_the_zone_of_the_event(
    make_world: Callable[..., World], zone: str
) -> None:
    world = make_world()
    at(world, zone, 2026, 11, 21, 12, 0)
    source = (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")
    load_event(world.desk, source.replace("Europe/Berlin", zone), "club")
    at(world, zone, 2026, 11, 21, 23, 59, 59)
    sell(world, "spice-jar")
    assert day_figures(world.desk).sales == 1
    at(world, zone, 2026, 11, 22, 0, 0, 0)
    assert day_figures(world.desk).sales == 0
    sell(world, "apron")
    at(world, zone, 2026, 11, 22, 23, 59, 59)
    figures = day_figures(world.desk)
    assert (figures.sales, figures.takings_minor) == (1, {"eur": 3900})


def test_a_day_of_twenty_five_hours_is_one_day(make_world: Callable[..., World]) -> None:
    world = make_world()
    at(world, "Europe/Berlin", 2026, 10, 25, 0, 30)  # the clocks go back at three
    world.load("recipe-club.toml")
    sell(world, "spice-jar")
    at(world, "Europe/Berlin", 2026, 10, 25, 23, 45)
    assert day_figures(world.desk).sales == 1


def test_what_is_given_on_trust_does_not_end_at_midnight(world: World) -> None:
    sell(world, "apron", TenderKind.PAY_LATER)
    world.clock.at_ms += 26 * 3_600_000
    figures = day_figures(world.desk)
    assert (figures.sales, figures.provisional_minor) == (0, 3900)


def test_trust_ends_when_the_money_came(world: World) -> None:
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY)).sale
    finding = Finding(
        kind=FindingKind.PAID_EXACTLY,
        sale_id=sale.sale_id,
        remote_id="cs_1",
        amount_minor=3900,
        currency="eur",
        at_ms=world.clock.at_ms,
    )
    with world.desk.buffer.writing() as uow:
        uow.sales.record_finding(finding, world.mode)
    figures = day_figures(world.desk)
    assert (figures.provisional_minor, figures.takings_minor) == (0, {"eur": 3900})


def test_practice_is_no_part_of_a_live_day(world: World) -> None:
    sell(world, "apron", TenderKind.PAY_LATER)
    world.mode = RailMode.LIVE
    world.reopen()
    figures = day_figures(world.desk)
    assert (figures.sales, figures.provisional_minor, figures.counts.waiting) == (0, 0, 0)


def test_a_day_of_two_currencies_never_adds_them_up(world: World) -> None:
    sell(world, "spice-jar")
    world.load("craft-show.toml")
    sell(world, "four-lessons")
    figures = day_figures(world.desk)
    assert set(figures.takings_minor) == {"eur", "jpy"}
    assert figures.takings_minor["eur"] == 750
    assert figures.currency == "jpy"


def test_trust_in_one_currency_is_no_trust_in_another(world: World) -> None:
    """3,900 cents and 2,400 yen would pass a limit of 6,000, were they added up."""
    sell(world, "apron", TenderKind.PAY_LATER)
    source = (EVENTS / "craft-show.toml").read_text(encoding="utf-8")
    limit = re.sub(r"per_device_minor = \d+", "per_device_minor = 6000", source)
    assert limit != source
    load_event(world.desk, limit, "craft")
    assert day_figures(world.desk).provisional_minor == 0
    sell(world, "four-lessons", TenderKind.PAY_LATER)
    assert day_figures(world.desk).provisional_minor == 2400


def test_without_an_event_there_is_no_day(make_world: Callable[..., World]) -> None:
    with pytest.raises(NoEvent):
        day_figures(make_world().desk)
