"""The transport: what is sent, what is believed, and who never gets the key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from email.utils import formatdate

import httpx
import pytest

from kiosk.domain.clock import Measured
from kiosk.domain.outbox import RailMode, RailState
from sync.rails.stripe.client import PAGES_MAX, StripeAccess
from sync.rails.stripe.network import Line, make_rail
from sync.rails.stripe.rail import StripeRail
from sync.rails.stripe.transport import (
    ANSWER_MAX_BYTES,
    CONNECT_SECONDS,
    READ_SECONDS,
    REQUEST_MAX_BYTES,
)
from sync.rails.troubles import RailTrouble, TroubleKind, state_after
from sync.rails.wanted import Call, Request

NOW_MS = 1_800_000_000_000
KEY = "rk_test_secret"
Answer = Callable[[httpx.Request], httpx.Response]


class Fixed:
    def now_ms(self) -> int:
        return NOW_MS

    def monotonic(self) -> float:
        return 0.0


class Network(httpx.AsyncBaseTransport):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)


def rail(network: Network, *, mode: RailMode = RailMode.TEST, key: str = KEY) -> StripeRail:
    access = StripeAccess(mode=mode, key=key, base_url="https://stripe.test")
    return make_rail(access, 3, Fixed(), Line(network=network))


def stripe_answer(body: object, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"Request-Id": "req_1", **headers}, text=json.dumps(body))


def empty_list(_request: httpx.Request) -> httpx.Response:
    return stripe_answer({"object": "list", "data": [], "has_more": False, "url": "/v1/events"})


def ask(network: Network) -> tuple[StripeRail, TroubleKind | None]:
    """Probe once; the rail and the trouble it met."""
    asked = rail(network)
    try:
        asyncio.run(asked.probe())
    except RailTrouble as told:
        return asked, told.trouble.kind
    return asked, None


def failing(error: Exception) -> Answer:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_only_what_stripe_needs_is_sent() -> None:
    network = Network(empty_list)
    assert ask(network)[1] is None
    headers = network.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["stripe-version"] == "2026-10-28.endive"
    assert headers["user-agent"] == "kiosk"
    assert "x-stripe-client-user-agent" not in headers  # it names this machine
    assert "x-stripe-client-telemetry" not in headers


def test_time_outs_are_set() -> None:
    network = Network(empty_list)
    ask(network)
    timeout = network.requests[0].extensions["timeout"]
    assert (timeout["connect"], timeout["read"]) == (CONNECT_SECONDS, READ_SECONDS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_never_carries_the_key_elsewhere(status: int) -> None:
    network = Network(lambda _r: httpx.Response(status, headers={"Location": "http://evil.test"}))
    asked, kind = ask(network)
    assert kind is TroubleKind.NOT_STRIPE
    assert asked.state is RailState.CAPTIVE_PORTAL
    assert [request.url.host for request in network.requests] == ["stripe.test"]


def test_even_a_redirect_with_a_request_id_is_not_followed() -> None:
    network = Network(
        lambda _r: httpx.Response(
            302, headers={"Location": "http://evil.test", "Request-Id": "req_1"}
        )
    )
    assert ask(network)[1] is TroubleKind.NOT_STRIPE
    assert len(network.requests) == 1


@pytest.mark.parametrize("status", [200, 204, 401, 403, 404, 407, 429, 500, 502, 503, 504, 511])
def test_whatever_answers_without_stripes_mark_is_somebody_else(status: int) -> None:
    """511 is RFC 6585's own status for portals; others say 200, or whatever their makers liked."""
    network = Network(lambda _r: httpx.Response(status, html="<h1>Welcome to the fair</h1>"))
    asked, kind = ask(network)
    assert kind is TroubleKind.NOT_STRIPE
    assert asked.state is RailState.CAPTIVE_PORTAL


