"""A kiosk that has sold in every way, and a way to lose whole tables of it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.salvage import Owner, SalvageReport, salvage_buffer
from kiosk.buffer.settings import REFERENCE_KEY
from kiosk.buffer.wreck import Wreck
from kiosk.domain.outbox import Entry, RailMode
from kiosk.domain.sale import Sale
from kiosk.domain.tender import TenderKind
from kiosk.service.sell import record_sale
from tests.buffer.damage import LATER_MS, flip
from tests.service.world import World

MODE = RailMode.PRACTICE
SOLD = (
    (TenderKind.CASH, ("weekly", "spice-jar")),
    (TenderKind.PAY_LATER, ("weekly", "tasting")),
    (TenderKind.SCAN_TO_PAY, ("spice-jar",)),
    (TenderKind.CASH, ("tasting",)),
)


@dataclass
class Shop:
    """A kiosk that has sold in every way; it is open until it is damaged."""

    world: World
    sold: list[Sale]

    @property
    def paths(self) -> BufferPaths:
        return BufferPaths(folder=self.world.folder)

    def copy(self, folder: Path) -> Shop:
        """The same kiosk once more, open."""
        copied = Path(shutil.copytree(self.world.folder, folder / "kiosk"))
        world = World(folder=copied, secret=self.world.secret, fresh=False)
        return Shop(world=world, sold=list(self.sold))

    def entries(self) -> list[Entry]:
        with BufferFile.look(self.world.folder, self.world.keys) as buffer, buffer.reading() as uow:
            return [entry for sale in self.sold for entry in uow.outbox.of_sale(sale.sale_id)]

    def sell(self, tender: TenderKind, *offers: str) -> Sale:
        address = f"m{len(self.sold)}@example.org"
        draft = self.world.draft(*offers, email=address, tender=tender)
        self.sold.append(record_sale(self.world.desk, draft).sale)
        return self.sold[-1]

    def send(self, most: int) -> tuple[Entry, ...]:
        """As the engine does with the first step of each: committed, sent, answered."""
        request = ClaimRequest(mode=MODE, now_ms=LATER_MS, lease_ms=1, limit=most, everything=True)
        with self.world.file.sync().writing() as uow:
            entries = uow.outbox.claim(request)
            for entry in entries:
                key = f"kp1-3-{entry.sale_id}-invoice-{entry.seq}-g1"
                uow.outbox.freeze(entry, "invoice", 1, {"of": entry.entry_id}, key)
                uow.outbox.sending(entry, "invoice", LATER_MS)
                uow.outbox.keep_remote_id(entry, "invoice", f"in_{entry.seq}")
        return entries

    def lose(self, *tables: str) -> None:
        """Close the file, and damage every page of rows of these tables."""
        self.world.file.close()
        for page in self._pages_of(tables):
            flip(self.paths.buffer, (page - 1) * PAGE_BYTES + 1000)

    def salvage(self) -> SalvageReport:
        report = salvage_buffer(self.paths, self.world.keys, LATER_MS, Owner(device=3))
        self.world.file = BufferFile.open(self.world.folder, self.world.keys, now_ms=LATER_MS)
        self.world.desk = self.world.new_desk()
        return report

    def _pages_of(self, tables: tuple[str, ...]) -> Iterator[int]:
        wreck = Wreck(self.paths, self.world.keys.database, None)
        before = bytes(wreck._reached)
        for table in tables:
            for _ in wreck.rows(table, wreck.tally()):
                pass
        yield from (
            number
            for number, reached in enumerate(wreck._reached)
            if reached and not before[number]
        )
        wreck.close()


def make_shop(folder: Path) -> Shop:
    """One that has sold, and is closed."""
    (folder / "kiosk").mkdir()
    world = World(folder=folder / "kiosk", secret=secrets.token_bytes(7 * 32))
    world.load("recipe-club.toml")
    world.provision()
    with world.desk.buffer.writing() as uow:
        uow.settings.put_secret(REFERENCE_KEY, world.reference_key)
    shop = Shop(world=world, sold=[])
    for tender, offers in SOLD:
        shop.sell(tender, *offers)
    world.file.close()
    return shop
