"""A child that works until it is killed, and what it had said by then.

Forked, not started: a campaign of thousands needs each to take milliseconds. The parent must have
no thread and no open buffer when it forks.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from tests.torture import shim
from tests.torture.shim import Fault

PATIENCE_SECONDS: Final = 30.0
READ_BYTES: Final = 1 << 16
STUMBLED: Final = 3

Say = Callable[[str], None]
Work = Callable[[Say], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the end comes: so many seconds after the start, or at the `call`-th change of a file."""

    seconds: float = PATIENCE_SECONDS
    fault: Fault = Fault.OFF
    call: int = 0
    times: int = 1

    @classmethod
    def draw(cls, dice: random.Random, seconds: float, calls: int) -> Moment:
        """By the clock or, where that is possible, as often at a chosen call, whole or torn."""
        if not shim.loaded() or dice.random() < 0.5:
            return cls(seconds=dice.uniform(0.0, seconds))
        fault = dice.choice((Fault.KILL, Fault.TEAR))
        return cls(fault=fault, call=dice.randint(1, calls))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What the child had said, line by line, and how it ended."""

    said: tuple[str, ...]
    killed: bool
    stumbled: bool

    def after(self, word: str) -> list[list[str]]:
        """The words of each line that began with this one."""
        lines = (line.split(" ") for line in self.said)
        return [line[1:] for line in lines if line[0] == word]


def run_until_killed(work: Work, moment: Moment) -> Fate:
    """Fork, let it work, end it at the moment; it may also come to its own end before."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _live(work, into, moment)
    os.close(into)
    said = _listen(out, time.monotonic() + moment.seconds)
    # Whoever has ended is not reaped yet, so the number is still his.
    os.kill(child, signal.SIGKILL)
    said += _listen(out, time.monotonic() + PATIENCE_SECONDS)
    os.close(out)
    _, status = os.waitpid(child, 0)
    # A line that was cut off in the middle was not said.
    lines = said.decode().split("\n")[:-1]
    return Fate(
        said=tuple(lines),
        killed=os.WIFSIGNALED(status),
        stumbled=os.WIFEXITED(status) and os.WEXITSTATUS(status) == STUMBLED,
    )


def _live(work: Work, into: int, moment: Moment) -> NoReturn:
    def say(line: str) -> None:
        os.write(into, line.encode() + b"\n")

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    try:
        if shim.loaded():
            shim.arm(moment.fault, moment.call, moment.times)
        work(say)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - told to the parent, who has to fail
        say("stumbled " + traceback.format_exc().replace("\n", " | "))
        os._exit(STUMBLED)


def _listen(out: int, until: float) -> bytes:
    heard = b""
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([out], [], [], left)
        if not ready:
            break
        more = os.read(out, READ_BYTES)
        if not more:
            break
        heard += more
    return heard
