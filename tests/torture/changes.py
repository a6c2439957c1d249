"""Kills while the whole file is made anew: under another key, or out of a damaged one."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import time
from pathlib import Path
from typing import Final

from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.rekey import key_that_opens, rekey
from kiosk.buffer.salvage import Owner, SalvageReport, salvage_buffer
from kiosk.errors import KioskError
from tests.torture.books import audit
from tests.torture.rounds import Ground, endure, learn, look
from tests.torture.shops import Shop, sell_one
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work, run_until_killed

ROUNDS_PER_FOLDER: Final = 20
SALES: Final = 12
REKEY_SECONDS: Final = 0.12
REKEY_CALLS: Final = 400
REKEYS_MOST: Final = 100
SALVAGE_SECONDS: Final = 0.4
SALVAGE_CALLS: Final = 400
DEVICE: Final = 3
PAGE_BYTES: Final = 4096
FLIPS_MOST: Final = 6


def rekeying(ground: Ground, rounds: int) -> Tally:
    """One new key after the other; wherever it ends, the file opens with the old or the new one."""
    tally, started = Tally(part="rekeying"), time.monotonic()
    while tally.rounds < rounds:
        shop, number = _sold(ground.folder / f"rekey{tally.rounds}", tally), 0
        for _ in range(min(ROUNDS_PER_FOLDER, rounds - tally.rounds)):
            moment = Moment.draw(ground.dice, REKEY_SECONDS, REKEY_CALLS)
            fate = endure(_rekey(shop, number), moment, shop, tally)
            number = max([number, *(int(words[0]) for words in fate.after("rekeyed"))])
            if not _end_rotation(shop, number, tally):
                break
            number += 1
            if not look(shop, tally, deep=True, keys=_keys(shop, number)):
                break
        shutil.rmtree(shop.folder)
    tally.seconds = time.monotonic() - started
    return tally


def salvaging(ground: Ground, rounds: int) -> Tally:
    """A damaged file is salvaged, cut off and salvaged again: it is kept, the missing is told."""
    tally, started = Tally(part="salvaging"), time.monotonic()
    sold = _sold(ground.folder / "sold", tally)
    while tally.rounds < rounds:
        folder = Path(shutil.copytree(sold.folder, ground.folder / f"damaged{tally.rounds}"))
        shop = dataclasses.replace(sold, folder=folder)
        original = _damage(folder / "buffer.db", ground)
        for _ in range(ground.dice.randint(1, 3)):
            moment = Moment.draw(ground.dice, SALVAGE_SECONDS, SALVAGE_CALLS)
            endure(_salvage(shop), moment, Shop(folder=folder, secret=shop.secret), tally)
        _finish(shop, original, tally)
        shutil.rmtree(folder)
    tally.seconds = time.monotonic() - started
    return tally


def _sold(folder: Path, tally: Tally) -> Shop:
    shop = Shop(folder=folder)
    shop.make()
    learn(run_until_killed(_sell_and_close(shop), Moment()), shop, tally)
    return shop


def _sell_and_close(shop: Shop) -> Work:
    def work(say: Say) -> None:
        world = shop.open()
        for _ in range(SALES):
            sell_one(world, say)
        world.file.close()

    return work


def _key(shop: Shop, number: int) -> bytes:
    """The keys that follow each other; the first is the one the shop was made with."""
    if number == 0:
        return shop.keys.database
    return hashlib.sha256(shop.secret + number.to_bytes(4, "big")).digest()


def _keys(shop: Shop, number: int) -> BufferKeys:
    keys = shop.keys
    return BufferKeys(
        database=_key(shop, number),
        journal=keys.journal,
        anchor=keys.anchor,
        member_kek=keys.member_kek,
    )


def _rekey(shop: Shop, number: int) -> Work:
    def work(say: Say) -> None:
        path = BufferPaths(folder=shop.folder).buffer
        for after in range(number + 1, number + REKEYS_MOST):
            rekey(path, newer=_key(shop, after), older=_key(shop, after - 1))
            say(f"rekeyed {after}")

    return work


def _end_rotation(shop: Shop, number: int, tally: Tally) -> bool:
    """What the next start does: the file opens with the last key or the next, and has the next."""
    older, newer = _key(shop, number), _key(shop, number + 1)
    path = BufferPaths(folder=shop.folder).buffer
    try:
        key_that_opens(path, newer=newer, older=older)
        rekey(path, newer=newer, older=older)
    except KioskError as error:
        tally.lost += len(shop.acknowledged)
        tally.tell(f"neither key opens it: {error}")
        return False
    return True


def _salvage(shop: Shop) -> Work:
    def work(say: Say) -> None:
        _salvaged(shop)
        say("salvaged")

    return work


def _salvaged(shop: Shop) -> SalvageReport:
    paths = BufferPaths(folder=shop.folder)
    return salvage_buffer(paths, shop.keys, shop.now_ms, Owner(device=DEVICE))


def _damage(path: Path, ground: Ground) -> str:
    """Turn a few bits of pages over, the first page left out; the digest of what it is now."""
    raw = bytearray(path.read_bytes())
    for _ in range(ground.dice.randint(1, FLIPS_MOST)):
        raw[ground.dice.randrange(PAGE_BYTES, len(raw))] ^= 1 << ground.dice.randrange(8)
    path.write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def _finish(shop: Shop, original: str, tally: Tally) -> None:
    """Salvaged to the end: the damaged file is there to the byte, and no sale went in silence."""
    try:
        report = _salvaged(shop)
        found = audit(shop.folder, shop.keys, shop.acknowledged, deep=True)
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"salvaging: {error}")
        return
    kept = {_digest(path) for path in shop.folder.rglob("*") if path.is_file()}
    if original not in kept:
        tally.wrong += 1
        tally.tell("the damaged file is not there any more")
    if (found.lost or found.half) and not _told(shop, report):
        tally.missed += 1
        tally.tell(f"{len(found.lost)} lost and {len(found.half)} half without a word")
    tally.found += 1


def _told(shop: Shop, report: SalvageReport) -> bool:
    """By this salvage or, where an earlier one had come to its end, in the new file's journal."""
    if report.kept_in is not None:
        return not report.whole
    world = shop.open()
    try:
        with world.desk.buffer.reading() as uow:
            return any(link.kind == "buffer.salvaged" for link in uow.journal.each())
    finally:
        world.file.close()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
