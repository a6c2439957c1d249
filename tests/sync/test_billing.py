"""What members and the tax office read at the rail: lines, dates, addresses, and who is billed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState, RailMode
from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from sync.memberships import OVER_SOON_SECONDS
from sync.practice.faults import FaultKind, FaultPlan, FaultRule

if TYPE_CHECKING:
    from tests.sync.conftest import Sold, World

DAY_S = 86_400


def invoice_id(world: World, sold: Sold) -> str:
    (invoice,) = world.at_rail("invoice", sold)
    found: str = invoice["id"]
    return found


def test_a_line_says_how_many_and_what_they_cost_together(world: World) -> None:
    sold = world.sell_cash(units=((1250, 2), (300, 1)))
    world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    assert [(line["description"], line["amount"]) for line in invoice["lines"]["data"]] == [
        ("2 × Zine 1", 2500),
        ("Zine 2", 300),
    ]


def test_every_object_of_a_sale_carries_its_mark(world: World) -> None:
    sold = world.sell_cash(units=((1250, 1), (300, 1)))
    world.drain()
    assert world.at_rail("customer", sold)
    assert len(world.at_rail("invoice", sold)) == 1
    steps = {thing["metadata"]["kp_step"] for thing in world.at_rail("invoiceitem", sold)}
    assert steps == {"item-1", "item-2"}
    kinds = ("invoice", "invoiceitem", "customer")
    devices = {thing["metadata"]["kp_device"] for kind in kinds for thing in world.at_rail(kind)}
    assert devices == {"3"}


@pytest.mark.parametrize(("tender", "days"), [(TenderKind.CASH, 1), (TenderKind.PAY_LATER, 14)])
def test_an_invoice_is_due_when_the_tender_says(
    world: World, tender: TenderKind, days: int
) -> None:
    sold = world.sell_cash() if tender is TenderKind.CASH else world.sell_later()
    world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    assert invoice["due_date"] == world.clock.true_ms // 1000 + days * DAY_S


@pytest.mark.parametrize(("tender", "days"), [(TenderKind.CASH, 7), (TenderKind.PAY_LATER, 14)])
def test_the_periods_to_come_are_due_as_agreed(world: World, tender: TenderKind, days: int) -> None:
    """Paid in cash means this period: the next one has to be payable some other way."""
    sold = world.sell_membership(tender)
    world.drain()
    (subscription,) = world.at_rail("subscription", sold)
    assert subscription["days_until_due"] == days


@pytest.mark.parametrize(("left_s", "begins"), [(OVER_SOON_SECONDS, False), (3601, True)])
def test_a_membership_that_is_nearly_over_is_not_begun(
    world: World, left_s: int, begins: bool
) -> None:
    """Its end would be past before the answer is; what was paid is billed all the same."""
    ends_s = world.clock.now_ms() // 1000 + left_s
    sold = world.sell_membership(intent={"cancel_at_s": ends_s})
    assert world.drain().delivered == 1
    assert (len(world.at_rail("subscription", sold)) == 1) is begins
    assert [(one["status"], one["total"]) for one in world.at_rail("invoice")] == [("paid", 900)]


def test_an_address_is_one_customer_however_it_was_typed(world: World) -> None:
    """Stripe compares letter by letter; members do not."""
    world.sell_cash(email="Maria@Example.org")
    world.drain()
    (customer,) = world.at_rail("customer")
    assert (customer["email"], customer["preferred_locales"]) == ("maria@example.org", ["en"])
    assert customer["name"] == "Maria Gómez"


def test_of_two_customers_with_one_address_the_oldest_is_billed(world: World) -> None:
    """Every kiosk chooses the same one, so that a member does not have two histories."""
    world.sell_cash(email="maria@example.org")
    world.drain()
    (first,) = world.at_rail("customer")
    world.clock.advance(seconds=60)
    # Another kiosk looked a moment too early, and made a second one.
    _dashboard(world, "/v1/customers", email="maria@example.org")
    world.write(lambda uow: uow.outbox._execute("DELETE FROM remote_objects"))
    sold = world.sell_cash(email="maria@example.org")
    world.drain()
    assert len(world.at_rail("customer")) == 2
    assert world.at_rail("invoice", sold)[0]["customer"] == first["id"]


@pytest.mark.parametrize("begun", [False, True])
def test_a_sale_of_a_member_who_was_forgotten_is_left_to_a_person(
    world: World, *, begun: bool
) -> None:
    """Nothing more can be sealed for them, although the rail still knows whose customer it was."""
    world.sell_cash(email="maria@example.org")
    world.drain()
    sold = world.sell_cash(email="maria@example.org")
    if begun:
        world.stripe.faults = FaultPlan(
            rules=(FaultRule(kind=FaultKind.LOST_AFTER, method="POST", nth=(2,)),)
        )
        world.drain()
        world.stripe.faults = FaultPlan()
    world.write(lambda uow: uow.people.erase(sold.sale.member_id, world.clock.now_ms()))
    world.wire.requests.clear()
    assert world.drain().parked == 1
    assert world.entry(sold.entries[0]).reason == "member_erased"
    assert not world.wire.posts()


def test_a_sale_of_a_clock_a_little_ahead_is_not_billed_in_the_future(world: World) -> None:
    world.clock.error_ms = 45_000
    sold = world.sell_cash(sold_ms=world.clock.now_ms())
    assert world.drain().delivered == 1
    (invoice,) = world.at_rail("invoice", sold)
    assert invoice["effective_at"] <= world.clock.true_ms // 1000


def test_an_invoice_somebody_voided_is_left_to_a_person(world: World) -> None:
    sold = world.sell_cash()
    finalizing = FaultRule(kind=FaultKind.LOST_AFTER, method="POST", nth=(4,))
    world.stripe.faults = FaultPlan(rules=(finalizing,))
    world.drain()
    world.stripe.faults = FaultPlan()
    _dashboard(world, f"/v1/invoices/{invoice_id(world, sold)}/void")
    assert world.drain().parked == 1
    assert world.entry(sold.entries[0]).reason == "invoice_void"
    assert not world.wire.posts("/pay")


def test_an_invoice_voided_while_the_member_had_time_closes_the_watch(world: World) -> None:
    sold = world.sell_later()
    world.drain()
    _dashboard(world, f"/v1/invoices/{invoice_id(world, sold)}/void")
    world.drain()
    assert world.findings(sold) == [FindingKind.INVOICE_VOIDED]
    assert world.entry(sold.entries[1]).state is EntryState.DELIVERED


def _dashboard(world: World, path: str, **given: str) -> None:
    """The organiser does this at the rail itself."""

    async def post() -> None:
        async with httpx.AsyncClient(
            transport=world.wire.inner, base_url="https://stripe.test"
        ) as client:
            key = {"Authorization": "Bearer sk_test_dashboard"}
            answer = await client.post(path, headers=key, data=given)
            assert answer.status_code == 200, answer.text

    asyncio.run(post())


def test_the_page_of_an_invoice_is_kept_for_the_member(world: World) -> None:
    sold = world.sell_later()
    world.drain()
    (invoice,) = world.at_rail("invoice", sold)
    row = world.read(lambda uow: uow.mirror.by_remote(invoice["id"]))
    held = world.read(lambda uow: uow.mirror.get(RailMode.PRACTICE, row.entity, row.kind))
    assert held.url == invoice["hosted_invoice_url"]


def test_the_sdk_is_not_allowed_to_chat(world: World) -> None:
    """At DEBUG it prints bodies, and with them the addresses of members."""
    logging.getLogger("stripe").setLevel(logging.DEBUG)
    world.sell_cash()
    world.drain()
    assert logging.getLogger("stripe").level == logging.WARNING
