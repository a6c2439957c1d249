"""Each kind of secret opens its own slot and no other; what is missing is said by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.errors import KeyringLocked

from kiosk.errors import (
    DeviceSecretMissing,
    KeychainEntryMissing,
    KeychainLocked,
    KeychainMissing,
    KeyFileDamaged,
    MethodMissing,
    PassphraseWrong,
    PinInvalid,
    RecoverySlip,
    RecoveryUnfit,
)
from kiosk.vault import KEY_FILE_NAME, Method, Vault, Way, device_of, make, unlock, ways
from kiosk.vault.change import add_slot
from kiosk.vault.slots import PIN_LEAST, PIN_MOST, is_pin
from tests.vault.parts import CHEAP, DAY_MS, PIN, SECRET, BackEndInMemory, new_slot, places_with


@pytest.fixture
def back_end() -> BackEndInMemory:
    return BackEndInMemory()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return make(tmp_path, SECRET, device=3, cost=CHEAP, made_ms=DAY_MS)[0]


def test_a_pin_opens_the_vault_on_the_machine_where_it_was_set(
    vault: Vault, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    for name, kept in (("with", back_end), ("without", None)):
        folder = tmp_path / name
        folder.mkdir()
        made, _ = make(folder, SECRET, device=3, cost=CHEAP)
        here = places_with(tmp_path / "state", kept)
        add_slot(folder, made, new_slot(Method.PIN, PIN), here)
        found = unlock(folder, PIN, here)
        assert (found, found.opened_by) == (made, "pin")
        assert unlock(folder, SECRET, here).opened_by == "passphrase"
        with pytest.raises(PassphraseWrong):
            unlock(folder, PIN[::-1], here)


def test_elsewhere_the_same_pin_says_what_is_missing(
    vault: Vault, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    here = places_with(tmp_path / "here", None)
    add_slot(tmp_path, vault, new_slot(Method.PIN, PIN), here)
    for elsewhere in (places_with(tmp_path / "there", None), places_with(tmp_path / "b", back_end)):
        with pytest.raises(DeviceSecretMissing):
            unlock(tmp_path, PIN, elsewhere)
        # Nobody who types a passphrase hears of the PIN.
        with pytest.raises(PassphraseWrong):
            unlock(tmp_path, "wrong", elsewhere)
        assert unlock(tmp_path, SECRET, elsewhere) == vault


def test_a_stolen_folder_does_not_give_the_pin_away(vault: Vault, tmp_path: Path) -> None:
    """Another machine's secret in its place: every PIN there is would be tried in vain."""
    here = places_with(tmp_path / "here", None)
    add_slot(tmp_path, vault, new_slot(Method.PIN, PIN), here)
    (secret,) = (tmp_path / "here").rglob("*.secret")
    secret.write_text("ab" * 32 + "\n")
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, PIN, here)


@pytest.mark.parametrize("pin", ["", "12345", "1" * 13, "12345a", " 123456", "１２３４５６"])
def test_a_pin_is_six_to_twelve_digits(vault: Vault, tmp_path: Path, pin: str) -> None:
    before = (tmp_path / KEY_FILE_NAME).read_bytes()
    with pytest.raises(PinInvalid) as caught:
        add_slot(tmp_path, vault, new_slot(Method.PIN, pin), places_with(tmp_path / "s", None))
    assert caught.value.fields == {"least": PIN_LEAST, "most": PIN_MOST}
    assert (tmp_path / KEY_FILE_NAME).read_bytes() == before
    assert not (tmp_path / "s").exists()


@given(st.text("0123456789", max_size=16))
def test_digits_are_a_pin_by_their_number_alone(text: str) -> None:
    assert is_pin(text) is (PIN_LEAST <= len(text) <= PIN_MOST)


def test_the_keychain_opens_the_vault_with_nobody_there(
    vault: Vault, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    here = places_with(tmp_path / "state", back_end)
    add_slot(tmp_path, vault, new_slot(Method.KEYCHAIN), here)
    found = unlock(tmp_path, None, here)
    assert (found, found.opened_by) == (vault, "keychain")
    (entry,) = back_end.kept.values()
    # It is a key of its own, not the data key, and no passphrase.
    assert entry not in vault.data_key.hex()
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, entry, here)


