"""Idempotency keys, rule by rule as Stripe documents them for API v1, and as a whole by dice."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.limits import RateLimits
from sync.practice.shelf import MemoryShelf
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

DAY_SECONDS = 24 * 3600
ADA = {"email": "ada@example.com"}


def create(api: Api, key: str, params: dict[str, Any] | None = None) -> httpx.Response:
    return api.send("POST", "/v1/customers", params or ADA, {"Idempotency-Key": key})


def customers(api: Api) -> int:
    return len(api.practice.objects("customer"))


def with_fault(practice: PracticeStripe, kind: FaultKind) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))


def test_the_same_request_is_answered_again_and_done_once(api: Api) -> None:
    first, again = create(api, "k1"), create(api, "k1")
    assert first.json() == again.json()
    assert customers(api) == 1
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Request-Id"] != first.headers["Request-Id"]


def test_another_key_is_another_customer(api: Api) -> None:
    assert create(api, "k1").json()["id"] != create(api, "k2").json()["id"]


def test_without_a_key_every_request_has_its_effect(api: Api) -> None:
    api.post("/v1/customers", ADA)
    api.post("/v1/customers", ADA)
    assert customers(api) == 2


def test_a_replay_shows_the_object_as_it_was_then(api: Api) -> None:
    first = create(api, "k1").json()
    api.post(f"/v1/customers/{first['id']}", {"name": "Later"})
    assert create(api, "k1").json() == first


def test_other_parameters_under_the_same_key_are_an_error(api: Api) -> None:
    create(api, "k1")
    answer = create(api, "k1", {"email": "eve@example.com"})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"
    assert customers(api) == 1


def test_another_endpoint_under_the_same_key_is_an_error(api: Api) -> None:
    create(api, "k1")
    answer = api.send("POST", "/v1/products", {"name": "Zine"}, {"Idempotency-Key": "k1"})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"
    assert "/v1/products" in answer.json()["error"]["message"]


def test_another_object_under_the_same_key_is_an_error(api: Api) -> None:
    one, two = made.opened(api), made.opened(api)
    headers = {"Idempotency-Key": "pay"}
    paid = {"paid_out_of_band": True}
    assert api.send("POST", f"/v1/invoices/{one['id']}/pay", paid, headers).status_code == 200
    assert api.send("POST", f"/v1/invoices/{two['id']}/pay", paid, headers).status_code == 400
    assert api.get(f"/v1/invoices/{two['id']}")["status"] == "open"


def test_the_order_of_parameters_does_not_matter(api: Api) -> None:
    one = create(api, "k1", {"email": "a@example.com", "name": "A"})
    two = create(api, "k1", {"name": "A", "email": "a@example.com"})
    assert one.json() == two.json()


def test_a_key_is_forgotten_after_a_day(api: Api, clock: Clock) -> None:
    first = create(api, "k1").json()
    clock.pass_seconds(DAY_SECONDS - 1)
    assert create(api, "k1").json() == first
    clock.pass_seconds(1)
    assert create(api, "k1").json()["id"] != first["id"]
    assert customers(api) == 2


def test_forgotten_keys_leave_the_shelf(clock: Clock) -> None:
    shelf = MemoryShelf()
    api = Api(PracticeStripe(clock=clock, seed=1, shelf=shelf))
    for number in range(5):
        create(api, f"old{number}")
    clock.pass_seconds(DAY_SECONDS)
    create(api, "new")
    kept = [row_id for kind, row_id, _ in shelf.load() if kind == "practice.idempotency"]
    assert kept == ["new"]


def test_a_refusal_of_the_endpoint_is_saved_too(api: Api) -> None:
    invoice = made.opened(api)
    path, paid = f"/v1/invoices/{invoice['id']}/pay", {"paid_out_of_band": True}
    api.post(path, paid)
    refused = api.send("POST", path, paid, {"Idempotency-Key": "again"})
    replayed = api.send("POST", path, paid, {"Idempotency-Key": "again"})
    assert refused.status_code == replayed.status_code == 400
    assert refused.json() == replayed.json()
    assert replayed.headers["Idempotent-Replayed"] == "true"


def test_parameters_that_fail_validation_are_not_saved(api: Api) -> None:
    wrong = create(api, "k1", {"balance": "much"})
    assert wrong.status_code == 400
    right = create(api, "k1", {"balance": "5"})
    assert right.status_code == 200
    assert "Idempotent-Replayed" not in right.headers


def test_a_refused_key_is_not_saved(practice: PracticeStripe) -> None:
    assert create(Api(practice, key="sk_live_0123456789"), "k1").status_code == 401
    assert create(Api(practice), "k1").status_code == 200


def test_a_rate_limit_is_not_saved(clock: Clock) -> None:
    practice = PracticeStripe(clock=clock, seed=1, limits=RateLimits(per_endpoint_per_second=1))
    api = Api(practice)
    assert create(api, "k1").status_code == 200
    assert create(api, "k2").status_code == 429
    clock.pass_seconds(1)
    assert create(api, "k2").status_code == 200
    assert customers(api) == 2


@pytest.mark.parametrize(
    ("kind", "made_by_then"),
    [(FaultKind.ERROR_500_WITHOUT_EFFECT, 0), (FaultKind.ERROR_500_WITH_EFFECT, 1)],
)
def test_a_500_is_replayed_whether_it_had_an_effect_or_not(
    api: Api, kind: FaultKind, made_by_then: int
) -> None:
    with_fault(api.practice, kind)
    broken, again = create(api, "k1"), create(api, "k1")
    assert broken.status_code == again.status_code == 500
    assert broken.json() == again.json()
    assert broken.json()["error"]["type"] == "api_error"
    assert customers(api) == made_by_then


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED_429, FaultKind.CONFLICT_409])
def test_429_and_409_have_no_effect_and_are_not_saved(api: Api, kind: FaultKind) -> None:
    with_fault(api.practice, kind)
    assert create(api, "k1").status_code in (409, 429)
    assert customers(api) == 0
    assert create(api, "k1").status_code == 200
    assert customers(api) == 1


def test_an_answer_lost_on_its_way_is_found_under_its_key(api: Api) -> None:
    with_fault(api.practice, FaultKind.LOST_AFTER)
    with pytest.raises(httpx.ReadError):
        create(api, "k1")
    again = create(api, "k1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert customers(api) == 1


def test_a_second_request_while_the_first_is_under_way_conflicts(clock: Clock) -> None:
    api = Api(PracticeStripe(clock=clock, seed=1, latency_seconds=0.05))

    async def at_once() -> list[httpx.Response]:
        headers = {"Idempotency-Key": "k1"}
        sends = [api.send_async("POST", "/v1/customers", ADA, headers) for _ in range(3)]
        return await asyncio.gather(*sends)

    answers = asyncio.run(at_once())
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    error = next(a for a in answers if a.status_code == 409).json()["error"]
    assert error["code"] == "idempotency_key_in_use"
    assert customers(api) == 1
    assert create(api, "k1").headers["Idempotent-Replayed"] == "true"


def test_a_request_given_up_by_its_client_frees_its_key(clock: Clock) -> None:
    api = Api(PracticeStripe(clock=clock, seed=1, latency_seconds=30.0))

    async def impatient() -> None:
        async with asyncio.timeout(0.05):
            await api.send_async("POST", "/v1/customers", ADA, {"Idempotency-Key": "k1"})

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    api.practice._latency_seconds = 0.0
    assert create(api, "k1").status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_between_1_and_255_characters(api: Api, key: str) -> None:
    assert create(api, key).status_code == 400
    assert create(api, "k" * 255).status_code == 200


def test_a_key_on_a_get_has_no_effect(api: Api) -> None:
    headers = {"Idempotency-Key": "k1"}
    before = api.send("GET", "/v1/customers", None, headers).json()
    create(api, "k1")
    after = api.send("GET", "/v1/customers", None, headers).json()
    assert (len(before["data"]), len(after["data"])) == (0, 1)


def test_events_name_the_key_and_the_request_that_caused_them(api: Api) -> None:
    answer = create(api, "kp1-3-abc-customer-g1")
    event = api.practice.objects("event")[-1]
    assert event["request"] == {
        "id": answer.headers["Request-Id"],
        "idempotency_key": "kp1-3-abc-customer-g1",
    }


def test_keys_survive_a_restart(clock: Clock) -> None:
    shelf = MemoryShelf()
    first = create(Api(PracticeStripe(clock=clock, seed=3, shelf=shelf)), "k1")
    api = Api(PracticeStripe(clock=clock, seed=3, shelf=shelf))
    again = create(api, "k1")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


FATES = st.sampled_from([None, *FaultKind])


@given(
    attempts=st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), FATES, st.booleans()), min_size=1, max_size=12
    )
)
def test_whatever_goes_wrong_a_key_has_one_effect_at_most(
    attempts: list[tuple[str, FaultKind | None, bool]],
) -> None:
    clock, shelf = Clock(), MemoryShelf()
    api = Api(PracticeStripe(clock=clock, seed=11, shelf=shelf))
    answered: dict[str, str] = {}
    for key, fate, restart in attempts:
        if restart:
            api = Api(PracticeStripe(clock=clock, seed=11, shelf=shelf))
        rules = (FaultRule(kind=fate, nth=(1,)),) if fate else ()
        api.practice.faults = FaultPlan(rules=rules)
        try:
            answer = create(api, key, {"email": f"{key}@example.com"})
        except httpx.TransportError:
            continue
        if answer.status_code == 200 and "Request-Id" in answer.headers:
            made_id = json.loads(answer.text)["id"]
            assert answered.setdefault(key, made_id) == made_id
    emails = [customer["email"] for customer in api.practice.objects("customer")]
    assert len(emails) == len(set(emails)), f"seed 11, attempts {attempts}"
