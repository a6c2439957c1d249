"""Limits on trust: the last minor unit that fits, fits; the next one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.exposure import check_exposure
from kiosk.domain.offer import Limits
from kiosk.errors import ExposureExceeded

amounts = st.integers(0, 10**9)


def limits(per_sale: int | None, per_device: int | None) -> Limits:
    return Limits(
        per_sale_minor=per_sale, per_device_minor=per_device, grace_minutes=60, pay_later_days=14
    )


def refused_by(limit: Limits, total: int, outstanding: int) -> dict[str, object] | None:
    try:
        check_exposure(limit, total, outstanding)
    except ExposureExceeded as refused:
        return dict(refused.fields)
    return None


@given(amounts)
def test_a_sale_may_reach_its_limit_but_not_pass_it(limit: int) -> None:
    assert refused_by(limits(limit, None), limit, 0) is None
    assert refused_by(limits(limit, None), limit + 1, 0) == {
        "scope": "sale", "limit_minor": limit, "would_be_minor": limit + 1,
    }  # fmt: skip


@given(amounts, amounts)
def test_a_device_may_reach_its_limit_but_not_pass_it(outstanding: int, total: int) -> None:
    limit = outstanding + total
    assert refused_by(limits(None, limit), total, outstanding) is None
    assert refused_by(limits(None, limit), total + 1, outstanding) == {
        "scope": "device", "limit_minor": limit, "would_be_minor": limit + 1,
    }  # fmt: skip


@given(amounts, amounts)
def test_without_limits_everything_may_be_given_on_trust(total: int, outstanding: int) -> None:
    assert refused_by(limits(None, None), total, outstanding) is None


def test_what_is_outstanding_does_not_count_against_the_limit_of_a_sale() -> None:
    assert refused_by(limits(100, None), 100, 10**9) is None


def test_the_limit_of_the_sale_is_named_first() -> None:
    fields = refused_by(limits(10, 10), 11, 0)
    assert fields is not None
    assert fields["scope"] == "sale"


@pytest.mark.parametrize("total", [1, 500])
def test_a_limit_of_nothing_allows_nothing(total: int) -> None:
    assert refused_by(limits(0, None), total, 0) is not None
    assert refused_by(limits(None, 0), total, 0) is not None


def test_a_device_that_is_over_its_limit_already_still_gives_gifts_of_nothing_no_chance() -> None:
    # The limit was lowered after the sales: nothing more on trust until payments come in.
    assert refused_by(limits(None, 100), 0, 101) is not None
