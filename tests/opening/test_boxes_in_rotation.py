"""Backups and black boxes that are taken in the middle of a key rotation open with either key."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import vault
from kiosk.buffer.rekey import rekey
from kiosk.errors import KioskError, StoreBusy, StoreCorrupt
from kiosk.opening import checkup, open_kiosk, packing
from kiosk.opening.backups import back_up_to
from kiosk.opening.exporting import export, export_locked, place_of
from kiosk.opening.unlocking import finish_rotation
from kiosk.opening.unpacking import check_box, open_box, unpack
from kiosk.vault import RecoveryKey
from kiosk.vault.places import system_places
from kiosk.vault.rotation import AtHand, begin_rotation
from tests.buffer.damage import flip_in_page
from tests.opening.kiosks import SECRET, check_everything_is_there, copied
from tests.vault.parts import CHEAP, DAY_MS

NOW_MS = 1_900_000_000_000


@pytest.fixture
def folder(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """A kiosk that has sold and practised."""
    return copied(made_kiosk[0], tmp_path / "kiosk")


def begin(folder: Path, *done: str) -> None:
    """A rotation that was cut off when these files were under their new key."""
    hand = AtHand(passphrase=SECRET, keep=lambda _key: None, made_ms=DAY_MS, cost=CHEAP)
    begin_rotation(folder, vault.unlock(folder, SECRET), hand, system_places())
    held = vault.unlock(folder, SECRET)
    assert held.former is not None
    if "buffer.db" in done:
        rekey(folder / "buffer.db", newer=held.keys.database, older=held.former.database)
    if "practice.db" in done:
        rekey(folder / "practice.db", newer=held.practice_key, older=held.former.practice)


@pytest.mark.parametrize(
    "done", [(), ("buffer.db",), ("practice.db",), ("buffer.db", "practice.db")]
)
@pytest.mark.parametrize("kind", ["backup", "black box", "locked"])
def test_whatever_was_done_of_it_the_box_is_whole_and_sells(
    folder: Path, tmp_path: Path, done: tuple[str, ...], kind: str
) -> None:
    begin(folder, *done)
    box = tmp_path / "box"
    if kind == "locked":
        export_locked(folder, box, NOW_MS)
    else:
        (back_up_to if kind == "backup" else export)(place_of(folder, SECRET), box, NOW_MS)
    check_box(open_box(box, SECRET), SECRET)
    assert not unpack(open_box(box, SECRET), SECRET, tmp_path / "new", NOW_MS).to_salvage
    check_everything_is_there(tmp_path / "new", SECRET)
    assert vault.unlock(tmp_path / "new", SECRET).former is None


def test_a_rotation_that_ends_while_it_is_copied_leaves_a_backup_that_opens(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(folder)
    real = packing.gather_small

    def meanwhile(*given: object) -> None:
        finish_rotation(folder, vault.unlock(folder, SECRET))
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(packing, "gather_small", meanwhile)
    back_up_to(place_of(folder, SECRET), tmp_path / "box", NOW_MS)
    assert vault.unlock(folder, SECRET).former is None
    check_box(open_box(tmp_path / "box", SECRET), SECRET)
    unpack(open_box(tmp_path / "box", SECRET), SECRET, tmp_path / "new", NOW_MS)
    check_everything_is_there(tmp_path / "new", SECRET)


@pytest.mark.parametrize("work", [back_up_to, export])
def test_a_rotation_between_unlocking_and_copying_makes_no_box_that_nothing_opens(
    folder: Path, tmp_path: Path, work
) -> None:
    place = place_of(folder, SECRET)
    begin(folder)
    finish_rotation(folder, vault.unlock(folder, SECRET))
    with pytest.raises(StoreBusy):
        work(place, tmp_path / "box", NOW_MS)
    assert not (tmp_path / "box").exists()
    work(place_of(folder, SECRET), tmp_path / "box", NOW_MS)
    check_box(open_box(tmp_path / "box", SECRET), SECRET)


@pytest.mark.parametrize("done", [(), ("buffer.db",)])
@pytest.mark.parametrize("page", [1, 9])
def test_a_damaged_kiosk_in_the_middle_of_it_is_carried_and_salvaged(
    folder: Path, tmp_path: Path, done: tuple[str, ...], page: int
) -> None:
    begin(folder, *done)
    flip_in_page(folder / "buffer.db", page)
    export(place_of(folder, SECRET), tmp_path / "box", NOW_MS)
    check_box(open_box(tmp_path / "box", SECRET), SECRET)
    unpacked = unpack(open_box(tmp_path / "box", SECRET), SECRET, tmp_path / "new", NOW_MS)
    assert unpacked.to_salvage
    for here in (folder, tmp_path / "new"):
        assert checkup.salvage(here, SECRET).kept_in is not None
        check_sells(here)
        assert vault.unlock(here, SECRET).former is None


def test_a_start_in_the_middle_of_it_says_that_the_first_page_is_damaged(folder: Path) -> None:
    begin(folder)
    flip_in_page(folder / "buffer.db", 1)
    with pytest.raises(StoreCorrupt) as caught:
        open_kiosk(folder, SECRET)
    assert caught.value.fields == {"check": "first_page"}


def check_sells(folder: Path) -> None:
    """It opens again, whatever is missing from it."""
    try:
        open_kiosk(folder, SECRET).close()
    except KioskError as error:
        raise AssertionError(str(error)) from error
