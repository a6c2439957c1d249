"""What a card says of its offer, as the shop window of a real event has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.ui.cards import CardRow, Sight, card_rows, cart_rows, cart_total_minor
from kiosk.ui.services import ShopWindow
from kiosk.ui.visit import Visit
from tests.ui.stage import Stage


@pytest.fixture
def look(make_stage: Callable[..., Stage]) -> Callable[[str, str], tuple[Stage, ShopWindow]]:
    def open_event(event: str, language: str = "en") -> tuple[Stage, ShopWindow]:
        stage = make_stage(event=event, pin=None)
        return stage, stage.run(lambda: stage.counter.shop_window(language))

    return open_event


def rows_of(
    stage: Stage, window: ShopWindow, visit: Visit, language: str = "en"
) -> dict[str, CardRow]:
    sight = Sight(now_ms=stage.clock.at_ms, language=language)
    return {row.code: row for row in card_rows(window, visit, sight)}


def test_a_membership_says_how_often_or_how_long(
    look: Callable[..., tuple[Stage, ShopWindow]],
) -> None:
    stage, window = look("recipe-club.toml")
    said = [row.cadence for row in rows_of(stage, window, Visit()).values() if row.cadence]
    assert said == ["a week", "for 4 weeks"]


def test_a_limit_per_member_stops_the_card(look: Callable[..., tuple[Stage, ShopWindow]]) -> None:
    stage, window = look("zine-fair.toml")
    visit = Visit()
    assert rows_of(stage, window, visit)["riso-40"].more
    visit.change("riso-40", 1)
    row = rows_of(stage, window, visit)["riso-40"]
    assert (row.available, row.more, row.quantity) == (True, False, 1)


def test_the_cart_adds_up_to_what_the_till_will_ask(
    look: Callable[..., tuple[Stage, ShopWindow]],
) -> None:
    stage, window = look("zine-fair.toml")
    visit = Visit()
    for code in ("riso-40", "zine-small", "zine-small", "tote"):
        visit.change(code, 1)
    cart = stage.run(lambda: stage.counter.price(visit.lines, "en"))
    assert cart_total_minor(window, visit) == cart.total_minor
    assert [row.quantity for row in cart_rows(window, visit, "en")] == [1, 2, 1]


def test_a_currency_without_cents_shows_none(look: Callable[..., tuple[Stage, ShopWindow]]) -> None:
    stage, window = look("craft-show.toml")
    assert all("." not in row.price for row in rows_of(stage, window, Visit()).values())


def test_an_offer_that_left_the_event_leaves_the_cart(
    look: Callable[..., tuple[Stage, ShopWindow]],
) -> None:
    _, window = look("zine-fair.toml")
    visit = Visit()
    visit.change("gone", 3)
    assert cart_rows(window, visit, "en") == ()
    assert cart_total_minor(window, visit) == 0


def test_a_sold_out_drop_says_so_and_can_still_be_read(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(event="zine-fair.toml", pin=None)
    for number in range(40):
        stage.sell("riso-40", email=f"m{number}@example.org")
    window = stage.run(lambda: stage.counter.shop_window("en"))
    row = rows_of(stage, window, Visit())["riso-40"]
    assert (row.note, row.available, row.countdown) == ("Sold out", False, "")
