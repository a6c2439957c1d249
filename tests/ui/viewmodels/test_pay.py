"""Pay: the ways that work, the cash drawer, and a sale that is the same however often one taps."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import (
    CartChanged,
    ConsentMissing,
    ExposureExceeded,
    KioskError,
    MemberLimitReached,
    OfferNotOnSale,
    OfferUnknown,
    RuleError,
    SoldOut,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnsure,
    TenderNotAvailable,
    UnderTendered,
    leaves,
)
from kiosk.ui.cash_count import GIVEN_MAX_MINOR
from kiosk.ui.pages import Page
from kiosk.ui.services import SELF_SERVICE
from kiosk.ui.text import problem_text
from tests.ui.stage import Stage
from tests.ui.walk import Walk

REFUSALS = [
    leaf for leaf in leaves()
    if leaf.__module__.startswith("kiosk.errors.") and issubclass(leaf, RuleError | StoreError)
]  # fmt: skip


@pytest.fixture
def pay(walk: Walk) -> Any:
    walk.pay()
    return walk.model(Page.PAY)


def sales(kiosk: Stage) -> int:
    return kiosk.run(kiosk.counter.today).sales


def test_the_ways_to_pay_are_named_and_explained(pay: Any) -> None:
    rows = {row.kind: row for row in pay.choices.rows}
    assert list(rows) == ["cash", "scan-to-pay", "pay-later"]
    assert all(row.available and row.name and row.hint for row in rows.values())


def test_the_total_is_what_the_till_decided(pay: Any, kiosk: Stage) -> None:
    lines = kiosk.shell.till.visit.lines
    cart = kiosk.run(lambda: kiosk.counter.price(lines, "en"))
    assert cart.total_minor == 2300
    assert pay.total == "£23.00"


def test_a_visitor_alone_is_told_what_cash_means_here(walk: Walk) -> None:
    walk.pay()
    beside = walk.model(Page.PAY).choices.rows[0].hint
    walk.pay(assisted=False)
    alone = walk.model(Page.PAY).choices.rows[0].hint
    assert "counter" in alone
    assert beside != alone


def test_cash_opens_the_drawer_and_back_closes_it(pay: Any, kiosk: Stage) -> None:
    pay.take("cash")
    assert pay.cash
    pay.back()
    assert not pay.cash
    assert kiosk.on(Page.PAY)
    pay.back()
    assert kiosk.on(Page.DETAILS)


def test_digits_make_a_sum_and_backspace_takes_the_last_away(pay: Any) -> None:
    pay.take("cash")
    for digit in (2, 5, 0, 0):
        pay.digit(digit)
    assert (pay.given, pay.change_due, pay.enough) == ("£25.00", "£2.00", True)
    pay.backspace()
    assert (pay.given, pay.short_by, pay.enough) == ("£2.50", "£20.50", False)
    assert pay.change_due == "£0.00"


def test_the_exact_sum_is_enough_and_leaves_no_change(pay: Any) -> None:
    pay.take("cash")
    exact = pay.notes.rows[0]
    assert exact.exact
    pay.give(exact.minor)
    assert (pay.enough, pay.change_due, pay.short_by) == (True, "£0.00", "£0.00")


@pytest.mark.parametrize(("given", "kept"), [(-5, 0), (GIVEN_MAX_MINOR + 1, GIVEN_MAX_MINOR)])
def test_no_sum_is_below_nought_or_beyond_the_drawer(pay: Any, given: int, kept: int) -> None:
    pay.give(given)
    assert pay._given_minor == kept


def test_a_thousand_digits_are_no_more_than_the_largest_sum(pay: Any) -> None:
    for _ in range(1000):
        pay.digit(9)
    assert pay._given_minor == GIVEN_MAX_MINOR


def test_too_little_cash_makes_no_sale(pay: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    pay.take("cash")
    pay.give(2299)
    pay.take_cash()
    kiosk.settle()
    assert kiosk.on(Page.PAY)
    assert sales(kiosk) == before


def test_three_quick_touches_on_the_cash_button_are_one_sale(pay: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    pay.take("cash")
    pay.give(3000)
    for _ in range(3):
        pay.take_cash()
    assert pay.busy
    kiosk.settle()
    assert not pay.busy
    assert kiosk.on(Page.PASS)
    assert sales(kiosk) == before + 1


def test_another_way_cannot_be_taken_while_one_is_under_way(pay: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    with kiosk.slow():
        pay.take("pay-later")
        pay.take("scan-to-pay")
        pay.take("cash")
        assert pay.busy
        assert not pay.cash
    assert kiosk.on(Page.PASS)
    assert sales(kiosk) == before + 1


def test_there_is_no_way_back_while_the_sale_is_recorded(pay: Any, kiosk: Stage) -> None:
    with kiosk.slow():
        pay.take("pay-later")
        pay.back()
        assert kiosk.on(Page.PAY)
    assert kiosk.on(Page.PASS)


def test_a_way_that_is_not_offered_is_not_taken(pay: Any, kiosk: Stage) -> None:
    before = sales(kiosk)
    pay._choices.show(())
    pay.take("pay-later")
    kiosk.settle()
    assert kiosk.on(Page.PAY)
    assert sales(kiosk) == before


def test_a_name_that_is_no_tender_is_a_fault_of_ours(pay: Any) -> None:
    with pytest.raises(ValueError, match="barter"):
        pay.take("barter")


@pytest.mark.parametrize("leaf", REFUSALS, ids=lambda leaf: leaf.code)
def test_each_refusal_of_a_sale_is_its_sentence_and_nothing_is_sold(
    pay: Any, kiosk: Stage, leaf: type[KioskError]
) -> None:
    before, recorded = sales(kiosk), kiosk.recorded
    with kiosk.failing(complete_sale=leaf()):
        pay.take("pay-later")
        kiosk.settle()
    assert kiosk.on(Page.PAY)
    assert pay.problem == problem_text(leaf())
    assert not pay.busy
    assert (sales(kiosk), kiosk.recorded) == (before, recorded)


@pytest.mark.parametrize("leaf", [StoreFull, StoreBusy, StoreUnsure, ExposureExceeded])
def test_after_a_refusal_nothing_is_lost_and_the_next_touch_is_the_same_sale(
    pay: Any, kiosk: Stage, leaf: type[KioskError]
) -> None:
    visit = kiosk.shell.till.visit
    sale_id, lines, name = visit.sale_id, visit.lines, visit.name
    with kiosk.failing(complete_sale=leaf()):
        pay.take("pay-later")
        kiosk.settle()
    assert (visit.sale_id, visit.lines, visit.name) == (sale_id, lines, name)
    pay.take("pay-later")
    kiosk.settle()
    assert kiosk.on(Page.PASS)
    assert visit.completed is not None
    assert visit.completed.sale.sale_id == sale_id


@pytest.mark.parametrize("leaf", [CartChanged, SoldOut, OfferNotOnSale, OfferUnknown])
def test_a_cart_that_is_not_what_it_was_is_priced_again_under_a_new_id(
    pay: Any, kiosk: Stage, leaf: type[KioskError]
) -> None:
    visit = kiosk.shell.till.visit
    before = visit.sale_id
    error = leaf(offer="riso-40", left=1)
    with kiosk.failing(complete_sale=error) as faulty:
        pay.take("pay-later")
        kiosk.settle()
        assert faulty.calls.count("price") == 1
    assert visit.sale_id not in {None, before}
    assert pay.problem == problem_text(error, pay._offer_names())


@pytest.mark.parametrize(
    "leaf", [UnderTendered, ConsentMissing, MemberLimitReached, TenderNotAvailable]
)
def test_a_problem_goes_when_the_page_is_left(
    pay: Any, walk: Walk, kiosk: Stage, leaf: type[KioskError]
) -> None:
    with kiosk.failing(complete_sale=leaf()):
        pay.take("pay-later")
        kiosk.settle()
    assert pay.problem
    pay.back()
    walk.model(Page.DETAILS).go_on()
    kiosk.settle()
    assert kiosk.on(Page.PAY)
    assert pay.problem == ""


@pytest.mark.expects_log_warning("job_crashed")
def test_a_bug_on_the_way_is_told_as_calmly_as_a_full_disk(pay: Any, kiosk: Stage) -> None:
    with kiosk.failing(complete_sale=ZeroDivisionError("maria@example.org")):
        pay.take("pay-later")
        kiosk.settle()
    assert "Nothing was charged twice" in pay.problem
    assert "maria" not in pay.problem


def test_a_cart_that_cannot_be_priced_says_why_and_offers_nothing(walk: Walk, kiosk: Stage) -> None:
    walk.pay()
    model = walk.model(Page.PAY)
    assert model.choices.rows
    walk.details()
    with kiosk.failing(price=StoreBusy()):
        walk.model(Page.DETAILS).go_on()
        kiosk.settle()
    assert model.problem == problem_text(StoreBusy())
    assert model.choices.rows == ()


def test_a_number_is_given_out_once_however_often_one_taps(walk: Walk, kiosk: Stage) -> None:
    walk.pay(assisted=False)
    pay = walk.model(Page.PAY)
    waiting = len(kiosk.run(kiosk.counter.parked_carts))
    for _ in range(3):
        pay.take("cash")
    kiosk.settle()
    assert kiosk.on(Page.PARKED_NUMBER)
    assert len(kiosk.run(kiosk.counter.parked_carts)) == waiting + 1


def test_parking_that_is_refused_keeps_the_visitor_here(walk: Walk, kiosk: Stage) -> None:
    walk.pay(assisted=False)
    pay = walk.model(Page.PAY)
    with kiosk.failing(park_cart=StoreFull()):
        pay.take("cash")
        kiosk.settle()
    assert kiosk.on(Page.PAY)
    assert pay.problem == problem_text(StoreFull())


def test_a_visitor_alone_never_reaches_the_drawer(walk: Walk, kiosk: Stage) -> None:
    walk.pay(assisted=False)
    pay, before = walk.model(Page.PAY), sales(kiosk)
    with kiosk.failing(park_cart=StoreBusy()):
        pay.take("cash")
        kiosk.settle()
    assert not pay.cash
    assert sales(kiosk) == before


def test_a_mode_that_changes_under_an_open_drawer_is_settled_by_the_till(
    pay: Any, kiosk: Stage
) -> None:
    pay.take("cash")
    pay.give(3000)
    kiosk.shell.till.mode = SELF_SERVICE
    kiosk.run(lambda: kiosk.counter.set_service_mode(SELF_SERVICE))
    before = sales(kiosk)
    pay.take_cash()
    kiosk.settle()
    assert sales(kiosk) == before
    assert kiosk.on(Page.PAY)
    assert pay.problem


def test_the_rail_hears_of_a_sale_and_not_of_a_parked_cart(walk: Walk, kiosk: Stage) -> None:
    before = kiosk.recorded
    walk.parked_number()
    assert kiosk.recorded == before
    walk.show_pass("pay-later")
    assert kiosk.recorded == before + 1


def test_another_language_says_the_ways_and_the_sums_again(pay: Any, walk: Walk) -> None:
    english = [row.name for row in pay.choices.rows]
    walk.stage.shell._app.choose_language("de")
    walk.stage.settle()
    german = [row.name for row in pay.choices.rows]
    assert german != english
    assert pay.total == "23,00\N{NO-BREAK SPACE}£"
    assert pay.notes.rows[0].label == "23,00\N{NO-BREAK SPACE}£"


def test_before_anything_is_priced_there_is_nothing_to_pay(walk: Walk) -> None:
    pay = walk.model(Page.PAY)
    assert (pay.total, pay.given, pay.change_due, pay.enough) == ("", "", "", False)


def test_a_sale_made_by_hand_is_put_down_to_the_seller(walk: Walk, kiosk: Stage) -> None:
    walk.staff(Page.TODAY)
    seller = kiosk.shell.till.staff
    assert seller is not None
    assert kiosk.shell.till.seller == seller
    walk.show_pass("cash")
    completed = kiosk.shell.till.visit.completed
    assert completed is not None
    assert completed.sale.staff_id == seller.staff_id
