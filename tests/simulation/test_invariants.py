"""The checks of the simulation can fail: each kind of wrong world is seen for what it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulation.evidence import Evidence, Kept
from tests.simulation.invariants import wrong
from tests.simulation.play import Played, play

Doctor = Callable[[Played], None]
SEED = 7  # a world in which every tender was used, and one member paid too little


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("doctored"), SEED)


def some_sale(world: Played, tender: str = "cash", bill: str | None = None) -> tuple[str, Kept]:
    """The first sale of this tender that has such a bill."""
    sale_id = next(
        one.sale_id
        for one in world.books.sales.values()
        if one.tender == tender and (bill is None or bill in [what for what, _ in one.bills])
    )
    return sale_id, world.evidence.sales[sale_id]


def marked(evidence: Evidence, kind: str, sale_id: str) -> dict[str, Any]:
    """The rail's object that bears this sale."""
    return next(one for one in evidence.objects[kind] if one["metadata"].get("kp_sale") == sale_id)


def lose_a_sale(world: Played) -> None:
    sale_id, _kept = some_sale(world)
    del world.evidence.sales[sale_id]
    world.evidence.journal.remove(sale_id)


def lose_a_line(world: Played) -> None:
    world.evidence.journal.pop()


def write_a_line_twice(world: Played) -> None:
    world.evidence.journal.append(world.evidence.journal[0])


def break_the_chain(world: Played) -> None:
    world.evidence.chain_holds = False


def make_up_a_sale(world: Played) -> None:
    _sale_id, kept = some_sale(world)
    world.evidence.sales["nobody"] = kept


def swap_two_amounts(world: Played) -> None:
    kept = list(world.evidence.sales.values())
    first = kept[0]
    other = next(one for one in kept if one.total_minor != first.total_minor)
    first.total_minor, other.total_minor = other.total_minor, first.total_minor


def leave_a_gap(world: Played) -> None:
    *_, last = world.evidence.sales.values()
    last.receipt = "K3-009999"
    next(b for b in reversed(world.books.sales.values())).receipt = "K3-009999"


def use_a_pass_twice(world: Played) -> None:
    (first, second, *_), booked = world.evidence.sales.values(), list(world.books.sales.values())
    second.passes = booked[1].passes = first.passes


def double_an_invoice(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="invoice")
    invoice = marked(world.evidence, "invoice", sale_id)
    world.evidence.objects["invoice"].append({**invoice, "id": "in_again"})


def double_a_subscription(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="subscription")
    subscription = marked(world.evidence, "subscription", sale_id)
    world.evidence.objects["subscription"].append({**subscription, "id": "sub_again"})


def double_a_customer(world: Played) -> None:
    customers = world.evidence.objects["customer"]
    ours = next(one for one in customers if one["metadata"].get("kp_sale"))
    customers.append({**ours, "id": "cus_again"})


def lose_an_invoice(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="invoice")
    world.evidence.objects["invoice"].remove(marked(world.evidence, "invoice", sale_id))


def bill_a_cent_less(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="invoice")
    marked(world.evidence, "invoice", sale_id)["total"] -= 1


def leave_cash_unpaid(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="invoice")
    marked(world.evidence, "invoice", sale_id)["status"] = "open"


def charge_a_card_for_cash(world: Played) -> None:
    sale_id, _kept = some_sale(world, bill="invoice")
    marked(world.evidence, "invoice", sale_id)["amount_paid_off_stripe"] = 0


def bill_nobody(world: Played) -> None:
    invoice = copy.deepcopy(world.evidence.objects["invoice"][0])
    invoice.update(parent=None, metadata={"kp_sale": "nobody"}, billing_reason="manual")
    world.evidence.objects["invoice"].append(invoice)


def mark_a_renewal_as_cash(world: Played) -> None:
    invoice = copy.deepcopy(world.evidence.objects["invoice"][0])
    invoice.update(billing_reason="subscription_cycle", amount_paid_off_stripe=490)
    world.evidence.objects["invoice"].append(invoice)


def lose_a_payment(world: Played) -> None:
    sessions = world.evidence.objects["checkout.session"]
    sessions.remove(next(one for one in sessions if one["payment_status"] == "paid"))


def confirm_what_nobody_paid(world: Played) -> None:
    unpaid = next(one for one in world.books.sales.values() if "revoked" in one.settlements)
    world.evidence.sales[unpaid.sale_id].settlement = "confirmed"


def revoke_cash(world: Played) -> None:
    some_sale(world)[1].settlement = "revoked"


def overlook_too_little(world: Played) -> None:
    short = next(one for one in world.books.sales.values() if one.is_underpaid)
    world.evidence.sales[short.sale_id].findings.clear()


def claim_too_much(world: Played) -> None:
    some_sale(world, "pay-later")[1].findings.append("overpaid")


def leave_an_entry(state: str, reason: str | None) -> Doctor:
    def doctor(world: Played) -> None:
        some_sale(world)[1].entries.append(("invoice", state, reason))

    return doctor


def oversell(world: Played) -> None:
    world.books.had["one@more"] = world.books.left + 1
    world.evidence.left = world.books.left


def miscount_stock(world: Played) -> None:
    world.evidence.left += 1


@pytest.mark.parametrize(
    ("doctor", "sentence"),
    [
        (lose_a_sale, "is lost"),
        (lose_a_line, "in the journal 0 times"),
        (write_a_line_twice, "in the journal 2 times"),
        (break_the_chain, "chain is broken"),
        (make_up_a_sale, "never acknowledged"),
        (swap_two_amounts, "not as it was acknowledged"),
        (leave_a_gap, "a gap or a double"),
        (use_a_pass_twice, "x 2"),
        (double_an_invoice, "is billed"),
        (double_a_subscription, "2 subscriptions"),
        (double_a_customer, "2 customers"),
        (lose_an_invoice, "is billed"),
        (bill_a_cent_less, "is billed"),
        (leave_cash_unpaid, "a bill is open"),
        (charge_a_card_for_cash, "0 noted as paid in cash"),
        (bill_nobody, "who is no sale"),
        (mark_a_renewal_as_cash, "was marked as paid in cash"),
        (lose_a_payment, "another sum"),
        (confirm_what_nobody_paid, "is confirmed, not"),
        (revoke_cash, "is revoked, not confirmed"),
        (overlook_too_little, "found []"),
        (claim_too_much, "overpaid"),
        (leave_an_entry("parked", "refused:parameter_unknown"), "invoice is parked"),
        (leave_an_entry("waiting", "lost:connection_lost"), "invoice is waiting"),
        (leave_an_entry("unknown", None), "invoice is unknown"),
        (oversell, "more was sold"),
        (miscount_stock, "are said to be left"),
    ],
)
def test_a_doctored_world_is_seen(played: Played, doctor: Doctor, sentence: str) -> None:
    doctored = copy.deepcopy(played)
    doctor(doctored)
    found = wrong(doctored.books, doctored.evidence)
    assert any(sentence in one for one in found), found


def test_the_world_that_is_doctored_was_right_before(played: Played) -> None:
    assert wrong(played.books, played.evidence) == []


def test_the_default_worlds_hold_what_they_are_about(played: Played) -> None:
    """A day without outages, refusals or every tender would prove little."""
    assert {one.tender for one in played.books.sales.values()} == {
        "cash", "scan-to-pay", "pay-later",
    }  # fmt: skip
    text = "\n".join(played.transcript)
    for event in ("cut short", "clock wrong", "weather", "refused", "unreachable"):
        assert event in text
