"""A folder with real sales in it, and ways to damage a copy of it."""

from __future__ import annotations

import random
import secrets
import shutil
from pathlib import Path

from kiosk.buffer.audit import AuditReport, audit_buffer
from kiosk.buffer.btree import TABLE_INTERIOR, _children, kind_of
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.database import connect_to_read
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.salvage import Owner, SalvageReport, salvage_buffer
from kiosk.buffer.wreck import Wreck
from kiosk.domain.sale import Sale
from kiosk.domain.tender import TenderKind
from kiosk.service.sell import record_sale
from tests.service.world import NOON_MS, World

OFFERS = ("weekly", "four-weeks", "spice-jar", "tasting")
LATER_MS = NOON_MS + 60_000


class Shopful:
    """A world that has sold; `copy` gives its files to be damaged, as a crash would leave them."""

    def __init__(self, folder: Path, sales: int) -> None:
        self.folder = folder / "kiosk"
        self.folder.mkdir()
        self._copies = 0
        world = World(folder=self.folder, secret=secrets.token_bytes(7 * 32))
        world.load("recipe-club.toml")
        world.provision()
        dice = random.Random(5)
        self.sold: list[Sale] = []
        for number in range(sales):
            draft = world.draft(
                *dice.sample(OFFERS, 1 + number % 2),
                email=f"m{number}@example.org",
                tender=(TenderKind.CASH, TenderKind.PAY_LATER)[number % 2],
            )
            self.sold.append(record_sale(world.desk, draft).sale)
        self.keys: BufferKeys = world.keys
        # Before it is closed: the log still holds what closing would move into the file.
        self.crashed = folder / "crashed"
        shutil.copytree(self.folder, self.crashed)
        world.file.close()

    def copy(self, *, crashed: bool = False) -> BufferPaths:
        """A copy of the folder, closed in order or left by a crash."""
        self._copies += 1
        target = self.folder.parent / f"copy{self._copies}"
        shutil.copytree(self.crashed if crashed else self.folder, target)
        (target / "buffer.db-shm").unlink(missing_ok=True)
        return BufferPaths(folder=target)

    def roots(self) -> dict[str, int]:
        """The first page of each table and index."""
        connection = connect_to_read(self.folder / "buffer.db", self.keys.database)
        try:
            rows = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
            return {str(name): int(root) for name, root in rows}
        finally:
            connection.close()

    def pages(self) -> int:
        """How many pages the file has."""
        return (self.folder / "buffer.db").stat().st_size // PAGE_BYTES

    def audit(self, paths: BufferPaths) -> AuditReport:
        """A full check."""
        return audit_buffer(paths, self.keys)

    def salvage(self, paths: BufferPaths) -> SalvageReport:
        """A salvage, a minute after the last sale."""
        return salvage_buffer(paths, self.keys, LATER_MS, Owner(device=3))

    def open(self, paths: BufferPaths) -> BufferFile:
        """The kiosk's next start."""
        return BufferFile.open(paths.folder, self.keys, now_ms=LATER_MS)

    def read(self, paths: BufferPaths) -> list[Sale]:
        """Every sale that is there."""
        with BufferFile.look(paths.folder, self.keys) as buffer, buffer.reading() as uow:
            return list(uow.sales.each())


def flip(path: Path, at: int, mask: int = 1) -> None:
    """One or more bits the other way round."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes((byte ^ mask,)))


def flip_in_page(path: Path, page: int, at: int = 1000) -> None:
    """A flipped bit in this page, from 1."""
    flip(path, (page - 1) * PAGE_BYTES + at)


def lose(shopful: Shopful, paths: BufferPaths, table: str) -> None:
    """Damage a page with rows of this table: its first one, or one that hangs on it."""
    wreck = Wreck(paths, shopful.keys.database, None)
    number = shopful.roots()[table]
    page = wreck.read(number)
    assert page is not None
    if kind_of(page, number) in {2, TABLE_INTERIOR}:
        number = _children(page, number)[0]
    wreck.close()
    flip_in_page(paths.buffer, number)
