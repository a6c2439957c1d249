"""Looking for what happened: from when on, how often, and what trouble under way must not lose."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState, RailMode, RailState, Stopped
from kiosk.domain.settlement import FindingKind
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.pull import CURSOR, CURSOR_MS_MAX, OVERLAP_MS, SEEN_MS
from sync.sweep import Sweep

if TYPE_CHECKING:
    from tests.sync.conftest import Sold, World

ONE = ((1250, 1),)
DAY_MS = 86_400_000
Before = Callable[[httpx.Request], httpx.Response | None]


def orphans(world: World) -> list[str]:
    found = world.read(lambda uow: uow.sales.orphans(RailMode.PRACTICE))
    return [finding.remote_id for finding in found]


def cursor(world: World) -> int | None:
    held = world.read(lambda uow: uow.mirror.cursor(RailMode.PRACTICE, CURSOR))
    return None if held is None else int(held)


def unmarked(sold: Sold) -> str:
    """The link's address as anybody may have copied it: without our reference."""
    return sold.pay_urls[0].partition("?")[0]


def asked(world: World, path: str) -> list[httpx.Request]:
    return [request for request in world.wire.requests if request.url.path == path]


def looks(world: World) -> list[httpx.Request]:
    """The questions for events, less the probes."""
    return [one for one in asked(world, "/v1/events") if "types[0]" in one.url.params]


def since_s(request: httpx.Request) -> int:
    return int(request.url.params["created[gte]"])


def closed(world: World) -> Sold:
    """A scanned sale that nobody paid in time: only an event can bring it back."""
    sold = world.sell_scan(units=ONE)
    world.clock.advance(hours=1)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
    world.wire.requests.clear()
    return sold


def answering(status: int, body: object, match: Callable[[httpx.Request], bool]) -> Before:
    def before(request: httpx.Request) -> httpx.Response | None:
        if not match(request):
            return None
        return httpx.Response(status, headers={"Request-Id": "req_1"}, text=json.dumps(body))

    return before


MISSING = {"error": {"type": "invalid_request_error", "code": "resource_missing"}}


# ---------------------------------------------------------------- from when on


def test_the_first_look_goes_back_as_far_as_events_would(world: World) -> None:
    """A kiosk set up anew finds money of last week that belongs to nobody here."""
    sold = world.sell_scan(units=ONE)
    late = world.stripe.pay_link(unmarked(sold))
    world.clock.advance(days=20)
    world.drain()
    assert orphans(world) == [late]
    assert not looks(world)  # without a place in the list there is nothing to go on from
    first = asked(world, "/v1/checkout/sessions")[0]
    begun_ms = world.clock.now_ms() - CURSOR_MS_MAX - OVERLAP_MS
    assert since_s(first) == begun_ms // 1000


