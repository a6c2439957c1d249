"""The cash drawer's sums: due, given, and what goes back or is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.cash_count import GIVEN_MAX_MINOR, CashCount, in_bounds

amounts = st.integers(0, GIVEN_MAX_MINOR)


def count(
    due: int, handed_over: int, currency: str | None = "gbp", language: str = "en"
) -> CashCount:
    return CashCount(due_minor=due, given_minor=handed_over, currency=currency, language=language)


@pytest.mark.parametrize(
    ("due", "handed_over", "told"),
    [
        (2300, 0, ("£23.00", "£0.00", "£0.00", "£23.00", False)),
        (2300, 2299, ("£23.00", "£22.99", "£0.00", "£0.01", False)),
        (2300, 2300, ("£23.00", "£23.00", "£0.00", "£0.00", True)),
        (2300, 5000, ("£23.00", "£50.00", "£27.00", "£0.00", True)),
    ],
)
def test_sums_are_told_in_the_money_of_the_cart(
    due: int, handed_over: int, told: tuple[object, ...]
) -> None:
    found = count(due, handed_over)
    assert (found.total, found.given, found.change_due, found.short_by, found.covered) == told


def test_without_a_cart_nothing_is_told() -> None:
    found = count(0, 500, currency=None)
    assert (found.total, found.given, found.change_due, found.short_by) == ("", "", "", "")
    assert found.notes == ()


def test_sums_are_said_in_the_language_of_the_page() -> None:
    assert count(2300, 0, currency="eur", language="de").total == "23,00\N{NO-BREAK SPACE}€"


@given(amounts, amounts)
def test_either_something_goes_back_or_something_is_missing(due: int, handed_over: int) -> None:
    found = count(due, handed_over)
    nothing = found.text(0)
    assert nothing in {found.change_due, found.short_by}
    assert found.covered is (found.short_by == nothing)


@given(st.integers(1, 10_000_000))
def test_the_exact_sum_stands_first_and_every_other_is_more(due: int) -> None:
    notes = count(due, 0).notes
    assert [note.exact for note in notes] == [True] + [False] * (len(notes) - 1)
    assert notes[0].minor == due
    assert all(note.minor > due for note in notes[1:])
    assert all(note.label == count(note.minor, 0).total for note in notes)


@given(st.integers())
def test_no_sum_is_out_of_bounds(minor: int) -> None:
    assert 0 <= in_bounds(minor) <= GIVEN_MAX_MINOR
    if 0 <= minor <= GIVEN_MAX_MINOR:
        assert in_bounds(minor) == minor
