"""Makes what the rail must have before a sale without a network: products, prices, payment links.

It never changes or closes what is there: links of former prices go on until their sales are
settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.domain.offer import Drop, Membership, Offer, Snapshot
from kiosk.domain.pricing import decide
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.tender import rail_fault
from kiosk.errors import RailRefused, RailUnreachable
from sync.prices import LINK, Made, Priced, ensure_link, ensure_price
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind, state_after
from sync.steps import Carrier

OFFERS_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedOffer:
    """An offer that members cannot pay by link, and why: our word or the rail's code."""

    offer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionReport:
    """How many offers were looked at, links made now, links kept; and what was refused."""

    offers: int
    created: int
    kept: int
    refused: tuple[RefusedOffer, ...]


async def provision(carrier: Carrier, snapshot: Snapshot) -> ProvisionReport:
    """One link for each offer of the snapshot. Safe to repeat, and to resume after any crash.

    Raises RailUnreachable (fields: rail), RailRefused (reason) for trouble that is not one
    offer's; StoreError.
    """
    created = kept = 0
    refused: list[RefusedOffer] = []
    for offer in snapshot.offers[:OFFERS_MAX]:
        try:
            made = await _provision(carrier, snapshot, offer)
        except RailTrouble as told:
            if told.trouble.kind not in {TroubleKind.REFUSED, TroubleKind.NEEDS_MEMBER}:
                raise _setup_error(told.trouble) from None
            refused.append(RefusedOffer(offer=offer.code, reason=told.trouble.code))
            continue
        if isinstance(made, RefusedOffer):
            refused.append(made)
        elif made.created:
            created += 1
        else:
            kept += 1
    return ProvisionReport(
        offers=len(snapshot.offers), created=created, kept=kept, refused=tuple(refused)
    )


def unprovisioned(carrier: Carrier, snapshot: Snapshot) -> tuple[str, ...]:
    """The offers that could be paid by link and have none yet: a look at the mirror only."""
    mode = carrier.rail.mode

    def missing(offer: Offer) -> bool:
        priced = priced_of(snapshot, offer)
        if rail_fault(priced.unit_minor, priced.currency) is not None:
            return False
        return carrier.ledger.read(lambda uow: uow.mirror.get(mode, priced.entity, LINK)) is None

    return tuple(offer.code for offer in snapshot.offers if missing(offer))


def priced_of(snapshot: Snapshot, offer: Offer) -> Priced:
    """The price that members pay for one unit today, tax included."""
    unit_minor, currency = decide(snapshot, offer).unit_minor, snapshot.event.currency
    recurring = isinstance(offer, Membership) and offer.recurring
    cadence = offer.cadence if isinstance(offer, Membership) and recurring else None
    return Priced(
        entity=offer_entity(offer, currency, unit_minor),
        name=offer.name.default,
        currency=currency,
        unit_minor=unit_minor,
        every=cadence.every if cadence else None,
        unit=cadence.unit if cadence else None,
    )


async def _provision(carrier: Carrier, snapshot: Snapshot, offer: Offer) -> Made | RefusedOffer:
    priced = priced_of(snapshot, offer)
    fault = rail_fault(priced.unit_minor, priced.currency)
    if fault is not None:
        return RefusedOffer(offer=offer.code, reason=fault)
    price = await ensure_price(carrier, priced)
    limit = offer.allotment if isinstance(offer, Drop) else None
    # A drop's count belongs to this event and this allotment; other links may serve for ever.
    edition = f"{snapshot.event.number}-{limit}" if limit is not None else "open"
    return await ensure_link(carrier, priced, price.remote_id, limit=limit, edition=edition)


def _setup_error(trouble: Trouble) -> RailUnreachable | RailRefused:
    if trouble.kind is TroubleKind.LOCKED:
        return RailRefused(reason=state_after(trouble))
    return RailUnreachable(rail="stripe")
