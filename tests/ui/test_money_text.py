"""Amounts in words of their language, exact to the last unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES
from kiosk.ui.money_text import money_text
from kiosk.ui.quick_notes import NOTES_MAX, quick_notes


@pytest.mark.parametrize(
    ("amount_minor", "currency", "language", "said"),
    [
        (1250, "eur", "en", "€12.50"),
        (1250, "eur", "de", "12,50\N{NO-BREAK SPACE}€"),
        (5, "eur", "en", "€0.05"),
        (0, "gbp", "en", "£0.00"),
        (123_456_789, "usd", "en", "$1,234,567.89"),
        (123_456_789, "eur", "de", "1.234.567,89\N{NO-BREAK SPACE}€"),
        (1200, "jpy", "en", "¥1,200"),
        (1200, "jpy", "de", "1.200\N{NO-BREAK SPACE}¥"),
        (1250, "chf", "en", "CHF\N{NO-BREAK SPACE}12.50"),
        (1250, "chf", "de", "12,50\N{NO-BREAK SPACE}CHF"),
        (-700, "eur", "en", "\N{MINUS SIGN}€7.00"),
        (-700, "eur", "de", "\N{MINUS SIGN}7,00\N{NO-BREAK SPACE}€"),
    ],
)
def test_an_amount_is_written_as_its_language_does(
    amount_minor: int, currency: str, language: str, said: str
) -> None:
    assert money_text(amount_minor, currency, language) == said


@given(
    amount=st.integers(-AMOUNT_MAX_MINOR, AMOUNT_MAX_MINOR),
    currency=st.sampled_from(sorted(CURRENCIES)),
    language=st.sampled_from(["en", "de"]),
)
def test_no_digit_is_lost_or_made_up(amount: int, currency: str, language: str) -> None:
    said = money_text(amount, currency, language)
    digits = "".join(char for char in said if char.isdigit())
    least = CURRENCIES[currency].exponent + 1
    assert digits == str(abs(amount)).rjust(least, "0")
    assert said.startswith("\N{MINUS SIGN}") == (amount < 0)


@given(due=st.integers(1, AMOUNT_MAX_MINOR), currency=st.sampled_from(["eur", "jpy", "usd"]))
def test_the_likely_sums_begin_with_the_exact_one_and_never_fall_short(
    due: int, currency: str
) -> None:
    notes = quick_notes(due, currency)
    assert notes[0] == due
    assert list(notes) == sorted(set(notes))
    assert 1 <= len(notes) <= NOTES_MAX


def test_the_likely_sums_are_whole_notes() -> None:
    assert quick_notes(2300, "eur") == (2300, 2500, 3000, 4000, 5000, 10_000)
    assert quick_notes(2300, "jpy") == (2300, 2500, 3000, 4000, 5000, 10_000)
    assert quick_notes(5000, "eur")[:2] == (5000, 6000)
