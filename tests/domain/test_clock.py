"""The clock: two years wrong either way, and right only on good evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.clock import (
    BACKWARD_TOLERANCE_MS,
    DAY_MS,
    MINUTE_MS,
    Measured,
    error_left_ms,
    read_clock,
)

TRUE_MS = 1_795_426_200_000
TWO_YEARS_MS = 2 * 365 * DAY_MS
maybe_skew = st.none() | st.integers(-TWO_YEARS_MS, TWO_YEARS_MS)


def just_now(now_ms: int, skew_ms: int | None) -> Measured | None:
    """The rail measured the clock when it showed `now_ms`."""
    return None if skew_ms is None else Measured(skew_ms=skew_ms, at_ms=now_ms)


def test_a_clock_two_years_behind_is_doubted_and_put_to_the_floor() -> None:
    reading = read_clock(TRUE_MS - TWO_YEARS_MS, floor_ms=TRUE_MS, measured=None)
    assert (reading.doubtful, reading.best_ms) == (True, TRUE_MS)
    assert reading.now_ms == TRUE_MS - TWO_YEARS_MS


def test_a_clock_two_years_ahead_is_believed_until_the_rail_measures_it() -> None:
    ahead = TRUE_MS + TWO_YEARS_MS
    unmeasured = read_clock(ahead, floor_ms=TRUE_MS, measured=None)
    assert (unmeasured.doubtful, unmeasured.best_ms) == (False, ahead)
    measured = read_clock(ahead, floor_ms=TRUE_MS, measured=just_now(ahead, TWO_YEARS_MS))
    assert (measured.doubtful, measured.best_ms) == (True, TRUE_MS)


def test_a_clock_two_years_behind_is_put_right_once_measured() -> None:
    reading = read_clock(
        TRUE_MS - TWO_YEARS_MS,
        floor_ms=TRUE_MS,
        measured=just_now(TRUE_MS - TWO_YEARS_MS, -TWO_YEARS_MS),
    )
    assert (reading.doubtful, reading.best_ms) == (True, TRUE_MS)


def test_a_clock_found_right_is_trusted_though_the_floor_lies_ahead() -> None:
    # The floor came from a time when the clock ran ahead; the rail has since found it right.
    reading = read_clock(TRUE_MS, floor_ms=TRUE_MS + TWO_YEARS_MS, measured=just_now(TRUE_MS, 0))
    assert (reading.doubtful, reading.best_ms) == (False, TRUE_MS)


@pytest.mark.parametrize(("beyond_ms", "doubtful"), [(0, False), (1, True)])
def test_the_floor_is_missed_by_five_minutes_at_most(beyond_ms: int, doubtful: bool) -> None:
    now = TRUE_MS - BACKWARD_TOLERANCE_MS - beyond_ms
    assert read_clock(now, floor_ms=TRUE_MS, measured=None).doubtful is doubtful


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("beyond_ms", "doubtful"), [(0, False), (1, True)])
def test_five_minutes_of_skew_are_borne(sign: int, beyond_ms: int, doubtful: bool) -> None:
    skew = sign * (5 * MINUTE_MS + beyond_ms)
    assert read_clock(TRUE_MS, floor_ms=0, measured=just_now(TRUE_MS, skew)).doubtful is doubtful


@given(st.integers(0, 4 * 10**12), st.integers(0, 4 * 10**12), maybe_skew)
def test_a_trusted_clock_is_taken_as_it_is(now: int, floor: int, skew: int | None) -> None:
    reading = read_clock(now, floor, just_now(now, skew))
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
    reading = read_clock(
        true_ms + skew_ms, floor_ms=0, measured=just_now(true_ms + skew_ms, skew_ms)
    )
    assert reading.best_ms - error_left_ms(skew_ms) == true_ms


def test_a_clock_put_back_after_it_was_measured_is_doubted() -> None:
    reading = read_clock(TRUE_MS - DAY_MS, 0, Measured(skew_ms=0, at_ms=TRUE_MS))
    assert (reading.doubtful, reading.best_ms, reading.skew_ms) == (True, TRUE_MS, None)


def test_a_clock_that_ran_ahead_and_was_put_right_is_believed_again() -> None:
    # The floor lies two years ahead too: it was made while nobody knew better.
    ahead = Measured(skew_ms=TWO_YEARS_MS, at_ms=TRUE_MS + TWO_YEARS_MS)
    reading = read_clock(TRUE_MS + DAY_MS, TRUE_MS + TWO_YEARS_MS, ahead)
    assert (reading.doubtful, reading.best_ms, reading.skew_ms) == (False, TRUE_MS + DAY_MS, None)


@pytest.mark.parametrize(("beyond_ms", "holds"), [(0, True), (1, False)])
def test_a_measurement_bears_five_minutes_back(beyond_ms: int, holds: bool) -> None:
    measured = Measured(skew_ms=7, at_ms=TRUE_MS)
    now = TRUE_MS - BACKWARD_TOLERANCE_MS - beyond_ms
    assert measured.holds_at(now) is holds
    assert read_clock(now, 0, measured).skew_ms == (7 if holds else None)


@given(
    st.integers(10**12, 4 * 10**12),
    st.integers(-TWO_YEARS_MS, TWO_YEARS_MS),
    st.integers(-TWO_YEARS_MS, TWO_YEARS_MS),
)
def test_no_time_goes_by_backwards_however_the_clock_is_set(
    true_ms: int, skew_ms: int, moved_ms: int
) -> None:
    measured = Measured(skew_ms=skew_ms, at_ms=true_ms + skew_ms)
    reading = read_clock(true_ms + skew_ms + moved_ms, 0, measured)
    assert reading.best_ms >= true_ms - 2 * BACKWARD_TOLERANCE_MS
