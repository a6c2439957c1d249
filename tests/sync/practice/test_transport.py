"""The transport without a socket: lost connections look lost, late answers are late."""

import asyncio

import httpx
import pytest

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.transport import PracticeTransport
from tests.sync.practice.api import KEY


def request(practice: PracticeStripe, read_seconds: float | None = None) -> httpx.Response:
    async def go() -> httpx.Response:
        timeout = httpx.Timeout(5.0, read=read_seconds)
        transport = PracticeTransport(practice)
        headers = {"Authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(transport=transport, timeout=timeout) as client:
            return await client.post("http://stripe/v1/customers", headers=headers)

    return asyncio.run(go())


def with_fault(practice: PracticeStripe, kind: FaultKind, seconds: float = 0.0) -> None:
    rule = FaultRule(kind=kind, probability=1.0, seconds=seconds)
    practice.faults = FaultPlan(rules=(rule,))


def test_an_answer_comes_through(practice: PracticeStripe) -> None:
    assert request(practice).json()["object"] == "customer"


@pytest.mark.parametrize(
    ("kind", "error", "made"),
    [
        (FaultKind.LOST_BEFORE, httpx.ConnectError, 0),
        (FaultKind.LOST_AFTER, httpx.ReadError, 1),
    ],
)
def test_a_lost_connection_is_a_transport_error(
    practice: PracticeStripe, kind: FaultKind, error: type[httpx.TransportError], made: int
) -> None:
    with_fault(practice, kind)
    with pytest.raises(error) as lost:
        request(practice)
    assert lost.value.request.url.path == "/v1/customers"
    assert len(practice.objects("customer")) == made


def test_an_answer_later_than_the_time_out_is_one(practice: PracticeStripe) -> None:
    with_fault(practice, FaultKind.SLOW, seconds=60.0)
    with pytest.raises(httpx.ReadTimeout):
        request(practice, read_seconds=0.05)
    assert len(practice.objects("customer")) == 1


def test_a_slow_answer_within_the_time_out_arrives(practice: PracticeStripe) -> None:
    with_fault(practice, FaultKind.SLOW, seconds=0.02)
    assert request(practice, read_seconds=10.0).status_code == 200


def test_redirects_of_a_portal_are_not_followed_by_the_transport(practice: PracticeStripe) -> None:
    with_fault(practice, FaultKind.CAPTIVE_PORTAL_REDIRECT)
    assert request(practice).status_code == 302
