"""Parked carts: the number, the cash, the pass; and what happens when the sum is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kiosk.domain.sale import CashTaken
from kiosk.errors import (
    CartChanged,
    NotPermitted,
    ParkedCartUnknown,
    SoldOut,
    StoreBusy,
    StoreFull,
    StoreUnsure,
)
from kiosk.service.prepare import load_event
from kiosk.ui.cash_count import GIVEN_MAX_MINOR
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from tests.ui.stage import EVENTS, Stage
from tests.ui.walk import Walk


@pytest.fixture
def carts(walk: Walk, kiosk: Stage) -> Any:
    """The page with one cart more than before, which is the newest."""
    walk.parked_number()
    walk.staff(Page.PARKED_CARTS)
    return walk.model(Page.PARKED_CARTS)


def newest(carts: Any) -> int:
    return int(carts.carts.rows[-1].number)


def sales(kiosk: Stage) -> int:
    return kiosk.run(kiosk.counter.today).sales


def test_a_cart_shows_who_what_how_much_and_since_when(carts: Any, kiosk: Stage) -> None:
    row = carts.carts.rows[-1]
    assert row.name == "Amélie Nguyễn"
    assert row.total == "£23.00"
    assert row.age == "just now"
    assert row.lines.count("1 \N{MULTIPLICATION SIGN} ") == 2


def test_nothing_is_picked_and_nothing_can_be_taken_at_first(carts: Any, kiosk: Stage) -> None:
    assert (carts.picked, carts.total, carts.given, carts.enough) == ("", "", "", False)
    before = sales(kiosk)
    carts.take_cash()
    kiosk.settle()
    assert sales(kiosk) == before


def test_a_number_nobody_has_is_not_picked(carts: Any) -> None:
    carts.pick(998)
    assert carts.picked == ""


def test_too_little_takes_no_cash_and_says_how_much_is_missing(carts: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    carts.pick(newest(carts))
    for digit in (2, 0, 0, 0):
        carts.digit(digit)
    assert (carts.given, carts.short_by, carts.enough) == ("£20.00", "£3.00", False)
    carts.take_cash()
    kiosk.settle()
    assert kiosk.on(Page.PARKED_CARTS)
    assert sales(kiosk) == before


def test_the_wrong_sum_is_taken_back_and_the_right_one_completes(carts: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    carts.pick(newest(carts))
    carts.give(230)
    assert not carts.enough
    carts.backspace()
    assert carts.given == "£0.23"
    carts.give(carts.notes.rows[0].minor)
    for _ in range(3):
        carts.take_cash()
    assert carts.busy
    kiosk.settle()
    assert kiosk.on(Page.PASS)
    assert sales(kiosk) == before + 1


def test_change_is_counted_and_follows_to_the_pass(carts: Any, walk: Walk, kiosk: Stage) -> None:
    carts.pick(newest(carts))
    carts.give(5000)
    assert carts.change_due == "£27.00"
    carts.take_cash()
    kiosk.settle()
    assert walk.model(Page.PASS).change_due == "£27.00"


@pytest.mark.parametrize(("given", "kept"), [(-1, 0), (10**12, GIVEN_MAX_MINOR)])
def test_sums_have_bounds(carts: Any, given: int, kept: int) -> None:
    carts.pick(newest(carts))
    carts.give(given)
    assert carts._given_minor == kept


def test_another_number_starts_from_nought(carts: Any) -> None:
    carts.pick(newest(carts))
    carts.give(5000)
    carts.back()
    assert carts.picked == ""
    carts.pick(newest(carts))
    assert carts.given == "£0.00"


@pytest.mark.parametrize(
    "error",
    [SoldOut(offer="riso-40", left=0), ParkedCartUnknown(number=1), NotPermitted(action="cash"),
     StoreFull(), StoreBusy()],
    ids=lambda error: error.code,
)  # fmt: skip
def test_a_sale_that_is_refused_says_why_and_the_cart_still_waits(
    carts: Any, kiosk: Stage, error: Exception
) -> None:
    before, waiting = sales(kiosk), len(carts.carts.rows)
    carts.pick(newest(carts))
    carts.give(5000)
    with kiosk.failing(complete_parked=error):
        carts.take_cash()
        kiosk.settle()
    assert carts.problem == problem_text(error, carts._offer_names())
    assert len(carts.carts.rows) == waiting
    assert sales(kiosk) == before


def test_a_lost_answer_is_asked_for_again_and_is_the_same_sale(carts: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    carts.pick(newest(carts))
    carts.give(5000)
    number = carts.picked
    with kiosk.failing(complete_parked=StoreUnsure()):
        carts.take_cash()
        taken = CashTaken(
            number=int(number),
            sale_id=carts._picked.sale_id,
            shown_minor=2300,
            given_minor=5000,
            staff_id=kiosk.shell.till.staff.staff_id,
        )
        kiosk.run(lambda: kiosk.counter.complete_parked(taken))
        kiosk.settle()
        assert carts.problem == problem_text(StoreUnsure())
    assert carts.picked == number
    carts.take_cash()
    kiosk.settle()
    assert kiosk.on(Page.PASS)
    assert sales(kiosk) == before + 1


@contextmanager
def dearer(kiosk: Stage) -> Iterator[None]:
    """The event with a print that costs 50 pence more; the kiosk is shared, so only for a while."""
    file = EVENTS / "zine-fair.toml"
    source = file.read_text(encoding="utf-8")
    changed = source.replace("price_minor = 1400", "price_minor = 1450")
    kiosk.run(lambda: load_event(kiosk.desk, changed, file.name))
    try:
        yield
    finally:
        kiosk.run(lambda: load_event(kiosk.desk, source, file.name))


def test_a_new_price_is_shown_with_the_old_one_and_can_be_confirmed(
    carts: Any, walk: Walk, kiosk: Stage
) -> None:
    carts.pick(newest(carts))
    assert carts.agreed == ""
    carts.give(5000)
    with dearer(kiosk):
        carts.take_cash()
        kiosk.settle()
        assert carts.problem == problem_text(CartChanged())
        assert (carts.total, carts.agreed) == ("£23.50", "£23.00")
        carts.take_cash()
        kiosk.settle()
    assert kiosk.on(Page.PASS)
    assert walk.model(Page.PASS).change_due == "£26.50"


def test_while_it_is_recorded_there_is_no_way_back_and_no_forgetting(
    carts: Any, kiosk: Stage
) -> None:
    number = newest(carts)
    carts.pick(number)
    carts.give(5000)
    with kiosk.slow():
        carts.take_cash()
        carts.back()
        assert carts.picked == str(number)
        carts.drop(number)
    assert kiosk.on(Page.PASS)


def test_a_forgotten_cart_is_gone_with_its_name(carts: Any, kiosk: Stage) -> None:
    number, waiting = newest(carts), len(carts.carts.rows)
    carts.drop(number)
    kiosk.settle()
    assert len(carts.carts.rows) == waiting - 1
    assert number not in {cart.number for cart in kiosk.run(kiosk.counter.parked_carts)}


def test_a_cart_that_cannot_be_forgotten_says_why(carts: Any, kiosk: Stage) -> None:
    with kiosk.failing(drop_parked=StoreBusy()):
        carts.drop(newest(carts))
        kiosk.settle()
    assert carts.problem == problem_text(StoreBusy())


def test_nobody_signed_in_takes_or_forgets_nothing(carts: Any, kiosk: Stage) -> None:
    number, before = newest(carts), sales(kiosk)
    carts.pick(number)
    carts.give(5000)
    kiosk.shell.till.staff = None
    carts.take_cash()
    carts.drop(number)
    kiosk.settle()
    assert sales(kiosk) == before
    assert number in {cart.number for cart in kiosk.run(kiosk.counter.parked_carts)}


def test_sums_are_said_again_in_another_language(carts: Any, kiosk: Stage) -> None:
    carts.pick(newest(carts))
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    assert carts.total == "23,00\N{NO-BREAK SPACE}£"
    assert carts.notes.rows[0].label == carts.total
    assert carts.carts.rows[-1].age == "gerade eben"


def test_coming_back_to_the_page_has_forgotten_what_was_picked(carts: Any, kiosk: Stage) -> None:
    carts.pick(newest(carts))
    carts.give(5000)
    kiosk.shell.go(Page.TODAY)
    kiosk.shell.go(Page.PARKED_CARTS)
    assert (carts.picked, carts.enough) == ("", False)
    assert not carts.none
