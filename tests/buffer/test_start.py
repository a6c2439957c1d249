"""What is checked before the first sale of a run, and that nothing is harmed by failing it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.buffer.anchor import ANCHOR_BYTES
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.database import connect
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.room import RoomRules
from kiosk.errors import (
    RolledBack,
    StoreCorrupt,
    StoreExists,
    StoreFull,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
    WrongKey,
)

NOW_MS = 1_800_000_000_000
Open = Callable[[], BufferFile]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def flip(path: Path, at: int, mask: int = 1) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= mask
    path.write_bytes(bytes(raw))


def noticed(path: Path, keys: BufferKeys) -> bool:
    try:
        connection = connect(path, keys.database)
    except StoreCorrupt:
        return True
    try:
        return bool(connection.execute("PRAGMA cipher_integrity_check").fetchall())
    finally:
        connection.close()


@pytest.fixture
def sold(buffer_file: BufferFile, tmp_path: Path, shop) -> Path:
    """A closed folder with three sales in it."""
    for _ in range(3):
        shop.sell(buffer_file.till())
    buffer_file.close()
    return tmp_path


def copy_of(folder: Path, name: str) -> Path:
    kept = folder.parent / f"{folder.name}-{name}"
    shutil.copytree(folder, kept)
    return kept


def put_back(kept: Path, folder: Path, *names: str) -> None:
    for name in names:
        shutil.copy(kept / name, folder / name)


def test_a_closed_buffer_opens_with_all_its_sales(sold: Path, reopen: Open) -> None:
    with reopen() as held, held.till().reading() as uow:
        assert len(list(uow.sales.each())) == 3
        assert held.till().identity.device == 3
        assert held.till().identity.incarnation == 1


def test_closing_leaves_everything_in_one_file(sold: Path) -> None:
    log = sold / "buffer.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert (sold / "buffer.anchor").stat().st_size == ANCHOR_BYTES


def test_a_second_opening_is_refused_while_the_first_holds_it(buffer_file, reopen: Open) -> None:
    with pytest.raises(StoreInUse):
        reopen()


def test_another_process_is_refused_and_may_look_all_the_same(buffer_file, tmp_path, shop) -> None:
    sale = shop.sell(buffer_file.till())
    script = f"""
import random, sys
from pathlib import Path
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.errors import StoreInUse
dice = random.Random(7)
keys = BufferKeys(database=dice.randbytes(32), journal=dice.randbytes(32),
                  anchor=dice.randbytes(32), member_kek={{1: dice.randbytes(32)}})
folder = Path({str(tmp_path)!r})
try:
    BufferFile.open(folder, keys, now_ms=1)
except StoreInUse:
    print("in use")
with BufferFile.look(folder, keys) as buffer, buffer.reading() as uow:
    print(uow.sales.newest(1)[0].sale_id)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[:2] == ["in use", sale.sale_id]


def test_a_failed_opening_lets_go_of_the_lock(sold: Path, reopen: Open, new_keys) -> None:
    with pytest.raises(WrongKey):
        BufferFile.open(sold, new_keys(8), now_ms=NOW_MS)
    reopen().close()


def test_a_wrong_key_changes_nothing(sold: Path, reopen: Open, new_keys) -> None:
    before = digest(sold / "buffer.db"), digest(sold / "buffer.anchor")
    with pytest.raises(WrongKey):
        BufferFile.open(sold, new_keys(8), now_ms=NOW_MS)
    with pytest.raises(WrongKey), BufferFile.look(sold, new_keys(8)):
        pass
    assert (digest(sold / "buffer.db"), digest(sold / "buffer.anchor")) == before
    reopen().close()


@pytest.mark.parametrize("at", [0, 5, 16, 100, 4095])
def test_a_damaged_first_page_is_not_taken_for_a_wrong_key(sold, reopen: Open, at: int) -> None:
    flip(sold / "buffer.db", at)
    before = digest(sold / "buffer.db")
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "first_page"}
    assert digest(sold / "buffer.db") == before


def test_an_empty_file_in_the_buffer_s_place_is_never_filled(sold: Path, reopen: Open) -> None:
    (sold / "buffer.db").write_bytes(b"")
    with pytest.raises(StoreCorrupt):
        reopen()


def test_a_flipped_bit_anywhere_is_noticed_when_its_page_is_read(sold, keys: BufferKeys) -> None:
    size = (sold / "buffer.db").stat().st_size
    whole = (sold / "buffer.db").read_bytes()
    for at in range(4096 + 77, size, size // 12):
        (sold / "buffer.db").write_bytes(whole)
        flip(sold / "buffer.db", at, 0x10)
        assert noticed(sold / "buffer.db", keys), at


def test_a_file_cut_short_is_damage(sold: Path, reopen: Open) -> None:
    whole = (sold / "buffer.db").read_bytes()
    (sold / "buffer.db").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(StoreCorrupt):
        reopen()


def test_a_missing_anchor_is_said_and_not_replaced(sold: Path, reopen: Open) -> None:
    (sold / "buffer.anchor").unlink()
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "anchor_missing"}
    assert not (sold / "buffer.anchor").exists()


