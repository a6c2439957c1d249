"""Everything readable of a damaged buffer comes into the new one, and what is missing is said."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer import salvage as salvage_module
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.chain import BUFFER_SALVAGED
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.domain.outbox import EntryState
from kiosk.errors import RolledBack, StoreCorrupt, StoreInUse, StoreMissing, WrongKey
from tests.buffer.damage import LATER_MS, Shopful, flip, flip_in_page, lose

SALES = 14
INDICES = ("sqlite_autoindex_sales_1", "members_email")


def known(sale):
    """A sale without what the journal does not tell of."""
    cash = tuple(replace(tender, given_minor=tender.amount_minor) for tender in sale.tenders)
    return replace(sale, staff_id=None, skew_ms=None, tenders=cash, enrollments=())


def test_a_whole_buffer_is_left_as_it_is(shopful: Shopful, paths: BufferPaths) -> None:
    before = paths.buffer.read_bytes()
    report = shopful.salvage(paths)
    assert report.kept_in is None
    assert report.whole
    assert report.sales == SALES
    assert paths.buffer.read_bytes() == before
    assert not list(paths.folder.glob("damaged-*"))


@pytest.mark.parametrize("index", INDICES)
def test_a_damaged_index_costs_nothing(shopful: Shopful, paths: BufferPaths, index: str) -> None:
    flip_in_page(paths.buffer, shopful.roots()[index])
    assert not shopful.audit(paths).ok
    report = shopful.salvage(paths)
    assert report.whole
    assert shopful.read(paths) == shopful.sold
    assert shopful.audit(paths).ok


@pytest.mark.parametrize("at", [7, 50, PAGE_BYTES - 1])
def test_a_damaged_first_page_costs_nothing(shopful: Shopful, paths: BufferPaths, at: int) -> None:
    flip(paths.buffer, at, 0x40)
    with pytest.raises(StoreCorrupt):
        shopful.open(paths)
    report = shopful.salvage(paths)
    assert report.whole
    assert shopful.read(paths) == shopful.sold


def test_the_damaged_files_are_kept_and_the_kiosk_goes_on(
    shopful: Shopful, paths: BufferPaths
) -> None:
    flip_in_page(paths.buffer, shopful.roots()["sales_member"])
    before = paths.buffer.read_bytes()
    report = shopful.salvage(paths)
    assert report.kept_in == paths.folder / "damaged-1"
    assert (report.kept_in / "buffer.db").read_bytes() == before
    with shopful.open(paths) as held, held.till().reading() as uow:
        assert uow.journal.verify().ok
        last = list(uow.journal.each())[-1]
        assert last.kind == BUFFER_SALVAGED
        assert held.till().identity.buffer_id == last.entity_id


def test_a_second_salvage_has_a_quarantine_of_its_own(shopful, paths: BufferPaths) -> None:
    for number in (1, 2):
        flip_in_page(paths.buffer, 30, 77)
        assert shopful.salvage(paths).kept_in == paths.folder / f"damaged-{number}"
    assert shopful.read(paths)


@pytest.mark.parametrize("table", ["sales", "members", "tenders", "consents"])
def test_the_journal_brings_back_what_it_proves(
    shopful: Shopful, paths: BufferPaths, table: str
) -> None:
    lose(shopful, paths, table)
    report = shopful.salvage(paths)
    assert not report.whole
    assert report.rebuilt > 0
    assert report.in_part == ()
    assert [known(sale) for sale in shopful.read(paths)] == [known(sale) for sale in shopful.sold]
    assert shopful.audit(paths).ok


def test_lines_come_back_where_the_event_prices_them_to_the_cent(shopful, paths) -> None:
    lose(shopful, paths, "sale_lines")
    report = shopful.salvage(paths)
    assert report.rebuilt > 0
    assert shopful.read(paths) == shopful.sold


def test_a_sale_without_its_pass_is_kept_in_part_and_not_sent_by_itself(shopful, paths) -> None:
    lose(shopful, paths, "passes")
    report = shopful.salvage(paths)
    assert report.in_part
    lost = {table.table: table for table in report.tables}["passes"]
    assert lost.lost >= len(report.in_part)
    assert lost.examples
    assert shopful.read(paths) == shopful.sold
    with shopful.open(paths) as held, held.till().reading() as uow:
        for sale_id in report.in_part:
            entries = uow.outbox.of_sale(sale_id)
            assert all(entry.state is not EntryState.WAITING for entry in entries)
    assert shopful.audit(paths).ok


def test_lost_entries_leave_the_others_to_be_looked_up_before_they_are_sent(shopful, paths) -> None:
    lose(shopful, paths, "outbox")
    report = shopful.salvage(paths)
    assert not report.whole
    with shopful.open(paths) as held, held.till().reading() as uow:
        states = {
            entry.state
            for sale in shopful.sold
            for entry in uow.outbox.of_sale(sale.sale_id)
            if entry.topic.value != "watch"
        }
    assert EntryState.WAITING not in states


def test_lost_links_are_named_and_the_chain_goes_on_behind_them(shopful, paths) -> None:
    lose(shopful, paths, "journal")
    report = shopful.salvage(paths)
    assert report.missing_links
    assert shopful.read(paths) == shopful.sold
    with shopful.open(paths) as held, held.till().reading() as uow:
        chain = uow.journal.verify()
        assert chain.ok
        assert chain.missing == sum(last - first + 1 for first, last in report.missing_links)
    assert shopful.audit(paths).ok


def test_a_member_whose_key_is_lost_is_found_again_under_a_new_one(shopful, paths) -> None:
    lose(shopful, paths, "member_keys")
    report = shopful.salvage(paths)
    assert report.in_part
    with shopful.open(paths) as held, held.till().writing() as uow:
        lost = [sale for sale in shopful.sold if uow.people.member(sale.member_id) is None]
        assert lost
        member = uow.people.by_email(f"m{shopful.sold.index(lost[0])}@example.org")
        assert member is not None
        sealed = uow.people.seal(member.member_id, {"name": "new"}, "test")
        assert uow.people.unseal(member.member_id, sealed, "test") == {"name": "new"}
        assert uow.people.unseal(lost[0].member_id, b"x" * 40, "test") is None


def test_the_identity_comes_back_from_the_anchor(shopful, paths: BufferPaths) -> None:
    with BufferFile.look(paths.folder, shopful.keys) as buffer:
        before = buffer.identity
    flip_in_page(paths.buffer, shopful.roots()["buffer_identity"])
    shopful.salvage(paths)
    with BufferFile.look(paths.folder, shopful.keys) as buffer:
        assert buffer.identity == before


def test_numbers_that_may_have_been_given_out_are_not_given_again(shopful, paths) -> None:
    flip_in_page(paths.buffer, shopful.roots()["counters"])
    shopful.salvage(paths)
    with shopful.open(paths) as held, held.till().writing() as uow:
        assert uow.settings.next_number("receipt") == SALES + 1
        highest = max(one.seq for sale in shopful.sold for one in uow.passes.of_sale(sale.sale_id))
        assert uow.settings.next_number("pass") > highest


def test_a_log_cut_in_the_middle_is_read_to_its_end(shopful, crashed: BufferPaths) -> None:
    """SQLite alone would forget every sale behind the damaged frame."""
    frame = 24 + PAGE_BYTES
    frames = (crashed.log.stat().st_size - 32) // frame
    flip(crashed.log, 32 + frames // 2 * frame + 1500)
    before = crashed.log.read_bytes()
    with pytest.raises(StoreCorrupt) as caught:
        shopful.open(crashed)
    assert caught.value.fields["check"] == "log"
    assert crashed.log.read_bytes() == before
    report = shopful.salvage(crashed)
    assert [known(sale) for sale in shopful.read(crashed)][-1] == known(shopful.sold[-1])
    assert len(shopful.read(crashed)) == SALES
    assert report.kept_in is not None
    assert (report.kept_in / "buffer.db-wal").read_bytes() == before


def test_a_damaged_header_of_the_log_costs_nothing(shopful, crashed: BufferPaths) -> None:
    flip(crashed.log, 17)
    with pytest.raises(StoreCorrupt):
        shopful.open(crashed)
    assert shopful.salvage(crashed).whole
    assert shopful.read(crashed) == shopful.sold


def test_a_torn_last_commit_that_the_anchor_remembers_is_read(shopful, crashed) -> None:
    flip(crashed.log, crashed.log.stat().st_size - PAGE_BYTES - 8)
    with pytest.raises(StoreCorrupt):
        shopful.open(crashed)
    shopful.salvage(crashed)
    assert len(shopful.read(crashed)) == SALES


def test_a_whole_log_is_carried_over(shopful, crashed: BufferPaths) -> None:
    assert shopful.audit(crashed).ok
    with shopful.open(crashed) as held, held.till().reading() as uow:
        assert len(list(uow.sales.each())) == SALES


def test_an_old_copy_is_no_wreck(shopful: Shopful, paths: BufferPaths, crashed) -> None:
    shutil.copy(crashed.buffer, paths.buffer)
    with pytest.raises(RolledBack):
        shopful.salvage(paths)
    assert not list(paths.folder.glob("damaged-*"))


def test_another_key_saves_nothing_and_changes_nothing(shopful, paths, new_keys) -> None:
    before = paths.buffer.read_bytes()
    with pytest.raises(WrongKey):
        salvage_module.salvage_buffer(paths, new_keys(), LATER_MS, salvage_module.Owner(device=3))
    assert paths.buffer.read_bytes() == before


def test_a_running_kiosk_is_not_salvaged(shopful: Shopful, paths: BufferPaths) -> None:
    with shopful.open(paths), pytest.raises(StoreInUse):
        shopful.salvage(paths)


def test_an_empty_folder_has_nothing_to_save(shopful: Shopful, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        shopful.salvage(BufferPaths(folder=tmp_path))


Damage = Callable[[random.Random, BufferPaths], None]


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=4))
def test_whatever_flips_is_detected_and_every_sale_that_can_be_read_is_saved(
    shopful: Shopful, places: list[int]
) -> None:
    paths = shopful.copy()
    for place in sorted(set(places)):
        flip(paths.buffer, place % paths.buffer.stat().st_size)
    found = shopful.audit(paths)
    assert not found.ok
    report = shopful.salvage(paths)
    saved = {sale.sale_id: known(sale) for sale in shopful.read(paths)}
    for sale in shopful.sold:
        if sale.sale_id in saved and sale.sale_id not in report.in_part:
            assert saved[sale.sale_id] == known(sale)
    missing = {sale.sale_id for sale in shopful.sold} - set(saved)
    assert not missing or not report.whole
    with shopful.open(paths) as held, held.till().reading() as uow:
        assert uow.journal.verify().ok
    shutil.rmtree(paths.folder)
