"""The invoices subscriptions make: the first, and one for every period after it.

https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

from typing import Final

from sync.practice.events import emit
from sync.practice.invoice_life import finalize, settle
from sync.practice.invoices import add_line, new_invoice
from sync.practice.periods import part_of_period
from sync.practice.refusals import invalid, missing_param
from sync.practice.wire import JsonObject
from sync.practice.world import World

EXTRAS_MAX: Final = 20


def first_invoice(world: World, subscription: JsonObject, given: JsonObject) -> None:
    """Draft it; one that is charged automatically is finalized and paid at once."""
    invoice = draft(world, subscription, "subscription_create", announce=False)
    if given.get("proration_behavior", "create_prorations") != "none":
        _bill_the_past(world, subscription, invoice)
    _add_extras(world, invoice, given.get("add_invoice_items") or [])
    emit(world, "invoice.created", invoice)
    if subscription["collection_method"] == "charge_automatically":
        _charge_first(world, subscription, invoice, given.get("payment_behavior"))


def _add_extras(world: World, invoice: JsonObject, extras: list[JsonObject]) -> None:
    if len(extras) > EXTRAS_MAX:
        raise invalid(
            f"add_invoice_items takes up to {EXTRAS_MAX} items.", param="add_invoice_items"
        )
    for index, extra in enumerate(extras):
        param = f"add_invoice_items[{index}][price]"
        if "price" not in extra:
            raise missing_param(param)
        price = world.must("price", extra["price"], param=param)
        if price["type"] != "one_time":
            raise invalid("add_invoice_items takes prices with `type=one_time`.", param=param)
        quantity, now = extra.get("quantity", 1), world.now()
        line = {
            "amount": price["unit_amount"] * quantity,
            "description": world.must("product", price["product"])["name"],
            "period": {"start": now, "end": now},
            "pricing": _pricing(price),
            "quantity": quantity,
        }
        add_line(world, invoice, line)


def _bill_the_past(world: World, subscription: JsonObject, invoice: JsonObject) -> None:
    """Without `proration_behavior=none` the first invoice bills the backdated time as well.

    https://docs.stripe.com/billing/subscriptions/backdating
    """
    start, now = subscription["start_date"], world.now()
    if start >= now:
        return
    for item in subscription["items"]["data"]:
        unit = item["price"]["unit_amount"] * item["quantity"]
        amount = part_of_period(unit, start, now, item["price"]["recurring"])
        line = _line(world, item, (start, now))
        add_line(world, invoice, {**line, "amount": amount})


def _charge_first(
    world: World, subscription: JsonObject, invoice: JsonObject, behavior: str | None
) -> None:
    customer = world.must("customer", subscription["customer"])
    has_method = (
        subscription["default_payment_method"]
        or customer["invoice_settings"]["default_payment_method"]
    )
    if not has_method and behavior not in ("allow_incomplete", "default_incomplete"):
        raise invalid(
            "This customer has no attached payment source or default payment method.",
            code="resource_missing",
            param="customer",
        )
    finalize(world, invoice["id"])
    if has_method and invoice["status"] == "open":
        settle(world, invoice["id"])
    if invoice["status"] == "open":
        subscription["status"] = "incomplete"


def draft(
    world: World, subscription: JsonObject, reason: str, *, announce: bool = True
) -> JsonObject:
    """A draft for the current period. It advances by itself after the hour Stripe waits."""
    terms: JsonObject = {
        "auto_advance": True,
        "billing_reason": reason,
        "customer": subscription["customer"],
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "parent": {
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
        },
    }
    if subscription["collection_method"] == "send_invoice":
        terms["days_until_due"] = subscription["days_until_due"]
    invoice = new_invoice(world, terms)
    for item in subscription["items"]["data"]:
        period = (item["current_period_start"], item["current_period_end"])
        add_line(world, invoice, _line(world, item, period))
    subscription["latest_invoice"] = invoice["id"]
    if announce:
        emit(world, "invoice.created", invoice)
    return invoice


def _line(world: World, item: JsonObject, period: tuple[int, int]) -> JsonObject:
    price, quantity = item["price"], item["quantity"]
    name = world.must("product", price["product"])["name"]
    return {
        "amount": price["unit_amount"] * quantity,
        "description": f"{quantity} x {name}",
        "parent": {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": item["subscription"],
                "subscription_item": item["id"],
            },
        },
        "period": {"start": period[0], "end": period[1]},
        "pricing": _pricing(price),
        "quantity": quantity,
    }


def _pricing(price: JsonObject) -> JsonObject:
    return {
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
        "price_details": {"price": price["id"], "product": price["product"]},
    }
