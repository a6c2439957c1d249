"""Changing what opens the vault: one step at a time, the data untouched, never nothing left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from kiosk.errors import (
    KeychainLocked,
    KeychainMissing,
    KeyFileDamaged,
    LastMethod,
    MethodExists,
    MethodMissing,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryNeeded,
    RecoveryUnconfirmed,
    StoreFull,
    StoreReadOnly,
)
from kiosk.vault import KEY_FILE_NAME, Method, RecoveryKey, Vault, make, unlock, ways
from kiosk.vault.change import (
    NewSlot,
    add_slot,
    change_slot,
    remove_slot,
    replace_member_keks,
)
from kiosk.vault.places import Places
from tests.vault.parts import CHEAP, DAY_MS, PIN, SECRET, BackEndInMemory, new_slot, places_with

NEW = "new horse battery"


def methods(folder: Path) -> list[str]:
    return [way.method for way in ways(folder)]


def test_another_passphrase_replaces_the_old_one_and_changes_no_key(
    made: tuple[Vault, RecoveryKey], folder: Path, here: Places
) -> None:
    vault, recovery = made
    change_slot(folder, vault, new_slot(Method.PASSPHRASE, NEW), here)
    assert unlock(folder, NEW, here) == vault
    assert unlock(folder, recovery.text, here) == vault
    with pytest.raises(PassphraseWrong):
        unlock(folder, SECRET, here)
    assert methods(folder) == ["passphrase", "recovery"]
    assert ways(folder)[0].made_ms == DAY_MS


def test_a_new_recovery_key_is_kept_before_the_old_one_goes(
    made: tuple[Vault, RecoveryKey], folder: Path, here: Places
) -> None:
    vault, old = made
    before = (folder / KEY_FILE_NAME).read_bytes()
    seen: list[bytes] = []

    def keep(recovery: RecoveryKey) -> None:
        seen.append((folder / KEY_FILE_NAME).read_bytes())
        kept.append(recovery)

    kept: list[RecoveryKey] = []
    change_slot(
        folder, vault, NewSlot(method=Method.RECOVERY, keep=keep, made_ms=DAY_MS, cost=CHEAP), here
    )
    assert seen == [before]
    assert unlock(folder, kept[0].text, here) == vault
    with pytest.raises(PassphraseWrong):
        unlock(folder, old.text, here)


def test_a_recovery_key_that_nobody_keeps_changes_nothing(
    made: tuple[Vault, RecoveryKey], folder: Path, here: Places
) -> None:
    def refuse(_recovery: RecoveryKey) -> None:
        raise RecoveryUnconfirmed

    vault, old = made
    new = NewSlot(method=Method.RECOVERY, keep=refuse, made_ms=DAY_MS, cost=CHEAP)
    with pytest.raises(RecoveryUnconfirmed):
        change_slot(folder, vault, new, here)
    assert unlock(folder, old.text, here) == vault


@pytest.mark.parametrize("method", [Method.PASSPHRASE, Method.RECOVERY])
def test_there_is_one_way_of_each_kind(
    vault: Vault, folder: Path, here: Places, method: Method
) -> None:
    with pytest.raises(MethodExists) as caught:
        add_slot(folder, vault, new_slot(method, NEW), here)
    assert caught.value.fields == {"method": method.value}


@pytest.mark.parametrize("method", [Method.PIN, Method.KEYCHAIN])
def test_what_is_not_there_is_neither_changed_nor_removed(
    vault: Vault, folder: Path, here: Places, method: Method
) -> None:
    with pytest.raises(MethodMissing):
        change_slot(folder, vault, new_slot(method, PIN), here)
    with pytest.raises(MethodMissing):
        remove_slot(folder, vault, method, here)


def test_the_last_way_in_stays_and_the_recovery_key_always(
    vault: Vault, folder: Path, here: Places
) -> None:
    with pytest.raises(RecoveryNeeded):
        remove_slot(folder, vault, Method.RECOVERY, here)
    with pytest.raises(LastMethod) as caught:
        remove_slot(folder, vault, Method.PASSPHRASE, here)
    assert caught.value.fields == {"method": "passphrase"}
    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    remove_slot(folder, vault, Method.PASSPHRASE, here)
    assert methods(folder) == ["recovery", "pin"]
    with pytest.raises(PassphraseWrong):
        unlock(folder, SECRET, here)
    with pytest.raises(LastMethod):
        remove_slot(folder, vault, Method.PIN, here)
    assert unlock(folder, PIN, here) == vault


def test_what_is_gone_leaves_nothing_in_the_keychain(
    vault: Vault, folder: Path, here: Places, back_end: BackEndInMemory
) -> None:
    add_slot(folder, vault, new_slot(Method.KEYCHAIN), here)
    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    first = set(back_end.kept)
    assert len(first) == 2
    change_slot(folder, vault, new_slot(Method.KEYCHAIN), here)
    change_slot(folder, vault, new_slot(Method.PIN, PIN[::-1]), here)
    assert first.isdisjoint(back_end.kept)
    assert unlock(folder, None, here) == unlock(folder, PIN[::-1], here) == vault
    remove_slot(folder, vault, Method.KEYCHAIN, here)
    remove_slot(folder, vault, Method.PIN, here)
    assert back_end.kept == {}


def test_without_a_keychain_nothing_is_added(vault: Vault, folder: Path, tmp_path: Path) -> None:
    before = (folder / KEY_FILE_NAME).read_bytes()
    for there, leaf in (
        (places_with(tmp_path, None), KeychainMissing),
        (places_with(tmp_path, BackEndInMemory(fails=KeyringLocked("shut"))), KeychainLocked),
    ):
        with pytest.raises(leaf):
            add_slot(folder, vault, new_slot(Method.KEYCHAIN), there)
    assert (folder / KEY_FILE_NAME).read_bytes() == before


def test_an_empty_passphrase_changes_nothing(vault: Vault, folder: Path, here: Places) -> None:
    with pytest.raises(PassphraseWeak):
        change_slot(folder, vault, new_slot(Method.PASSPHRASE, ""), here)
    assert unlock(folder, SECRET, here) == vault


def test_a_vault_that_was_opened_before_a_rotation_changes_nothing_after_it(
    vault: Vault, folder: Path, here: Places
) -> None:
    """Its data key is not the file's any more: whoever holds on to it cannot write."""
    (folder / KEY_FILE_NAME).unlink()
    make(folder, SECRET, device=3, cost=CHEAP)
    before = (folder / KEY_FILE_NAME).read_bytes()
    with pytest.raises(KeyFileDamaged):
        add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    assert (folder / KEY_FILE_NAME).read_bytes() == before


