"""Power cuts that are thought up: what was flushed is there, of the rest anything may be.

A child sells while every change of a file is recorded. Then the power goes at a random point of the
record: each write since its file's last flush is there, is missing, or is torn.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.buffer.files import BUFFER_NAME
from tests.torture import shim
from tests.torture.rounds import Ground, look
from tests.torture.shops import Shop, sell_one
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work, run_until_killed

SALES: Final = 25
REST_EVERY: Final = 4  # sales; at rest the log is moved into the file
CUTS_PER_RECORD: Final = 25
SECTOR: Final = 512
KEPT: Final = (BUFFER_NAME, f"{BUFFER_NAME}-wal", "buffer.anchor")
_RECORD: Final = struct.Struct("=c47sqq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A write (W), a flush (F), a length (T) or something said (A), in the order of their time."""

    what: str
    name: str = ""
    at: int = 0
    data: bytes = field(default=b"", repr=False)


def cutting(ground: Ground, rounds: int) -> Tally:
    """Sell with a record, cut the power anywhere in it, and look at what a disk may hold then."""
    tally, started = Tally(part="power cut"), time.monotonic()
    tally.skipped = shim.missing() or (None if shim.loaded() else "the library is not loaded")
    if tally.skipped:
        return tally
    while tally.rounds < rounds:
        shop = Shop(folder=ground.folder / f"sold{tally.rounds}")
        shop.make()
        before = Path(shutil.copytree(shop.folder, ground.folder / "before"))
        tape = ground.folder / "tape"
        run_until_killed(_sell(shop, tape), Moment())
        events = list(read_tape(tape))
        for _ in range(min(CUTS_PER_RECORD, rounds - tally.rounds)):
            _cut(before, events, (shop, ground), tally)
        for path in (before, shop.folder):
            shutil.rmtree(path)
        tape.unlink()
    tally.seconds = time.monotonic() - started
    return tally


def read_tape(tape: Path) -> Iterator[Event]:
    """What faults.c wrote down, event by event."""
    with tape.open("rb") as file:
        while raw := file.read(_RECORD.size):
            what, name, at, size = _RECORD.unpack(raw)
            data = file.read(size) if what in b"WA" else b""
            yield Event(what=what.decode(), name=name.rstrip(b"\0").decode(), at=int(at), data=data)


def after_the_cut(start: bytes, events: list[Event], dice: random.Random) -> bytes:
    """What one file may hold: flushed events are there, each later one whole, in part or not."""
    last = max((n for n, event in enumerate(events) if event.what == "F"), default=-1)
    content = bytearray(start)
    # A disk may lose all of what was not flushed, or nothing, or anything between.
    share = dice.choice((0.0, 0.5, 0.9, 1.0))
    for number, event in enumerate(events):
        if number <= last or dice.random() < share:
            _apply(content, event, dice, whole=number <= last or dice.random() < 0.8)
    return bytes(content)


def _apply(content: bytearray, event: Event, dice: random.Random, *, whole: bool) -> None:
    if event.what == "T":
        del content[event.at :]
        content.extend(bytes(event.at - len(content)))
    elif event.what == "W":
        data = event.data
        if not whole:
            data = data[: SECTOR * dice.randint(0, len(data) // SECTOR)]
        content.extend(bytes(max(0, event.at - len(content))))
        content[event.at : event.at + len(data)] = data


def _cut(before: Path, events: list[Event], ground: tuple[Shop, Ground], tally: Tally) -> None:
    sold, (folder, dice) = ground[0], (ground[1].folder / "cut", ground[1].dice)
    seen = events[: dice.randint(1, len(events))]
    of_file: dict[str, list[Event]] = defaultdict(list)
    for event in seen:
        of_file[event.name].append(event)
    shutil.copytree(before, folder)
    (folder / f"{BUFFER_NAME}-shm").unlink(missing_ok=True)
    for name in KEPT:
        path = folder / name
        start = path.read_bytes() if path.exists() else b""
        if start or of_file[name]:
            path.write_bytes(after_the_cut(start, of_file[name], dice))
    words = [event.data.decode().split(" ") for event in seen if event.what == "A"]
    shop = Shop(
        folder=folder,
        secret=sold.secret,
        acknowledged={line[1]: line[2] for line in words if line[0] == "ack"},
    )
    tally.rounds += 1
    tally.acknowledged += len(shop.acknowledged)
    look(shop, tally, deep=True)
    shutil.rmtree(folder)


def _sell(shop: Shop, tape: Path) -> Work:
    def work(say: Say) -> None:
        shim.record(tape)
        world = shop.open()
        for number in range(SALES):
            sell_one(world, shim.said)
            if number % REST_EVERY == 0:
                world.desk.buffer.rest()
        os._exit(0)

    return work
