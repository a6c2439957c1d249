"""Money: parts add up to the whole, tax rounds half up, amounts are written with their point."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.domain.money import (
    AMOUNT_MAX_MINOR,
    CURRENCIES,
    currency_of,
    plain,
    share_out,
    tax_on,
    tax_within,
)

amounts = st.integers(-AMOUNT_MAX_MINOR, AMOUNT_MAX_MINOR)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)
rates = st.integers(0, 10_000)


@given(amounts, weights)
def test_the_parts_add_up_to_the_amount(amount: int, by: list[int]) -> None:
    assert sum(share_out(amount, by)) == amount


@given(amounts, weights)
def test_no_part_is_a_whole_minor_unit_away_from_its_due(amount: int, by: list[int]) -> None:
    total = sum(by)
    if total:
        for part, weight in zip(share_out(amount, by), by, strict=True):
            assert abs(part - Fraction(amount * weight, total)) < 1


@given(amounts, weights)
def test_the_remainder_goes_to_the_largest_fractions_first(amount: int, by: list[int]) -> None:
    total = sum(by)
    if not total:
        return
    parts = share_out(amount, by)
    floors = [amount * weight // total for weight in by]
    rounded = [i for i, part in enumerate(parts) if part > floors[i]]
    others = [i for i, part in enumerate(parts) if part == floors[i]]
    keys = [(-(amount * by[i] % total), i) for i in rounded]
    assert all(key < (-(amount * by[i] % total), i) for key in keys for i in others)


def test_ties_go_to_the_earlier_part() -> None:
    assert share_out(100, [1, 1, 1]) == (34, 33, 33)
    assert share_out(101, [1, 1, 1]) == (34, 34, 33)


def test_a_weight_of_zero_gets_nothing() -> None:
    assert share_out(7, [0, 1, 0]) == (0, 7, 0)


def test_all_weights_zero_leave_everything_with_the_first() -> None:
    assert share_out(7, [0, 0, 0]) == (7, 0, 0)


def test_a_refund_is_shared_out_exactly_too() -> None:
    assert sum(share_out(-100, [1, 1, 1])) == -100


@pytest.mark.parametrize("bad", [[], [-1], [5, -1]])
def test_no_weights_and_negative_weights_are_bugs(bad: list[int]) -> None:
    with pytest.raises(AssertionError):
        share_out(1, bad)


@given(amounts, rates)
@example(50, 10_000)
def test_tax_within_is_the_exact_share_rounded_half_up(gross: int, rate_bp: int) -> None:
    exact = Fraction(gross * rate_bp, 10_000 + rate_bp)
    assert -Fraction(1, 2) <= exact - tax_within(gross, rate_bp) < Fraction(1, 2)


@given(st.integers(0, AMOUNT_MAX_MINOR), rates)
def test_tax_on_is_what_a_decimal_calculator_says(net: int, rate_bp: int) -> None:
    exact = Decimal(net) * rate_bp / 10_000
    assert tax_on(net, rate_bp) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, AMOUNT_MAX_MINOR), rates)
def test_the_tax_that_was_added_is_found_within_again(net: int, rate_bp: int) -> None:
    added = tax_on(net, rate_bp)
    assert abs(tax_within(net + added, rate_bp) - added) <= 1


def test_tax_of_well_known_amounts() -> None:
    assert tax_within(490, 1900) == 78  # 4.90 with 19 % inside
    assert tax_on(1150, 2000) == 230
    assert (tax_within(999, 0), tax_on(999, 0)) == (0, 0)
    assert (tax_within(200, 10_000), tax_on(100, 10_000)) == (100, 100)  # 100 %
    assert tax_on(1, 5000) == 1  # half a minor unit goes up


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1250, "eur", "12.50 EUR"),
        (5, "eur", "0.05 EUR"),
        (0, "gbp", "0.00 GBP"),
        (-7, "usd", "-0.07 USD"),
        (-1250, "usd", "-12.50 USD"),
        (9800, "jpy", "9800 JPY"),
        (0, "jpy", "0 JPY"),
        (AMOUNT_MAX_MINOR, "eur", "999999.99 EUR"),
    ],
)
def test_an_amount_is_written_with_its_point(amount: int, currency: str, written: str) -> None:
    assert plain(amount, currency) == written


@given(amounts, st.sampled_from(sorted(CURRENCIES)))
def test_what_is_written_can_be_read_back(amount: int, currency: str) -> None:
    number, code = plain(amount, currency).split()
    assert Decimal(number).scaleb(CURRENCIES[currency].exponent) == amount
    assert code.lower() == currency


def test_every_currency_has_a_lower_case_code_and_a_least_amount() -> None:
    for code, currency in CURRENCIES.items():
        assert code == currency.code == code.lower()
        assert len(code) == 3
        assert currency.exponent in {0, 2}
        assert 0 < currency.least_minor < AMOUNT_MAX_MINOR


def test_the_table_of_currencies_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CURRENCIES["xxx"] = CURRENCIES["eur"]  # type: ignore[index]


def test_currencies_without_minor_units_are_known_as_such() -> None:
    assert {code for code, known in CURRENCIES.items() if known.exponent == 0} == {
        "clp", "jpy", "krw", "vnd", "xaf", "xof", "xpf", "pyg",
    }  # fmt: skip


@pytest.mark.parametrize("unknown", ["", "EUR", "xxx", "eu"])
def test_an_unknown_currency_is_nothing(unknown: str) -> None:
    assert currency_of(unknown) is None


def test_a_known_currency_is_found() -> None:
    assert currency_of("eur") is CURRENCIES["eur"]
