"""The page of the members through its window: by touch, by keyboard, and nobody left on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kiosk.ui.pages import Page
from tests.ui.stage import Stage
from tests.ui.viewmodels.meeting import AMELIE, MARK, held, sell
from tests.ui.walk import Walk

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 5 + "Annemarie"
ARABIC = "أميرة بنت عبد الرحمن القحطاني"
TARGET = 56


@pytest.fixture
def page(stage: Stage, walk: Walk) -> Stage:
    """One member and nobody else; staff have just opened the page."""
    sell(stage, "quarterly")
    stage.deliver()
    walk.staff(Page.MEMBERS)
    return stage


def tab_to(stage: Stage, name: str, key: Qt.Key = Qt.Key.Key_Tab) -> None:
    for _ in range(40):
        if stage.probe.focus() == name:
            return
        stage.probe.key(key)
    raise AssertionError(f"no way to {name}")


def test_the_nav_leads_there_and_the_keys_are_ready(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    stage.probe.touch("nav_members")
    stage.settle()
    assert stage.on(Page.MEMBERS)
    assert stage.probe.focus() == "member_search_input"
    assert stage.probe.item("key_next")
    assert "beginning" in str(stage.probe.get("member_hint", "text"))


def test_by_touch_from_the_first_letter_to_the_pass_and_back(page: Stage) -> None:
    for letter in "nguy":
        page.probe.touch(f"key_{letter}")
    page.settle()
    assert page.probe.get("member_search", "input.text") == "nguy"
    page.probe.touch("key_next")
    page.settle()
    assert page.probe.focus() == "member_0", "Return goes on to whoever was found"
    assert not page.probe.item("key_next")
    page.probe.touch("member_0")
    page.settle()
    assert page.probe.get("member_name", "text") == AMELIE[0]
    assert "Quarterly by post" in str(page.probe.get("member_running", "text"))
    page.probe.touch("show_3-1")
    page.settle()
    assert page.on(Page.PASS)
    assert page.probe.get("pass_name", "text") == AMELIE[0]
    assert page.probe.get("pass_done", "text") == "Back to the members"
    page.probe.touch("pass_done")
    page.settle()
    assert page.on(Page.MEMBERS)
    assert page.probe.get("member_name", "text") == AMELIE[0]
    assert not page.probe.item("key_next"), "the keys do not cover whom one comes back to"
    page.probe.touch("member_back")
    page.settle()
    assert page.probe.get("member_search", "input.text") == "nguy"
    assert page.probe.item("member_0")


def test_by_keyboard_alone(page: Stage, walk: Walk) -> None:
    page.probe.type("ame")
    page.settle()
    page.probe.key(Qt.Key.Key_Return)
    assert page.probe.focus() == "member_0"
    assert page.probe.get("member_0", "visualFocus") is True
    page.probe.key(Qt.Key.Key_Return)
    page.settle()
    tab_to(page, "member_erase")
    page.probe.key(Qt.Key.Key_Space)
    page.settle()
    assert page.probe.focus() == "sheet_close", "nothing is done by a key pressed twice"
    page.probe.key(Qt.Key.Key_Escape)
    page.settle()
    assert walk.model(Page.MEMBERS).picked
    assert not walk.model(Page.MEMBERS).asking
    tab_to(page, "member_erase")
    page.probe.key(Qt.Key.Key_Return)
    tab_to(page, "erase_now")
    page.probe.key(Qt.Key.Key_Return)
    page.settle()
    assert "erased" in str(page.probe.get("member_report", "Accessible.name"))
    assert not page.probe.item("member_0")


def test_behind_the_question_nothing_can_be_reached(page: Stage, walk: Walk) -> None:
    walk.model(Page.MEMBERS).write("ame")
    page.settle()
    page.probe.touch("member_0")
    page.settle()
    page.probe.touch("member_erase")
    page.settle()
    met = set()
    for _ in range(30):
        page.probe.key(Qt.Key.Key_Tab)
        met.add(page.probe.focus())
    assert {"erase_keep", "erase_now", "sheet_close"} <= met
    assert not {"member_back", "member_erase", "show_3-1"} & met
    said = " ".join(
        str(page.probe.get(f"erase_{what}", "text")) for what in ("goes", "stays", "who")
    )
    for word in ("name and e-mail", "amount", "journal", "Owner", "PIN"):
        assert word in said
    page.probe.touch("erase_keep")
    page.settle()
    assert walk.model(Page.MEMBERS).picked


def test_every_row_of_a_long_list_is_reached_by_keys_and_stays_in_sight(
    page: Stage, walk: Walk
) -> None:
    page.resize(1024, 600)
    for number in range(12):
        sell(page, who=(f"Ames {number:02d}", f"x{number}@example.org"))
    model = walk.model(Page.MEMBERS)
    model.write("ame")
    page.settle()
    page.probe.key(Qt.Key.Key_Return)
    for number in range(13):
        assert page.probe.focus() == f"member_{number}"
        assert 0 < page.probe.centre(f"member_{number}").y() < 600
        page.probe.key(Qt.Key.Key_Tab)


@pytest.mark.parametrize("name", [LONG, ARABIC])
def test_any_name_leaves_the_buttons_their_place(stage: Stage, walk: Walk, name: str) -> None:
    stage.resize(800, 1280)
    sell(stage, "quarterly", who=(name, "any" * 20 + "@example.org"))
    walk.staff(Page.MEMBERS)
    model = walk.model(Page.MEMBERS)
    model.write("any")
    stage.settle()
    assert 0 < stage.probe.centre("member_0").x() < 800
    stage.probe.touch("member_0")
    stage.settle()
    assert int(str(stage.probe.get("member_name", "lineCount"))) <= 2
    for button in ("member_back", "member_erase", "show_3-1"):
        assert float(str(stage.probe.get(button, "height"))) >= TARGET
        assert 0 < stage.probe.centre(button).x() < 800 - TARGET / 2
    model.ask_to_erase()
    stage.settle()
    assert stage.probe.centre("erase_now").y() < 1280


def test_nobody_is_left_on_the_window_nor_named_in_its_title(page: Stage, walk: Walk) -> None:
    model = walk.model(Page.MEMBERS)
    model.write("ame")
    page.settle()
    page.probe.touch("member_0")
    page.settle()
    assert MARK in page.probe.written()
    assert MARK not in page.window.title()
    page.clock.forward(page.options.idle_seconds + 1)
    page.shell._idle.tick()
    page.settle()
    assert page.on(Page.ATTRACT)
    assert page.shell.till.staff is None
    assert MARK not in page.probe.written() + held(model) + page.window.title()
    walk.staff(Page.MEMBERS)
    assert page.probe.get("member_search", "input.text") == ""
    assert MARK not in page.probe.written()


def test_a_pass_that_was_shown_again_is_not_left_either(page: Stage, walk: Walk) -> None:
    model = walk.model(Page.MEMBERS)
    model.write("ame")
    page.settle()
    model.pick(model.found.rows[0].member_id)
    page.settle()
    page.probe.touch("show_3-1")
    page.settle()
    page.probe.touch("pass_done")
    page.settle()
    page.probe.touch("nav_close")
    page.settle()
    assert page.on(Page.ATTRACT)
    left = page.probe.written() + held(model)
    assert MARK not in left
    assert "image://code" not in left
