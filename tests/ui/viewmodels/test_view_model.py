"""What every view-model shares: one question at a time, one sentence, no answer to a past visit."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import SoldOut, StoreBusy
from kiosk.ui.runner import JOBS_WAITING_MAX
from kiosk.ui.shop_viewmodel import ShopViewModel, turns_at
from kiosk.ui.text import CRASH, problem_text
from kiosk.ui.viewmodel import ViewModel
from tests.ui.stage import Stage, pump
from tests.ui.walk import Walk


@pytest.fixture
def model(walk: Walk, kiosk: Stage) -> Any:
    return ViewModel(kiosk.shell.till)


def fail(error: Exception) -> Any:
    def work() -> None:
        raise error

    return work


def test_it_is_busy_until_the_answer_came(model: Any, kiosk: Stage) -> None:
    seen: list[object] = []
    with kiosk.slow():
        model.ask(lambda: 42, seen.append)
        assert model.busy
        assert seen == []
    assert seen == [42]
    assert not model.busy


def test_it_is_busy_until_the_last_of_several_answers(model: Any, kiosk: Stage) -> None:
    states: list[bool] = []
    with kiosk.slow():
        for _ in range(3):
            model.ask(lambda: None, lambda _none: states.append(model.busy))
    assert states == [True, True, False]


def test_looking_quietly_is_never_busy_and_never_complains(model: Any, kiosk: Stage) -> None:
    with kiosk.slow():
        model.ask(fail(StoreBusy()), lambda _none: None, quietly=True)
        assert not model.busy
    assert model.problem == ""


def test_a_quiet_look_leaves_a_standing_problem_alone(model: Any, kiosk: Stage) -> None:
    model.ask(fail(StoreBusy()), lambda _none: None)
    kiosk.settle()
    model.ask(lambda: None, lambda _none: None, quietly=True)
    kiosk.settle()
    assert model.problem == problem_text(StoreBusy())


def test_a_new_question_takes_the_old_problem_away(model: Any, kiosk: Stage) -> None:
    model.ask(fail(StoreBusy()), lambda _none: None)
    kiosk.settle()
    with kiosk.slow():
        model.ask(lambda: None, lambda _none: None)
        assert model.problem == ""


def test_leaving_takes_the_problem_away(model: Any, kiosk: Stage) -> None:
    model.ask(fail(StoreBusy()), lambda _none: None)
    kiosk.settle()
    model.leave()
    assert model.problem == ""


@pytest.mark.parametrize("error", [None, StoreBusy()], ids=str)
def test_an_answer_to_a_visit_that_is_over_is_dropped(
    model: Any, kiosk: Stage, error: Exception | None
) -> None:
    seen: list[object] = []
    with kiosk.slow():
        model.ask(fail(error) if error else lambda: 1, seen.append)
        kiosk.shell.till.visit.clear()
    assert seen == []
    assert model.problem == ""
    assert not model.busy


def test_every_answer_is_announced(model: Any, kiosk: Stage) -> None:
    heard: list[bool] = []
    model.changed.connect(lambda: heard.append(model.busy))
    model.ask(lambda: 1, lambda _one: None)
    kiosk.settle()
    assert heard == [True, False]


def test_a_sentence_names_the_offer_as_the_window_does(model: Any, kiosk: Stage) -> None:
    window = kiosk.shell.till.window
    assert window is not None
    model.ask(fail(SoldOut(offer="tote", left=1)), lambda _none: None)
    kiosk.settle()
    name = next(card.name for card in window.cards if card.code == "tote")
    assert name in model.problem
    assert "tote" not in model.problem.replace(name, "")


@pytest.mark.expects_log_warning("job_crashed")
def test_a_bug_has_a_calm_sentence_and_keeps_its_own_words(model: Any, kiosk: Stage) -> None:
    model.ask(fail(RuntimeError("maria@example.org")), lambda _none: None)
    kiosk.settle()
    assert model.problem == CRASH


def test_a_full_queue_leaves_nobody_busy_for_ever(model: Any, kiosk: Stage) -> None:
    runner = kiosk.runner
    with kiosk.slow():
        # The one that stands still may have been taken out of the queue already, or not.
        for _ in range(JOBS_WAITING_MAX + 1):
            runner.submit(lambda: None, lambda _none: None, lambda _error: None)
        model.ask(lambda: 1, lambda _one: None)
        assert not model.busy
    pump(lambda: runner.idle)
    model.ask(lambda: 1, lambda _one: None)
    kiosk.settle()
    assert not model.busy


def test_another_language_is_a_change(model: Any) -> None:
    heard: list[int] = []
    model.changed.connect(lambda: heard.append(1))
    model.retranslate()
    assert heard == [1]


def test_a_shop_view_model_ticks_only_while_it_is_shown(walk: Walk, kiosk: Stage) -> None:
    model = ShopViewModel(kiosk.shell.till)
    model.enter()
    assert model._timer.isActive()
    model.leave()
    kiosk.settle()
    assert not model._timer.isActive()


def test_a_drop_that_turns_is_looked_at_at_once(walk: Walk, kiosk: Stage) -> None:
    window: Any = kiosk.shell.till.window
    model = ShopViewModel(kiosk.shell.till)
    model.look()
    kiosk.settle()
    turns = min(at for card in window.cards if (at := turns_at(card)) is not None)
    model._read_ms = turns - 1
    assert model._a_drop_has_turned(turns)
    assert not model._a_drop_has_turned(turns - 1)
    model._read_ms = turns
    assert not model._a_drop_has_turned(turns + 5)
