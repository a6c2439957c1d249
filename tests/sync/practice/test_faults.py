"""Fault plans: plain data, exact repetition, and what a client sees of each fault."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultDice, FaultKind, FaultPlan, FaultRule, Outage
from tests.sync.practice.api import START_MS, Api, Clock

ADA = {"email": "ada@example.com"}

KINDS = st.sampled_from(list(FaultKind))
RULES = st.builds(
    FaultRule,
    kind=KINDS,
    method=st.sampled_from([None, "GET", "POST"]),
    path=st.sampled_from(["/", "/v1/customers", "/v1/invoices"]),
    whole_path=st.booleans(),
    nth=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    probability=st.floats(0, 1),
    seconds=st.floats(0, 600),
)
OUTAGES = st.builds(Outage, from_ms=st.integers(0, 100), to_ms=st.integers(0, 100))
PLANS = st.builds(
    FaultPlan,
    rules=st.lists(RULES, max_size=4).map(tuple),
    outages=st.lists(OUTAGES, max_size=2).map(tuple),
    refused_keys=st.lists(st.text(max_size=8), max_size=2).map(tuple),
    seed=st.integers(0, 99),
)


@given(PLANS)
def test_a_plan_survives_its_json(plan: FaultPlan) -> None:
    assert FaultPlan.from_json(plan.to_json()) == plan


@given(PLANS)
def test_the_same_plan_strikes_the_same_requests(plan: FaultPlan) -> None:
    def played() -> list[FaultRule | None]:
        dice = FaultDice(plan)
        return [dice.pick("POST", "/v1/customers", now) for now in range(0, 60, 7)]

    assert played() == played(), f"plan {plan.to_json()}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"rules": [{}]}',
        '{"rules": [{"kind": "flood"}]}',
        '{"rules": [{"kind": "slow", "seconds": 601}]}',
        '{"rules": [{"kind": "slow", "colour": "red"}]}',
        '{"rules": [{"kind": "slow", "probability": 1.5}]}',
        '{"outages": [{"from_ms": 1}]}',
        '{"weather": "bad"}',
        json.dumps({"rules": [{"kind": "slow"}] * 201}),
    ],
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        FaultPlan.from_json(text)


def test_a_rule_counts_only_what_it_matches() -> None:
    rule = FaultRule(kind=FaultKind.LOST_BEFORE, method="POST", path="/v1/invoices", nth=(2,))
    dice = FaultDice(FaultPlan(rules=(rule,)))
    seen = [
        dice.pick("POST", "/v1/invoices", 0),
        dice.pick("GET", "/v1/invoices", 0),
        dice.pick("POST", "/v1/customers", 0),
        dice.pick("POST", "/v1/invoices/in_1/pay", 0),
        dice.pick("POST", "/v1/invoices", 0),
    ]
    assert seen == [None, None, None, rule, None]


@pytest.mark.parametrize(
    ("path", "whole", "matched"),
    [
        ("/v1/invoices", False, {"/v1/invoices", "/v1/invoices/in_1", "/v1/invoices/in_1/pay"}),
        ("/v1/invoices", True, {"/v1/invoices"}),
        ("/v1/invoices/*/pay", True, {"/v1/invoices/in_1/pay"}),
        ("/v1/invoices/*", False, {"/v1/invoices/in_1", "/v1/invoices/in_1/pay"}),
        ("*/pay", True, {"/v1/invoices/in_1/pay"}),
        ("/", False, {"/v1/invoices", "/v1/invoices/in_1", "/v1/invoices/in_1/pay"}),
        ("/v2", False, set()),
    ],
)
def test_a_path_is_a_prefix_or_all_of_it_and_may_leave_something_open(
    path: str, whole: bool, matched: set[str]
) -> None:
    rule = FaultRule(kind=FaultKind.LOST_BEFORE, path=path, whole_path=whole)
    paths = ["/v1/invoices", "/v1/invoices/in_1", "/v1/invoices/in_1/pay"]
    assert {each for each in paths if rule.matches("POST", each)} == matched


def test_every_rule_counts_a_request_another_one_struck() -> None:
    first = FaultRule(kind=FaultKind.LOST_BEFORE, nth=(1,))
    second = FaultRule(kind=FaultKind.LOST_AFTER, nth=(1, 2))
    dice = FaultDice(FaultPlan(rules=(first, second)))
    assert [dice.pick("GET", "/", 0) for _ in range(3)] == [first, second, None]


def test_probability_is_about_right_and_seeded() -> None:
    rule = FaultRule(kind=FaultKind.LOST_BEFORE, probability=0.25)
    for seed in range(5):
        dice = FaultDice(FaultPlan(rules=(rule,), seed=seed))
        struck = sum(dice.pick("GET", "/", 0) is not None for _ in range(1000))
        assert 180 < struck < 320, f"seed {seed}"


def test_an_outage_has_a_beginning_and_an_end() -> None:
    dice = FaultDice(FaultPlan(outages=(Outage(from_ms=10, to_ms=20),)))
    lost = [now for now in range(30) if dice.pick("GET", "/", now) is not None]
    assert lost == list(range(10, 20))


def test_offline_loses_everything_until_the_plan_changes(api: Api, clock: Clock) -> None:
    api.practice.faults = FaultPlan.offline()
    for _ in range(3):
        with pytest.raises(httpx.ConnectError):
            api.post("/v1/customers", ADA)
        clock.pass_seconds(40 * 24 * 3600)
    api.practice.faults = FaultPlan()
    assert api.post("/v1/customers", ADA)["email"] == ADA["email"]
    assert len(api.practice.objects("customer")) == 1


def test_an_outage_follows_the_practice_clock(clock: Clock) -> None:
    outage = Outage(from_ms=START_MS + 1000, to_ms=START_MS + 2000)
    api = Api(PracticeStripe(clock=clock, seed=1, faults=FaultPlan(outages=(outage,))))
    api.get("/v1/customers")
    clock.pass_seconds(1)
    with pytest.raises(httpx.ConnectError):
        api.get("/v1/customers")
    clock.pass_seconds(1)
    api.get("/v1/customers")


EFFECTS = {
    FaultKind.LOST_BEFORE: 0,
    FaultKind.LOST_AFTER: 1,
    FaultKind.ERROR_500_WITHOUT_EFFECT: 0,
    FaultKind.ERROR_500_WITH_EFFECT: 1,
    FaultKind.RATE_LIMITED_429: 0,
    FaultKind.CONFLICT_409: 0,
    FaultKind.SLOW: 1,
    FaultKind.CAPTIVE_PORTAL: 0,
    FaultKind.CAPTIVE_PORTAL_REDIRECT: 0,
    FaultKind.BAD_KEY: 0,
}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_each_fault_has_the_effect_its_name_says(api: Api, kind: FaultKind) -> None:
    api.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    try:
        answer = api.send("POST", "/v1/customers", ADA)
    except httpx.TransportError:
        assert kind in (FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER)
    else:
        assert (answer.status_code == 200) == (kind in (FaultKind.SLOW, FaultKind.CAPTIVE_PORTAL))
    assert len(api.practice.objects("customer")) == EFFECTS[kind]
    assert api.send("GET", "/v1/customers").status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.ERROR_500_WITHOUT_EFFECT, 500),
        (FaultKind.ERROR_500_WITH_EFFECT, 500),
        (FaultKind.RATE_LIMITED_429, 429),
        (FaultKind.CONFLICT_409, 409),
        (FaultKind.BAD_KEY, 401),
    ],
)
def test_faults_of_stripe_carry_stripes_headers(api: Api, kind: FaultKind, status: int) -> None:
    api.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    answer = api.send("POST", "/v1/customers", ADA)
    assert answer.status_code == status
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [(FaultKind.CAPTIVE_PORTAL, 200), (FaultKind.CAPTIVE_PORTAL_REDIRECT, 302)],
)
def test_a_captive_portal_is_not_stripe(api: Api, kind: FaultKind, status: int) -> None:
    api.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, probability=1.0),))
    answer = api.send("GET", "/v1/balance")
    assert answer.status_code == status
    assert "Request-Id" not in answer.headers
    assert "Stripe-Version" not in answer.headers
    if status == 200:
        assert answer.headers["Content-Type"].startswith("text/html")
    else:
        assert answer.headers["Location"].startswith("http://portal.invalid/")


def test_a_portal_asks_for_no_key(practice: PracticeStripe) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=FaultKind.CAPTIVE_PORTAL, probability=1.0),))
    assert Api(practice, key="").send("GET", "/v1/balance").status_code == 200


def test_a_read_can_fail_too(api: Api) -> None:
    rule = FaultRule(kind=FaultKind.ERROR_500_WITH_EFFECT, method="GET", nth=(1,))
    api.practice.faults = FaultPlan(rules=(rule,))
    assert api.send("GET", "/v1/customers").status_code == 500
    assert api.send("GET", "/v1/customers").status_code == 200


def test_a_500_without_effect_leaves_no_trace_but_its_record(api: Api) -> None:
    rule = FaultRule(kind=FaultKind.ERROR_500_WITHOUT_EFFECT, probability=1.0)
    api.practice.faults = FaultPlan(rules=(rule,))
    api.send("POST", "/v1/customers", ADA, {"Idempotency-Key": "k"})
    assert api.practice.objects("customer") == []
    assert api.practice.objects("event") == []


def test_setting_a_plan_starts_its_counts_anew(api: Api) -> None:
    plan = FaultPlan(rules=(FaultRule(kind=FaultKind.RATE_LIMITED_429, nth=(1,)),))
    for _ in range(2):
        api.practice.faults = plan
        assert api.practice.faults == plan
        assert api.send("GET", "/v1/customers").status_code == 429
        assert api.send("GET", "/v1/customers").status_code == 200
