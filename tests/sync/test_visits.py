"""How a visit ends: what staff read of it, when it is tried again, what the journal keeps."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.domain.outbox import EntryState, Topic
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.errors import StoreBusy
from sync import visits as visits_module
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.sweep import Sweep

if TYPE_CHECKING:
    from tests.sync.conftest import Sold, World

ONE = ((1250, 1),)


def fault(kind: FaultKind, *nth: int, method: str = "POST", path: str = "") -> FaultPlan:
    return FaultPlan(rules=(FaultRule(kind=kind, method=method, path=path, nth=nth),))


def closings(world: World) -> list[tuple[str, dict[str, object]]]:
    """(entry, payload) of each journal line that says how an entry ended."""
    links = world.read(lambda uow: list(uow.journal.each()))
    return [
        (link.entity_id, json.loads(link.payload)) for link in links if link.kind == "entry.closed"
    ]


def findings(world: World, sold: Sold) -> list[Finding]:
    found: tuple[Finding, ...] = world.read(lambda uow: uow.sales.findings(sold.sale.sale_id))
    return list(found)


# ---------------------------------------------------------------- the journal


def test_the_journal_says_how_each_entry_ended_and_for_whom(world: World) -> None:
    fine, refused = world.sell_cash(), world.sell_cash()
    body = {"error": {"type": "invalid_request_error", "code": "country_unsupported"}}

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST" or refused.sale.sale_id not in request.content.decode():
            return None
        return httpx.Response(400, headers={"Request-Id": "req_1"}, text=json.dumps(body))

    world.wire.before = refuse
    world.drain()
    told = dict(closings(world))
    assert told == {
        fine.entries[0]: {"sale_id": fine.sale.sale_id, "state": "delivered", "reason": None},
        refused.entries[0]: {
            "sale_id": refused.sale.sale_id,
            "state": "parked",
            "reason": "refused:country_unsupported",
        },
    }
    assert world.read(lambda uow: uow.journal.verify()).ok


def test_an_entry_that_is_tried_again_is_no_line_of_the_journal(world: World) -> None:
    world.sell_cash()
    world.stripe.faults = fault(FaultKind.LOST_BEFORE, 2)
    world.drain()
    assert closings(world) == []
    world.drain()
    assert len(closings(world)) == 1
    world.drain()
    assert len(closings(world)) == 1


@pytest.mark.parametrize("ending", ["deliver", "park"])
def test_who_lost_the_lease_writes_nothing_down(world: World, ending: str) -> None:
    """Another engine has the entry by now, and will say itself how it ended."""
    sold = world.sell_cash()
    body = {"error": {"type": "invalid_request_error"}}

    def steal(request: httpx.Request) -> httpx.Response | None:
        last = request.url.path.endswith("/pay")
        if last:
            with world.file.till().writing() as uow:
                uow.outbox._execute("UPDATE outbox SET lease_token = 'another engine'")
        if last and ending == "park":
            return httpx.Response(400, headers={"Request-Id": "req_1"}, text=json.dumps(body))
        return None

    world.wire.before = steal
    world.drain()
    assert closings(world) == []
    assert world.entry(sold.entries[0]).lease_token == "another engine"


# ---------------------------------------------------------------- unknown, or only later


@pytest.mark.parametrize(
    ("kind", "state", "begins"),
    [
        (FaultKind.LOST_BEFORE, EntryState.WAITING, "not_sent:"),
        (FaultKind.LOST_AFTER, EntryState.UNKNOWN, "lost:"),
        (FaultKind.ERROR_500_WITHOUT_EFFECT, EntryState.UNKNOWN, "suspect:"),
        (FaultKind.RATE_LIMITED_429, EntryState.WAITING, "limited:"),
        (FaultKind.CAPTIVE_PORTAL, EntryState.WAITING, "not_stripe:"),
    ],
)
def test_staff_read_what_stood_in_the_way(
    world: World, kind: FaultKind, state: EntryState, begins: str
) -> None:
    sold = world.sell_cash()
    world.stripe.faults = fault(kind, 2)
    world.drain()
    entry = world.entry(sold.entries[0])
    assert entry.state is state
    assert entry.reason is not None
    assert entry.reason.startswith(begins)
    assert entry.lease_token is None


def test_no_news_leaves_an_entry_as_doubtful_as_it_was(world: World) -> None:
    sold = world.sell_cash()
    world.stripe.faults = fault(FaultKind.LOST_AFTER, 2)
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.UNKNOWN
    world.stripe.faults = fault(FaultKind.RATE_LIMITED_429, 1)
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.UNKNOWN
    world.stripe.faults = FaultPlan()
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_a_doubt_that_was_cleared_up_is_over_although_the_next_step_waits(world: World) -> None:
    sold = world.sell_cash()
    world.stripe.faults = fault(FaultKind.LOST_AFTER, 2)
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.UNKNOWN
    # The invoice is made out under the same key; its first line then meets a limit.
    world.stripe.faults = fault(FaultKind.RATE_LIMITED_429, 1, path="/v1/invoiceitems")
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.WAITING


def test_a_visit_that_takes_too_long_is_given_up_and_repeated_safely(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = world.sell_cash()
    inner = world.wire.inner.handle_async_request

    async def stuck(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/v1/invoices":
            await inner(request)  # it arrives, and its answer never does
            await asyncio.Event().wait()
        return await inner(request)

    with monkeypatch.context() as patched:
        patched.setattr(visits_module, "VISIT_SECONDS_MAX", 0.3)
        patched.setattr(world.wire.inner, "handle_async_request", stuck)
        world.drain()
    entry = world.entry(sold.entries[0])
    assert (entry.state, entry.reason) == (EntryState.UNKNOWN, "lost:visit_too_long")
    assert world.drain().delivered == 1
    assert len(world.at_rail("invoice")) == 1


def test_a_visit_that_is_cut_short_says_so_and_is_due_at_once(world: World) -> None:
    sold = world.sell_cash()
    inner = world.wire.inner.handle_async_request

    async def run() -> None:
        reached = asyncio.Event()

        async def stuck(request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and request.url.path == "/v1/invoices":
                await inner(request)
                reached.set()
                await asyncio.Event().wait()
            return await inner(request)

        world.wire.inner.handle_async_request = stuck  # type: ignore[method-assign]
        task = asyncio.create_task(world.engine().drain())
        await reached.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    world.wire.inner.handle_async_request = inner  # type: ignore[method-assign]
    entry = world.entry(sold.entries[0])
    assert (entry.state, entry.reason) == (EntryState.UNKNOWN, "interrupted")
    assert (entry.due_ms, entry.lease_token) == (world.clock.now_ms(), None)
    assert world.drain().delivered == 1
    assert len(world.at_rail("invoice")) == 1


def test_a_buffer_in_trouble_leaves_the_entry_to_its_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not the entry's fault: nothing is parked, and the lease runs out by itself."""
    sold = world.sell_cash()
    writing = Buffer.writing

    def busy(buffer: Buffer) -> object:
        if world.entry(sold.entries[0]).lease_token is not None:
            raise StoreBusy
        return writing(buffer)

    async def round_() -> None:
        engine = world.engine()
        sweep = Sweep(carrier=engine.carrier, reference_key=bytes(32))
        (entry,) = await engine._claim(1, frozenset(), everything=True)
        monkeypatch.setattr(Buffer, "writing", busy)
        assert await engine._visits.visit(sweep, entry) is True
        monkeypatch.undo()

    asyncio.run(round_())
    entry = world.entry(sold.entries[0])
    assert (entry.state, entry.reason) == (EntryState.WAITING, None)
    assert entry.lease_token is not None
    assert not world.wire.posts()  # what cannot be written down is not sent