def test_stripes_own_trouble_is_no_portal() -> None:
    asked, kind = ask(Network(lambda _r: stripe_answer({"error": {"type": "api_error"}}, 502)))
    assert kind is TroubleKind.SUSPECT
    assert asked.state is RailState.REACHABLE


def test_no_connection_is_certainly_not_sent() -> None:
    asked, kind = ask(Network(failing(httpx.ConnectError("no route"))))
    assert kind is TroubleKind.NOT_SENT
    assert asked.state is RailState.UNREACHABLE


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("slow"), httpx.ReadError("cut"), httpx.RemoteProtocolError("odd")]
)
def test_a_connection_lost_later_is_lost(error: Exception) -> None:
    assert ask(Network(failing(error)))[1] is TroubleKind.LOST


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"type": "invalid_request_error"}, TroubleKind.REFUSED),
        (404, {"type": "invalid_request_error"}, TroubleKind.REFUSED),
        (400, {"type": "idempotency_error"}, TroubleKind.KEY_MISUSED),
        (401, {"type": "invalid_request_error"}, TroubleKind.LOCKED),
        (403, {"type": "invalid_request_error"}, TroubleKind.LOCKED),
        (402, {"type": "card_error", "code": "card_declined"}, TroubleKind.NEEDS_MEMBER),
        (409, {"type": "idempotency_error", "code": "idempotency_key_in_use"}, TroubleKind.BUSY),
        (429, {"type": "invalid_request_error", "code": "rate_limit"}, TroubleKind.LIMITED),
        (429, {"type": "invalid_request_error", "code": "lock_timeout"}, TroubleKind.LIMITED),
        (500, {"type": "api_error"}, TroubleKind.SUSPECT),
        (503, {"type": "api_error"}, TroubleKind.SUSPECT),
    ],
)
def test_what_each_answer_means(status: int, body: object, kind: TroubleKind) -> None:
    assert ask(Network(lambda _r: stripe_answer({"error": body}, status)))[1] is kind


def test_an_answer_that_is_no_json_may_have_been_done() -> None:
    network = Network(lambda _r: httpx.Response(200, headers={"Request-Id": "r"}, text="<html>"))
    assert ask(network)[1] is TroubleKind.SUSPECT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b"null",
        b'"list"',
        b'{"object": "list", "da',
        b'{"object": "list", "data": null, "has_more": false}',
        b'{"object": "list", "data": []}',
        b"\x00\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_mangled_answer_may_have_been_done_and_breaks_nothing(body: bytes) -> None:
    network = Network(lambda _r: httpx.Response(200, headers={"Request-Id": "r"}, content=body))
    assert ask(network)[1] is TroubleKind.SUSPECT


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_a_refusal_in_no_known_script_is_no_refusal(status: int) -> None:
    headers = {"Request-Id": "r"}
    network = Network(lambda _r: httpx.Response(status, headers=headers, content=b"\xff\xfe"))
    assert ask(network)[1] is TroubleKind.SUSPECT


def test_an_object_where_a_list_was_asked_for_is_no_list() -> None:
    asked = rail(Network(lambda _r: stripe_answer({"object": "customer", "id": "cus_1"})))
    with pytest.raises(RailTrouble) as told:
        asyncio.run(asked.link_ids())
    assert told.value.trouble.kind is TroubleKind.SUSPECT


def test_the_code_and_the_request_id_are_kept_and_the_message_is_not() -> None:
    body = {"error": {"type": "card_error", "code": "card_declined", "message": "for Maria"}}
    asked = rail(Network(lambda _r: stripe_answer(body, 402)))
    with pytest.raises(RailTrouble) as told:
        asyncio.run(asked.probe())
    trouble = told.value.trouble
    assert (trouble.code, trouble.request_id, trouble.http_status) == (
        "card_declined",
        "req_1",
        402,
    )
    assert "Maria" not in str(told.value) + repr(trouble)


