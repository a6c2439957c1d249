"""Periods and moments on the wall clock of the event, in the nights when that clock jumps too."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.event_file import LATEST_MS
from kiosk.domain.moments import day_number, parse_moment, parse_rfc3339, period_end_ms, rfc3339
from kiosk.domain.offer import Cadence, CadenceUnit
from tests.domain.made import cadences, instants, zones

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
HOUR_MS = 3_600_000
DAY = Cadence(every=1, unit=CadenceUnit.DAY)
WEEK = Cadence(every=1, unit=CadenceUnit.WEEK)
MONTH = Cadence(every=1, unit=CadenceUnit.MONTH)


def ms(text: str) -> int:
    """`2026-11-23T10:00+01:00` in milliseconds, by Python's own arithmetic."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def wall(instant_ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(instant_ms / 1000, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "cadence", "zone", "end"),
    [
        # Berlin, forward on 28 March 2027 and back on 31 October 2027.
        ("2027-03-25T19:30+01:00", WEEK, BERLIN, "2027-04-01T19:30+02:00"),
        ("2027-10-28T19:30+02:00", WEEK, BERLIN, "2027-11-04T19:30+01:00"),
        ("2027-03-27T12:00+01:00", DAY, BERLIN, "2027-03-28T12:00+02:00"),
        # New York, forward on 14 March 2027 and back on 7 November 2027.
        ("2027-03-13T09:00-05:00", DAY, NEW_YORK, "2027-03-14T09:00-04:00"),
        ("2027-11-06T09:00-04:00", DAY, NEW_YORK, "2027-11-07T09:00-05:00"),
        # 02:30 does not exist in the night of the change; the clock shows 03:30 then.
        ("2027-03-21T02:30+01:00", WEEK, BERLIN, "2027-03-28T03:30+02:00"),
        ("2027-03-13T02:30-05:00", DAY, NEW_YORK, "2027-03-14T03:30-04:00"),
        # 02:30 comes twice in the night back; the first one is meant.
        ("2027-10-24T02:30+02:00", WEEK, BERLIN, "2027-10-31T02:30+02:00"),
        # The date line: Samoa had no 30 December 2011.
        ("2011-12-29T10:00-10:00", DAY, "Pacific/Apia", "2011-12-31T10:00+14:00"),
        # Half an hour of summer time.
        ("2027-04-03T12:00+11:00", DAY, "Australia/Lord_Howe", "2027-04-04T12:00+10:30"),
    ],
)
def test_a_period_ends_at_the_same_time_of_day(
    start: str, cadence: Cadence, zone: str, end: str
) -> None:
    assert rfc3339(period_end_ms(ms(start), cadence, 1, zone)) == rfc3339(ms(end))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2099-12-31", 2, "2100-02-28"),  # 2100 is no leap year
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: str, months: int, end: str) -> None:
    ended = period_end_ms(ms(f"{start}T12:00+00:00"), MONTH, months, "UTC")
    assert rfc3339(ended) == f"{end}T12:00:00.000Z"


def test_four_periods_are_counted_from_the_start_not_one_after_the_other() -> None:
    # 31 January + 1 month + 1 month would be 28 March.
    start = ms("2026-01-31T12:00+01:00")
    ended = period_end_ms(start, MONTH, 2, BERLIN)
    assert wall(ended, BERLIN).date() == date(2026, 3, 31)


def test_every_second_week_is_fourteen_days() -> None:
    fortnight = Cadence(every=2, unit=CadenceUnit.WEEK)
    start = ms("2026-06-01T12:00+02:00")
    assert period_end_ms(start, fortnight, 2, BERLIN) - start == 28 * 24 * HOUR_MS


def test_the_milliseconds_are_kept() -> None:
    start = ms("2026-06-01T12:00+02:00") + 789
    assert period_end_ms(start, DAY, 1, BERLIN) - start == 24 * HOUR_MS


def test_a_later_start_in_the_hour_that_comes_twice_never_ends_earlier() -> None:
    # Half a year on lies the night without 02:30: both must be moved on by the skipped hour.
    first = ms("2027-10-31T02:30+02:00")
    to_spring = Cadence(every=(date(2028, 3, 26) - date(2027, 10, 31)).days, unit=CadenceUnit.DAY)
    ends = [period_end_ms(first + late, to_spring, 1, BERLIN) for late in (0, HOUR_MS)]
    assert ends[0] <= ends[1]
    assert wall(ends[1], BERLIN) == datetime(2028, 3, 26, 3, 30, tzinfo=ZoneInfo(BERLIN))


@given(instants, cadences(), st.integers(1, 12), zones)
def test_a_period_ends_after_its_start_and_before_the_next(
    start: int, cadence: Cadence, periods: int, zone: str
) -> None:
    ended = period_end_ms(start, cadence, periods, zone)
    assert start < ended < period_end_ms(start, cadence, periods + 1, zone)


