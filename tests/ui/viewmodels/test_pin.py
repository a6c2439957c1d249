"""The PIN pads: nothing but digits, never shown, forgotten at once, and slower after wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.errors import LockedOut, PinAlreadySet, PinInvalid, PinWrong, StoreBusy
from kiosk.service.sign_in import FREE_TRIES, LOCK_SECONDS
from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED, SELF_SERVICE
from kiosk.ui.text import problem_text
from kiosk.ui.viewmodels.pin import PIN_LEAST, PIN_MOST, PinPadVM
from tests.ui.stage import PIN, Stage
from tests.ui.walk import Walk


def press(pad: Any, digits: str) -> None:
    for digit in digits:
        pad.press(digit)


@pytest.fixture
def pad(walk: Walk, kiosk: Stage) -> Any:
    kiosk.shell.go(Page.PIN)
    return walk.model(Page.PIN)


def test_it_says_what_the_digits_are_for(pad: Any) -> None:
    assert pad.title == "Staff PIN"
    assert pad.explanation
    assert pad.can_go_back


@pytest.mark.parametrize("typed", ["a", "", "12", " ", "\N{SUPERSCRIPT TWO}", "٣", "\n"])
def test_only_single_digits_count(pad: Any, typed: str) -> None:
    pad.press(typed)
    # "12" is part of the row of digits, but not a digit.
    assert pad.digits == 0


def test_too_few_digits_are_not_tried(pad: Any, kiosk: Stage) -> None:
    with kiosk.failing() as faulty:
        press(pad, "1" * (PIN_LEAST - 1))
        assert not pad.complete
        pad.submit()
        kiosk.settle()
    assert faulty.calls == []


def test_more_than_the_most_are_not_taken(pad: Any) -> None:
    press(pad, "1" * (PIN_MOST + 5))
    assert pad.digits == PIN_MOST


def test_backspace_on_nothing_is_nothing(pad: Any) -> None:
    press(pad, "12")
    for _ in range(4):
        pad.backspace()
    assert pad.digits == 0


def test_no_property_tells_which_digits(pad: Any) -> None:
    press(pad, "9517")
    meta = pad.metaObject()
    told = [str(pad.property(meta.property(n).name())) for n in range(meta.propertyCount())]
    assert not [value for value in told if "9517" in value]


def test_the_right_pin_opens_the_day_once_for_three_touches(pad: Any, kiosk: Stage) -> None:
    press(pad, PIN)
    with kiosk.failing() as faulty:
        for _ in range(3):
            pad.submit()
        assert pad.busy
        kiosk.settle()
    assert faulty.calls.count("sign_in") == 1
    assert kiosk.on(Page.TODAY)
    assert pad.digits == 0


def test_while_it_is_tried_no_digit_is_added(pad: Any, kiosk: Stage) -> None:
    press(pad, PIN)
    with kiosk.slow():
        pad.submit()
        pad.press("1")
        assert pad.digits == len(PIN)


@pytest.mark.parametrize(("mode", "sells"), [(ASSISTED, True), (SELF_SERVICE, False)])
def test_who_signs_in_sells_only_where_somebody_sells(
    walk: Walk, kiosk: Stage, mode: str, sells: bool
) -> None:
    walk.mode(mode)
    walk.staff(Page.TODAY)
    assert kiosk.shell.till.staff is not None
    assert (kiosk.shell.till.seller is not None) is sells


@pytest.mark.parametrize(
    "error", [PinWrong(tries_left=3), LockedOut(seconds=30), StoreBusy()], ids=lambda e: e.code
)
def test_a_refusal_is_said_and_the_digits_are_forgotten(
    pad: Any, kiosk: Stage, error: Exception
) -> None:
    press(pad, "0000")
    with kiosk.failing(sign_in=error):
        pad.submit()
        kiosk.settle()
    assert pad.problem == problem_text(error)
    assert pad.digits == 0
    assert kiosk.on(Page.PIN)
    pad.press("1")
    assert pad.problem == ""


def test_going_back_forgets_the_digits(pad: Any, kiosk: Stage) -> None:
    press(pad, "258")
    pad.back()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)
    assert pad.digits == 0


def test_a_pin_that_is_tried_while_one_goes_home_opens_nothing(pad: Any, kiosk: Stage) -> None:
    press(pad, PIN)
    with kiosk.slow():
        pad.submit()
        pad.back()
    assert kiosk.on(Page.ATTRACT)
    assert kiosk.shell.till.staff is None


def test_another_language_says_title_and_problem_again(pad: Any, kiosk: Stage) -> None:
    press(pad, "0000")
    with kiosk.failing(sign_in=PinWrong(tries_left=2)):
        pad.submit()
        kiosk.settle()
    english = pad.title, pad.problem
    kiosk.shell._app.choose_language("de")
    assert pad.title != english[0]
    assert pad.problem != english[1]


def test_too_many_wrong_ones_wait_and_the_wait_counts_down(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage()
    stage.begin()
    stage.shell.go(Page.PIN)
    pad = Walk(stage).model(Page.PIN)

    def try_digits(digits: str) -> str:
        press(pad, digits)
        pad.submit()
        stage.settle()
        return str(pad.problem)

    for _ in range(FREE_TRIES):
        try_digits("0000")
    assert problem_text(LockedOut(seconds=LOCK_SECONDS[0])) == try_digits(PIN)
    stage.clock.forward(10)
    assert problem_text(LockedOut(seconds=LOCK_SECONDS[0] - 10)) == try_digits(PIN)
    stage.clock.forward(LOCK_SECONDS[0])
    assert try_digits(PIN) == ""
    assert stage.on(Page.TODAY)


@pytest.fixture
def first(make_stage: Callable[..., Stage]) -> Stage:
    stage = make_stage(pin=None)
    stage.begin()
    assert stage.on(Page.SET_PIN)
    return stage


def test_the_first_pin_is_asked_for_twice_until_both_agree(first: Stage) -> None:
    pad = Walk(first).model(Page.SET_PIN)
    asked = [pad.explanation]
    assert not pad.can_go_back
    for once, again in (("1234", "4321"), ("1111", "2222")):
        press(pad, once)
        pad.submit()
        assert pad.title == "Once more"
        assert pad.can_go_back
        press(pad, again)
        pad.submit()
        assert "not the same" in pad.explanation
        assert pad.title != "Once more"
        assert pad.digits == 0
    assert first.run(first.counter.first_start)
    press(pad, "1234")
    pad.submit()
    pad.back()
    assert pad.explanation == asked[0]
    for _ in range(2):
        press(pad, "7777")
        pad.submit()
    first.settle()
    assert first.on(Page.ATTRACT)
    assert first.run(lambda: first.counter.sign_in("7777")).role == "owner"


def test_a_first_pin_that_cannot_be_kept_says_why(first: Stage) -> None:
    pad = Walk(first).model(Page.SET_PIN)
    for error in (PinInvalid(least=4, most=12), PinAlreadySet(), StoreBusy()):
        pad.enter()
        with first.failing(set_first_pin=error):
            for _ in range(2):
                press(pad, "1234")
                pad.submit()
            first.settle()
        assert pad.problem == problem_text(error)
        assert first.on(Page.SET_PIN)


def test_a_pad_of_neither_kind_asks_for_nothing(kiosk: Stage) -> None:
    bare = PinPadVM(kiosk.shell.till)
    for ask in (bare.asks_for, bare.says, bare.has_a_way_back, bare.turn_back):
        with pytest.raises(NotImplementedError):
            ask()
    with pytest.raises(NotImplementedError):
        bare.try_digits("1234")
