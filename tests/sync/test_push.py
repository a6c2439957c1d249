"""What arrives at the rail for a sale, step by step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState, RailState, Stopped, Topic
from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from sync.practice.faults import FaultKind, FaultPlan, FaultRule

if TYPE_CHECKING:
    from tests.sync.conftest import World


def test_a_cash_sale_becomes_a_paid_invoice_with_the_sales_amounts(world: World) -> None:
    sold = world.sell_cash(units=((1250, 2), (300, 1)))
    report = world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    assert invoice["status"] == "paid"
    assert invoice["total"] == 2800
    assert invoice["currency"] == "eur"
    assert invoice["collection_method"] == "send_invoice"
    assert invoice["auto_advance"] is False
    assert invoice["effective_at"] == sold.sale.sold_ms // 1000
    assert report.delivered == 1
    assert (report.waiting, report.unknown, report.parked) == (0, 0, 0)
    assert (report.rail, report.stopped) == (RailState.REACHABLE, Stopped.NOTHING_DUE)


def test_a_drained_cash_sale_needs_six_writes_and_no_read_but_the_customers(world: World) -> None:
    world.sell_cash()
    world.drain()
    assert [r.url.path for r in world.wire.posts()] == [
        "/v1/customers",
        "/v1/invoices",
        "/v1/invoiceitems",
        f"/v1/invoices/{world.at_rail('invoice')[0]['id']}/finalize",
        f"/v1/invoices/{world.at_rail('invoice')[0]['id']}/pay",
    ]
    reads = [r.url.path for r in world.wire.requests if r.method == "GET"]
    assert reads.count("/v1/customers") == 1
    assert not [path for path in reads if path.startswith("/v1/invoices")]


def test_every_write_has_the_key_of_device_sale_step_and_generation(world: World) -> None:
    sold = world.sell_cash()
    world.drain()
    keys = [r.headers["idempotency-key"] for r in world.wire.posts()]
    assert keys == [
        f"kp1-3-{sold.sale.sale_id}-{step}-g1"
        for step in ("customer", "invoice", "item-1", "finalize", "pay")
    ]


def test_nothing_personal_is_in_the_metadata(world: World) -> None:
    sold = world.sell_cash(email="secret.person@example.org")
    world.sell_membership(email="secret.person@example.org")
    world.drain()
    for kind in ("invoice", "customer", "subscription", "invoiceitem"):
        for thing in world.at_rail(kind):
            told = json.dumps(thing["metadata"])
            assert "secret" not in told
            assert "Maria" not in told
    assert world.at_rail("invoice", sold)


def test_a_member_has_one_customer_however_many_sales(world: World) -> None:
    for _ in range(3):
        world.sell_cash(email="maria@example.org")
    world.drain()
    assert len(world.at_rail("customer")) == 1
    assert len(world.at_rail("invoice")) == 3


def test_a_customer_of_long_ago_is_found_by_address(world: World) -> None:
    world.sell_cash(email="maria@example.org")
    world.drain()
    other = world.sell_cash(email="maria@example.org")
    forget_customer(world, other.sale.member_id)
    world.drain()
    assert len(world.at_rail("customer")) == 1
    assert len(world.at_rail("invoice")) == 2


def forget_customer(world: World, member_id: str) -> None:
    """As if another kiosk, which knows nothing of the first one's mirror, sold to the member."""
    with world.buffer.writing() as uow:
        uow.outbox._execute("DELETE FROM remote_objects WHERE entity = ?", (f"member:{member_id}",))


def test_pay_later_is_sent_and_stays_open(world: World) -> None:
    sold = world.sell_later()
    report = world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    assert invoice["status"] == "open"
    assert world.wire.posts("/send")
    assert not world.wire.posts("/pay")
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED
    assert report.waiting == 1  # the watch


def test_a_cash_membership_is_a_subscription_with_its_first_invoice_paid(world: World) -> None:
    sold = world.sell_membership()
    report = world.drain()
    (subscription,) = world.at_rail("subscription", sold)
    assert subscription["collection_method"] == "send_invoice"
    assert subscription["cancel_at"] is None
    (invoice,) = world.at_rail("invoice")
    assert (invoice["status"], invoice["total"]) == ("paid", 900)
    assert report.delivered == 1


def test_a_membership_of_fixed_length_ends_by_itself(world: World) -> None:
    ends_s = world.clock.now_ms() // 1000 + 4 * 7 * 86_400
    sold = world.sell_membership(intent={"cancel_at_s": ends_s})
    world.drain()
    (subscription,) = world.at_rail("subscription", sold)
    assert subscription["cancel_at"] == ends_s


def test_a_membership_that_is_over_before_the_network_returns_is_billed_once(
    world: World,
) -> None:
    ends_s = world.clock.now_ms() // 1000 + 4 * 7 * 86_400
    sold = world.sell_membership(intent={"cancel_at_s": ends_s})
    world.clock.advance(days=40)
    report = world.drain()
    assert (report.delivered, report.parked) == (1, 0)
    assert world.at_rail("subscription") == []
    (invoice,) = world.at_rail("invoice", sold)
    assert (invoice["status"], invoice["total"]) == ("paid", 900)


