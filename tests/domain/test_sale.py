"""The sale: totals are the sum of its lines, and numbers of receipts and passes are readable."""

from dataclasses import FrozenInstanceError

import pytest

from kiosk.domain.sale import IssuedPass, receipt_number
from tests.domain.made import draft_of, sale_of, sample

SALE = sale_of(sample("recipe-club"), draft_of(apron=1, tasting=2, weekly=1))


def test_the_totals_are_those_of_the_lines() -> None:
    assert SALE.total_minor == 3900 + 2 * 1250 + 490
    assert SALE.tax_minor == sum(line.tax_minor for line in SALE.lines)


def test_a_sale_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SALE.receipt_number = "K3-000001"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("device", "seq", "number"),
    [(3, 42, "K3-000042"), (1, 1, "K1-000001"), (12, 999_999, "K12-999999")],
)
def test_a_receipt_has_its_device_and_six_digits(device: int, seq: int, number: str) -> None:
    assert receipt_number(device, seq) == number


def test_the_millionth_receipt_grows_a_digit_and_stays_unique() -> None:
    assert receipt_number(3, 1_000_000) == "K3-1000000"


def test_a_pass_is_read_out_by_device_and_number() -> None:
    issued = IssuedPass(
        device=23, seq=1234, text="EP1", payload_sha256=b"", event_number=1, entitlements={},
        issued_s=0, expires_s=0, provisional=False, provisional_until_s=None,
    )  # fmt: skip
    assert issued.number == "23-1234"
