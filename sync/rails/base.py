"""What a rail is to the rest of the wing: what it can be asked, and what it says is there.

Nothing above this module knows a parameter of Stripe, and nothing here knows the buffer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kiosk.domain.clock import Measured
from kiosk.domain.outbox import RailMode, RailState
from sync.rails.wanted import Call, Params, Request, Wanted


class BillState(StrEnum):
    """Where an invoice is (https://docs.stripe.com/invoicing/overview#workflow-overview)."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice as the rail has it now. `url` is its hosted page, None while it is a draft."""

    bill_id: str
    state: BillState
    total_minor: int
    paid_minor: int
    currency: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """The object a write made or a search found. `bill` when it is an invoice."""

    remote_id: str
    request_id: str | None = None
    url: str | None = None
    bill: Bill | None = None


class PaymentState(StrEnum):
    """How far a payment on a link has come."""

    OPEN = "open"  # the page is open, or was left: nothing is owed to anybody
    PROCESSING = "processing"  # completed by the member, the money is under way
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One member's payment on a link (a Checkout Session). `reference` is what came back."""

    payment_id: str
    link_id: str | None
    reference: str | None
    state: PaymentState
    amount_minor: int
    currency: str
    created_s: int


class HintKind(StrEnum):
    """What an event is about."""

    PAYMENT = "payment"
    BILL = "bill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """An event of the rail: reason enough to look at the object, never a fact by itself."""

    event_id: str
    kind: HintKind
    object_id: str
    created_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Events since an instant; `complete` False when there were more than we read."""

    hints: tuple[Hint, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMark:
    """How far a kiosk's journal had come, as the rail keeps it. Only `sealed` is ever believed.

    The rest is what `sealed` says, for people who look at the rail. `written_s`: the rail's clock.
    """

    buffer_id: str
    device: int
    incarnation: int
    seq: int
    hash_start: bytes
    sealed: bytes
    written_s: int


class Rail(Protocol):
    """A way out. Every method may raise RailTrouble; nothing else leaves it but bugs."""

    @property
    def mode(self) -> RailMode:
        """Which world the money lives in."""

    @property
    def state(self) -> RailState | None:
        """What the last answer, or its absence, says; None before the first request."""

    @property
    def measured(self) -> Measured | None:
        """The local clock against the rail's, from its last answer."""

    async def probe(self) -> None:
        """Ask for next to nothing, to learn whether the rail answers."""

    def word(self, wanted: Wanted) -> tuple[Call, Params]:
        """The call and parameters for a thing that is wanted."""

    async def send(self, request: Request) -> Remote:
        """Do it. The same key with the same parameters does it once."""

    async def find(self, request: Request, since_s: int) -> Remote | None:
        """What `request` made if it was done after all, first seen at or after `since_s`."""

    async def bill(self, bill_id: str) -> Bill:
        """The invoice as it is now."""

    async def first_bill(self, subscription_id: str) -> Bill | None:
        """The invoice that a subscription began with."""

    async def payment(self, payment_id: str) -> Payment:
        """The payment as it is now."""

    async def payments(self, link_id: str, since_s: int) -> tuple[Payment, ...]:
        """Every payment on a link begun since then, whatever its state."""

    async def link_ids(self) -> tuple[str, ...]:
        """Every link that one of our kiosks made."""

    async def hints(self, since_s: int) -> Hints:
        """Events since then, oldest first."""

    async def read_mark(self, buffer_id: str) -> bytes | None:
        """The sealed mark of this buffer's journal that the rail keeps, or None."""

    async def keep_mark(self, mark: KeptMark) -> None:
        """Keep this mark in the place of the one before."""

    async def close(self) -> None:
        """Let connections go."""
