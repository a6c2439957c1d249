"""The sums on the cash drawer are what people really hand over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import CURRENCIES
from kiosk.ui.quick_notes import NOTES_MAX, quick_notes


@pytest.mark.parametrize(
    ("due", "currency", "sums"),
    [
        (2300, "gbp", (2300, 2500, 3000, 4000, 5000, 10000)),
        (2000, "eur", (2000, 5000, 10000, 20000)),
        (1, "eur", (1, 500, 1000, 2000, 5000, 10000)),
        (3400, "jpy", (3400, 3500, 4000, 5000, 10000, 20000)),
        (25_000, "eur", (25_000, 26_000, 30_000, 40_000)),
    ],
)
def test_the_exact_sum_comes_first_and_then_whole_notes(
    due: int, currency: str, sums: tuple[int, ...]
) -> None:
    assert quick_notes(due, currency) == sums


@given(st.integers(1, 9_999_999), st.sampled_from(sorted(CURRENCIES)))
def test_every_sum_is_enough_and_none_is_offered_twice(due: int, currency: str) -> None:
    sums = quick_notes(due, currency)
    assert sums[0] == due
    assert 1 <= len(sums) <= NOTES_MAX
    assert list(sums) == sorted(set(sums))
    assert all(given_minor >= due for given_minor in sums)


@given(st.integers(1, 9_999_999), st.sampled_from(sorted(CURRENCIES)))
def test_no_sum_needs_a_coin_after_the_first(due: int, currency: str) -> None:
    unit = 10 ** CURRENCIES[currency].exponent
    assert all(given_minor % (5 * unit) == 0 for given_minor in quick_notes(due, currency)[1:])
