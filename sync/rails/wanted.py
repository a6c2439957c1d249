"""What can be wanted of a rail, in our words; nothing here is a parameter of Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from kiosk.domain.ids import SaleId

Params: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Our name on an object at the rail: opaque, nothing personal."""

    sale_id: SaleId
    device: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWanted:
    """A member as the rail's customer; found again by the e-mail address."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class BillWanted:
    """An empty invoice. `effective_s` None: as of now."""

    customer_id: str
    currency: str
    days_until_due: int
    effective_s: int | None
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLineWanted:
    """One line of an invoice that is still a draft."""

    customer_id: str
    bill_id: str
    description: str
    amount_minor: int
    currency: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionWanted:
    """A membership the rail goes on billing. `cancel_at_s` None: until somebody ends it."""

    customer_id: str
    price_id: str
    quantity: int
    days_until_due: int
    started_s: int | None
    cancel_at_s: int | None
    mark: Mark


class Move(StrEnum):
    """What can be done with an invoice."""

    FINALIZE = "finalize"
    PAY_OUT_OF_BAND = "pay"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillMoved:
    """An invoice in the state that a move leads to."""

    move: Move
    bill_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWanted:
    """What is sold, by our entity name."""

    entity: str
    name: str
    device: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWanted:
    """One amount for a product; `every` and `unit` make it recurring."""

    entity: str
    product_id: str
    currency: str
    unit_minor: int
    every: int | None
    unit: str | None
    device: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWanted:
    """A page of the rail where a member pays one unit of a price.

    `limit` (completed payments at most) is a drop's second guard; `edition` tells links of the
    same price with different limits apart.
    """

    entity: str
    price_id: str
    recurring: bool
    limit: int | None
    edition: str
    device: int


Wanted: TypeAlias = (
    CustomerWanted
    | BillWanted
    | BillLineWanted
    | SubscriptionWanted
    | BillMoved
    | ProductWanted
    | PriceWanted
    | LinkWanted
)


class Call(StrEnum):
    """One write of the rail; what is frozen with it are its parameters."""

    CUSTOMER = "customer"
    BILL = "bill"
    BILL_LINE = "bill_line"
    SUBSCRIPTION = "subscription"
    FINALIZE = "finalize"
    PAY = "pay"
    SEND = "send"
    PRODUCT = "product"
    PRICE = "price"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A write ready to be frozen: the same call, parameters and key come to the same effect."""

    call: Call
    params: Params = field(repr=False)
    key: str
