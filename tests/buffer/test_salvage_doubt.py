"""A salvage where more is in doubt than rows: no anchor, an earlier salvage, nothing at all."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.audit import audit_buffer
from kiosk.buffer.audit_file import keep_audit
from kiosk.buffer.database import connect
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.restoring import acknowledge_restore
from kiosk.buffer.salvage import Owner, salvage_buffer
from kiosk.buffer.salvage_links import _without
from kiosk.buffer.salvage_switch import built_paths
from kiosk.errors import StoreCorrupt, StoreTooNew
from tests.buffer.damage import LATER_MS, Shopful, flip, flip_in_page, lose
from tests.buffer.migrator import SECRET
from tests.buffer.samples import copied
from tests.buffer.test_restoring import SAID

SALES = 14


def test_a_salvage_without_an_anchor_begins_a_life_of_its_own_before_the_next_sale(
    shopful: Shopful, paths: BufferPaths
) -> None:
    """Nobody can tell whether this is an old copy: its numbers may be given out elsewhere."""
    flip_in_page(paths.buffer, shopful.roots()["sales_member"])
    paths.anchor.unlink()
    report = shopful.salvage(paths)
    assert report.unanchored
    assert not report.whole
    with pytest.raises(StoreCorrupt) as caught:
        shopful.open(paths)
    assert caught.value.fields == {"check": "anchor_lost"}
    with pytest.raises(StoreCorrupt) as caught:
        shopful.salvage(paths)
    assert caught.value.fields == {"check": "anchor_lost"}, "there is nothing else to be saved"
    said = replace(SAID, now_ms=LATER_MS)
    life = acknowledge_restore(paths.folder, shopful.keys, said)
    assert life.number > 1
    assert life.lost_links is None, "nothing remembers"
    assert shopful.read(paths) == shopful.sold
    assert shopful.audit(paths).ok


def test_a_second_salvage_does_not_make_an_anchor_of_what_stands_for_a_lost_one(
    shopful: Shopful, paths: BufferPaths
) -> None:
    """It would start, and give out numbers again that another copy gave out."""
    flip_in_page(paths.buffer, shopful.roots()["sales_member"])
    paths.anchor.unlink()
    shopful.salvage(paths)
    connection = connect(paths.buffer, shopful.keys.database)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'sales_member'"
    ).fetchone()
    connection.close()
    flip_in_page(paths.buffer, root)
    again = shopful.salvage(paths)
    assert again.unanchored
    assert again.missing_links == (), "no link is missing as far as anything remembers"
    with pytest.raises(StoreCorrupt) as caught:
        shopful.open(paths)
    assert caught.value.fields == {"check": "anchor_lost"}
    assert acknowledge_restore(paths.folder, shopful.keys, SAID).number > 1


def test_a_log_that_is_damaged_is_not_dropped_where_the_anchor_is_lost_too(
    shopful: Shopful, crashed: BufferPaths
) -> None:
    """SQLite takes it as far as it is whole; the sales behind would be gone without a word."""
    frame = 24 + PAGE_BYTES
    frames = (crashed.log.stat().st_size - 32) // frame
    flip(crashed.log, 32 + frames // 2 * frame + 1500)
    crashed.anchor.unlink()
    before = crashed.log.read_bytes()
    with pytest.raises(StoreCorrupt) as caught:
        acknowledge_restore(crashed.folder, shopful.keys, replace(SAID, now_ms=LATER_MS))
    assert caught.value.fields == {"check": "log"}
    assert crashed.log.read_bytes() == before
    assert shopful.salvage(crashed).unanchored
    life = acknowledge_restore(crashed.folder, shopful.keys, replace(SAID, now_ms=LATER_MS))
    assert life.number > 1


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


@pytest.mark.parametrize("known", [True, False])
def test_a_row_of_first_pages_that_is_gone_takes_no_other_with_it(
    shopful: Shopful, paths: BufferPaths, *, known: bool
) -> None:
    """The salt stands on the first page; it is noted by each full check that finds all whole."""
    first = 0 if known else PAGE_BYTES
    if known:
        keep_audit(paths, shopful.audit(paths), LATER_MS)
    with paths.buffer.open("r+b") as file:
        file.seek(first)
        file.write(bytes(6 * PAGE_BYTES - first))
    report = shopful.salvage(paths)
    assert report.kept_in is not None
    assert shopful.read(paths)


# ---------------------------------------------------------------- another version's file


@pytest.fixture
def newer(shopful: Shopful, paths: BufferPaths) -> BufferPaths:
    """A file with a table that only the next program knows."""
    connection = connect(paths.buffer, shopful.keys.database)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " SELECT migration_set, '0099_vouchers', applied_at FROM _sqlite_migrations LIMIT 1"
    )
    connection.execute("CREATE TABLE vouchers (id INTEGER PRIMARY KEY, worth INTEGER) STRICT")
    connection.execute("INSERT INTO vouchers VALUES (1, 500)")
    connection.close()
    return paths


@pytest.mark.parametrize("page", [None, 1, 9])
def test_a_newer_program_s_file_is_not_salvaged_by_an_older_one(
    shopful: Shopful, newer: BufferPaths, page: int | None
) -> None:
    """It would leave out every table it does not know, and say that nothing is missing."""
    if page is not None:
        flip_in_page(newer.buffer, page)
    before = newer.buffer.read_bytes()
    with pytest.raises(StoreTooNew) as caught:
        shopful.salvage(newer)
    assert caught.value.fields["unknown"] == "0099_vouchers"
    assert newer.buffer.read_bytes() == before
    assert not list(newer.folder.glob("damaged-*"))
    assert not built_paths(newer).folder.exists()


def test_a_newer_program_s_file_is_not_called_damaged(shopful, newer: BufferPaths) -> None:
    with pytest.raises(StoreTooNew):
        shopful.audit(newer)


@pytest.mark.parametrize("name", ["0001_first_sale", "0003_incarnations"])
def test_an_earlier_version_s_file_is_whole_as_it_is(
    repository: Path, tmp_path: Path, name: str
) -> None:
    """The next start brings it up to date; a salvage would only be in the way of that."""
    paths = BufferPaths(folder=copied(repository, name, tmp_path / "kiosk"))
    raw = [SECRET[at : at + 32] for at in range(0, len(SECRET), 32)]
    keys = BufferKeys(database=raw[3], journal=raw[4], anchor=raw[5], member_kek={1: raw[6]})
    assert audit_buffer(paths, keys).ok
    assert salvage_buffer(paths, keys, LATER_MS, Owner(device=3)).kept_in is None
