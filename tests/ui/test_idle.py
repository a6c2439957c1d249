"""The idle watch warns, ends, and holds its breath while an answer is due."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from kiosk.ui.idle import IdleWatch
from kiosk.ui.options import Options
from tests.ui.stage import REPOSITORY, HandClock

OPTIONS = Options(assets=REPOSITORY / "assets", idle_seconds=60, warning_seconds=15)


class Room:
    """A watch with what it said, and whether it has to hold."""

    def __init__(self) -> None:
        self.clock, self.parent = HandClock(), QObject()
        self.holds = False
        self.said: list[object] = []
        self.watch = IdleWatch(self.clock, OPTIONS, lambda: self.holds, self.parent)
        self.watch.warned.connect(self.said.append)
        self.watch.ended.connect(lambda: self.said.append("ended"))


@pytest.fixture
def room(qapp: QGuiApplication) -> Room:
    made = Room()
    made.watch.watch(wanted=True)
    return made


def said_by(room: Room) -> list[object]:
    said = list(room.said)
    room.said.clear()
    return said


def wait(room: Room, seconds: float) -> list[object]:
    room.clock.forward(seconds)
    room.watch.tick()
    return said_by(room)


def test_nothing_is_said_while_there_is_time(room: Room) -> None:
    assert wait(room, 44) == []


def test_the_warning_counts_down_and_then_it_ends_once(room: Room) -> None:
    assert wait(room, 46) == [15]
    assert wait(room, 1) == [14]
    assert wait(room, 12.5) == [1]
    assert wait(room, 1) == [None, "ended"]
    assert not room.watch._timer.isActive()


def test_the_end_takes_the_warning_away(room: Room) -> None:
    wait(room, 50)
    assert wait(room, 20) == [None, "ended"]


def test_a_touch_starts_again_and_takes_the_warning_away(room: Room) -> None:
    wait(room, 50)
    room.watch.touched()
    assert said_by(room) == [None]
    assert wait(room, 44) == []


def test_a_touch_without_a_warning_says_nothing(room: Room) -> None:
    room.watch.touched()
    assert said_by(room) == []


def test_nobody_is_thrown_out_while_an_answer_is_due(room: Room) -> None:
    room.holds = True
    assert wait(room, 500) == []
    room.holds = False
    assert wait(room, 44) == []
    assert wait(room, 20) == ["ended"]


def test_a_page_that_is_not_watched_never_ends(room: Room) -> None:
    room.watch.watch(wanted=False)
    assert not room.watch._timer.isActive()
    room.watch.watch(wanted=True)
    assert room.watch._timer.isActive()
