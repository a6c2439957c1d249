"""The words of the trade on screen: ways to pay, cadences, and how far a sale has travelled."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.domain.offer import CadenceUnit
from kiosk.domain.outbox import EntryState, RailState, Topic
from kiosk.domain.settlement import FindingKind, Settlement
from kiosk.domain.tender import TenderKind, WhyNot
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

TENDERS: Final[Mapping[TenderKind, str]] = MappingProxyType({
    TenderKind.CASH: QT_TRANSLATE_NOOP("Trade", "Cash"),
    TenderKind.SCAN_TO_PAY: QT_TRANSLATE_NOOP("Trade", "Scan to pay"),
    TenderKind.PAY_LATER: QT_TRANSLATE_NOOP("Trade", "Pay later"),
})  # fmt: skip

# The second part of the key: whether the visitor is alone at the screen.
TENDER_HINTS: Final[Mapping[tuple[TenderKind, bool], str]] = MappingProxyType({
    (TenderKind.CASH, False): QT_TRANSLATE_NOOP("Trade", "Hand it over here; change is counted."),
    (TenderKind.CASH, True): QT_TRANSLATE_NOOP("Trade", "Get a number and pay at the counter."),
    (TenderKind.SCAN_TO_PAY, False): QT_TRANSLATE_NOOP(
        "Trade", "By card or wallet on the visitor's own phone."),
    (TenderKind.SCAN_TO_PAY, True): QT_TRANSLATE_NOOP(
        "Trade", "By card or wallet on your own phone."),
    (TenderKind.PAY_LATER, False): QT_TRANSLATE_NOOP("Trade", "An invoice follows by e-mail."),
    (TenderKind.PAY_LATER, True): QT_TRANSLATE_NOOP("Trade", "An invoice comes to you by e-mail."),
})  # fmt: skip

WHY_NOT: Final[Mapping[WhyNot, str]] = MappingProxyType({
    WhyNot.BELOW_LEAST: QT_TRANSLATE_NOOP("Trade", "The amount is too small for this way to pay."),
    WhyNot.ABOVE_MOST: QT_TRANSLATE_NOOP("Trade", "The amount is too large for this way to pay."),
    WhyNot.NOT_PROVISIONED: QT_TRANSLATE_NOOP("Trade", "Not prepared for everything in the cart."),
    WhyNot.EXPOSURE: QT_TRANSLATE_NOOP("Trade", "Enough is open on trust for now."),
    WhyNot.TOO_MANY_CODES: QT_TRANSLATE_NOOP("Trade", "Too many things for one phone payment."),
    WhyNot.NEEDS_INVOICE: QT_TRANSLATE_NOOP(
        "Trade", "Not for a membership that ends by itself and is paid bit by bit."
    ),
    WhyNot.NOTHING_DUE: QT_TRANSLATE_NOOP("Trade", "There is nothing to pay."),
})  # fmt: skip

CADENCES: Final[Mapping[CadenceUnit, str]] = MappingProxyType({
    CadenceUnit.DAY: QT_TRANSLATE_NOOP("Trade", "a day"),
    CadenceUnit.WEEK: QT_TRANSLATE_NOOP("Trade", "a week"),
    CadenceUnit.MONTH: QT_TRANSLATE_NOOP("Trade", "a month"),
})  # fmt: skip

SEVERAL: Final[Mapping[CadenceUnit, str]] = MappingProxyType({
    CadenceUnit.DAY: QT_TRANSLATE_NOOP("Trade", "every %n days"),
    CadenceUnit.WEEK: QT_TRANSLATE_NOOP("Trade", "every %n weeks"),
    CadenceUnit.MONTH: QT_TRANSLATE_NOOP("Trade", "every %n months"),
})  # fmt: skip

SPANS: Final[Mapping[CadenceUnit, str]] = MappingProxyType({
    CadenceUnit.DAY: QT_TRANSLATE_NOOP("Trade", "for %n days"),
    CadenceUnit.WEEK: QT_TRANSLATE_NOOP("Trade", "for %n weeks"),
    CadenceUnit.MONTH: QT_TRANSLATE_NOOP("Trade", "for %n months"),
})  # fmt: skip

ENTRY_STATES: Final[Mapping[EntryState, str]] = MappingProxyType({
    EntryState.WAITING: QT_TRANSLATE_NOOP("Trade", "Waiting"),
    EntryState.UNKNOWN: QT_TRANSLATE_NOOP("Trade", "Unknown"),
    EntryState.DELIVERED: QT_TRANSLATE_NOOP("Trade", "Delivered"),
    EntryState.PARKED: QT_TRANSLATE_NOOP("Trade", "Needs attention"),
})  # fmt: skip

TOPICS: Final[Mapping[Topic, str]] = MappingProxyType({
    Topic.INVOICE: QT_TRANSLATE_NOOP("Trade", "Invoice"),
    Topic.SUBSCRIPTION: QT_TRANSLATE_NOOP("Trade", "Membership"),
    Topic.WATCH: QT_TRANSLATE_NOOP("Trade", "Payment expected"),
})  # fmt: skip

RAIL_STATES: Final[Mapping[RailState | None, str]] = MappingProxyType({
    None: QT_TRANSLATE_NOOP("Trade", "Stripe has not been asked yet."),
    RailState.REACHABLE: QT_TRANSLATE_NOOP("Trade", "Stripe can be reached."),
    RailState.UNREACHABLE: QT_TRANSLATE_NOOP(
        "Trade", "No network. Sales are kept here and sent later."),
    RailState.CAPTIVE_PORTAL: QT_TRANSLATE_NOOP(
        "Trade", "Something else answers for Stripe. If the network asks for a login, open its "
        "page once on this machine."),
    RailState.KEY_REFUSED: QT_TRANSLATE_NOOP(
        "Trade", "Stripe refused the key. Sales are kept; put the right key in place."),
    RailState.WRONG_MODE: QT_TRANSLATE_NOOP(
        "Trade", "The key belongs to another mode. Sales are kept; check test and live."),
    RailState.LIMITED: QT_TRANSLATE_NOOP("Trade", "Stripe asks us to go slower. Sending goes on."),
})  # fmt: skip

# What reconciliation found. The amount beside it is what Stripe has.
FINDINGS: Final[Mapping[FindingKind, str]] = MappingProxyType({
    FindingKind.PAID_EXACTLY: QT_TRANSLATE_NOOP("Findings", "Paid in full."),
    FindingKind.PROCESSING: QT_TRANSLATE_NOOP(
        "Findings", "The payment is on its way at the bank. Wait for it."),
    FindingKind.UNPAID_AT_GRACE: QT_TRANSLATE_NOOP(
        "Findings", "Nobody paid in time, so the pass is revoked."),
    FindingKind.UNDERPAID: QT_TRANSLATE_NOOP(
        "Findings", "Less was paid than the sale comes to. Ask for the rest, or refund it at "
        "Stripe."),
    FindingKind.OVERPAID: QT_TRANSLATE_NOOP(
        "Findings", "More was paid than the sale comes to. The pass is good; refund the rest at "
        "Stripe."),
    FindingKind.WRONG_CURRENCY: QT_TRANSLATE_NOOP(
        "Findings", "It was paid in another currency, so the pass is held. Compare the two at "
        "Stripe."),
    FindingKind.PAID_AFTER_REVOKE: QT_TRANSLATE_NOOP(
        "Findings", "It was paid after its time, so the pass is good again."),
    FindingKind.REFERENCE_UNKNOWN: QT_TRANSLATE_NOOP(
        "Findings", "Somebody paid, but no sale of this kiosk belongs to it. Look it up at Stripe, "
        "then refund it or serve the member."),
    FindingKind.TOTAL_DIFFERS: QT_TRANSLATE_NOOP(
        "Findings", "Stripe's invoice has another total than the sale. Compare the two there."),
    FindingKind.INVOICE_VOIDED: QT_TRANSLATE_NOOP(
        "Findings", "The invoice was voided at Stripe, so the pass is revoked."),
})  # fmt: skip

# What a sale's money makes of its passes; a provisional pass says until when, elsewhere.
SETTLEMENTS: Final[Mapping[Settlement, str]] = MappingProxyType({
    Settlement.CONFIRMED: QT_TRANSLATE_NOOP("Pass", "Confirmed"),
    Settlement.PROVISIONAL: QT_TRANSLATE_NOOP("Pass", "Provisional"),
    Settlement.HELD: QT_TRANSLATE_NOOP("Pass", "Held"),
    Settlement.REVOKED: QT_TRANSLATE_NOOP("Pass", "Revoked"),
})  # fmt: skip

# Why an entry was parked: the words the sync wing writes down.
REASONS: Final[Mapping[str, str]] = MappingProxyType({
    "member_erased": QT_TRANSLATE_NOOP(
        "Reasons", "The member's data was erased before this was sent. There is nobody to bill."),
    "invoice_void": QT_TRANSLATE_NOOP(
        "Reasons", "The invoice was voided at Stripe. Look there for the reason."),
    "total_differs": QT_TRANSLATE_NOOP(
        "Reasons", "Stripe's invoice has another total than the sale. Compare the two there."),
    "first_invoice_missing": QT_TRANSLATE_NOOP(
        "Reasons", "The membership stands at Stripe, but its first invoice does not. Look there."),
    "salvaged": QT_TRANSLATE_NOOP(
        "Reasons", "The sales file was damaged, and this sale was saved in part. Compare it with "
        "its receipt, then try again."),
    "intent_unreadable": QT_TRANSLATE_NOOP(
        "Reasons", "An older or newer version of the program wrote this. Update, then try again."),
})  # fmt: skip
