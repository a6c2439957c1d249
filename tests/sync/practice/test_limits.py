"""Rate limits: 100 a second in all, 25 for one endpoint, as documented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.limits import RateLimits, RateMeter
from sync.practice.refusals import Refusal
from tests.sync.practice.api import Api, Clock


def test_the_26th_request_of_a_second_to_one_endpoint_waits() -> None:
    meter = RateMeter(RateLimits())
    for _ in range(25):
        meter.admit("GET /v1/customers", 0)
    with pytest.raises(Refusal) as refused:
        meter.admit("GET /v1/customers", 999)
    assert refused.value.status == 429
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    meter.admit("POST /v1/customers", 999)
    meter.admit("GET /v1/customers", 1000)


def test_the_101st_request_of_a_second_waits_wherever_it_goes() -> None:
    meter = RateMeter(RateLimits())
    for number in range(100):
        meter.admit(f"GET /v1/{number % 5}", 0)
    with pytest.raises(Refusal) as refused:
        meter.admit("GET /v1/other", 500)
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "global-rate"


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abc")), max_size=80))
def test_no_second_ever_sees_more_than_its_limit(steps: list[tuple[int, str]]) -> None:
    limits = RateLimits(per_second=10, per_endpoint_per_second=4)
    meter = RateMeter(limits)
    now, admitted = 0, list[tuple[int, str]]()
    for wait, operation in steps:
        now += wait
        try:
            meter.admit(operation, now)
        except Refusal:
            continue
        admitted.append((now, operation))
        window = [(at, name) for at, name in admitted if at > now - 1000]
        assert len(window) <= limits.per_second
        assert sum(name == operation for _, name in window) <= limits.per_endpoint_per_second


def test_ids_of_one_path_share_an_endpoint(clock: Clock) -> None:
    limits = RateLimits(per_endpoint_per_second=2)
    api = Api(PracticeStripe(clock=clock, seed=1, limits=limits))
    statuses = [api.send("GET", f"/v1/customers/cus_{n}").status_code for n in range(3)]
    assert statuses == [404, 404, 429]
    answer = api.send("GET", "/v1/customers/cus_9")
    assert answer.json()["error"]["code"] == "rate_limit"
    assert answer.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    clock.pass_seconds(1)
    assert api.send("GET", "/v1/customers/cus_9").status_code == 404


def test_without_limits_nothing_is_counted(api: Api) -> None:
    assert {api.send("GET", "/v1/balance").status_code for _ in range(40)} == {200}