def test_lanes_that_fail_together_ask_the_rail_once(world: World) -> None:
    lanes = 6
    for _ in range(lanes):
        world.sell_cash()
    inner, probes = world.wire.inner.handle_async_request, []

    async def run() -> None:
        together = asyncio.Barrier(lanes)

        async def lossy(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v1/customers":
                await together.wait()
                raise httpx.ReadError("lost", request=request)
            if request.url.params.get("limit") == "1":
                probes.append(request)
                await asyncio.sleep(0.01)  # the others fail meanwhile
            return await inner(request)

        world.wire.inner.handle_async_request = lossy  # type: ignore[method-assign]
        assert await world.engine()._round(everything=True)  # the rail answers: nobody is held up

    asyncio.run(run())
    assert len(probes) == 2  # one begins the round


# ---------------------------------------------------------------- watches


@pytest.mark.parametrize(("after_s", "poll_s"), [(0, 15), (179, 15), (180, 120), (900, 120)])
def test_a_payment_is_polled_for_quickly_while_its_code_is_on_screen(
    world: World, after_s: int, poll_s: int
) -> None:
    sold = world.sell_scan(units=ONE)
    world.clock.advance(seconds=after_s)
    world.drain()
    entry = world.entry(sold.entries[0])
    assert (entry.state, entry.reason) == (EntryState.WAITING, "waiting_for_payment")
    assert entry.due_ms == world.clock.now_ms() + poll_s * 1000


def test_the_engine_rests_no_longer_than_the_newest_code_on_screen_allows(world: World) -> None:
    async def rest() -> int:
        engine = world.engine()
        return await engine._work()

    assert asyncio.run(rest()) == 600_000
    world.sell_scan(units=ONE)
    assert asyncio.run(rest()) == 15_000
    world.clock.advance(seconds=200)
    assert asyncio.run(rest()) == 120_000


def test_an_underpaid_finding_names_the_last_payment_and_the_sum(world: World) -> None:
    sold = world.sell_scan(units=((1250, 2),))
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=700)
    world.clock.advance(seconds=5)
    last = world.stripe.pay_link(sold.pay_urls[0], amount_minor=600)
    world.drain()
    (found,) = findings(world, sold)
    assert (found.kind, found.remote_id) == (FindingKind.UNDERPAID, last)
    assert (found.amount_minor, found.currency) == (1300, "eur")
    assert found.at_ms == world.clock.now_ms()


