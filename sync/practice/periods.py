"""Billing periods: calendar steps from an anchor, the day of the month kept where it exists.

https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from sync.practice.wire import JsonObject


def step(anchor: int, recurring: JsonObject, periods: int) -> int:
    """The instant `periods` billing periods after the anchor. UTC seconds.

    `recurring` is a price's: `interval` day, week, month or year, and `interval_count`.
    """
    count = int(recurring["interval_count"]) * periods
    start = datetime.fromtimestamp(anchor, UTC)
    match recurring["interval"]:
        case "day":
            return anchor + int(timedelta(days=count).total_seconds())
        case "week":
            return anchor + int(timedelta(weeks=count).total_seconds())
        case "month":
            return _months_later(start, count)
        case _:
            return _months_later(start, 12 * count)


def next_end(anchor: int, recurring: JsonObject, after: int) -> int:
    """The first period end after an instant, counted from the anchor so that days do not drift."""
    shortest = max(step(0, recurring, 1), 1)
    periods = max((after - anchor) // (2 * shortest), 0)
    while step(anchor, recurring, periods) <= after:
        periods += 1
    return step(anchor, recurring, periods)


def part_of_period(amount_minor: int, start: int, end: int, recurring: JsonObject) -> int:
    """What a stretch of time costs, by whole periods and a share of the last, half up."""
    whole = 0
    while step(start, recurring, whole + 1) <= end:
        whole += 1
    left, last = step(start, recurring, whole), step(start, recurring, whole + 1)
    share = (2 * amount_minor * (end - left) + (last - left)) // (2 * (last - left))
    return amount_minor * whole + share


def _months_later(start: datetime, months: int) -> int:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())
