"""Kills in a whole kiosk folder with its vault and settings: while erasing and backing up."""

from __future__ import annotations

import shutil
import time
from typing import Final

from kiosk.domain.ids import MemberId
from kiosk.errors import KioskError
from kiosk.opening.backups import back_up_to
from kiosk.opening.erasing import end_erasures
from kiosk.opening.unpacking import check_box, open_box
from kiosk.service.members import EraseRequest, erase_member
from kiosk.system_clock import SystemClock
from kiosk.vault import Vault
from tests.torture.rounds import Ground, endure
from tests.torture.shops import Shop
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work
from tests.torture.whole import PASSPHRASE, Whole, copy_of, make_whole, sell_jar, sound

ERASE_SECONDS: Final = 0.6
BACKUP_SECONDS: Final = 0.4
CALLS: Final = 500
ROUNDS_PER_FOLDER: Final = 8
BACKUPS_MOST: Final = 50
BOX: Final = "box.kiosk"


def erasing(ground: Ground, rounds: int) -> Tally:
    """Members are erased one by one; nobody comes back, and nobody else goes with them."""
    tally, started = Tally(part="erasing"), time.monotonic()
    base = make_whole(ground.folder / "base")
    while tally.rounds < rounds:
        whole = copy_of(base, ground.folder / f"erase{tally.rounds}")
        erased: set[str] = set()
        for _ in range(min(ROUNDS_PER_FOLDER, rounds - tally.rounds)):
            left = [one for one in whole.members.values() if one not in erased]
            work = _erase(whole, whole.unlock(), left)
            moment = Moment.draw(ground.dice, ERASE_SECONDS, CALLS)
            fate = endure(work, moment, Shop(folder=whole.folder), tally)
            erased |= {words[0] for words in fate.after("erased")}
            if not _erased_stay_erased(whole, erased, tally):
                break
        shutil.rmtree(whole.folder)
    tally.seconds = time.monotonic() - started
    return tally


def backing_up(ground: Ground, rounds: int) -> Tally:
    """Sales and backups into one file in turns; the file is always the last whole one, or newer."""
    tally, started = Tally(part="backing up"), time.monotonic()
    base = make_whole(ground.folder / "base")
    while tally.rounds < rounds:
        whole = copy_of(base, ground.folder / f"backup{tally.rounds}")
        held, holds = whole.unlock(), 0
        for _ in range(min(ROUNDS_PER_FOLDER, rounds - tally.rounds)):
            moment = Moment.draw(ground.dice, BACKUP_SECONDS, CALLS)
            shop = Shop(folder=whole.folder, acknowledged=whole.acknowledged)
            fate = endure(_back_up(whole, held), moment, shop, tally)
            holds = max([holds, *(int(words[0]) for words in fate.after("packed"))])
            if not _box_holds(whole, holds, tally) or not sound(whole, held, tally):
                break
        shutil.rmtree(whole.folder)
    tally.seconds = time.monotonic() - started
    return tally


def _erase(whole: Whole, held: Vault, left: list[MemberId]) -> Work:
    def work(say: Say) -> None:
        kiosk, desk = whole.open(held)
        for member_id in left:
            erase_member(desk, EraseRequest(member_id=member_id, despite_unsent=True))
            say(f"erased {member_id}")
            kiosk.close()  # which makes the erasure final, and changes the wrapping key
            kiosk, desk = whole.open(whole.unlock())

    return work


def _erased_stay_erased(whole: Whole, erased: set[str], tally: Tally) -> bool:
    """The next start ends what was begun; then who was erased is gone and all others are there."""
    now_ms = SystemClock().now_ms()
    try:
        ended = end_erasures(whole.place(whole.unlock()), now_ms)
        if ended.problem is not None:
            tally.tell(f"the erasure did not end: {ended.problem}")
            tally.wrong += 1
        kiosk, desk = whole.open(ended.vault)
        try:
            with desk.buffer.reading() as uow:
                for sale_id, member_id in whole.members.items():
                    people = [entry.person for entry in uow.outbox.of_sale(sale_id)]
                    gone = uow.people.member(member_id) is None
                    # Killed before the child could say so, one more may be erased than was said.
                    if gone is not all(person is None for person in people):
                        tally.half += 1
                        tally.tell(f"member {member_id} is half erased")
                    if member_id in erased and not gone:
                        tally.wrong += 1
                        tally.tell(f"member {member_id} came back")
        finally:
            kiosk.close()
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"erasing: {error}")
        return False
    return sound(whole, ended.vault, tally)


def _back_up(whole: Whole, held: Vault) -> Work:
    def work(say: Say) -> None:
        _, desk = whole.open(held)
        for _ in range(BACKUPS_MOST):
            say(sell_jar(desk, whole))
            packed = back_up_to(whole.place(held), whole.folder / BOX, SystemClock().now_ms())
            assert packed.about.facts is not None
            say(f"packed {packed.about.facts.sales}")

    return work


def _box_holds(whole: Whole, sales: int, tally: Tally) -> bool:
    """The backup opens, passes its own check, and has at least the sales it was said to have."""
    if sales == 0:
        return True
    try:
        box = open_box(whole.folder / BOX, PASSPHRASE)
        check_box(box, PASSPHRASE)
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"a backup that was called done: {error}")
        return False
    if box.about.facts is None or box.about.facts.sales < sales:
        tally.lost += 1
        tally.tell("the backup is older than the last one that was called done")
    return True
