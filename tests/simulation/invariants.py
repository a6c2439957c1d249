"""The checks: the bookkeeper's ledger against what the kiosk and the rail have to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tests.simulation.evidence import Evidence, Kept, bills_by_sale
from tests.simulation.model import Booked, Books

UNDERPAID: Final = "underpaid"


def wrong(books: Books, evidence: Evidence) -> list[str]:
    """A sentence for everything that is not as the ledger says; none when all is well."""
    return [
        *_sales(books, evidence),
        *_numbers(evidence),
        *_bills(books, evidence),
        *_settlements(books, evidence),
        *_queue(books, evidence),
        *_stock(books, evidence),
    ]


def _sales(books: Books, evidence: Evidence) -> Iterator[str]:
    if not evidence.chain_holds:
        yield "the journal's chain is broken"
    lines = Counter(evidence.journal)
    for sale_id in books.sales.keys() | lines.keys() | evidence.sales.keys():
        booked, kept = books.sales.get(sale_id), evidence.sales.get(sale_id)
        if booked is None:
            yield f"sale {sale_id} was never acknowledged"
        elif kept is None:
            yield f"{booked.receipt} is lost"
        elif lines[sale_id] != 1:
            yield f"{booked.receipt} is in the journal {lines[sale_id]} times"
        elif _told(booked) != (kept.receipt, kept.total_minor, kept.lines, kept.passes):
            yield f"{booked.receipt} is not as it was acknowledged"


def _told(booked: Booked) -> tuple[str, int, dict[str, int], tuple[str, ...]]:
    return booked.receipt, booked.total_minor, booked.lines, booked.passes


def _numbers(evidence: Evidence) -> Iterator[str]:
    receipts = sorted(kept.receipt for kept in evidence.sales.values())
    if receipts != [f"K3-{number:06d}" for number in range(1, len(receipts) + 1)]:
        yield "the receipt numbers have a gap or a double"
    passes = Counter(number for kept in evidence.sales.values() for number in kept.passes)
    yield from (f"pass {number} x {count}" for number, count in passes.items() if count > 1)


def _bills(books: Books, evidence: Evidence) -> Iterator[str]:
    """Each bill exactly once, in its amount, paid if and only if somebody did."""
    at_rail = bills_by_sale(evidence.objects)
    for stray in at_rail.keys() - books.sales.keys():
        yield f"a bill for {stray}, who is no sale"
    for booked in books.sales.values():
        bills = at_rail.get(booked.sale_id, [])
        found = [("subscription" if one["_recurs"] else "invoice", one["total"]) for one in bills]
        if Counter(found) != Counter(booked.bills):
            yield f"{booked.receipt} is billed {found}, not {booked.bills}"
        settled = booked.tender == "cash" or booked.paid_minor > 0
        for one in bills:
            if (one["status"] == "paid") is not settled:
                yield f"{booked.receipt}: a bill is {one['status']}"
            in_hand = one["total"] if booked.tender == "cash" else 0
            if one["amount_paid_off_stripe"] != in_hand:
                yield f"{booked.receipt}: {one['amount_paid_off_stripe']} noted as paid in cash"
    yield from _at_the_rail_once(books, evidence)


def _at_the_rail_once(books: Books, evidence: Evidence) -> Iterator[str]:
    marked = [one for one in evidence.objects["subscription"] if one["metadata"].get("kp_sale")]
    for sale_id, count in Counter(one["metadata"]["kp_sale"] for one in marked).items():
        if count != [what for what, _ in books.sales[sale_id].bills].count("subscription"):
            yield f"{count} subscriptions for sale {sale_id}"
    ours = [one for one in evidence.objects["customer"] if one["metadata"].get("kp_sale")]
    for email, count in Counter(one["email"] for one in ours).items():
        if count > 1:
            yield f"{count} customers for {email}"
    for one in evidence.objects["invoice"]:
        if one["billing_reason"] == "subscription_cycle" and one["amount_paid_off_stripe"]:
            yield f"the renewal {one['id']} was marked as paid in cash"
    paid = [one for one in evidence.objects["checkout.session"] if one["payment_status"] == "paid"]
    scanned = [one for one in books.sales.values() if one.tender == "scan-to-pay"]
    if sum(one["amount_total"] for one in paid) != sum(one.paid_minor for one in scanned):
        yield "the links brought in another sum than the members paid"


def _settlements(books: Books, evidence: Evidence) -> Iterator[str]:
    for booked, kept in _both(books, evidence):
        if kept.settlement not in booked.settlements:
            expected = " or ".join(sorted(booked.settlements))
            yield f"{booked.receipt} ({booked.tender}) is {kept.settlement}, not {expected}"
        if booked.is_underpaid is not (UNDERPAID in kept.findings):
            yield f"{booked.receipt}: paid {booked.paid_minor}, found {kept.findings}"
        over = booked.tender == "scan-to-pay" and booked.paid_minor > booked.total_minor
        if over is not ("overpaid" in kept.findings):
            yield f"{booked.receipt}: paid {booked.paid_minor}, found {kept.findings}"


def _queue(books: Books, evidence: Evidence) -> Iterator[str]:
    """Everything is delivered, or a person is asked for a reason that a person understands."""
    for booked, kept in _both(books, evidence):
        for topic, state, reason in kept.entries:
            if state == "delivered":
                continue
            asks = (topic, state, reason) == ("watch", "parked", UNDERPAID)
            if not (asks and booked.is_underpaid):
                yield f"{booked.receipt}: {topic} is {state}, {reason}"


def _stock(books: Books, evidence: Evidence) -> Iterator[str]:
    if books.left < 0:
        yield "more was sold than there was"
    if evidence.left != books.left:
        yield f"{evidence.left} are said to be left, not {books.left}"


def _both(books: Books, evidence: Evidence) -> Iterator[tuple[Booked, Kept]]:
    for sale_id, booked in books.sales.items():
        if sale_id in evidence.sales:
            yield booked, evidence.sales[sale_id]