def test_an_anchor_with_both_slots_damaged_is_damage(sold: Path, reopen: Open) -> None:
    flip(sold / "buffer.anchor", 3)
    flip(sold / "buffer.anchor", ANCHOR_BYTES // 2 + 3)
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "anchor"}


@pytest.mark.parametrize("slot", [0, 1])
def test_one_torn_slot_does_no_harm(sold: Path, reopen: Open, slot: int) -> None:
    flip(sold / "buffer.anchor", slot * ANCHOR_BYTES // 2 + 20)
    reopen().close()


def test_an_old_copy_put_back_is_found(sold: Path, reopen: Open, shop) -> None:
    kept = copy_of(sold, "kept")
    with reopen() as held:
        shop.sell(held.till())
    put_back(kept, sold, "buffer.db")
    with pytest.raises(RolledBack) as caught:
        reopen()
    assert caught.value.fields == {"seq": 3, "anchor_seq": 4}


def test_an_old_copy_that_went_on_by_itself_is_found(sold: Path, keys, reopen: Open, shop) -> None:
    fork = copy_of(sold, "fork")
    with reopen() as held:
        shop.sell(held.till())
    with BufferFile.open(fork, keys, now_ms=NOW_MS) as held:
        for _ in range(3):
            shop.sell(held.till())
    put_back(fork, sold, "buffer.db")
    with pytest.raises(RolledBack) as caught:
        reopen()
    assert caught.value.fields == {"seq": 6, "anchor_seq": 4}


def test_another_kiosk_s_buffer_under_the_same_keys_is_found(sold, keys, tmp_path_factory, shop):
    other = tmp_path_factory.mktemp("other")
    BufferFile.create(other, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS).close()
    put_back(other, sold, "buffer.db")
    with pytest.raises(StoreCorrupt) as caught:
        BufferFile.open(sold, keys, now_ms=NOW_MS)
    assert caught.value.fields == {"check": "anchor_foreign"}


def test_an_anchor_older_than_the_journal_is_what_a_crash_leaves(sold, reopen: Open, shop) -> None:
    kept = copy_of(sold, "kept")
    with reopen() as held:
        shop.sell(held.till())
    put_back(kept, sold, "buffer.anchor")
    with reopen() as held:
        shop.sell(held.till())
    with reopen() as held, held.till().reading() as uow:
        assert uow.journal.verify().length == 5


def test_a_link_that_was_rewritten_is_found(sold: Path, keys: BufferKeys, reopen: Open) -> None:
    connection = connect(sold / "buffer.db", keys.database)
    sql = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'journal_no_update'"
    ).fetchone()[0]
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("UPDATE journal SET payload = '{}' WHERE seq = 2")
    connection.execute(sql)
    connection.close()
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "journal"}


def test_a_tail_cut_off_the_journal_is_found_by_looking(sold: Path, keys: BufferKeys) -> None:
    with BufferFile.look(sold, keys) as buffer:
        whole = buffer.verify_journal()
    connection = connect(sold / "buffer.db", keys.database)
    sql = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'journal_no_delete'"
    ).fetchone()[0]
    connection.execute("DROP TRIGGER journal_no_delete")
    connection.execute("DELETE FROM journal WHERE seq = ?", (whole.length,))
    connection.execute(sql)
    connection.close()
    with BufferFile.look(sold, keys) as buffer:
        # What is left is a whole chain in itself: only the anchor knows that it went on.
        with buffer.reading() as uow:
            assert uow.journal.verify().ok
        cut = buffer.verify_journal()
    assert whole.ok
    assert (cut.ok, cut.length, cut.broken_at) == (False, whole.length - 1, whole.length)


def test_looking_tells_a_damaged_first_page_from_a_wrong_key(
    sold: Path, keys: BufferKeys, new_keys: Callable[..., BufferKeys]
) -> None:
    with pytest.raises(WrongKey), BufferFile.look(sold, new_keys(99)):
        pass
    flip(sold / "buffer.db", 100)
    with pytest.raises(StoreCorrupt) as caught, BufferFile.look(sold, keys):
        pass
    assert caught.value.fields == {"check": "first_page"}


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER journal_sale_gate",
        "CREATE TABLE extra (a INTEGER)",
        "CREATE INDEX extra ON sales(language)",
        "ALTER TABLE sales ADD COLUMN extra TEXT",
    ],
)
def test_a_changed_table_or_trigger_is_found(sold, keys: BufferKeys, reopen: Open, sql) -> None:
    connection = connect(sold / "buffer.db", keys.database)
    connection.execute(sql)
    connection.close()
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "schema"}