@pytest.mark.parametrize("kind", [FaultKind.LOST_AFTER, FaultKind.ERROR_500_WITH_EFFECT])
def test_a_membership_begun_and_lost_is_found_after_it_is_over(
    world: World, kind: FaultKind
) -> None:
    ends_s = world.clock.now_ms() // 1000 + 4 * 7 * 86_400
    sold = world.sell_membership(intent={"cancel_at_s": ends_s})
    rule = FaultRule(kind=kind, method="POST", path="/v1/subscriptions", nth=(1,))
    world.stripe.faults = FaultPlan(rules=(rule,))
    world.drain()
    world.stripe.faults = FaultPlan()
    world.clock.advance(days=40)
    assert world.drain().delivered == 1
    assert len(world.at_rail("subscription", sold)) == 1
    assert world.at_rail("invoice", sold) == []
    assert world.at_rail("invoice")[0]["status"] == "paid"


def test_a_membership_paid_later_is_sent(world: World) -> None:
    sold = world.sell_membership(TenderKind.PAY_LATER)
    world.drain()
    (invoice,) = world.at_rail("invoice")
    assert invoice["status"] == "open"
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED


def test_memberships_of_the_same_offer_share_one_price(world: World) -> None:
    world.sell_membership()
    world.sell_membership()
    world.drain()
    assert len(world.at_rail("price")) == 1
    assert len(world.at_rail("product")) == 1
    assert len(world.at_rail("subscription")) == 2


def test_another_total_at_the_rail_is_left_unpaid_for_a_person(world: World) -> None:
    def short(sale: object) -> list[tuple[Topic, dict[str, object]]]:
        (made,) = world.bill_intent(sale)  # type: ignore[arg-type]
        return [made]

    sold = world.sell_cash(intents=short)
    # Somebody adds a line to the draft at the Dashboard, after ours and before the finalizing.
    world.wire.before = AddALine(world)
    report = world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    assert invoice["status"] == "open"
    assert report.parked == 1
    assert world.entry(sold.entries[0]).reason == FindingKind.TOTAL_DIFFERS
    assert world.findings(sold) == [FindingKind.TOTAL_DIFFERS]


class AddALine:
    """Adds a line of one euro just before the invoice is finalized."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, request: object) -> None:
        path = request.url.path  # type: ignore[attr-defined]
        if path.endswith("/finalize"):
            import asyncio
            import threading

            invoice_id = path.split("/")[3]
            (invoice,) = self.world.at_rail("invoice")

            async def add() -> None:
                import httpx

                async with httpx.AsyncClient(
                    transport=self.world.wire.inner, base_url="https://stripe.test"
                ) as client:
                    answer = await client.post(
                        "/v1/invoiceitems",
                        headers={"Authorization": "Bearer sk_test_dashboard"},
                        data={
                            "customer": invoice["customer"],
                            "invoice": invoice_id,
                            "amount": "100",
                            "currency": "eur",
                        },
                    )
                    assert answer.status_code == 200

            thread = threading.Thread(target=lambda: asyncio.run(add()))
            thread.start()
            thread.join()


@pytest.mark.parametrize("move", ["pay", "send"])
def test_an_invoice_paid_between_our_look_and_our_move_is_done(world: World, move: str) -> None:
    sold = world.sell_cash() if move == "pay" else world.sell_later()

    def be_quicker(request: httpx.Request) -> None:
        if request.url.path.endswith(f"/{move}"):
            world.stripe.pay_invoice(request.url.path.split("/")[3])

    world.wire.before = be_quicker
    report = world.drain()
    assert report.parked == 0
    assert world.entry(sold.entries[0]).state is EntryState.DELIVERED
    assert world.at_rail("invoice", sold)[0]["status"] == "paid"


def test_an_intent_that_cannot_be_read_is_parked_with_its_reason(world: World) -> None:
    sold = world.sell_cash(
        intents=lambda _sale: [(Topic.INVOICE, {"tender": "cash", "lines": [], "total_minor": 0})]
    )
    report = world.drain()
    assert report.parked == 1
    assert world.entry(sold.entries[0]).reason == "intent_unreadable:lines"


def test_an_erased_member_is_left_to_a_person(world: World) -> None:
    sold = world.sell_cash()
    with world.buffer.writing() as uow:
        uow.outbox._execute(
            "UPDATE member_keys SET wrapped = NULL, destroyed_ms = 1 WHERE member_id = ?",
            (sold.sale.member_id,),
        )
    world.drain()
    assert world.entry(sold.entries[0]).reason == "member_erased"
    assert not world.wire.posts()


@pytest.mark.parametrize("error_ms", [2 * 365 * 86_400_000, -2 * 365 * 86_400_000])
def test_a_clock_two_years_wrong_does_not_reach_the_rail(world: World, error_ms: int) -> None:
    world.clock.error_ms = error_ms
    sold = world.sell_cash(sold_ms=world.clock.now_ms(), clock_doubtful=True)
    report = world.drain()
    assert report.delivered == 1
    (invoice,) = world.at_rail("invoice", sold)
    assert abs(invoice["effective_at"] * 1000 - world.clock.true_ms) < 60_000
