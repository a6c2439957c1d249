"""Memberships over the months: renewals where the calendar is uneven, and where nobody looked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.practice.app import PracticeStripe
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock
from tests.sync.practice.made import Made

DAY = 86_400
CYCLE = "subscription_cycle"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def since(text: str) -> tuple[Api, Clock]:
    clock = Clock(at(text) * 1000)
    return Api(PracticeStripe(clock=clock, seed=3)), clock


def member(api: Api, interval: str, count: int = 1) -> Made:
    price = made.price(api, 500, recurring={"interval": interval, "interval_count": count})
    return made.subscription(api, price=price["id"])


def renewed(api: Api) -> list[str]:
    """The dates of the renewals' invoices, oldest first."""
    found = [one for one in api.practice.objects("invoice") if one["billing_reason"] == CYCLE]
    return [datetime.fromtimestamp(one["created"], UTC).date().isoformat() for one in found]


@pytest.mark.parametrize(
    ("start", "interval", "count", "until", "dates"),
    [
        ("2027-01-31T10:00", "month", 1, "2027-05-01T00:00",
         ["2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2028-01-31T10:00", "month", 1, "2028-03-01T00:00", ["2028-02-29"]),
        ("2028-02-29T10:00", "year", 1, "2030-03-01T00:00", ["2029-02-28", "2030-02-28"]),
        ("2026-11-30T10:00", "month", 3, "2027-06-01T00:00", ["2027-02-28", "2027-05-30"]),
        ("2026-12-31T23:59", "week", 2, "2027-02-01T00:00", ["2027-01-14", "2027-01-28"]),
        ("2027-03-27T10:00", "day", 1, "2027-03-30T00:00", ["2027-03-28", "2027-03-29"]),
    ],
)  # fmt: skip
def test_renewals_keep_to_the_calendar(
    start: str, interval: str, count: int, until: str, dates: list[str]
) -> None:
    api, clock = since(start)
    member(api, interval, count)
    clock.now_ms = at(until) * 1000
    assert renewed(api) == dates


@pytest.mark.parametrize("looks", [1, 2, 40])
def test_it_does_not_matter_how_often_somebody_looked(looks: int) -> None:
    api, clock = since("2027-01-31T10:00")
    member(api, "month")
    begun_ms = clock.now_ms
    for look in range(1, looks + 1):
        clock.now_ms = begun_ms + 120 * DAY * 1000 * look // looks
        api.get("/v1/balance")
    assert renewed(api) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_each_period_begins_where_the_last_one_ended() -> None:
    api, clock = since("2027-01-31T10:00")
    subscription = member(api, "month")
    ends = subscription["items"]["data"][0]["current_period_end"]
    for _ in range(6):
        clock.now_ms = (ends + 1) * 1000
        shown = api.get(f"/v1/subscriptions/{subscription['id']}")["items"]["data"][0]
        assert shown["current_period_start"] == ends
        assert shown["current_period_end"] > ends
        ends = shown["current_period_end"]
    assert datetime.fromtimestamp(ends, UTC).date().isoformat() == "2027-08-31"


def test_a_cancelled_membership_brings_no_more_invoices() -> None:
    api, clock = since("2027-01-31T10:00")
    subscription = member(api, "month")
    clock.now_ms = at("2027-03-01T00:00") * 1000
    api.delete(f"/v1/subscriptions/{subscription['id']}")
    clock.now_ms = at("2027-12-01T00:00") * 1000
    assert renewed(api) == ["2027-02-28"]
