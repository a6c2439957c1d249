"""Offers and the snapshot they come in: what may be sold at this event, for how much, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kiosk.domain.ids import OfferCode

QUANTITY_MAX: Final = 99
TERMS_KIND: Final = "terms"  # the only consent without which nothing is sold


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """A text in the event's first language, with translations by language code."""

    default: str
    translations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def in_language(self, language: str) -> str:
        """The text in this language, else in the event's first one."""
        return self.translations.get(language, self.default)


class CadenceUnit(StrEnum):
    """The unit of a membership's period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """One period: every `every` units, counted in the event's time zone."""

    every: int
    unit: CadenceUnit


class Charge(StrEnum):
    """When a membership of fixed length is paid."""

    UPFRONT = "upfront"  # one price for all periods
    PER_PERIOD = "per-period"  # the price is for one period


class DropState(StrEnum):
    """Where a drop stands at an instant."""

    ANNOUNCED = "announced"
    OPEN = "open"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What one unit of an offer lets its holder do: `uses` 0 means as often as they like."""

    number: int
    uses: int
    name: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What every kind of offer has. `price_minor` is before added tax, or with included tax."""

    code: OfferCode
    name: LocalText
    description: LocalText
    price_minor: int
    tax: str
    entitlements: tuple[Entitlement, ...]
    plan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Offer):
    """A thing or a service, sold at any time while the event runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Offer):
    """A timed, limited offer. This device sells `allotment` of `stock` and not one more."""

    opens_ms: int
    closes_ms: int
    stock: int
    allotment: int
    per_member: int | None

    def state_at(self, now_ms: int, left: int) -> DropState:
        """Where the drop stands when this device has `left` copies."""
        if now_ms < self.opens_ms:
            return DropState.ANNOUNCED
        if now_ms >= self.closes_ms:
            return DropState.CLOSED
        return DropState.OPEN if left > 0 else DropState.SOLD_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Offer):
    """A micro-subscription: open-ended (`periods` None) or of fixed length."""

    cadence: Cadence
    periods: int | None
    charge: Charge

    @property
    def recurring(self) -> bool:
        """Whether the rail has to charge again by itself after the first period."""
        return self.periods is None or self.charge is Charge.PER_PERIOD


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A tax code of the event file; `rate_bp` in basis points, in or on top of the prices."""

    code: str
    rate_bp: int
    included: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One text to consent to, in one language. Only kind `terms` is compulsory."""

    kind: str
    version: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The pop-up itself. `pass_host` None: passes carry no web address."""

    number: int
    name: LocalText
    venue: str
    starts_ms: int
    ends_ms: int
    time_zone: str
    currency: str
    country: str
    languages: tuple[str, ...]
    pass_host: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who sells, as it must stand on receipts."""

    legal_name: str
    address: str
    tax_id: str | None
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is given on trust at most, and for how long. None = no limit."""

    per_sale_minor: int | None
    per_device_minor: int | None
    grace_minutes: int  # scan to pay: the provisional pass, until the payment is found
    pay_later_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One checked event file. `number` is 0 until the buffer has stored it."""

    number: int
    event: Event
    seller: Seller
    terms: tuple[Terms, ...]
    taxes: tuple[TaxRate, ...]
    offers: tuple[Offer, ...]
    limits: Limits

    def offer(self, code: str) -> Offer | None:
        """The offer with this code."""
        for offer in self.offers:
            if offer.code == code:
                return offer
        return None

    def tax_rate(self, code: str) -> TaxRate:
        """The tax rate with this code; the event file was refused if it were missing."""
        return next(rate for rate in self.taxes if rate.code == code)

    def terms_in(self, language: str) -> tuple[Terms, ...]:
        """One text per kind: in this language, else in the event's first language that has it."""
        order = [language, *self.event.languages]
        kinds = dict.fromkeys(terms.kind for terms in self.terms)
        return tuple(
            min(
                (terms for terms in self.terms if terms.kind == kind),
                key=lambda terms: (
                    order.index(terms.language) if terms.language in order else len(order)
                ),
            )
            for kind in kinds
        )