def test_the_skew_is_learned_from_the_date_of_any_answer() -> None:
    date = formatdate(NOW_MS / 1000 - 7200, usegmt=True)
    network = Network(lambda _r: stripe_answer({"error": {"type": "api_error"}}, 500, Date=date))
    assert ask(network)[0].measured == Measured(skew_ms=7_200_000, at_ms=NOW_MS)


@pytest.mark.parametrize("date", ["yesterday", ""])
def test_a_date_that_is_none_is_ignored(date: str) -> None:
    network = Network(
        lambda _r: stripe_answer({"object": "list", "data": [], "has_more": False}, Date=date)
    )
    asked, kind = ask(network)
    assert (asked.measured, kind) == (None, None)


def test_a_portals_date_teaches_nothing() -> None:
    network = Network(
        lambda _r: httpx.Response(200, headers={"Date": formatdate(0, usegmt=True)}, text="hello")
    )
    assert ask(network)[0].measured is None


def test_an_answer_without_end_is_cut_off() -> None:
    huge = b"x" * (ANSWER_MAX_BYTES + 1)
    network = Network(lambda _r: httpx.Response(200, headers={"Request-Id": "r"}, content=huge))
    assert ask(network)[1] is TroubleKind.SUSPECT


def test_a_request_that_is_too_long_never_leaves() -> None:
    network = Network(empty_list)
    asked = rail(network)
    request = Request(
        call=Call.CUSTOMER, params={"name": "x" * REQUEST_MAX_BYTES}, key="kp1-3-x-customer-g1"
    )
    with pytest.raises(RailTrouble) as told:
        asyncio.run(asked.send(request))
    assert told.value.trouble.kind is TroubleKind.REFUSED
    assert not network.requests


def test_a_list_without_end_is_given_up() -> None:
    session = {"object": "checkout.session", "id": "cs_1", "payment_link": "plink_1",
               "status": "open", "payment_status": "unpaid", "amount_total": 1,
               "currency": "eur", "created": 1, "client_reference_id": None}  # fmt: skip
    network = Network(
        lambda _r: stripe_answer({"object": "list", "data": [session], "has_more": True})
    )
    asked = rail(network)
    with pytest.raises(RailTrouble) as told:
        asyncio.run(asked.payments("plink_1", 0))
    assert told.value.trouble.code == "list_too_long"
    assert len(network.requests) == PAGES_MAX


def test_a_locked_rail_sends_nothing_more_until_it_is_probed() -> None:
    network = Network(lambda _r: stripe_answer({"error": {"type": "x"}}, 401))
    asked = rail(network)

    async def run() -> None:
        for call in (asked.probe, asked.link_ids, asked.link_ids):
            with pytest.raises(RailTrouble):
                await call()

    asyncio.run(run())
    assert len(network.requests) == 1
    with pytest.raises(RailTrouble):
        asyncio.run(asked.probe())
    assert len(network.requests) == 2


@pytest.mark.parametrize(
    ("mode", "key"),
    [
        (RailMode.TEST, "rk_live_x"),
        (RailMode.TEST, "sk_live_x"),
        (RailMode.LIVE, "rk_test_x"),
        (RailMode.PRACTICE, "rk_live_x"),
        (RailMode.TEST, "pk_test_x"),
        (RailMode.TEST, ""),
    ],
)
def test_a_key_of_another_mode_never_leaves(mode: RailMode, key: str) -> None:
    network = Network(empty_list)
    asked = rail(network, mode=mode, key=key)
    with pytest.raises(RailTrouble):
        asyncio.run(asked.probe())
    assert asked.state is RailState.WRONG_MODE
    assert not network.requests


def test_the_key_shows_in_no_repr() -> None:
    access = StripeAccess(mode=RailMode.TEST, key=KEY, base_url=None)
    assert KEY not in repr(access)


@pytest.mark.parametrize("kind", TroubleKind)
def test_every_trouble_says_something_about_the_rail(kind: TroubleKind) -> None:
    from sync.rails.troubles import Trouble

    assert state_after(Trouble(kind=kind, code="x")) in RailState