def test_an_unpaid_finding_names_the_sale_and_no_money(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.clock.advance(hours=1)
    world.drain()
    (found,) = findings(world, sold)
    assert (found.remote_id, found.amount_minor) == (sold.sale.sale_id, 0)
    assert found.currency == "eur"


def test_a_finding_about_an_invoice_names_it_and_what_was_paid(world: World) -> None:
    sold = world.sell_later()
    world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    world.clock.advance(days=15)
    world.drain()
    world.stripe.pay_invoice(invoice["id"])
    world.drain()
    told = [(one.kind, one.remote_id, one.amount_minor) for one in findings(world, sold)]
    assert told == [
        (FindingKind.UNPAID_AT_GRACE, invoice["id"], 0),
        (FindingKind.PAID_AFTER_REVOKE, invoice["id"], sold.sale.total_minor),
    ]


def test_payments_are_looked_for_from_an_hour_before_the_sale(world: World) -> None:
    """The code was on screen before the sale was complete, and clocks differ a little."""
    sold = world.sell_scan(units=ONE)
    world.drain()
    world.wire.requests.clear()
    world.drain()
    (listed,) = [one for one in world.wire.requests if one.url.path == "/v1/checkout/sessions"]
    assert int(listed.url.params["created[gte]"]) == sold.sale.sold_ms // 1000 - 3600


def test_one_link_named_twice_is_one_link(world: World) -> None:
    """Two lines at one price share a link: its payments count once."""
    sold = world.sell_scan(units=((1250, 1), (1250, 1)))
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    assert world.findings(sold) == []
    world.stripe.pay_link(sold.pay_urls[1])
    world.drain()
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_watch_that_cannot_be_read_is_parked_and_looked_at_by_nobody_else(world: World) -> None:
    sold = world.sell_cash(intents=lambda _sale: [(Topic.WATCH, {"links": "none", "tender": "?"})])
    report = world.drain()
    assert report.parked == 1
    assert world.entry(sold.entries[0]).reason == "intent_unreadable:links"
    assert not [one for one in world.wire.requests if "checkout" in one.url.path]


def test_a_parked_watch_is_sent_on_again_by_the_money_itself(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=1000)
    world.clock.advance(hours=1)
    world.drain()
    assert world.entry(sold.entries[0]).state is EntryState.PARKED
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=250)
    world.drain()
    states = [payload["state"] for _entry, payload in closings(world)]
    assert states == ["parked", "delivered"]
