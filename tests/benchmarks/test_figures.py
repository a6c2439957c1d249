"""Percentiles, targets and the table: a measurement must not flatter."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Figure, pair, percentile, print_table

HUNDRED = [float(number) for number in range(1, 101)]
SAMPLES = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1.0), (0.5, 51.0), (0.98, 99.0), (0.99, 100.0), (1.0, 100.0)]
)
def test_a_percentile_is_one_of_the_samples(share: float, value: float) -> None:
    assert percentile(HUNDRED, share) == value
    assert percentile(HUNDRED[::-1], share) == value


def test_of_one_sample_every_percentile_is_that_one() -> None:
    assert {percentile([7.5], share) for share in (0.0, 0.5, 0.99, 1.0)} == {7.5}


@given(samples=SAMPLES, low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_higher_share_is_never_less(samples: list[float], low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert min(samples) <= percentile(samples, low) <= percentile(samples, high) <= max(samples)


@given(samples=SAMPLES, share=st.floats(0, 0.999))
def test_at_least_this_share_is_not_above_it(samples: list[float], share: float) -> None:
    """Rounded up, never down: a slow tail is not averaged away."""
    value = percentile(samples, share)
    assert sum(sample <= value for sample in samples) >= share * len(samples)


def test_samples_stay_in_their_order() -> None:
    samples = [3.0, 1.0, 2.0]
    percentile(samples, 0.5)
    assert samples == [3.0, 1.0, 2.0]


def test_a_pair_is_in_milliseconds() -> None:
    middle, tail = pair("tap", [0.001] * 99 + [0.5])
    assert (middle.name, middle.unit) == ("tap p50", "ms")
    assert middle.value == pytest.approx(1.0)
    assert (tail.name, tail.unit) == ("tap p99", "ms")
    assert tail.value == pytest.approx(500.0)


@pytest.mark.parametrize(
    ("value", "target", "reached"),
    [(10.0, 10.0, True), (10.001, 10.0, False), (0.0, 10.0, True), (99.0, None, None)],
)
def test_a_target_is_the_most_it_should_be(
    value: float, target: float | None, *, reached: bool | None
) -> None:
    assert Figure(name="a", value=value, unit="ms", target=target).reached is reached


def test_the_table_says_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [
        Figure(name="start", value=512.345, unit="ms", target=700.0),
        Figure(name="first frame of all", value=1200.0, unit="ms", target=500.0),
        Figure(name="size", value=80.0, unit="MiB"),
    ]
    print_table(figures)
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.rstrip().endswith("NOT REACHED") for line in lines] == [False, True, False]
    assert lines[0].rstrip().endswith(" reached")
    assert "512.35 ms" in lines[0] or "512.34 ms" in lines[0]
    assert "<= 700" in lines[0]
    assert "<=" not in lines[2]
    assert len({line.index("ms") for line in lines[:2]}) == 1  # in one column
    assert json.loads(last) == {
        "figures": [
            {"name": "start", "value": 512.345, "unit": "ms", "target": 700.0},
            {"name": "first frame of all", "value": 1200.0, "unit": "ms", "target": 500.0},
            {"name": "size", "value": 80.0, "unit": "MiB", "target": None},
        ]
    }
