"""The course of a rehearsal: sell while offline, kill, restart, carry through bad weather, settle.

It kills no process but its own child, by that child's handle, and only in a folder that it made.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import kiosk as package
from kiosk import logs
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.commands.load import read_source
from kiosk.commands.provision import provision
from kiosk.commands.recovery import write_recovery
from kiosk.commands.rehearse_audit import Acknowledged
from kiosk.commands.rehearse_child import Blow, Day, Line, run_child
from kiosk.commands.rehearse_outside import (
    FAULTY_ROUNDS,
    Bought,
    Code,
    LaterClock,
    Members,
    faults_of,
    open_stripe,
)
from kiosk.commands.rehearse_parts import DRAIN, SELL, drain_once
from kiosk.commands.rehearse_script import write_script
from kiosk.opening import OpenKiosk, create, make_desk, open_kiosk
from kiosk.passphrase import read_passphrase
from kiosk.service.practice import set_network
from kiosk.service.prepare import load_event
from sync.practice.app import PracticeStripe

RECOVERY_FILE: Final = "rehearsal.recovery"
EVENT_FILE: Final = Path(package.__file__).parent.parent / "assets" / "rehearsal.toml"
SALES_PER_KILL: Final = 20
KILLS_LEAST: Final = 2
START_SECONDS: Final = 1.2
PAUSE_SECONDS: Final = 0.03
DRAIN_SECONDS: Final = 1.0
# Beyond the day on which Stripe forgets its keys, and beyond the time given to pay.
NIGHT_HOURS: Final = 26
AFTER_HOURS: Final = 96
CALM_ROUNDS_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the parent saw: every line its children wrote before they died."""

    acknowledged: tuple[Line, ...]
    refused: tuple[str, ...]
    kills: int
    last_drain: Line = field(default_factory=dict)


def prepare(day: Day) -> None:
    """Make the kiosk, load the event, make its links while there is a network, then pull it."""
    _write_secret(day.passphrase_file, secrets.token_urlsafe(24))
    logs.start(day.folder)
    secret = read_passphrase(day.passphrase_file)
    create(day.folder, secret, 1, write_recovery(day.folder / RECOVERY_FILE))
    with _opened(day) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        loaded = load_event(desk, read_source(EVENT_FILE), EVENT_FILE.name)
        provision(kiosk, loaded.snapshot)
        set_network(desk, on=False)


def sell_through(day: Day) -> Course:
    """Sell everything in the script, however often the child is killed on the way."""
    dice = random.Random(f"selling {day.seed}")
    blows = [
        _blow_while_selling(dice) for _ in range(max(KILLS_LEAST, day.sales // SALES_PER_KILL))
    ]
    acknowledged: list[Line] = []
    refused: dict[object, str] = {}
    kills = 0
    while len(acknowledged) < day.sales:
        blow = blows.pop() if blows else None
        lines, killed = run_child(day, blow, SELL, "--first", str(len(acknowledged)))
        refused.update({one["visit"]: str(one["refused"]) for one in lines if "refused" in one})
        acknowledged += [one for one in lines if "sale_id" in one]
        kills += killed
    return Course(acknowledged=tuple(acknowledged), refused=tuple(refused.values()), kills=kills)


def carry_through(day: Day, sold: Course) -> Course:
    """Plug the network in and drain until nothing more can be done; members pay in between."""
    with _opened(day) as kiosk:
        set_network(make_desk(kiosk, staffed=True), on=True)
    dice = random.Random(f"carrying {day.seed}")
    members = Members(_bought(day, sold), day.seed)
    kills = 0
    for number in range(1, FAULTY_ROUNDS + 1):
        ahead = 0 if number <= FAULTY_ROUNDS // 2 else NIGHT_HOURS
        blow = Blow(after_lines=1, delay_seconds=dice.uniform(0.02, DRAIN_SECONDS))
        doomed = dice.random() < 0.7
        _lines, killed = _drain(day, number, ahead, blow if doomed else None)
        kills += killed
        with _stripe(day, ahead) as stripe:
            members.pay(stripe, 0.4)
    _settle(day, NIGHT_HOURS)
    with _stripe(day, NIGHT_HOURS) as stripe:
        members.pay(stripe, 1.0)
    last = _settle(day, AFTER_HOURS)
    return Course(
        acknowledged=sold.acknowledged,
        refused=sold.refused,
        kills=sold.kills + kills,
        last_drain=last,
    )


def acknowledged_of(course: Course) -> tuple[Acknowledged, ...]:
    """What the children acknowledged, for the audit."""
    return tuple(
        Acknowledged(
            sale_id=str(line["sale_id"]),
            receipt_number=str(line["receipt_number"]),
            total_minor=_whole(line["total_minor"]),
            passes=tuple(str(number) for number in _list(line["passes"])),
        )
        for line in course.acknowledged
    )


@contextmanager
def stripe_afterwards(day: Day) -> Iterator[PracticeStripe]:
    """The practice Stripe as the rehearsal left it."""
    with _stripe(day, AFTER_HOURS) as stripe:
        yield stripe


def _settle(day: Day, ahead: int) -> Line:
    """Drain in good weather until a drain changes nothing any more."""
    before: Line = {}
    calm = faults_of(day.seed, FAULTY_ROUNDS + 1)
    with _opened(day) as kiosk:
        for _ in range(CALM_ROUNDS_MAX):
            after = drain_once(kiosk, ahead, calm)
            if after == before:
                break
            before = after
    return before


def _drain(day: Day, number: int, ahead: int, blow: Blow | None) -> tuple[list[Line], bool]:
    return run_child(day, blow, DRAIN, "--round", str(number), "--ahead-hours", str(ahead))


@contextmanager
def _stripe(day: Day, ahead: int) -> Iterator[PracticeStripe]:
    """The practice Stripe in this process, while no child has it."""
    shelf = PracticeShelf.open(day.folder, day.vault().practice_key)
    try:
        yield open_stripe(shelf, LaterClock(ahead), faults_of(day.seed, FAULTY_ROUNDS + 1))
    finally:
        shelf.close()


@contextmanager
def _opened(day: Day) -> Iterator[OpenKiosk]:
    kiosk = open_kiosk(day.folder, read_passphrase(day.passphrase_file))
    try:
        yield kiosk
    finally:
        kiosk.close()


def _bought(day: Day, sold: Course) -> list[Bought]:
    script = write_script(day.sales, day.seed)
    found = []
    for line in sold.acknowledged:
        visit, codes = script[_whole(line["visit"])], _list(line["codes"])
        found.append(
            Bought(
                sale_id=str(line["sale_id"]),
                codes=tuple(_code(code) for code in codes),
                tender=visit.wish.tender,
                conduct=visit.conduct,
            )
        )
    return found


def _blow_while_selling(dice: random.Random) -> Blow:
    """Some die before they have opened the file, most in the middle of their work."""
    if dice.random() < 0.2:
        return Blow(after_lines=0, delay_seconds=dice.uniform(0, START_SECONDS))
    lines = dice.randint(1, 2 * SALES_PER_KILL - 1)
    return Blow(after_lines=lines, delay_seconds=dice.uniform(0, PAUSE_SECONDS))


def _write_secret(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(text + "\n")


def _code(value: object) -> Code:
    url, amount_minor = _list(value)
    return Code(url=str(url), amount_minor=_whole(amount_minor))


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
