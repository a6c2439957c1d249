"""The on-screen keyboard's presses arrive as a keyboard's would, and nowhere else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickWindow

from kiosk.ui.keys import KeySender
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def field(stage: Stage, walk: Walk) -> Stage:
    walk.details(filled=False)
    stage.probe.click("name", inside="input")
    stage.settle()
    return stage


@pytest.mark.parametrize("text", ["a", "Ä", "ß", "@", "ع", "名", "🎈", ".com", "'"])
def test_whatever_is_on_a_key_arrives_as_it_is(field: Stage, text: str) -> None:
    KeySender().text(text)
    assert field.shell.till.visit.name == text


def test_backspace_takes_the_last_letter_and_stops_at_nothing(field: Stage) -> None:
    keys = KeySender()
    for letter in "Ann":
        keys.text(letter)
    for _ in range(5):
        keys.backspace()
    assert field.shell.till.visit.name == ""


def test_tab_leads_to_the_next_field(field: Stage) -> None:
    KeySender().tab()
    assert field.probe.focus() == "email_input"


def test_each_press_is_released(field: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    def send(_window: QQuickWindow, event: QKeyEvent) -> bool:
        seen.append((event.type().name, event.text()))
        return True

    monkeypatch.setattr("kiosk.ui.keys.QCoreApplication.sendEvent", send)
    KeySender().text("x")
    assert seen == [("KeyPress", "x"), ("KeyRelease", "x")]


def test_without_a_window_in_front_nothing_is_sent(
    field: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.ui.keys.QGuiApplication.focusWindow", lambda: None)
    KeySender().text("x")
    assert field.shell.till.visit.name == ""


def test_the_enter_key_of_a_field_goes_on_as_on_a_real_keyboard(field: Stage) -> None:
    field.probe.key(Qt.Key.Key_Return)
    assert field.probe.focus() == "email_input"