@given(instants, st.integers(1, 60), zones)
def test_days_on_the_wall_are_the_days_asked_for(start: int, days: int, zone: str) -> None:
    ended = period_end_ms(start, Cadence(every=days, unit=CadenceUnit.DAY), 1, zone)
    before, after = wall(start, zone), wall(ended, zone)
    # A skipped hour or a skipped date moves the end on, by a day at most.
    assert days <= (after.date() - before.date()).days <= days + 1
    if before.utcoffset() == after.utcoffset():
        assert after.time() == before.time()


@given(instants)
def test_a_day_number_is_the_date_in_utc(instant: int) -> None:
    days = (wall(instant, "UTC").date() - date(1970, 1, 1)).days
    assert day_number(instant) == days


def test_the_day_number_changes_at_midnight_in_utc() -> None:
    midnight = ms("2026-11-23T00:00+00:00")
    assert day_number(midnight) == day_number(midnight - 1) + 1


@given(st.integers(-(10**12), LATEST_MS))
def test_an_instant_written_is_read_back_to_the_millisecond(instant: int) -> None:
    assert parse_rfc3339(rfc3339(instant)) == instant


def test_an_instant_is_written_in_utc_with_milliseconds() -> None:
    assert rfc3339(ms("2026-11-23T10:30:00+01:00") + 7) == "2026-11-23T09:30:00.007Z"


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-11-23", "2026-11-23T10:00:00", "2026-02-30T10:00:00Z", "10:00Z"]
)
def test_an_instant_without_its_offset_or_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_rfc3339(text)


@pytest.mark.parametrize(
    "text", ["2026-11-23t09:30:00z", "2026-11-23T09:30:00z", "2026-11-23t10:30:00+01:00"]
)
def test_an_instant_may_be_written_in_small_letters(text: str) -> None:
    assert parse_rfc3339(text) == ms("2026-11-23T10:30:00+01:00")


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_an_instant_beyond_all_years_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="years 1 and 9999"):
        parse_rfc3339(text)


LOADED = ms("2026-11-23T10:30+01:00")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+0d 10:00", "2026-11-23T10:00+01:00"),
        ("+2d 09:05", "2026-11-25T09:05+01:00"),
        ("-1d 23:59", "2026-11-22T23:59+01:00"),
        ("+2d", "2026-11-25T10:30+01:00"),
        ("+0d", "2026-11-23T10:30+01:00"),
        ("-30m", "2026-11-23T10:00+01:00"),
        ("+8h", "2026-11-23T18:30+01:00"),
        ("2026-12-24T10:00:00+01:00", "2026-12-24T10:00+01:00"),
        ("2026-12-24T10:00:00Z", "2026-12-24T10:00+00:00"),
    ],
)
def test_a_moment_may_be_absolute_or_relative_to_the_load(written: str, meant: str) -> None:
    assert parse_moment(written, LOADED, BERLIN) == ms(meant)


def test_a_moment_of_toml_itself_is_taken() -> None:
    assert parse_moment(datetime(2026, 12, 24, 9, tzinfo=UTC), 0, BERLIN) == ms(
        "2026-12-24T10:00+01:00"
    )


@pytest.mark.parametrize(
    "value",
    [
        datetime.fromisoformat("2026-12-24T09:00:00"),
        date(2026, 12, 24), time(9), 1_795_426_200_000, 3.5, True, None, [], {}, "", "tomorrow",
        "+d", "+1d 24:00", "+1d 9:00", "+1d 10:60", "1d", "+1w", "+ 1d", "+1d10:00", "+12345d",
        "+8h ", "2026-12-24", "2026-12-24T10:00:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_a_reason(value: object) -> None:
    with pytest.raises(ValueError, match=r"moment|offset"):
        parse_moment(value, LOADED, BERLIN)


@given(instants, zones, st.integers(-30, 30), st.times())
def test_a_time_on_a_day_is_that_time_unless_the_clock_skips_it(
    loaded: int, zone: str, days: int, at: time
) -> None:
    moment = parse_moment(f"{days:+}d {at:%H:%M}", loaded, zone)
    shown = wall(moment, zone)
    wanted = datetime.combine(shown.date(), at.replace(second=0, microsecond=0), ZoneInfo(zone))
    skipped = wanted.astimezone(UTC).astimezone(ZoneInfo(zone)).time() != wanted.time()
    assert skipped or shown.time() == wanted.time() or shown.hour - at.hour == 1


@given(instants, zones)
def test_the_same_time_today_is_the_instant_of_the_load(loaded: int, zone: str) -> None:
    # Also in the second hour of a night in which the clock goes back.
    assert parse_moment("+0d", loaded, zone) == loaded


def test_an_hour_of_the_day_means_its_first_coming() -> None:
    loaded = ms("2027-10-31T02:10+01:00")  # the second 02:10
    assert parse_moment("+0d 02:30", loaded, BERLIN) == ms("2027-10-31T02:30+02:00")
