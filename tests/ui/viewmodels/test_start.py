"""Before the shop opens: the passphrase, the faults, and an empty kiosk."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import (
    ConfigInvalid,
    EventFileInvalid,
    KeychainLocked,
    KeyFileDamaged,
    KioskError,
    Mistake,
    NoEvent,
    PassphraseWrong,
    StoreCorrupt,
    StoreFull,
    leaves,
)
from kiosk.ui.pages import Page
from kiosk.ui.text import CRASH, problem_text
from kiosk.ui.viewmodels.start import MISTAKES_SHOWN_MAX
from tests.ui.stage import Stage
from tests.ui.walk import Walk

LEAVES = [leaf for leaf in leaves() if leaf.__module__.startswith("kiosk.errors.")]
MANY = tuple(Mistake(f"drop.{n}", "-1", "must be 0 or more") for n in range(50))


@pytest.fixture
def fault(walk: Walk) -> Any:
    return walk.model(Page.FAULT)


def make(leaf: type[KioskError]) -> KioskError:
    if leaf in {EventFileInvalid, ConfigInvalid}:
        return leaf((Mistake("event.name", "", "is missing"),))
    return leaf()


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_every_error_has_a_heading_a_sign_a_sentence_and_a_code(
    fault: Any, leaf: type[KioskError]
) -> None:
    error = make(leaf)
    fault.show(error, None)
    assert fault.sentence == problem_text(error)
    assert fault.title
    assert fault.sign in {"store", "lock", "alert"}
    assert fault.code == leaf.code
    assert not fault.can_retry


@pytest.mark.parametrize(
    ("error", "sign"), [(StoreCorrupt(), "store"), (KeyFileDamaged(), "lock"), (NoEvent(), "alert")]
)
def test_the_sign_tells_which_part_it_is_about(fault: Any, error: Exception, sign: str) -> None:
    fault.show(error, None)
    assert fault.sign == sign


def test_a_fault_of_ours_names_its_kind_and_no_more(fault: Any) -> None:
    fault.show(ZeroDivisionError("maria@example.org"), None)
    assert fault.sentence == CRASH
    assert fault.code == "ZeroDivisionError"
    assert "maria" not in fault.title + fault.sentence + fault.code


def test_each_mistake_of_a_file_is_listed_up_to_a_bound(fault: Any) -> None:
    fault.show(EventFileInvalid(MANY), None)
    assert len(fault.mistakes) == MISTAKES_SHOWN_MAX
    assert fault.mistakes[0] == "drop.0 = -1: must be 0 or more"
    fault.show(StoreFull(), None)
    assert fault.mistakes == []


def test_before_anything_went_wrong_nothing_is_said(kiosk: Stage) -> None:
    from kiosk.ui.viewmodels.start import FaultVM

    fresh = FaultVM(kiosk.shell.till)
    assert (fresh.sentence, fresh.mistakes, fresh.can_retry) == ("", [], False)


def test_trying_again_does_what_it_was_given(fault: Any, kiosk: Stage) -> None:
    tried: list[int] = []
    kiosk.shell.fault(StoreFull(), lambda: tried.append(1))
    assert fault.can_retry
    fault.retry()
    fault.retry()
    assert tried == [1, 1]
    kiosk.shell.fault(StoreFull())
    assert not fault.can_retry
    fault.retry()
    assert tried == [1, 1]


def test_a_retry_that_helps_leads_to_the_first_page(fault: Any, kiosk: Stage) -> None:
    with kiosk.failing(shop_window=StoreFull()):
        kiosk.shell.go_home()
        kiosk.settle()
        assert kiosk.on(Page.FAULT)
        fault.retry()
        kiosk.settle()
        assert kiosk.on(Page.FAULT)
    fault.retry()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)


def test_a_fault_is_said_again_in_another_language(fault: Any, kiosk: Stage) -> None:
    kiosk.shell.fault(StoreFull())
    english = fault.title, fault.sentence
    kiosk.shell._app.choose_language("de")
    assert fault.title != english[0]
    assert fault.sentence != english[1]


def test_without_an_event_one_can_look_again(walk: Walk, kiosk: Stage) -> None:
    with kiosk.failing(shop_window=NoEvent()):
        kiosk.shell.go_home()
        kiosk.settle()
        assert kiosk.on(Page.EMPTY)
        walk.model(Page.EMPTY).look_again()
        kiosk.settle()
        assert kiosk.on(Page.EMPTY)
    walk.model(Page.EMPTY).look_again()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)


def test_a_wrong_passphrase_is_said_and_kept_nowhere(walk: Walk, kiosk: Stage) -> None:
    tried: list[str] = []

    def unlock(secret: str) -> Any:
        tried.append(secret)
        if secret != "the right one":
            raise PassphraseWrong
        return kiosk.counter

    kiosk.shell.needs_passphrase(unlock)
    model = walk.model(Page.UNLOCK)
    model.unlock("")
    assert tried == []
    model.unlock("no")
    kiosk.settle()
    assert model.problem == problem_text(PassphraseWrong())
    assert kiosk.on(Page.UNLOCK)
    with kiosk.slow():
        model.unlock("the right one")
        model.unlock("the right one")
        assert model.busy
    assert tried == ["no", "the right one"]
    assert kiosk.on(Page.ATTRACT)
    held = [value for value in vars(model).values() if isinstance(value, str)]
    assert held == []


def test_why_the_passphrase_is_asked_for_is_said_until_it_is_tried(
    walk: Walk, kiosk: Stage
) -> None:
    kiosk.shell.needs_passphrase(lambda _secret: kiosk.counter, KeychainLocked())
    model = walk.model(Page.UNLOCK)
    assert model.problem == problem_text(KeychainLocked())
    model.unlock("the right one")
    assert model.problem == ""
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)
    kiosk.shell.needs_passphrase(lambda _secret: kiosk.counter)
    assert model.problem == ""


def test_an_unlocking_nobody_waits_for_does_nothing(kiosk: Stage) -> None:
    from kiosk.ui.viewmodels.start import UnlockVM

    model = UnlockVM(kiosk.shell.till)
    model.unlock("anything")
    assert not model.busy
