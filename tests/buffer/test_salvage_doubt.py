"""A salvage where more is in doubt than rows: no anchor, an earlier salvage, nothing at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.files import BufferPaths
from kiosk.buffer.restoring import acknowledge_restore
from kiosk.buffer.salvage_links import _without
from kiosk.errors import RolledBack, StoreCorrupt
from tests.buffer.damage import LATER_MS, Shopful, flip_in_page, lose
from tests.buffer.test_restoring import SAID

SALES = 14


@pytest.fixture(scope="module")
def shopful(tmp_path_factory: pytest.TempPathFactory) -> Shopful:
    return Shopful(tmp_path_factory.mktemp("shopful"), SALES)


@pytest.fixture
def paths(shopful: Shopful) -> Iterator[BufferPaths]:
    made = shopful.copy()
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture
def crashed(shopful: Shopful) -> Iterator[BufferPaths]:
    made = shopful.copy(crashed=True)
    yield made
    shutil.rmtree(made.folder)


def test_a_salvage_without_an_anchor_begins_a_life_of_its_own_before_the_next_sale(
    shopful: Shopful, paths: BufferPaths
) -> None:
    """Nobody can tell whether this is an old copy: its numbers may be given out elsewhere."""
    flip_in_page(paths.buffer, shopful.roots()["sales_member"])
    paths.anchor.unlink()
    report = shopful.salvage(paths)
    assert report.unanchored
    assert not report.whole
    with pytest.raises(RolledBack):
        shopful.open(paths)
    said = replace(SAID, now_ms=LATER_MS)
    assert acknowledge_restore(paths.folder, shopful.keys, said).number > 1
    assert shopful.read(paths) == shopful.sold
    assert shopful.audit(paths).ok


def test_what_an_earlier_salvage_told_of_is_not_told_again(shopful, paths: BufferPaths) -> None:
    lose(shopful, paths, "journal")
    first = shopful.salvage(paths)
    assert first.missing_links
    flip_in_page(paths.buffer, 30, 77)
    second = shopful.salvage(paths)
    assert second.kept_in is not None
    assert not set(second.missing_links) & set(first.missing_links)
    with shopful.open(paths) as held, held.till().reading() as uow:
        told, chain = uow.state.salvages(), uow.journal.verify()
    assert chain.ok
    assert told.times == 2
    assert told.links_missing == chain.missing


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), max_size=4),
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), max_size=4),
)
def test_ranges_without_others_hold_the_rest_and_nothing_else(missing, known) -> None:
    def numbers(holes):
        return {number for first, last in holes for number in range(first, last + 1)}

    holes = tuple((first, first + more) for first, more in missing)
    before = tuple((first, first + more) for first, more in known)
    left = _without(holes, before)
    assert numbers(left) == numbers(holes) - numbers(before)
    assert all(first <= last for first, last in left)


@pytest.mark.parametrize("work", ["open", "salvage", "audit", "read", "acknowledge"])
def test_an_empty_file_is_told_and_its_log_is_left_alone(
    shopful: Shopful, crashed: BufferPaths, work: str
) -> None:
    """SQLite takes it for a new one, and removes a log that may hold sales."""
    os.truncate(crashed.buffer, 0)
    log = crashed.log.read_bytes()
    assert log
    said = replace(SAID, now_ms=LATER_MS)
    tries = {
        "open": lambda: shopful.open(crashed),
        "salvage": lambda: shopful.salvage(crashed),
        "audit": lambda: shopful.audit(crashed),
        "read": lambda: shopful.read(crashed),
        "acknowledge": lambda: acknowledge_restore(crashed.folder, shopful.keys, said),
    }
    with pytest.raises(StoreCorrupt) as caught:
        tries[work]()
    assert caught.value.fields["check"] == "empty"
    assert crashed.buffer.stat().st_size == 0
    assert crashed.log.read_bytes() == log
