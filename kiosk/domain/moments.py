"""Periods and moments in the event's own time zone, right across daylight-saving changes."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.offer import Cadence, CadenceUnit

_RELATIVE_DAY = re.compile(r"([+-]\d{1,4})d(?: ([01]\d|2[0-3]):([0-5]\d))?")
_RELATIVE_SPAN = re.compile(r"([+-]\d{1,5})([mh])")
_NOT_A_MOMENT: Final = (
    'not a moment: write "2026-12-24T10:00:00+01:00", "+0d 10:00", "-30m" or "+8h"'
)
_SPAN_MS: Final = {"m": 60_000, "h": 3_600_000}


def period_end_ms(start_ms: int, cadence: Cadence, periods: int, time_zone: str) -> int:
    """The end of the last of `periods` periods that begin at `start_ms`.

    Days, weeks and months are those of the wall clock there: a week that holds the change to
    summer time is an hour shorter. The 31st becomes the last day of a shorter month.
    """
    zone = ZoneInfo(time_zone)
    local = _local(start_ms, zone)
    count = cadence.every * periods
    match cadence.unit:
        case CadenceUnit.DAY:
            day = local.date() + timedelta(days=count)
        case CadenceUnit.WEEK:
            day = local.date() + timedelta(weeks=count)
        case CadenceUnit.MONTH:
            day = _add_months(local.date(), count)
        case never:
            assert_never(never)
    return _to_ms(_on_the_wall(day, local.time(), zone))


def day_number(instant_ms: int) -> int:
    """Whole days since 1970-01-01 in UTC, as certificates count them."""
    return instant_ms // 86_400_000


def rfc3339(instant_ms: int) -> str:
    """`2026-11-23T09:30:00.000Z` (RFC 3339), always UTC."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str) -> int:
    """UTC milliseconds of an RFC 3339 instant with an offset; ValueError otherwise.

    `t` and `z` may be small letters (RFC 3339 section 5.6).
    """
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC, such as Z or +02:00")
    try:
        return _to_ms(moment)
    except OverflowError:
        raise ValueError("an instant must lie between the years 1 and 9999 in UTC") from None


def parse_moment(value: object, loaded_ms: int, time_zone: str) -> int:
    """UTC milliseconds of a moment in an event file; ValueError with a reason for people.

    Absolute: an instant with offset. Relative to the load: `+2d` (same time of day), `+0d 10:00`
    (that time on that day in the event's zone), `-30m`, `+8h`.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset from UTC, such as Z or +02:00")
        return _to_ms(value)
    if not isinstance(value, str):
        # ValueError on purpose: whoever reads the file collects reasons, not kinds of exception.
        raise ValueError(_NOT_A_MOMENT)  # noqa: TRY004
    if found := _RELATIVE_SPAN.fullmatch(value):
        return loaded_ms + int(found[1]) * _SPAN_MS[found[2]]
    if found := _RELATIVE_DAY.fullmatch(value):
        zone = ZoneInfo(time_zone)
        local = _local(loaded_ms, zone)
        at = local.time() if found[2] is None else local.time().replace(
            hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0, fold=0
        )  # fmt: skip
        day = local.date() + timedelta(days=int(found[1]))
        return _to_ms(_on_the_wall(day, at, zone))
    try:
        return parse_rfc3339(value)
    except ValueError:
        raise ValueError(_NOT_A_MOMENT) from None


def _on_the_wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That day and time there; a time skipped by the change to summer time is moved on by it."""
    moment = datetime.combine(day, at, tzinfo=zone)
    there = moment.astimezone(UTC).astimezone(zone)
    # A skipped time means a later instant with fold 0 and an earlier one with fold 1 (PEP 495).
    return moment if (there.date(), there.time()) == (day, at) else moment.replace(fold=0)


def _local(instant_ms: int, zone: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)).astimezone(zone)


def _to_ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
