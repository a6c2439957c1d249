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
    """One look at the clock: the instant, the known skew (local minus true), and whether to trust it."""

    now_ms: int
    skew_ms: int | None
    doubtful: bool


def read_clock(now_ms: int, floor_ms: int, skew_ms: int | None) -> TimeReading:
    """Judge the clock against the newest instant known to have passed and the rail's last word.

    A clock before the floor is wrong, unless the rail has measured it and found it right: then the
    floor itself came from a time when the clock ran ahead.
    """
    if skew_ms is not None:
        doubtful = abs(skew_ms) > BACKWARD_TOLERANCE_MS
    else:
        doubtful = now_ms < floor_ms - BACKWARD_TOLERANCE_MS
    return TimeReading(now_ms=now_ms, skew_ms=skew_ms, doubtful=doubtful)
