"""The operations on subscriptions and their items. https://docs.stripe.com/api/subscriptions"""

from __future__ import annotations

from typing import Final

from sync.practice.customers import known_customer
from sync.practice.events import emit
from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid, missing_param, no_such
from sync.practice.router import Call, Route
from sync.practice.subscriptions import apply, end, new_subscription
from sync.practice.wire import JsonObject, list_of, public
from sync.practice.world import World

_CHANGES: Final = frozenset(
    {
        "cancel_at",
        "cancel_at_period_end",
        "collection_method",
        "days_until_due",
        "default_payment_method",
        "description",
        "expand",
        "metadata",
        "proration_behavior",
    }
)
_ENDED: Final = ("canceled", "incomplete_expired")


def _create(world: World, call: Call) -> JsonObject:
    if "customer" not in call.params:
        raise missing_param("customer")
    known_customer(world, call.params["customer"])
    return public(new_subscription(world, call.params))


def _update(world: World, call: Call) -> JsonObject:
    held = world.must("subscription", call.ids["id"])
    if held["status"] in _ENDED:
        raise invalid("A canceled subscription can only update its cancellation_details.")
    beyond = sorted(set(call.params) - _CHANGES)
    if beyond:
        raise invalid(
            "The practice Stripe does not change this on a running subscription.", param=beyond[0]
        )
    subscription = world.edit("subscription", held["id"])
    apply(world, subscription, call.params)
    emit(world, "customer.subscription.updated", subscription)
    return public(subscription)


def _cancel(world: World, call: Call) -> JsonObject:
    held = world.must("subscription", call.ids["id"])
    if held["status"] in _ENDED:
        raise no_such("subscription", held["id"])
    subscription = end(world, held["id"], "cancellation_requested")
    details = call.params.get("cancellation_details", {})
    subscription["cancellation_details"].update(details)
    return public(subscription)


def _list(world: World, call: Call) -> JsonObject:
    given = call.params
    status = given.get("status")

    def keep(subscription: JsonObject) -> bool:
        same = all(
            given.get(name) in (None, subscription[name])
            for name in ("collection_method", "customer")
        )
        held = {item["price"]["id"] for item in subscription["items"]["data"]}
        return (
            same and _shown(subscription["status"], status) and given.get("price") in (None, *held)
        )

    return page(world, call, "subscription", keep)


def _shown(status: str, wanted: str | None) -> bool:
    """Without a status the cancelled ones are left out; `all` and `ended` are groups."""
    match wanted:
        case None:
            return status not in _ENDED
        case "all":
            return True
        case "ended":
            return status in _ENDED
        case _:
            return status == wanted


def _list_items(world: World, call: Call) -> JsonObject:
    subscription_id = call.params["subscription"]
    subscription = world.must("subscription", subscription_id, param="subscription")
    return list_of(list(subscription["items"]["data"]), call.path)


def _retrieve_item(world: World, call: Call) -> JsonObject:
    for subscription in world.objects("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == call.ids["id"]:
                return dict(item)
    raise no_such("subscription_item", call.ids["id"])


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/subscriptions",
        params="SubscriptionCreateParams",
        handler=_create,
    ),
    Route(
        method="GET", template="/v1/subscriptions", params="SubscriptionListParams", handler=_list
    ),
    Route(
        method="GET",
        template="/v1/subscriptions/{id}",
        params="SubscriptionRetrieveParams",
        handler=retrieve("subscription"),
    ),
    Route(
        method="POST",
        template="/v1/subscriptions/{id}",
        params="SubscriptionUpdateParams",
        handler=_update,
    ),
    Route(
        method="DELETE",
        template="/v1/subscriptions/{id}",
        params="SubscriptionCancelParams",
        handler=_cancel,
    ),
    Route(
        method="GET",
        template="/v1/subscription_items",
        params="SubscriptionItemListParams",
        handler=_list_items,
    ),
    Route(
        method="GET",
        template="/v1/subscription_items/{id}",
        params="SubscriptionItemRetrieveParams",
        handler=_retrieve_item,
    ),
)
