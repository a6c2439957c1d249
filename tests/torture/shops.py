"""Kiosk folders to be tortured, and the work that goes on in them until the end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.buffer.room import RoomRules
from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import RailMode
from kiosk.service.prepare import load_event
from kiosk.service.sell import record_sale
from sync.build import REFERENCE_KEY, RailSettings, run_drain
from tests.service.world import EVENTS, NOON_MS, HandClock, World
from tests.torture.victim import Say

EVENT: Final = "recipe-club.toml"
SECRET_BYTES: Final = 7 * 32
SALES_MOST: Final = 400  # in one child, should nobody end it
SHELF_KEY: Final = b"\x01" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A kiosk's folder, its keys, and the receipts it has acknowledged by sale id."""

    folder: Path
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES), repr=False)
    now_ms: int = NOON_MS
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> BufferKeys:
        """The keys that `World` takes out of the same secret."""
        raw = [self.secret[at : at + 32] for at in range(0, SECRET_BYTES, 32)]
        return BufferKeys(database=raw[3], journal=raw[4], anchor=raw[5], member_kek={1: raw[6]})

    def make(self) -> None:
        """A new buffer with the recipe club, and so many tasting plates that none is the last."""
        self.folder.mkdir(parents=True)
        world = World(folder=self.folder, secret=self.secret)
        source = (EVENTS / EVENT).read_text(encoding="utf-8")
        load_event(world.desk, source.replace("stock = 24", "stock = 1000000"), EVENT)
        with world.desk.buffer.writing() as uow:
            uow.settings.put_secret(REFERENCE_KEY, world.reference_key)
        world.file.close()

    def open(self) -> World:
        """The till over it, as after a restart."""
        return World(
            folder=self.folder, secret=self.secret, fresh=False, clock=HandClock(at_ms=self.now_ms)
        )


def sell_one(world: World, say: Say) -> None:
    """One sale of a drop and an item to a new member, acknowledged once it was recorded."""
    sale_id = SaleId(world.desk.make_id())
    draft = world.draft("tasting", "spice-jar", sale_id=sale_id, email=f"{sale_id}@example.org")
    say(f"try {sale_id}")
    sale = record_sale(world.desk, draft).sale
    say(f"ack {sale.sale_id} {sale.receipt_number}")


def sell(shop: Shop) -> Callable[[Say], None]:
    """Sell without end."""

    def work(say: Say) -> None:
        world = shop.open()
        for _ in range(SALES_MOST):
            sell_one(world, say)

    return work


def drain(shop: Shop) -> Callable[[Say], None]:
    """Sell a few and carry them to the practice Stripe, without end."""

    def work(say: Say) -> None:
        world = shop.open()
        for _ in range(SALES_MOST):
            sell_one(world, say)
            sell_one(world, say)
            drain_once(shop, world)
            say("drained")

    return work


def drain_once(shop: Shop, world: World) -> int:
    """One drain; how many entries are still to be carried."""
    report = run_drain(world.file.sync(), rail_of(shop), world.clock)
    return report.waiting + report.unknown


def rail_of(shop: Shop) -> RailSettings:
    """The practice Stripe, on an encrypted shelf in the same folder."""
    return RailSettings(
        mode=RailMode.PRACTICE, shelf=lambda: PracticeShelf.open(shop.folder, SHELF_KEY)
    )


def allow_small_disks() -> None:
    """Let buffers of this process open and sell on a disk of a few megabytes."""
    rules = RoomRules(least_to_sell=0, least_to_open=0, ballast_least=1 << 40)
    BufferFile.open.__func__.__kwdefaults__["rules"] = rules  # type: ignore[attr-defined]
