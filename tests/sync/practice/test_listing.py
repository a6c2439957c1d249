"""Lists: newest first, cursors both ways, created ranges, and the envelope."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.listing import within
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000


def some_customers(api: Api, clock: Clock, count: int) -> list[str]:
    """Ids, newest first; one second lies between two of them."""
    ids = []
    for number in range(count):
        ids.append(api.post("/v1/customers", {"name": str(number)})["id"])
        clock.pass_seconds(1)
    return ids[::-1]


def test_a_list_has_stripes_envelope(api: Api) -> None:
    assert api.get("/v1/customers") == {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": "/v1/customers",
    }


def test_ten_come_by_default_newest_first(api: Api, clock: Clock) -> None:
    ids = some_customers(api, clock, 12)
    page = api.get("/v1/customers")
    assert [item["id"] for item in page["data"]] == ids[:10]
    assert page["has_more"] is True


@settings(max_examples=25)
@given(count=st.integers(0, 9), limit=st.integers(1, 5))
def test_walking_either_way_meets_everyone_once(count: int, limit: int) -> None:
    clock = Clock()
    api = Api(PracticeStripe(clock=clock, seed=2))
    ids = some_customers(api, clock, count)
    assert walk(api, limit, "starting_after", -1) == ids
    if ids:
        newer = walk(api, limit, "ending_before", 0, ids[-1])
        assert newer == ids[:-1]


def walk(api: Api, limit: int, cursor: str, edge: int, start: str | None = None) -> list[str]:
    seen: list[str] = []
    at = start
    for _ in range(20):
        page = api.get("/v1/customers", {"limit": limit, **({cursor: at} if at else {})})
        ids = [item["id"] for item in page["data"]]
        seen = seen + ids if cursor == "starting_after" else ids + seen
        if not page["has_more"]:
            return seen
        at = ids[edge]
    raise AssertionError("the walk does not end")


def test_a_cursor_need_not_pass_the_filter(api: Api, clock: Clock) -> None:
    first = api.post("/v1/customers", {"email": "a@example.com"})["id"]
    other = api.post("/v1/customers", {"email": "b@example.com"})["id"]
    found = api.ids("/v1/customers", {"email": "a@example.com", "starting_after": other})
    assert found == [first]


@pytest.mark.parametrize("limit", [0, -1, 101, 1000])
def test_a_page_has_between_1_and_100(api: Api, limit: int) -> None:
    assert api.refused("GET", "/v1/customers", {"limit": limit})["param"] == "limit"


@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
def test_an_unknown_cursor_is_refused(api: Api, cursor: str) -> None:
    error = api.refused("GET", "/v1/customers", {cursor: "cus_none"})
    assert (error["status"], error["code"], error["param"]) == (400, "resource_missing", cursor)


def test_both_cursors_at_once_are_refused(api: Api, clock: Clock) -> None:
    ids = some_customers(api, clock, 2)
    given_both = {"starting_after": ids[0], "ending_before": ids[1]}
    assert api.refused("GET", "/v1/customers", given_both)["status"] == 400


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ({"gte": START + 2}, [3, 2]),
        ({"gt": START + 2}, [3]),
        ({"lte": START + 1}, [1, 0]),
        ({"lt": START + 1}, [0]),
        ({"gt": START, "lt": START + 3}, [2, 1]),
        ({"gte": START + 9}, []),
        (START + 2, [2]),
    ],
)
def test_created_ranges(api: Api, clock: Clock, created: Any, expected: list[int]) -> None:
    oldest_first = some_customers(api, clock, 4)[::-1]
    wanted = [oldest_first[number] for number in expected]
    assert api.ids("/v1/customers", {"created": created}) == wanted


@given(at=st.integers(-5, 5), bound=st.integers(-5, 5))
def test_each_bound_means_what_it_says(at: int, bound: int) -> None:
    value = {"created": at}
    assert within(value, {"gt": bound}) == (at > bound)
    assert within(value, {"gte": bound}) == (at >= bound)
    assert within(value, {"lt": bound}) == (at < bound)
    assert within(value, {"lte": bound}) == (at <= bound)
    assert within(value, bound) == (at == bound)
    assert within(value, None)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers",
        "/v1/products",
        "/v1/prices",
        "/v1/payment_links",
        "/v1/checkout/sessions",
        "/v1/invoices",
        "/v1/invoiceitems",
        "/v1/invoice_payments",
        "/v1/payment_intents",
        "/v1/subscriptions",
        "/v1/refunds",
        "/v1/events",
    ],
)
def test_every_list_begins_empty_and_says_where_it_is(api: Api, path: str) -> None:
    page = api.get(path, {"limit": 100})
    assert page == {"object": "list", "data": [], "has_more": False, "url": path}
