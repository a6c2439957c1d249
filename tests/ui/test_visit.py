"""A visit keeps what one person said, and forgets every word of it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import SaleId
from kiosk.domain.offer import QUANTITY_MAX
from kiosk.ui.visit import Visit

STEPS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from([-1, 1])), max_size=40)


@given(STEPS)
def test_the_cart_counts_as_a_person_would(steps: list[tuple[str, int]]) -> None:
    visit, expected = Visit(), dict.fromkeys("abc", 0)
    for offer, by in steps:
        visit.change(offer, by)
        expected[offer] = max(0, expected[offer] + by)
    assert {offer: visit.quantity(offer) for offer in expected} == expected
    assert visit.pieces == sum(expected.values())
    assert all(line.quantity > 0 for line in visit.lines)


def test_a_line_never_passes_what_one_sale_takes() -> None:
    visit = Visit()
    for _ in range(QUANTITY_MAX + 20):
        visit.change("a", 1)
    assert visit.quantity("a") == QUANTITY_MAX


def test_clearing_forgets_everything_and_begins_another_visit() -> None:
    visit = Visit()
    visit.change("a", 2)
    visit.describe("Maria", "maria@example.org", frozenset({"terms"}))
    visit.sale_id, visit.parked_number = SaleId("x"), 7
    before = visit.number
    visit.clear()
    kept = [visit.lines, visit.name, visit.email, visit.consents, visit.sale_id,
            visit.parked_number, visit.completed, visit.priced]  # fmt: skip
    assert not any(kept)
    assert visit.number == before + 1
    assert "Maria" not in repr(vars(visit))


def test_the_sale_id_lasts_exactly_as_long_as_nothing_changes() -> None:
    visit = Visit()

    def kept(change: Callable[[], None]) -> bool:
        visit.sale_id = SaleId("x")
        change()
        return visit.sale_id == "x"

    agreed = frozenset({"terms"})
    visit.describe("Maria", "m@example.org", agreed)
    assert kept(lambda: visit.describe("Maria", "m@example.org", agreed))
    assert not kept(lambda: visit.describe("Maria", "m@example.org", frozenset()))
    assert not kept(lambda: visit.describe("Mario", "m@example.org", frozenset()))
    assert not kept(lambda: visit.change("a", 1))
