"""The sale's intents as the till wrote them, read strictly.

What cannot be read is parked for a person, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import Intent
from kiosk.domain.tender import TenderKind

T = TypeVar("T")


class IntentUnreadable(Exception):
    """The entry was written by another program, or damaged: a person has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line to bill; `amount_minor` is for the whole quantity."""

    line_no: int
    description: str
    amount_minor: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillIntent:
    """Bill the one-off lines of a sale, once."""

    tender: TenderKind
    currency: str
    sold_ms: int
    days_until_due: int | None
    lines: tuple[BillLine, ...]
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionIntent:
    """Enroll a member for one membership line; the first period is paid as `tender` says."""

    tender: TenderKind
    currency: str
    sold_ms: int
    days_until_due: int | None
    line_no: int
    offer: str
    name: str
    unit_minor: int
    quantity: int
    total_minor: int
    every: int
    unit: str
    cancel_at_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedLink:
    """A link that a sale's codes led to: `quantity` payments of `unit_minor` are expected."""

    entity: str
    link_id: str
    unit_minor: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchIntent:
    """Wait for a member's payment: on links, or of the invoice that the entry `bills` made."""

    tender: TenderKind
    currency: str
    total_minor: int
    sold_ms: int
    grace_ends_ms: int
    links: tuple[WatchedLink, ...]
    bills: EntryId | None


def read_bill(intent: Intent) -> BillIntent:
    """Raises IntentUnreadable."""
    lines = tuple(
        BillLine(
            line_no=_int(line, "line_no"),
            description=_text(line, "description"),
            amount_minor=_int(line, "amount_minor"),
            quantity=_int(line, "quantity"),
        )
        for line in _rows(intent, "lines")
    )
    total_minor = _int(intent, "total_minor")
    if not lines or sum(line.amount_minor for line in lines) != total_minor:
        raise IntentUnreadable("lines")
    return BillIntent(
        tender=_tender(intent),
        currency=_text(intent, "currency"),
        sold_ms=_int(intent, "sold_ms"),
        days_until_due=_optional(intent, "days_until_due", _int),
        lines=lines,
        total_minor=total_minor,
    )


def read_subscription(intent: Intent) -> SubscriptionIntent:
    """Raises IntentUnreadable."""
    cadence = intent.get("cadence")
    if not isinstance(cadence, Mapping):
        raise IntentUnreadable("cadence")
    return SubscriptionIntent(
        tender=_tender(intent),
        currency=_text(intent, "currency"),
        sold_ms=_int(intent, "sold_ms"),
        days_until_due=_optional(intent, "days_until_due", _int),
        line_no=_int(intent, "line_no"),
        offer=_text(intent, "offer"),
        name=_text(intent, "name"),
        unit_minor=_int(intent, "unit_minor"),
        quantity=_int(intent, "quantity"),
        total_minor=_int(intent, "total_minor"),
        every=_int(cadence, "every"),
        unit=_text(cadence, "unit"),
        cancel_at_s=_optional(intent, "cancel_at_s", _int),
    )


def read_watch(intent: Intent) -> WatchIntent:
    """Raises IntentUnreadable."""
    links = tuple(
        WatchedLink(
            entity=_text(link, "entity"),
            link_id=_text(link, "link_id"),
            unit_minor=_int(link, "unit_minor"),
            quantity=_int(link, "quantity"),
        )
        for link in _rows(intent, "links")
    )
    bills = _optional(intent, "bills", _text)
    if not links and bills is None:
        raise IntentUnreadable("links")
    return WatchIntent(
        tender=_tender(intent),
        currency=_text(intent, "currency"),
        total_minor=_int(intent, "total_minor"),
        sold_ms=_int(intent, "sold_ms"),
        grace_ends_ms=_int(intent, "grace_ends_ms"),
        links=links,
        bills=None if bills is None else EntryId(bills),
    )


def _int(intent: Intent, name: str) -> int:
    value = intent.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise IntentUnreadable(name)
    return value


def _text(intent: Intent, name: str) -> str:
    value = intent.get(name)
    if not isinstance(value, str) or not value:
        raise IntentUnreadable(name)
    return value


def _optional(intent: Intent, name: str, read: Callable[[Intent, str], T]) -> T | None:
    return None if intent.get(name) is None else read(intent, name)


def _rows(intent: Intent, name: str) -> tuple[Intent, ...]:
    rows = intent.get(name, ())
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise IntentUnreadable(name)
    return tuple(rows)


def _tender(intent: Intent) -> TenderKind:
    try:
        return TenderKind(_text(intent, "tender"))
    except ValueError:
        raise IntentUnreadable("tender") from None
