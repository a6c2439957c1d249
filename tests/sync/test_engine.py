"""Rounds, lanes and the state of the rail: who is visited, who is not, and when it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer.findings import Answer
from kiosk.buffer.staff import StaffRecord
from kiosk.domain.ids import StaffId
from kiosk.domain.outbox import EntryState, QueueHealth, RailMode, RailState, Stopped, Topic
from kiosk.domain.settlement import Finding, FindingAnswer, FindingKind
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.schedule import LANES_MAX

if TYPE_CHECKING:
    from tests.sync.conftest import World


def refusing(*, times: int = 1, path: str = "") -> Callable[[httpx.Request], httpx.Response | None]:
    """Answers 400 to the first matching writes."""
    left = [times]

    def before(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or path not in request.url.path or not left[0]:
            return None
        left[0] -= 1
        body = {"error": {"type": "invalid_request_error", "code": "parameter_invalid_empty"}}
        return httpx.Response(400, headers={"Request-Id": "req_1"}, text=json.dumps(body))

    return before


def test_a_refused_entry_is_parked_and_holds_nobody_back(world: World) -> None:
    poisoned = world.sell_cash(email="maria@example.org")
    others = [world.sell_cash() for _ in range(5)]
    behind = world.sell_cash(email="maria@example.org")
    world.wire.before = lambda request: (
        refusing(path="/v1/invoices")(request)
        if poisoned.sale.sale_id in request.content.decode()
        else None
    )
    report = world.drain()
    assert report.parked == 1
    assert report.delivered == 6
    parked = world.entry(poisoned.entries[0])
    assert (parked.state, parked.reason) == (
        EntryState.PARKED,
        "refused:parameter_invalid_empty",
    )
    for sold in (*others, behind):
        assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_staff_send_a_parked_entry_again_under_a_new_key(world: World) -> None:
    sold = world.sell_cash()
    world.wire.before = refusing(path="/v1/invoices")
    world.drain()
    world.write(lambda uow: uow.outbox.retry(sold.entries[0], world.clock.now_ms()))
    assert world.drain().delivered == 1
    keys = [r.headers["idempotency-key"] for r in world.wire.posts("/v1/invoices")]
    assert keys[0].endswith("-invoice-g1")
    assert keys[1].endswith("-invoice-g2")
    assert len(world.at_rail("invoice")) == 1


@pytest.mark.expects_log_warning("visit_failed")
def test_a_bug_in_one_entry_parks_that_entry_only(world: World) -> None:
    broken = world.sell_cash()
    fine = world.sell_cash()
    with world.buffer.writing() as uow:  # a person without the name we need
        member_keys = uow.outbox._session.member_keys
        sealed = member_keys.seal(
            broken.sale.member_id, {"email": "x@example.org"}, broken.entries[0]
        )
        uow.outbox._execute("DROP TRIGGER outbox_frozen")
        uow.outbox._execute(
            "UPDATE outbox SET sealed = ? WHERE id = ?", (sealed, broken.entries[0])
        )
    report = world.drain()
    assert (report.delivered, report.parked) == (1, 1)
    assert world.entry(broken.entries[0]).reason == "internal_error:KeyError"
    assert world.entry(fine.entries[0]).state is EntryState.DELIVERED


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_the_rail_and_touches_no_sale(world: World, status: int) -> None:
    sold = [world.sell_cash() for _ in range(3)]
    body = {"error": {"type": "invalid_request_error", "message": "no"}}
    world.wire.before = lambda _request: httpx.Response(
        status, headers={"Request-Id": "req_1"}, text=json.dumps(body)
    )
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.KEY_REFUSED, Stopped.RAIL)
    assert (report.waiting, report.parked, report.unknown) == (3, 0, 0)
    assert len(world.wire.requests) == 1
    for one in sold:
        assert world.entry(one.entries[0]).attempts == 0


def test_a_key_refused_in_the_middle_stops_and_loses_nothing(world: World) -> None:
    for _ in range(4):
        world.sell_cash()
    world.stripe.faults = FaultPlan(
        rules=(FaultRule(kind=FaultKind.BAD_KEY, method="POST", path="/v1/invoices", nth=(1,)),)
    )
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.KEY_REFUSED, Stopped.RAIL)
    assert (report.parked, report.unknown) == (0, 0)
    world.stripe.faults = FaultPlan()
    assert world.drain().delivered == 4
    assert len(world.at_rail("invoice")) == 4


@pytest.mark.parametrize("kind", [FaultKind.CAPTIVE_PORTAL, FaultKind.CAPTIVE_PORTAL_REDIRECT])
def test_a_captive_portal_stops_the_rail_and_says_so(world: World, kind: FaultKind) -> None:
    world.sell_cash()
    world.stripe.faults = FaultPlan(rules=(FaultRule(kind=kind, probability=1.0),))
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.CAPTIVE_PORTAL, Stopped.RAIL)
    assert (report.waiting, report.delivered) == (1, 0)
    assert {r.url.host for r in world.wire.requests} == {"stripe.test"}


def test_an_unreachable_rail_stops_the_drain_without_touching_entries(world: World) -> None:
    sold = world.sell_cash()
    world.stripe.faults = FaultPlan.offline()
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.UNREACHABLE, Stopped.RAIL)
    assert world.entry(sold.entries[0]).attempts == 0


def test_one_lost_connection_holds_nobody_else_back(world: World) -> None:
    for _ in range(5):
        world.sell_cash()
    world.stripe.faults = FaultPlan(
        rules=(FaultRule(kind=FaultKind.LOST_BEFORE, method="POST", nth=(3,)),)
    )
    report = world.drain()
    assert (report.delivered, report.stopped) == (4, Stopped.NOTHING_DUE)
    assert report.rail is RailState.REACHABLE


class Half(httpx.AsyncBaseTransport):
    """A network that dies for one lane and for every probe, while the other lanes come through."""

    def __init__(self, inner: httpx.AsyncBaseTransport, dead: httpx.Response | None) -> None:
        self.inner = inner
        self.dead = dead
        self.died = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and not self.died:
            self.died = True
            return self._last_word(request)
        if self.died and request.url.path == "/v1/events":
            return self._last_word(request)
        await asyncio.sleep(0.002)
        return await self.inner.handle_async_request(request)

    def _last_word(self, request: httpx.Request) -> httpx.Response:
        if self.dead is None:
            raise httpx.ConnectError("no route", request=request)
        return self.dead


PORTAL = httpx.Response(511, html="<h1>Sign in</h1>")
REVOKED = httpx.Response(
    401, headers={"Request-Id": "req_1"}, json={"error": {"type": "invalid_request_error"}}
)


@pytest.mark.parametrize(
    ("dead", "rail"),
    [(None, RailState.UNREACHABLE), (PORTAL, RailState.CAPTIVE_PORTAL),
     (REVOKED, RailState.KEY_REFUSED)],
    ids=["no-route", "portal", "key"],
)  # fmt: skip
def test_a_rail_that_stopped_us_is_not_told_as_reachable(
    world: World, dead: httpx.Response | None, rail: RailState
) -> None:
    for _ in range(6):
        world.sell_cash()
    world.wire.inner = Half(world.wire.inner, dead)
    report = world.drain()
    assert (report.rail, report.stopped) == (rail, Stopped.RAIL)
    assert world.read(lambda uow: uow.settings.get("rail.state")) == rail.value
    assert (world.healths[-1].rail, world.healths[-1].stopped) == (rail, Stopped.RAIL)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32),
    kinds=st.lists(st.sampled_from(list(FaultKind)), min_size=1, max_size=4, unique=True),
    probability=st.floats(0.05, 0.6),
)
def test_the_rail_and_why_a_drain_ended_agree_whatever_goes_wrong(
    make_world: Callable[..., World], seed: int, kinds: list[FaultKind], probability: float
) -> None:
    world = make_world(
        faults=FaultPlan(
            rules=tuple(FaultRule(kind=kind, probability=probability) for kind in kinds), seed=seed
        )
    )
    for _ in range(4):
        world.sell_cash()
    for _ in range(3):
        report = world.drain()
        answers = report.rail in {RailState.REACHABLE, RailState.LIMITED}
        assert answers is (report.stopped is Stopped.NOTHING_DUE)
        world.clock.advance(hours=1)


def test_a_rail_with_nothing_to_do_is_still_asked(world: World) -> None:
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.REACHABLE, Stopped.NOTHING_DUE)
    assert world.wire.requests


def test_a_live_key_is_never_sent_in_test_mode(world: World) -> None:
    report = world.drain(mode=RailMode.TEST, key="rk_live_secret")
    assert (report.rail, report.stopped) == (RailState.WRONG_MODE, Stopped.RAIL)
    assert not world.wire.requests


def test_a_test_key_is_never_sent_in_live_mode(world: World) -> None:
    assert world.drain(mode=RailMode.LIVE, key="sk_test_x").rail is RailState.WRONG_MODE
    assert not world.wire.requests


def test_an_answer_from_the_other_world_stops_the_rail(world: World) -> None:
    body = {"object": "list", "has_more": False, "url": "/v1/events",
            "data": [{"object": "event", "id": "evt_1", "livemode": True}]}  # fmt: skip
    world.wire.before = lambda _request: httpx.Response(
        200, headers={"Request-Id": "req_1"}, text=json.dumps(body)
    )
    world.sell_cash()
    report = world.drain()
    assert (report.rail, report.waiting) == (RailState.WRONG_MODE, 1)
    assert len(world.wire.requests) == 1


def test_a_drain_tries_what_is_in_its_back_off(world: World) -> None:
    sold = world.sell_cash()
    world.stripe.faults = FaultPlan(
        rules=(FaultRule(kind=FaultKind.ERROR_500_WITH_EFFECT, method="POST", nth=(2,)),)
    )
    report = world.drain()
    assert (report.unknown, report.stopped) == (1, Stopped.NOTHING_DUE)
    entry = world.entry(sold.entries[0])
    assert entry.state is EntryState.UNKNOWN
    assert entry.due_ms is not None
    assert entry.due_ms >= world.clock.now_ms() + 60_000  # it may still be at work there
    assert world.drain().delivered == 1
    assert len(world.at_rail("invoice")) == 1


def test_no_more_lanes_than_allowed_are_used_at_once(world: World) -> None:
    for _ in range(50):
        world.sell_cash()

    async def slowly(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.002)
        return await inner(request)

    inner = world.wire.inner.handle_async_request
    world.wire.inner.handle_async_request = slowly  # type: ignore[method-assign]
    report = world.drain()
    assert report.delivered == 50
    assert 8 < world.wire.most_at_once <= LANES_MAX


def test_a_429_halves_the_lanes_and_costs_only_time(world: World) -> None:
    for _ in range(40):
        world.sell_cash()
    world.stripe.faults = FaultPlan(
        rules=(FaultRule(kind=FaultKind.RATE_LIMITED_429, method="POST", nth=(1, 2, 3, 4)),)
    )
    engine_lanes: list[int] = []

    async def run() -> None:
        engine = world.engine()
        await engine.drain()
        engine_lanes.append(engine._lanes.now)

    asyncio.run(run())
    assert engine_lanes[0] < LANES_MAX
    assert world.drain_until_quiet().delivered == 40
    assert len(world.at_rail("invoice")) == 40


def test_health_is_told_from_waiting_to_all_sent(world: World) -> None:
    world.sell_cash()
    world.drain()
    assert world.healths[0].counts.waiting == 1
    last = world.healths[-1]
    assert (last.counts.waiting, last.counts.delivered) == (0, 1)
    assert (last.rail, last.stopped) == (RailState.REACHABLE, Stopped.NOTHING_DUE)


def test_health_carries_the_findings_that_wait_for_a_person_in_this_mode(world: World) -> None:
    def find(remote_id: str, kind: FindingKind, mode: RailMode) -> None:
        found = Finding(
            kind=kind, sale_id=None, remote_id=remote_id, amount_minor=5, currency="eur", at_ms=1
        )
        assert world.write(lambda uow: uow.sales.record_finding(found, mode))

    find("cs_1", FindingKind.REFERENCE_UNKNOWN, RailMode.PRACTICE)
    find("cs_2", FindingKind.PAID_EXACTLY, RailMode.PRACTICE)
    find("cs_3", FindingKind.REFERENCE_UNKNOWN, RailMode.LIVE)
    report = world.drain()
    assert report.parked == 0  # a finding is no entry
    assert [health.counts.open_findings for health in world.healths] == [1] * len(world.healths)
    (found,) = world.read(lambda uow: uow.findings.open(RailMode.PRACTICE, 9))
    person = StaffRecord(
        staff_id=StaffId(world.make_id()), name="Owner", role="owner", pin_salt=b"", pin_hash=b""
    )
    world.write(lambda uow: uow.staff.add(person, 1))
    given = Answer(
        finding_id=found.finding_id, staff_id=person.staff_id, answer=FindingAnswer.DONE, at_ms=1
    )
    assert world.write(lambda uow: uow.findings.answer(given))
    world.drain()
    assert world.healths[-1].counts.open_findings == 0


def test_the_till_finds_state_and_skew_in_the_settings(world: World) -> None:
    world.clock.error_ms = 90_000
    world.drain()
    assert world.read(lambda uow: uow.settings.get("rail.state")) == "reachable"
    measured = world.read(lambda uow: uow.settings.measured())
    assert abs(measured.skew_ms - 90_000) <= 1_000
    assert measured.at_ms == world.clock.now_ms()


def test_a_clock_that_is_as_wrong_as_before_was_measured_anew_all_the_same(world: World) -> None:
    world.drain()
    world.clock.advance(hours=5)
    world.drain()
    measured = world.read(lambda uow: uow.settings.measured())
    assert measured.at_ms == world.clock.now_ms()
    assert world.read(lambda uow: uow.settings.highest_ms()) >= world.clock.true_ms - 1_000


def test_a_dependent_entry_is_carried_in_the_same_drain(world: World) -> None:
    sold = world.sell_later()
    world.wire.before = PayWhenSent(world)
    report = world.drain()
    assert (report.delivered, report.waiting) == (2, 0)
    assert world.entry(sold.entries[1]).topic is Topic.WATCH


class PayWhenSent:
    """The member pays the invoice the moment the engine asks for it again."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, request: httpx.Request) -> None:
        if request.method == "GET" and request.url.path.startswith("/v1/invoices/in_"):
            (invoice,) = self.world.at_rail("invoice")
            if invoice["status"] == "open":
                self.world.stripe.pay_invoice(invoice["id"])


