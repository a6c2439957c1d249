"""A new key for an encrypted file: every row comes along, and the key is shown to nobody."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer import rekey as module
from kiosk.buffer.database import connect, connect_to_read
from kiosk.buffer.rekey import check_room_to_rekey, key_that_opens, rekey
from kiosk.errors import StoreBusy, StoreCorrupt, StoreFull, StoreReadOnly, WrongKey
from tests.buffer.damage import flip_in_page

OLD, NEW, OTHER = (bytes([number]) * 32 for number in (1, 2, 3))
ROWS = 400
KILLS = 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.db"
    connection = connect(path, OLD, create=True)
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO rows (text) VALUES (?)", [("x" * 500,)] * ROWS)
    connection.execute("COMMIT")
    connection.close()
    return path


def rows(path: Path, key: bytes) -> int:
    connection = connect(path, key)
    try:
        assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        return int(connection.execute("SELECT count(*) FROM rows").fetchone()[0])
    finally:
        connection.close()


def test_every_row_comes_along_and_the_old_key_opens_nothing(file: Path) -> None:
    assert rekey(file, newer=NEW, older=OLD) is True
    assert rows(file, NEW) == ROWS
    with pytest.raises(WrongKey):
        connect(file, OLD)
    assert rekey(file, newer=NEW, older=OLD) is False


def test_no_page_of_the_old_key_stays_in_the_file(file: Path) -> None:
    before = file.read_bytes()
    pages = {before[at : at + 4096] for at in range(4096, len(before), 4096)}
    rekey(file, newer=NEW, older=OLD)
    after = file.read_bytes()
    assert not [page for page in pages if page in after]
    log = file.with_name(f"{file.name}-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_with_neither_key_nothing_is_changed(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongKey):
        rekey(file, newer=NEW, older=OTHER)
    with pytest.raises(WrongKey):
        key_that_opens(file, newer=NEW, older=OTHER)
    assert file.read_bytes() == before


@pytest.mark.parametrize("page", [1, 2, 7, 20])
def test_a_damaged_file_stays_as_it_is_and_its_key_is_known(file: Path, page: int) -> None:
    flip_in_page(file, page)
    before = file.read_bytes()
    with pytest.raises(WrongKey if page == 1 else StoreCorrupt):
        rekey(file, newer=NEW, older=OLD)
    assert file.read_bytes() == before
    assert key_that_opens(file, newer=NEW, older=OLD) == OLD


def test_it_is_known_which_of_two_keys_a_file_is_under(file: Path) -> None:
    assert key_that_opens(file, newer=NEW, older=OLD) == OLD
    rekey(file, newer=NEW, older=OLD)
    assert key_that_opens(file, newer=NEW, older=OLD) == NEW


def test_no_tracer_sees_the_new_key(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pragma would: that is why there is none."""
    seen: list[str] = []

    def traced(path: Path, key: bytes) -> object:
        connection = connect(path, key)
        connection.set_trace_callback(seen.append)  # type: ignore[attr-defined]
        return connection

    monkeypatch.setattr(module, "connect", traced)
    rekey(file, newer=NEW, older=OLD)
    assert seen
    assert not [text for text in seen if NEW.hex() in text.lower() or OLD.hex() in text.lower()]
    monkeypatch.undo()
    connection = connect(file, NEW)
    connection.set_trace_callback(seen.append)  # type: ignore[attr-defined]
    connection.execute(f"PRAGMA rekey = \"x'{OTHER.hex()}'\"")
    connection.close()
    assert [text for text in seen if OTHER.hex() in text.lower()]


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_would_be_a_passphrase_and_is_refused(
    file: Path, length: int
) -> None:
    with pytest.raises(AssertionError):
        rekey(file, newer=b"k" * length, older=OLD)
    assert rows(file, OLD) == ROWS


def test_whoever_reads_meanwhile_keeps_what_they_saw_and_is_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 0)
    reader = connect_to_read(file, OLD)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM rows").fetchone()[0] == ROWS
    for _ in range(2):
        with pytest.raises(StoreBusy):
            rekey(file, newer=NEW, older=OLD)
        assert key_that_opens(file, newer=NEW, older=OLD) == NEW
    assert reader.execute("SELECT text FROM rows WHERE number = 399").fetchone()[0] == "x" * 500
    reader.close()
    assert rekey(file, newer=NEW, older=OLD) is False
    assert rows(file, NEW) == ROWS


def test_there_has_to_be_room_for_the_log(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_room_to_rekey(file)
    check_room_to_rekey(file.with_name("not there"))
    free = 2 * file.stat().st_size + 32 * 1024 * 1024

    class Space:
        f_frsize = 1
        f_bavail = free - 1

    monkeypatch.setattr(os, "statvfs", lambda _path: Space)
    with pytest.raises(StoreFull) as caught:
        check_room_to_rekey(file)
    assert set(caught.value.fields) == {"free_mb", "needed_mb"}
    Space.f_bavail = free
    check_room_to_rekey(file)


def test_a_file_that_cannot_be_written_keeps_its_key(file: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnly):
        rekey(tmp_path / "not there.db", newer=NEW, older=OLD)
    assert not (tmp_path / "not there.db").exists()


@given(st.integers(0, 40))
def test_a_log_that_was_torn_leaves_the_old_key_or_the_new_one(
    tmp_path_factory: pytest.TempPathFactory, tenths: int
) -> None:
    """The log of a new key, cut at any length: what a power cut leaves of one that was not synced.

    Before its last frame there is no commit, so the file is what it was.
    """
    path = tmp_path_factory.mktemp("torn") / "some.db"
    connection = connect(path, OLD, create=True)
    connection.execute("CREATE TABLE rows (text)")
    connection.execute("INSERT INTO rows VALUES ('one')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.reset_key(f"x'{NEW.hex()}'")  # type: ignore[attr-defined]
    file, log = path.read_bytes(), path.with_name("some.db-wal").read_bytes()
    connection.close()
    torn = path.with_name("torn.db")
    torn.write_bytes(file)
    torn.with_name("torn.db-wal").write_bytes(log[: len(log) * tenths // 40])
    key = key_that_opens(torn, newer=NEW, older=OLD)
    assert key == (NEW if tenths == 40 else OLD)
    rekey(torn, newer=key, older=key)
    assert rows(torn, key) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 of a fork")
def test_killed_at_any_moment_it_opens_with_one_of_the_two_and_is_finished(file: Path) -> None:
    keys = (OLD, NEW)
    for turn in range(KILLS):
        older, newer = keys[turn % 2], keys[1 - turn % 2]
        child = os.fork()
        if child == 0:
            try:
                rekey(file, newer=newer, older=older)
            finally:
                os._exit(0)
        time.sleep(random.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert key_that_opens(file, newer=newer, older=older) in keys
        rekey(file, newer=newer, older=older)
        assert rows(file, newer) == ROWS
