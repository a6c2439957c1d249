"""Billing periods: calendar steps from an anchor that do not drift."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.periods import next_end, part_of_period, step

INTERVALS = st.fixed_dictionaries(
    {
        "interval": st.sampled_from(["day", "week", "month", "year"]),
        "interval_count": st.integers(1, 3),
    }
)
ANCHORS = st.integers(1_600_000_000, 1_900_000_000)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "interval", "count", "periods", "expected"),
    [
        ("2026-01-01T10:00:00", "day", 1, 3, "2026-01-04T10:00:00"),
        ("2026-01-01T10:00:00", "week", 2, 1, "2026-01-15T10:00:00"),
        ("2026-01-31T10:00:00", "month", 1, 1, "2026-02-28T10:00:00"),
        ("2026-01-31T10:00:00", "month", 1, 2, "2026-03-31T10:00:00"),
        ("2028-01-31T10:00:00", "month", 1, 1, "2028-02-29T10:00:00"),
        ("2026-11-30T10:00:00", "month", 3, 1, "2027-02-28T10:00:00"),
        ("2028-02-29T10:00:00", "year", 1, 1, "2029-02-28T10:00:00"),
        ("2028-02-29T10:00:00", "year", 4, 1, "2032-02-29T10:00:00"),
    ],
)
def test_steps_of_the_calendar(
    anchor: str, interval: str, count: int, periods: int, expected: str
) -> None:
    recurring = {"interval": interval, "interval_count": count}
    assert step(at(anchor), recurring, periods) == at(expected)


@given(ANCHORS, INTERVALS, st.integers(0, 30))
def test_each_step_is_later_than_the_one_before(
    anchor: int, recurring: dict[str, object], periods: int
) -> None:
    assert step(anchor, recurring, 0) == anchor
    assert step(anchor, recurring, periods + 1) > step(anchor, recurring, periods)


@given(ANCHORS, INTERVALS, st.integers(0, 40))
def test_the_next_end_is_the_first_after(
    anchor: int, recurring: dict[str, object], periods: int
) -> None:
    end = step(anchor, recurring, periods + 1)
    assert next_end(anchor, recurring, step(anchor, recurring, periods)) == end
    assert next_end(anchor, recurring, end - 1) == end


@given(ANCHORS, INTERVALS, st.integers(0, 10_000_00), st.integers(0, 5))
def test_whole_periods_cost_whole_amounts(
    anchor: int, recurring: dict[str, object], amount: int, periods: int
) -> None:
    end = step(anchor, recurring, periods)
    assert part_of_period(amount, anchor, end, recurring) == amount * periods


def test_half_a_week_costs_half() -> None:
    week = {"interval": "week", "interval_count": 1}
    assert part_of_period(1001, 0, 302_400, week) == 501
    assert part_of_period(1000, 0, 302_400, week) == 500
