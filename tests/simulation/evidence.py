"""What is left when everything is over, as plain values: the kiosk's file, the rail's objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.outbox import EntryState
from kiosk.service.sell import sale_records
from sync.practice.app import PracticeStripe
from tests.simulation.model import LIMITED
from tests.simulation.world import EVENT, Simulated

Thing = dict[str, Any]


@dataclass
class Kept:
    """A sale as the file has it."""

    receipt: str
    total_minor: int
    lines: dict[str, int]
    passes: tuple[str, ...]
    settlement: str
    findings: list[str]
    entries: list[tuple[str, str, str | None]]  # topic, state, reason


@dataclass
class Evidence:
    """Everything an auditor would carry away. `journal` are the completed sales, line by line."""

    sales: dict[str, Kept]
    journal: list[str]
    chain_holds: bool
    left: int
    objects: dict[str, list[Thing]] = field(default_factory=dict)


def gather(sim: Simulated) -> Evidence:
    desk = sim.desk
    with desk.buffer.reading() as uow:
        completed = [one.entity_id for one in uow.journal.each() if one.kind == "sale.completed"]
        chain, left = uow.journal.verify(), uow.stock.left(EVENT, LIMITED)
    kept = {}
    for record in list(sale_records(desk)):
        sale = record.recorded.sale
        with desk.buffer.reading() as uow:
            findings = [str(one.kind) for one in uow.sales.findings(sale.sale_id)]
            entries = uow.outbox.of_sale(sale.sale_id)
        assert all(
            entry.reason is not None for entry in entries if entry.state is EntryState.PARKED
        )
        kept[str(sale.sale_id)] = Kept(
            receipt=sale.receipt_number,
            total_minor=sale.total_minor,
            lines={str(line.offer): line.amount_minor for line in sale.lines},
            passes=tuple(one.number for one in record.recorded.passes),
            settlement=str(record.recorded.settlement),
            findings=findings,
            entries=[(str(one.topic), str(one.state), one.reason) for one in entries],
        )
    kinds = ("customer", "invoice", "subscription", "checkout.session")
    return Evidence(
        sales=kept,
        journal=completed,
        chain_holds=chain.ok,
        left=left,
        objects={kind: sim.stripe.objects(kind) for kind in kinds},
    )


def first_bills(stripe: PracticeStripe) -> dict[str, list[Thing]]:
    """The rail's invoices by sale, renewals left out: those are Stripe's own business."""
    return bills_by_sale({kind: stripe.objects(kind) for kind in ("invoice", "subscription")})


def bills_by_sale(objects: Mapping[str, list[Thing]]) -> dict[str, list[Thing]]:
    """As `first_bills`; `_recurs` says whether it is a membership's."""
    of_subscription = {one["id"]: one["metadata"].get("kp_sale") for one in objects["subscription"]}
    found: dict[str, list[Thing]] = {}
    for one in objects["invoice"]:
        details = (one["parent"] or {}).get("subscription_details") or {}
        subscription = details.get("subscription")
        sale_id = of_subscription.get(subscription) or one["metadata"].get("kp_sale")
        if sale_id and one["billing_reason"] != "subscription_cycle":
            found.setdefault(sale_id, []).append({**one, "_recurs": subscription is not None})
    return found
