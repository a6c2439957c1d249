"""The findings table as pure functions: what the rail has, what was agreed, and the time it is.

No I/O, no clock: the same input is the same finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final, assert_never

from kiosk.domain.clock import BACKWARD_TOLERANCE_MS, DAY_MS, error_left_ms
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import FindingKind
from sync.rails.base import Bill, BillState, Payment, PaymentState

PROCESSING_MS_MAX: Final = 7 * DAY_MS


class Grace(Enum):
    """How much of the time given on trust is left."""

    RUNNING = auto()
    OVER = auto()
    LONG_OVER = auto()  # even for money that is under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a sale still expects. `revoked`: its time was up before."""

    currency: str
    total_minor: int
    revoked: bool
    grace: Grace


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A payment and what one payment on its link should have been, in minor units."""

    payment: Payment
    expected_minor: int


class Closing(StrEnum):
    """What becomes of the watch."""

    KEEP = "keep"
    DELIVER = "deliver"
    PARK = "park"


def judge(due: Due, counted: Sequence[Counted]) -> FindingKind | None:
    """What the payments on a sale's links come to, or None while there is nothing to say.

    One unit is one payment, so a part of them, each complete, is no underpayment before the end.
    """
    paid = [one for one in counted if one.payment.state is PaymentState.PAID]
    if any(one.payment.currency != due.currency for one in paid):
        return FindingKind.WRONG_CURRENCY
    sum_minor = sum(one.payment.amount_minor for one in paid)
    if sum_minor > due.total_minor:
        return FindingKind.OVERPAID
    if paid and sum_minor == due.total_minor:
        return FindingKind.PAID_AFTER_REVOKE if due.revoked else FindingKind.PAID_EXACTLY
    under_way = any(one.payment.state is PaymentState.PROCESSING for one in counted)
    if under_way and due.grace is not Grace.LONG_OVER:
        return FindingKind.PROCESSING
    over = due.grace is not Grace.RUNNING
    if not paid:
        return FindingKind.UNPAID_AT_GRACE if over and not due.revoked else None
    short = any(one.payment.amount_minor < one.expected_minor for one in paid)
    return FindingKind.UNDERPAID if short or over else None


def judge_bill(due: Due, bill: Bill) -> FindingKind | None:
    """What has become of an invoice that the member was to pay later."""
    match bill.state:
        case BillState.VOID | BillState.UNCOLLECTIBLE:
            return FindingKind.INVOICE_VOIDED
        case BillState.DRAFT | BillState.OPEN:
            over = due.grace is not Grace.RUNNING and not due.revoked
            return FindingKind.UNPAID_AT_GRACE if over else None
        case BillState.PAID:
            if bill.currency != due.currency:
                return FindingKind.WRONG_CURRENCY
            if bill.total_minor != due.total_minor:
                return FindingKind.TOTAL_DIFFERS
            return FindingKind.PAID_AFTER_REVOKE if due.revoked else FindingKind.PAID_EXACTLY
        case _:
            assert_never(bill.state)


def closing_of(kind: FindingKind | None, grace: Grace) -> Closing:
    """Whether a watch goes on, is done, or has to wait for a person."""
    match kind:
        case None | FindingKind.PROCESSING:
            return Closing.KEEP
        case FindingKind.UNDERPAID:
            return Closing.KEEP if grace is Grace.RUNNING else Closing.PARK
        case FindingKind.WRONG_CURRENCY | FindingKind.TOTAL_DIFFERS:
            return Closing.PARK
        case _:
            return Closing.DELIVER


def grace_ends_ms(sale: Sale, agreed_ms: int, first_seen_ms: int | None) -> int:
    """The true instant at which a sale's time on trust ends.

    `agreed_ms` was written by the kiosk's clock of that moment. Where nobody knows how wrong that
    clock was, the time counts from the first look at the rail (`first_seen_ms`, true; else None):
    later than agreed perhaps, never earlier.
    """
    if first_seen_ms is not None:
        return first_seen_ms + (agreed_ms - sale.sold_ms)
    return agreed_ms - error_left_ms(sale.skew_ms or 0)


def is_dated_ahead(sale: Sale, true_ms: int) -> bool:
    """Whether a sale claims an instant that is still to come.

    Then somebody set the clock after the rail had last measured it, and what was measured says
    nothing about this sale.
    """
    sold_ms = sale.sold_ms - error_left_ms(sale.skew_ms or 0)
    return sold_ms > true_ms + BACKWARD_TOLERANCE_MS


def grace_at(true_ms: int | None, ends_ms: int) -> Grace:
    """How much grace is left at a true instant; while nobody knows the time, it is running."""
    if true_ms is None or true_ms < ends_ms:
        return Grace.RUNNING
    return Grace.LONG_OVER if true_ms >= ends_ms + PROCESSING_MS_MAX else Grace.OVER
