"""Kills while the ways into a kiosk are changed: it opens with the old way or the new, always."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError, MethodExists, MethodMissing
from kiosk.opening.unlocking import unlock_to_work
from kiosk.opening.ways_in import add_way, change_way, remove_way, rotate
from kiosk.vault import Method, RecoveryKey, unlock
from kiosk.vault.change import NewSlot
from kiosk.vault.rotation import AtHand
from tests.service.world import NOON_MS
from tests.torture.rounds import Ground, endure
from tests.torture.shops import Shop
from tests.torture.tally import Tally
from tests.torture.victim import Fate, Moment, Say, Work
from tests.torture.whole import (
    CHEAP,
    PASSPHRASE,
    Whole,
    copy_of,
    make_whole,
    on_a_machine_of_its_own,
    sound,
)

CHANGE_SECONDS: Final = 0.4
CHANGE_CALLS: Final = 150
CHANGES_MOST: Final = 60  # in one child, should nobody end it
ROUNDS_PER_FOLDER: Final = 10
FIRST_PIN: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What opens a kiosk as far as anybody was told; None: no way in of this kind."""

    passphrase: str = field(default=PASSPHRASE, repr=False)
    pin: str | None = field(default=None, repr=False)
    recovery: str = field(default="", repr=False)

    @property
    def all(self) -> frozenset[str]:
        pins = () if self.pin is None else (self.pin,)
        return frozenset((self.passphrase, self.recovery, *pins))

    def after(self, words: list[str]) -> Secrets:
        """After a change that was begun or told: which way in, and its new secret if it has one."""
        kind, secret = words[0], " ".join(words[1:])
        match kind:
            case "passphrase":
                return replace(self, passphrase=secret)
            case "pin":
                return replace(self, pin=secret or None)
            case _:
                return replace(self, recovery=secret)


def changing_keys(ground: Ground, rounds: int) -> Tally:
    """Ways in are changed, added, removed and renewed; none is lost, and none comes back."""
    tally, started = Tally(part="changing keys"), time.monotonic()
    with on_a_machine_of_its_own(ground.folder / "state"):
        base = make_whole(ground.folder / "base")
        while tally.rounds < rounds:
            whole = copy_of(base, ground.folder / f"keys{tally.rounds}")
            secrets = Secrets(recovery=base.recovery)
            for _ in range(min(ROUNDS_PER_FOLDER, rounds - tally.rounds)):
                moment = Moment.draw(ground.dice, CHANGE_SECONDS, CHANGE_CALLS)
                first = ground.dice.randrange(len(_CHANGES))
                work = _change(whole, secrets, first=first, number=tally.rounds)
                fate = endure(work, moment, Shop(folder=whole.folder), tally)
                found = _what_opens(whole, secrets, fate, tally)
                if found is None or not _goes_on(whole, found, tally):
                    break
                secrets = found
            shutil.rmtree(whole.folder)
    tally.seconds = time.monotonic() - started
    return tally


def _change(whole: Whole, secrets: Secrets, *, first: int, number: int) -> Work:
    """One change after the other; each is said before it is begun, and once it is done."""

    def work(say: Say) -> None:
        known, fresh = secrets, count(number * CHANGES_MOST)
        for step in range(CHANGES_MOST):
            change = _CHANGES[(first + step) % len(_CHANGES)]
            said: list[str] = []

            def begin(words: str, told: list[str] = said) -> None:
                told.append(words)
                say(f"begin {words}")

            change(whole.folder, known, next(fresh), begin)
            for words in said:
                known = known.after(words.split(" "))
                say(f"done {words}")

    return work


Begin = Callable[[str], None]


def _another_passphrase(folder: Path, known: Secrets, number: int, begin: Begin) -> None:
    new = f"torture it once more {number}"
    begin(f"passphrase {new}")
    change_way(folder, known.passphrase, _slot(Method.PASSPHRASE, new))


def _another_recovery_key(folder: Path, known: Secrets, _number: int, begin: Begin) -> None:
    change_way(folder, known.passphrase, _slot(Method.RECOVERY, keep=_told(begin)))


def _another_pin(folder: Path, known: Secrets, number: int, begin: Begin) -> None:
    """Put one there or, where one is, another: which of the two, the file itself knows."""
    pin = str(FIRST_PIN + number)
    begin(f"pin {pin}")
    try:
        add_way(folder, known.passphrase, _slot(Method.PIN, pin))
    except MethodExists:
        change_way(folder, known.passphrase, _slot(Method.PIN, pin))


def _no_pin(folder: Path, known: Secrets, _number: int, begin: Begin) -> None:
    begin("pin")
    try:
        remove_way(folder, known.passphrase, Method.PIN)
    except MethodMissing:
        return


def _new_data_key(folder: Path, known: Secrets, number: int, begin: Begin) -> None:
    """Every file under another key; the PIN is dropped, as whoever knew it shall not come in."""
    new = f"torture it anew {number}"
    begin("pin")
    begin(f"passphrase {new}")
    at_hand = AtHand(passphrase=new, keep=_told(begin), made_ms=NOON_MS, cost=CHEAP)
    rotate(folder, known.passphrase, at_hand)


_CHANGES: Final = (
    _another_passphrase,
    _another_pin,
    _another_recovery_key,
    _another_pin,
    _no_pin,
    _another_pin,
    _new_data_key,
)


def _slot(
    method: Method, secret: str = "", keep: Callable[[RecoveryKey], None] | None = None
) -> NewSlot:
    return NewSlot(method=method, secret=secret, keep=keep, made_ms=NOON_MS, cost=CHEAP)


def _told(begin: Begin) -> Callable[[RecoveryKey], None]:
    """A recovery key counts as kept once the parent has heard it."""
    return lambda recovery: begin(f"recovery {recovery.text}")


def _goes_on(whole: Whole, secrets: Secrets, tally: Tally) -> bool:
    """The next start ends a rotation that was cut off, and everything is there."""
    try:
        held = unlock_to_work(whole.folder, secrets.passphrase)
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"does not unlock: {error}")
        return False
    return sound(whole, held, tally)


def _what_opens(whole: Whole, before: Secrets, fate: Fate, tally: Tally) -> Secrets | None:
    """The secrets after the last change that was done, or after the one that was begun."""
    old, seen = before, set(before.all)
    for words in fate.after("done"):
        old = old.after(words)
        seen |= old.all
    new = old
    for words in fate.after("begin")[len(fate.after("done")) :]:
        new = new.after(words)
    for left in (new, old):
        gone = (seen | new.all) - left.all
        if _opens_by_all(whole.folder, left) and not _opens(whole.folder, *gone):
            return left
    tally.lost += not _opens(whole.folder, old.passphrase, new.passphrase)
    tally.wrong += 1
    tally.tell("it opens neither by the old ways in and no other, nor by the new ones")
    return None


def _opens_by_all(folder: Path, secrets: Secrets) -> bool:
    return all(_opens(folder, secret) for secret in secrets.all)


def _opens(folder: Path, *secrets: str) -> bool:
    """Whether any of these opens it."""
    for secret in secrets:
        try:
            unlock(folder, secret)
        except KioskError:
            continue
        return True
    return False
