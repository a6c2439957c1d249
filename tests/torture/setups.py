"""Kills while a kiosk is made: the folder is whole, or the next `init` makes it so or says how."""

from __future__ import annotations

import argparse
import shutil
import time
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Final
from unittest import mock

from kiosk import vault
from kiosk.buffer.files import BUFFER_NAME
from kiosk.commands import init
from kiosk.errors import BoxOfAnother, KioskError, StoreExists
from kiosk.vault import unlock
from tests.torture import shim
from tests.torture.rounds import Ground, each_call, endure
from tests.torture.shim import Fault
from tests.torture.shops import Shop
from tests.torture.tally import Tally
from tests.torture.victim import Moment, Say, Work, run_until_killed
from tests.torture.whole import (
    CHEAP,
    PASSPHRASE,
    Whole,
    load_club,
    on_a_machine_of_its_own,
    sell_jar,
    sound,
)

INIT_SECONDS: Final = 0.6
KILLS_PER_FOLDER: Final = 3
SHEETS_MOST: Final = KILLS_PER_FOLDER + 1


def initialising(ground: Ground, rounds: int) -> Tally:
    """`init` ended at each change that the disk sees, in turn; by the clock where it cannot be."""
    tally, started = Tally(part="initialising"), time.monotonic()
    (ground.folder / "passphrase").write_text(PASSPHRASE)
    cheap = partial(vault.make, cost=CHEAP)
    with (
        on_a_machine_of_its_own(ground.folder / "state"),
        mock.patch.object(vault, "make", cheap),
    ):
        calls = _calls_of_init(ground)
        moments = each_call(ground, INIT_SECONDS, calls)
        while tally.rounds < rounds:
            home = ground.folder / f"home{tally.rounds}"
            home.mkdir()
            for _ in range(ground.dice.randint(1, KILLS_PER_FOLDER)):
                fate = endure(_init(ground, home), next(moments), Shop(folder=home), tally)
                if not _is_whole_or_none(home, tally) or "made" in fate.said:
                    break
            _made_in_the_end(ground, home, tally)
            shutil.rmtree(home)
    tally.seconds = time.monotonic() - started
    return tally


def _calls_of_init(ground: Ground) -> int:
    """How many changes of files it takes to make a kiosk."""
    home = ground.folder / "measured"
    home.mkdir()
    fate = run_until_killed(_init(ground, home), Moment(fault=Fault.KILL, call=0))
    shutil.rmtree(home)
    return max(1, int(fate.after("calls")[0][0]))


def _init(ground: Ground, home: Path) -> Work:
    """The command as a person types it, and types it again after a power cut.

    A file with a recovery key is never written over, so the next one goes into another: the command
    says so, and the person does.
    """

    def work(say: Say) -> None:
        for sheet in range(SHEETS_MOST):
            try:
                _init_once(ground, home, sheet)
            except BoxOfAnother:
                say("another name")
                continue
            except StoreExists:
                say("there")
            say("made")
            break
        say(f"calls {shim.counted() if shim.loaded() else 0}")

    return work


def _init_once(ground: Ground, home: Path, sheet: int) -> None:
    words = [
        "--data", str(home / "kiosk"),
        "--passphrase-file", str(ground.folder / "passphrase"),
        "--recovery-out", str(home / f"recovery{sheet}"),
    ]  # fmt: skip
    parser = argparse.ArgumentParser()
    init.add_arguments(parser)
    with redirect_stderr(StringIO()):
        init.run(parser.parse_args(words))


def _is_whole_or_none(home: Path, tally: Tally) -> bool:
    """A buffer that is there opens with the passphrase, and with a recovery key that was kept."""
    folder = home / "kiosk"
    if not (folder / BUFFER_NAME).exists():
        return True
    kept = [file.read_text().strip() for file in sorted(home.glob("recovery*"))]
    try:
        unlock(folder, PASSPHRASE)
        opened = sum(_opens(folder, key) for key in kept if key)
    except KioskError as error:
        tally.lost += 1
        tally.tell(f"a buffer whose key is lost: {error}")
        return False
    if opened != 1:
        tally.wrong += 1
        tally.tell(f"{opened} of {len(kept)} recovery keys open it")
    return opened == 1


def _opens(folder: Path, secret: str) -> bool:
    try:
        unlock(folder, secret)
    except KioskError:
        return False
    return True


def _made_in_the_end(ground: Ground, home: Path, tally: Tally) -> None:
    """Typed once more with nobody to end it: there is a kiosk, and it sells."""
    fate = run_until_killed(_init(ground, home), Moment())
    if "made" not in fate.said:
        tally.wrong += 1
        tally.tell(f"init does not come to its end: {fate.said}")
        return
    if not _is_whole_or_none(home, tally):
        return
    whole = Whole(folder=home / "kiosk")
    learned = run_until_killed(_sell(whole), Moment())
    whole.acknowledged.update({words[0]: words[1] for words in learned.after("ack")})
    if not whole.acknowledged:
        tally.wrong += 1
        tally.tell(f"a kiosk that was made does not sell: {learned.said}")
    sound(whole, whole.unlock(), tally)


def _sell(whole: Whole) -> Work:
    def work(say: Say) -> None:
        kiosk, desk = whole.open(whole.unlock())
        load_club(desk)
        say(sell_jar(desk, whole))
        kiosk.close()

    return work
