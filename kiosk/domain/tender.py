"""Ways to pay, and which of them can be taken for a cart right now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES


class TenderKind(StrEnum):
    """A way to pay."""

    CASH = "cash"
    SCAN_TO_PAY = "scan-to-pay"
    PAY_LATER = "pay-later"

    @property
    def settles_at_once(self) -> bool:
        """Whether the money is in hand when the sale is recorded."""
        return self is TenderKind.CASH


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """What was taken. `given_minor` is the cash handed over; the rest has exactly the amount."""

    kind: TenderKind
    amount_minor: int
    given_minor: int

    @property
    def change_due_minor(self) -> int:
        """What goes back to the member, in minor units."""
        return self.given_minor - self.amount_minor


class WhyNot(StrEnum):
    """Why a tender cannot be taken now."""

    BELOW_LEAST = "below_least"  # less than the rail accepts online
    ABOVE_MOST = "above_most"
    NOT_PROVISIONED = "not_provisioned"  # the rail has no payment link for it yet
    EXPOSURE = "exposure"  # enough has been given on trust
    NOTHING_DUE = "nothing_due"
    TOO_MANY_CODES = "too_many_codes"  # more codes to scan than anybody would
    NEEDS_INVOICE = "needs_invoice"  # a payment link cannot end a membership by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderChoice:
    """One way to pay as the Pay screen shows it: available when `why_not` is None."""

    kind: TenderKind
    why_not: WhyNot | None = None


def rail_fault(amount_minor: int, currency: str) -> WhyNot | None:
    """Why the rail would not take this amount online, or None."""
    if amount_minor == 0:
        return WhyNot.NOTHING_DUE
    if amount_minor < CURRENCIES[currency].least_minor:
        return WhyNot.BELOW_LEAST
    return WhyNot.ABOVE_MOST if amount_minor > AMOUNT_MAX_MINOR else None
