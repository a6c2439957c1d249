"""The runner does one thing after the other and answers where it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.errors import StoreBusy
from kiosk.ui.runner import JOBS_WAITING_MAX, Runner
from tests.ui.stage import pump


@pytest.fixture
def runner(qapp: QGuiApplication) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.stop()


def unexpected(error: Exception) -> None:
    raise AssertionError(error)


def test_work_is_done_elsewhere_and_answered_here(runner: Runner) -> None:
    here, seen = threading.get_ident(), []
    runner.submit(
        threading.get_ident, lambda there: seen.extend([there, threading.get_ident()]), unexpected
    )
    pump(lambda: runner.idle)
    assert seen[0] != here
    assert seen[1] == here


def test_answers_come_in_the_order_of_the_questions(runner: Runner) -> None:
    seen: list[int] = []
    for number in range(20):
        runner.submit(lambda number=number: number, seen.append, unexpected)  # type: ignore[misc]
    pump(lambda: runner.idle)
    assert seen == list(range(20))


def test_an_expected_error_is_handed_back_as_it_is(runner: Runner) -> None:
    failed: list[Exception] = []

    def work() -> None:
        raise StoreBusy

    runner.submit(work, lambda _none: unexpected(AssertionError()), failed.append)
    pump(lambda: runner.idle)
    assert isinstance(failed[0], StoreBusy)


@pytest.mark.expects_log_warning("job_crashed")
def test_a_bug_is_logged_and_the_worker_goes_on(runner: Runner) -> None:
    failed: list[Exception] = []
    runner.submit(lambda: int("absent"), lambda _none: None, failed.append)
    runner.submit(
        lambda: "still here", lambda answer: failed.append(RuntimeError(answer)), unexpected
    )
    pump(lambda: runner.idle)
    assert [type(error) for error in failed] == [ValueError, RuntimeError]


def test_too_much_waiting_work_is_refused_and_not_queued(runner: Runner) -> None:
    begun, gate = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait()

    runner.submit(work, lambda _none: None, unexpected)
    try:
        assert begun.wait(5)
        more = JOBS_WAITING_MAX + 9
        taken = [runner.submit(int, lambda _none: None, unexpected) for _ in range(more)]
    finally:
        gate.set()
    assert taken == [True] * JOBS_WAITING_MAX + [False] * 9
    pump(lambda: runner.idle)


def test_stopping_finishes_what_was_accepted(qapp: QGuiApplication) -> None:
    runner, done = Runner(), []
    for number in range(10):
        runner.submit(lambda number=number: done.append(number), lambda _none: None, unexpected)  # type: ignore[misc]
    runner.stop()
    assert done == list(range(10))
