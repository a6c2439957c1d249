"""Back-off, polling, lanes and the rail's own limits."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.schedule import (
    BACKOFF_SECONDS,
    ENDPOINT_PER_SECOND,
    LANES_MAX,
    LaneLimit,
    Pace,
    backoff_ms,
    poll_after_ms,
)


@given(failures=st.integers(0, 10**6), dice=st.floats(0, 1, exclude_max=True))
def test_back_off_is_anywhere_below_its_ceiling(failures: int, dice: float) -> None:
    waited = backoff_ms(failures, lambda: dice)
    assert 0 <= waited <= BACKOFF_SECONDS[-1] * 1000


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (99, 1800)]
)
def test_the_ceiling_rises_with_each_failure(failures: int, seconds: int) -> None:
    assert backoff_ms(failures, lambda: 0.5) == seconds * 500


def test_after_a_500_it_waits_at_least_a_minute() -> None:
    assert backoff_ms(1, lambda: 0.0, least_seconds=60) == 60_000


def test_polling_is_quick_while_the_code_is_on_screen() -> None:
    assert poll_after_ms(1_000_000, 1_000_000) == 15_000
    assert poll_after_ms(1_179_999, 1_000_000) == 15_000
    assert poll_after_ms(1_180_000, 1_000_000) == 120_000


def test_polling_is_slow_when_nothing_is_awaited() -> None:
    assert poll_after_ms(1_000_000, None) == 600_000


def test_a_sale_from_the_future_is_not_on_screen() -> None:
    assert poll_after_ms(1_000_000, 2_000_000) == 120_000


def test_lanes_are_halved_and_grow_back_one_by_one() -> None:
    lanes = LaneLimit()
    assert lanes.now == LANES_MAX
    for at in (10.0, 10.2, 10.9):
        lanes.was_limited(at)
    assert lanes.now == LANES_MAX // 2
    for _ in range(LANES_MAX // 2 + 1):
        lanes.went_well()
    assert lanes.now == LANES_MAX // 2 + 1


@given(moves=st.lists(st.booleans(), max_size=400))
def test_there_is_always_a_lane_and_never_too_many(moves: list[bool]) -> None:
    lanes = LaneLimit()
    for number, well in enumerate(moves):
        lanes.went_well() if well else lanes.was_limited(float(number))
        assert 1 <= lanes.now <= LANES_MAX


class Bench:
    """Virtual seconds: sleeping tasks are woken in the order of their instants."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent: list[tuple[float, str]] = []

    def run(self, endpoints: list[str]) -> None:
        """Send all requests at once, as many lanes would, and note when each may go."""

        async def go() -> None:
            pace = Pace(lambda: self.now, self.sleep)
            for endpoint in endpoints:
                self.waited = 0.0
                await pace(endpoint)
                self.sent.append((self.now + self.waited, endpoint))

        asyncio.run(go())

    async def sleep(self, seconds: float) -> None:
        self.waited = seconds

    def most_in_a_second(self, endpoint: str | None = None) -> int:
        times = sorted(at for at, name in self.sent if endpoint in (None, name))
        return max(sum(start <= at < start + 1 for at in times) for start in times)


def test_one_endpoint_stays_below_its_limit() -> None:
    bench = Bench()
    bench.run(["POST invoices"] * 200)
    assert bench.most_in_a_second() <= ENDPOINT_PER_SECOND
    assert bench.sent[-1][0] <= 200 / ENDPOINT_PER_SECOND * 1.1


def test_all_endpoints_together_stay_below_the_limit() -> None:
    bench = Bench()
    bench.run([f"POST {number % 8}" for number in range(800)])
    assert bench.most_in_a_second() <= 100
    assert bench.sent[-1][0] <= 8 * 1.1


def test_a_pause_saves_no_burst_up() -> None:
    bench = Bench()
    bench.run(["GET events"])
    bench.now = 100.0
    bench.run(["GET events"] * 60)
    assert bench.most_in_a_second("GET events") <= ENDPOINT_PER_SECOND


def test_who_stays_below_the_limits_never_waits() -> None:
    """Room comes back as time passes: after the first requests as after the ten thousandth."""
    bench = Bench()

    async def go() -> None:
        pace = Pace(lambda: bench.now, bench.sleep)
        for number in range(400):
            bench.waited = 0.0
            await pace(f"POST {number % 4}")
            assert bench.waited == 0, number
            bench.now += 1 / 80

    asyncio.run(go())


def test_a_promise_to_wait_is_made_good_and_forgotten() -> None:
    bench = Bench()

    async def go() -> list[float]:
        pace, waits = Pace(lambda: bench.now, bench.sleep, share=1.0), []
        for pause in (0, 0, 0, 60, 0):
            bench.now += pause
            bench.waited = 0.0
            await pace("POST invoices")
            waits.append(bench.waited)
        return waits

    assert asyncio.run(go()) == pytest.approx([0, 0.04, 0.08, 0, 0.04])


def test_one_busy_endpoint_holds_no_other_up() -> None:
    bench = Bench()

    async def go() -> None:
        pace = Pace(lambda: bench.now, bench.sleep, share=1.0)
        for _ in range(20):
            await pace("POST invoices")
        bench.now += 0.2  # room again for all together, not for invoices
        bench.waited = 0.0
        await pace("GET events")
        assert bench.waited == 0
        await pace("POST invoices")
        assert bench.waited > 0.5

    asyncio.run(go())


def test_a_429_of_the_next_second_halves_again() -> None:
    lanes = LaneLimit(most=16)
    for at, now in ((10.0, 8), (10.999, 8), (11.0, 4), (11.5, 4), (12.0, 2), (13.0, 1), (14.0, 1)):
        lanes.was_limited(at)
        assert lanes.now == now, at


def test_half_the_lanes_grow_back_to_all_and_no_more() -> None:
    lanes = LaneLimit(most=4)
    lanes.was_limited(0.0)
    grown = []
    for _ in range(12):
        lanes.went_well()
        grown.append(lanes.now)
    assert grown == sorted(grown)
    assert (grown[0], grown[-1]) == (2, 4)


def test_the_first_failure_waits_no_longer_than_the_none_before_it() -> None:
    for failures in (-1, 0, 1):
        assert backoff_ms(failures, lambda: 0.5) == BACKOFF_SECONDS[0] * 500
