"""Subscriptions and their invoices: the first, the following ones, and the end.

Periods live on the items, as in the API since 2025-03. https://docs.stripe.com/api/subscriptions
"""

from __future__ import annotations

from typing import Final

from sync.practice.customers import take_currency
from sync.practice.events import emit
from sync.practice.invoice_life import finalize, settle
from sync.practice.invoices import add_line, new_invoice
from sync.practice.periods import next_end, part_of_period
from sync.practice.refusals import invalid, missing_param
from sync.practice.wire import JsonObject, list_of, merge_metadata
from sync.practice.world import World

ITEMS_MAX: Final = 20
EXTRAS_MAX: Final = 20


def new_subscription(world: World, given: JsonObject) -> JsonObject:
    """A subscription and its first invoice, from checked parameters."""
    prices = _prices(world, given)
    now = world.now()
    start = _start(given, now)
    subscription_id = world.new_id("sub_1")
    method = given.get("collection_method", "charge_automatically")
    take_currency(world, given["customer"], prices[0]["currency"])
    anchor = given.get("billing_cycle_anchor", now)
    subscription: JsonObject = {
        "id": subscription_id, "object": "subscription", "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"enabled": False, "liability": None, "disabled_reason": None},
        "billing_cycle_anchor": anchor, "billing_cycle_anchor_config": None,
        "billing_mode": {"type": "classic", "flexible": None}, "billing_schedules": [],
        "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": method, "created": now, "currency": prices[0]["currency"],
        "customer": given["customer"], "customer_account": None, "days_until_due": None,
        "default_payment_method": None, "default_source": None, "default_tax_rates": [],
        "description": None, "discounts": [], "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"},
                             "custom_fields": None, "description": None, "footer": None},
        "items": list_of([], f"/v1/subscription_items?subscription={subscription_id}"),
        "latest_invoice": None, "livemode": False, "managed_payments": None, "metadata": {},
        "next_pending_invoice_item_invoice": None, "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {"payment_method_options": None, "payment_method_types": None,
                             "save_default_payment_method": "off"},
        "pending_invoice_item_interval": None, "pending_setup_intent": None,
        "pending_update": None, "schedule": None, "start_date": start, "status": "active",
        "test_clock": None, "transfer_data": None, "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None,
    }
    apply(world, subscription, given)
    end = next_end(anchor, prices[0]["recurring"], now)
    for asked, price in zip(given["items"], prices, strict=True):
        subscription["items"]["data"].append(
            _new_item(world, subscription_id, asked, price, (now, end)))
    world.add("subscription", subscription)
    emit(world, "customer.subscription.created", subscription)
    _first_invoice(world, subscription, given)
    return subscription


def apply(world: World, subscription: JsonObject, given: JsonObject) -> None:
    """Take over what creation and update have in common."""
    for name in ("description", "default_payment_method"):
        if name in given:
            subscription[name] = given[name] or None
    for name in ("collection_method", "days_until_due"):
        if name in given:
            subscription[name] = given[name]
    if subscription["collection_method"] == "send_invoice":
        if subscription["days_until_due"] is None:
            raise missing_param("days_until_due")
    elif given.get("days_until_due") is not None:
        raise invalid("days_until_due is for collection_method=send_invoice.",
                      param="days_until_due")
    subscription["metadata"] = merge_metadata(subscription["metadata"], given.get("metadata", {}))
    _apply_end(world, subscription, given)


def _apply_end(world: World, subscription: JsonObject, given: JsonObject) -> None:
    at_period_end = given.get("cancel_at_period_end")
    if "cancel_at" in given:
        at = given["cancel_at"] or None
        if isinstance(at, str):
            raise invalid("The practice Stripe takes a time for cancel_at.", param="cancel_at")
        if at is not None and at <= world.now():
            raise invalid("cancel_at must be in the future.", param="cancel_at")
        subscription["cancel_at"] = at
    if at_period_end is not None:
        subscription["cancel_at_period_end"] = at_period_end
        ends = [item["current_period_end"] for item in subscription["items"]["data"]]
        subscription["cancel_at"] = max(ends) if at_period_end and ends else None
    if "cancel_at" in given or at_period_end is not None:
        subscription["canceled_at"] = world.now() if subscription["cancel_at"] else None


def renew(world: World, subscription_id: str) -> None:
    """The period is over: the next one begins and its invoice is drafted."""
    subscription = world.edit("subscription", subscription_id)
    for item in subscription["items"]["data"]:
        start = item["current_period_end"]
        item["current_period_start"] = start
        item["current_period_end"] = next_end(
            subscription["billing_cycle_anchor"], item["price"]["recurring"], start)
    emit(world, "customer.subscription.updated", subscription)
    _draft(world, subscription, "subscription_cycle")


def end(world: World, subscription_id: str, reason: str) -> JsonObject:
    """Cancelled now, by request or because `cancel_at` came; open invoices stay open."""
    subscription = world.edit("subscription", subscription_id)
    now = world.now()
    subscription.update(status="canceled", ended_at=now,
                        canceled_at=subscription["canceled_at"] or now)
    subscription["cancellation_details"]["reason"] = reason
    emit(world, "customer.subscription.deleted", subscription)
    return subscription


