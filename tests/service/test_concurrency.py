"""Two writers on one file: the till sells while the sync wing writes, and the till goes first."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.write_lock import WriteLock
from kiosk.domain.tender import TenderKind
from kiosk.service.desk import Desk
from kiosk.service.sell import record_sale
from tests.service.world import World

SALES = 40
LIMIT_SECONDS = 30.0


@contextmanager
def in_own_thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor


def carry(file: BufferFile, world: World, stop: threading.Event) -> int:
    """What the sync wing does to the file all day: claim, deliver, remember. How often it wrote."""
    buffer, rounds = file.sync(), 0
    while not stop.is_set():
        request = ClaimRequest(mode=world.mode, now_ms=world.clock.at_ms, lease_ms=60_000, limit=4)
        with buffer.writing() as uow:
            claimed = uow.outbox.claim(request)
        for entry in claimed:
            with buffer.writing() as uow:
                assert uow.outbox.deliver(entry, world.clock.at_ms)
        with buffer.writing() as uow:
            uow.mirror.put_cursor(world.mode, "events", str(rounds), world.clock.at_ms)
        rounds += 1
    return rounds


def test_the_till_sells_and_the_sync_wing_carries_at_the_same_time(world: World) -> None:
    stop = threading.Event()
    with in_own_thread() as carrier:
        carried = carrier.submit(carry, world.file, world, stop)
        try:
            for n in range(SALES):
                record_sale(world.desk, world.draft("spice-jar", email=f"m{n}@example.org"))
        finally:
            stop.set()
        # Neither side ever met StoreBusy: it would have come out of one of these two.
        assert carried.result(LIMIT_SECONDS) > 0
    facts = world.facts()
    assert facts["sales"] == SALES
    with world.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok
        counts = uow.outbox.counts(world.mode)
        assert counts.delivered + counts.waiting == SALES


def test_the_till_goes_before_sync_writers_that_came_earlier(world: World) -> None:
    """Sync holds the lock, more of sync queues up, then the till comes: it is next."""
    order: list[str] = []
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with world.file.sync().writing() as uow:
            uow.mirror.put_cursor(world.mode, "a", "1", world.clock.at_ms)
            holding.set()
            assert release.wait(LIMIT_SECONDS)
        order.append("sync held")
        with world.file.sync().writing() as uow:
            order.append("sync again")
            uow.mirror.put_cursor(world.mode, "a", "2", world.clock.at_ms)

    with in_own_thread() as carrier, in_own_thread() as runner:
        carried = carrier.submit(hold)
        assert holding.wait(LIMIT_SECONDS)
        sold = runner.submit(sell_noting, world.desk, world, order)
        wait_until_a_till_waits(world.file._write_lock)
        release.set()
        carried.result(LIMIT_SECONDS)
        sold.result(LIMIT_SECONDS)
    assert order.index("sold") < order.index("sync again")


def test_a_reader_beside_them_sees_whole_sales_only(world: World) -> None:
    stop, seen = threading.Event(), []

    def look() -> None:
        with BufferFile.look(world.folder, world.keys) as buffer:
            while not stop.is_set():
                with buffer.reading() as uow:
                    sales = len(uow.sales.newest(500))
                    assert uow.journal.head()[0] == sales + 1
                    assert uow.outbox.counts(world.mode).waiting == sales
                    seen.append(sales)

    with in_own_thread() as auditor:
        looked = auditor.submit(look)
        try:
            for n in range(SALES // 2):
                record_sale(world.desk, world.draft("spice-jar", email=f"m{n}@example.org"))
        finally:
            stop.set()
        looked.result(LIMIT_SECONDS)
    assert seen == sorted(seen)


def test_exposure_is_counted_while_sync_closes_watches(world: World) -> None:
    """Sales on trust and their settlement at the same time never let the limit be passed."""
    draft = world.draft("apron", tender=TenderKind.PAY_LATER)
    record_sale(world.desk, draft)
    stop = threading.Event()
    with in_own_thread() as carrier:
        carried = carrier.submit(carry, world.file, world, stop)
        try:
            for n in range(10):
                later = world.draft("apron", tender=TenderKind.PAY_LATER, email=f"m{n}@example.org")
                record_sale(world.desk, later)
        finally:
            stop.set()
        carried.result(LIMIT_SECONDS)
    with world.desk.buffer.reading() as uow:
        open_watches = len(uow.sales.waiting_for_payment(world.mode, 99))
        assert uow.sales.provisional_minor(world.mode, "eur") == 3900 * open_watches


def sell_noting(desk: Desk, world: World, order: list[str]) -> None:
    record_sale(desk, world.draft("spice-jar"))
    order.append("sold")


def wait_until_a_till_waits(lock: WriteLock) -> None:
    """Until the till stands in the queue of the write lock."""
    ends = time.monotonic() + LIMIT_SECONDS
    while not lock._tills_waiting:
        assert time.monotonic() < ends
        time.sleep(0.001)
