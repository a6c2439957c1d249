"""Watches over the practice Stripe: what is found, what is recorded, and when a watch ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState
from kiosk.domain.reference import make_reference
from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.pull import CURSOR

if TYPE_CHECKING:
    from tests.sync.conftest import Sold, World

ONE = ((1250, 1),)


def orphans(world: World) -> list[str]:
    from kiosk.domain.outbox import RailMode

    found = world.read(lambda uow: uow.sales.orphans(RailMode.PRACTICE))
    return [finding.remote_id for finding in found]


def test_a_scanned_payment_settles_the_sale(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    assert world.drain().waiting == 1
    world.stripe.pay_link(sold.pay_urls[0])
    report = world.drain()
    assert (report.delivered, report.waiting) == (1, 0)
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_payment_made_while_the_kiosk_was_offline_is_found(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0])
    world.clock.advance(days=40)  # events are gone by now, and the cursor was never set
    assert world.drain().delivered == 1
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_quantity_is_paid_one_by_one(world: World) -> None:
    sold = world.sell_scan(units=((1250, 2),))
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    assert world.findings(sold) == []
    world.stripe.pay_link(sold.pay_urls[0])
    assert world.drain().delivered == 1
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_cart_of_two_prices_is_paid_on_two_links(world: World) -> None:
    sold = world.sell_scan(units=((1250, 1), (300, 1)))
    for url in sold.pay_urls:
        world.stripe.pay_link(url)
    world.drain()
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_two_sales_on_one_link_are_told_apart(world: World) -> None:
    first, second = world.sell_scan(units=ONE), world.sell_scan(units=ONE)
    world.stripe.pay_link(second.pay_urls[0])
    report = world.drain()
    assert (report.delivered, report.waiting) == (1, 1)
    assert (world.findings(first), world.findings(second)) == ([], [FindingKind.PAID_EXACTLY])


def test_nothing_by_the_end_of_grace_closes_the_watch(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.clock.advance(seconds=29 * 60)
    assert world.drain().waiting == 1
    world.clock.advance(seconds=61)
    report = world.drain()
    assert (report.delivered, report.waiting, report.parked) == (1, 0, 0)
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]


def test_money_after_the_end_of_grace_is_found_by_its_event(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.clock.advance(hours=1)
    world.drain()
    world.stripe.pay_link(sold.pay_urls[0])
    world.clock.advance(hours=1)
    world.drain()
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE]


def test_money_after_the_end_of_grace_is_found_without_events(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.clock.advance(hours=1)
    world.drain()
    world.clock.advance(hours=1)
    world.stripe.pay_link(sold.pay_urls[0])
    world.clock.advance(days=31)  # a cursor of a month ago: lists instead of events
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE]


def test_a_second_payment_is_recorded_although_the_watch_is_closed(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY, FindingKind.OVERPAID]


def test_underpaid_is_recorded_at_once_and_parked_at_the_end_of_grace(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=1000)
    assert world.drain().waiting == 1
    assert world.findings(sold) == [FindingKind.UNDERPAID]
    world.clock.advance(hours=1)
    assert world.drain().parked == 1
    assert world.entry(sold.entries[0]).reason == FindingKind.UNDERPAID
    assert world.findings(sold) == [FindingKind.UNDERPAID]


def test_the_difference_takes_a_parked_watch_back_to_the_queue(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=1000)
    world.clock.advance(hours=1)
    assert world.drain().parked == 1
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=250)
    report = world.drain()
    assert (report.parked, report.delivered) == (0, 1)
    assert world.findings(sold)[-1] is FindingKind.PAID_EXACTLY


def test_overpaid_settles_the_sale(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=1300)
    assert world.drain().delivered == 1
    assert world.findings(sold) == [FindingKind.OVERPAID]


def test_a_missing_reference_is_an_orphan_once(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    session_id = world.stripe.pay_link(sold.pay_urls[0].partition("?")[0])
    world.drain()
    world.drain()
    assert orphans(world) == [session_id]
    assert world.findings(sold) == []


def test_a_forged_reference_confirms_nothing(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    forged = sold.pay_urls[0][:-1] + ("A" if sold.pay_urls[0][-1] != "A" else "B")
    session_id = world.stripe.pay_link(forged)
    world.drain()
    assert orphans(world) == [session_id]
    assert world.findings(sold) == []


def test_another_kiosks_reference_is_an_orphan_here(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    other = make_reference(4, sold.sale.sale_id, b"another kiosk's reference key..!")
    session_id = world.stripe.pay_link(
        f"{sold.pay_urls[0].partition('?')[0]}?client_reference_id={other}"
    )
    world.drain()
    assert orphans(world) == [session_id]


def test_a_good_reference_on_a_cheaper_link_confirms_nothing(world: World) -> None:
    cheap, dear = world.sell_scan(units=((300, 1),)), world.sell_scan(units=ONE)
    reference = dear.pay_urls[0].partition("?")[2]
    session_id = world.stripe.pay_link(f"{cheap.pay_urls[0].partition('?')[0]}?{reference}")
    world.drain()  # sets the cursor and lists the links
    world.stripe.pay_link(f"{cheap.pay_urls[0].partition('?')[0]}?{reference}")
    world.drain()  # follows the event
    assert session_id in orphans(world)
    assert len(orphans(world)) == 2
    assert world.findings(dear) == []


def test_an_invoice_paid_by_the_member_settles_the_sale(world: World) -> None:
    sold = world.sell_later()
    assert world.drain().waiting == 1
    world.stripe.pay_invoice(world.at_rail("invoice", sold)[0]["id"])
    report = world.drain()
    assert (report.delivered, report.waiting) == (2, 0)
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_membership_billed_later_is_watched_by_its_first_invoice(world: World) -> None:
    sold = world.sell_membership(TenderKind.PAY_LATER)
    world.drain()
    world.stripe.pay_invoice(world.at_rail("invoice")[0]["id"])
    assert world.drain().delivered == 2
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_an_invoice_nobody_pays_is_found_at_the_end_of_grace(world: World) -> None:
    sold = world.sell_later()
    world.drain()
    world.clock.advance(days=15)
    assert world.drain().waiting == 0
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
    world.stripe.pay_invoice(world.at_rail("invoice", sold)[0]["id"])
    world.drain()
    assert world.findings(sold)[-1] is FindingKind.PAID_AFTER_REVOKE


def test_trouble_at_the_rail_touches_no_cash_sale(world: World) -> None:
    sold = world.sell_cash()
    world.drain()
    world.clock.advance(days=90)
    world.drain()
    assert world.findings(sold) == []
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_a_clock_two_years_behind_does_not_revoke_early(world: World) -> None:
    world.clock.error_ms = -2 * 365 * 86_400_000
    sold = world.sell_scan(units=ONE, clock_doubtful=True)
    world.drain()
    world.clock.error_ms = 0  # somebody sets it right
    world.clock.advance(seconds=60)
    assert world.drain().waiting == 1
    assert world.findings(sold) == []
    world.clock.advance(seconds=31 * 60)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]


def test_a_clock_two_years_ahead_neither_revokes_early_nor_waits_for_ever(world: World) -> None:
    world.clock.error_ms = 2 * 365 * 86_400_000
    sold = world.sell_scan(units=ONE, clock_doubtful=True)
    world.drain()
    world.clock.advance(seconds=29 * 60)
    assert world.drain().waiting == 1
    world.clock.advance(seconds=2 * 60)
    assert world.drain().waiting == 0
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]


def test_the_payment_of_a_sale_with_a_wild_clock_is_found(world: World) -> None:
    world.clock.error_ms = 2 * 365 * 86_400_000
    sold = world.sell_scan(units=ONE, clock_doubtful=True)
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


@pytest.mark.parametrize("error_ms", [-16 * 86_400_000, -2 * 3_600_000, 16 * 86_400_000])
def test_a_clock_put_right_at_the_sale_is_not_put_right_twice(world: World, error_ms: int) -> None:
    world.clock.error_ms = error_ms
    assert world.drain().waiting == 0  # the rail measures the clock
    sold = world.sell_scan(
        units=ONE, sold_ms=world.clock.true_ms, skew_ms=error_ms, clock_doubtful=True
    )
    assert world.drain().waiting == 1
    assert world.findings(sold) == []
    world.clock.advance(seconds=60)
    world.stripe.pay_link(sold.pay_urls[0])
    assert world.drain().waiting == 0
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_a_clock_found_wrong_at_the_first_contact_revokes_nothing_at_once(world: World) -> None:
    world.clock.error_ms = -16 * 86_400_000
    sold = world.sell_scan(units=ONE, sold_ms=world.clock.now_ms())
    assert world.drain().waiting == 1
    assert world.findings(sold) == []
    world.clock.advance(days=2)
    assert world.drain().waiting == 0
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]


def test_many_watches_on_one_link_list_it_once(world: World) -> None:
    for _ in range(12):
        world.sell_scan(units=ONE)
    world.drain()  # the first round lists what there was before the cursor
    world.wire.requests.clear()
    world.drain()
    listed = [r for r in world.wire.requests if r.url.path == "/v1/checkout/sessions"]
    assert len(listed) == 1


def test_an_event_is_followed_once(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.drain()
    session_id = world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    world.wire.requests.clear()
    world.drain()
    assert not [r for r in world.wire.requests if session_id in r.url.path]


def test_the_cursor_moves_with_the_rails_own_time(world: World) -> None:
    from kiosk.domain.outbox import RailMode

    world.clock.error_ms = 3 * 86_400_000
    world.drain()
    held = world.read(lambda uow: uow.mirror.cursor(RailMode.PRACTICE, CURSOR))
    assert abs(int(held) - world.clock.true_ms) < 2_000


def test_findings_are_written_into_the_journal(world: World) -> None:
    sold = world.sell_scan(units=ONE)
    world.stripe.pay_link(sold.pay_urls[0])
    world.drain()
    kinds = world.read(lambda uow: [link.kind for link in uow.journal.each()])
    assert kinds == ["sale.completed", "finding.recorded", "entry.closed"]
    assert world.read(lambda uow: uow.journal.verify()).ok


def sold_by_a_clock_that_was_set_since(world: World, *, days: float) -> Sold:
    """The rail found the clock right; then somebody set it, and sold."""
    world.drain()
    world.clock.error_ms = int(days * 86_400_000)
    return world.sell_scan(units=ONE, skew_ms=0)


@pytest.mark.parametrize("days", [1, 730])
@pytest.mark.parametrize("known_events", [True, False])
def test_a_payment_is_found_that_seems_older_than_its_sale(
    world: World, days: float, *, known_events: bool
) -> None:
    sold = sold_by_a_clock_that_was_set_since(world, days=days)
    world.clock.advance(hours=0.05)
    world.stripe.pay_link(sold.pay_urls[0])
    world.clock.advance(days=2 if known_events else 31)
    world.drain()
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


def test_what_was_found_early_is_counted_with_what_comes_later(world: World) -> None:
    sold = sold_by_a_clock_that_was_set_since(world, days=1)
    for url in sold.pay_urls:
        world.stripe.pay_link(url, amount_minor=500)
    world.clock.advance(hours=5)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNDERPAID]
    world.clock.advance(hours=5)
    world.stripe.pay_link(sold.pay_urls[0], amount_minor=750)
    world.clock.advance(hours=1)
    world.restart()
    world.drain()
    assert world.findings(sold) == [FindingKind.UNDERPAID, FindingKind.PAID_EXACTLY]


def closed_unpaid(world: World) -> Sold:
    """A sale on a link whose time is up, with the cursor in place."""
    sold = world.sell_scan(units=ONE)
    world.clock.advance(hours=1)
    world.drain()
    return sold


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED_429, FaultKind.ERROR_500_WITHOUT_EFFECT])
def test_news_that_could_not_be_followed_is_read_again(world: World, kind: FaultKind) -> None:
    """Read, then a failing look: were it counted as read, nobody would ever come back to it."""
    sold = closed_unpaid(world)
    world.stripe.pay_link(sold.pay_urls[0])
    world.clock.advance(hours=1)
    rule = FaultRule(kind=kind, method="GET", path="/v1/checkout/sessions", whole_path=True,
                     probability=1.0)  # fmt: skip
    world.stripe.faults = FaultPlan(rules=(rule,))
    world.drain()
    assert FindingKind.PAID_AFTER_REVOKE not in world.findings(sold)
    world.stripe.faults = FaultPlan()
    world.clock.advance(hours=1)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE]


def test_a_bill_paid_while_the_kiosk_was_away_for_weeks_is_found(world: World) -> None:
    """Given up as unpaid, then paid, then no events any more: only the bill itself can tell."""
    sold, other = world.sell_later(), world.sell_later()
    world.drain()
    world.clock.advance(days=15)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
    (invoice,) = world.at_rail("invoice", sold)
    world.stripe.pay_invoice(invoice["id"])
    world.clock.advance(days=40)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE]
    assert world.findings(other) == [FindingKind.UNPAID_AT_GRACE]


def test_a_closed_bill_that_the_rail_refuses_holds_no_other_news_back(world: World) -> None:
    gone = world.sell_later()
    world.drain()
    world.clock.advance(days=15)
    sold = closed_unpaid(world)
    (invoice,) = world.at_rail("invoice", gone)
    world.stripe.pay_invoice(invoice["id"])
    world.stripe.pay_link(sold.pay_urls[0])

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != f"/v1/invoices/{invoice['id']}":
            return None
        error = {"type": "invalid_request_error", "code": "resource_missing", "message": "Gone."}
        return httpx.Response(404, json={"error": error}, headers={"Request-Id": "req_1"})

    world.wire.before = refuse
    world.drain()
    assert world.findings(sold)[-1] is FindingKind.PAID_AFTER_REVOKE


@pytest.mark.parametrize("days", [1, 730])
def test_the_time_of_a_sale_dated_ahead_counts_from_the_first_look(
    world: World, days: float
) -> None:
    """Or nobody would be told for two years that it was never paid."""
    sold = sold_by_a_clock_that_was_set_since(world, days=days)
    world.clock.advance(hours=1)
    world.drain()
    assert world.findings(sold) == []
    world.clock.advance(seconds=29 * 60)
    world.drain()
    assert world.findings(sold) == []
    world.restart()
    world.clock.advance(seconds=120)
    world.drain()
    assert world.findings(sold) == [FindingKind.UNPAID_AT_GRACE]
