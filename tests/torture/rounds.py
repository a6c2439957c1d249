"""One round of the campaign: work until the end comes, learn what was acknowledged, and look."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.buffer.keys import BufferKeys
from kiosk.errors import KioskError
from tests.torture import shim
from tests.torture.books import audit
from tests.torture.shim import Fault
from tests.torture.shops import Shop
from tests.torture.tally import Tally
from tests.torture.victim import Fate, Moment, Work, run_until_killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a part happens and what its moments are drawn from."""

    folder: Path
    dice: random.Random


def each_call(ground: Ground, seconds: float, calls: int) -> Iterator[Moment]:
    """Without end: every call of a work that makes so many, in a mixed order; then each torn.

    By the clock, within so many seconds, where there are no faults at chosen calls.
    """
    while True:
        for fault in (Fault.KILL, Fault.TEAR):
            for call in ground.dice.sample(range(1, calls + 1), calls):
                if shim.loaded():
                    yield Moment(fault=fault, call=call)
                else:
                    yield Moment.draw(ground.dice, seconds, calls)


def endure(work: Work, moment: Moment, shop: Shop, tally: Tally) -> Fate:
    """Let a child work in the shop until the moment; what it had acknowledged is remembered."""
    fate = run_until_killed(work, moment)
    tally.rounds += 1
    tally.kills += fate.killed
    learn(fate, shop, tally)
    if fate.stumbled:
        tally.wrong += 1
        tally.tell(fate.said[-1])
    return fate


def learn(fate: Fate, shop: Shop, tally: Tally) -> None:
    """Remember the sales that were acknowledged."""
    acknowledged = {words[0]: words[1] for words in fate.after("ack")}
    tally.acknowledged += len(acknowledged)
    shop.acknowledged.update(acknowledged)


def look(
    shop: Shop, tally: Tally, *, deep: bool, least: int = 0, keys: BufferKeys | None = None
) -> bool:
    """Whether the folder opens and everything is true of it; what is not is counted."""
    try:
        found = audit(
            shop.folder, keys or shop.keys, shop.acknowledged, deep=deep, now_ms=shop.now_ms
        )
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"does not open: {error}")
        return False
    tally.lost += len(found.lost) + max(0, least - found.sales)
    tally.half += len(found.half)
    tally.wrong += len(found.wrong)
    for what in (*found.lost, *found.half, *found.wrong):
        tally.tell(what)
    return found.clean