def test_a_clock_put_back_leaves_no_entry_in_a_far_future(world: World) -> None:
    sold = world.sell_cash()
    world.write(lambda uow: uow.outbox._execute(
        "UPDATE outbox SET due_ms = due_ms + 900000000"))  # fmt: skip

    async def run() -> list[QueueHealth]:
        engine = world.engine()
        await engine._round(everything=False)
        assert world.entry(sold.entries[0]).state is EntryState.WAITING
        world.clock.advance(days=-1)
        await engine._round(everything=False)
        return world.healths

    asyncio.run(run())
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_when_the_rail_answers_again_every_back_off_ends(world: World) -> None:
    sold = world.sell_cash()

    async def run() -> None:
        engine = world.engine()
        world.stripe.faults = FaultPlan.offline()
        assert not await engine._round(everything=False)
        world.write(lambda uow: uow.outbox._execute("UPDATE outbox SET due_ms = due_ms + 900000"))
        world.stripe.faults = FaultPlan()
        assert await engine._round(everything=False)

    asyncio.run(run())
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_a_payment_is_followed_at_once_although_the_watch_is_not_due(world: World) -> None:
    sold = world.sell_scan(units=((1250, 1),))

    async def run() -> None:
        engine = world.engine()
        await engine._round(everything=False)
        await engine._round(everything=False)
        assert world.entry(sold.entries[0]).state is EntryState.WAITING
        world.stripe.pay_link(sold.pay_urls[0])
        await engine._round(everything=False)

    asyncio.run(run())
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED
