"""Customers: one for each e-mail address (https://docs.stripe.com/api/customers)."""

from __future__ import annotations

from sync.rails.base import Remote
from sync.rails.stripe.client import StripeDoor, Thing, field_of, spoken
from sync.rails.stripe.words import metadata_of
from sync.rails.wanted import CustomerWanted, Params


def params(wanted: CustomerWanted) -> Params:
    """The address in lower case: Stripe compares it letter by letter."""
    return {
        "name": wanted.name,
        "email": wanted.email.lower(),
        "preferred_locales": [wanted.language],
        "metadata": metadata_of(wanted.mark),
    }


async def create(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/customers."""
    return await door.ask(
        "POST customers",
        lambda client: client.v1.customers.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def find(door: StripeDoor, params: Params) -> Remote | None:
    """The oldest customer with this address, so that every kiosk chooses the same one."""
    email = params["email"]
    page = await door.ask(
        "GET customers",
        lambda client: client.v1.customers.list_async(params={"email": str(email), "limit": 100}),
    )
    same = [thing for thing in page.data if field_of(thing, "email") == email]
    return Remote(remote_id=same[-1].id) if same else None
