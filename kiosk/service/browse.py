"""Looking around: what is sold here, in what state, and what a cart comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.checkout import is_over, windows_hold
from kiosk.domain.clock import TimeReading
from kiosk.domain.offer import (
    Cadence,
    CadenceUnit,
    Charge,
    Drop,
    DropState,
    Membership,
    Offer,
    Snapshot,
    Terms,
)
from kiosk.domain.pricing import decide, kind_of, price_cart
from kiosk.domain.sale import CartLine, OfferKind, PricedCart
from kiosk.service.desk import Desk, ServiceMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One thing an offer entitles to; `uses` 0 means as often as they like."""

    name: str
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer as a visitor sees it. `unit_minor` is what one costs, tax included."""

    code: str
    kind: OfferKind
    name: str
    description: str
    unit_minor: int
    currency: str
    benefits: tuple[Benefit, ...]
    cadence: Cadence | None = None
    periods: int | None = None
    charge: Charge | None = None
    drop_state: DropState | None = None
    left: int | None = None
    per_member: int | None = None
    opens_ms: int | None = None
    closes_ms: int | None = None

    @property
    def cadence_every(self) -> int | None:
        """How many units make a period of this membership."""
        return self.cadence.every if self.cadence else None

    @property
    def cadence_unit(self) -> CadenceUnit | None:
        """The unit of a period of this membership."""
        return self.cadence.unit if self.cadence else None

    @property
    def entitlements(self) -> tuple[str, ...]:
        """What one entitles to, by name."""
        return tuple(benefit.name for benefit in self.benefits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopWindow:
    """Everything the front shows before a cart exists. `now_ms` is the best-known instant."""

    event_name: str
    venue: str
    seller: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    cards: tuple[OfferCard, ...]
    terms: tuple[Terms, ...]
    service_mode: ServiceMode
    pay_later_days: int
    grace_minutes: int
    now_ms: int
    clock_doubtful: bool
    event_over: bool


def shop_window(desk: Desk, language: str) -> ShopWindow:
    """The current event in this language. Raises NoEvent, RolledBack, StoreForked."""
    with desk.buffer.reading() as uow:
        uow.incarnations.check_selling()
        snapshot, time = desk.snapshot(uow), desk.time(uow)
        left = uow.stock.left_all(snapshot.event.number)
        event = snapshot.event
        return ShopWindow(
            event_name=event.name.in_language(language),
            venue=event.venue,
            seller=snapshot.seller.legal_name,
            currency=event.currency,
            time_zone=event.time_zone,
            languages=event.languages,
            cards=tuple(
                _card(snapshot, offer, language, (time, left.get(offer.code, 0)))
                for offer in snapshot.offers
            ),
            terms=snapshot.terms_in(language),
            service_mode=desk.service_mode(uow),
            pay_later_days=snapshot.limits.pay_later_days,
            grace_minutes=snapshot.limits.grace_minutes,
            now_ms=time.best_ms,
            clock_doubtful=time.doubtful,
            event_over=is_over(snapshot, time.best_ms),
        )


def price(desk: Desk, lines: Sequence[CartLine], language: str) -> PricedCart:
    """What this cart costs now. Raises CartEmpty, OfferUnknown, QuantityInvalid, NoEvent."""
    with desk.buffer.reading() as uow:
        return price_cart(desk.snapshot(uow), lines, language)


def clock(desk: Desk) -> TimeReading:
    """The instant as this kiosk knows it, for countdowns and the clock banner."""
    with desk.buffer.reading() as uow:
        return desk.time(uow)


def _card(
    snapshot: Snapshot, offer: Offer, language: str, at: tuple[TimeReading, int]
) -> OfferCard:
    _, left = at
    membership = offer if isinstance(offer, Membership) else None
    drop = offer if isinstance(offer, Drop) else None
    return OfferCard(
        code=offer.code,
        kind=kind_of(offer),
        name=offer.name.in_language(language),
        description=offer.description.in_language(language),
        unit_minor=decide(snapshot, offer).unit_minor,
        currency=snapshot.event.currency,
        benefits=tuple(
            Benefit(name=given.name.in_language(language), uses=given.uses)
            for given in offer.entitlements
        ),
        cadence=membership.cadence if membership else None,
        periods=membership.periods if membership else None,
        charge=membership.charge if membership else None,
        drop_state=_drop_state(snapshot, drop, at) if drop else None,
        left=left if drop else None,
        per_member=drop.per_member if drop else None,
        opens_ms=drop.opens_ms if drop else None,
        closes_ms=drop.closes_ms if drop else None,
    )


def _drop_state(snapshot: Snapshot, drop: Drop, at: tuple[TimeReading, int]) -> DropState:
    """As the sale will judge it: a wrong clock closes nothing, an empty stock does."""
    time, left = at
    if not windows_hold(snapshot, time):
        return DropState.OPEN if left else DropState.SOLD_OUT
    return drop.state_at(time.best_ms, left)
