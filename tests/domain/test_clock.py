"""The clock: two years wrong either way, and right only on good evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.clock import (
    BACKWARD_TOLERANCE_MS,
    DAY_MS,
    MINUTE_MS,
    error_left_ms,
    read_clock,
)

TRUE_MS = 1_795_426_200_000
TWO_YEARS_MS = 2 * 365 * DAY_MS
maybe_skew = st.none() | st.integers(-TWO_YEARS_MS, TWO_YEARS_MS)


def test_a_clock_two_years_behind_is_doubted_and_put_to_the_floor() -> None:
    reading = read_clock(TRUE_MS - TWO_YEARS_MS, floor_ms=TRUE_MS, skew_ms=None)
    assert (reading.doubtful, reading.best_ms) == (True, TRUE_MS)
    assert reading.now_ms == TRUE_MS - TWO_YEARS_MS


def test_a_clock_two_years_ahead_is_believed_until_the_rail_measures_it() -> None:
    ahead = TRUE_MS + TWO_YEARS_MS
    unmeasured = read_clock(ahead, floor_ms=TRUE_MS, skew_ms=None)
    assert (unmeasured.doubtful, unmeasured.best_ms) == (False, ahead)
    measured = read_clock(ahead, floor_ms=TRUE_MS, skew_ms=TWO_YEARS_MS)
    assert (measured.doubtful, measured.best_ms) == (True, TRUE_MS)


def test_a_clock_two_years_behind_is_put_right_once_measured() -> None:
    reading = read_clock(TRUE_MS - TWO_YEARS_MS, floor_ms=TRUE_MS, skew_ms=-TWO_YEARS_MS)
    assert (reading.doubtful, reading.best_ms) == (True, TRUE_MS)


def test_a_clock_found_right_is_trusted_though_the_floor_lies_ahead() -> None:
    # The floor came from a time when the clock ran ahead; the rail has since found it right.
    reading = read_clock(TRUE_MS, floor_ms=TRUE_MS + TWO_YEARS_MS, skew_ms=0)
    assert (reading.doubtful, reading.best_ms) == (False, TRUE_MS)


@pytest.mark.parametrize(("beyond_ms", "doubtful"), [(0, False), (1, True)])
def test_the_floor_is_missed_by_five_minutes_at_most(beyond_ms: int, doubtful: bool) -> None:
    now = TRUE_MS - BACKWARD_TOLERANCE_MS - beyond_ms
    assert read_clock(now, floor_ms=TRUE_MS, skew_ms=None).doubtful is doubtful


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("beyond_ms", "doubtful"), [(0, False), (1, True)])
def test_five_minutes_of_skew_are_borne(sign: int, beyond_ms: int, doubtful: bool) -> None:
    skew = sign * (5 * MINUTE_MS + beyond_ms)
    assert read_clock(TRUE_MS, floor_ms=0, skew_ms=skew).doubtful is doubtful


@given(st.integers(0, 4 * 10**12), st.integers(0, 4 * 10**12), maybe_skew)
def test_a_trusted_clock_is_taken_as_it_is(now: int, floor: int, skew: int | None) -> None:
    reading = read_clock(now, floor, skew)
    assert reading.now_ms == now
    assert reading.skew_ms == skew
    if not reading.doubtful:
        assert reading.best_ms == now


@given(st.integers(0, 4 * 10**12), st.integers(0, 4 * 10**12))
def test_the_best_guess_never_lies_well_before_what_has_passed(now: int, floor: int) -> None:
    assert read_clock(now, floor, None).best_ms >= floor - BACKWARD_TOLERANCE_MS


@given(true_ms=st.integers(10**12, 10**13), skew_ms=st.integers(-(10**11), 10**11))
def test_what_is_left_of_a_clocks_error_leads_back_to_the_true_instant(
    true_ms: int, skew_ms: int
) -> None:
    reading = read_clock(true_ms + skew_ms, floor_ms=0, skew_ms=skew_ms)
    assert reading.best_ms - error_left_ms(skew_ms) == true_ms
