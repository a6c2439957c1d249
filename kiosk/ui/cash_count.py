"""The cash drawer's sums: what is due, what was handed over, and what goes back, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.ui.money_text import money_text
from kiosk.ui.quick_notes import quick_notes

GIVEN_MAX_MINOR: Final = 99_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """One likely sum to be handed over."""

    label: str
    minor: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCount:
    """Cash being counted, in minor units. `currency` None: there is nothing to pay yet."""

    due_minor: int
    given_minor: int
    currency: str | None
    language: str

    @property
    def covered(self) -> bool:
        """Whether what was handed over is as much as is due."""
        return self.given_minor >= self.due_minor

    @property
    def total(self) -> str:
        """What is due."""
        return self.text(self.due_minor)

    @property
    def given(self) -> str:
        """What was handed over."""
        return self.text(self.given_minor)

    @property
    def change_due(self) -> str:
        """What goes back."""
        return self.text(max(0, self.given_minor - self.due_minor))

    @property
    def short_by(self) -> str:
        """What is missing."""
        return self.text(max(0, self.due_minor - self.given_minor))

    @property
    def notes(self) -> tuple[NoteRow, ...]:
        """The sums that are likely to be handed over, the exact one first."""
        sums = () if self.currency is None else quick_notes(self.due_minor, self.currency)
        return tuple(
            NoteRow(label=self.text(minor), minor=minor, exact=place == 0)
            for place, minor in enumerate(sums)
        )

    def text(self, minor: int) -> str:
        """An amount in this money, or nothing."""
        return "" if self.currency is None else money_text(minor, self.currency, self.language)


def in_bounds(given_minor: int) -> int:
    """What a drawer takes at once: never less than nothing, never more than anybody carries."""
    return max(0, min(GIVEN_MAX_MINOR, given_minor))