def test_each_look_goes_on_where_the_last_began_less_an_overlap(world: World) -> None:
    world.drain()
    assert cursor(world) == world.clock.now_ms()
    began_ms = world.clock.now_ms()
    world.clock.advance(hours=3)
    world.wire.requests.clear()
    world.drain()
    assert [since_s(one) for one in looks(world)] == [(began_ms - OVERLAP_MS) // 1000]
    assert not asked(world, "/v1/payment_links")  # events are enough
    assert cursor(world) == world.clock.now_ms()


@pytest.mark.parametrize(("days", "lists"), [(28.9, False), (29.1, True)])
def test_a_cursor_older_than_events_live_means_lists(
    world: World, days: float, lists: bool
) -> None:
    sold = world.sell_scan(units=ONE)
    world.drain()
    late = world.stripe.pay_link(unmarked(sold))
    world.clock.advance(days=days)
    world.wire.requests.clear()
    world.drain()
    assert (looks(world) == []) is lists
    assert orphans(world) == [late]


def test_a_cursor_from_the_future_is_not_waited_for(world: World) -> None:
    """It was written by a clock that ran ahead. What came meanwhile is found by lists."""
    sold = world.sell_scan(units=ONE)
    world.drain()
    ahead_ms = world.clock.now_ms() + 300 * DAY_MS
    world.write(
        lambda uow: uow.mirror.put_cursor(RailMode.PRACTICE, CURSOR, str(ahead_ms), ahead_ms)
    )
    late = world.stripe.pay_link(unmarked(sold))
    world.drain()
    assert orphans(world) == [late]
    assert cursor(world) == world.clock.now_ms()


def test_a_look_that_takes_long_moves_the_cursor_to_its_beginning(world: World) -> None:
    """What happens while we ask is in the next look, not in a gap between two."""
    world.drain()
    began_ms = world.clock.now_ms() + 60_000
    world.clock.advance(seconds=60)

    def dawdle(request: httpx.Request) -> None:
        if "types[0]" in request.url.params:
            world.clock.advance(seconds=45)

    world.wire.before = dawdle
    world.drain()
    assert cursor(world) == began_ms


# ---------------------------------------------------------------- trouble loses nothing


@pytest.mark.parametrize(
    "kind", [FaultKind.LOST_BEFORE, FaultKind.ERROR_500_WITHOUT_EFFECT, FaultKind.RATE_LIMITED_429]
)
def test_an_event_whose_object_could_not_be_read_is_followed_later(
    world: World, kind: FaultKind
) -> None:
    """It must not count as seen: nothing else would ever lead to a watch that is closed."""
    sold = closed(world)
    session_id = world.stripe.pay_link(sold.pay_urls[0])
    place = cursor(world)
    rule = FaultRule(kind=kind, method="GET", path=f"/v1/checkout/sessions/{session_id}", nth=(1,))
    world.stripe.faults = FaultPlan(rules=(rule,))
    world.clock.advance(seconds=30)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
    assert cursor(world) == place
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE]


@pytest.mark.parametrize("kind", [FaultKind.LOST_BEFORE, FaultKind.ERROR_500_WITHOUT_EFFECT])
def test_a_look_that_failed_leaves_the_place_in_the_list(world: World, kind: FaultKind) -> None:
    sold = closed(world)
    place = cursor(world)
    world.stripe.pay_link(sold.pay_urls[0])
    world.stripe.faults = FaultPlan(
        rules=(FaultRule(kind=kind, method="GET", path="/v1/events", nth=(2,)),)
    )
    world.clock.advance(hours=1)
    world.drain()
    assert cursor(world) == place
    world.clock.advance(hours=5)
    world.drain()
    assert world.findings(sold)[-1] is FindingKind.PAID_AFTER_REVOKE


def test_a_look_that_failed_keeps_nothing_that_was_sold_back(world: World) -> None:
    """Looking is for money that may have come; billing what was sold does not wait for it."""
    sold = world.sell_cash()
    world.drain()
    later = world.sell_cash()
    world.wire.before = answering(500, {"error": {"type": "api_error"}},
                                  lambda one: "types[0]" in one.url.params)  # fmt: skip
    report = world.drain()
    assert (report.delivered, report.stopped) == (2, Stopped.NOTHING_DUE)
    for one in (sold, later):
        assert world.entry(one.entries[0]).state is EntryState.DELIVERED


def test_a_rail_that_falls_silent_while_we_look_ends_the_round(world: World) -> None:
    world.drain()
    sold = world.sell_cash()
    probes = [0]

    def silent(request: httpx.Request) -> None:
        probes[0] += 1
        if probes[0] > 1:
            raise httpx.ConnectError("gone", request=request)

    world.wire.before = silent
    report = world.drain()
    assert (report.rail, report.stopped) == (RailState.UNREACHABLE, Stopped.RAIL)
    assert world.entry(sold.entries[0]).attempts == 0


