"""The bookkeeper by hand: sums and expectations small enough to check on paper."""

from __future__ import annotations

import pytest

from tests.simulation.model import Booked, Books

HOUR = 3_600_000


def sale(tender: str = "scan-to-pay", **changes: object) -> Booked:
    given: dict[str, object] = {
        "sale_id": "s1",
        "receipt": "K3-000001",
        "tender": tender,
        "email": "a@example.org",
        "units": {"jar": 2, "weekly": 1},
        "lines": {"jar": 1500, "weekly": 490},
        "passes": ("3-1",),
        "sold_true_ms": 0,
        "due_true_ms": 4 * HOUR,
        "clock_known": True,
    }
    return Booked(**{**given, **changes})  # type: ignore[arg-type]


def test_what_recurs_has_a_bill_of_its_own() -> None:
    assert sale("cash").bills == [("invoice", 1500), ("subscription", 490)]
    assert sale("pay-later", lines={"weekly": 490}).bills == [("subscription", 490)]
    assert sale().bills == []


@pytest.mark.parametrize(("price", "unit"), [(1010, 1202), (1000, 1190), (50, 60), (2, 2)])
def test_added_tax_is_rounded_half_up_per_unit(price: int, unit: int) -> None:
    books = Books(allotted=1, per_member=1, prices={"tote": price})
    assert books.amounts({"tote": 3}) == {"tote": 3 * unit}


@pytest.mark.parametrize(
    ("payments", "settlements"),
    [
        ([], {"revoked"}),
        ([(HOUR, 1990)], {"confirmed"}),
        ([(HOUR, 1990), (2 * HOUR, 1990)], {"confirmed"}),
        ([(9 * HOUR, 1990)], {"confirmed"}),
        ([(HOUR, 995)], {"provisional"}),
        ([(9 * HOUR, 995)], {"provisional", "revoked"}),
    ],
)
def test_what_may_be_said_of_a_scanned_sale(
    payments: list[tuple[int, int]], settlements: set[str]
) -> None:
    assert sale(payments=payments).settlements == settlements


def test_cash_is_confirmed_whatever_happens() -> None:
    assert sale("cash").settlements == {"confirmed"}


def test_only_what_a_person_understands_is_refused() -> None:
    books = Books(allotted=3, per_member=2, prices={"plate": 1250, "jar": 750})
    books.linked = {("jar", 750)}
    books.book(sale("cash", units={"plate": 1}, lines={"plate": 1250}))
    assert books.left == 2
    assert books.may_refuse("b@example.org", "cash", {"plate": 2}) == set()
    assert books.may_refuse("b@example.org", "cash", {"plate": 3}) == {
        "sold_out", "member_limit_reached",
    }  # fmt: skip
    assert books.may_refuse("a@example.org", "cash", {"plate": 2}) == {"member_limit_reached"}
    assert books.may_refuse("a@example.org", "scan-to-pay", {"jar": 1}) == set()
    assert books.may_refuse("a@example.org", "scan-to-pay", {"plate": 1}) == {
        "tender_not_available",
    }  # fmt: skip
