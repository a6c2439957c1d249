"""Tenders: change is exact, and the rail's own limits are known before anybody scans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES
from kiosk.domain.tender import Tender, TenderChoice, TenderKind, WhyNot, rail_fault


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_amount_and_change_are_what_was_given(amount: int, more: int) -> None:
    tender = Tender(kind=TenderKind.CASH, amount_minor=amount, given_minor=amount + more)
    assert tender.amount_minor + tender.change_due_minor == tender.given_minor


def test_only_cash_is_in_hand_when_the_sale_is_recorded() -> None:
    assert [kind for kind in TenderKind if kind.settles_at_once] == [TenderKind.CASH]


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_the_rail_takes_its_least_and_its_most_and_nothing_beyond(currency: str) -> None:
    least = CURRENCIES[currency].least_minor
    assert rail_fault(0, currency) is WhyNot.NOTHING_DUE
    assert rail_fault(1, currency) is WhyNot.BELOW_LEAST
    assert rail_fault(least - 1, currency) is WhyNot.BELOW_LEAST
    assert rail_fault(least, currency) is None
    assert rail_fault(AMOUNT_MAX_MINOR, currency) is None
    assert rail_fault(AMOUNT_MAX_MINOR + 1, currency) is WhyNot.ABOVE_MOST


def test_a_choice_is_available_unless_something_speaks_against_it() -> None:
    assert TenderChoice(kind=TenderKind.CASH).why_not is None
