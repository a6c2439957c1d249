"""The write lock, the lock file, the anchor's slots, and room on the disk."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer import room as room_module
from kiosk.buffer.anchor import (
    ANCHOR_BYTES,
    SLOT_BYTES,
    Anchor,
    AnchorMark,
    make_anchor,
    read_anchor,
)
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.room import MEGABYTE, Room, RoomRules
from kiosk.buffer.write_lock import Priority, WriteLock
from kiosk.errors import StoreBusy, StoreFull, StoreInUse, StoreReadOnly

KEY = b"a" * 32
BUFFER_ID = "01900000-0000-7000-8000-000000000001"


def mark(seq: int) -> AnchorMark:
    return AnchorMark.at(BUFFER_ID, 1, seq, bytes([seq % 251]) * 32)


# ---------------------------------------------------------------- the write lock


def wait_until(ready) -> None:
    for _ in range(2000):
        if ready():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it never came")


def test_the_till_goes_first_however_many_of_sync_were_there_before() -> None:
    lock, order = WriteLock(), []

    def work(priority: Priority) -> None:
        with lock.held_by(priority):
            order.append(priority)

    with lock.held_by(Priority.SYNC):
        threads = [threading.Thread(target=work, args=(Priority.SYNC,)) for _ in range(4)]
        threads += [threading.Thread(target=work, args=(Priority.TILL,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        wait_until(lambda: lock._tills_waiting == 2)
    for thread in threads:
        thread.join(timeout=10)
    assert order[:2] == [Priority.TILL, Priority.TILL]
    assert len(order) == 6


def test_waiting_too_long_is_busy_and_leaves_the_lock_usable() -> None:
    lock = WriteLock(wait_seconds=0.01)
    with lock.held_by(Priority.SYNC):
        for priority in Priority:
            with pytest.raises(StoreBusy), lock.held_by(priority):
                raise AssertionError("nobody else holds it")
    for priority in Priority:
        with lock.held_by(priority):
            pass


def test_an_error_inside_frees_the_lock() -> None:
    lock = WriteLock(wait_seconds=0.01)
    with pytest.raises(ZeroDivisionError), lock.held_by(Priority.TILL):
        raise ZeroDivisionError
    with lock.held_by(Priority.SYNC):
        pass


def test_a_lock_is_held_by_one_thread_at_a_time() -> None:
    lock, inside, most = WriteLock(), [], []

    def work(priority: Priority) -> None:
        for _ in range(50):
            with lock.held_by(priority):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work, args=(one,)) for one in (*Priority, *Priority)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert max(most) == 1
    assert len(most) == 200


# ---------------------------------------------------------------- the lock file


def test_a_lock_file_is_held_once_and_free_again_after(tmp_path: Path) -> None:
    path = tmp_path / "buffer.lock"
    held = FileLock(path)
    with pytest.raises(StoreInUse):
        FileLock(path)
    held.release()
    held.release()
    FileLock(path).release()
    assert path.exists()


def test_a_lock_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnly):
        FileLock(tmp_path / "nowhere" / "buffer.lock")


# ---------------------------------------------------------------- the anchor


def test_the_anchor_is_128_bytes_with_the_newest_mark(tmp_path: Path) -> None:
    path = tmp_path / "anchor"
    make_anchor(path, KEY, mark(0))
    assert path.stat().st_size == ANCHOR_BYTES == 128
    anchor = Anchor(path, KEY)
    for seq in (1, 2, 3, 7, 8):
        anchor.write(mark(seq))
        assert anchor.newest() == mark(seq)
        assert read_anchor(path, KEY) == mark(seq)
    anchor.close()
    anchor.close()


def test_the_slots_are_written_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "anchor"
    make_anchor(path, KEY, mark(0))
    anchor = Anchor(path, KEY)
    for seq in range(1, 6):
        before = path.read_bytes()
        anchor.write(mark(seq))
        after = path.read_bytes()
        changed = [before[at : at + SLOT_BYTES] != after[at : at + SLOT_BYTES] for at in (0, 64)]
        assert sorted(changed) == [False, True]
        # The slot left alone is the one that was newest before.
        kept = after[:64] if changed[1] else after[64:]
        (tmp_path / "torn").write_bytes(kept + b"\0" * 64)
        assert read_anchor(tmp_path / "torn", KEY) == mark(seq - 1)
    anchor.close()


@given(st.integers(0, ANCHOR_BYTES - 1), st.integers(0, 7))
def test_a_flipped_bit_costs_one_slot_at_most(tmp_path_factory, at: int, bit: int) -> None:
    path = tmp_path_factory.mktemp("anchor") / "anchor"
    make_anchor(path, KEY, mark(4))
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1 << bit
    path.write_bytes(bytes(raw))
    assert read_anchor(path, KEY) == mark(4)
    raw[(at + SLOT_BYTES) % ANCHOR_BYTES] ^= 1 << bit
    path.write_bytes(bytes(raw))
    assert read_anchor(path, KEY) is None


@pytest.mark.parametrize("content", [b"", b"x" * 10, b"\0" * 128, b"\xff" * 500])
def test_what_is_no_anchor_has_no_mark(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "anchor"
    path.write_bytes(content)
    assert read_anchor(path, KEY) is None
    assert read_anchor(tmp_path / "missing", KEY) is None


def test_another_key_s_anchor_has_no_mark(tmp_path: Path) -> None:
    make_anchor(tmp_path / "anchor", KEY, mark(4))
    assert read_anchor(tmp_path / "anchor", b"b" * 32) is None


# ---------------------------------------------------------------- room


def room(folder: Path, monkeypatch, free: int) -> Room:
    monkeypatch.setattr(Room, "_free", lambda self: free)
    return Room(folder, folder / "ballast", RoomRules())


def test_selling_needs_more_room_than_opening(tmp_path: Path, monkeypatch) -> None:
    little = room(tmp_path, monkeypatch, 100 * MEGABYTE)
    little.check_to_open()
    with pytest.raises(StoreFull) as caught:
        little.check_to_sell()
    assert caught.value.fields == {"free_mb": 100, "needed_mb": 200}
    room(tmp_path, monkeypatch, 200 * MEGABYTE).check_to_sell()


def test_the_ballast_is_let_go_when_opening_needs_it(tmp_path: Path, monkeypatch) -> None:
    ballast = tmp_path / "ballast"
    ballast.write_bytes(b"x" * 10)
    monkeypatch.setattr(Room, "_free", lambda self: 0 if ballast.exists() else 50 * MEGABYTE)
    Room(tmp_path, ballast, RoomRules()).check_to_open()
    assert not ballast.exists()


def test_a_disk_without_any_room_is_said(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(StoreFull):
        room(tmp_path, monkeypatch, MEGABYTE).check_to_open()


@pytest.mark.parametrize(
    ("free_mb", "ballast_mb"), [(100_000, 64), (3_000, 30), (1_600, 16), (1_599, None), (0, None)]
)
def test_the_ballast_is_as_big_as_the_disk_can_spare(tmp_path, monkeypatch, free_mb, ballast_mb):
    made = room(tmp_path, monkeypatch, free_mb * MEGABYTE)
    assert made.keep_ballast() is (ballast_mb is not None)
    ballast = tmp_path / "ballast"
    if ballast_mb is None:
        assert not ballast.exists()
    else:
        assert ballast.stat().st_size == ballast_mb * MEGABYTE
        assert ballast.stat().st_blocks * 512 >= ballast_mb * MEGABYTE  # real blocks, no hole
        before = ballast.stat().st_mtime_ns
        assert made.keep_ballast() is True
        assert ballast.stat().st_mtime_ns == before


def test_a_ballast_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path, monkeypatch) -> None:
    def full(path: Path, size: int) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "no space")

    monkeypatch.setattr(room_module, "_fill", full)
    assert room(tmp_path, monkeypatch, 10_000 * MEGABYTE).keep_ballast() is False
    assert not (tmp_path / "ballast").exists()


def test_the_free_space_is_the_one_for_this_user(tmp_path: Path) -> None:
    found = os.statvfs(tmp_path)
    free = Room(tmp_path, tmp_path / "ballast", RoomRules())._free()
    assert abs(free - found.f_bavail * found.f_frsize) < 2_000 * MEGABYTE
