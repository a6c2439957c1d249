"""The sums a member is likely to hand over, so that cash is one tap."""

from __future__ import annotations

from typing import Final

from kiosk.domain.money import CURRENCIES

NOTES_MAX: Final = 6
# Whole notes in units of the currency, times this for currencies with no minor unit (yen, won).
_NOTES: Final = (5, 10, 20, 50, 100, 200)
_WITHOUT_MINOR_UNIT: Final = 100


def quick_notes(due_minor: int, currency: str) -> tuple[int, ...]:
    """The exact amount, then the nearest sums above it that are paid with whole notes."""
    exponent = CURRENCIES[currency].exponent
    unit = 10**exponent if exponent else _WITHOUT_MINOR_UNIT
    rounded = {-(-due_minor // (note * unit)) * note * unit for note in _NOTES}
    return (due_minor, *sorted(rounded - {due_minor}))[:NOTES_MAX]
