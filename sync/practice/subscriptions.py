"""Subscriptions and their invoices: the first, the following ones, and the end.

Periods live on the items, as in the API since 2025-03. https://docs.stripe.com/api/subscriptions
"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.customers import take_currency
from sync.practice.events import emit
from sync.practice.periods import next_end
from sync.practice.refusals import invalid, missing_param
from sync.practice.subscription_invoices import draft, first_invoice
from sync.practice.wire import JsonObject, list_of, merge_metadata
from sync.practice.world import World

ITEMS_MAX: Final = 20


def new_subscription(world: World, given: JsonObject) -> JsonObject:
    """A subscription and its first invoice, from checked parameters."""
    prices = _prices(world, given)
    now = world.now()
    start = _start(given, now)
    subscription_id = world.new_id("sub_1")
    take_currency(world, given["customer"], prices[0]["currency"])
    anchor = given.get("billing_cycle_anchor", now)
    subscription: JsonObject = {
        **shapes.SUBSCRIPTION.blank(),
        "id": subscription_id,
        "billing_cycle_anchor": anchor,
        "created": now,
        "currency": prices[0]["currency"],
        "customer": given["customer"],
        "items": list_of([], f"/v1/subscription_items?subscription={subscription_id}"),
        "start_date": start,
    }
    apply(world, subscription, given)
    end = next_end(anchor, prices[0]["recurring"], now)
    for asked, price in zip(given["items"], prices, strict=True):
        subscription["items"]["data"].append(
            _new_item(world, subscription_id, asked, price, (now, end))
        )
    world.add("subscription", subscription)
    emit(world, "customer.subscription.created", subscription)
    first_invoice(world, subscription, given)
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
        raise invalid(
            "days_until_due is for collection_method=send_invoice.", param="days_until_due"
        )
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
            subscription["billing_cycle_anchor"], item["price"]["recurring"], start
        )
    emit(world, "customer.subscription.updated", subscription)
    draft(world, subscription, "subscription_cycle")


def end(world: World, subscription_id: str, reason: str) -> JsonObject:
    """Cancelled now, by request or because `cancel_at` came; open invoices stay open."""
    subscription = world.edit("subscription", subscription_id)
    now = world.now()
    subscription.update(
        status="canceled", ended_at=now, canceled_at=subscription["canceled_at"] or now
    )
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
            raise invalid(
                "The price specified is set to `type=one_time` but this field only "
                "accepts prices with `type=recurring`.",
                param=param,
            )
        if not price["active"]:
            raise invalid("The price specified is inactive.", param=param)
        prices.append(price)
    shapes = {
        (p["currency"], p["recurring"]["interval"], p["recurring"]["interval_count"])
        for p in prices
    }
    if len(shapes) > 1:
        raise invalid(
            "All prices on a subscription must share currency and interval.", param="items"
        )
    return prices


def _new_item(
    world: World,
    subscription_id: str,
    asked: JsonObject,
    price: JsonObject,
    period: tuple[int, int],
) -> JsonObject:
    return {
        **shapes.SUBSCRIPTION_ITEM.blank(),
        "id": world.new_id("si_", 14),
        "created": world.now(),
        "current_period_start": period[0],
        "current_period_end": period[1],
        "metadata": merge_metadata({}, asked.get("metadata", {})),
        "plan": _plan(price),
        "price": dict(price),
        "quantity": asked.get("quantity", 1),
        "subscription": subscription_id,
    }


def _plan(price: JsonObject) -> JsonObject:
    """The older twin of a price that items still carry."""
    copied = ("id", "active", "created", "currency", "nickname", "product")
    recurring = price["recurring"]
    return {
        **shapes.PLAN.blank(),
        **{name: price[name] for name in copied},
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "metadata": dict(price["metadata"]),
        "usage_type": recurring["usage_type"],
    }
