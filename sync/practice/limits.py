"""Stripe's documented rate limits, counted over the last second of the practice clock.

https://docs.stripe.com/rate-limits: 100 requests a second in live mode, 25 for one endpoint.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from sync.practice.refusals import rate_limited

_SECOND_MS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Requests in any one second."""

    per_second: int = 100
    per_endpoint_per_second: int = 25


class RateMeter:
    """Counts what was let through; what is refused does not count against the caller."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._all: deque[int] = deque()
        self._by_operation: dict[str, deque[int]] = {}

    def admit(self, operation: str, now_ms: int) -> None:
        """Let a request through, or Refusal(429) with the limit's name."""
        mine = self._by_operation.setdefault(operation, deque())
        for times in (self._all, mine):
            while times and times[0] <= now_ms - _SECOND_MS:
                times.popleft()
        if len(self._all) >= self._limits.per_second:
            raise rate_limited("global-rate")
        if len(mine) >= self._limits.per_endpoint_per_second:
            raise rate_limited("endpoint-rate")
        self._all.append(now_ms)
        mine.append(now_ms)
