"""The findings table, one test for each row, and the laws of grace."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.clock import DAY_MS
from kiosk.domain.ids import MemberId, SaleId
from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import FindingKind
from sync.judging import (
    PROCESSING_MS_MAX,
    Closing,
    Counted,
    Due,
    Grace,
    closing_of,
    grace_at,
    grace_ends_ms,
    judge,
    judge_bill,
)
from sync.rails.base import Bill, BillState, Payment, PaymentState

DUE = Due(currency="eur", total_minor=2500, revoked=False, grace=Grace.RUNNING)
OVER = dataclasses.replace(DUE, grace=Grace.OVER)
LONG_OVER = dataclasses.replace(DUE, grace=Grace.LONG_OVER)
REVOKED = dataclasses.replace(OVER, revoked=True)


def one(
    amount_minor: int = 2500,
    *,
    currency: str = "eur",
    state: PaymentState = PaymentState.PAID,
    expected_minor: int = 2500,
) -> Counted:
    payment = Payment(
        payment_id="cs_1",
        link_id="plink_1",
        reference="kp1",
        state=state,
        amount_minor=amount_minor,
        currency=currency,
        created_s=1,
    )
    return Counted(payment=payment, expected_minor=expected_minor)


def bill(state: BillState, total_minor: int = 2500, currency: str = "eur") -> Bill:
    return Bill(
        bill_id="in_1",
        state=state,
        total_minor=total_minor,
        paid_minor=total_minor,
        currency=currency,
        url=None,
    )


def sale(**changes: object) -> Sale:
    values: dict[str, object] = {
        "sale_id": SaleId("s"),
        "receipt_number": "K3-000001",
        "device": 3,
        "snapshot_number": 1,
        "member_id": MemberId("m"),
        "staff_id": None,
        "mode": RailMode.PRACTICE,
        "language": "en",
        "currency": "eur",
        "lines": (),
        "tenders": (),
        "consents": (),
        "enrollments": (),
        "sold_ms": 1_000_000,
        "skew_ms": None,
        "clock_doubtful": False,
        **changes,
    }
    return Sale(**values)  # type: ignore[arg-type]


def test_paid_exactly() -> None:
    assert judge(DUE, [one()]) is FindingKind.PAID_EXACTLY


def test_paid_exactly_at_the_end_of_grace_is_still_paid() -> None:
    assert judge(OVER, [one()]) is FindingKind.PAID_EXACTLY


def test_a_quantity_is_paid_by_as_many_payments_of_one_unit() -> None:
    half = one(1250, expected_minor=1250)
    assert judge(DUE, [half]) is None
    assert judge(DUE, [half, half]) is FindingKind.PAID_EXACTLY


def test_processing() -> None:
    under_way = one(state=PaymentState.PROCESSING)
    assert judge(DUE, [under_way]) is FindingKind.PROCESSING
    assert judge(OVER, [under_way]) is FindingKind.PROCESSING


def test_processing_for_more_than_a_week_is_unpaid() -> None:
    under_way = one(state=PaymentState.PROCESSING)
    assert judge(LONG_OVER, [under_way]) is FindingKind.UNPAID_AT_GRACE


def test_nothing_by_the_end_of_grace() -> None:
    assert judge(DUE, []) is None
    assert judge(OVER, []) is FindingKind.UNPAID_AT_GRACE


def test_an_open_page_is_nothing() -> None:
    opened = one(state=PaymentState.OPEN)
    assert judge(DUE, [opened]) is None
    assert judge(OVER, [opened]) is FindingKind.UNPAID_AT_GRACE


def test_underpaid() -> None:
    assert judge(DUE, [one(2400)]) is FindingKind.UNDERPAID


def test_a_part_of_the_units_is_underpaid_at_the_end_of_grace_only() -> None:
    half = one(1250, expected_minor=1250)
    assert judge(DUE, [half]) is None
    assert judge(OVER, [half]) is FindingKind.UNDERPAID


def test_overpaid() -> None:
    assert judge(DUE, [one(2600)]) is FindingKind.OVERPAID


def test_paid_twice_is_overpaid() -> None:
    assert judge(DUE, [one(), one()]) is FindingKind.OVERPAID


def test_wrong_currency() -> None:
    assert judge(DUE, [one(currency="usd")]) is FindingKind.WRONG_CURRENCY


def test_paid_after_revoke() -> None:
    assert judge(REVOKED, [one()]) is FindingKind.PAID_AFTER_REVOKE


def test_a_revoked_sale_is_not_found_unpaid_again() -> None:
    assert judge(REVOKED, []) is None


@pytest.mark.parametrize("state", [BillState.VOID, BillState.UNCOLLECTIBLE])
def test_invoice_voided_or_uncollectible(state: BillState) -> None:
    assert judge_bill(DUE, bill(state)) is FindingKind.INVOICE_VOIDED


def test_an_invoice_is_overdue_at_the_end_of_grace() -> None:
    assert judge_bill(DUE, bill(BillState.OPEN)) is None
    assert judge_bill(OVER, bill(BillState.OPEN)) is FindingKind.UNPAID_AT_GRACE
    assert judge_bill(REVOKED, bill(BillState.OPEN)) is None


def test_an_invoice_that_is_paid() -> None:
    assert judge_bill(DUE, bill(BillState.PAID)) is FindingKind.PAID_EXACTLY
    assert judge_bill(REVOKED, bill(BillState.PAID)) is FindingKind.PAID_AFTER_REVOKE
    assert judge_bill(DUE, bill(BillState.PAID, 2600)) is FindingKind.TOTAL_DIFFERS
    assert judge_bill(DUE, bill(BillState.PAID, currency="usd")) is FindingKind.WRONG_CURRENCY


@pytest.mark.parametrize(
    ("kind", "grace", "closing"),
    [
        (None, Grace.OVER, Closing.KEEP),
        (FindingKind.PROCESSING, Grace.OVER, Closing.KEEP),
        (FindingKind.PAID_EXACTLY, Grace.RUNNING, Closing.DELIVER),
        (FindingKind.OVERPAID, Grace.RUNNING, Closing.DELIVER),
        (FindingKind.PAID_AFTER_REVOKE, Grace.OVER, Closing.DELIVER),
        (FindingKind.UNPAID_AT_GRACE, Grace.OVER, Closing.DELIVER),
        (FindingKind.INVOICE_VOIDED, Grace.RUNNING, Closing.DELIVER),
        (FindingKind.UNDERPAID, Grace.RUNNING, Closing.KEEP),
        (FindingKind.UNDERPAID, Grace.OVER, Closing.PARK),
        (FindingKind.WRONG_CURRENCY, Grace.RUNNING, Closing.PARK),
        (FindingKind.TOTAL_DIFFERS, Grace.RUNNING, Closing.PARK),
    ],
)
def test_what_becomes_of_the_watch(
    kind: FindingKind | None, grace: Grace, closing: Closing
) -> None:
    assert closing_of(kind, grace) is closing


def test_grace_ends_when_it_was_agreed() -> None:
    assert grace_ends_ms(sale(), 2_000_000, first_seen_ms=None) == 2_000_000


def test_a_measured_error_of_the_clock_is_taken_out() -> None:
    assert grace_ends_ms(sale(skew_ms=-200_000), 2_000_000, first_seen_ms=None) == 2_200_000


@pytest.mark.parametrize("skew_ms", [-16 * DAY_MS, 16 * DAY_MS])
def test_a_great_error_was_taken_out_at_the_sale_and_is_not_taken_out_again(skew_ms: int) -> None:
    doubted = sale(skew_ms=skew_ms, clock_doubtful=True)
    assert grace_ends_ms(doubted, 2_000_000, first_seen_ms=None) == 2_000_000


@given(
    error_ms=st.integers(-5 * 365 * DAY_MS, 5 * 365 * DAY_MS),
    grace_ms=st.integers(60_000, 30 * DAY_MS),
    seen_after_ms=st.integers(0, 60 * DAY_MS),
)
def test_a_doubtful_clock_never_ends_grace_early(
    error_ms: int, grace_ms: int, seen_after_ms: int
) -> None:
    true_sold_ms = 10**13
    sold_ms = true_sold_ms + error_ms
    ends_ms = grace_ends_ms(
        sale(sold_ms=sold_ms, clock_doubtful=True),
        sold_ms + grace_ms,
        first_seen_ms=true_sold_ms + seen_after_ms,
    )
    assert ends_ms == true_sold_ms + seen_after_ms + grace_ms


def test_while_nobody_knows_the_time_grace_is_running() -> None:
    assert grace_at(None, 1) is Grace.RUNNING


def test_grace_is_over_at_its_last_instant() -> None:
    assert grace_at(999, 1000) is Grace.RUNNING
    assert grace_at(1000, 1000) is Grace.OVER
    assert grace_at(999 + PROCESSING_MS_MAX, 1000) is Grace.OVER
    assert grace_at(1000 + PROCESSING_MS_MAX, 1000) is Grace.LONG_OVER


@given(amounts=st.lists(st.integers(1, 5000), max_size=6))
def test_no_order_of_payments_changes_the_finding(amounts: list[int]) -> None:
    counted = [one(amount) for amount in amounts]
    assert judge(OVER, counted) is judge(OVER, counted[::-1])