def test_a_hint_about_what_the_rail_does_not_know_holds_no_other_back(world: World) -> None:
    first, second = closed(world), closed(world)
    gone = world.stripe.pay_link(first.pay_urls[0])
    world.stripe.pay_link(second.pay_urls[0])
    world.wire.before = answering(404, MISSING, lambda one: one.url.path.endswith(gone))
    world.drain()
    assert world.findings(first) == [FindingKind.UNPAID_AT_GRACE]
    assert world.findings(second)[-1] is FindingKind.PAID_AFTER_REVOKE


def test_a_rail_without_events_is_still_a_rail(world: World) -> None:
    """Some relays serve no list of events; the lists of our own links say the same."""
    sold = closed(world)
    world.stripe.pay_link(sold.pay_urls[0])
    orphan = world.stripe.pay_link(unmarked(sold))
    world.wire.before = answering(404, MISSING, lambda one: "types[0]" in one.url.params)
    world.clock.advance(hours=1)
    world.drain()
    assert world.findings(sold)[-1] is FindingKind.PAID_AFTER_REVOKE
    assert orphans(world) == [orphan]
    assert cursor(world) == world.clock.now_ms()


# ---------------------------------------------------------------- once, and not for nothing


def test_an_event_is_followed_once_although_it_is_told_twice(world: World) -> None:
    sold = closed(world)
    session_id = world.stripe.pay_link(sold.pay_urls[0])
    for _ in range(3):  # the overlap tells it again each time
        world.drain()
        world.clock.advance(seconds=60)
    assert len(asked(world, f"/v1/checkout/sessions/{session_id}")) == 1
    assert world.findings(sold)[1:] == [FindingKind.PAID_AFTER_REVOKE]


def test_what_was_seen_is_forgotten_when_no_overlap_can_tell_it_again(world: World) -> None:
    sold = closed(world)
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()

    def seen() -> int:
        sql = "SELECT count(*) FROM events_seen"
        count: int = world.read(lambda uow: uow.outbox._execute(sql).fetchone())[0]
        return count

    assert seen() > 0
    world.clock.advance(seconds=SEEN_MS // 1000)
    world.drain()
    assert seen() > 0  # not a moment too early
    world.clock.advance(seconds=1)
    world.drain()
    assert seen() == 0


def test_several_events_about_one_object_mean_one_look_at_it(world: World) -> None:
    sold = world.sell_later()
    world.drain()
    world.clock.advance(days=15)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
    (invoice,) = world.at_rail("invoice", sold)
    world.stripe.pay_invoice(invoice["id"])
    world.wire.requests.clear()
    world.drain()
    assert len(asked(world, f"/v1/invoices/{invoice['id']}")) == 1
    assert world.findings(sold)[-1] is FindingKind.PAID_AFTER_REVOKE


def test_a_page_that_was_only_opened_is_nobodys_money(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.open_session(unmarked(sold))
    world.drain()
    assert orphans(world) == []
    assert world.findings(sold) == []


def test_an_orphan_says_how_much_of_which_currency(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(unmarked(sold), amount_minor=990)
    world.drain()
    (found,) = world.read(lambda uow: uow.sales.orphans(RailMode.PRACTICE))
    assert (found.kind, found.sale_id) == (FindingKind.REFERENCE_UNKNOWN, None)
    assert (found.amount_minor, found.currency) == (990, "eur")
    assert found.at_ms == world.clock.now_ms()


def test_an_invoice_of_somebody_else_concerns_nobody_here(world: World) -> None:
    """Another kiosk of the same account bills too: its events lead to no watch of ours."""
    ours = world.sell_later()
    world.drain()
    (invoice,) = world.at_rail("invoice", ours)
    world.write(lambda uow: uow.outbox._execute(
        "DELETE FROM remote_objects WHERE remote_id = ?", (invoice["id"],)))  # fmt: skip
    world.stripe.pay_invoice(invoice["id"])

    async def run() -> None:
        engine = world.engine()
        sweep = Sweep(carrier=engine.carrier, reference_key=bytes(32))
        assert await engine._look(sweep) is False

    asyncio.run(run())
    assert orphans(world) == []