def test_a_buffer_of_a_newer_version_is_refused_untouched(sold, keys, reopen: Open) -> None:
    connection = connect(sold / "buffer.db", keys.database)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('kiosk.buffer', '0099_later', 'now')"
    )
    connection.close()
    with pytest.raises(StoreTooNew) as caught:
        reopen()
    assert caught.value.fields == {"unknown": "0099_later"}
    with pytest.raises(StoreTooNew), BufferFile.look(sold, keys):
        pass


def test_no_buffer_is_said_and_none_is_made(tmp_path: Path, keys: BufferKeys) -> None:
    with pytest.raises(StoreMissing) as caught:
        BufferFile.open(tmp_path, keys, now_ms=NOW_MS)
    assert caught.value.fields == {"folder": str(tmp_path), "half_made": 0}
    with pytest.raises(StoreMissing), BufferFile.look(tmp_path, keys):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [["buffer.db"], ["buffer.db-wal"], ["buffer.anchor"]])
def test_nothing_is_made_where_a_buffer_or_a_trace_of_one_is(sold, keys, tmp_path_factory, names):
    (sold / "buffer.db-wal").touch()
    folder = tmp_path_factory.mktemp("other")
    put_back(sold, folder, *names)
    before = {path.name: digest(path) for path in folder.iterdir()}
    with pytest.raises(StoreExists):
        BufferFile.create(folder, keys, device=1, buffer_id="x" * 36, now_ms=NOW_MS)
    assert {name: digest(folder / name) for name in before} == before


def test_a_set_up_cut_off_before_the_rename_starts_over(tmp_path: Path, keys, shop) -> None:
    (tmp_path / "buffer.db.new").write_bytes(b"half of a file")
    (tmp_path / "buffer.db.new-wal").write_bytes(b"and of its log")
    with pytest.raises(StoreMissing) as caught:
        BufferFile.open(tmp_path, keys, now_ms=NOW_MS)
    assert caught.value.fields["half_made"] == 1
    BufferFile.create(tmp_path, keys, device=1, buffer_id=shop.make_id(), now_ms=NOW_MS).close()
    assert not list(tmp_path.glob("*.new*"))


def test_a_set_up_cut_off_between_the_renames_is_finished(tmp_path: Path, keys, shop) -> None:
    BufferFile.create(tmp_path, keys, device=1, buffer_id=shop.make_id(), now_ms=NOW_MS).close()
    (tmp_path / "buffer.anchor").rename(tmp_path / "buffer.anchor.new")
    with BufferFile.open(tmp_path, keys, now_ms=NOW_MS) as held:
        shop.sell(held.till())
    assert (tmp_path / "buffer.anchor").exists()


def test_an_anchor_that_remembers_sales_is_not_taken_for_a_new_one(sold: Path, reopen) -> None:
    (sold / "buffer.anchor").rename(sold / "buffer.anchor.new")
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "anchor_missing"}


def test_a_disk_almost_full_is_said_before_the_file_is_touched(sold: Path, keys) -> None:
    rules = RoomRules(least_to_open=1 << 60)
    with pytest.raises(StoreFull) as caught:
        BufferFile.open(sold, keys, now_ms=NOW_MS, rules=rules)
    assert caught.value.fields["needed_mb"] == 1 << 40
    assert not (sold / "buffer.db-shm").exists()


def test_a_buffer_that_cannot_be_written_is_found_by_the_probe(sold, keys, monkeypatch) -> None:
    from kiosk.buffer import database, start

    def read_only(path: Path, key: bytes):
        return database.connect_to_read(path, key)

    monkeypatch.setattr(start, "connect", read_only)
    with pytest.raises(StoreReadOnly):
        BufferFile.open(sold, keys, now_ms=NOW_MS)


def test_a_folder_that_cannot_be_written_is_said(sold: Path, keys, monkeypatch) -> None:
    import os

    def refusing(path, flags, mode=0o777, **more):
        raise PermissionError(13, "refused")

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(StoreReadOnly) as caught:
        BufferFile.open(sold, keys, now_ms=NOW_MS)
    assert caught.value.fields == {"folder": str(sold)}


def test_opening_with_a_clock_far_ahead_leaves_no_mark(sold: Path, keys) -> None:
    with BufferFile.open(sold, keys, now_ms=NOW_MS * 2) as held, held.till().reading() as uow:
        assert uow.settings.highest_ms() == NOW_MS
