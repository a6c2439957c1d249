"""Backups that nobody asks for: in time, beside selling, and in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.backup_state import read_backup_state
from kiosk.buffer.buffer import BufferFile
from kiosk.config import BackupConfig
from kiosk.opening import auto_backup
from kiosk.opening.auto_backup import BETWEEN_SECONDS, FIRST_SECONDS, AutoBackup, Rhythm
from kiosk.opening.place import Place

NOW_MS = 1_900_000_000_000
STICK = BackupConfig(folder=Path("/media/stick"))


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now_ms(self) -> int:
        return NOW_MS + int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Hands:
    return Hands()


def backups_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.backup"))


def test_the_first_is_made_soon_after_the_start_and_then_each_so_many_minutes() -> None:
    rhythm = Rhythm(BackupConfig(minutes=15), 1000.0)
    assert not rhythm.is_due(1000.0 + FIRST_SECONDS - 1, quiet=True)
    assert rhythm.is_due(1000.0 + FIRST_SECONDS, quiet=True)
    rhythm.began(2000.0)
    assert not rhythm.is_due(2000.0 + 15 * 60 - 1, quiet=True)
    assert rhythm.is_due(2000.0 + 15 * 60, quiet=True)


def test_none_is_made_where_that_is_switched_off() -> None:
    rhythm = Rhythm(BackupConfig(minutes=0, folder=Path("/media/stick")), 0.0)
    rhythm.sold()
    assert not rhythm.is_due(1e9, quiet=True)
    assert not rhythm.is_due(1e9, quiet=False)


def test_a_second_place_has_a_copy_soon_after_a_sale() -> None:
    for settings, soon in ((STICK, True), (BackupConfig(), False)):
        rhythm = Rhythm(settings, 0.0)
        rhythm.began(1000.0)
        rhythm.sold()
        assert not rhythm.is_due(1000.0 + BETWEEN_SECONDS - 1, quiet=True)
        assert rhythm.is_due(1000.0 + BETWEEN_SECONDS, quiet=True) is soon
        rhythm.began(1100.0)
        assert not rhythm.is_due(1100.0 + BETWEEN_SECONDS, quiet=True)


def test_while_somebody_is_at_the_screen_it_waits_but_not_for_ever() -> None:
    rhythm = Rhythm(STICK, 0.0)
    rhythm.began(0.0)
    rhythm.sold()
    assert not rhythm.is_due(15 * 60.0, quiet=False)
    assert rhythm.is_due(2 * 15 * 60.0, quiet=False)


@given(
    st.integers(1, 60),
    st.booleans(),
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=400),
)
def test_whatever_happens_copies_are_never_too_close_and_never_too_far_apart(
    minutes: int, second: bool, ticks: list[tuple[bool, bool]]
) -> None:
    folder = Path("/media/stick" if second else "backups")
    rhythm = Rhythm(BackupConfig(minutes=minutes, folder=folder), 0.0)
    last = 0.0
    for number, (sold, quiet) in enumerate(ticks, start=1):
        now = number * 60.0
        if sold:
            rhythm.sold()
        if rhythm.is_due(now, quiet=quiet):
            assert now - last >= BETWEEN_SECONDS
            rhythm.began(now)
            last = now
        assert now - last < 2 * minutes * 60 + 60


def test_an_idle_moment_makes_a_backup_in_another_thread(place: Place, clock: Hands) -> None:
    backup = AutoBackup(place, clock)
    assert not backup.rest(quiet=True)
    clock.seconds = FIRST_SECONDS
    assert backup.rest(quiet=True)
    assert backup.stop(20)
    assert len(backups_in(place.folder / "backups")) == 1
    assert read_backup_state(place.folder).good_ms == clock.now_ms()


def test_it_goes_on_beside_a_kiosk_that_sells(place: Place, clock: Hands) -> None:
    backup = AutoBackup(place, clock)
    with BufferFile.open(place.folder, place.vault.keys, now_ms=NOW_MS) as buffer_file:
        buffer = buffer_file.till()
        for number in range(3):
            with buffer.writing() as uow:
                uow.settings.put("before", number, NOW_MS)
            clock.seconds += 3600
            assert backup.rest(quiet=True)
            # Nothing is copied under the write lock: a sale goes through meanwhile.
            with buffer.writing() as uow:
                uow.settings.put("meanwhile", number, NOW_MS)
            assert backup.stop(20)
    assert len(backups_in(place.folder / "backups")) == 3


def test_what_has_not_changed_is_not_copied_again(place: Place, clock: Hands) -> None:
    backup = AutoBackup(place, clock)
    for _ in range(3):
        clock.seconds += 3600
        backup.rest(quiet=True)
        assert backup.stop(20)
    (only,) = backups_in(place.folder / "backups")
    # Unless somebody took it away.
    (place.folder / "backups" / only).unlink()
    clock.seconds += 3600
    backup.rest(quiet=True)
    assert backup.stop(20)
    assert len(backups_in(place.folder / "backups")) == 1


def test_a_stick_that_is_pulled_stops_nothing_and_is_used_when_it_is_back(
    place_with: Callable[[str], Place], clock: Hands, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    place = place_with(f'folder = "{stick}"')
    backup = AutoBackup(place, clock)
    clock.seconds = 3600
    assert backup.rest(quiet=True)
    assert backup.stop(20)
    assert read_backup_state(place.folder).problem == "backup_place_missing"
    stick.mkdir()
    backup.sold()
    clock.seconds += BETWEEN_SECONDS
    assert backup.rest(quiet=True)
    assert backup.stop(20)
    assert len(backups_in(stick)) == 1
    assert read_backup_state(place.folder).problem == ""


@pytest.mark.expects_log_warning("backup_broke")
def test_a_bug_in_a_backup_ends_with_its_thread(
    place: Place, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_place: Place, _now_ms: int) -> None:
        raise AssertionError("a bug")

    monkeypatch.setattr(auto_backup, "make_backup", breaks)
    backup = AutoBackup(place, clock)
    clock.seconds = 3600
    assert backup.rest(quiet=True)
    assert backup.stop(20)


def test_one_at_a_time(place: Place, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    go_on = threading.Event()
    monkeypatch.setattr(auto_backup, "make_backup", lambda *_: go_on.wait(20))
    backup = AutoBackup(place, clock)
    clock.seconds = 3600
    assert backup.rest(quiet=True)
    clock.seconds = 36_000
    assert not backup.rest(quiet=True)
    assert not backup.stop(0.01)
    go_on.set()
    assert backup.stop(20)
