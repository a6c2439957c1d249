"""How an offer's price is named at the rail, so that both wings mean the same object."""

from __future__ import annotations

from kiosk.domain.offer import Cadence, Membership, Offer


def offer_entity(offer: Offer, currency: str, unit_minor: int) -> str:
    """The name of this offer's price; recurring memberships carry their cadence in it."""
    cadence = offer.cadence if isinstance(offer, Membership) and offer.recurring else None
    return price_entity(offer.code, currency, unit_minor, cadence)


def price_entity(code: str, currency: str, unit_minor: int, cadence: Cadence | None) -> str:
    """`offer:<code>:<currency>:<unit>[:<every><unit>]`: another price is another object."""
    name = f"offer:{code}:{currency}:{unit_minor}"
    return f"{name}:{cadence.every}{cadence.unit}" if cadence else name
