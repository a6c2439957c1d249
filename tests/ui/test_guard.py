"""The guard hears every kind of touch, tells typing by hand, and minds only its own window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QWindow
from PySide6.QtTest import QTest

from kiosk.ui.guard import WindowGuard


class Watched:
    """A bare window with its guard, and what the guard said."""

    def __init__(self) -> None:
        self.window, self.locked = QWindow(), False
        self.said: list[str] = []
        self.guard = WindowGuard(self.window, lambda: self.locked)
        self.guard.touched.connect(lambda: self.said.append("touched"))
        self.guard.typed.connect(lambda: self.said.append("typed"))
        self.window.show()


@pytest.fixture
def watched(qapp: QGuiApplication) -> Iterator[Watched]:
    made = Watched()
    yield made
    made.locked = False
    made.window.close()


@pytest.mark.parametrize(
    "kind",
    [QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
     QEvent.Type.Wheel, QEvent.Type.TabletPress],
)  # fmt: skip
def test_every_kind_of_touch_is_heard(watched: Watched, kind: QEvent.Type) -> None:
    assert watched.guard.eventFilter(watched.window, QEvent(kind)) is False
    assert watched.said == ["touched"]


@pytest.mark.parametrize("kind", [QEvent.Type.MouseMove, QEvent.Type.Expose, QEvent.Type.Enter])
def test_a_window_that_is_merely_drawn_or_passed_over_is_not_touched(
    watched: Watched, kind: QEvent.Type
) -> None:
    watched.guard.eventFilter(watched.window, QEvent(kind))
    assert watched.said == []


def test_a_key_from_the_window_system_is_typing_by_hand(watched: Watched) -> None:
    QTest.keyClick(watched.window, Qt.Key.Key_A)
    assert watched.said == ["touched", "typed"]


def test_a_key_of_the_keyboard_on_screen_is_not(watched: Watched) -> None:
    key = QKeyEvent(QEvent.Type.KeyPress, int(Qt.Key.Key_A), Qt.KeyboardModifier.NoModifier, "a")
    QCoreApplication.sendEvent(watched.window, key)
    assert watched.said == ["touched"]


@pytest.mark.parametrize("locked", [True, False])
def test_only_a_locked_window_refuses_to_close(watched: Watched, locked: bool) -> None:
    watched.locked = locked
    event = QCloseEvent()
    assert watched.guard.eventFilter(watched.window, event) is locked
    assert event.isAccepted() is not locked


def test_an_unlocked_window_may_be_made_small(watched: Watched) -> None:
    watched.window.showNormal()
    watched.guard.eventFilter(watched.window, QEvent(QEvent.Type.WindowStateChange))
    QTest.qWait(5)
    assert not watched.window.windowStates() & Qt.WindowState.WindowFullScreen


def test_a_locked_window_goes_back_to_the_whole_screen(watched: Watched) -> None:
    watched.locked = True
    watched.guard.eventFilter(watched.window, QEvent(QEvent.Type.WindowStateChange))
    QTest.qWait(5)
    assert watched.window.windowStates() & Qt.WindowState.WindowFullScreen