def test_what_the_keychain_lacks_is_said(
    vault: Vault, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    here = places_with(tmp_path / "state", back_end)
    with pytest.raises(MethodMissing) as caught:
        unlock(tmp_path, None, here)
    assert caught.value.fields == {"method": "keychain"}
    add_slot(tmp_path, vault, new_slot(Method.KEYCHAIN), here)
    with pytest.raises(KeychainMissing):
        unlock(tmp_path, None, places_with(tmp_path, None))
    with pytest.raises(KeychainEntryMissing):
        unlock(tmp_path, None, places_with(tmp_path, BackEndInMemory()))
    back_end.fails = KeyringLocked("shut")
    with pytest.raises(KeychainLocked):
        unlock(tmp_path, None, here)
    back_end.fails = None
    for account in back_end.kept:
        back_end.kept[account] = "cd" * 32
    with pytest.raises(KeychainEntryMissing):
        unlock(tmp_path, None, here)


def test_two_kiosks_share_a_keychain_and_not_an_entry(
    tmp_path: Path, back_end: BackEndInMemory
) -> None:
    here = places_with(tmp_path / "state", back_end)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made, _ = make(tmp_path / name, SECRET, device=1, cost=CHEAP)
        add_slot(tmp_path / name, made, new_slot(Method.KEYCHAIN), here)
        add_slot(tmp_path / name, made, new_slot(Method.PIN, PIN), here)
    assert len(back_end.kept) == 4
    assert unlock(tmp_path / "a", None, here) != unlock(tmp_path / "b", None, here)


def test_a_recovery_key_with_a_slip_is_told_where(vault: Vault, tmp_path: Path) -> None:
    made, recovery = make_in(tmp_path / "other")
    assert unlock(tmp_path / "other", recovery.text) == made
    slipped = recovery.text.replace("-", "-U", 1)
    with pytest.raises(RecoverySlip) as caught:
        unlock(tmp_path / "other", slipped)
    assert caught.value.fields == {"part": "group", "place": 2}
    with pytest.raises(RecoveryUnfit):
        unlock(tmp_path / "other", recovery.text[:-5])


def make_in(folder: Path):
    folder.mkdir()
    return make(folder, SECRET, device=1, cost=CHEAP)


def test_a_passphrase_of_a_recovery_keys_shape_is_tried_as_one(tmp_path: Path) -> None:
    looks_like_one = "AAAA-" * 13 + "AAAA"
    made, _ = make(tmp_path, looks_like_one, device=1, cost=CHEAP)
    assert unlock(tmp_path, looks_like_one) == made


def test_the_list_of_ways_takes_no_secret_and_tells_none(
    vault: Vault, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    add_slot(tmp_path, vault, new_slot(Method.KEYCHAIN), places_with(tmp_path, back_end))
    assert ways(tmp_path) == tuple(
        Way(method=name, made_ms=DAY_MS) for name in ("passphrase", "recovery", "keychain")
    )
    assert device_of(tmp_path) == 3


def test_when_a_slot_was_made_is_under_the_mac(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / KEY_FILE_NAME
    file.write_text(file.read_text().replace(str(DAY_MS), str(DAY_MS + 1)))
    with pytest.raises(KeyFileDamaged):
        unlock(tmp_path, SECRET)


def test_a_kind_of_slot_that_a_newer_version_knows_is_passed_over(
    vault: Vault, tmp_path: Path
) -> None:
    """Its MAC covers it; here the file is made as that version would make it."""
    from kiosk.vault.data_key import checked, store
    from kiosk.vault.document import Slot

    document = checked(tmp_path, vault.data_key)
    newer = Slot(kind="passkey", salt=b"s" * 16, cost=None, wrapped=b"w" * 60)
    store(tmp_path, document.with_slot(newer), vault.data_key)
    assert unlock(tmp_path, SECRET) == vault
    assert [way.method for way in ways(tmp_path)][-1] == "passkey"
    assert json.loads((tmp_path / KEY_FILE_NAME).read_text())["format"] == "kiosk-keys-1"
