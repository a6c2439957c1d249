"""The practice Stripe's own objects as a bookkeeper reads them: bills and payments by sale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.commands.rehearse_outside import subscription_of
from sync.practice.wire import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice as far as it matters here; `step` names what of a sale it bills."""

    invoice_id: str
    step: str
    status: str
    total_minor: int
    paid_minor: int
    currency: str


class RailBooks:
    """Bills, subscriptions and payments by the sale they belong to."""

    def __init__(self, objects: Mapping[str, Sequence[JsonObject]]) -> None:
        self.bills: dict[str, list[Bill]] = {}
        self.subscriptions: dict[str, list[str]] = {}
        self.customers: Counter[str] = Counter()
        self.paid: dict[str | None, list[JsonObject]] = {}
        begun: dict[str, tuple[str, str]] = {}
        for one in objects.get("subscription", ()):
            sale_id, step = mark_of(one)
            begun[str(one["id"])] = (sale_id, step)
            if sale_id:  # a payment link's own subscription bears no sale
                self.subscriptions.setdefault(sale_id, []).append(step)
        for one in objects.get("invoice", ()):
            self._take_invoice(one, begun)
        for one in objects.get("customer", ()):
            if one["metadata"].get("kp_sale"):
                self.customers[str(one["email"]).lower()] += 1
        for one in objects.get("checkout.session", ()):
            if one["payment_status"] == "paid":
                self.paid.setdefault(one["client_reference_id"], []).append(one)

    def _take_invoice(self, one: JsonObject, begun: Mapping[str, tuple[str, str]]) -> None:
        subscription = subscription_of(one)
        sale_id, step = begun.get(subscription, mark_of(one))
        # A later period of a membership is Stripe's business alone.
        if sale_id and one["billing_reason"] != "subscription_cycle":
            bill = Bill(
                invoice_id=str(one["id"]),
                step=step,
                status=str(one["status"]),
                total_minor=int(one["total"]),
                paid_minor=int(one["amount_paid"]),
                currency=str(one["currency"]),
            )
            self.bills.setdefault(sale_id, []).append(bill)


def mark_of(one: JsonObject) -> tuple[str, str]:
    """The sale and the step that the kiosk wrote on an object; empty where it wrote none."""
    metadata = one["metadata"]
    return str(metadata.get("kp_sale") or ""), str(metadata.get("kp_step") or "")
