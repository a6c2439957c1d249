"""Which check comes first: a client's recovery depends on what a key was spent for."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.limits import RateLimits, RateMeter
from sync.practice.refusals import Refusal
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

ADA = {"email": "ada@example.com"}
BO = {"email": "bo@example.com"}
KEY = {"Idempotency-Key": "k1"}


def strike(api: Api, kind: FaultKind) -> None:
    api.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, probability=1.0),))


@pytest.mark.parametrize(
    "kind", [FaultKind.ERROR_500_WITHOUT_EFFECT, FaultKind.ERROR_500_WITH_EFFECT]
)
def test_a_saved_answer_comes_before_whatever_would_break_now(api: Api, kind: FaultKind) -> None:
    first = api.send("POST", "/v1/customers", ADA, KEY)
    strike(api, kind)
    again = api.send("POST", "/v1/customers", ADA, KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Original-Request"] == first.headers["Request-Id"]


@pytest.mark.parametrize(
    ("kind", "status"), [(FaultKind.RATE_LIMITED_429, 429), (FaultKind.BAD_KEY, 401)]
)
def test_a_limit_and_a_bad_key_come_before_a_saved_answer(
    api: Api, kind: FaultKind, status: int
) -> None:
    api.send("POST", "/v1/customers", ADA, KEY)
    strike(api, kind)
    assert api.send("POST", "/v1/customers", ADA, KEY).status_code == status
    api.practice.faults = FaultPlan()
    assert api.send("POST", "/v1/customers", ADA, KEY).headers["Idempotent-Replayed"] == "true"


def test_a_replay_counts_against_the_limit(clock: Clock) -> None:
    limits = RateLimits(per_endpoint_per_second=2)
    api = Api(PracticeStripe(clock=clock, seed=1, limits=limits))
    statuses = [api.send("POST", "/v1/customers", ADA, KEY).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_while_a_key_is_under_way_even_other_parameters_conflict(clock: Clock) -> None:
    """Stripe does not compare what it has not finished: 409 now, 400 later."""
    api = Api(PracticeStripe(clock=clock, seed=1, latency_seconds=0.05))

    async def at_once() -> list[httpx.Response]:
        sends = [api.send_async("POST", "/v1/customers", who, KEY) for who in (ADA, BO)]
        return await asyncio.gather(*sends)

    first, second = asyncio.run(at_once())
    assert (first.status_code, second.status_code) == (200, 409)
    later = api.send("POST", "/v1/customers", BO, KEY)
    assert (later.status_code, later.json()["error"]["type"]) == (400, "idempotency_error")


def test_other_keys_do_not_wait_for_one_under_way(clock: Clock) -> None:
    api = Api(PracticeStripe(clock=clock, seed=1, latency_seconds=0.02))

    async def at_once() -> list[httpx.Response]:
        keys = [{"Idempotency-Key": f"k{number}"} for number in range(5)]
        return await asyncio.gather(
            *(api.send_async("POST", "/v1/customers", ADA, key) for key in keys)
        )

    assert {answer.status_code for answer in asyncio.run(at_once())} == {200}
    assert len(api.practice.objects("customer")) == 5


def test_a_500_is_kept_under_its_key_and_no_other(api: Api) -> None:
    strike(api, FaultKind.ERROR_500_WITHOUT_EFFECT)
    assert api.send("POST", "/v1/customers", ADA, KEY).status_code == 500
    api.practice.faults = FaultPlan()
    again = api.send("POST", "/v1/customers", ADA, KEY)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (500, "true")
    assert api.send("POST", "/v1/customers", ADA, {"Idempotency-Key": "k2"}).status_code == 200


def test_a_replay_is_as_old_as_its_answer_though_the_object_went_on(api: Api) -> None:
    invoice = made.draft(api)
    path = f"/v1/invoices/{invoice['id']}/finalize"
    opened = api.post(path, key="k1")
    api.practice.pay_invoice(invoice["id"])
    assert api.post(path, key="k1") == opened
    assert api.get(f"/v1/invoices/{invoice['id']}")["status"] == "paid"


@pytest.mark.parametrize(("after_ms", "admitted"), [(0, False), (999, False), (1000, True)])
def test_the_window_is_a_second_long_to_the_millisecond(after_ms: int, *, admitted: bool) -> None:
    meter = RateMeter(RateLimits(per_second=1, per_endpoint_per_second=1))
    meter.admit("GET /a", 5_000)
    if admitted:
        meter.admit("GET /a", 5_000 + after_ms)
        return
    with pytest.raises(Refusal) as refused:
        meter.admit("GET /a", 5_000 + after_ms)
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "global-rate"


def test_who_is_refused_does_not_wait_the_longer_for_it() -> None:
    meter = RateMeter(RateLimits(per_second=9, per_endpoint_per_second=1))
    meter.admit("GET /a", 0)
    for at_ms in range(100, 1000, 100):
        with pytest.raises(Refusal) as refused:
            meter.admit("GET /a", at_ms)
        assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    meter.admit("GET /a", 1000)
