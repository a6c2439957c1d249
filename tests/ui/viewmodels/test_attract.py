"""Attract: the event, the drop that turns next, and a person forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.offer import DropState
from kiosk.errors import StoreBusy
from kiosk.ui.pages import Page
from kiosk.ui.services import ShopWindow
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def attract(walk: Walk) -> Any:
    return walk.model(Page.ATTRACT)


def show(kiosk: Stage, **changes: object) -> None:
    """Have the event's drop be so until the next look."""
    window: Any = kiosk.shell.till.window
    cards = [replace(card, **changes) if card.drop_state else card for card in window.cards]
    kiosk.shell.till.look_at(replace(window, cards=tuple(cards)))


def test_the_event_is_named_with_its_place(attract: Any, kiosk: Stage) -> None:
    window: ShopWindow | None = kiosk.shell.till.window
    assert window is not None
    assert attract.event_name == window.event_name
    assert attract.venue == window.venue


def test_before_the_window_is_known_nothing_is_said(attract: Any, kiosk: Stage) -> None:
    window, kiosk.shell.till.window = kiosk.shell.till.window, None
    said = (attract.event_name, attract.venue, attract.drop_name, attract.drop_label)
    assert (*said, attract.countdown) == ("",) * 5
    kiosk.shell.till.window = window


@pytest.mark.parametrize(
    ("state", "label"), [(DropState.ANNOUNCED, "Opens in"), (DropState.OPEN, "Closes in")]
)
def test_the_next_drop_counts_down(
    attract: Any, kiosk: Stage, state: DropState, label: str
) -> None:
    soon = kiosk.shell.till.now_ms + 90_000
    show(kiosk, drop_state=state, opens_ms=soon, closes_ms=soon)
    assert attract.drop_name
    assert attract.drop_label == label
    assert attract.countdown == "1:30"
    kiosk.clock.forward(30)
    assert attract.countdown == "1:00"
    kiosk.clock.forward(-30)


@pytest.mark.parametrize("state", [DropState.SOLD_OUT, DropState.CLOSED, None])
def test_a_drop_that_cannot_be_had_any_more_is_not_announced(
    attract: Any, kiosk: Stage, state: DropState | None
) -> None:
    show(kiosk, drop_state=state)
    assert (attract.drop_name, attract.countdown, attract.drop_label) == ("", "", "")


def test_a_moment_that_has_passed_is_not_counted_down_to(attract: Any, kiosk: Stage) -> None:
    show(kiosk, drop_state=DropState.ANNOUNCED, opens_ms=kiosk.shell.till.now_ms)
    assert attract.drop_name == ""


def test_a_touch_starts_the_visit_however_often(attract: Any, kiosk: Stage) -> None:
    for _ in range(3):
        attract.start()
    assert kiosk.on(Page.OFFERS)


def test_entering_forgets_everybody(attract: Any, walk: Walk, kiosk: Stage) -> None:
    walk.show_pass("cash")
    sources = walk.model(Page.PASS).source
    assert sources
    visit = kiosk.shell.till.visit
    number = visit.number
    walk.home()
    assert visit.number > number
    assert (visit.name, visit.email, visit.lines, visit.completed) == ("", "", (), None)
    assert kiosk.shell.till.codes._images == {}


def test_a_busy_file_leaves_the_last_window_up(attract: Any, kiosk: Stage) -> None:
    name = attract.event_name
    with kiosk.failing(shop_window=StoreBusy()):
        attract.look()
        kiosk.settle()
    assert attract.event_name == name
    assert attract.problem == ""


def test_another_language_names_the_drop_again(attract: Any, kiosk: Stage) -> None:
    english = attract.drop_name, attract.drop_label
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    assert attract.drop_label != english[1]
