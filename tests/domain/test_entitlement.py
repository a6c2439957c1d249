"""What a sale grants: nothing that was paid for is lost, and every pass fits its format."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.domain.entitlement import (
    AFTER_EVENT_MS,
    ENTITLEMENTS_PER_PASS,
    PASSES_PER_SALE,
    USES_MAX,
    Enrolling,
    Grant,
    enrollments,
    grants,
)
from kiosk.domain.event_file import LATEST_MS
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.moments import parse_rfc3339, period_end_ms
from kiosk.domain.offer import Snapshot
from kiosk.domain.pricing import price_cart
from kiosk.domain.sale import CartLine, Enrollment, PricedCart
from kiosk.errors import TooManyEntitlements
from tests.domain.made import (
    LOADED_MS,
    SAMPLES,
    Document,
    event_section,
    item_section,
    membership_section,
    read,
    sample,
)

WEEK_MS = 7 * 86_400_000


def cart_of(snapshot: Snapshot, **quantities: int) -> PricedCart:
    lines = [
        CartLine(offer=OfferCode(code.replace("_", "-")), quantity=quantity)
        for code, quantity in quantities.items()
    ]
    return price_cart(snapshot, lines, "en")


def granted(snapshot: Snapshot, **quantities: int) -> tuple[Grant, ...]:
    return grants(snapshot, cart_of(snapshot, **quantities), LOADED_MS)


def rows(*pairs: tuple[int, int]) -> list[Document]:
    return [{"number": number, "uses": uses, "name": "x"} for number, uses in pairs]


def items(*things: Sequence[tuple[int, int]], **values: object) -> Snapshot:
    """One item for each list of (number, uses), under the codes i1, i2 ..."""
    return read(
        item=[
            item_section(code=f"i{n}", entitlements=rows(*pairs), **values)
            for n, pairs in enumerate(things, start=1)
        ]
    )


def test_an_item_grants_one_claim_until_six_hours_after_the_event() -> None:
    snapshot = read()
    (grant,) = granted(snapshot, zine=1)
    assert grant.expires_ms == snapshot.event.ends_ms + AFTER_EVENT_MS
    assert list(grant.entitlements.values()) == [1]
    assert grant.plan is None


def test_uses_are_multiplied_by_the_quantity() -> None:
    (grant,) = granted(items([(1, 4), (2, 0)]), i1=3)
    assert grant.entitlements == {1: 12, 2: 0}


def test_different_ends_make_different_passes() -> None:
    snapshot = sample("recipe-club")
    made = granted(snapshot, weekly=1, four_weeks=1, spice_jar=1)
    sold, zone = LOADED_MS, snapshot.event.time_zone
    weekly = snapshot.offer("weekly")
    assert weekly is not None
    week = period_end_ms(sold, weekly.cadence, 1, zone)  # type: ignore[attr-defined]
    four = period_end_ms(sold, weekly.cadence, 4, zone)  # type: ignore[attr-defined]
    assert [grant.expires_ms for grant in made] == [
        week,
        four,
        snapshot.event.ends_ms + AFTER_EVENT_MS,
    ]
    assert [grant.plan for grant in made] == [1, 2, None]


def test_a_membership_charged_per_period_is_paid_for_one_period_only() -> None:
    snapshot = sample("craft-show")
    (grant,) = granted(snapshot, four_lessons=1)
    cadence = snapshot.offer("four-lessons").cadence
    assert grant.expires_ms == period_end_ms(LOADED_MS, cadence, 1, snapshot.event.time_zone)


def test_a_period_ends_by_the_wall_clock_of_the_event() -> None:
    snapshot = read(membership=[membership_section()], item=None)
    sold = parse_rfc3339("2027-03-25T19:30:00+01:00")
    (grant,) = grants(snapshot, cart_of(snapshot, club=1), sold)
    assert grant.expires_ms == parse_rfc3339("2027-04-01T19:30:00+02:00")


def test_items_of_one_plan_share_a_pass() -> None:
    (grant,) = granted(items([(1, 1)], [(2, 2)]), i1=1, i2=1)
    assert grant.entitlements == {1: 1, 2: 2}


def test_different_plans_never_share_a_pass() -> None:
    both = [
        item_section(code="gold", plan=1, entitlements=rows((1, 1))),
        item_section(code="plain", entitlements=rows((1, 1))),
        item_section(code="zero", plan=0, entitlements=rows((1, 1))),
    ]
    made = granted(read(item=both), gold=1, plain=1, zero=1)
    assert [(grant.plan, grant.entitlements) for grant in made] == [
        (1, {1: 1}), (None, {1: 1}), (0, {1: 1}),
    ]  # fmt: skip


def test_the_fifth_thing_goes_on_a_second_pass() -> None:
    made = granted(items([(1, 1), (2, 1), (3, 1)], [(4, 1), (5, 1)]), i1=1, i2=1)
    assert [grant.entitlements for grant in made] == [{1: 1, 2: 1, 3: 1, 4: 1}, {5: 1}]


def test_a_thing_that_is_on_a_pass_already_is_added_there() -> None:
    made = granted(
        items([(1, 1), (2, 1), (3, 1), (4, 1)], [(5, 1)], [(2, 3), (5, 1)]), i1=1, i2=1, i3=1
    )
    assert [grant.entitlements for grant in made] == [{1: 1, 2: 4, 3: 1, 4: 1}, {5: 2}]


@pytest.mark.parametrize("things", [([(1, 0)], [(1, 5)]), ([(1, 5)], [(1, 0)])])
def test_unlimited_stays_unlimited_whatever_is_added(
    things: tuple[list[tuple[int, int]], ...],
) -> None:
    (grant,) = granted(items(*things), i1=2, i2=3)
    assert grant.entitlements == {1: 0}


def test_uses_above_the_most_of_a_pass_go_on_the_next_one() -> None:
    made = granted(items([(1, 30), (2, 1)]), i1=99)
    assert [grant.entitlements for grant in made] == [
        {1: USES_MAX, 2: 99}, {1: USES_MAX}, {1: 970},
    ]  # fmt: skip


def test_unlimited_after_several_full_passes_makes_the_first_unlimited() -> None:
    made = granted(items([(1, 15)], [(1, 0)], [(1, 1)]), i1=99, i2=1, i3=1)
    assert [grant.entitlements for grant in made] == [{1: 0}, {1: 485}]


def test_exactly_the_most_uses_are_one_pass() -> None:
    (grant,) = granted(items([(1, 500)]), i1=2)
    assert grant.entitlements == {1: USES_MAX}


def test_a_sale_has_at_most_eight_passes() -> None:
    most = PASSES_PER_SALE * ENTITLEMENTS_PER_PASS
    things = [[(number, 1)] for number in range(1, most + 2)]
    snapshot = items(*things)
    fits = {f"i{n}": 1 for n in range(1, most + 1)}
    assert len(granted(snapshot, **fits)) == PASSES_PER_SALE
    with pytest.raises(TooManyEntitlements) as refused:
        granted(snapshot, **fits, **{f"i{most + 1}": 1})
    assert refused.value.fields == {"most": most}


def test_uses_that_would_need_too_many_passes_are_refused_not_cut() -> None:
    with pytest.raises(TooManyEntitlements):
        granted(items([(1, USES_MAX)]), i1=99)


things = st.lists(
    st.dictionaries(st.integers(1, 6), st.integers(0, 40), min_size=1, max_size=4).map(
        lambda given: list(given.items())
    ),
    min_size=1,
    max_size=6,
)


@given(things, st.data())
def test_what_passes_carry_is_what_was_sold(
    sold: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    quantities = {f"i{n}": data.draw(st.integers(1, 20)) for n in range(1, len(sold) + 1)}
    made = granted(items(*sold), **quantities)
    wanted: Counter[int] = Counter()
    unlimited = {number for pairs in sold for number, uses in pairs if uses == 0}
    for pairs, quantity in zip(sold, quantities.values(), strict=True):
        wanted.update({number: uses * quantity for number, uses in pairs})
    carried: Counter[int] = Counter()
    for grant in made:
        assert 1 <= len(grant.entitlements) <= ENTITLEMENTS_PER_PASS
        assert all(0 <= uses <= USES_MAX for uses in grant.entitlements.values())
        carried.update(grant.entitlements)
    assert {number for number in carried if any(g.entitlements.get(number) == 0 for g in made)} == (
        unlimited
    )
    for number in wanted.keys() - unlimited:
        assert carried[number] == wanted[number]


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=50)
@given(loaded=st.integers(0, LATEST_MS - WEEK_MS), wait_ms=st.integers(0, 48 * 3_600_000))
@example(loaded=parse_rfc3339("2027-03-28T00:59:59.999Z"), wait_ms=1)  # Berlin, London
@example(loaded=parse_rfc3339("2027-10-31T00:30:00Z"), wait_ms=0)
@example(loaded=parse_rfc3339("2027-10-31T01:30:00Z"), wait_ms=0)
@example(loaded=parse_rfc3339("2028-02-29T23:59:59Z"), wait_ms=1000)
@example(loaded=parse_rfc3339("2026-12-31T14:59:59Z"), wait_ms=1000)  # New Year in Tokyo
def test_every_sample_event_fits_on_passes_at_any_instant(
    name: str, loaded: int, wait_ms: int
) -> None:
    snapshot = sample(name, loaded)
    cart = price_cart(snapshot, [CartLine(offer=o.code, quantity=9) for o in snapshot.offers], "de")
    for grant in grants(snapshot, cart, loaded + wait_ms):
        assert 1 <= len(grant.entitlements) <= 4
        assert all(0 < number < 2**32 for number in grant.entitlements)
        assert all(0 <= uses <= 1000 for uses in grant.entitlements.values())
        assert 0 <= grant.expires_ms // 1000 < 2**32
        assert grant.plan is None or 0 <= grant.plan < 2**32


# ------------------------------------------------------------------------------- enrollments


def enrolled(snapshot: Snapshot, sold_ms: int = LOADED_MS, **quantities: int) -> list[Enrollment]:
    numbers = iter(range(100))
    enrolling = Enrolling(sale_id=SaleId("s1"), member_id=MemberId("m1"), sold_ms=sold_ms)
    cart = cart_of(snapshot, **quantities)
    return list(enrollments(snapshot, cart, enrolling, lambda: f"e{next(numbers)}"))


def test_each_membership_line_enrolls_once_and_nothing_else_does() -> None:
    made = enrolled(sample("recipe-club"), weekly=3, spice_jar=2, four_weeks=1, tasting=1)
    assert [(one.enrollment_id, one.offer) for one in made] == [
        ("e0", "weekly"),
        ("e1", "four-weeks"),
    ]
    assert {(one.sale_id, one.member_id, one.starts_ms) for one in made} == {
        ("s1", "m1", LOADED_MS)
    }


def test_an_open_ended_enrollment_has_a_period_but_no_end() -> None:
    (weekly,) = enrolled(sample("recipe-club"), weekly=1)
    assert weekly.ends_ms is None
    assert weekly.period_ends_ms - weekly.starts_ms == 7 * 86_400_000


def test_an_enrollment_of_fixed_length_ends_with_its_last_period() -> None:
    (lessons,) = enrolled(sample("craft-show"), four_lessons=1)
    assert lessons.ends_ms is not None
    assert lessons.ends_ms - lessons.starts_ms == 28 * 86_400_000
    assert lessons.period_ends_ms - lessons.starts_ms == 7 * 86_400_000


def test_an_enrollment_across_the_change_to_summer_time_keeps_the_hour() -> None:
    snapshot = read(
        event=event_section(time_zone="America/New_York"),
        membership=[membership_section(cadence={"every": 1, "unit": "day"}, periods=3)],
    )
    (made,) = enrolled(snapshot, parse_rfc3339("2027-03-12T09:00:00-05:00"), club=1)
    assert made.ends_ms == parse_rfc3339("2027-03-15T09:00:00-04:00")


def test_a_sale_without_memberships_enrolls_nobody() -> None:
    assert enrolled(read(), zine=2) == []
