"""The sale: what is asked for before it exists, and the immutable fact afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.ids import EnrollmentId, MemberId, OfferCode, SaleId, StaffId
from kiosk.domain.outbox import RailMode
from kiosk.domain.tender import Tender, TenderKind


class OfferKind(StrEnum):
    """The kind of an offer, as sale lines keep it."""

    MEMBERSHIP = "membership"
    DROP = "drop"
    ITEM = "item"


def receipt_number(device: int, seq: int, incarnation: int = 1) -> str:
    """The legal number of a sale, apart from pass numbers: `K3-000042`.

    Gap-free per device; after an acknowledged restore a series of its own: `K3.4711-000001`.
    """
    life = "" if incarnation == 1 else f".{incarnation}"
    return f"K{device}{life}-{seq:06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """How many of what."""

    offer: OfferCode
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleApplied:
    """One rule of the price decision and the unit price after it, in minor units."""

    rule: str
    unit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDecision:
    """The price of one unit, tax included, and every rule that led to it. Frozen into the sale."""

    offer: OfferCode
    currency: str
    unit_minor: int
    tax_code: str
    rate_bp: int
    rules: tuple[RuleApplied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line of a sale; `amount_minor` = quantity x unit, with `tax_minor` contained in it."""

    line_no: int
    offer: OfferCode
    kind: OfferKind
    description: str
    quantity: int
    unit_minor: int
    amount_minor: int
    tax_code: str
    rate_bp: int
    tax_minor: int
    rules: tuple[RuleApplied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCart:
    """A cart with decided prices, in the event's currency."""

    snapshot_number: int
    currency: str
    lines: tuple[LineItem, ...]

    @property
    def total_minor(self) -> int:
        """What is to be paid."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """The tax contained in the total."""
        return sum(line.tax_minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a person decided before the tap that completes the sale.

    The id is made with the draft, so a second tap is the same sale. `shown_minor` is the total
    that was on screen (None from the command line): another total is refused, not charged.
    """

    sale_id: SaleId
    lines: tuple[CartLine, ...]
    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    consents: frozenset[str]
    tender: TenderKind
    given_minor: int | None = None
    shown_minor: int | None = None
    staff_id: StaffId | None = None  # who took it; None: the member alone, or the command line
    parked_number: int | None = None  # the parked cart that this sale closes


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTaken:
    """The cash for a parked cart: which one and at what total as staff saw it, and who took it."""

    number: int
    sale_id: SaleId
    shown_minor: int
    given_minor: int
    staff_id: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """A member's membership, from a sale. `ends_ms` None: until somebody ends it."""

    enrollment_id: EnrollmentId
    sale_id: SaleId
    member_id: MemberId
    offer: OfferCode
    starts_ms: int
    period_ends_ms: int
    ends_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The exact text agreed to."""

    kind: str
    version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """The completed, immutable fact. Times are UTC milliseconds."""

    sale_id: SaleId
    receipt_number: str
    device: int
    snapshot_number: int
    member_id: MemberId
    staff_id: StaffId | None
    mode: RailMode
    language: str
    currency: str
    lines: tuple[LineItem, ...]
    tenders: tuple[Tender, ...]
    consents: tuple[Consent, ...]
    enrollments: tuple[Enrollment, ...]
    sold_ms: int
    skew_ms: int | None
    clock_doubtful: bool

    @property
    def total_minor(self) -> int:
        """What was to be paid."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """The tax contained in the total."""
        return sum(line.tax_minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPass:
    """A pass as stored with its sale; `entitlements` maps number to uses (0: no limit).

    `text` is empty once the buyer was erased.
    """

    device: int
    seq: int
    text: str
    payload_sha256: bytes
    event_number: int
    entitlements: Mapping[int, int]
    issued_s: int
    expires_s: int
    provisional: bool
    provisional_until_s: int | None

    @property
    def number(self) -> str:
        """The pass number as people read it."""
        return f"{self.device}-{self.seq}"