def test_what_an_error_prints_is_no_secret(vault: Vault, folder: Path, here: Places) -> None:
    shown = repr(new_slot(Method.PASSPHRASE, NEW))
    assert NEW not in shown
    assert vault.data_key.hex() not in repr(vault)
    assert repr(vault.data_key)[2:-1] not in repr(vault)


# ---------------------------------------------------------------- member keys


def test_members_keys_are_wrapped_anew_and_the_old_key_is_gone(
    vault: Vault, folder: Path, here: Places
) -> None:
    changed = replace_member_keks(folder, vault, {2: b"2" * 32})
    assert changed.keys.member_kek == {2: b"2" * 32}
    assert unlock(folder, SECRET, here) == changed
    assert vault.keys.member_kek[1] not in (folder / KEY_FILE_NAME).read_bytes()


def test_a_vault_from_before_a_change_cannot_take_a_key_out_of_use(
    vault: Vault, folder: Path, here: Places
) -> None:
    changed = replace_member_keks(folder, vault, {2: b"2" * 32})
    with pytest.raises(AssertionError, match="before a change"):
        replace_member_keks(folder, vault, {1: vault.keys.member_kek[1], 2: b"3" * 32})
    assert unlock(folder, SECRET, here) == changed


# ---------------------------------------------------------------- cut off, or no room


class CutOffError(Exception):
    """The power went."""


CHANGES: dict[str, Callable[[Path, Vault, Places], None]] = {
    "add pin": lambda folder, vault, here: add_slot(folder, vault, new_slot(Method.PIN, PIN), here),
    "add keychain": lambda folder, vault, here: add_slot(
        folder, vault, new_slot(Method.KEYCHAIN), here
    ),
    "change passphrase": lambda folder, vault, here: change_slot(
        folder, vault, new_slot(Method.PASSPHRASE, NEW), here
    ),
    "change recovery": lambda folder, vault, here: change_slot(
        folder, vault, new_slot(Method.RECOVERY), here
    ),
}
STEPS = ("os.open", "os.fsync", "pathlib.Path.replace", "kiosk.vault.key_file.flush_folder")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("change", "kept_in_a_file"),
    [(change, False) for change in CHANGES] + [("add pin", True), ("change passphrase", True)],
)
def test_cut_off_anywhere_the_vault_opens_with_the_old_or_the_new(
    vault: Vault, folder: Path, tmp_path: Path, change: str, step: str, kept_in_a_file: bool,
    back_end: BackEndInMemory,
) -> None:  # fmt: skip
    there = places_with(tmp_path / "state", None if kept_in_a_file else back_end)

    def stop(*_args: object, **_options: object) -> object:
        raise CutOffError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, stop)
        with pytest.raises(CutOffError):
            CHANGES[change](folder, vault, there)
    opened = 0
    for secret in (SECRET, NEW):
        try:
            assert unlock(folder, secret, there) == vault
            opened += 1
        except PassphraseWrong:
            continue
    assert opened == 1
    # Whatever was half done is no obstacle to doing it again.
    if step != "kiosk.vault.key_file.flush_folder":
        CHANGES[change](folder, vault, there)


@pytest.mark.parametrize(("number", "leaf"), [(28, StoreFull), (5, StoreReadOnly)])
def test_no_room_and_a_broken_disk_leave_the_file_as_it_was(
    vault: Vault,
    folder: Path,
    here: Places,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    leaf: type[Exception],
) -> None:
    before = (folder / KEY_FILE_NAME).read_bytes()

    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(leaf):
        change_slot(folder, vault, new_slot(Method.PASSPHRASE, NEW), here)
    assert (folder / KEY_FILE_NAME).read_bytes() == before
