"""An old copy and a second one are found by the mark at the rail, and nothing is sent twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.outbox import Doubt, EntryState
from kiosk.errors import RolledBack, StoreForked
from sync.marks import MarkKeeper
from tests.sync.conftest import World as Kiosk
from tests.sync.copies import acknowledge, check_selling, keep_copy, kept_at_rail, put_back

if TYPE_CHECKING:
    from tests.sync.conftest import World

SECOND_ID = 1_000


@pytest.fixture
def kiosk(world: World) -> World:
    """A kiosk whose journal is held against the rail's mark, as the program does it."""
    world.marks = MarkKeeper
    return world


@pytest.fixture
def twin(kiosk: World, tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Copies the kiosk's folder to another laptop, which talks to the same rail."""
    made: list[World] = []

    def copy() -> World:
        kiosk.file.close()
        folder = shutil.copytree(kiosk.folder, tmp_path / f"twin{len(made)}")
        kiosk.restart_closed()
        other = Kiosk(Path(folder))
        other.stripe, other.wire, other.clock = kiosk.stripe, kiosk.wire, kiosk.clock
        other.marks, other._ids = MarkKeeper, SECOND_ID * (len(made) + 1)
        made.append(other)
        return other

    yield copy
    for other in made:
        other.file.close()


# ---------------------------------------------------------------- rolled back


def test_a_whole_folder_that_was_put_back_stops_selling_and_still_sends(
    kiosk: World, tmp_path: Path
) -> None:
    shared = kiosk.sell_cash()
    kept = keep_copy(kiosk, tmp_path)
    kiosk.sell_cash()
    kiosk.drain()
    put_back(kiosk, kept)
    report = kiosk.drain()
    assert (report.doubt, report.delivered, report.waiting) == (Doubt.ROLLED_BACK, 1, 0)
    assert len(kiosk.at_rail("invoice", shared)) == 1, "it was sent in the life that is gone"
    with pytest.raises(RolledBack) as caught:
        check_selling(kiosk)
    assert caught.value.fields["place"] == "rail"
    assert kiosk.healths[-1].doubt is Doubt.ROLLED_BACK
    kiosk.restart()
    with pytest.raises(RolledBack):
        check_selling(kiosk)
    assert kept_at_rail(kiosk)[0] == 1, "what contradicts us is not overwritten"


def test_an_acknowledged_restore_sells_on_and_the_rail_learns_of_it(
    kiosk: World, tmp_path: Path
) -> None:
    kept = keep_copy(kiosk, tmp_path)
    kiosk.sell_cash()
    kiosk.drain()
    put_back(kiosk, kept)
    kiosk.drain()
    assert acknowledge(kiosk) == 2
    check_selling(kiosk)
    sold = kiosk.sell_cash()
    assert sold.sale.receipt_number == "K3.2-000001"
    report = kiosk.drain()
    assert (report.doubt, report.waiting) == (None, 0)
    assert kept_at_rail(kiosk)[0] == 2
    assert kiosk.drain().doubt is None


@pytest.mark.parametrize("days", [0, 2, 45])
def test_nothing_is_sent_twice_however_long_the_copy_lay(
    kiosk: World, tmp_path: Path, days: int
) -> None:
    sales = [
        kiosk.sell_cash(units=((1250, 2), (300, 1))),
        kiosk.sell_later(),
        kiosk.sell_membership(),
    ]
    kept = keep_copy(kiosk, tmp_path)
    kiosk.drain_until_quiet()
    before = {kind: len(kiosk.at_rail(kind)) for kind in ("customer", "invoice", "subscription")}
    put_back(kiosk, kept)
    assert acknowledge(kiosk, whole_folder=True) == 2
    kiosk.clock.advance(days=days)
    kiosk.drain_until_quiet()
    after = {kind: len(kiosk.at_rail(kind)) for kind in before}
    # Stripe itself bills the membership's later weeks.
    weeks = days // 7
    assert after == {**before, "invoice": before["invoice"] + weeks}
    for sold in sales[:2]:
        (invoice,) = kiosk.at_rail("invoice", sold)
        assert len(invoice["lines"]["data"]) == len(sold.sale.lines)
    assert all(kiosk.entry(sold.entries[0]).state is EntryState.DELIVERED for sold in sales)


# ---------------------------------------------------------------- forked


def test_of_two_copies_that_sell_the_second_at_the_rail_stops(
    kiosk: World, twin: Callable[[], World]
) -> None:
    kiosk.sell_cash()
    other = twin()
    kiosk.sell_cash()
    mine = [other.sell_cash(), other.sell_cash()]
    assert kiosk.drain().doubt is None
    report = other.drain()
    assert report.doubt is Doubt.FORKED
    assert report.waiting == 0, "what it sold is sent all the same"
    with pytest.raises(StoreForked):
        check_selling(other)
    assert [len(other.at_rail("invoice", sold)) for sold in mine] == [1, 1]
    assert len(kiosk.at_rail("invoice")) == 4
    kiosk.sell_cash()
    assert kiosk.drain().doubt is None, "the first one never hears of it and sells on"


def test_the_copy_that_staff_acknowledge_goes_on_and_the_other_is_told(
    kiosk: World, twin: Callable[[], World]
) -> None:
    kiosk.sell_cash()
    other = twin()
    kiosk.sell_cash()
    other.sell_cash()
    other.sell_cash()
    kiosk.drain()
    other.drain()
    assert acknowledge(other) == 2
    assert other.sell_cash().sale.receipt_number == "K3.2-000001"
    assert other.drain().doubt is None
    late = kiosk.sell_cash()  # before it hears of it, without a network
    report = kiosk.drain()
    assert report.doubt is Doubt.FORKED
    assert len(kiosk.at_rail("invoice", late)) == 1
    with pytest.raises(StoreForked):
        check_selling(kiosk)
    assert other.drain().doubt is None
    assert acknowledge(kiosk) == 3, "should staff decide the other way round"
    assert kiosk.drain().doubt is None
    assert other.drain().doubt is Doubt.FORKED


def test_sales_of_before_the_fork_are_sent_by_one_of_the_two(
    kiosk: World, twin: Callable[[], World]
) -> None:
    shared = [kiosk.sell_cash() for _ in range(2)]
    other = twin()
    kiosk.drain()
    kiosk.clock.advance(days=3)  # longer than any key lives
    other.sell_cash()
    assert other.drain().doubt is Doubt.FORKED
    assert [len(kiosk.at_rail("invoice", sold)) for sold in shared] == [1, 1]
