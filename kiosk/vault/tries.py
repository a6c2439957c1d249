"""A growing wait after wrong secrets: kept beside the key file, so that a restart does not help.

It slows down whoever types at this machine. Whoever copied the key file is slowed down by Argon2id
alone. What cannot be written down here never keeps a seller out.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.buffer.file_lock import FileLock
from kiosk.domain.clock import Clock
from kiosk.errors import (
    DeviceSecretMissing,
    PassphraseWrong,
    RecoverySlip,
    RecoveryUnfit,
    StoreBusy,
    StoreInUse,
    StoreReadOnly,
    TooManyTries,
)

TRIES_NAME: Final = "kiosk.tries.json"
LOCK_NAME: Final = "kiosk.tries.lock"
FREE_TRIES: Final = 5
WAIT_MOST_S: Final = 300
_DOUBLINGS_MOST: Final = 9  # 512 s is more than the longest wait
_FILE_MOST_BYTES: Final = 1024
_LOCK_LOOKS: Final = 200  # 10 s: a guess takes a third of one
_LOCK_PAUSE_S: Final = 0.05
_WRONG: Final = (DeviceSecretMissing, PassphraseWrong, RecoverySlip, RecoveryUnfit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How many wrong secrets came in a row, and when the last one did (UTC milliseconds)."""

    wrong: int = 0
    last_ms: int = 0

    def wait_s(self, now_ms: int) -> int:
        """Whole seconds until the next try: 1 after `FREE_TRIES`, doubling, `WAIT_MOST_S` at most.

        A clock that was set back has not waited at all.
        """
        if self.wrong < FREE_TRIES:
            return 0
        whole_s = min(WAIT_MOST_S, 1 << min(self.wrong - FREE_TRIES, _DOUBLINGS_MOST))
        waited_ms = max(0, now_ms - self.last_ms)
        return max(0, -((waited_ms - whole_s * 1000) // 1000))


@contextmanager
def one_try(folder: Path, clock: Clock) -> Iterator[None]:
    """One secret tried on this folder's vault; tries of all programs come one after the other.

    A wrong one is counted, a right one clears the count.

    Raises:
        TooManyTries: it is too early; nothing was tried. Fields: wait_s.
        StoreBusy: other programs try all the time.
    """
    with _alone(folder):
        tries = _read(folder)
        wait_s = tries.wait_s(clock.now_ms())
        if wait_s > 0:
            if clock.now_ms() < tries.last_ms:
                # From the time this clock believes in now; else it would wait for the old one.
                _write(folder, Tries(wrong=tries.wrong, last_ms=clock.now_ms()))
            raise TooManyTries(wait_s=wait_s)
        try:
            yield
        except _WRONG:
            _write(folder, Tries(wrong=tries.wrong + 1, last_ms=clock.now_ms()))
            raise
        if tries.wrong > 0:
            _clear(folder)


def tries_so_far(folder: Path) -> Tries:
    """What is written down; nothing, or nothing that can be read, is no wrong try."""
    return _read(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of the tries. A folder that cannot be written has none, and needs none."""
    lock: FileLock | None = None
    for look in range(_LOCK_LOOKS):
        try:
            lock = FileLock(folder / LOCK_NAME)
            break
        except StoreReadOnly:
            break
        except StoreInUse:
            if look == _LOCK_LOOKS - 1:
                raise StoreBusy from None
            time.sleep(_LOCK_PAUSE_S)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _read(folder: Path) -> Tries:
    try:
        with (folder / TRIES_NAME).open("rb") as file:
            found = json.loads(file.read(_FILE_MOST_BYTES))
        wrong, last_ms = found["wrong"], found["last_ms"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Tries()
    if type(wrong) is not int or type(last_ms) is not int or wrong < 0:
        return Tries()
    return Tries(wrong=wrong, last_ms=last_ms)


def _write(folder: Path, tries: Tries) -> None:
    """In one step, so that a crash leaves the old count or the new one."""
    new = folder / f"{TRIES_NAME}.new"
    text = json.dumps({"wrong": tries.wrong, "last_ms": tries.last_ms}) + "\n"
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        new.replace(folder / TRIES_NAME)
    except OSError:
        return


def _clear(folder: Path) -> None:
    try:
        (folder / TRIES_NAME).unlink(missing_ok=True)
    except OSError:
        return
