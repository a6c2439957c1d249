"""A kiosk that lives on from an older copy: real sales, real passes, and no number twice."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer.anchor import seal_mark
from kiosk.buffer.incarnations import Place
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.domain.verdict import Verdict
from kiosk.errors import StoreForked
from kiosk.passes.trust import OWN_ROOT_MAX_SEQ
from kiosk.passes.verify import VerifyContext, verify
from kiosk.service.browse import shop_window
from kiosk.service.park import park_cart, take_parked
from kiosk.service.sell import RecordedSale, record_sale
from tests.service.world import NOON_MS, World

OFFERS = ("weekly", "spice-jar", "tasting")
SAID = Acknowledgement(
    passes_most=OWN_ROOT_MAX_SEQ, now_ms=NOON_MS, whole_folder=True, below=lambda _: 0
)


def sell(world: World, count: int) -> list[RecordedSale]:
    """Sales of one, two and three things, so that some have several passes."""
    made = []
    for number in range(count):
        draft = world.draft(*OFFERS[: number % 3 + 1], email=f"m{number}@example.org")
        made.append(record_sale(world.desk, draft))
    return made


def another_copy_sold(world: World) -> None:
    with world.desk.buffer.writing() as uow:
        mark = dataclasses.replace(uow.incarnations.mark(), incarnation=2, seq=99)
        assert uow.incarnations.sight(Place.RAIL, seal_mark(mark, world.keys.anchor), NOON_MS)


def numbers(sales: list[RecordedSale]) -> list[str]:
    return [issued.number for sale in sales for issued in sale.passes]


def receipts(sales: list[RecordedSale]) -> list[str]:
    return [sale.sale.receipt_number for sale in sales]


@pytest.fixture
def make_club(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], World]:
    def make() -> World:
        made = World(folder=tmp_path_factory.mktemp("club"))
        made.load("recipe-club.toml")
        return made

    return make


@pytest.fixture
def club(make_club: Callable[[], World]) -> World:
    return make_club()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.integers(0, 3), lost=st.integers(1, 4), after=st.integers(1, 4))
def test_every_pass_of_both_lives_is_accepted_and_no_number_comes_twice(
    make_club: Callable[[], World], before: int, lost: int, after: int
) -> None:
    world = make_club()
    common = sell(world, before)
    world.file.close()
    kept = Path(shutil.copytree(world.folder, f"{world.folder}-kept"))
    world.reopen()
    gone = sell(world, lost)
    world.file.close()
    shutil.rmtree(world.folder)
    shutil.copytree(kept, world.folder)
    acknowledge_restore(world.folder, world.keys, SAID)
    world.reopen()
    now = sell(world, after)
    every = [*common, *gone, *now]
    assert len(set(numbers(every))) == len(numbers(every))
    assert len(set(receipts(every))) == len(every)
    assert receipts(now) == [f"K3.2-{number:06d}" for number in range(1, after + 1)]
    for sale in every:
        for issued in sale.passes:
            context = VerifyContext(
                roots=world.roots, now=issued.issued_s, event=issued.event_number, training=True
            )
            assert verify(issued.text, context).verdict is Verdict.ACCEPTED
    world.file.close()


def test_a_copy_that_may_not_sell_changes_nothing_and_finds_its_old_sales(club: World) -> None:
    draft = club.draft("spice-jar")
    sold = record_sale(club.desk, draft)
    another_copy_sold(club)
    before = club.facts()
    with pytest.raises(StoreForked):
        record_sale(club.desk, club.draft("tasting", email="next@example.org"))
    assert club.facts() == before
    again = record_sale(club.desk, draft)
    assert (again.repeated, again.passes) == (True, sold.passes)


def test_nobody_is_let_in_while_another_copy_sells(club: World) -> None:
    another_copy_sold(club)
    with pytest.raises(StoreForked):
        shop_window(club.desk, "en")


def test_a_cart_that_waits_at_the_counter_is_not_completed_either(club: World) -> None:
    owner = club.owner()
    number = park_cart(club.desk, club.draft("spice-jar"))
    another_copy_sold(club)
    with pytest.raises(StoreForked):
        record_sale(club.desk, take_parked(club.desk, number, owner, None))
    assert club.facts()["parked"] == 1


def test_the_counters_of_all_lives_stay_apart(club: World) -> None:
    assert receipts(sell(club, 2)) == ["K3-000001", "K3-000002"]
    for life in (2, 3):
        club.file.close()
        assert acknowledge_restore(club.folder, club.keys, SAID).number == life
        club.reopen()
        assert receipts(sell(club, 2)) == [f"K3.{life}-000001", f"K3.{life}-000002"]
    with club.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok
        found = {sale.sale_id: sale.receipt_number for sale in uow.sales.each()}
        listed = uow.outbox.listed(club.mode, None, 50)
        lives = [life.number for life in uow.incarnations.each()]
    assert {one.sale_id: one.receipt_number for one in listed} == found
    assert lives == [2, 3]
