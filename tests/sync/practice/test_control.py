"""The control routes: payer, faults, clock and state for whoever rehearses from outside."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from sync.practice.app import PracticeStripe
from sync.practice.control import ControlSurface
from sync.practice.faults import FaultPlan
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api


def control(
    practice: PracticeStripe, method: str, route: str, body: object = None
) -> tuple[int, dict[str, Any]]:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=ControlSurface(practice))
        async with httpx.AsyncClient(transport=transport) as client:
            text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
            return await client.request(method, f"http://p/practice/{route}", content=text)

    answer = asyncio.run(go())
    return answer.status_code, answer.json()


def test_a_payer_pays_a_link(api: Api) -> None:
    url = made.link(api)["url"] + "?client_reference_id=kp1_3_abc_x"
    status, answer = control(api.practice, "POST", "pay", {"url": url, "email": "m@example.com"})
    assert status == 200
    session = api.get(f"/v1/checkout/sessions/{answer['session']}")
    assert (session["payment_status"], session["client_reference_id"]) == ("paid", "kp1_3_abc_x")
    assert session["customer_details"]["email"] == "m@example.com"


def test_a_payer_pays_too_little(api: Api) -> None:
    given = {"url": made.link(api)["url"], "amount_minor": 300}
    _, answer = control(api.practice, "POST", "pay", given)
    assert api.get(f"/v1/checkout/sessions/{answer['session']}")["amount_total"] == 300


def test_a_member_pays_an_invoice_and_gets_it_back(api: Api) -> None:
    invoice = made.opened(api)
    assert control(api.practice, "POST", "pay_invoice", {"invoice": invoice["id"]}) == (200, {})
    intent = api.practice.objects("payment_intent")[0]["id"]
    status, answer = control(api.practice, "POST", "refund", {"payment_intent": intent})
    assert status == 200
    assert api.get(f"/v1/refunds/{answer['refund']}")["amount"] == 1250


def test_a_fault_plan_is_set_and_answered(api: Api) -> None:
    plan = {"rules": [{"kind": "rate_limited_429", "nth": [1]}], "seed": 3}
    status, answer = control(api.practice, "POST", "faults", plan)
    assert status == 200
    assert FaultPlan.from_json(json.dumps(answer)) == api.practice.faults
    assert api.send("GET", "/v1/balance").status_code == 429
    assert control(api.practice, "POST", "faults", {})[0] == 200
    assert api.practice.faults == FaultPlan()


def test_the_clock_goes_forward_only(api: Api) -> None:
    status, answer = control(api.practice, "POST", "clock", {"advance_seconds": 60})
    assert (status, answer) == (200, {"now_ms": START_MS + 60_000})
    assert control(api.practice, "POST", "clock", {"advance_seconds": -1})[0] == 400
    assert api.practice.now_ms() == START_MS + 60_000


def test_the_state_shows_everything(api: Api) -> None:
    made.customer(api)
    status, state = control(api.practice, "GET", "state")
    assert status == 200
    assert state["counts"] == {"customer": 1, "event": 1}
    assert state["objects"]["customer"][0]["email"] == "ada@example.com"
    assert state["now_ms"] == START_MS


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("pay", {}, 400),
        ("pay", "no json", 400),
        ("pay", [1], 400),
        ("pay", {"url": "https://buy.stripe.com/test_none"}, 409),
        ("pay_invoice", {"invoice": "in_none"}, 404),
        ("refund", {"payment_intent": "pi_none"}, 400),
        ("faults", {"rules": [{"kind": "flood"}]}, 400),
        ("clock", {"advance_seconds": "long"}, 400),
        ("clock", {}, 400),
        ("dance", {}, 404),
    ],
)
def test_a_wrong_order_is_answered_with_a_reason(
    practice: PracticeStripe, route: str, body: object, status: int
) -> None:
    answered, answer = control(practice, "POST", route, body)
    assert answered == status
    assert answer["error"]


def test_a_plan_in_play_does_not_lose_the_control_routes(practice: PracticeStripe) -> None:
    practice.faults = FaultPlan.offline()
    assert control(practice, "GET", "state")[0] == 200
    assert control(practice, "POST", "faults", {})[0] == 200
