"""What findings make of a sale's money, for every sequence, against the table of the rails."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.settlement import (
    NEEDS_ATTENTION,
    Finding,
    FindingKind,
    Settlement,
    settlement_of,
)

K = FindingKind
PAID = {K.PAID_EXACTLY, K.OVERPAID, K.PAID_AFTER_REVOKE}
REVOKING = {K.UNPAID_AT_GRACE, K.INVOICE_VOIDED}
SILENT = {K.PROCESSING, K.UNDERPAID, K.REFERENCE_UNKNOWN, K.TOTAL_DIFFERS}
sequences = st.lists(st.sampled_from(K), max_size=8)


def found(*kinds: FindingKind) -> list[Finding]:
    """Findings of these kinds, each read from an object of its own."""
    return [
        Finding(
            kind=kind, sale_id=None, remote_id=f"in_{n}", amount_minor=1, currency="eur", at_ms=n
        )
        for n, kind in enumerate(kinds)
    ]


def on_trust(*kinds: FindingKind) -> Settlement:
    return settlement_of(found(*kinds), money_in_hand=False)


def by_the_table(findings: tuple[FindingKind, ...]) -> Settlement:
    """The table of the rails, said in another way: paid beats all, else the last word counts."""
    if PAID.intersection(findings):
        return Settlement.CONFIRMED
    words = [kind for kind in findings if kind not in SILENT]
    if not words:
        return Settlement.PROVISIONAL
    return Settlement.REVOKED if words[-1] in REVOKING else Settlement.HELD


@pytest.mark.parametrize("length", range(5))
def test_every_sequence_of_findings_comes_out_as_the_table_says(length: int) -> None:
    for findings in product(K, repeat=length):
        assert on_trust(*findings) is by_the_table(findings), findings


@given(sequences)
def test_cash_in_hand_is_never_undone_by_the_rail(findings: list[FindingKind]) -> None:
    assert settlement_of(found(*findings), money_in_hand=True) is Settlement.CONFIRMED


@given(sequences)
def test_a_finding_read_twice_changes_nothing(findings: list[FindingKind]) -> None:
    doubled = [kind for kind in findings for _ in range(2)]
    assert on_trust(*doubled) is on_trust(*findings)


@given(sequences, st.sampled_from(sorted(PAID)), sequences)
def test_once_paid_always_paid(
    before: list[FindingKind], paid: FindingKind, after: list[FindingKind]
) -> None:
    assert on_trust(*before, paid, *after) is Settlement.CONFIRMED


@pytest.mark.parametrize(
    ("findings", "state"),
    [
        ((), Settlement.PROVISIONAL),
        ((K.PROCESSING,), Settlement.PROVISIONAL),
        ((K.UNDERPAID,), Settlement.PROVISIONAL),
        ((K.PAID_EXACTLY,), Settlement.CONFIRMED),
        ((K.OVERPAID,), Settlement.CONFIRMED),
        ((K.UNPAID_AT_GRACE,), Settlement.REVOKED),
        ((K.UNPAID_AT_GRACE, K.PAID_AFTER_REVOKE), Settlement.CONFIRMED),
        ((K.WRONG_CURRENCY,), Settlement.HELD),
        ((K.WRONG_CURRENCY, K.UNPAID_AT_GRACE), Settlement.REVOKED),
        ((K.UNPAID_AT_GRACE, K.WRONG_CURRENCY), Settlement.HELD),
        ((K.INVOICE_VOIDED,), Settlement.REVOKED),
        ((K.PAID_EXACTLY, K.INVOICE_VOIDED), Settlement.CONFIRMED),
    ],
)
def test_each_line_of_the_table(findings: tuple[FindingKind, ...], state: Settlement) -> None:
    assert on_trust(*findings) is state


def test_every_finding_that_costs_somebody_money_reaches_a_person() -> None:
    costly = {K.UNDERPAID, K.OVERPAID, K.WRONG_CURRENCY, K.REFERENCE_UNKNOWN, K.TOTAL_DIFFERS}
    assert costly == NEEDS_ATTENTION


@given(st.integers(2, 5), sequences)
def test_a_sale_billed_in_parts_is_confirmed_when_each_part_is_paid(
    watches: int, findings: list[FindingKind]
) -> None:
    quiet = [kind for kind in findings if kind not in PAID]
    for paid in range(watches + 1):
        state = settlement_of(
            found(*quiet, *[K.PAID_EXACTLY] * paid), money_in_hand=False, watches=watches
        )
        assert (state is Settlement.CONFIRMED) == (paid == watches)
        if paid < watches:
            assert state is on_trust(*quiet)


def test_one_part_found_paid_twice_does_not_pay_for_the_other() -> None:
    once, again = found(K.PAID_EXACTLY, K.OVERPAID)
    twice = [once, replace(again, remote_id=once.remote_id)]
    assert settlement_of(twice, money_in_hand=False, watches=2) is Settlement.PROVISIONAL
