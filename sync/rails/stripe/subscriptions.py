"""Subscriptions billed by invoice (https://docs.stripe.com/api/subscriptions)."""

from __future__ import annotations

from sync.rails.base import Remote
from sync.rails.stripe.client import StripeDoor, Thing, spoken, stamped
from sync.rails.stripe.words import SALE, STEP, metadata_of
from sync.rails.wanted import Params, SubscriptionWanted


def params(wanted: SubscriptionWanted) -> Params:
    """Begun when the sale was made, without proration: the first invoice is one whole period."""
    made: dict[str, object] = {
        "customer": wanted.customer_id,
        "items": [{"price": wanted.price_id, "quantity": wanted.quantity}],
        "collection_method": "send_invoice",
        "days_until_due": wanted.days_until_due,
        "proration_behavior": "none",
        "metadata": metadata_of(wanted.mark),
    }
    if wanted.started_s is not None:
        made["backdate_start_date"] = wanted.started_s
    if wanted.cancel_at_s is not None:
        made["cancel_at"] = wanted.cancel_at_s
    return made


async def create(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/subscriptions."""
    return await door.ask(
        "POST subscriptions",
        lambda client: client.v1.subscriptions.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def find(door: StripeDoor, params: Params) -> Remote | None:
    """The subscription of the same customer with our mark, ended ones included."""
    metadata = params["metadata"]
    assert isinstance(metadata, dict)
    async for thing in door.pages(
        "GET subscriptions",
        lambda client, page: client.v1.subscriptions.list_async(
            params=spoken({"customer": str(params["customer"]), "status": "all", **page})
        ),
    ):
        if stamped(thing, **{SALE: metadata[SALE], STEP: metadata[STEP]}):
            return Remote(remote_id=thing.id)
    return None
