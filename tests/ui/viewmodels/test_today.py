"""Today: the figures of the day and the few switches of a shift, each kept in the file."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.tender import TenderKind
from kiosk.errors import NoEvent, NotPermitted, SaleUnknown, StoreBusy, StoreFull, StoreReadOnly
from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED, SELF_SERVICE
from kiosk.ui.text import problem_text
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def today(walk: Walk) -> Any:
    walk.staff(Page.TODAY)
    return walk.model(Page.TODAY)


def test_before_the_figures_are_read_none_is_shown(kiosk: Stage, walk: Walk) -> None:
    from kiosk.ui.viewmodels.today import TodayVM

    fresh = TodayVM(kiosk.shell.till)
    assert (fresh.sales, fresh.takings, fresh.on_trust, fresh.trust_limit) == ("",) * 4
    assert fresh.trust_percent == 0
    assert fresh.network_on
    assert fresh.payments.rows == ()
    assert fresh.languages.rows == ()


def test_takings_and_sales_follow_each_sale(kiosk: Stage, today: Any) -> None:
    sales = int(today.sales)
    kiosk.sell("sticker", email="t1@example.org")
    today.look_again()
    kiosk.settle()
    assert int(today.sales) == sales + 1
    assert today.takings.startswith("£")


def test_what_is_on_trust_is_shown_against_its_limit(kiosk: Stage, today: Any) -> None:
    percent = today.trust_percent
    for number in range(6):
        kiosk.sell("tote", email=f"trust{number}@example.org", tender=TenderKind.PAY_LATER)
    today.look_again()
    kiosk.settle()
    assert today.trust_limit.startswith("£")
    assert percent < today.trust_percent <= 100
    assert today.on_trust != "£0.00"


def test_yesterday_is_not_today(kiosk: Stage, today: Any) -> None:
    kiosk.sell("sticker", email="t2@example.org")
    kiosk.clock.forward(30 * 3600)
    today.look_again()
    kiosk.settle()
    kiosk.clock.forward(-30 * 3600)
    assert today.sales == "0"
    assert today.takings == "£0.00"


def test_the_mode_is_kept_and_shown(kiosk: Stage, today: Any) -> None:
    assert today.assisted
    today.set_assisted(False)
    kiosk.settle()
    assert not today.assisted
    assert kiosk.shell.till.seller is None
    assert kiosk.run(kiosk.counter.preferences).service_mode == SELF_SERVICE
    today.set_assisted(True)
    kiosk.settle()
    assert kiosk.run(kiosk.counter.preferences).service_mode == ASSISTED
    assert kiosk.shell.till.seller == kiosk.shell.till.staff


@pytest.mark.parametrize("error", [StoreFull(), StoreBusy(), StoreReadOnly(), NotPermitted()])
def test_a_mode_that_cannot_be_kept_is_not_taken(
    kiosk: Stage, today: Any, error: Exception
) -> None:
    with kiosk.failing(set_service_mode=error):
        today.set_assisted(False)
        kiosk.settle()
    assert today.assisted
    assert today.problem == problem_text(error)


def test_the_kept_language_is_marked_spoken_and_outlives_a_restart(
    kiosk: Stage, today: Any
) -> None:
    assert [(row.code, row.chosen) for row in today.languages.rows] == [
        ("en", True), ("de", False),
    ]  # fmt: skip
    today.keep_language("de")
    kiosk.settle()
    assert [(row.code, row.chosen) for row in today.languages.rows] == [
        ("en", False), ("de", True),
    ]  # fmt: skip
    assert kiosk.shell.till.language == kiosk.shell.till.kept_language == "de"
    assert kiosk.run(kiosk.counter.preferences).language == "de"


@pytest.mark.parametrize("code", ["", "xx", "EN", "en; drop"])
def test_a_language_nobody_translated_is_not_kept(kiosk: Stage, today: Any, code: str) -> None:
    today.keep_language(code)
    kiosk.settle()
    assert kiosk.shell.till.kept_language == "en"
    assert kiosk.run(kiosk.counter.preferences).language == "en"


def test_a_language_that_cannot_be_kept_stays_as_it_was(kiosk: Stage, today: Any) -> None:
    with kiosk.failing(keep_preference=StoreFull()):
        today.keep_language("de")
        kiosk.settle()
    assert today.problem == problem_text(StoreFull())
    assert kiosk.shell.till.kept_language == "en"
    assert [row.chosen for row in today.languages.rows] == [True, False]


def test_languages_are_named_in_their_own_words_whatever_is_spoken(
    kiosk: Stage, today: Any
) -> None:
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    assert [row.name for row in today.languages.rows] == ["English", "Deutsch"]
    assert [row.chosen for row in today.languages.rows] == [True, False]


def test_the_theme_follows_the_shell(kiosk: Stage, today: Any) -> None:
    for dark in (True, False):
        today.set_dark(dark)
        kiosk.settle()
        assert today.dark is dark
        assert kiosk.shell._app.dark is dark
        assert kiosk.run(kiosk.counter.preferences).theme == ("dark" if dark else "light")


def test_the_practice_network_is_a_switch_the_rail_hears_of(kiosk: Stage, today: Any) -> None:
    assert today.practice
    before = kiosk.recorded
    for on in (False, True):
        today.set_network(on)
        kiosk.settle()
        assert today.network_on is on
    assert kiosk.recorded == before + 2


def test_a_payment_that_is_open_can_be_made_by_the_practice_member(
    kiosk: Stage, today: Any
) -> None:
    kiosk.sell("tote", email="open@example.org", tender=TenderKind.SCAN_TO_PAY)
    today.look_again()
    kiosk.settle()
    row = today.payments.rows[0]
    assert row.amount.startswith("£")
    assert row.receipt_number.startswith("K3-")
    before = kiosk.recorded
    today.member_pays(row.sale_id)
    assert today.busy
    kiosk.settle()
    assert not today.problem
    assert kiosk.recorded == before + 1


def test_a_payment_for_no_sale_is_refused_in_words(kiosk: Stage, today: Any) -> None:
    with kiosk.failing(member_pays=SaleUnknown()):
        today.member_pays("no such sale")
        kiosk.settle()
    assert today.problem == problem_text(SaleUnknown())


def test_amounts_are_said_again_in_another_language(kiosk: Stage, today: Any) -> None:
    kiosk.sell("tote", email="lang@example.org", tender=TenderKind.SCAN_TO_PAY)
    today.look_again()
    kiosk.settle()
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    assert today.takings.endswith("£")
    assert today.payments.rows[0].amount.endswith("£")


def test_figures_that_cannot_be_read_say_why(walk: Walk, kiosk: Stage) -> None:
    walk.staff(Page.OUTBOX)
    with kiosk.failing(today=NoEvent()):
        kiosk.shell.go(Page.TODAY)
        kiosk.settle()
    assert walk.model(Page.TODAY).problem == problem_text(NoEvent())


def test_the_newest_pass_is_brought_back_once_for_three_touches(kiosk: Stage, today: Any) -> None:
    kiosk.sell("tote", email="slow@example.org", name="Too Slow")
    for _ in range(3):
        today.newest_pass()
    kiosk.settle()
    assert kiosk.on(Page.PASS)
    completed = kiosk.shell.till.visit.completed
    assert completed is not None
    assert completed.member_name == "Too Slow"


def test_the_newest_pass_cannot_be_brought_back_from_a_busy_file(kiosk: Stage, today: Any) -> None:
    with kiosk.failing(newest_pass=StoreBusy()):
        today.newest_pass()
        kiosk.settle()
    assert kiosk.on(Page.TODAY)
    assert today.problem == problem_text(StoreBusy())


def test_without_a_sale_there_is_no_pass_to_bring_back(kiosk: Stage, today: Any) -> None:
    today._brought_back(None)
    assert kiosk.on(Page.TODAY)


def test_only_the_button_ends_the_program(kiosk: Stage, today: Any) -> None:
    before = kiosk.quits
    today.leave_program()
    assert kiosk.quits == before + 1
    kiosk.shell._quitting = False
