"""This machine's own clock, for the front doors to hand on. Nobody else asks it."""

from __future__ import annotations

import time


class SystemClock:
    """This machine's own clock."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()
