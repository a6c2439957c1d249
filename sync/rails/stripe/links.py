"""Products, prices and payment links: made online beforehand, so that selling needs no network.

https://docs.stripe.com/api/payment-link, https://docs.stripe.com/payment-links
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from sync.rails.base import Remote
from sync.rails.stripe.client import MorePages, StripeDoor, Thing, spoken, stamped
from sync.rails.stripe.words import DEVICE, EDITION, OFFER
from sync.rails.wanted import LinkWanted, Params, PriceWanted, ProductWanted

NAME_MAX_CHARS: Final = 250


def product_params(wanted: ProductWanted) -> Params:
    """A product under the name that stands on invoices."""
    return {
        "name": wanted.name[:NAME_MAX_CHARS],
        "metadata": {OFFER: wanted.entity, DEVICE: str(wanted.device)},
    }


def price_params(wanted: PriceWanted) -> Params:
    """A price with our entity as its lookup key, which is unique in the account."""
    made: dict[str, object] = {
        "product": wanted.product_id,
        "currency": wanted.currency,
        "unit_amount": wanted.unit_minor,
        "lookup_key": wanted.entity,
        "metadata": {OFFER: wanted.entity, DEVICE: str(wanted.device)},
    }
    if wanted.unit is not None:
        made["recurring"] = {"interval": wanted.unit, "interval_count": wanted.every or 1}
    return made


def link_params(wanted: LinkWanted) -> Params:
    """Cards only (they settle at once), one unit, no codes that would change the amount."""
    made: dict[str, object] = {
        "line_items": [{"price": wanted.price_id, "quantity": 1}],
        "payment_method_types": ["card"],
        "allow_promotion_codes": False,
        "metadata": {
            OFFER: wanted.entity,
            DEVICE: str(wanted.device),
            EDITION: wanted.edition,
        },
    }
    if not wanted.recurring:
        made["customer_creation"] = "always"  # Stripe refuses it in subscription mode
    if wanted.limit is not None:
        made["restrictions"] = {"completed_sessions": {"limit": wanted.limit}}
    return made


async def create_product(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/products."""
    return await door.ask(
        "POST products",
        lambda client: client.v1.products.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def create_price(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/prices."""
    return await door.ask(
        "POST prices",
        lambda client: client.v1.prices.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def create_link(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/payment_links."""
    return await door.ask(
        "POST payment_links",
        lambda client: client.v1.payment_links.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def find_product(door: StripeDoor, params: Params) -> Remote | None:
    """The newest product of this entity. A second one is untidy and harms nothing."""
    try:
        async for thing in door.pages(
            "GET products",
            lambda client, page: client.v1.products.list_async(
                params=spoken({"active": True, **page})
            ),
        ):
            if stamped(thing, **{OFFER: _entity(params)}):
                return Remote(remote_id=thing.id)
    except MorePages:
        return None
    return None


async def find_price(door: StripeDoor, params: Params) -> Remote | None:
    """The price that holds our lookup key."""
    page = await door.ask(
        "GET prices",
        lambda client: client.v1.prices.list_async(
            params={"lookup_keys": [str(params["lookup_key"])], "limit": 10}
        ),
    )
    same = [thing for thing in page.data if stamped(thing, **{OFFER: _entity(params)})]
    return Remote(remote_id=same[0].id) if same else None


async def find_link(door: StripeDoor, params: Params) -> Remote | None:
    """The active link of this entity, this kiosk and this edition."""
    wanted = params["metadata"]
    assert isinstance(wanted, dict)
    async for thing in _links(door):
        if thing.active and stamped(thing, **wanted):
            return remote_of(thing)
    return None


async def link_ids(door: StripeDoor, device: int) -> tuple[str, ...]:
    """Every link this kiosk made, those of former prices too."""
    ours = {DEVICE: str(device)}
    return tuple([str(thing.id) async for thing in _links(door) if stamped(thing, **ours)])


def remote_of(thing: Thing) -> Remote:
    """A link with the address that members open."""
    return Remote(remote_id=thing.id, url=thing.url)


def _links(door: StripeDoor) -> AsyncIterator[Thing]:
    return door.pages(
        "GET payment_links",
        lambda client, page: client.v1.payment_links.list_async(params=spoken(page)),
    )


def _entity(params: Params) -> str:
    metadata = params["metadata"]
    assert isinstance(metadata, dict)
    return str(metadata[OFFER])
