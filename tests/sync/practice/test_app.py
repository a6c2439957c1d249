"""The application as a whole: headers, order of checks, errors, and ASGI itself."""

import asyncio
import subprocess
import sys
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from sync.practice.app import _ROOMS, PracticeStripe
from sync.practice.exchange import BODY_MAX
from sync.practice.router import Router
from tests.sync.practice.api import START_MS, Api, Clock


def test_every_answer_says_which_request_version_and_time(api: Api, clock: Clock) -> None:
    clock.pass_seconds(5)
    for path in ("/v1/customers", "/v1/customers/cus_none", "/v1/nonsense"):
        headers = api.send("GET", path).headers
        assert headers["Request-Id"].startswith("req_")
        assert headers["Stripe-Version"] == "2026-10-28.endive"
        assert headers["Content-Type"] == "application/json"
        assert parsedate_to_datetime(headers["Date"]).timestamp() == START_MS // 1000 + 5


def test_request_ids_are_never_used_twice(api: Api) -> None:
    ids = {api.send("GET", "/v1/balance").headers["Request-Id"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v1/nonsense"),
        ("GET", "/v2/customers"),
        ("PUT", "/v1/customers"),
        ("DELETE", "/v1/products/prod_1"),
        ("POST", "/v1/invoices/in_1/pay/twice"),
        ("GET", "/v1/customers//sources"),
        ("GET", "/v1/" + "a/" * 40),
        ("POST", "/practice/pay"),
    ],
)
def test_unknown_urls_are_named(api: Api, method: str, path: str) -> None:
    error = api.refused(method, path)
    assert error["status"] == 404
    assert error["message"] == f"Unrecognized request URL ({method}: {path})."


def test_the_key_is_checked_before_the_url(practice: PracticeStripe) -> None:
    assert Api(practice, key="").send("GET", "/v1/nonsense").status_code == 401


def test_fixed_segments_win_over_ids() -> None:
    router = Router(route for room in _ROOMS for route in room.ROUTES)
    for room in _ROOMS:
        for route in room.ROUTES:
            path = route.template.replace("{id}", "x_1")
            found, ids = router.find(route.method, path)
            assert found is route
            assert ids == ({"id": "x_1"} if "{id}" in route.template else {})


def test_no_operation_is_declared_twice() -> None:
    operations = [route.operation for room in _ROOMS for route in room.ROUTES]
    assert len(operations) == len(set(operations))
    assert len(operations) > 50


def ask(app: PracticeStripe, scope: dict[str, Any], bodies: list[bytes]) -> list[dict[str, Any]]:
    """Speak raw ASGI: the messages the app sends."""
    sent: list[dict[str, Any]] = []
    waiting = [
        {"type": "http.request", "body": body, "more_body": index < len(bodies) - 1}
        for index, body in enumerate(bodies)
    ]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def http(method: str, path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"Authorization", b"Bearer rk_test_0123456789")],
    }


def test_a_body_may_come_in_pieces(practice: PracticeStripe) -> None:
    start, body = ask(practice, http("POST", "/v1/customers"), [b"na", b"me=A", b"da"])
    assert start["status"] == 200
    assert b'"name": "Ada"' in body["body"]
    length = dict(start["headers"])[b"Content-Length"]
    assert int(length) == len(body["body"])


def test_a_body_has_an_end(practice: PracticeStripe) -> None:
    sent = ask(practice, http("POST", "/v1/customers"), [b"a" * BODY_MAX, b"a"])
    assert sent[0]["status"] == 413
    assert practice.objects("customer") == []


def test_the_lifespan_protocol_is_spoken(practice: PracticeStripe) -> None:
    waiting = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(practice({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_errors_have_stripes_fields_and_nothing_of_the_dashboard(api: Api) -> None:
    error = api.refused("POST", "/v1/products", {})
    assert error == {
        "status": 400,
        "type": "invalid_request_error",
        "code": "parameter_missing",
        "message": "Missing required param: name.",
        "param": "name",
        "doc_url": "https://docs.stripe.com/error-codes/parameter-missing",
    }


def test_the_account_and_its_balance_can_be_read(api: Api) -> None:
    account = api.get("/v1/account")
    assert account["id"].startswith("acct_1")
    assert account["charges_enabled"] is True
    assert api.get("/v1/account")["id"] == account["id"]
    balance = api.get("/v1/balance")
    assert balance["livemode"] is False
    assert balance["pending"] == [{"amount": 0, "currency": "eur", "source_types": {"card": 0}}]


def test_the_app_is_built_without_the_sdk_and_without_a_server() -> None:
    program = (
        "import sys; from sync.practice.app import PracticeStripe;"
        "PracticeStripe(clock=lambda: 0, seed=1);"
        "print([name for name in ('stripe', 'uvicorn', 'httpx') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"


def test_copies_of_the_state_are_copies(api: Api) -> None:
    api.post("/v1/customers", {"name": "Ada"})
    api.practice.objects("customer")[0]["name"] = "Eve"
    assert api.practice.objects("customer")[0]["name"] == "Ada"
    assert api.practice.kinds() == ["customer", "event"]
