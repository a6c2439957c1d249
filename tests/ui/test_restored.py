"""Confirming a copy that was put back, and unlocking, through the window: by staff, never alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from kiosk.errors import (
    PassphraseWrong,
    RolledBack,
    StoreCorrupt,
    StoreForked,
    StoreFull,
    StoreInUse,
)
from kiosk.ui.hooks import Restored, WaysIn
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from kiosk.ui.text_restored import (
    is_restore,
    restore_texts,
    restored_texts,
    secret_help,
    secret_label,
)
from tests.ui.stage import Stage
from tests.ui.walk import METHODS, SECRET, Walk

FORKED = StoreForked(seq=7, other_seq=9, place="rail")


@pytest.fixture
def asked(stage: Stage, walk: Walk) -> Stage:
    """The question stands, and nothing was typed."""
    walk.restored()
    stage.probe.touch("fault_restore")
    stage.settle()
    return stage


def type_by_touch(stage: Stage, text: str) -> None:
    for letter in text:
        stage.probe.touch("key_space" if letter == " " else f"key_{letter}")


def test_by_touch_from_the_fault_to_the_shop(asked: Stage) -> None:
    assert "Sell on" in str(asked.probe.get("fault_title", "text"))
    assert not asked.probe.item("fault_retry")
    assert not asked.probe.item("key_next"), "what it means is read before the keys cover it"
    asked.probe.touch("passphrase", inside="input")
    asked.settle()
    type_by_touch(asked, SECRET)
    asked.probe.touch("key_next")
    asked.settle()
    assert "confirmed" in str(asked.probe.get("fault_title", "text"))
    assert asked.on(Page.FAULT)
    asked.probe.touch("restore_sell_on")
    asked.settle()
    assert asked.on(Page.ATTRACT)


def test_by_keyboard_alone(stage: Stage, walk: Walk) -> None:
    walk.restored()
    for name in ("fault_restore", "passphrase_input"):
        for _ in range(20):
            if stage.probe.focus() == name:
                break
            stage.probe.key(Qt.Key.Key_Tab)
        assert stage.probe.focus() == name
        stage.probe.key(Qt.Key.Key_Space)
        stage.settle()
    stage.probe.key(Qt.Key.Key_Backspace)
    stage.probe.type(SECRET)
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.probe.item("restore_sell_on")


def test_a_visitor_alone_gets_no_further_than_the_question(asked: Stage, walk: Walk) -> None:
    assert asked.probe.get("restore_confirm", "enabled") is False
    asked.probe.click("passphrase", inside="input")
    asked.probe.key(Qt.Key.Key_Return)
    asked.settle()
    assert asked.probe.get("passphrase", "problem") == ""
    asked.probe.type("0000")
    asked.probe.click("restore_confirm")
    asked.settle()
    assert asked.probe.get("passphrase", "problem") == problem_text(PassphraseWrong())
    assert walk.model(Page.FAULT).confirmed == []
    asked.shell.go_home()
    asked.settle()


def test_what_was_typed_goes_when_the_question_does(asked: Stage) -> None:
    asked.probe.click("passphrase", inside="input")
    asked.probe.type("half of a secr")
    asked.probe.key(Qt.Key.Key_Escape)
    asked.settle()
    assert asked.probe.item("fault_retry")
    asked.probe.touch("fault_restore")
    asked.settle()
    assert asked.probe.get("passphrase", "input.text") == ""


def test_a_second_tap_while_it_is_being_done_does_nothing(asked: Stage, walk: Walk) -> None:
    tried: list[str] = []
    model = walk.model(Page.FAULT)

    def restore(secret: str) -> Restored:
        tried.append(secret)
        raise PassphraseWrong

    model.ways_in = WaysIn(restore=restore)
    with asked.slow():
        model.restore("one")
        model.restore("two")
        model.keep_closed()
        assert model.asking
    assert tried == ["one"]


def test_another_error_begins_anew(asked: Stage, walk: Walk) -> None:
    begun: list[int] = []

    def restore(_secret: str) -> Restored:
        raise StoreFull(free_mb=1, needed_mb=2)

    walk.model(Page.FAULT).ways_in = WaysIn(restore=restore)
    asked.shell._hooks = type(asked.shell._hooks)(
        ways_in=WaysIn(start_over=lambda: begun.append(1))
    )
    walk.model(Page.FAULT).restore("anything")
    asked.settle()
    assert asked.probe.get("fault_sentence", "text") == problem_text(
        StoreFull(free_mb=1, needed_mb=2)
    )
    assert not asked.probe.item("fault_restore")
    asked.probe.touch("fault_retry")
    assert begun == [1]


@pytest.mark.parametrize(
    ("error", "may"),
    [
        (RolledBack(seq=1, anchor_seq=2), True), (FORKED, True),
        (StoreCorrupt(check="anchor"), True), (StoreCorrupt(check="anchor_missing"), True),
        (StoreCorrupt(check="anchor_lost"), True),
        (StoreCorrupt(check="anchor_foreign"), False), (StoreCorrupt(check="page"), False),
        (StoreInUse(folder="kiosk"), False), (ZeroDivisionError(), False), (None, False),
    ],
)  # fmt: skip
def test_only_a_copy_that_was_put_back_is_confirmed(error: Exception | None, may: bool) -> None:
    assert is_restore(error) is may


def test_without_a_way_to_do_it_it_is_not_offered(stage: Stage) -> None:
    stage.shell.fault(FORKED)
    stage.settle()
    assert not stage.probe.item("fault_restore")
    stage.shell._fault.ask_to_restore()
    assert not stage.shell._fault.asking


def test_what_it_means_depends_on_what_happened(qapp: QGuiApplication) -> None:
    forked, rolled = restore_texts(FORKED), restore_texts(RolledBack())
    assert forked[0] == rolled[0]
    assert "every other copy" in forked[0]
    assert "other copy has sold" in forked[1]
    assert "newer copy" in rolled[1]


@pytest.mark.parametrize(
    ("links", "unsent", "lines"), [(None, 0, 3), (0, 0, 3), (1, 0, 4), (5, 2, 5)]
)
def test_what_is_different_is_told_as_far_as_it_is_known(
    stage: Stage, links: int | None, unsent: int, lines: int
) -> None:
    done = Restored(
        services=stage.counter, next_receipt="K3.2-000001", passes_from=77, links_lost=links,
        unsent=unsent,
    )  # fmt: skip
    said = restored_texts(done)
    assert len(said) == lines
    assert "count the goods" in said[1]
    assert any("77" in line and "K3.2-000001" in line for line in said)
    if links == 1:
        assert "At least 1 link of the journal is missing." in said


@pytest.mark.parametrize(
    ("methods", "label", "helped"),
    [
        (set(), "Passphrase, PIN or recovery key", True),
        (METHODS, "Passphrase, PIN or recovery key", True),
        ({"passphrase", "recovery", "keychain"}, "Passphrase or recovery key", True),
        ({"passphrase"}, "Passphrase", False),
        ({"pin", "recovery"}, "PIN or recovery key", True),
        ({"recovery"}, "Recovery key", True),
        ({"keychain", "recovery"}, "Recovery key", True),
        ({"of a newer program"}, "Passphrase, PIN or recovery key", True),
    ],
)
def test_a_field_names_every_secret_that_opens_it(
    qapp: QGuiApplication, methods: set[str], label: str, helped: bool
) -> None:
    assert secret_label(frozenset(methods)) == label
    assert bool(secret_help(frozenset(methods))) is helped


def test_return_on_the_keys_of_the_screen_unlocks(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(ways_in=WaysIn(methods=lambda: METHODS))
    stage.open()
    tried: list[str] = []

    def unlock(secret: str) -> object:
        tried.append(secret)
        if secret != SECRET:
            raise PassphraseWrong
        return stage.counter

    stage.shell.needs_passphrase(unlock)  # type: ignore[arg-type]
    stage.settle()
    assert stage.probe.get("passphrase", "label") == "Passphrase, PIN or recovery key"
    assert "24 words" in str(stage.probe.get("secret_help", "text"))
    type_by_touch(stage, "no")
    stage.probe.touch("key_next")
    stage.settle()
    assert stage.on(Page.UNLOCK)
    assert stage.probe.focus() == "passphrase_input"
    assert stage.probe.get("key_next", "Accessible.name") == "Enter"
    for _ in "no":
        stage.probe.touch("key_backspace")
    type_by_touch(stage, SECRET)
    stage.probe.touch("key_next")
    stage.settle()
    assert tried == ["no", SECRET]
    assert stage.on(Page.ATTRACT)


def test_the_keys_of_other_fields_still_lead_to_the_next_one(stage: Stage, walk: Walk) -> None:
    walk.details(filled=False)
    stage.probe.touch("name", inside="input")
    assert stage.probe.get("key_next", "Accessible.name") == "Next field"
    stage.probe.touch("key_next")
    assert stage.probe.focus() == "email_input"


def test_what_is_in_the_way_after_the_right_secret_has_a_page_of_its_own(stage: Stage) -> None:
    def unlock(_secret: str) -> object:
        raise RolledBack(seq=1, anchor_seq=2)

    stage.shell.needs_passphrase(unlock)  # type: ignore[arg-type]
    stage.settle()
    stage.probe.type("right")
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.on(Page.FAULT)
    assert stage.shell._fault.code == "rolled_back"
