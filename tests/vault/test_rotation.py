"""A new data key: the old secrets are out, the chain's keys stay, and cut off it goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from kiosk.errors import (
    DeviceSecretMissing,
    KeyFileDamaged,
    LastMethod,
    PassphraseWrong,
    RecoveryUnconfirmed,
)
from kiosk.vault import KEY_FILE_NAME, Method, RecoveryKey, Vault, unlock, ways
from kiosk.vault.change import add_slot, change_slot
from kiosk.vault.places import Places
from kiosk.vault.rotation import AtHand, begin_rotation, end_rotation
from tests.vault.parts import CHEAP, DAY_MS, PIN, SECRET, BackEndInMemory, new_slot, places_with

# Written by the first version that rotates, in the middle of a rotation and after it. They never
# change: a new format is a new constant.
IN_THE_MIDDLE = """{
 "format": "kiosk-keys-2",
 "device": 3,
 "slots": [
  {
   "kind": "passphrase",
   "salt": "tGD/ljXxX+Yk1CPfbWLl/g==",
   "kdf": "argon2id",
   "memory_kib": 64,
   "iterations": 1,
   "lanes": 1,
   "wrapped": "vuqD3y1S7Op+iZgja1bvvTABZjFURPTX3Hu9MRcvTBM7oTWt89LSxQJEtv1eOozgZK0bf04AXbMXpQcA",
   "made_ms": 1795000000000
  },
  {
   "kind": "recovery",
   "salt": "0eZZ08Uaxnpioy5tAht0/A==",
   "wrapped": "MdQHQQdIdzgl1dmzSCEaMa+lhALDJHRzOmU9V4tS/8FV5TKTSCNCBI4vZ8UmqzzB1VzNBvJB8o6XSfZv",
   "made_ms": 1795000000000
  }
 ],
 "member_keks": {
  "1": "IEF1zKYOPeoHGY1jS0BDlr9Mp+kn8epnNIelr8AG4dlSDZRwSEaaODbhngk6sTQvrrY34Df4jAxzf4Az"
 },
 "root": "X+IuAgFun/CorFU42ZBdHwNW+qs7vEXarwseGGMfXijI0CpwSR1GPHmKUamMt59bAuWujutPI5/+TSYl",
 "rotated": {
  "journal": "jmpI+Rsxkmy5qJsHp569pvm0rkAktHQJoKZInf9IssWacMQpRFoJHM/jG1aNSaBRejzYkvFweSF0y66b",
  "anchor": "O5GOTWR3km8whVFCm0cwST5Nd8I7b1Al9DTxG/yQ9XQfuU8W8ACoRWsXPW/LJbVnSlCfhOuIzhBH9Oel",
  "former": {
   "database": "zwQzrA2120pFVmQ9yCjscgwaeSzc/9n2v6cthh470oq39d/B2mF8+zjO5+48fq/DxSgJIbCIJEIsgSRs",
   "practice": "YtgcNPTml8e281v4imTKhGLwOUwuQFqugelTneKmKuBSobNZxX4hQNzkG64FMf50HDse4z29GnE4S/pw"
  }
 },
 "checksum": "aadb913d9b19655f2187a63cee819b70a06b717e280d0efbe29b3b1e96d4fa41",
 "mac": "PSNCsObQj/ZaFyoWky5bRtpRRRXM/I5PdKLTfEOUTJM="
}
"""
AFTERWARDS = """{
 "format": "kiosk-keys-2",
 "device": 3,
 "slots": [
  {
   "kind": "passphrase",
   "salt": "tGD/ljXxX+Yk1CPfbWLl/g==",
   "kdf": "argon2id",
   "memory_kib": 64,
   "iterations": 1,
   "lanes": 1,
   "wrapped": "vuqD3y1S7Op+iZgja1bvvTABZjFURPTX3Hu9MRcvTBM7oTWt89LSxQJEtv1eOozgZK0bf04AXbMXpQcA",
   "made_ms": 1795000000000
  },
  {
   "kind": "recovery",
   "salt": "0eZZ08Uaxnpioy5tAht0/A==",
   "wrapped": "MdQHQQdIdzgl1dmzSCEaMa+lhALDJHRzOmU9V4tS/8FV5TKTSCNCBI4vZ8UmqzzB1VzNBvJB8o6XSfZv",
   "made_ms": 1795000000000
  }
 ],
 "member_keks": {
  "1": "IEF1zKYOPeoHGY1jS0BDlr9Mp+kn8epnNIelr8AG4dlSDZRwSEaaODbhngk6sTQvrrY34Df4jAxzf4Az"
 },
 "root": "X+IuAgFun/CorFU42ZBdHwNW+qs7vEXarwseGGMfXijI0CpwSR1GPHmKUamMt59bAuWujutPI5/+TSYl",
 "rotated": {
  "journal": "jmpI+Rsxkmy5qJsHp569pvm0rkAktHQJoKZInf9IssWacMQpRFoJHM/jG1aNSaBRejzYkvFweSF0y66b",
  "anchor": "O5GOTWR3km8whVFCm0cwST5Nd8I7b1Al9DTxG/yQ9XQfuU8W8ACoRWsXPW/LJbVnSlCfhOuIzhBH9Oel",
  "former": null
 },
 "checksum": "a83ed7376e202847179d8be4f6fac8520238afed7d4ce6273e435ce03273ce19",
 "mac": "UqqqZAUXbxhshDf4VMv1JmrMwWvr3CHY7MEGVV/zoFQ="
}
"""
ROTATED_RECOVERY = "HK8S-48G8-MHDT-CXXN-RNAY-0YFN-40FG-Z8GM-7DP4-VPJC-FK1J-4ZZZ-F400-S8P1"
ROTATED_KEYS = {
    "database": "52279babc58b560cfe48407863bb7904eafde51f67358a22ea87beffe500591d",
    "journal": "2c9f8b6d53376d4267d14a14476b3a3b60eb5c24b622fcbf0c741ce1c6a58505",
    "anchor": "b6378edd807fee1184d11fb467bf115f721d93663bb6cd1a00a442768618e4e7",
    "member_kek": "068a157f723dbb84f07aec58c84734f04d99eb0b00907c1f9fcabe9f78fa1015",
    "practice": "fded8df0668b750e5f48eb15bfd2f6bcda3d36e367e9e123efcc746812b38eef",
    "former_database": "fcf6eb7ad840f8778f72bc863c9badb58a9a66e087db88f5701b3cd0490f3e86",
    "former_practice": "fbbb650a771139484631ada8f7024666a2fe128afd4ae6480d3cfc426d3970ac",
}


def at_hand(
    passphrase: str | None = SECRET,
    pin: str | None = None,
    kept: list[RecoveryKey] | None = None,
) -> AtHand:
    keep = ([] if kept is None else kept).append
    return AtHand(passphrase=passphrase, pin=pin, keep=keep, made_ms=DAY_MS, cost=CHEAP)


def rotated(folder: Path, vault: Vault, here: Places) -> Vault:
    begin_rotation(folder, vault, at_hand(), here)
    return end_rotation(folder, unlock(folder, SECRET, here))


def keys_of(vault: Vault) -> dict[str, str]:
    found = {
        "database": vault.keys.database.hex(),
        "journal": vault.keys.journal.hex(),
        "anchor": vault.keys.anchor.hex(),
        "member_kek": vault.keys.member_kek[1].hex(),
        "practice": vault.practice_key.hex(),
    }
    if vault.former is not None:
        found["former_database"] = vault.former.database.hex()
        found["former_practice"] = vault.former.practice.hex()
    return found


# ---------------------------------------------------------------- what changes, and what stays


def test_the_files_get_new_keys_and_the_chain_keeps_its_own(
    vault: Vault, folder: Path, here: Places
) -> None:
    after = rotated(folder, vault, here)
    assert after.data_key != vault.data_key
    assert after.keys.database != vault.keys.database
    assert after.practice_key != vault.practice_key
    assert (after.keys.journal, after.keys.anchor) == (vault.keys.journal, vault.keys.anchor)
    assert (after.keys.member_kek, after.root, after.device) == (
        vault.keys.member_kek, vault.root, vault.device,
    )  # fmt: skip
    assert after.former is None
    assert unlock(folder, SECRET, here) == after


def test_until_the_files_are_done_the_vault_holds_both_their_keys(
    vault: Vault, folder: Path, here: Places
) -> None:
    begin_rotation(folder, vault, at_hand(), here)
    middle = unlock(folder, SECRET, here)
    assert middle.former is not None
    assert middle.former.database == vault.keys.database
    assert middle.former.practice == vault.practice_key
    done = end_rotation(folder, middle)
    assert (done.keys, done.former) == (middle.keys, None)
    raw = (folder / KEY_FILE_NAME).read_bytes()
    for gone in (vault.data_key, vault.keys.database, vault.practice_key):
        assert gone not in raw
        assert gone.hex().encode() not in raw


def test_ending_twice_is_ending_once(vault: Vault, folder: Path, here: Places) -> None:
    begin_rotation(folder, vault, at_hand(), here)
    middle = unlock(folder, SECRET, here)
    assert end_rotation(folder, middle) == end_rotation(folder, middle)


def test_a_rotation_after_a_rotation_still_keeps_the_first_journal_key(
    vault: Vault, folder: Path, here: Places
) -> None:
    after = vault
    seen = {vault.keys.database}
    for _ in range(3):
        after = rotated(folder, after, here)
        seen.add(after.keys.database)
        assert after.keys.journal == vault.keys.journal
    assert len(seen) == 4


def test_one_rotation_is_finished_before_the_next(vault: Vault, folder: Path, here: Places) -> None:
    begin_rotation(folder, vault, at_hand(), here)
    with pytest.raises(AssertionError):
        begin_rotation(folder, unlock(folder, SECRET, here), at_hand(), here)


# ---------------------------------------------------------------- who opens it afterwards


def test_a_new_recovery_key_is_made_and_the_old_one_is_out(
    made: tuple[Vault, RecoveryKey], folder: Path, here: Places
) -> None:
    vault, old = made
    kept: list[RecoveryKey] = []
    assert begin_rotation(folder, vault, at_hand(kept=kept), here) == ()
    assert unlock(folder, kept[0].text, here) == unlock(folder, SECRET, here)
    with pytest.raises(PassphraseWrong):
        unlock(folder, old.text, here)


def test_what_is_not_at_hand_is_dropped_and_named(
    vault: Vault, folder: Path, here: Places, back_end: BackEndInMemory
) -> None:
    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    add_slot(folder, vault, new_slot(Method.KEYCHAIN), here)
    before = set(back_end.kept)
    assert begin_rotation(folder, vault, at_hand(), here) == ("pin",)
    assert [way.method for way in ways(folder)] == ["passphrase", "keychain", "recovery"]
    assert {way.made_ms for way in ways(folder)} == {DAY_MS}
    assert unlock(folder, None, here) == unlock(folder, SECRET, here)
    with pytest.raises(PassphraseWrong):
        unlock(folder, PIN, here)
    # The entries of the old slots are gone from the keychain, too.
    assert before.isdisjoint(back_end.kept)
    assert len(back_end.kept) == 1


def test_a_pin_at_hand_has_to_be_the_one_that_is_set(
    vault: Vault, folder: Path, here: Places
) -> None:
    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    before = (folder / KEY_FILE_NAME).read_bytes()
    with pytest.raises(PassphraseWrong):
        begin_rotation(folder, vault, at_hand(pin=PIN[::-1]), here)
    assert (folder / KEY_FILE_NAME).read_bytes() == before
    assert begin_rotation(folder, vault, at_hand(None, PIN), here) == ("passphrase",)
    assert unlock(folder, PIN, here).opened_by == "pin"


def test_a_pin_of_another_machine_is_not_at_hand(
    vault: Vault, folder: Path, here: Places, tmp_path: Path
) -> None:
    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    with pytest.raises(DeviceSecretMissing):
        begin_rotation(folder, vault, at_hand(pin=PIN), places_with(tmp_path / "other", None))


def test_a_keychain_that_is_shut_is_dropped(
    vault: Vault, folder: Path, here: Places, back_end: BackEndInMemory
) -> None:
    add_slot(folder, vault, new_slot(Method.KEYCHAIN), here)
    back_end.fails = KeyringLocked("shut")
    assert begin_rotation(folder, vault, at_hand(), here) == ("keychain",)


def test_a_way_in_beside_the_recovery_key_has_to_be_left(
    made: tuple[Vault, RecoveryKey], folder: Path, here: Places
) -> None:
    kept: list[RecoveryKey] = []
    with pytest.raises(LastMethod):
        begin_rotation(folder, made[0], at_hand(None, kept=kept), here)
    assert kept == []
    assert unlock(folder, SECRET, here) == made[0]


def test_a_recovery_key_that_nobody_keeps_rotates_nothing(
    vault: Vault, folder: Path, here: Places
) -> None:
    def refuse(_recovery: RecoveryKey) -> None:
        raise RecoveryUnconfirmed

    hand = AtHand(passphrase=SECRET, keep=refuse, made_ms=DAY_MS, cost=CHEAP)
    with pytest.raises(RecoveryUnconfirmed):
        begin_rotation(folder, vault, hand, here)
    assert unlock(folder, SECRET, here) == vault


def test_whoever_opened_it_before_cannot_write_it_after(
    vault: Vault, folder: Path, here: Places
) -> None:
    begin_rotation(folder, vault, at_hand(), here)
    with pytest.raises(KeyFileDamaged):
        change_slot(folder, vault, new_slot(Method.PASSPHRASE, "thief"), here)


def test_after_a_rotation_ways_in_are_changed_as_before(
    vault: Vault, folder: Path, here: Places
) -> None:
    after = rotated(folder, vault, here)
    change_slot(folder, after, new_slot(Method.PASSPHRASE, "another"), here)
    add_slot(folder, after, new_slot(Method.PIN, PIN), here)
    assert unlock(folder, "another", here) == unlock(folder, PIN, here) == after


# ---------------------------------------------------------------- the second format


def test_the_first_format_stays_until_a_rotation_needs_the_second(
    vault: Vault, folder: Path, here: Places
) -> None:
    def written() -> object:
        return json.loads((folder / KEY_FILE_NAME).read_text())["format"]

    add_slot(folder, vault, new_slot(Method.PIN, PIN), here)
    assert written() == "kiosk-keys-1"
    rotated(folder, vault, here)
    assert written() == "kiosk-keys-2"


@pytest.mark.parametrize(("text", "former"), [(IN_THE_MIDDLE, True), (AFTERWARDS, False)])
def test_a_key_file_of_the_second_format_gives_the_same_keys(
    tmp_path: Path, text: str, former: bool
) -> None:
    path = tmp_path / KEY_FILE_NAME
    path.write_text(text)
    path.chmod(0o600)
    expected = {
        name: key for name, key in ROTATED_KEYS.items() if former or not name.startswith("former")
    }
    for secret in (SECRET, ROTATED_RECOVERY):
        assert keys_of(unlock(tmp_path, secret)) == expected
