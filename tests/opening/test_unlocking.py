"""Opening a kiosk: wrong secrets wait, the keychain opens it alone, a rotation is finished."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from kiosk import opening, vault
from kiosk.buffer import rekey as rekey_module
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.files import BufferPaths
from kiosk.errors import (
    KeychainEntryMissing,
    KeychainLocked,
    MethodMissing,
    PassphraseWrong,
    StoreInUse,
    StoreMissing,
    TooManyTries,
)
from kiosk.opening import check_unattended, looked_at, open_kiosk, unlock, unlock_to_look
from kiosk.opening.ways_in import add_way
from kiosk.vault import KEY_FILE_NAME, Method, RecoveryKey
from kiosk.vault.places import system_places
from kiosk.vault.recovery_words import words_of
from kiosk.vault.rotation import AtHand, begin_rotation
from kiosk.vault.tries import FREE_TRIES, TRIES_NAME
from tests.opening.kiosks import SALES, SECRET, check_everything_is_there, copied, journal, opened
from tests.service.world import HandClock
from tests.vault.parts import CHEAP, DAY_MS, PIN, BackEndInMemory, new_slot


@pytest.fixture
def folder(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """A kiosk that has sold and practised."""
    return copied(made_kiosk[0], tmp_path / "kiosk")


def begin(folder: Path) -> None:
    """A rotation that was cut off right after the key file was written."""
    held = vault.unlock(folder, SECRET)
    hand = AtHand(passphrase=SECRET, keep=lambda _key: None, made_ms=DAY_MS, cost=CHEAP)
    begin_rotation(folder, held, hand, system_places())


# ---------------------------------------------------------------- wrong secrets


def test_wrong_secrets_have_to_wait_and_the_right_one_clears_them(folder: Path) -> None:
    clock = HandClock()
    for _ in range(FREE_TRIES):
        with pytest.raises(PassphraseWrong):
            unlock(folder, "wrong", clock)
    with pytest.raises(TooManyTries) as caught:
        unlock(folder, SECRET, clock)
    assert caught.value.fields == {"wait_s": 1}
    clock.at_ms += 1000
    unlock(folder, SECRET, clock)
    assert not (folder / TRIES_NAME).exists()


@pytest.mark.parametrize("opener", [open_kiosk, lambda *args: looked_at(*args).__enter__()])
def test_every_way_to_open_counts(folder: Path, opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.opening.unlocking.SystemClock", HandClock)
    for _ in range(FREE_TRIES):
        with pytest.raises(PassphraseWrong):
            opener(folder, "wrong")
    with pytest.raises(TooManyTries):
        opener(folder, SECRET)


def test_a_wrong_secret_changes_nothing_but_the_count(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(PassphraseWrong):
        open_kiosk(folder, "wrong")
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) - set(before) == {TRIES_NAME}
    assert {name: after[name] for name in before} == before


def test_the_recovery_key_opens_it_in_words_too(folder: Path, recovery: RecoveryKey) -> None:
    with opened(folder, " ".join(words_of(recovery))) as kiosk:
        assert kiosk.vault.opened_by == "recovery"


def test_a_kiosk_made_today_says_since_when_it_opens(folder: Path) -> None:
    first, second = vault.ways(folder)
    assert (first.method, second.method) == ("passphrase", "recovery")
    assert first.made_ms == second.made_ms
    assert (first.made_ms or 0) > DAY_MS - 10 * 365 * 86_400_000


# ---------------------------------------------------------------- with nobody there


def test_a_keychain_opens_it_with_nobody_there(folder: Path, back_end: BackEndInMemory) -> None:
    with pytest.raises(MethodMissing):
        check_unattended(folder)
    with pytest.raises(MethodMissing):
        open_kiosk(folder, None)
    add_way(folder, SECRET, new_slot(Method.KEYCHAIN))
    check_unattended(folder)
    check_everything_is_there(folder, None)
    with looked_at(folder, None) as desk:
        assert len(journal(desk, "sale.completed")) == SALES + 1
    back_end.fails = KeyringLocked("shut")
    with pytest.raises(KeychainLocked):
        check_unattended(folder)
    with pytest.raises(KeychainLocked):
        open_kiosk(folder, None)
    assert not (folder / TRIES_NAME).exists()
    back_end.fails = None
    back_end.kept.clear()
    with pytest.raises(KeychainEntryMissing):
        check_unattended(folder)
    check_everything_is_there(folder, SECRET, SALES + 1)


def test_a_folder_without_a_key_file_asks_somebody(folder: Path, tmp_path: Path) -> None:
    (folder / KEY_FILE_NAME).unlink()
    for place in (folder, tmp_path / "nowhere"):
        with pytest.raises(MethodMissing):
            check_unattended(place)


# ---------------------------------------------------------------- a rotation that was cut off


def test_the_next_start_finishes_it(folder: Path) -> None:
    begin(folder)
    check_everything_is_there(folder, SECRET)
    held = vault.unlock(folder, SECRET)
    assert held.former is None
    rekey_module.rekey(folder / "buffer.db", newer=held.keys.database, older=bytes(32))
    rekey_module.rekey(folder / "practice.db", newer=held.practice_key, older=bytes(32))
    check_everything_is_there(folder, SECRET, SALES + 1)


@pytest.mark.parametrize(
    "done", [(), ("buffer.db",), ("practice.db",), ("buffer.db", "practice.db")]
)
def test_in_the_middle_of_it_the_kiosk_can_be_looked_at(folder: Path, done: tuple[str]) -> None:
    begin(folder)
    held = vault.unlock(folder, SECRET)
    assert held.former is not None
    keys = {
        "buffer.db": (held.keys.database, held.former.database),
        "practice.db": (held.practice_key, held.former.practice),
    }
    for name in done:
        rekey_module.rekey(folder / name, newer=keys[name][0], older=keys[name][1])
    found = unlock_to_look(folder, SECRET)
    assert found.keys.database == keys["buffer.db"]["buffer.db" not in done]
    assert found.practice_key == keys["practice.db"]["practice.db" not in done]
    with looked_at(folder, SECRET) as desk:
        assert len(journal(desk, "sale.completed")) == SALES
    # Looking finished nothing.
    assert vault.unlock(folder, SECRET).former is not None
    check_everything_is_there(folder, SECRET)


def test_without_room_the_kiosk_sells_with_the_key_it_has(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(folder)
    real = os.statvfs(folder)

    class Little:
        f_frsize = real.f_frsize
        f_bavail = 250 * 1024 * 1024 // real.f_frsize

    with monkeypatch.context() as patch:
        patch.setattr(rekey_module, "_SPARE_BYTES", 260 * 1024 * 1024)
        patch.setattr(os, "statvfs", lambda _path: Little)
        check_everything_is_there(folder, SECRET)
    assert vault.unlock(folder, SECRET).former is not None
    check_everything_is_there(folder, SECRET, SALES + 1)
    assert vault.unlock(folder, SECRET).former is None


def test_while_somebody_reads_the_old_pages_the_kiosk_sells_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekey_module, "PATIENCE_MS", 0)
    with looked_at(folder, SECRET) as desk, desk.buffer.reading() as uow:
        assert uow.journal.head()[0] > 0
        begin(folder)
        open_kiosk(folder, SECRET).close()
        assert vault.unlock(folder, SECRET).former is not None
    check_everything_is_there(folder, SECRET)
    assert vault.unlock(folder, SECRET).former is None


def test_beside_whoever_holds_the_folder_nothing_is_finished(folder: Path) -> None:
    begin(folder)
    lock = FileLock(BufferPaths(folder=folder).lock)
    try:
        with pytest.raises(StoreInUse):
            open_kiosk(folder, SECRET)
        assert vault.unlock(folder, SECRET).former is not None
    finally:
        lock.release()
    check_everything_is_there(folder, SECRET)


def test_without_a_buffer_nothing_is_finished(folder: Path) -> None:
    begin(folder)
    (folder / "buffer.db").rename(folder / "elsewhere.db")
    for use in (opening.unlock_to_work, opening.unlock_to_look):
        with pytest.raises(StoreMissing):
            use(folder, SECRET)
    assert not (folder / "buffer.db").exists()
    (folder / "elsewhere.db").rename(folder / "buffer.db")
    check_everything_is_there(folder, SECRET)


def test_a_kiosk_that_never_practised_gets_its_shelf_under_the_new_key(folder: Path) -> None:
    for path in folder.glob("practice.db*"):
        path.unlink()
    begin(folder)
    held = vault.unlock(folder, SECRET)
    assert unlock_to_look(folder, SECRET).practice_key == held.practice_key
    open_kiosk(folder, SECRET).close()
    assert not (folder / "practice.db").exists()


def test_the_pin_opens_it_where_it_was_set(folder: Path) -> None:
    add_way(folder, SECRET, new_slot(Method.PIN, PIN))
    check_everything_is_there(folder, PIN)
