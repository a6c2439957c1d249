"""Payment links: what a printed code points at. https://docs.stripe.com/api/payment-link"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.catalog import check_chargeable, new_price
from sync.practice.events import emit
from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid, missing_param
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, list_of, merge_metadata, public
from sync.practice.world import World

LINE_ITEMS_MAX: Final = 20
LINK_HOST: Final = "https://buy.stripe.com/test_"
_CHANGES: Final = frozenset(
    {
        "active",
        "allow_promotion_codes",
        "after_completion",
        "customer_creation",
        "expand",
        "inactive_message",
        "metadata",
        "payment_method_types",
        "restrictions",
        "submit_type",
    }
)


def mode_of(items: list[JsonObject]) -> str:
    """`subscription` when something recurs, else `payment`."""
    recurs = any(item["price"]["type"] == "recurring" for item in items)
    return "subscription" if recurs else "payment"


def line_items(world: World, asked: list[JsonObject]) -> list[JsonObject]:
    """The line items of a link or session, prices inside. Refusal(400) for what cannot be sold."""
    if not asked:
        raise missing_param("line_items")
    if len(asked) > LINE_ITEMS_MAX:
        raise invalid(f"Up to {LINE_ITEMS_MAX} line items are possible.", param="line_items")
    items = [_line_item(world, item, f"line_items[{n}]") for n, item in enumerate(asked)]
    if len({item["currency"] for item in items}) > 1:
        raise invalid("All line items must share one currency.", param="line_items")
    if mode_of(items) == "payment" and not any(i["price"]["custom_unit_amount"] for i in items):
        check_chargeable(sum(item["amount_total"] for item in items), items[0]["currency"])
    return items


def _line_item(world: World, asked: JsonObject, param: str) -> JsonObject:
    if "price" in asked:
        price = world.must("price", asked["price"], param=f"{param}[price]")
    elif "price_data" in asked:
        price = new_price(world, asked["price_data"])
    else:
        raise missing_param(f"{param}[price]")
    if not price["active"]:
        raise invalid(
            "The price specified is inactive. This field only accepts active prices.",
            param=f"{param}[price]",
        )
    quantity = asked.get("quantity", 1)
    if quantity < 1:
        raise invalid(
            "Invalid integer: must be greater than or equal to 1", param=f"{param}[quantity]"
        )
    custom = price["custom_unit_amount"]
    amount = ((custom or {}).get("preset") or 0) if custom else price["unit_amount"] * quantity
    product = world.must("product", price["product"])
    return {
        **shapes.LINE_ITEM.blank(),
        "id": world.new_id("li_1"),
        "amount_subtotal": amount,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "price": dict(price),
        "quantity": quantity,
    }


def _create(world: World, call: Call) -> JsonObject:
    given = call.params
    items = line_items(world, given["line_items"])
    _check_mode(mode_of(items), given)
    link_id = world.new_id("plink_1")
    link: JsonObject = {
        **shapes.PAYMENT_LINK.blank(),
        "id": link_id,
        "currency": items[0]["currency"],
        "payment_intent_data": given.get("payment_intent_data"),
        "payment_method_collection": given.get("payment_method_collection", "always"),
        "subscription_data": given.get("subscription_data"),
        "url": LINK_HOST + world.word(link_id, 22),
        "_line_items": items,
    }
    _apply(link, given)
    world.add("payment_link", link)
    emit(world, "payment_link.created", link)
    return public(link)


def _check_mode(mode: str, given: JsonObject) -> None:
    only = {
        "payment": ("subscription_data",),
        "subscription": ("customer_creation", "invoice_creation", "payment_intent_data"),
    }
    for name in only[mode]:
        if given.get(name) not in (None, "auto"):
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", param=name)


def _apply(link: JsonObject, given: JsonObject) -> None:
    for name in (
        "active",
        "allow_promotion_codes",
        "after_completion",
        "billing_address_collection",
        "customer_creation",
        "submit_type",
    ):
        if name in given:
            link[name] = given[name]
    for name in ("inactive_message", "payment_method_types"):
        if name in given:
            link[name] = given[name] or None
    if "restrictions" in given:
        link["restrictions"] = _restrictions(link, given["restrictions"])
    link["metadata"] = merge_metadata(link["metadata"], given.get("metadata", {}))


def _restrictions(link: JsonObject, given: JsonObject | str) -> JsonObject | None:
    if not isinstance(given, dict):
        return None
    limit = given["completed_sessions"]["limit"]
    if limit < 1:
        raise invalid(
            "Invalid integer: must be greater than or equal to 1",
            param="restrictions[completed_sessions][limit]",
        )
    count = ((link["restrictions"] or {}).get("completed_sessions") or {}).get("count", 0)
    return {"completed_sessions": {"count": count, "limit": limit}}


def _update(world: World, call: Call) -> JsonObject:
    world.must("payment_link", call.ids["id"])
    beyond = sorted(set(call.params) - _CHANGES)
    if beyond:
        raise invalid(
            "The practice Stripe does not change this on a payment link.", param=beyond[0]
        )
    link = world.edit("payment_link", call.ids["id"])
    _apply(link, call.params)
    emit(world, "payment_link.updated", link)
    return public(link)


def _list(world: World, call: Call) -> JsonObject:
    active = call.params.get("active")
    return page(world, call, "payment_link", lambda link: active in (None, link["active"]))


def _line_items(world: World, call: Call) -> JsonObject:
    return list_of(list(world.must("payment_link", call.ids["id"])["_line_items"]), call.path)


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/payment_links",
        params="PaymentLinkCreateParams",
        handler=_create,
    ),
    Route(
        method="GET", template="/v1/payment_links", params="PaymentLinkListParams", handler=_list
    ),
    Route(
        method="GET",
        template="/v1/payment_links/{id}",
        params="PaymentLinkRetrieveParams",
        handler=retrieve("payment_link"),
    ),
    Route(
        method="POST",
        template="/v1/payment_links/{id}",
        params="PaymentLinkUpdateParams",
        handler=_update,
    ),
    Route(
        method="GET",
        template="/v1/payment_links/{id}/line_items",
        params="PaymentLinkLineItemListParams",
        handler=_line_items,
    ),
)
