"""Pass: the code, what it is worth now, what follows, and the countdown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.outbox import Topic
from kiosk.domain.settlement import FindingKind, Settlement
from kiosk.domain.tender import TenderKind
from kiosk.ui.pages import Page
from kiosk.ui.time_text import day_text, moment_text
from kiosk.ui.viewmodels.pass_page import DAY_MS
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def page(walk: Walk) -> Any:
    return walk.model(Page.PASS)


def bring_back(walk: Walk) -> None:
    walk.staff(Page.TODAY)
    walk.model(Page.TODAY).newest_pass()
    walk.stage.settle()
    assert walk.stage.on(Page.PASS)


def sold_for(kiosk: Stage, email: str, tender: TenderKind) -> Any:
    return kiosk.sell("tote", email=email, tender=tender)


def watches(kiosk: Stage, sold: Any) -> int:
    def count() -> int:
        with kiosk.desk.buffer.reading() as uow:
            entries = uow.outbox.of_sale(sold.sale.sale_id)
        return sum(entry.topic is Topic.WATCH for entry in entries)

    return kiosk.run(count)


def test_without_a_sale_there_is_nothing_on_it(page: Any) -> None:
    assert (page.number, page.name, page.source, page.lines) == ("", "", "", [])
    assert (page.count, page.place, page.across) == (0, 1, 1)
    assert (page.what_follows, page.change_due) == ("", "")


def test_cash_is_confirmed_and_nothing_follows(page: Any, walk: Walk) -> None:
    walk.show_pass("cash")
    assert (page.worth, page.state, page.what_follows) == ("confirmed", "Confirmed", "")
    assert page.name == "Amélie Nguyễn"
    assert page.change_due.startswith("£")


def test_change_is_due_at_the_sale_and_not_when_its_pass_comes_back(
    page: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.show_pass("cash")
    assert page.change_due
    bring_back(walk)
    assert page.name == "Amélie Nguyễn"
    assert page.change_due == ""
    # The next sale has its change again.
    walk.show_pass("cash")
    assert page.change_due


def test_the_exact_sum_leaves_no_change_on_the_pass(page: Any, walk: Walk, kiosk: Stage) -> None:
    walk.pay()
    pay = walk.model(Page.PAY)
    pay.take("cash")
    pay.give(pay.notes.rows[0].minor)
    pay.take_cash()
    kiosk.settle()
    assert page.change_due == ""


@pytest.mark.parametrize("language", ["en", "de"])
def test_pay_later_says_until_when_and_when_the_invoice_is_due(
    page: Any, walk: Walk, kiosk: Stage, language: str
) -> None:
    walk.show_pass("pay-later")
    kiosk.shell._app.choose_language(language)
    kiosk.settle()
    till = kiosk.shell.till
    assert till.window is not None
    assert till.visit.completed is not None
    issued, sale = till.visit.completed.passes[0], till.visit.completed.sale
    zone, days = till.window.time_zone, till.window.pay_later_days
    assert issued.provisional_until_s is not None
    assert page.state.endswith(moment_text(issued.provisional_until_s * 1000, zone, language))
    assert day_text(sale.sold_ms + days * DAY_MS, zone, language) in page.what_follows
    assert page.worth == "provisional"


def test_scan_to_pay_is_confirmed_by_itself(page: Any, walk: Walk) -> None:
    walk.show_pass("scan-to-pay")
    assert page.worth == "provisional"
    assert "by itself" in page.what_follows


@pytest.mark.parametrize("tender", [TenderKind.SCAN_TO_PAY, TenderKind.PAY_LATER])
def test_a_sale_that_was_paid_meanwhile_comes_back_confirmed(
    page: Any, walk: Walk, kiosk: Stage, tender: TenderKind
) -> None:
    sold = sold_for(kiosk, f"paid-{tender}@example.org", tender)
    assert sold.passes[0].provisional
    for _ in range(watches(kiosk, sold)):
        kiosk.find(FindingKind.PAID_EXACTLY, sold.sale.sale_id)
    bring_back(walk)
    assert (page.worth, page.state, page.what_follows) == ("confirmed", "Confirmed", "")


@pytest.mark.parametrize(
    ("kind", "worth", "says", "follows"),
    [
        (FindingKind.UNPAID_AT_GRACE, "revoked", "Revoked", "did not come"),
        (FindingKind.INVOICE_VOIDED, "revoked", "Revoked", "opens nothing"),
        (FindingKind.WRONG_CURRENCY, "held", "Held", "unclear"),
    ],
)
def test_a_pass_that_is_worth_less_now_is_not_made_to_look_better(
    page: Any, walk: Walk, kiosk: Stage, kind: FindingKind, worth: str, says: str, follows: str
) -> None:
    sold = sold_for(kiosk, f"{kind}@example.org", TenderKind.SCAN_TO_PAY)
    kiosk.find(kind, sold.sale.sale_id)
    bring_back(walk)
    assert (page.worth, page.state) == (worth, says)
    assert follows in page.what_follows


def test_a_revoked_pass_that_is_paid_after_all_is_good_again(
    page: Any, walk: Walk, kiosk: Stage
) -> None:
    sold = sold_for(kiosk, "late@example.org", TenderKind.SCAN_TO_PAY)
    kiosk.find(FindingKind.UNPAID_AT_GRACE, sold.sale.sale_id)
    for _ in range(watches(kiosk, sold)):
        kiosk.find(FindingKind.PAID_AFTER_REVOKE, sold.sale.sale_id)
    bring_back(walk)
    assert page.worth == "confirmed"


def test_every_settlement_has_a_state_and_says_what_follows(
    page: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.show_pass("pay-later")
    visit = kiosk.shell.till.visit
    completed: Any = visit.completed
    said = set()
    for settlement in Settlement:
        visit.completed = replace(completed, settlement=settlement)
        said.add((page.worth, page.state))
        assert bool(page.what_follows) == (settlement is not Settlement.CONFIRMED)
    assert len(said) == len(Settlement)


def test_a_provisional_pass_without_an_end_says_no_date(
    page: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.show_pass("pay-later")
    visit = kiosk.shell.till.visit
    completed: Any = visit.completed
    endless = tuple(replace(issued, provisional_until_s=None) for issued in completed.passes)
    visit.completed = replace(completed, passes=endless)
    assert page.state == "Provisional"


def test_passes_are_turned_and_stop_at_both_ends(page: Any, walk: Walk, kiosk: Stage) -> None:
    walk.show_pass("cash")
    numbers = []
    for place in range(1, page.count + 1):
        assert page.place == place
        numbers.append((page.number, page.source))
        page.next_pass()
    assert page.place == page.count == len(set(numbers)) == 2
    for _ in range(5):
        page.earlier_pass()
    assert page.place == 1


def test_each_look_at_another_pass_starts_the_countdown_again(page: Any, walk: Walk) -> None:
    walk.show_pass("cash")
    whole = page.seconds_left
    for again in (page.next_pass, page.earlier_pass, page.stay):
        page.tick()
        page.tick()
        assert page.seconds_left == whole - 2
        again()
        assert page.seconds_left == whole


def test_the_countdown_ends_on_the_first_page_and_forgets_the_person(
    page: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.show_pass("cash")
    for _ in range(kiosk.options.pass_seconds):
        assert kiosk.on(Page.PASS)
        page.tick()
    assert kiosk.on(Page.ATTRACT)
    assert not page._timer.isActive()
    assert (page.name, page.number) == ("", "")


def test_done_twice_is_done_once(page: Any, walk: Walk, kiosk: Stage) -> None:
    walk.show_pass("cash")
    page.done()
    page.done()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)


def test_several_of_one_thing_are_counted(page: Any, walk: Walk, kiosk: Stage) -> None:
    walk.offers()
    offers = walk.model(Page.OFFERS)
    for _ in range(3):
        offers.add("sticker")
    offers.add("tote")
    offers.go_on()
    kiosk.settle()
    details = walk.model(Page.DETAILS)
    details.write_name("Ann")
    details.write_email("ann@example.org")
    details.tick("terms")
    details.go_on()
    kiosk.settle()
    walk.model(Page.PAY).take("pay-later")
    kiosk.settle()
    assert page.lines[0].startswith("3 \N{MULTIPLICATION SIGN} ")
    assert "\N{MULTIPLICATION SIGN}" not in page.lines[1]
