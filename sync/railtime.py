"""What time it is, as far as the rail helps to know: the local clock less its measured error."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.clock import BACKWARD_TOLERANCE_MS, Clock, Measured, TimeReading, read_clock


class RailTime:
    """One clock for the wing. `measured` asks for the rail's last word, None before the first.

    `floor_ms` is the newest instant the buffer knows to have passed.
    """

    def __init__(
        self, clock: Clock, measured: Callable[[], Measured | None], floor_ms: int = 0
    ) -> None:
        self._clock = clock
        self._measured = measured
        self._floor_ms = floor_ms

    @property
    def skew_ms(self) -> int | None:
        """Local clock minus the rail's, or None while nobody can say."""
        return self.reading().skew_ms

    def local_ms(self) -> int:
        """What this machine believes: for due times, which it compares with itself only."""
        return self._clock.now_ms()

    def monotonic(self) -> float:
        """Seconds for durations, whatever the clock says."""
        return self._clock.monotonic()

    def now_ms(self) -> int:
        """The best guess at the true instant."""
        return self._clock.now_ms() - (self.skew_ms or 0)

    def reading(self) -> TimeReading:
        """The local clock, judged."""
        return read_clock(self._clock.now_ms(), self._floor_ms, self._measured())

    def sure_ms(self) -> int | None:
        """The true instant, if the rail's word or a clock beyond doubt vouches for it."""
        reading = self.reading()
        if reading.skew_ms is not None:
            return reading.now_ms - reading.skew_ms
        return None if reading.doubtful else reading.now_ms


def skew_matters(skew_ms: int | None) -> bool:
    """Whether the clock is further off than anyone would care about."""
    return skew_ms is not None and abs(skew_ms) > BACKWARD_TOLERANCE_MS
