"""The process dies, at every commit and around every request; the next one finishes the work."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.outbox import EntryState
from sync.practice.app import PracticeStripe
from sync.practice.serve import serve

if TYPE_CHECKING:
    from tests.sync.conftest import Sold, World

POINTS_MAX: Final = 80
KILLS: Final = 5
SEED: Final = 77


class Killed(BaseException):
    """The machine lost its power. Nothing that runs after it may have any effect."""


class Fate:
    """Counts the points at which a process can die, and dies at one of them."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.points = 0
        self.dies_at = 0
        self.dead = False
        self._world = world
        writing = Buffer.writing
        fate = self

        @contextlib.contextmanager
        def mortal(buffer: Buffer) -> Iterator[UnitOfWork]:
            transaction: AbstractContextManager[UnitOfWork] = writing(buffer)
            with transaction as uow:
                yield uow
                fate.point()  # before the commit
            fate.point()  # after it

        monkeypatch.setattr(Buffer, "writing", mortal)
        inner = world.wire.inner.handle_async_request

        async def mortal_request(request: httpx.Request) -> httpx.Response:
            fate.point()  # before the bytes leave
            response = await inner(request)
            fate.point()  # the rail has done it, and nobody heard
            return response

        monkeypatch.setattr(world.wire.inner, "handle_async_request", mortal_request)

    def point(self) -> None:
        if self.dead:
            raise Killed
        self.points += 1
        if self.points == self.dies_at:
            self.dead = True
            raise Killed

    def drain_and_die_at(self, number: int) -> bool:
        """False when the drain was over before that point."""
        self.points, self.dies_at, self.dead = 0, number, False
        with contextlib.suppress(Killed):
            self._world.drain()
        died, self.dead, self.dies_at = self.dead, False, 0
        return died


def sell_cash(world: World) -> Sold:
    return world.sell_cash()


def sell_membership(world: World) -> Sold:
    return world.sell_membership()


@pytest.mark.parametrize("sell", [sell_cash, sell_membership], ids=lambda sell: sell.__name__)
def test_a_process_may_die_at_any_point(
    world: World, sell: Callable[[World], Sold], monkeypatch: pytest.MonkeyPatch
) -> None:
    fate = Fate(world, monkeypatch)
    for number in range(1, POINTS_MAX):
        sold = sell(world)
        died = fate.drain_and_die_at(number)
        world.restart()
        report = world.drain()
        assert (report.waiting, report.unknown, report.parked) == (0, 0, 0), number
        assert world.entry(sold.entries[0]).state is EntryState.DELIVERED, number
        kind = "invoice" if sell is sell_cash else "subscription"
        assert len(world.at_rail(kind, sold)) == 1, number
        assert len(world.at_rail("customer", sold)) == 1, number
        if not died:
            break
    else:
        pytest.fail("a drain has more points than this test knows")
    assert number > 20
    assert all(invoice["status"] == "paid" for invoice in world.at_rail("invoice"))
    totals = [invoice["total"] for invoice in world.at_rail("invoice")]
    assert set(totals) == {sold.sale.total_minor}
    assert len(totals) == number


def test_what_a_dead_process_had_sent_is_looked_for_before_it_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = world.sell_cash()
    fate = Fate(world, monkeypatch)

    def die_after_the_invoice(request: httpx.Request) -> None:
        if request.url.path == "/v1/invoiceitems" and request.method == "POST":
            fate.dead = True
            raise Killed

    world.wire.before = die_after_the_invoice
    with contextlib.suppress(Killed):
        world.drain()
    fate.dead = False
    world.wire.before = lambda _request: None
    world.wire.requests.clear()
    world.restart()
    world.drain()
    paths = [(r.method, r.url.path) for r in world.wire.requests]
    looked = paths.index(("GET", "/v1/invoiceitems"))
    assert looked < paths.index(("POST", "/v1/invoiceitems"))
    assert ("POST", "/v1/customers") not in paths
    assert len(world.at_rail("invoice", sold)) == 1


CHILD: Final = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[3], sys.argv[4]]
import conftest
from kiosk.buffer.buffer import BufferFile
from kiosk.domain.outbox import RailMode
from kiosk.system_clock import SystemClock
from sync.build import RailSettings, run_drain
clock = SystemClock()
held = BufferFile.open(Path(sys.argv[1]), conftest.KEYS, now_ms=clock.now_ms())
settings = RailSettings(mode=RailMode.PRACTICE, base_url=sys.argv[2], paced=False)
print("ready", flush=True)
report = run_drain(held.sync(), settings, clock)
held.close()
print(report.delivered, report.waiting, report.unknown, report.parked, flush=True)
"""


def test_a_killed_process_doubles_nothing(
    make_world: Callable[..., World], repository: Path
) -> None:
    """A real process, a real socket, a real SIGKILL, at moments drawn from a seed."""
    print(f"seed {SEED}")  # noqa: T201  (a failure shows how to repeat it)
    dice = random.Random(SEED)
    world = make_world()
    sold = [world.sell_cash() for _ in range(30)]
    world.file.close()
    stripe = PracticeStripe(clock=lambda: world.clock.true_ms, seed=SEED, latency_seconds=0.01)
    with serve(stripe) as address:
        command = [
            sys.executable, "-c", CHILD, str(world.folder), address,
            str(repository), str(repository / "tests" / "sync"),
        ]  # fmt: skip
        for _ in range(KILLS):
            child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(0.1 + dice.random() * 0.35)
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            child.stdout.close()
        last = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    world.restart_closed()
    assert last.stdout == "ready\n30 0 0 0\n"
    invoices = stripe.objects("invoice")
    assert sorted(i["metadata"]["kp_sale"] for i in invoices) == sorted(
        one.sale.sale_id for one in sold
    )
    assert all(i["status"] == "paid" and i["total"] == 2500 for i in invoices)
    assert len(stripe.objects("customer")) == 30
