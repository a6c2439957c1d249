"""Kills while a kiosk is carried to another laptop: exported, handed over, imported, sent by both.

Both laptops reach one practice Stripe, which lies in a folder of its own as the real one does.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import traceback
from typing import Final

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.errors import BoxMissing, BoxTorn, HandedOver, KioskError, StoreExists
from kiosk.opening.exporting import export, hand_over
from kiosk.opening.handed import refuse_handed_over
from kiosk.opening.unpacking import OpenBox, check_box, open_box, unpack
from kiosk.system_clock import SystemClock
from tests.torture.journeys import (
    DRAIN_CALLS,
    DRAIN_SECONDS,
    Journey,
    drain,
    drain_to_the_end,
)
from tests.torture.rounds import Ground, each_call
from tests.torture.shops import SHELF_KEY
from tests.torture.tally import Tally
from tests.torture.two_laptops import bills_once, carried_over
from tests.torture.victim import (
    PATIENCE_SECONDS,
    STUMBLED,
    Say,
    Work,
)
from tests.torture.whole import PASSPHRASE, Whole, copy_of, make_whole, sell_jar, sound

EXPORT_SECONDS: Final = 0.5
ONCE_SECONDS: Final = 0.05  # what one import or one handing over takes
EXPORT_CALLS: Final = 500
IMPORT_CALLS: Final = 100
HAND_OVER_CALLS: Final = 135
EXPORTS_MOST: Final = 30  # in one child, should nobody end it
SALES_MOST: Final = 400
EXPORT_ROUNDS: Final = 4
ROUNDS_MOST: Final = 3  # of handing over, of importing, of sending


def black_boxing(ground: Ground, rounds: int) -> Tally:
    """A kiosk is exported, imported and sent by both; each sale arrives, and is billed once."""
    tally, started = Tally(part="black boxes"), time.monotonic()
    base = make_whole(ground.folder / "base")
    imports = each_call(ground, ONCE_SECONDS, IMPORT_CALLS)
    hand_overs = each_call(ground, ONCE_SECONDS, HAND_OVER_CALLS)
    while tally.rounds < rounds:
        home = ground.folder / f"journey{tally.rounds}"
        for name in ("stick", "stripe"):
            (home / name).mkdir(parents=True)
        old = copy_of(base, home / "old")
        _travel(
            Journey(
                old=old, held=old.unlock(), ground=ground, tally=tally, home=home,
                imports=imports, hand_overs=hand_overs,
            )
        )  # fmt: skip
        shutil.rmtree(home)
    tally.seconds = time.monotonic() - started
    return tally


def _travel(journey: Journey) -> None:
    """From the first export to the last bill; ends early once something is not as it must be."""
    handed = journey.ground.dice.random() < 0.5
    if journey.ground.dice.random() < 0.5:
        journey.endure(drain(journey, journey.old), journey.draw(DRAIN_SECONDS, DRAIN_CALLS))
    if not _exported(journey) or (handed and not _handed_over(journey)):
        return
    new = _imported(journey)
    if new is None or not carried_over(journey.old, new, journey.tally):
        return
    senders = [new] if handed else [new, journey.old]
    journey.ground.dice.shuffle(senders)
    for _ in range(ROUNDS_MOST):
        sender = journey.ground.dice.choice(senders)
        moment = journey.draw(DRAIN_SECONDS, DRAIN_CALLS)
        journey.endure(drain(journey, sender), moment, sender)
    for sender in senders:
        drain_to_the_end(journey, sender)
        if not sound(sender, sender.unlock(), journey.tally):
            return
    shelf = PracticeShelf.open(journey.stripe, SHELF_KEY)
    try:
        bills_once(shelf, (journey.old, new), journey.tally)
    finally:
        shelf.close()


def _exported(journey: Journey) -> bool:
    """Killed in exports again and again; the box is the last whole one or newer. Then once more."""
    holds = 0
    for _ in range(EXPORT_ROUNDS):
        selling = journey.ground.dice.random() < 0.5
        moment = journey.draw(EXPORT_SECONDS, EXPORT_CALLS)
        fate = journey.endure(_export(journey, selling=selling), moment)
        holds = max([holds, *(int(words[0]) for words in fate.after("packed"))])
        if not _box_holds(journey, holds) or not sound(journey.old, journey.held, journey.tally):
            return False
    now_ms = SystemClock().now_ms()
    export(journey.old.place(journey.held), journey.box, now_ms)
    return _box_holds(journey, len(journey.old.acknowledged))


def _export(journey: Journey, *, selling: bool) -> Work:
    """Exports one after the other, beside a till that sells or between its sales."""
    whole = journey.old

    def work(say: Say) -> None:
        if selling:
            opened = threading.Event()
            seller = threading.Thread(target=_sell_on, args=(journey, say, opened), daemon=True)
            seller.start()
            opened.wait(PATIENCE_SECONDS)
        for _ in range(EXPORTS_MOST):
            if not selling:
                kiosk, desk = whole.open(journey.held)
                say(sell_jar(desk, whole))
                kiosk.close()
            least = len(whole.acknowledged)
            packed = export(whole.place(journey.held), journey.box, SystemClock().now_ms())
            facts = packed.about.facts
            assert facts is not None
            assert facts.sales >= least, "a sale from before the export is not in it"
            say(f"packed {facts.sales}")

    return work


def _sell_on(journey: Journey, say: Say, opened: threading.Event) -> None:
    try:
        _, desk = journey.old.open(journey.held)
        opened.set()
        for _ in range(SALES_MOST):
            say(sell_jar(desk, journey.old))
            time.sleep(0.001)  # a buyer is slower, and the export wants its turn
    except BaseException:  # noqa: BLE001 - told to the parent, who has to fail
        say("stumbled " + traceback.format_exc().replace("\n", " | "))
        os._exit(STUMBLED)


def _handed_over(journey: Journey) -> bool:
    """Killed while it is closed; once it is, the box has all of it and it sells no more."""
    for _ in range(ROUNDS_MOST):
        journey.endure(_hand_over(journey), next(journey.hand_overs))
        if not sound(journey.old, journey.held, journey.tally):
            return False
        if _is_closed(journey):
            break
    else:
        hand_over(journey.old.place(journey.held), journey.box, SystemClock().now_ms())
    if not _is_closed(journey):
        return journey.wrong("handed over, and it would sell on")
    box = open_box(journey.box, PASSPHRASE)
    if not box.about.handed_over:
        return journey.wrong("closed with a box that does not say so")
    return _box_holds(journey, len(journey.old.acknowledged))


def _hand_over(journey: Journey) -> Work:
    def work(say: Say) -> None:
        hand_over(journey.old.place(journey.held), journey.box, SystemClock().now_ms())
        say("handed over")

    return work


def _is_closed(journey: Journey) -> bool:
    now_ms = SystemClock().now_ms()
    with BufferFile.open(journey.old.folder, journey.held.keys, now_ms=now_ms) as buffer_file:
        try:
            refuse_handed_over(buffer_file)
        except HandedOver:
            return True
    return False


def _box_holds(journey: Journey, sales: int) -> bool:
    """The box opens, passes its own check, and has at least the sales it was said to have."""
    try:
        box = open_box(journey.box, PASSPHRASE)
        check_box(box, PASSPHRASE)
    except (BoxMissing, BoxTorn) as error:
        # Nothing whole was ever said to be there, and nothing half opens.
        return sales == 0 or journey.wrong(f"a box that was called done: {error}")
    except KioskError as error:
        return journey.wrong(f"a box that opens and is not whole: {error}")
    if box.about.facts is None or box.about.facts.sales < sales:
        journey.tally.lost += 1
        journey.tally.tell("the box is older than the last one that was called done")
        return False
    return True


def _imported(journey: Journey) -> Whole | None:
    """Killed in imports: the new folder is not there or whole. Repeated, it is there once."""
    box = open_box(journey.box, PASSPHRASE)
    for _ in range(ROUNDS_MOST):
        journey.endure(_import(journey, box), next(journey.imports))
        if journey.target.exists():
            break
    try:
        unpack(box, PASSPHRASE, journey.target, SystemClock().now_ms())
    except StoreExists:
        pass  # it had come to its end
    except KioskError as error:
        journey.wrong(f"an import that was repeated: {error}")
        return None
    new = Whole(folder=journey.target)
    return new if sound(new, new.unlock(), journey.tally) else None


def _import(journey: Journey, box: OpenBox) -> Work:
    def work(say: Say) -> None:
        unpack(box, PASSPHRASE, journey.target, SystemClock().now_ms())
        say("imported")

    return work
