"""Offers: cards, the sheet of one of them, and the cart beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.offer import QUANTITY_MAX, DropState
from kiosk.errors import KioskError, OfferUnknown, QuantityInvalid, StoreBusy, StoreFull
from kiosk.ui.cards import FEW_LEFT
from kiosk.ui.pages import Page
from kiosk.ui.shop_viewmodel import LOOK_AGAIN_MS
from kiosk.ui.text import problem_text
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def offers(walk: Walk) -> Any:
    walk.offers()
    return walk.model(Page.OFFERS)


def row(offers: Any, code: str) -> Any:
    return next(row for row in offers.cards.rows if row.code == code)


def see(kiosk: Stage, offers: Any, **changes: object) -> Any:
    """The drop's card, as if the till had it so."""
    window: Any = kiosk.shell.till.window
    cards = [replace(card, **changes) if card.code == "riso-40" else card for card in window.cards]
    kiosk.shell.till.look_at(replace(window, cards=tuple(cards)))
    offers.show_window()
    return row(offers, "riso-40")


def test_every_offer_of_the_event_has_a_card(offers: Any, kiosk: Stage) -> None:
    window = kiosk.run(lambda: kiosk.counter.shop_window("en"))
    assert [row.code for row in offers.cards.rows] == [card.code for card in window.cards]
    assert all(row.name and row.price and row.description for row in offers.cards.rows)


def test_adding_answers_at_once_and_sums_up(offers: Any) -> None:
    offers.add("sticker")
    offers.add("sticker")
    offers.add("tote")
    assert offers.pieces == 3
    assert [(line.code, line.quantity) for line in offers.cart.rows] == [
        ("sticker", 2), ("tote", 1),
    ]  # fmt: skip
    assert row(offers, "sticker").quantity == 2
    assert offers.total.startswith("£")


def test_taking_away_ends_at_nothing(offers: Any) -> None:
    offers.add("sticker")
    for _ in range(3):
        offers.less("sticker")
    assert (offers.pieces, offers.cart.rows, offers.total) == (0, (), "£0.00")


def test_what_is_not_sold_here_is_not_added(offers: Any) -> None:
    offers.add("no-such-thing")
    assert offers.pieces == 0


def test_nobody_adds_more_than_the_most(offers: Any) -> None:
    for _ in range(QUANTITY_MAX + 20):
        offers.add("sticker")
    assert row(offers, "sticker").quantity == QUANTITY_MAX
    assert not row(offers, "sticker").more
    assert not offers.cart.rows[0].more


@pytest.mark.parametrize("left", [1, 2, FEW_LEFT])
def test_few_are_counted_on_the_card(offers: Any, kiosk: Stage, left: int) -> None:
    assert see(kiosk, offers, left=left).note == f"{left} left"


def test_many_are_not_counted(offers: Any, kiosk: Stage) -> None:
    assert see(kiosk, offers, left=FEW_LEFT + 1).note == "Open now"


def test_nothing_left_is_sold_out_and_cannot_be_added(offers: Any, kiosk: Stage) -> None:
    card = see(kiosk, offers, left=0, drop_state=DropState.SOLD_OUT)
    assert (card.note, card.available, card.more, card.countdown) == ("Sold out", False, False, "")
    offers.add("riso-40")
    assert offers.pieces == 0


@pytest.mark.parametrize(
    ("state", "note", "available"),
    [(DropState.ANNOUNCED, "Opens soon", False), (DropState.CLOSED, "Closed", False),
     (DropState.OPEN, "Open now", True)],
)  # fmt: skip
def test_each_state_of_a_drop_is_told(
    offers: Any, kiosk: Stage, state: DropState, note: str, available: bool
) -> None:
    card = see(kiosk, offers, drop_state=state)
    assert (card.note, card.available) == (note, available)


def test_few_are_counted_in_german_too(offers: Any, kiosk: Stage) -> None:
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    assert see(kiosk, offers, left=3).note == "Noch 3"
    assert see(kiosk, offers, left=0, drop_state=DropState.SOLD_OUT).note == "Ausverkauft"


def test_no_more_of_a_drop_than_are_left(offers: Any, kiosk: Stage) -> None:
    see(kiosk, offers, left=2, per_member=None)
    for _ in range(4):
        offers.add("riso-40")
    assert offers.pieces == 2


