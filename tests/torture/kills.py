"""Kills at random moments: while selling, draining, copying, and upgrading an earlier file."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.buffer.copy import check_copy, copy_buffer
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.errors import KioskError
from tests.buffer.migrator import LAST_MS, SECRET
from tests.torture import shim
from tests.torture.books import audit
from tests.torture.rounds import Ground, endure, look
from tests.torture.shim import Fault
from tests.torture.shops import (
    SALES_MOST,
    SHELF_KEY,
    Shop,
    drain,
    drain_once,
    sell,
    sell_one,
)
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work, run_until_killed

KILLS_PER_SAMPLE: Final = 3
ROUNDS_PER_FOLDER: Final = 25  # then a new one: what is read after each kill stays small
DEEP_EVERY: Final = 5
SELL_SECONDS: Final = 0.15
DRAIN_SECONDS: Final = 0.6
CALLS: Final = 600
DRAINS_MOST: Final = 20
SAMPLE: Final = Path(__file__).parent.parent / "data" / "buffers" / "0001_first_sale"
SAMPLE_SALES: Final = 4


def selling(ground: Ground, rounds: int) -> Tally:
    """The till alone, one sale after the other."""
    return _campaign(ground, rounds, Tally(part="selling"), (sell, SELL_SECONDS, _leave))


def draining(ground: Ground, rounds: int) -> Tally:
    """Sales and drains in turn; in the end the practice Stripe has each sale's bill once."""
    return _campaign(ground, rounds, Tally(part="draining"), (drain, DRAIN_SECONDS, _bills_once))


def copying(ground: Ground, rounds: int) -> Tally:
    """Sales and whole copies in turn; a copy that was called done holds every earlier sale."""
    return _campaign(ground, rounds, Tally(part="copying"), (_copy, SELL_SECONDS * 2, _copies_hold))


def migrating(ground: Ground, rounds: int) -> Tally:
    """The sample file of the first schema is opened, which brings it up to date, and sold in."""
    tally, started = Tally(part="migrating"), time.monotonic()
    calls = 2 * _calls_of(_old(ground.folder / "measured"))
    while tally.rounds < rounds:
        shop = _old(ground.folder / f"old{tally.rounds}")
        for _ in range(ground.dice.randint(1, KILLS_PER_SAMPLE)):
            # Mostly killed again before it was looked into: the next start meets what is left.
            endure(sell(shop), Moment.draw(ground.dice, SELL_SECONDS / 2, calls), shop, tally)
        look(shop, tally, deep=True, least=SAMPLE_SALES)
        shutil.rmtree(shop.folder)
    tally.seconds = time.monotonic() - started
    return tally


def migrating_everywhere(ground: Ground, rounds: int) -> Tally:
    """The same file, ended at each single change that the disk sees; `rounds` of them at most."""
    tally, started = Tally(part="migrating, each call"), time.monotonic()
    tally.skipped = shim.missing() or (None if shim.loaded() else "the library is not loaded")
    if tally.skipped:
        return tally
    calls = _calls_of(_old(ground.folder / "measured"))
    for call in sorted(ground.dice.sample(range(1, calls + 1), min(calls, rounds))):
        for fault in (Fault.KILL, Fault.TEAR):
            shop = _old(ground.folder / f"call{call}{fault.name}")
            endure(_open(shop), Moment(fault=fault, call=call), shop, tally)
            look(shop, tally, deep=True, least=SAMPLE_SALES)
            shutil.rmtree(shop.folder)
    tally.wrong += tally.kills < tally.rounds
    tally.seconds = time.monotonic() - started
    return tally


Task = tuple[Callable[[Shop], Work], float, Callable[[Shop, Tally], None]]


def _campaign(ground: Ground, rounds: int, tally: Tally, task: Task) -> Tally:
    """`task`: the work, the seconds it has at most, and what is looked at when a folder is done."""
    work, seconds, finish = task
    started, done = time.monotonic(), 0
    while done < rounds:
        shop = Shop(folder=ground.folder / f"{tally.part}{done}")
        shop.make()
        for _ in range(min(ROUNDS_PER_FOLDER, rounds - done)):
            done += 1
            endure(work(shop), Moment.draw(ground.dice, seconds, CALLS), shop, tally)
            if not look(shop, tally, deep=done % DEEP_EVERY == 0):
                break
        else:
            finish(shop, tally)
        shutil.rmtree(shop.folder)
    tally.seconds = time.monotonic() - started
    return tally


def _leave(shop: Shop, tally: Tally) -> None:
    """Nothing more to look at."""


def _bills_once(shop: Shop, tally: Tally) -> None:
    """Drain to the end; the practice Stripe then has one bill for each sale that is here."""
    world = shop.open()
    try:
        for _ in range(DRAINS_MOST):
            if drain_once(shop, world) == 0:
                break
    finally:
        world.file.close()
    sales = audit(shop.folder, shop.keys, shop.acknowledged, now_ms=shop.now_ms).ids
    shelf = PracticeShelf.open(shop.folder, SHELF_KEY)
    documents = [json.loads(text)["o"] for kind, _, text in shelf.load() if kind == "invoice"]
    shelf.close()
    bills = Counter(one["metadata"].get("kp_sale") for one in documents)
    for sale_id in sales | bills.keys():
        if bills[sale_id] != 1 or sale_id not in sales:
            tally.wrong += 1
            tally.tell(f"sale {sale_id} has {bills[sale_id]} bills")


def _copy(shop: Shop) -> Work:
    def work(say: Say) -> None:
        world = shop.open()
        paths = BufferPaths(folder=shop.folder)
        for _ in range(SALES_MOST):
            sell_one(world, say)
            target = shop.folder / f"copy{time.monotonic_ns()}"
            facts = copy_buffer(paths, shop.keys, target)
            target.rename(target.with_name(f"whole{facts.sales}-{target.name}"))

    return work


def _copies_hold(shop: Shop, tally: Tally) -> None:
    """Every copy that was called done is whole and holds what it said; the others are nobody's."""
    for path in shop.folder.glob("whole*"):
        said = int(path.name.removeprefix("whole").partition("-")[0])
        try:
            tally.wrong += check_copy(path, shop.keys).sales != said
        except KioskError as error:
            tally.wrong += 1
            tally.tell(f"a copy that was called whole: {error}")


def _old(folder: Path) -> Shop:
    shutil.copytree(SAMPLE, folder)
    return Shop(folder=folder, secret=SECRET, now_ms=LAST_MS)


def _calls_of(shop: Shop) -> int:
    """How many changes of files it takes to bring the sample up to date."""

    fate = run_until_killed(_open(shop), Moment(fault=Fault.KILL, call=0))
    return max(1, int(fate.after("calls")[0][0]))


def _open(shop: Shop) -> Work:
    def work(say: Say) -> None:
        shop.open().file.close()
        say(f"calls {shim.counted() if shim.loaded() else 0}")

    return work