def _start(given: JsonObject, now: int) -> int:
    start: int = given.get("backdate_start_date", now)
    if start > now:
        raise invalid("backdate_start_date must be in the past.", param="backdate_start_date")
    if given.get("billing_cycle_anchor", now) < now:
        raise invalid("billing_cycle_anchor must be in the future.", param="billing_cycle_anchor")
    return start


def _prices(world: World, given: JsonObject) -> list[JsonObject]:
    items = given.get("items") or []
    if not items:
        raise missing_param("items")
    if len(items) > ITEMS_MAX:
        raise invalid(f"A subscription can have up to {ITEMS_MAX} items.", param="items")
    prices = []
    for index, item in enumerate(items):
        param = f"items[{index}][price]"
        if "price" not in item:
            raise missing_param(param)
        price = world.must("price", item["price"], param=param)
        if price["type"] != "recurring":
            raise invalid("The price specified is set to `type=one_time` but this field only "
                          "accepts prices with `type=recurring`.", param=param)
        if not price["active"]:
            raise invalid("The price specified is inactive.", param=param)
        prices.append(price)
    shapes = {(p["currency"], p["recurring"]["interval"], p["recurring"]["interval_count"])
              for p in prices}
    if len(shapes) > 1:
        raise invalid("All prices on a subscription must share currency and interval.",
                      param="items")
    return prices


def _new_item(
    world: World, subscription_id: str, asked: JsonObject, price: JsonObject,
    period: tuple[int, int],
) -> JsonObject:
    recurring = price["recurring"]
    return {
        "id": world.new_id("si_", 14), "object": "subscription_item", "billing_thresholds": None,
        "created": world.now(), "current_period_start": period[0], "current_period_end": period[1],
        "discounts": [], "metadata": merge_metadata({}, asked.get("metadata", {})),
        "plan": {
            "id": price["id"], "object": "plan", "active": price["active"],
            "amount": price["unit_amount"], "amount_decimal": price["unit_amount_decimal"],
            "billing_scheme": "per_unit", "created": price["created"],
            "currency": price["currency"], "interval": recurring["interval"],
            "interval_count": recurring["interval_count"], "livemode": False,
            "metadata": dict(price["metadata"]), "meter": None, "nickname": price["nickname"],
            "product": price["product"], "tiers_mode": None, "transform_usage": None,
            "trial_period_days": None, "usage_type": recurring["usage_type"],
        },
        "price": dict(price), "quantity": asked.get("quantity", 1),
        "subscription": subscription_id, "tax_rates": [],
    }


# --------------------------------------------------------------------------------- invoices


def _first_invoice(world: World, subscription: JsonObject, given: JsonObject) -> None:
    invoice = _draft(world, subscription, "subscription_create", announce=False)
    if given.get("proration_behavior", "create_prorations") != "none":
        _bill_the_past(world, subscription, invoice)
    extras = given.get("add_invoice_items") or []
    if len(extras) > EXTRAS_MAX:
        raise invalid(f"add_invoice_items takes up to {EXTRAS_MAX} items.",
                      param="add_invoice_items")
    for index, extra in enumerate(extras):
        price = world.must("price", extra.get("price", ""), param=f"add_invoice_items[{index}][price]")
        if price["type"] != "one_time":
            raise invalid("add_invoice_items takes prices with `type=one_time`.",
                          param=f"add_invoice_items[{index}][price]")
        add_line(world, invoice, {
            "amount": price["unit_amount"] * extra.get("quantity", 1),
            "description": world.must("product", price["product"])["name"],
            "parent": None, "period": {"start": world.now(), "end": world.now()},
            "pricing": _pricing(price), "quantity": extra.get("quantity", 1),
        })
    emit(world, "invoice.created", invoice)
    if subscription["collection_method"] == "charge_automatically":
        _charge_first(world, subscription, invoice, given.get("payment_behavior"))


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
    has_method = (subscription["default_payment_method"]
                  or customer["invoice_settings"]["default_payment_method"])
    if not has_method and behavior not in ("allow_incomplete", "default_incomplete"):
        raise invalid("This customer has no attached payment source or default payment method.",
                      code="resource_missing", param="customer")
    finalize(world, invoice["id"])
    if has_method and invoice["status"] == "open":
        settle(world, invoice["id"])
    if invoice["status"] == "open":
        subscription["status"] = "incomplete"


def _draft(
    world: World, subscription: JsonObject, reason: str, *, announce: bool = True
) -> JsonObject:
    """A draft for the current period. It advances by itself after the hour Stripe waits."""
    terms: JsonObject = {
        "auto_advance": True, "billing_reason": reason, "customer": subscription["customer"],
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "parent": {
            "type": "subscription_details", "quote_details": None,
            "subscription_details": {"metadata": dict(subscription["metadata"]),
                                     "subscription": subscription["id"]},
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
        "amount": price["unit_amount"] * quantity, "description": f"{quantity} × {name}",
        "parent": {
            "type": "subscription_item_details", "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None, "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": item["subscription"], "subscription_item": item["id"],
            },
        },
        "period": {"start": period[0], "end": period[1]}, "pricing": _pricing(price),
        "quantity": quantity,
    }


def _pricing(price: JsonObject) -> JsonObject:
    return {"type": "price_details", "unit_amount_decimal": price["unit_amount_decimal"],
            "price_details": {"price": price["id"], "product": price["product"]}}
