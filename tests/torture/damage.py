"""What a disk does to a file: flushes that fail, no room, bits that turn over."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError, StoreError, StoreUnsure
from kiosk.service.sell import record_sale
from tests.torture import shim
from tests.torture.books import Audit, audit
from tests.torture.rounds import Ground, endure, learn, look
from tests.torture.shim import Fault
from tests.torture.shops import Shop, allow_small_disks, sell_one
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work, run_until_killed

SALES_IN_SAMPLE: Final = 25
SALES_UNTIL_REFUSED: Final = 40
TRIES_AFTER: Final = 3
DISK_MEGABYTES: Final = 24
SPARE_KIB_MOST: Final = 700
MEGABYTE: Final = 1024 * 1024
MOUNT_SECONDS: Final = 20


def flushing(ground: Ground, rounds: int) -> Tally:
    """A flush fails somewhere, once or from then on; a sale that was refused is not there later."""
    tally, started = Tally(part="flush fails"), time.monotonic()
    tally.skipped = shim.missing() or (None if shim.loaded() else "the library is not loaded")
    if tally.skipped:
        return tally
    for number in range(rounds):
        shop = Shop(folder=ground.folder / f"flush{number}")
        shop.make()
        call = ground.dice.randint(1, 25)
        times = ground.dice.choice((1, 2, 5, 1000))
        moment = Moment(fault=Fault.FLUSH_FAILS, call=call, times=times)
        fate = endure(_sell_until_refused(shop), moment, shop, tally)
        look(shop, tally, deep=True)
        there = audit(shop.folder, shop.keys, {}).ids
        for sale_id, code in fate.after("refused"):
            if sale_id in there and sale_id not in shop.acknowledged:
                tally.wrong += 1
                tally.tell(f"refused as {code} and there all the same: {sale_id}")
        for (sale_id,) in fate.after("unflushed"):
            tally.wrong += 1
            tally.tell(f"acknowledged although its flush had failed: {sale_id}")
        shutil.rmtree(shop.folder)
    tally.seconds = time.monotonic() - started
    return tally


def filling(ground: Ground, rounds: int) -> Tally:
    """Selling until a small disk is full, killed there; with room again, selling goes on."""
    tally, started = Tally(part="disk full"), time.monotonic()
    tally.skipped = _no_small_disk()
    if tally.skipped:
        return tally
    allow_small_disks()
    with _small_disk(ground.folder / "disk") as disk:
        if disk is None:
            tally.skipped = "nobody may mount a disk here"
            return tally
        for number in range(rounds):
            _fill_up(Shop(folder=disk / f"full{number}"), disk, ground, tally)
    tally.seconds = time.monotonic() - started
    return tally


def _fill_up(shop: Shop, disk: Path, ground: Ground, tally: Tally) -> None:
    shop.make()
    filler = disk / "filler"
    _fill(filler, disk, ground.dice.randint(100, SPARE_KIB_MOST) * 1024)
    fate = endure(_sell_until_refused(shop), Moment(), shop, tally)
    # A round in which the disk never was full would show nothing.
    tally.wrong += not any(fate.after(word) for word in ("refused", "unsure", "closed"))
    filler.unlink()
    if look(shop, tally, deep=True):
        before = len(shop.acknowledged)
        endure(_sell_some(shop), Moment(), shop, tally)
        tally.wrong += len(shop.acknowledged) == before
        look(shop, tally, deep=True)
    shutil.rmtree(shop.folder)


def flipping(ground: Ground, rounds: int) -> Tally:
    """One bit of the file or of its log turns over: it is found, or every sale is there."""
    tally, started = Tally(part="bits flipped"), time.monotonic()
    closed, killed = _samples(ground, tally)
    for _ in range(rounds):
        sample, name = ground.dice.choice(
            ((closed, "buffer.db"), (killed, "buffer.db"), (killed, "buffer.db-wal"))
        )
        folder = Path(shutil.copytree(sample.folder, ground.folder / "flipped"))
        where = _flip(folder / name, ground.dice)
        tally.rounds += 1
        try:
            found = audit(folder, sample.keys, sample.acknowledged, deep=True)
        except KioskError:
            tally.found += 1
        else:
            _judge(found, tally, f"{name} {where} of a {sample.folder.name} file")
        shutil.rmtree(folder)
    tally.seconds = time.monotonic() - started
    return tally


def _judge(found: Audit, tally: Tally, where: str) -> None:
    """It opened: then a check has to name the damage, or nothing may be missing."""
    if found.wrong:
        tally.found += 1
    elif found.lost or found.half:
        tally.missed += 1
        tally.tell(f"not found: {where}")
    else:
        tally.harmless += 1


def _samples(ground: Ground, tally: Tally) -> tuple[Shop, Shop]:
    """The same sales in a file that was closed, and in one whose till was killed."""
    closed = Shop(folder=ground.folder / "closed")
    closed.make()
    fate = run_until_killed(_sell_some(closed), Moment())
    learn(fate, closed, tally)
    killed = Shop(
        folder=Path(shutil.copytree(closed.folder, ground.folder / "killed")), secret=closed.secret
    )
    killed.acknowledged.update(closed.acknowledged)
    fate = run_until_killed(_then_die(killed), Moment())
    learn(fate, killed, tally)
    assert (killed.folder / "buffer.db-wal").stat().st_size > 0
    return closed, killed


def _sell_some(shop: Shop) -> Work:
    def work(say: Say) -> None:
        world = shop.open()
        for _ in range(SALES_IN_SAMPLE):
            sell_one(world, say)
        world.file.close()

    return work


def _then_die(shop: Shop) -> Work:
    def work(say: Say) -> None:
        world = shop.open()
        for _ in range(SALES_IN_SAMPLE):
            sell_one(world, say)
        os.kill(os.getpid(), 9)

    return work


def _sell_until_refused(shop: Shop) -> Work:
    """Sell; after the first refusal try a few times more; then the power goes."""

    def work(say: Say) -> None:
        try:
            world = shop.open()
        except StoreError as error:
            say(f"closed {error.code}")
            return
        refused = 0
        for _ in range(SALES_UNTIL_REFUSED):
            sale_id = world.desk.make_id()
            draft = world.draft(
                "tasting", "spice-jar", sale_id=sale_id, email=f"{sale_id}@example.org"
            )
            try:
                sale = record_sale(world.desk, draft).sale
            except StoreUnsure:
                say(f"unsure {sale_id}")
                refused += 1
            except StoreError as error:
                say(f"refused {sale_id} {error.code}")
                refused += 1
            else:
                say(f"ack {sale.sale_id} {sale.receipt_number}")
                if shim.loaded() and shim.unflushed():
                    say(f"unflushed {sale.sale_id}")
            if refused > TRIES_AFTER:
                break
        os.kill(os.getpid(), 9)

    return work


def _flip(path: Path, dice: random.Random) -> str:
    raw = bytearray(path.read_bytes())
    at, bit = dice.randrange(len(raw)), dice.randrange(8)
    raw[at] ^= 1 << bit
    path.write_bytes(raw)
    return f"byte {at:,} bit {bit}"


def _no_small_disk() -> str | None:
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        return "a small disk needs Linux and the right to mount one"
    return None


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of a few megabytes in memory, gone afterwards; None where the system refuses one."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    mounted = subprocess.run(["mount", *options], check=False, timeout=MOUNT_SECONDS)
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True, timeout=MOUNT_SECONDS)


def _fill(filler: Path, disk: Path, spare: int) -> None:
    found = os.statvfs(disk)
    left = found.f_bavail * found.f_frsize - spare
    filler.write_bytes(bytes(left))
