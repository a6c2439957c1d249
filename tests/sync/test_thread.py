"""The engine in its own thread: started, woken, stopped, and never in anybody's way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState, QueueHealth, Stopped
from kiosk.errors import RailKeyMissing
from sync.engine import Engine
from sync.thread import SyncThread

if TYPE_CHECKING:
    from tests.sync.conftest import World

PATIENCE_SECONDS = 20.0


class Watcher:
    """Waits for a health that a test describes."""

    def __init__(self) -> None:
        self.seen: list[QueueHealth] = []
        self._changed = threading.Condition()

    def __call__(self, health: QueueHealth) -> None:
        with self._changed:
            self.seen.append(health)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[QueueHealth], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: any(wanted(health) for health in self.seen), PATIENCE_SECONDS
            )


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture(autouse=True)
def _real_pauses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between rounds are real here; instants stay the world's own."""
    monkeypatch.setattr(world.clock, "monotonic", time.monotonic)
    world.healths = _Ignored()  # type: ignore[assignment]


class _Ignored:
    def append(self, _health: QueueHealth) -> None:
        """Healths go to the watcher."""


def thread_of(world: World, watcher: Watcher) -> SyncThread:
    def build(on_health: Callable[[QueueHealth], None]) -> Engine:
        engine = world.engine()
        object.__setattr__(engine._parts, "on_health", on_health)
        return engine

    return SyncThread(build, watcher)


def test_what_waits_at_the_start_is_carried(world: World, watcher: Watcher) -> None:
    sold = world.sell_cash()
    thread = thread_of(world, watcher)
    thread.start()
    watcher.wait_for(lambda h: h.counts.delivered == 1 and h.stopped is Stopped.NOTHING_DUE)
    assert thread.stop(PATIENCE_SECONDS)
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_a_wake_carries_what_came_later(world: World, watcher: Watcher) -> None:
    thread = thread_of(world, watcher)
    thread.start()
    watcher.wait_for(lambda h: h.stopped is Stopped.NOTHING_DUE)
    sell_through_the_till(world)
    thread.wake()
    watcher.wait_for(lambda h: h.counts.delivered == 1)
    assert thread.stop(PATIENCE_SECONDS)


def sell_through_the_till(world: World) -> None:
    """The till has a connection of its own, in its own thread."""
    file, sync = world.file, world.file.sync
    try:
        world.file.sync = file.till  # type: ignore[method-assign]
        world.sell_cash()
    finally:
        world.file.sync = sync  # type: ignore[method-assign]


def test_stopping_with_requests_in_flight_lets_them_end(world: World, watcher: Watcher) -> None:
    for _ in range(50):
        world.sell_cash()
    started = threading.Event()

    def notice(request: httpx.Request) -> None:
        if request.url.path == "/v1/invoices":
            started.set()

    world.wire.before = notice
    thread = thread_of(world, watcher)
    thread.start()
    assert started.wait(PATIENCE_SECONDS)
    assert thread.stop(PATIENCE_SECONDS)
    world.wire.before = lambda _request: None
    world.restart()
    assert world.drain().delivered == 50
    assert len(world.at_rail("invoice")) == 50
    assert len(world.at_rail("customer")) == 50


def test_requests_that_never_end_are_interrupted_and_settled_later(
    world: World, watcher: Watcher
) -> None:
    sold = [world.sell_cash() for _ in range(50)]
    inner = world.wire.inner.handle_async_request
    hanging = threading.Semaphore(0)

    async def hang(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            response = await inner(request)  # done at the rail, never heard of here
            hanging.release()
            await asyncio.sleep(3600)
            return response
        return await inner(request)

    world.wire.inner.handle_async_request = hang  # type: ignore[method-assign]
    thread = thread_of(world, watcher)
    thread.start()
    for _ in range(32):
        assert hanging.acquire(timeout=PATIENCE_SECONDS)
    assert not thread.stop(0.05)
    states = [world.entry(one.entries[0]).state for one in sold]
    assert states.count(EntryState.UNKNOWN) == 32
    assert all(world.entry(one.entries[0]).lease_token is None for one in sold)
    world.wire.inner.handle_async_request = inner  # type: ignore[method-assign]
    world.restart()
    assert world.drain().delivered == 50
    assert len(world.at_rail("customer")) == 50


@pytest.mark.expects_log_warning("sync_left_behind")
def test_a_thread_that_hangs_is_left_behind_after_a_bounded_wait(watcher: Watcher) -> None:
    entered, gate = threading.Event(), threading.Event()

    def build(_on_health: object) -> Engine:
        entered.set()
        gate.wait(PATIENCE_SECONDS)
        raise RailKeyMissing(mode="live", reason="no_key_file")

    thread = SyncThread(build, watcher)
    thread.start()
    assert entered.wait(PATIENCE_SECONDS)
    assert not thread.stop(0.01, 0.01)
    assert thread.alive
    gate.set()
    assert thread.stop(PATIENCE_SECONDS)
    assert not thread.alive


HANGING = """
import threading
from sync.thread import SyncThread

entered = threading.Event()

def build(_on_health):
    entered.set()
    threading.Event().wait()

thread = SyncThread(build, print)
thread.start()
entered.wait()
thread.stop(0.01, 0.01)
print("alive" if thread.alive else "ended")
"""


def test_the_process_ends_without_a_thread_that_hangs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGING],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "alive"), done.stderr


def test_stopping_before_anything_began_is_clean(world: World, watcher: Watcher) -> None:
    assert thread_of(world, watcher).stop(PATIENCE_SECONDS)


def test_stopping_at_once_is_clean(world: World, watcher: Watcher) -> None:
    thread = thread_of(world, watcher)
    thread.start()
    assert thread.stop(PATIENCE_SECONDS)
    assert thread.stop(PATIENCE_SECONDS)


def test_waking_a_thread_that_ended_is_nothing(world: World, watcher: Watcher) -> None:
    thread = thread_of(world, watcher)
    thread.wake()
    thread.start()
    thread.stop(PATIENCE_SECONDS)
    thread.wake()


def test_an_engine_that_cannot_be_built_is_told(watcher: Watcher) -> None:
    told: list[Exception] = []

    def build(_on_health: object) -> Engine:
        raise RailKeyMissing(mode="live", reason="no_key_file")

    thread = SyncThread(build, watcher, told.append)
    thread.start()
    thread.stop(PATIENCE_SECONDS)
    assert isinstance(told[0], RailKeyMissing)


@pytest.mark.expects_log_warning("sync_failed")
def test_a_bug_ends_the_thread_and_not_the_till(watcher: Watcher) -> None:
    told: list[Exception] = []

    def build(_on_health: object) -> Engine:
        raise ZeroDivisionError

    thread = SyncThread(build, watcher, told.append)
    thread.start()
    thread.stop(PATIENCE_SECONDS)
    assert isinstance(told[0], ZeroDivisionError)
