"""What is known about a sale's money, and what that makes of the sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ids import FindingId, SaleId


class FindingKind(StrEnum):
    """What reconciliation found; the names are those of the findings table of the rails."""

    PAID_EXACTLY = "paid_exactly"
    PROCESSING = "processing"
    UNPAID_AT_GRACE = "unpaid_at_grace"
    UNDERPAID = "underpaid"
    OVERPAID = "overpaid"
    WRONG_CURRENCY = "wrong_currency"
    PAID_AFTER_REVOKE = "paid_after_revoke"
    REFERENCE_UNKNOWN = "reference_unknown"  # missing, forged, or another kiosk's
    TOTAL_DIFFERS = "total_differs"  # the rail's invoice is not the sale's amount
    INVOICE_VOIDED = "invoice_voided"


class FindingAnswer(StrEnum):
    """What staff said to a finding that needed them."""

    DONE = "done"  # seen to: paid back, asked for, or let be


class Settlement(StrEnum):
    """The state of a sale's money, derived from its tender and its findings."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    HELD = "held"  # a person has to look
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact of reconciliation; never updated. `sale_id` None: nobody's (an orphan).

    `remote_id` names the rail's object it was read from; one (kind, remote id) is recorded once.
    `amount_minor` is what the rail has, in `currency`.
    """

    kind: FindingKind
    sale_id: SaleId | None
    remote_id: str
    amount_minor: int
    currency: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFinding:
    """A finding that needs a person and has no answer yet; `finding_id` is to answer it by."""

    finding_id: FindingId
    finding: Finding


# Paid after the pass was revoked: goods of a revoked sale are never given back to the allotment, so
# there is always something left to reinstate the pass with.
_CONFIRMS = {FindingKind.PAID_EXACTLY, FindingKind.OVERPAID, FindingKind.PAID_AFTER_REVOKE}
_REVOKES = {FindingKind.UNPAID_AT_GRACE, FindingKind.INVOICE_VOIDED}
_HOLDS = {FindingKind.WRONG_CURRENCY}
# Found and wanting a person, whatever the pass does meanwhile.
NEEDS_ATTENTION = frozenset(
    {
        FindingKind.UNDERPAID,
        FindingKind.OVERPAID,
        FindingKind.WRONG_CURRENCY,
        FindingKind.REFERENCE_UNKNOWN,
        FindingKind.TOTAL_DIFFERS,
    }
)


def settlement_of(
    findings: Sequence[Finding], *, money_in_hand: bool, watches: int = 1
) -> Settlement:
    """The state after these findings, oldest first. Cash in hand is never undone by the rail.

    A sale that was billed in several parts has as many `watches`: it is confirmed when that many
    different objects of the rail were found paid.
    """
    if money_in_hand:
        return Settlement.CONFIRMED
    paid = {finding.remote_id for finding in findings if finding.kind in _CONFIRMS}
    if len(paid) >= max(watches, 1):
        return Settlement.CONFIRMED
    kinds = [finding.kind for finding in findings]
    last = next((kind for kind in reversed(kinds) if kind in _REVOKES | _HOLDS), None)
    if last is None:
        return Settlement.PROVISIONAL
    return Settlement.REVOKED if last in _REVOKES else Settlement.HELD
