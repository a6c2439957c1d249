"""Every screen by name."""

from __future__ import annotations

from enum import StrEnum


class Page(StrEnum):
    """The screens in the order of a visit; the staff's come after the visitors'."""

    BOOT = "boot"
    UNLOCK = "unlock"
    FAULT = "fault"
    EMPTY = "empty"
    ATTRACT = "attract"
    OFFERS = "offers"
    DETAILS = "details"
    PAY = "pay"
    SCAN_TO_PAY = "scan-to-pay"
    PARKED_NUMBER = "parked-number"
    PASS = "pass"
    SET_PIN = "set-pin"
    PIN = "pin"
    TODAY = "today"
    OUTBOX = "outbox"
    PARKED_CARTS = "parked-carts"
    MEMBERS = "members"
    DOCTOR = "doctor"

    @property
    def of_a_visit(self) -> bool:
        """Whether a visitor may leave something of theirs on it, so that it must not stay open."""
        return self in _VISIT

    @property
    def of_staff(self) -> bool:
        """Whether only staff who have signed in see it."""
        return self in _STAFF


_VISIT = frozenset({Page.OFFERS, Page.DETAILS, Page.PAY, Page.SCAN_TO_PAY, Page.PARKED_NUMBER})
_STAFF = frozenset({Page.TODAY, Page.OUTBOX, Page.PARKED_CARTS, Page.MEMBERS, Page.DOCTOR})
