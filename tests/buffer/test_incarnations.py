"""A mark of the journal that is kept elsewhere says whether this copy may go on selling."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.buffer.anchor import SLOT_BYTES
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import connect
from kiosk.buffer.incarnations import Incarnations, Place, Standing
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.buffer.session import open_session
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.errors import RolledBack, StoreForked

NOW_MS = 1_800_000_000_000
FILES = ("buffer.db", "buffer.anchor")
SAID = Acknowledgement(passes_most=1_000_000, now_ms=NOW_MS, below=lambda _: 0)
Open = Callable[[], BufferFile]


def copy_of(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / f"{folder.name}-{name}"))


def put_back(kept: Path, folder: Path, *names: str) -> None:
    for name in ("buffer.db-wal", "buffer.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for name in names:
        shutil.copy(kept / name, folder / name)


@pytest.fixture
def sold(buffer_file: BufferFile, tmp_path: Path, shop) -> Path:
    """A closed folder with three sales in it."""
    for _ in range(3):
        shop.sell(buffer_file.till())
    buffer_file.close()
    return tmp_path


def mark_and_seal(buffer: Buffer) -> bytes:
    with buffer.reading() as uow:
        return uow.incarnations.sealed_mark()


def sighted(uow: UnitOfWork, sealed: bytes, place: Place = Place.RAIL) -> bool:
    return uow.incarnations.sight(place, sealed, NOW_MS)


def judged(buffer: Buffer, sealed: bytes) -> Standing | None:
    with buffer.reading() as uow:
        mark = uow.incarnations.read_mark(sealed)
        return None if mark is None else uow.incarnations.standing_of(mark, sealed)


def test_a_whole_folder_that_was_put_back_is_found_by_a_mark_elsewhere(
    sold: Path, reopen: Open, shop
) -> None:
    kept = copy_of(sold, "kept")
    with reopen() as held:
        shop.sell(held.till())
        elsewhere = mark_and_seal(held.till())
        assert judged(held.till(), elsewhere) is Standing.KNOWN
    put_back(kept, sold, *FILES)
    with reopen() as held:
        assert judged(held.till(), elsewhere) is Standing.AHEAD
        with held.till().writing() as uow:
            assert sighted(uow, elsewhere)
            assert sighted(uow, elsewhere), "again is no second row"
            with pytest.raises(RolledBack) as caught:
                uow.incarnations.check_selling()
    assert caught.value.fields == {"seq": 3, "anchor_seq": 4, "place": "rail"}


def test_a_doubt_lasts_over_a_restart_until_it_is_acknowledged(sold: Path, keys, reopen, shop):
    kept = copy_of(sold, "kept")
    with reopen() as held:
        shop.sell(held.till())
        elsewhere = mark_and_seal(held.till())
    put_back(kept, sold, *FILES)
    with reopen() as held, held.till().writing() as uow:
        assert sighted(uow, elsewhere, Place.KEYCHAIN)
    with reopen() as held, held.till().reading() as uow:
        seen = uow.incarnations.doubt()
        assert seen is not None
        assert (seen.place, seen.standing, seen.seq) == (Place.KEYCHAIN, Standing.AHEAD, 4)
    assert acknowledge_restore(sold, keys, SAID).number == 2
    with reopen() as held, held.till().reading() as uow:
        assert uow.incarnations.doubt() is None
        uow.incarnations.check_selling()


def test_two_copies_that_sell_are_a_fork_and_the_acknowledged_one_goes_on(
    sold: Path, keys: BufferKeys, reopen: Open, shop, new_shop
) -> None:
    other, elsewhere_shop = copy_of(sold, "other"), new_shop(5)
    with reopen() as held:
        shop.sell(held.till())
        here = mark_and_seal(held.till())
    with BufferFile.open(other, keys, now_ms=NOW_MS) as held:
        for _ in range(2):
            elsewhere_shop.sell(held.till())
        assert judged(held.till(), here) is Standing.FORKED
        with held.till().writing() as uow:
            assert sighted(uow, here)
            with pytest.raises(StoreForked) as caught:
                uow.incarnations.check_selling()
        assert caught.value.fields == {"seq": 5, "other_seq": 4, "place": "rail"}
    assert acknowledge_restore(other, keys, SAID).number == 2
    with BufferFile.open(other, keys, now_ms=NOW_MS) as held:
        assert judged(held.till(), here) is Standing.LEFT
        there = mark_and_seal(held.till())
    with reopen() as held:
        assert judged(held.till(), there) is Standing.FORKED, "the other one is told"


def test_a_trail_tells_a_fork_from_a_loss(
    sold: Path, keys: BufferKeys, reopen: Open, shop, new_shop
) -> None:
    other, elsewhere_shop = copy_of(sold, "other"), new_shop(5)
    with reopen() as held:
        for _ in range(4):
            shop.sell(held.till())
        here = mark_and_seal(held.till())
    with BufferFile.open(other, keys, now_ms=NOW_MS) as held:
        assert judged(held.till(), here) is Standing.AHEAD, "it has sold nothing of its own"
        elsewhere_shop.sell(held.till())
        elsewhere_shop.sell(held.till())
        assert judged(held.till(), here) is Standing.FORKED
        assert judged(held.till(), here[:SLOT_BYTES]) is Standing.AHEAD, "without a trail"
        for cut in range(SLOT_BYTES, len(here)):
            assert judged(held.till(), here[:cut]) in {Standing.AHEAD, Standing.FORKED}


def test_a_sealed_mark_is_small_however_long_the_journal(till: Buffer, shop) -> None:
    assert len(mark_and_seal(till)) == SLOT_BYTES
    for _ in range(9):
        shop.sell(till)
    assert len(mark_and_seal(till)) == SLOT_BYTES + 4 * 8  # 1, 2, 4 and 8 links before


def test_a_mark_that_is_not_genuine_says_nothing(till: Buffer, shop, tmp_path, new_keys) -> None:
    shop.sell(till)
    sealed = mark_and_seal(till)
    forged = bytes([sealed[0] ^ 1]) + sealed[1:]
    assert judged(till, forged) is None
    assert judged(till, sealed[: SLOT_BYTES - 1]) is None
    assert judged(till, b"") is None
    other = tmp_path / "other"
    other.mkdir()
    with BufferFile.create(
        other, new_keys(), device=3, buffer_id=shop.make_id(), now_ms=NOW_MS
    ) as held:
        assert judged(held.till(), sealed) is None, "of another buffer under the same keys"


def test_a_link_that_a_salvage_could_not_read_contradicts_nobody(
    sold: Path, keys: BufferKeys, reopen: Open, shop
) -> None:
    with reopen() as held:
        sealed_then = mark_and_seal(held.till())
        for _ in range(3):
            shop.sell(held.till())
        sealed_later = mark_and_seal(held.till())
    holed = copy_of(sold, "holed")
    connection = connect(holed / "buffer.db", keys.database)
    connection.execute("DROP TRIGGER journal_no_delete")
    connection.execute("DELETE FROM journal WHERE seq = 3")
    lives = Incarnations(open_session(connection, keys))
    then = lives.read_mark(sealed_then)
    assert then is not None
    assert then.seq == 3
    assert lives.standing_of(then, sealed_then) is Standing.KNOWN
    # The other way round: a trail with a hole in it says nothing about that link.
    sealed_by_it = lives.sealed_mark()
    connection.execute("DELETE FROM journal WHERE seq > 4")
    assert lives.standing_of(lives.mark(), sealed_by_it) is Standing.KNOWN
    connection.close()
    with reopen() as held:
        assert judged(held.till(), sealed_by_it) is Standing.KNOWN
        assert judged(held.till(), sealed_later) is Standing.KNOWN
    kept = copy_of(sold, "kept")
    with reopen() as held:
        shop.sell(held.till())
    connection = connect(sold / "buffer.db", keys.database)
    connection.execute("DROP TRIGGER journal_no_delete")
    connection.execute("DELETE FROM journal WHERE seq = 5")
    ahead = Incarnations(open_session(connection, keys)).sealed_mark()
    connection.close()
    with BufferFile.open(kept, keys, now_ms=NOW_MS) as held:
        assert judged(held.till(), ahead) is Standing.AHEAD, "no fork because of a hole"
