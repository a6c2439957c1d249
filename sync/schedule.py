"""When to try again and how much at once: back-off, polling, lanes and the rail's own limits.

Nothing here sleeps or reads a clock by itself; instants and dice are handed in.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

BACKOFF_SECONDS: Final = (5, 30, 120, 600, 1800)
SUSPECT_SECONDS: Final = 60  # a 5xx may still be at work behind the scenes

POLL_ON_SCREEN_SECONDS: Final = 15
ON_SCREEN_SECONDS: Final = 180
POLL_PROVISIONAL_SECONDS: Final = 120
POLL_IDLE_SECONDS: Final = 600

LANES_MAX: Final = 32
LANES_MIN: Final = 1
HALVING_SECONDS: Final = 1.0
# https://docs.stripe.com/rate-limits: 25 a second for one endpoint, 100 in all.
ENDPOINT_PER_SECOND: Final = 25.0
ALL_PER_SECOND: Final = 100.0
PACE_SHARE: Final = 0.92  # a busy loop sends late, and then in clusters


def backoff_ms(failures: int, dice: Callable[[], float], *, least_seconds: int = 0) -> int:
    """How long to wait after this many failures in a row: full jitter, in milliseconds.

    `dice` gives a number in [0, 1). The first failure waits up to five seconds, the fifth and all
    later ones up to half an hour, and none less than `least_seconds`.
    """
    ceiling = BACKOFF_SECONDS[min(max(failures, 1), len(BACKOFF_SECONDS)) - 1]
    return max(int(dice() * ceiling * 1000), least_seconds * 1000)


def poll_after_ms(now_ms: int, newest_sale_ms: int | None) -> int:
    """How long until the next look for payments, given the newest sale that waits for one."""
    if newest_sale_ms is None:
        return POLL_IDLE_SECONDS * 1000
    on_screen = 0 <= now_ms - newest_sale_ms < ON_SCREEN_SECONDS * 1000
    return (POLL_ON_SCREEN_SECONDS if on_screen else POLL_PROVISIONAL_SECONDS) * 1000


class LaneLimit:
    """How many lanes may run at once: one more after a round without 429, half after a 429."""

    def __init__(self, most: int = LANES_MAX) -> None:
        self._most = most
        self._limit = float(most)
        self._halved_at: float | None = None

    @property
    def now(self) -> int:
        """The lanes allowed now."""
        return int(self._limit)

    def went_well(self) -> None:
        """One visit without 429: as many of them as there are lanes make room for one more."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def was_limited(self, now: float) -> None:
        """A 429 at this second: the rail wants half as much. Many in one second are one word."""
        if self._halved_at is None or now - self._halved_at >= HALVING_SECONDS:
            self._halved_at = now
            self._limit = max(float(LANES_MIN), self._limit / 2)


@dataclass(slots=True)
class _Bucket:
    """Room for one request at a time: a burst would share its second with what comes after it."""

    per_second: float
    at: float
    filled: float = 1.0

    def wait_seconds(self, now: float) -> float:
        """Take one; a negative filling is a promise to wait until it is made good."""
        self.filled = min(1.0, self.filled + (now - self.at) * self.per_second)
        self.at = now
        self.filled -= 1.0
        return max(0.0, -self.filled / self.per_second)


class Pace:
    """Keeps us below the rail's limits, so that we never run into a 429 of our own making."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        share: float = PACE_SHARE,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._all = self._bucket(ALL_PER_SECOND * share)
        self._endpoints: defaultdict[str, _Bucket] = defaultdict(
            lambda: self._bucket(ENDPOINT_PER_SECOND * share)
        )

    async def __call__(self, endpoint: str) -> None:
        """Wait until one more request to this endpoint is within the limits."""
        now = self._monotonic()
        wait = max(self._all.wait_seconds(now), self._endpoints[endpoint].wait_seconds(now))
        if wait > 0:
            await self._sleep(wait)

    def _bucket(self, per_second: float) -> _Bucket:
        return _Bucket(per_second=per_second, at=self._monotonic())
