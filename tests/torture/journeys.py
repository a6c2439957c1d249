"""One kiosk's way to another laptop, and what both send to the one practice Stripe on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.domain.outbox import RailMode
from kiosk.errors import KioskError
from kiosk.opening import OpenKiosk
from kiosk.system_clock import SystemClock
from kiosk.vault import Vault
from sync.build import RailSettings, run_drain
from tests.torture.rounds import Ground, endure
from tests.torture.shops import SHELF_KEY, Shop
from tests.torture.tally import Tally
from tests.torture.victim import Fate, Moment, Say, Work, run_until_killed
from tests.torture.whole import Whole, sell_jar

DRAIN_SECONDS: Final = 1.0
DRAIN_CALLS: Final = 400
NEW_SALES: Final = 3
DRAINS_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One kiosk's way to another laptop: its folder, the box, the new folder and the one Stripe."""

    old: Whole
    held: Vault
    ground: Ground
    tally: Tally
    home: Path
    imports: Iterator[Moment]
    hand_overs: Iterator[Moment]

    @property
    def box(self) -> Path:
        return self.home / "stick" / "box.kiosk"

    @property
    def target(self) -> Path:
        return self.home / "new"

    @property
    def stripe(self) -> Path:
        return self.home / "stripe"

    def endure(self, work: Work, moment: Moment, whole: Whole | None = None) -> Fate:
        """One round: a child does this until it is killed."""
        there = whole or self.old
        shop = Shop(folder=there.folder, acknowledged=there.acknowledged)
        return endure(work, moment, shop, self.tally)

    def draw(self, seconds: float, calls: int) -> Moment:
        return Moment.draw(self.ground.dice, seconds, calls)

    def wrong(self, what: str) -> bool:
        """Tell that this must not be; False."""
        self.tally.wrong += 1
        self.tally.tell(what)
        return False


def drain(journey: Journey, sender: Whole) -> Work:
    """What the sender does with its day: it sells a little where it may, and sends."""
    held = sender.unlock()

    def work(say: Say) -> None:
        kiosk, desk = sender.open(held)
        try:
            for _ in range(NEW_SALES):
                say(sell_jar(desk, sender))
        except KioskError:
            say("stopped")  # another copy has been at the rail: it sends what it has
        for _ in range(DRAINS_MOST):
            if _sent(journey, kiosk):
                break

    return work


def drain_to_the_end(journey: Journey, sender: Whole) -> None:
    """In a child that nobody ends, so that what it logs is not ours."""
    held = sender.unlock()

    def work(say: Say) -> None:
        kiosk, _ = sender.open(held)
        for _ in range(DRAINS_MOST):
            if _sent(journey, kiosk):
                say("sent")
                break
        kiosk.close()

    fate = run_until_killed(work, Moment())
    if fate.said != ("sent",):
        journey.wrong(f"not everything was sent from {sender.folder.name}: {fate.said}")


def _sent(journey: Journey, kiosk: OpenKiosk) -> bool:
    """Drain once; whether nothing waits any more."""
    shelf = partial(PracticeShelf.open, journey.stripe, SHELF_KEY)
    rail = RailSettings(mode=RailMode.PRACTICE, shelf=shelf)
    report = run_drain(kiosk.buffer_file.sync(), rail, SystemClock())
    return report.waiting + report.unknown == 0
