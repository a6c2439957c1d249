"""How much longer a sale takes while the sync wing writes down what it has carried."""

from __future__ import annotations

import threading
import time
from typing import Final

from benchmarks.figures import Figure, pair, percentile
from benchmarks.prepared import Press, write
from benchmarks.season import Season
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.outbox import RailMode

PAUSE_SECONDS: Final = 0.002  # of the rail, and of the person between two sales
LEASE_MS: Final = 60_000
P99_MOST: Final = 2.0


def while_draining(held: Season, rounds: int) -> list[Figure]:
    """Sales alone and beside a drainer, in turns of a tenth of the rounds."""
    press = Press(held.desk)
    samples: dict[bool, list[float]] = {False: [], True: []}
    number = 0
    # The first turn is not counted: it reads the pages that all the others find in memory.
    for turn in range(-1, 20):
        beside = bool(turn % 2) and turn > 0
        stop = threading.Event()
        sync = threading.Thread(target=_drain, args=(held, stop))
        if beside:
            sync.start()
        for _ in range(max(1, rounds // 10)):
            ready = press.prepare(number)
            number += 1
            started = time.perf_counter()
            with held.desk.buffer.writing() as uow:
                write(uow, ready)
            if turn >= 0:
                samples[beside].append(time.perf_counter() - started)
            time.sleep(PAUSE_SECONDS)
        stop.set()
        if beside:
            sync.join()
    ratio = percentile(samples[True], 0.99) / percentile(samples[False], 0.99)
    return [
        *pair("sale alone", samples[False]),
        *pair("sale while draining", samples[True]),
        Figure(name="sale p99 draining / alone", value=ratio, unit="x", target=P99_MOST),
    ]


def _drain(held: Season, stop: threading.Event) -> None:
    """Claim an entry, be away as long as a quick rail is, write down that it has to wait."""
    buffer, now_ms = held.kiosk.buffer_file.sync(), held.desk.clock.now_ms()
    while not stop.is_set():
        _carry_one(buffer, held.desk.mode, now_ms)
        time.sleep(PAUSE_SECONDS)


def _carry_one(buffer: Buffer, mode: RailMode, now_ms: int) -> None:
    request = ClaimRequest(mode=mode, now_ms=now_ms, lease_ms=LEASE_MS, limit=1)
    with buffer.writing() as uow:
        entries = uow.outbox.claim(request)
    time.sleep(PAUSE_SECONDS)
    with buffer.writing() as uow:
        for entry in entries:
            uow.outbox.later(entry, now_ms, "network")
