"""Served on a loopback socket: for outside clients, and what lost looks like on a real line."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.serve import serve
from tests.sync.practice.api import KEY, Clock

HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def practice() -> PracticeStripe:
    return PracticeStripe(clock=Clock(), seed=8)


@pytest.fixture(scope="module")
def base_url(practice: PracticeStripe) -> Iterator[str]:
    with serve(practice, control=True) as url:
        yield url


@pytest.fixture(autouse=True)
def _healthy(practice: PracticeStripe) -> Iterator[None]:
    yield
    practice.faults = FaultPlan()


def made(practice: PracticeStripe) -> int:
    return len(practice.objects("customer"))


def test_it_answers_with_its_own_clock_and_no_other_server_header(base_url: str) -> None:
    answer = httpx.get(f"{base_url}/v1/customers", headers=HEADERS)
    assert answer.status_code == 200
    assert answer.headers.get_list("Date") == ["Mon, 21 Sep 2026 14:13:20 GMT"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "effects"), [(FaultKind.LOST_BEFORE, 0), (FaultKind.LOST_AFTER, 1)]
)
def test_a_lost_connection_closes_without_an_answer(
    practice: PracticeStripe, base_url: str, kind: FaultKind, effects: int
) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    before = made(practice)
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{base_url}/v1/customers", headers=HEADERS)
    assert made(practice) == before + effects
    assert httpx.post(f"{base_url}/v1/customers", headers=HEADERS).status_code == 200


def test_not_one_byte_comes_back_on_a_lost_line(practice: PracticeStripe, base_url: str) -> None:
    practice.faults = FaultPlan.offline()
    host, _, port = base_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(b"GET /v1/balance HTTP/1.1\r\nHost: stripe\r\n\r\n")
        try:
            answered = line.recv(100)
        except ConnectionResetError:
            answered = b""
    assert answered == b""


def test_a_kept_connection_that_is_lost_does_not_harm_the_next(
    practice: PracticeStripe, base_url: str
) -> None:
    with httpx.Client(base_url=base_url, headers=HEADERS) as client:
        assert client.get("/v1/balance").status_code == 200
        practice.faults = FaultPlan(rules=(FaultRule(kind=FaultKind.LOST_BEFORE, nth=(1,)),))
        with pytest.raises(httpx.TransportError):
            client.get("/v1/balance")
        assert client.get("/v1/balance").status_code == 200


def test_two_can_be_served_at_once() -> None:
    one, two = (PracticeStripe(clock=Clock(), seed=n) for n in (1, 2))
    with serve(one) as first, serve(two) as second:
        assert first != second
        httpx.post(f"{first}/v1/customers", headers=HEADERS)
    assert (made(one), made(two)) == (1, 0)


def test_without_control_there_are_no_practice_routes() -> None:
    with serve(PracticeStripe(clock=Clock(), seed=1)) as url:
        assert httpx.get(f"{url}/practice/state", headers=HEADERS).status_code == 404


def test_a_taken_port_is_an_os_error(base_url: str) -> None:
    port = int(base_url.rpartition(":")[2])
    other = PracticeStripe(clock=Clock(), seed=1)
    with pytest.raises(OSError, match=r".+"), serve(other, port=port):
        pass


def test_after_the_block_nobody_listens() -> None:
    with serve(PracticeStripe(clock=Clock(), seed=1)) as url:
        pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/v1/balance", headers=HEADERS)
