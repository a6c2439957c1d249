"""The frame around the pages: languages, badge, banner, keyboard, idle warning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.outbox import QueueCounts, QueueHealth, RailState
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED, SELF_SERVICE
from kiosk.ui.text import banner_text
from kiosk.ui.viewmodels.app import MOTION_MS, AppVM
from tests.ui.stage import REPOSITORY, Stage
from tests.ui.walk import Walk

BEFORE_SELLING = {Page.BOOT, Page.UNLOCK, Page.FAULT, Page.EMPTY, Page.SET_PIN, Page.PIN}
CODES = {Page.SCAN_TO_PAY, Page.PARKED_NUMBER, Page.PASS}


@pytest.fixture
def app(walk: Walk, kiosk: Stage) -> Any:
    return kiosk.shell._app


def odd(kiosk: Stage, *, clock: bool = False, over: bool = False) -> None:
    """Have the shop window say so until the next look."""
    window = kiosk.shell.till.window
    assert window is not None
    kiosk.shell.till.look_at(
        replace(window, clock_doubtful=clock, event_over=over)  # type: ignore[type-var]
    )


def test_the_language_in_use_is_marked_and_each_is_named_in_its_own_words(app: Any) -> None:
    rows = app.languages.rows
    assert [(row.code, row.name, row.chosen) for row in rows] == [
        ("en", "English", True), ("de", "Deutsch", False),
    ]  # fmt: skip


def test_choosing_a_language_tells_everybody(app: Any, kiosk: Stage) -> None:
    app.choose_language("de")
    assert app.language == "de"
    assert [row.chosen for row in app.languages.rows] == [False, True]
    assert app.badge == "Alles gesendet"


def test_a_language_nobody_speaks_is_answered_in_english(app: Any) -> None:
    app.choose_language("tlh")
    assert app.language == "en"


def test_what_a_visitor_liked_to_read_ends_with_the_visit(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.details()
    app.choose_language("de")
    assert kiosk.shell.till.language == "de"
    walk.model(Page.DETAILS).back()
    assert kiosk.shell.till.language == "de"
    walk.model(Page.OFFERS).leave_shop()
    kiosk.settle()
    assert kiosk.shell.till.language == "en"
    window = kiosk.shell.till.window
    assert window is not None
    english = kiosk.run(lambda: kiosk.counter.shop_window("en"))
    german = kiosk.run(lambda: kiosk.counter.shop_window("de"))
    assert window.cards == english.cards != german.cards


def test_after_the_pass_the_next_visitor_reads_the_kept_language(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.show_pass("pay-later")
    app.choose_language("de")
    walk.model(Page.PASS).done()
    assert kiosk.shell.till.language == "en"


def test_a_language_chosen_on_the_first_page_stays_while_somebody_is_there(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    app.choose_language("de")
    assert app.may_be_abandoned()
    walk.model(Page.ATTRACT).start()
    kiosk.settle()
    assert kiosk.shell.till.language == "de"


def test_a_language_chosen_and_left_on_the_first_page_goes_without_a_warning(
    app: Any, kiosk: Stage
) -> None:
    app.choose_language("de")
    kiosk.clock.forward(kiosk.options.idle_seconds - 5)
    kiosk.shell._idle.tick()
    assert not app.warning
    assert kiosk.shell.till.language == "de"
    kiosk.clock.forward(6)
    kiosk.shell._idle.tick()
    kiosk.settle()
    assert kiosk.shell.till.language == "en"
    assert kiosk.on(Page.ATTRACT)
    assert not app.may_be_abandoned()


def test_staff_who_read_another_language_leave_the_kept_one(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.staff(Page.TODAY)
    app.choose_language("de")
    app.close_staff()
    kiosk.settle()
    assert kiosk.shell.till.language == kiosk.shell.till.kept_language == "en"


def test_whose_kept_language_is_german_gets_german_again(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.speak("de")
    walk.offers(1)
    app.choose_language("en")
    walk.home()
    assert kiosk.shell.till.language == "de"


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_pages_that_somebody_may_walk_away_from_are_watched(app: Any, page: Page) -> None:
    app._page = page
    personal = {Page.OFFERS, Page.DETAILS, Page.PAY, Page.SCAN_TO_PAY, Page.PARKED_NUMBER,
                Page.TODAY, Page.OUTBOX, Page.PARKED_CARTS, Page.MEMBERS, Page.DOCTOR}  # fmt: skip
    assert app.may_be_abandoned() == (page in personal)


@pytest.mark.parametrize("page", list(Page), ids=str)
@pytest.mark.parametrize("mode", [ASSISTED, SELF_SERVICE])
def test_the_banner_is_for_staff_and_never_beside_a_code(
    app: Any, kiosk: Stage, page: Page, mode: str
) -> None:
    odd(kiosk, clock=True)
    app._page, kiosk.shell.till.mode = page, mode
    wanted = page not in BEFORE_SELLING | CODES and (mode == ASSISTED or page.of_staff)
    assert bool(app.banner) == wanted


def test_the_banner_says_what_it_means_and_what_to_do(app: Any, kiosk: Stage) -> None:
    odd(kiosk, over=True)
    assert app.banner == banner_text(clock_doubtful=False, event_over=True)
    assert "next event" in app.banner
    odd(kiosk, clock=True, over=True)
    assert "set the clock" in app.banner
    assert "over" not in app.banner
    odd(kiosk)
    assert app.banner == ""


def test_a_newer_window_is_heard_of_at_once(app: Any, kiosk: Stage) -> None:
    heard: list[str] = []
    app.shown.connect(lambda: heard.append(app.banner))
    odd(kiosk, over=True)
    assert heard[-1]


def test_a_wrong_clock_is_on_the_badge_too(app: Any, kiosk: Stage) -> None:
    odd(kiosk, clock=True)
    assert (app.badge, app.badge_state) == ("Clock wrong", "clock")


def test_an_event_that_is_really_over_shows_the_banner(kiosk: Stage, app: Any, walk: Walk) -> None:
    kiosk.clock.forward(40 * 86_400)
    try:
        walk.home()
        assert app.banner == banner_text(clock_doubtful=False, event_over=True)
    finally:
        kiosk.clock.forward(-40 * 86_400)


@pytest.mark.parametrize(
    ("page", "mode", "shown"),
    [
        (None, ASSISTED, False),
        (Page.BOOT, ASSISTED, False),
        (Page.PIN, ASSISTED, False),
        (Page.ATTRACT, SELF_SERVICE, True),
        (Page.OFFERS, SELF_SERVICE, False),
        (Page.OFFERS, ASSISTED, True),
        (Page.PASS, SELF_SERVICE, False),
        (Page.PASS, ASSISTED, True),
        (Page.TODAY, SELF_SERVICE, True),
    ],
)
def test_the_way_in_for_staff_is_not_in_a_visitors_way(
    app: Any, kiosk: Stage, page: Page | None, mode: str, shown: bool
) -> None:
    app._page, kiosk.shell.till.mode = page, mode
    assert app.badge_shown is shown


def test_health_reaches_the_badge_from_whatever_thread(app: Any, kiosk: Stage) -> None:
    counts = QueueCounts(waiting=2, watching=0, unknown=1, delivered=0, parked=0, open_findings=0)
    kiosk.run(
        lambda: kiosk.shell.show_health(QueueHealth(counts=counts, rail=RailState.UNREACHABLE))
    )
    kiosk.settle()
    assert (app.badge, app.badge_state) == ("3 waiting", "waiting")
    kiosk.shell.till.health = None


def test_no_page_of_the_back_opens_for_nobody(app: Any, kiosk: Stage) -> None:
    for page in (Page.TODAY, Page.OUTBOX, Page.PARKED_CARTS):
        app.open_page(page.value)
        assert kiosk.on(Page.ATTRACT)


def test_the_pages_of_the_back_open_for_whoever_signed_in(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    walk.staff(Page.TODAY)
    assert app.staff_name == "Owner"
    for page in (Page.OUTBOX, Page.PARKED_CARTS, Page.TODAY):
        app.open_page(page.value)
        assert kiosk.on(page)
    app.open_staff()
    assert kiosk.on(Page.TODAY)
    app.close_staff()
    kiosk.settle()
    assert app.staff_name == ""


def test_the_badge_asks_for_the_pin(app: Any, kiosk: Stage) -> None:
    app.open_staff()
    assert kiosk.on(Page.PIN)


def test_the_corner_names_the_event_except_where_the_page_does(
    app: Any, walk: Walk, kiosk: Stage
) -> None:
    assert app.corner_name == ""
    assert app.event_name
    walk.offers()
    assert app.corner_name == app.event_name


def test_the_warning_counts_and_goes(app: Any, walk: Walk) -> None:
    walk.offers()
    app.warn(7)
    assert (app.warning, app.seconds_left) == (True, "7")
    app.warn(None)
    assert (app.warning, app.seconds_left) == (False, "0")


def test_the_keyboard_on_screen_makes_room_and_comes_back(app: Any) -> None:
    assert app.keyboard
    app.typed_by_hand()
    assert not app.keyboard
    app.want_keyboard()
    assert app.keyboard
    app.hide_keyboard()
    assert not app.keyboard
    app.page_turned(Page.DETAILS)
    assert app.keyboard


def test_where_there_is_no_keyboard_on_screen_none_comes(kiosk: Stage) -> None:
    till = kiosk.shell.till
    options, told = till.options, till.window_came
    till.options = replace(options, keyboard=False)
    try:
        app = AppVM(till, lambda: None)
        app.want_keyboard()
        assert not app.keyboard
    finally:
        till.options, till.window_came = options, told


@pytest.mark.parametrize(("reduced", "motion"), [(True, 0), (False, MOTION_MS)])
def test_motion_and_text_follow_the_options(kiosk: Stage, reduced: bool, motion: int) -> None:
    till = kiosk.shell.till
    options, told = till.options, till.window_came
    till.options = Options(
        assets=REPOSITORY / "assets", reduced_motion=reduced, text_scale=1.5, theme="dark"
    )
    try:
        app = AppVM(till, lambda: None)
        assert (app.motion_ms, app.text_scale, app.dark) == (motion, 1.5, True)
    finally:
        till.options, till.window_came = options, told


def test_training_is_told_by_the_desk(app: Any) -> None:
    assert app.training


@pytest.mark.parametrize(("page", "shown"), [(None, False), (Page.BOOT, False), (Page.PAY, True)])
def test_languages_are_offered_as_soon_as_there_is_something_to_read(
    app: Any, page: Page | None, shown: bool
) -> None:
    app._page = page
    assert app.language_shown is shown