def test_a_sheet_says_everything_about_its_offer(offers: Any) -> None:
    for card in offers.cards.rows:
        offers.open_sheet(card.code)
        assert offers.sheet == card.code
        said = (offers.sheet_name, offers.sheet_kind, offers.sheet_description,
                offers.sheet_price, offers.sheet_cadence, offers.sheet_times,
                offers.sheet_art, offers.sheet_more)  # fmt: skip
        assert said == (card.name, card.kind, card.description, card.price, card.cadence,
                        card.times, card.art, card.more)  # fmt: skip
        assert tuple(offers.sheet_benefits) == card.benefits
        offers.close_sheet()
    assert (offers.sheet, offers.sheet_name, offers.sheet_more) == ("", "", False)


def test_a_sheet_of_nothing_is_empty(offers: Any) -> None:
    offers.open_sheet("no-such-thing")
    assert (offers.sheet_name, offers.sheet_price, offers.sheet_benefits) == ("", "", [])


def test_an_open_sheet_is_closed_for_the_next_visitor(offers: Any, walk: Walk) -> None:
    offers.open_sheet("tote")
    walk.home()
    walk.offers()
    assert offers.sheet == ""


def test_an_empty_cart_leads_nowhere(offers: Any, kiosk: Stage) -> None:
    offers.go_on()
    kiosk.settle()
    assert kiosk.on(Page.OFFERS)
    assert not offers.problem


def test_three_touches_on_continue_ask_for_one_price(offers: Any, kiosk: Stage) -> None:
    offers.add("tote")
    with kiosk.failing() as faulty:
        for _ in range(3):
            offers.go_on()
        assert offers.busy
        kiosk.settle()
    assert faulty.calls.count("price") == 1
    assert kiosk.on(Page.DETAILS)


@pytest.mark.parametrize("leaf", [OfferUnknown, QuantityInvalid, StoreBusy, StoreFull])
def test_a_price_that_cannot_be_had_says_why_and_looks_again(
    offers: Any, kiosk: Stage, leaf: type[KioskError]
) -> None:
    offers.add("tote")
    with kiosk.failing(price=leaf()) as faulty:
        offers.go_on()
        kiosk.settle()
    assert kiosk.on(Page.OFFERS)
    assert offers.problem == problem_text(leaf())
    assert "shop_window" in faulty.calls
    assert offers.pieces == 1


def test_starting_over_empties_the_cart(offers: Any, kiosk: Stage) -> None:
    offers.add("tote")
    offers.leave_shop()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)
    assert offers.pieces == 0
    assert offers.cart.rows == ()


def test_an_answer_that_comes_after_the_visit_turns_no_page(offers: Any, kiosk: Stage) -> None:
    offers.add("tote")
    with kiosk.slow():
        offers.go_on()
        offers.leave_shop()
    assert kiosk.on(Page.ATTRACT)
    assert kiosk.shell.till.visit.priced is None
    assert not offers.busy


def test_the_window_is_looked_at_again_now_and_then(offers: Any, kiosk: Stage) -> None:
    with kiosk.failing() as faulty:
        offers.tick()
        kiosk.settle()
        assert faulty.calls == []
        kiosk.clock.forward(LOOK_AGAIN_MS / 1000)
        offers.tick()
        kiosk.settle()
    assert faulty.calls == ["shop_window"]


def test_a_file_that_is_busy_for_a_look_disturbs_nobody(offers: Any, kiosk: Stage) -> None:
    with kiosk.failing(shop_window=StoreBusy()):
        offers.look()
        kiosk.settle()
    assert offers.problem == ""
    assert offers.cards.rows


def test_nothing_ticks_on_a_page_that_is_not_shown(offers: Any, walk: Walk) -> None:
    assert offers._timer.isActive()
    walk.home()
    assert not offers._timer.isActive()


def test_another_language_says_cards_and_cart_again(offers: Any, kiosk: Stage) -> None:
    offers.add("tote")
    english = row(offers, "tote"), offers.cart.rows[0]
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    german = row(offers, "tote"), offers.cart.rows[0]
    assert german[0].name != english[0].name
    assert german[1].name == german[0].name
    assert offers.total.endswith("£")
