"""A salvaged kiosk sells no more than there is, and shows what it has, whatever was lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.buffer.anchor import make_anchor, read_anchor
from kiosk.buffer.audit import audit_buffer
from kiosk.buffer.database import Database, connect
from kiosk.buffer.migrations import pending
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.upgrade import upgrade
from kiosk.domain.offer import Drop
from kiosk.domain.tender import TenderKind
from kiosk.errors import StoreCorrupt
from kiosk.service.sell import find_sale, newest_sale
from tests.buffer.damage import flip
from tests.buffer.lossy import MODE, Shop
from tests.buffer.test_upgrade import EXTRA, edition, room


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Iterator[Shop]:
    copied = made.copy(tmp_path)
    yield copied
    copied.world.file.close()


def adds_a_table(database: Database) -> None:
    database.executescript(EXTRA)


def left(shop: Shop) -> dict[str, int]:
    with shop.world.desk.buffer.reading() as uow:
        return uow.stock.left_all(shop.world.desk.snapshot(uow).event.number)


def event_number(shop: Shop) -> int:
    with shop.world.desk.buffer.reading() as uow:
        number = uow.catalog.current_number()
    assert number is not None
    return number


def test_a_lost_allotment_comes_back_without_what_was_sold_of_it(shop: Shop) -> None:
    before = left(shop)
    with shop.world.desk.buffer.reading() as uow:
        offers = shop.world.desk.snapshot(uow).offers
    drops = {offer.code: offer.allotment for offer in offers if isinstance(offer, Drop)}
    assert before.keys() == drops.keys()
    assert before != drops, "some were sold"
    shop.lose("allotments")
    assert shop.salvage().rebuilt == len(drops)
    assert left(shop) == before
    shop.world.load("recipe-club.toml")
    assert left(shop) == before
    assert audit_buffer(shop.paths, shop.world.keys).ok


def test_the_number_of_a_lost_event_stays_that_of_its_sales(shop: Shop) -> None:
    (number,) = {sale.snapshot_number for sale in shop.sold}
    shop.lose("snapshots")
    shop.salvage()
    shop.world.load("recipe-club.toml")
    assert event_number(shop) == number + 1
    shop.world.load("recipe-club.toml")
    assert event_number(shop) == number + 2


def test_members_whose_link_is_lost_as_well_are_found_by_what_is_to_be_sent(shop: Shop) -> None:
    shop.lose("members", "journal")
    assert shop.salvage().rebuilt >= len(shop.sold)
    with shop.world.desk.buffer.reading() as uow:
        for place, sale in enumerate(shop.sold):
            member = uow.people.by_email(f"m{place}@example.org")
            assert member is not None
            assert (member.member_id, member.name) == (sale.member_id, "Maria Gomez")
        assert len(uow.people.search("gomez", 9)) == len(shop.sold)
    assert audit_buffer(shop.paths, shop.world.keys).ok


def test_a_member_of_whom_nothing_opens_is_somebody_forgotten(shop: Shop) -> None:
    shop.lose("members", "journal", "outbox")
    shop.salvage()
    with shop.world.desk.buffer.reading() as uow:
        for sale in shop.sold:
            assert uow.people.erased_ms(sale.member_id) is not None
    assert audit_buffer(shop.paths, shop.world.keys).ok


def test_what_a_salvage_told_is_lost_is_no_flaw_for_ever(shop: Shop) -> None:
    """Else each further salvage would be told to make another one."""
    shop.lose("sales", "journal")
    shop.salvage()
    assert audit_buffer(shop.paths, shop.world.keys).ok
    shop.sell(TenderKind.CASH, "spice-jar")
    assert audit_buffer(shop.paths, shop.world.keys).ok
    with shop.world.desk.buffer.writing() as uow:
        execute = uow.sales._session.connection.execute
        execute("DROP TRIGGER members_no_delete")
        execute("PRAGMA defer_foreign_keys = ON")
        execute("DELETE FROM members WHERE id = ?", (shop.sold[-1].member_id,))
        execute("PRAGMA defer_foreign_keys = OFF")
    found = audit_buffer(shop.paths, shop.world.keys)
    assert "sales to members" in {flaw.where for flaw in found.flaws}


@pytest.mark.parametrize(
    "lost",
    [
        ("snapshots",),
        ("outbox", "snapshots"),
        ("tenders", "journal"),
        ("sale_lines", "snapshots"),
        ("outbox", "journal", "members"),
        ("passes",),
        ("member_keys", "outbox"),
    ],
    ids="+".join,
)
def test_every_sale_that_is_there_is_shown_and_the_next_is_sold(shop: Shop, lost) -> None:
    shop.lose(*lost)
    shop.salvage()
    newest_sale(shop.world.desk)  # the window asks at each start
    for sale in shop.sold:
        assert find_sale(shop.world.desk, sale.sale_id).sale.sale_id == sale.sale_id
    shop.world.load("recipe-club.toml")
    sold = shop.sell(TenderKind.CASH, "spice-jar")
    newest = newest_sale(shop.world.desk)
    assert newest is not None
    assert newest.sale == sold
    with shop.world.desk.buffer.reading() as uow:
        assert uow.outbox.counts(MODE).waiting


def mixed(shop: Shop, folder: Path) -> Shop:
    """What a crash left, with an older file put over the newer one: its log is newer than it."""
    old = shop.paths.buffer.read_bytes()
    for _ in range(8):
        shop.sell(TenderKind.CASH, "spice-jar")
    shop.world.file.till().rest()
    for _ in range(2):
        shop.sell(TenderKind.CASH, "spice-jar")
    shutil.copytree(shop.world.folder, folder / "kiosk")
    shop.world.file.close()
    (folder / "kiosk" / "buffer.db-shm").unlink()
    (folder / "kiosk" / "buffer.db").write_bytes(old)
    shop.world.folder = folder / "kiosk"
    return shop


def test_an_older_file_over_a_newer_log_is_damaged_and_not_just_older(
    made: Shop, tmp_path: Path
) -> None:
    """Some of its pages are of one time and some of another; acknowledging would not mend that."""
    shop = mixed(made.copy(tmp_path / "before"), tmp_path / "after")
    with pytest.raises(StoreCorrupt) as caught:
        shop.world.reopen()
    assert caught.value.fields["check"] == "journal"
    found = audit_buffer(shop.paths, shop.world.keys)
    assert "sales_not_in_journal" in {flaw.what for flaw in found.flaws}
    report = shop.salvage()
    assert report.kept_in is not None
    assert report.missing_links
    with shop.world.desk.buffer.reading() as uow:
        assert [sale.sale_id for sale in uow.sales.each()] == [sale.sale_id for sale in shop.sold]
        last = list(uow.journal.each())[-2]
        assert last.entity_id == shop.sold[-1].sale_id, "a link that no tree led to"
    assert audit_buffer(shop.paths, shop.world.keys).ok
    shop.world.file.close()


def test_what_a_salvage_told_is_lost_does_not_keep_the_next_version_out(shop: Shop) -> None:
    shop.lose("sales", "journal")
    shop.salvage()
    shop.world.file.close()
    paths, keys = shop.paths, shop.world.keys
    upgrade(connect(paths.buffer, keys.database), paths, keys, room(paths), edition(adds_a_table))
    connection = connect(paths.buffer, keys.database)
    assert not pending(connection, edition(adds_a_table).migrations)
    connection.close()


def test_numbers_behind_an_anchor_that_lags_are_not_given_out_again(
    made: Shop, tmp_path: Path
) -> None:
    """A power cut leaves an older mark, and so does a damaged slot: it is a lower bound."""
    (tmp_path / "before").mkdir()
    shop = mixed(made.copy(tmp_path / "before"), tmp_path / "after")
    behind = read_anchor(shop.paths.anchor, shop.world.keys.anchor)
    assert behind is not None
    shop.paths.log.unlink()
    flip(shop.paths.buffer, (shop.paths.buffer.stat().st_size // PAGE_BYTES - 1) * PAGE_BYTES + 9)
    make_anchor(shop.paths.anchor, shop.world.keys.anchor, replace(behind, seq=behind.seq - 3))
    assert shop.salvage().missing_links
    taken = {sale.receipt_number for sale in shop.sold}
    assert shop.sell(TenderKind.CASH, "spice-jar").receipt_number not in taken
