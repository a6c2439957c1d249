"""What the rest of the program needs of a clock. Real ones are made at the front doors only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

BACKWARD_TOLERANCE_MS = 5 * 60 * 1000
DAY_MS = 86_400_000
MINUTE_MS = 60_000


class Clock(Protocol):
    """Wall time for records, monotonic time for durations."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970, as this machine believes."""

    def monotonic(self) -> float:
        """Seconds that never go back and mean nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReading:
    """One look at the clock, all in milliseconds.

    `now_ms` is what the machine believes, `best_ms` the best guess at the true instant, `skew_ms`
    the known error (machine minus true), `doubtful` whether the machine is not to be trusted.
    """

    now_ms: int
    best_ms: int
    skew_ms: int | None
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The rail's last word on the clock: `skew_ms` (machine minus true) when it showed `at_ms`."""

    skew_ms: int
    at_ms: int

    def holds_at(self, now_ms: int) -> bool:
        """Whether it says anything of a clock that shows this: not once that was put back."""
        return now_ms >= self.at_ms - BACKWARD_TOLERANCE_MS


def read_clock(now_ms: int, floor_ms: int, measured: Measured | None) -> TimeReading:
    """Judge the clock against the newest instant known to have passed and the rail's last word.

    A clock before the floor is wrong, unless the rail has measured it and found it right: then the
    floor itself came from a time when the clock ran ahead. A wrong clock is put right as far as is
    known: by the measured skew, else to the floor, which has passed for certain. A clock that was
    put back after it was measured is as good as unmeasured, and the instant of the measurement is
    the floor.
    """
    if measured is not None and measured.holds_at(now_ms):
        skew_ms = measured.skew_ms
        doubtful = abs(skew_ms) > BACKWARD_TOLERANCE_MS
        best_ms = now_ms - skew_ms if doubtful else now_ms
        return TimeReading(now_ms=now_ms, best_ms=best_ms, skew_ms=skew_ms, doubtful=doubtful)
    if measured is not None:
        floor_ms = measured.at_ms - measured.skew_ms
    doubtful = now_ms < floor_ms - BACKWARD_TOLERANCE_MS
    best_ms = floor_ms if doubtful else now_ms
    return TimeReading(now_ms=now_ms, best_ms=best_ms, skew_ms=None, doubtful=doubtful)


def error_left_ms(skew_ms: int) -> int:
    """The error, in milliseconds, of an instant that `read_clock` gave under this skew.

    A clock that was badly wrong was put right then; a little one was left as it is.
    """
    return 0 if abs(skew_ms) > BACKWARD_TOLERANCE_MS else skew_ms
