"""Wrong secrets wait longer and longer, over restarts and processes, and for no clock but time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.file_lock import FileLock
from kiosk.errors import PassphraseWrong, StoreBusy, StoreReadOnly, TooManyTries
from kiosk.vault import tries as module
from kiosk.vault.tries import (
    FREE_TRIES,
    LOCK_NAME,
    TRIES_NAME,
    WAIT_MOST_S,
    Tries,
    one_try,
    tries_so_far,
)
from tests.service.world import NOON_MS, HandClock

REPOSITORY = Path(__file__).resolve().parents[2]
MINUTE_MS = 60_000


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def wrong(folder: Path, clock: HandClock) -> None:
    """One try with a wrong secret; TooManyTries when it is too early for it."""
    with pytest.raises(PassphraseWrong), one_try(folder, clock):
        raise PassphraseWrong


def wait_s(folder: Path, clock: HandClock) -> int:
    """How long the next try has to wait, by trying."""
    with pytest.raises(TooManyTries) as caught, one_try(folder, clock):
        raise AssertionError("nothing may be tried")
    return int(caught.value.fields["wait_s"])


def test_twenty_wrong_ones_wait_longer_and_longer(tmp_path: Path, clock: HandClock) -> None:
    waits = []
    for number in range(1, 21):
        if number > FREE_TRIES:
            waits.append(wait_s(tmp_path, clock))
            clock.at_ms += waits[-1] * 1000 - 1
            assert wait_s(tmp_path, clock) == 1
            clock.at_ms += 1
        wrong(tmp_path, clock)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300, 300]
    assert tries_so_far(tmp_path) == Tries(wrong=20, last_ms=clock.at_ms)


def test_a_right_one_clears_the_count(tmp_path: Path, clock: HandClock) -> None:
    for _ in range(FREE_TRIES):
        wrong(tmp_path, clock)
    clock.at_ms += 1000
    with one_try(tmp_path, clock):
        pass
    assert tries_so_far(tmp_path) == Tries()
    assert not (tmp_path / TRIES_NAME).exists()
    for _ in range(FREE_TRIES):
        wrong(tmp_path, clock)
    assert wait_s(tmp_path, clock) == 1


def test_during_the_wait_even_the_right_one_is_not_tried(tmp_path: Path, clock: HandClock) -> None:
    """Else the wait would only be for those who guess wrong."""
    for _ in range(FREE_TRIES):
        wrong(tmp_path, clock)
    tried = False
    with pytest.raises(TooManyTries), one_try(tmp_path, clock):
        tried = True
    assert not tried
    assert tries_so_far(tmp_path).wrong == FREE_TRIES


def test_a_clock_set_back_gains_nothing_and_does_not_lock_out_for_years(
    tmp_path: Path, clock: HandClock
) -> None:
    for _ in range(FREE_TRIES + 1):
        clock.at_ms += 5000
        wrong(tmp_path, clock)
    assert wait_s(tmp_path, clock) == 2
    clock.at_ms -= 400 * 86_400_000
    assert wait_s(tmp_path, clock) == 2
    clock.at_ms += 1999
    assert wait_s(tmp_path, clock) == 1
    clock.at_ms += 1
    wrong(tmp_path, clock)


def test_setting_the_clock_back_again_and_again_never_ends_the_wait(
    tmp_path: Path, clock: HandClock
) -> None:
    for _ in range(FREE_TRIES):
        wrong(tmp_path, clock)
    for _ in range(5):
        clock.at_ms -= MINUTE_MS
        assert wait_s(tmp_path, clock) == 1


@given(st.integers(0, 10**6), st.integers(-(10**9), 10**12))
def test_a_wait_is_never_longer_than_said_and_ends(count: int, later_ms: int) -> None:
    tries = Tries(wrong=count, last_ms=NOON_MS)
    found = tries.wait_s(NOON_MS + later_ms)
    assert 0 <= found <= WAIT_MOST_S
    assert (found == 0) or count >= FREE_TRIES
    assert tries.wait_s(NOON_MS + WAIT_MOST_S * 1000) == 0
    assert tries.wait_s(NOON_MS + later_ms + found * 1000 + 10**9) == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"wrong": 9}', b'{"wrong": "9", "last_ms": 1}',
     b'{"wrong": true, "last_ms": 1}', b'{"wrong": -1, "last_ms": 1}', b"\xff" * 10,
     b'{"wrong": 9, "last_ms": 1.5}', b" " * 5000 + b"{}", b"[" * 1000],
)  # fmt: skip
def test_a_count_that_cannot_be_read_keeps_nobody_out(
    tmp_path: Path, clock: HandClock, content: bytes
) -> None:
    (tmp_path / TRIES_NAME).write_bytes(content)
    assert tries_so_far(tmp_path) == Tries()
    wrong(tmp_path, clock)
    assert tries_so_far(tmp_path) == Tries(wrong=1, last_ms=NOON_MS)


def test_the_file_says_how_many_and_when_and_nothing_else(tmp_path: Path, clock: HandClock) -> None:
    wrong(tmp_path, clock)
    file = tmp_path / TRIES_NAME
    assert json.loads(file.read_text()) == {"wrong": 1, "last_ms": NOON_MS}
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [TRIES_NAME, LOCK_NAME]


def test_other_errors_are_no_wrong_secret(tmp_path: Path, clock: HandClock) -> None:
    with pytest.raises(StoreReadOnly), one_try(tmp_path, clock):
        raise StoreReadOnly
    assert tries_so_far(tmp_path) == Tries()


def test_a_folder_that_cannot_be_written_opens_all_the_same(
    tmp_path: Path, clock: HandClock
) -> None:
    nowhere = tmp_path / "gone"
    with one_try(nowhere, clock):
        pass
    wrong(nowhere, clock)


def test_a_count_that_cannot_be_written_keeps_nobody_out(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(tmp_path, clock)

    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(PassphraseWrong), one_try(tmp_path, clock):
        raise PassphraseWrong


def test_two_programs_never_try_at_the_same_time(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOCK_PAUSE_S", 0)
    other = FileLock(tmp_path / LOCK_NAME)
    try:
        with pytest.raises(StoreBusy), one_try(tmp_path, clock):
            raise AssertionError("nothing may be tried")
    finally:
        other.release()
    with one_try(tmp_path, clock):
        pass


def test_whoever_waits_for_the_other_gets_their_turn(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FileLock(tmp_path / LOCK_NAME)
    monkeypatch.setattr("time.sleep", lambda _seconds: other.release())
    with one_try(tmp_path, clock):
        pass


def test_processes_count_together_and_a_dead_one_lets_go(tmp_path: Path, clock: HandClock) -> None:
    code = (
        "import sys, os\n"
        "from pathlib import Path\n"
        "from kiosk.errors import PassphraseWrong\n"
        "from kiosk.vault.tries import one_try\n"
        "from tests.service.world import HandClock\n"
        "for die in (False, False, True):\n"
        "    try:\n"
        "        with one_try(Path(sys.argv[1]), HandClock()):\n"
        "            if die: os.kill(os.getpid(), 9)\n"
        "            raise PassphraseWrong\n"
        "    except PassphraseWrong:\n"
        "        pass\n"
    )
    wrong(tmp_path, clock)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, tmp_path], cwd=REPOSITORY, check=False)
    assert tries_so_far(tmp_path).wrong == 5
    assert wait_s(tmp_path, clock) == 1
