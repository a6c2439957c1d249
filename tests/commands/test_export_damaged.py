"""`journal export` of a damaged file prints every sale that can be read, and counts the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.buffer.database import connect_to_read
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.wreck import Wreck
from kiosk.opening import make_desk
from kiosk.opening.unlocking import unlock_to_look
from tests.buffer.damage import flip_in_page
from tests.commands.conftest import SECRET, Cli
from tests.opening.kiosks import opened, sell

SALES = 60
COUNTED = re.compile(r"(\d+) sales? could not be read")


@pytest.fixture
def shop(club: Cli) -> Cli:
    """A kiosk with more sales than a page holds."""
    with opened(club.folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        for _ in range(SALES):
            sell(desk)
    return club


@contextmanager
def damaged(folder: Path, page: int) -> Iterator[None]:
    flip_in_page(folder / "buffer.db", page)
    yield
    flip_in_page(folder / "buffer.db", page)


def root_of(folder: Path, name: str) -> int:
    keys = unlock_to_look(folder, SECRET).keys
    connection = connect_to_read(folder / "buffer.db", keys.database)
    try:
        row = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
        ).fetchone()
        return int(row[0])
    finally:
        connection.close()


def newest_page_of(folder: Path, table: str) -> int:
    """The page with the newest rows: the one whose loss hides how many there are."""
    keys = unlock_to_look(folder, SECRET).keys
    wreck = Wreck(BufferPaths(folder=folder), keys.database, None)
    try:
        root = wreck.read(root_of(folder, table))
    finally:
        wreck.close()
    assert root is not None
    return int.from_bytes(root[8:12], "big")  # of an inner page: its right-most child


def test_whichever_page_is_damaged_each_sale_is_printed_or_counted(shop: Cli) -> None:
    whole = [sale["sale_id"] for sale in shop.exported()]
    assert len(whole) == SALES
    pages = (shop.folder / "buffer.db").stat().st_size // PAGE_BYTES
    some, closed = 0, 0
    for page in range(2, pages + 1):
        with damaged(shop.folder, page):
            ran = shop.on("journal", "export")
        printed = [sale["sale_id"] for sale in ran.lines]
        found = COUNTED.search(ran.err)
        lost = int(found[1]) if found else 0
        assert len(set(printed)) == len(printed)
        assert set(printed) <= set(whole)
        if ran.code == 0:
            assert printed == whole
        elif found is None:
            closed += 1
            assert ran.code == 3
            assert printed == []
        else:
            assert (ran.code, len(printed) + lost) == (3, SALES), (page, ran.err)
            some += bool(printed)
    assert some > 5
    assert closed < pages // 4, "what the whole file hangs on is little of it"


def test_the_damage_is_told_with_what_to_do_and_the_file_is_left_alone(shop: Cli) -> None:
    with damaged(shop.folder, newest_page_of(shop.folder, "sales")):
        before = (shop.folder / "buffer.db").read_bytes()
        ran = shop.on("journal", "export")
        assert (shop.folder / "buffer.db").read_bytes() == before
    assert ran.code == 3
    assert 0 < len(ran.lines) < SALES
    assert "kiosk salvage" in ran.err
    assert ran.err.count("\n") == 1
    whole = shop.on("journal", "export")
    assert (whole.code, whole.err, len(whole.lines)) == (0, "", SALES)


def test_a_file_that_does_not_open_says_so_and_is_no_fault_of_the_program(shop: Cli) -> None:
    with damaged(shop.folder, root_of(shop.folder, "buffer_identity")):
        ran = shop.on("journal", "export")
    assert (ran.code, ran.out) == (3, "")
    assert "store_corrupt" in ran.err
