"""How an offer's price is named at the rail, so that both wings mean the same object."""

from __future__ import annotations

from kiosk.domain.offer import Membership, Offer


def offer_entity(offer: Offer, currency: str, unit_minor: int) -> str:
    """`offer:<code>:<currency>:<unit>[:<every><unit>]`: another price is another object."""
    name = f"offer:{offer.code}:{currency}:{unit_minor}"
    if isinstance(offer, Membership) and offer.recurring:
        name += f":{offer.cadence.every}{offer.cadence.unit}"
    return name
