"""The world outside the kiosk in a rehearsal: the weather of the network, and members who pay.

It acts on the practice Stripe alone and never looks into the buffer.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode

from kiosk.commands.rehearse_script import Conduct
from kiosk.domain.tender import TenderKind
from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.payer import PayerTurnedAway
from sync.practice.wire import JsonObject

if TYPE_CHECKING:
    from kiosk.domain.clock import Clock
    from sync.practice.shelf import Shelf

FAULTY_ROUNDS: Final = 6
SLOW_SECONDS: Final = 0.15
SHORT_MINOR: Final = 100
_HOUR_MS: Final = 3_600_000
_REFERENCE: Final = "client_reference_id"
# How likely each fault is for one request.
_WEATHER: Final = {
    FaultKind.LOST_BEFORE: 0.03,
    FaultKind.LOST_AFTER: 0.04,
    FaultKind.ERROR_500_WITHOUT_EFFECT: 0.02,
    FaultKind.ERROR_500_WITH_EFFECT: 0.04,
    FaultKind.RATE_LIMITED_429: 0.02,
    FaultKind.CONFLICT_409: 0.02,
    FaultKind.CAPTIVE_PORTAL: 0.01,
    FaultKind.CAPTIVE_PORTAL_REDIRECT: 0.01,
    FaultKind.SLOW: 0.01,
}


class LaterClock:
    """This machine's clock, some hours ahead: a rehearsal does not wait for the night to pass."""

    def __init__(self, ahead_hours: int) -> None:
        self._ahead_ms = ahead_hours * _HOUR_MS

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


def open_stripe(shelf: Shelf, clock: Clock, faults: FaultPlan) -> PracticeStripe:
    """The rehearsal's practice Stripe, continued where its shelf stopped."""
    return PracticeStripe(clock=clock.now_ms, seed=1, shelf=shelf, faults=faults)


def faults_of(seed: int, number: int) -> FaultPlan:
    """The weather of a drain: six stormy ones, then none."""
    if number > FAULTY_ROUNDS:
        return FaultPlan()
    rules = [
        FaultRule(kind=kind, probability=likely, seconds=SLOW_SECONDS)
        for kind, likely in _WEATHER.items()
    ]
    return FaultPlan(rules=tuple(rules), seed=seed * 1000 + number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A payment code as the member's phone read it."""

    url: str = field(repr=False)
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a member holds after a sale that the kiosk acknowledged."""

    sale_id: str
    codes: tuple[Code, ...]
    tender: TenderKind
    conduct: Conduct


class Members:
    """Everybody who still owes something, each with a way of paying of their own."""

    def __init__(self, bought: Sequence[Bought], seed: int) -> None:
        self._scanning = [one for one in bought if one.codes]
        self._later = {
            one.sale_id
            for one in bought
            if one.tender is TenderKind.PAY_LATER and one.conduct is not Conduct.NEVER
        }
        self._dice = random.Random(f"members {seed}")

    def pay(self, stripe: PracticeStripe, share: float) -> None:
        """About this share of those with a code pay now, and everybody an invoice that came."""
        undecided = []
        for one in self._scanning:
            if self._dice.random() < share:
                _scan(stripe, one)
            else:
                undecided.append(one)
        self._scanning = undecided
        for invoice_id in self._owed(stripe):
            stripe.pay_invoice(invoice_id)

    def _owed(self, stripe: PracticeStripe) -> list[str]:
        """The open invoices of those who pay what they are sent."""
        sale_of = {
            str(one["id"]): one["metadata"].get("kp_sale") for one in stripe.objects("subscription")
        }
        return [
            str(invoice["id"])
            for invoice in stripe.objects("invoice")
            if invoice["status"] == "open"
            and (invoice["metadata"].get("kp_sale") or sale_of.get(subscription_of(invoice)))
            in self._later
        ]


def subscription_of(invoice: JsonObject) -> str:
    """The id of the subscription that an invoice is a period of, or nothing."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return str(details.get("subscription") or "")


def _scan(stripe: PracticeStripe, one: Bought) -> None:
    """Pay every code of a sale, in the member's own way."""
    codes = [] if one.conduct is Conduct.NEVER else list(one.codes)
    if one.conduct is Conduct.TWICE:
        codes.append(codes[0])
    for number, code in enumerate(codes):
        short = number == 0 and one.conduct is Conduct.TOO_LITTLE
        amount_minor = max(code.amount_minor - SHORT_MINOR, 1) if short else None
        try:
            stripe.pay_link(_edited(code.url, one.conduct), amount_minor=amount_minor)
        except PayerTurnedAway:
            continue  # the link of a drop has had its number of payments


def _edited(url: str, conduct: Conduct) -> str:
    """The address as the member opened it: anybody can change what stands in it."""
    page, _, query = url.partition("?")
    asked = parse_qs(query)
    reference = asked.pop(_REFERENCE)[0]
    if conduct is Conduct.FORGES:
        asked[_REFERENCE] = [reference[:-1] + ("A" if reference[-1] != "A" else "B")]
    elif conduct is not Conduct.DROPS_REFERENCE:
        asked[_REFERENCE] = [reference]
    return f"{page}?{urlencode(asked, doseq=True)}"
