"""The key file itself: one written long ago still opens, and its bounds are where they are said.

Losing a label, a byte order or a slot's header would lock every kiosk in the field out of its
unsent sales, and no test that writes and reads with the same code would notice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import KeyFileDamaged, PassphraseWeak, PassphraseWrong
from kiosk.vault import KEY_FILE_NAME, PASSPHRASE_LEAST, KeyCost, RecoveryKey, Vault, make, unlock
from kiosk.vault.document import (
    ITERATIONS_MOST,
    LANES_MOST,
    MEMORY_MOST_KIB,
    SLOTS_MAX,
    Document,
    Slot,
)
from kiosk.vault.key_file import FILE_MOST_BYTES, read_document, write_document
from kiosk.vault.recovery_key import read_recovery_key
from kiosk.vault.slots import PASSPHRASE_MOST
from kiosk.vault.wrapping import derived, wrap

CHEAP = KeyCost(memory_kib=64, iterations=1, lanes=1)
SECRET = "correct horse"

# Written by the first version of the program. It never changes: a new format is a new constant.
FIRST_FORMAT = """{
  "format": "kiosk-keys-1",
  "device": 3,
  "slots": [
    {
      "kind": "passphrase",
      "salt": "jC4HGIIs5Hyox0EH5myw5A==",
      "kdf": "argon2id",
      "memory_kib": 64,
      "iterations": 1,
      "lanes": 1,
      "wrapped": "hckkw1lxZMSmBYoA6KQV0ldrYUuP+1mAcSPkVDdDrTYxrcs7MrwPENE5ntHoTgpfqpojUXvvKV7GiULw"
    },
    {
      "kind": "recovery",
      "salt": "srP01Y2CymOG0sludg6Bmw==",
      "wrapped": "WBoisi3lBHJDPS5EQeaN51XR+ELUmjN5VTDuQzhyR6Tvi75lE5JNNkjoCNo3bWZA6IecXKEZzc/DgIjd"
    }
  ],
  "member_keks": {
    "1": "3L7UB+PmtgW5noMGzVPSvPsTTYmelsG/gpuGk6Q03QyGyfSEGJslqnBqPIQ2yFZ+d+4rF2KCPVqVWyxo"
  },
  "root": "3adIph4Cmoo/QVsCxxFVKd7LV6DjxwybT5Sxv6mgRbuSPM+4NnAORNMmfG3izEjoRsckzrujbl2NqWph",
  "checksum": "f97889b6b97810addc690419812d9b3b48fc61a5f0df70024277b7f4f8faf1ad",
  "mac": "8mnGMglKZkmUgaFCZBDz8TgjDjaYV5bds9arxRxjQ0Q="
}
"""
FIRST_RECOVERY = "FFAX-8ZJ4-DZ7C-58YR-25SP-2475-F0DW-SKN6-JSV2-WR8P-RVMW-JBCS-QWTG-DS2Q"
FIRST_KEYS = {
    "database": "057214cd4e9bb262c88ec822ead035c758435fd85c7cf5e7cd21c5abe0864f32",
    "journal": "c8b215305c769a4b8760f34e3de45e46d14b4f70e50c7f49c9e77513b63c6896",
    "anchor": "9b90c88b788dc408e0a095fed6e7957a3afaa1ab1c54330924b6066c03082210",
    "member_kek": "fed8b6b8357e44cd3129903ac1d45597a242fdf11f8f2b1a39f3c3e693114351",
    "practice": "e0d4ab9c5263827445d6b86816f956570ed39a70fad07cd241a939275ffb199a",
    "root": "1336ef422993e12b4e1d7d9e26b0ea0a94a2a618e956cd63a326534c3b04cc30",
}


def put(folder: Path, text: str) -> Path:
    path = folder / KEY_FILE_NAME
    path.write_text(text)
    path.chmod(0o600)
    return path


def keys_of(vault: Vault) -> dict[str, str]:
    assert vault.root is not None
    return {
        "database": vault.keys.database.hex(),
        "journal": vault.keys.journal.hex(),
        "anchor": vault.keys.anchor.hex(),
        "member_kek": vault.keys.member_kek[1].hex(),
        "practice": vault.practice_key.hex(),
        "root": vault.root.hex(),
    }


def reason(folder: Path, secret: str = SECRET) -> str:
    with pytest.raises(KeyFileDamaged) as caught:
        unlock(folder, secret)
    assert caught.value.fields["file"] == str(folder / KEY_FILE_NAME)
    return str(caught.value.fields["reason"])


# ---------------------------------------------------------------- written long ago


@pytest.mark.parametrize("secret", [SECRET, FIRST_RECOVERY])
def test_a_key_file_of_the_first_version_gives_the_same_keys(tmp_path: Path, secret: str) -> None:
    put(tmp_path, FIRST_FORMAT)
    vault = unlock(tmp_path, secret)
    assert keys_of(vault) == FIRST_KEYS
    assert (vault.device, set(vault.keys.member_kek)) == (3, {1})


def test_a_key_file_of_the_first_version_is_written_the_same_today(tmp_path: Path) -> None:
    """The bytes under the MAC are canonical: whoever writes the document gets the same file."""
    path = put(tmp_path, FIRST_FORMAT)
    document, sealed = read_document(path)
    other = tmp_path / "other.json"
    write_document(other, document, b"any key")
    again, resealed = read_document(other)
    assert again == document
    assert resealed.body == sealed.body
    assert resealed.mac == resealed.expected_mac(b"any key")
    assert set(json.loads(other.read_text())) == set(json.loads(FIRST_FORMAT))


def test_a_new_key_file_has_the_fields_of_the_first_version(tmp_path: Path) -> None:
    make(tmp_path, SECRET, device=3, cost=CHEAP)
    made, first = json.loads((tmp_path / KEY_FILE_NAME).read_text()), json.loads(FIRST_FORMAT)
    assert list(made) == list(first)
    assert [sorted(slot) for slot in made["slots"]] == [sorted(slot) for slot in first["slots"]]
    sizes = [len(value) for value in (made["mac"], made["root"], made["member_keks"]["1"])]
    assert sizes == [len(first["mac"]), len(first["root"]), len(first["member_keks"]["1"])]


def test_the_cost_of_a_guess_stands_in_the_file_and_is_the_real_one(tmp_path: Path) -> None:
    """Nobody who makes a vault has to remember to make it expensive."""
    vault, _recovery = make(tmp_path, SECRET, device=3)
    slot = json.loads((tmp_path / KEY_FILE_NAME).read_text())["slots"][0]
    assert (slot["kdf"], slot["memory_kib"], slot["iterations"], slot["lanes"]) == (
        "argon2id", 65_536, 3, 2,
    )  # fmt: skip
    assert unlock(tmp_path, SECRET) == vault


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (bytes(32), "0000-0000-0000-0000-0000-0000-0000-0000-0000-0000-0000-0000-0000-F9R0"),
        (
            bytes(range(32)),
            "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-BJSQ",
        ),
        (b"\xff" * 32, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZG-H9Y8"),
    ],
)
def test_a_recovery_key_on_paper_is_read_for_ever(raw: bytes, text: str) -> None:
    assert RecoveryKey(raw=raw).text == text
    assert read_recovery_key(text) == RecoveryKey(raw=raw)


def test_the_bits_a_recovery_key_has_no_room_for_are_zero() -> None:
    """Two texts for one key would let a slip of the pen pass for the key itself."""
    text = "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZG-H9Y8"
    for letter in "HJKMNPQRSTVWXYZ":
        assert read_recovery_key(text.replace("ZZZG", f"ZZZ{letter}")) is None


def test_a_recovery_key_with_a_group_too_many_or_too_few_is_none() -> None:
    assert read_recovery_key(f"{FIRST_RECOVERY}-0000") is None
    assert read_recovery_key(FIRST_RECOVERY.rpartition("-")[0]) is None


def test_a_text_is_looked_at_up_to_a_length_and_no_further() -> None:
    assert read_recovery_key(FIRST_RECOVERY.ljust(200)) is not None
    assert read_recovery_key(FIRST_RECOVERY.ljust(201)) is None


@given(st.text("-– —\t", max_size=20), st.integers(0, len(FIRST_RECOVERY)))
def test_dashes_and_spaces_of_any_kind_may_stand_anywhere(noise: str, at: int) -> None:
    typed = FIRST_RECOVERY[:at] + noise + FIRST_RECOVERY[at:]
    assert read_recovery_key(typed) == read_recovery_key(FIRST_RECOVERY)


# ---------------------------------------------------------------- secrets at their bounds


def test_the_shortest_passphrase_allowed_is_allowed(tmp_path: Path) -> None:
    short = "p" * PASSPHRASE_LEAST
    vault, _recovery = make(tmp_path, short, device=3, cost=CHEAP)
    assert unlock(tmp_path, short) == vault
    with pytest.raises(PassphraseWeak):
        make(tmp_path, short[1:], device=3, cost=CHEAP)


def test_more_of_a_passphrase_than_is_looked_at_changes_nothing(tmp_path: Path) -> None:
    long = "p" * (PASSPHRASE_MOST - 1) + "q"
    vault, _recovery = make(tmp_path, long + "anything", device=3, cost=CHEAP)
    assert unlock(tmp_path, long) == vault
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, "p" * PASSPHRASE_MOST)


def test_a_passphrase_may_look_like_a_recovery_key(tmp_path: Path) -> None:
    """It opens its own slot; that it would also be a recovery key of somebody's is no matter."""
    vault, recovery = make(tmp_path, FIRST_RECOVERY, device=3, cost=CHEAP)
    assert unlock(tmp_path, FIRST_RECOVERY) == vault
    assert unlock(tmp_path, recovery.text) == vault


@pytest.mark.parametrize(
    "values",
    [
        {"memory_kib": 1},
        {"memory_kib": MEMORY_MOST_KIB},
        {"iterations": 1},
        {"iterations": ITERATIONS_MOST},
        {"lanes": 1},
        {"lanes": LANES_MOST},
    ],
)
def test_a_cost_at_its_bounds_can_be_asked_for(values: dict[str, int]) -> None:
    cost = KeyCost(**values)
    assert {name: getattr(cost, name) for name in values} == values


@pytest.mark.parametrize(
    "values",
    [
        {"memory_kib": 0},
        {"memory_kib": MEMORY_MOST_KIB + 1},
        {"iterations": 0},
        {"iterations": ITERATIONS_MOST + 1},
        {"lanes": 0},
        {"lanes": LANES_MOST + 1},
    ],
)
def test_a_file_cannot_ask_for_more_than_a_machine_should_give(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cost"):
        KeyCost(**values)


# ---------------------------------------------------------------- damage, by name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "json"),
        ("[]", "json"),
        ("{}", "json"),
        ('{"mac": 7, "checksum": ""}', "json"),
        ('{"mac": "?", "checksum": ""}', "json"),
        ('{"mac": "AAAA"}', "json"),
        ('{"mac": "AAAA", "checksum": "00"}', "checksum"),
        ("x" * (FILE_MOST_BYTES + 1), "size"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, why: str) -> None:
    put(tmp_path, text)
    assert reason(tmp_path) == why


def test_a_file_as_big_as_allowed_is_read_and_a_byte_more_is_not(tmp_path: Path) -> None:
    put(tmp_path, FIRST_FORMAT.ljust(FILE_MOST_BYTES))
    assert keys_of(unlock(tmp_path, SECRET)) == FIRST_KEYS
    put(tmp_path, FIRST_FORMAT.ljust(FILE_MOST_BYTES + 1))
    assert reason(tmp_path) == "size"


def mended(change: Callable[[dict[str, Any]], object]) -> str:
    """The first file, changed, with a plain checksum that fits again."""
    whole = json.loads(FIRST_FORMAT)
    change(whole)
    body = {name: value for name, value in whole.items() if name not in {"mac", "checksum"}}
    plain = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    whole["checksum"] = hashlib.sha256(plain).hexdigest()
    return json.dumps(whole)


def slots(whole: dict[str, Any], count: int) -> None:
    whole["slots"] += [dict(whole["slots"][1], kind="keychain")] * (count - 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda whole: whole.update(format="kiosk-keys-3"), "format"),
        (lambda whole: whole.update(format="kiosk-keys-2"), "fields"),
        (lambda whole: whole.pop("format"), "format"),
        (lambda whole: whole.update(slots=[]), "fields"),
        (lambda whole: slots(whole, SLOTS_MAX + 1), "fields"),
        (lambda whole: slots(whole, SLOTS_MAX), "mac"),
        (lambda whole: whole.update(slots={}), "fields"),
        (lambda whole: whole.update(member_keks={"one": "AAAA"}), "fields"),
        (lambda whole: whole.update(member_keks={"1": 7}), "fields"),
        (lambda whole: whole["slots"][0].update(lanes=0), "fields"),
        (lambda whole: whole["slots"][0].update(iterations=True), "fields"),
        (lambda whole: whole["slots"][0].pop("kind"), "fields"),
        (lambda whole: whole["slots"][1].update(wrapped="not base 64"), "fields"),
        (lambda whole: whole.update(root=None), "mac"),
        (lambda whole: whole["member_keks"].update({"2": "AAAA"}), "mac"),
        (lambda whole: whole["slots"].pop(), "mac"),
        (lambda whole: whole.update(note="a field of a later version"), "mac"),
    ],
)
def test_a_changed_file_is_damage_of_a_named_kind(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    put(tmp_path, mended(change))
    assert reason(tmp_path) == why


def test_a_slot_says_what_it_is_and_opens_as_nothing_else(tmp_path: Path) -> None:
    """The wrapped key is bound to its header: a slot with another cost is not the same slot."""
    assert Slot(kind="recovery", salt=b"1", cost=None).header() == (
        b'{"format":"kiosk-keys-1","kind":"recovery","salt":"MQ=="}'
    )
    assert Slot(kind="passphrase", salt=b"1", cost=CHEAP).header() == (
        b'{"format":"kiosk-keys-1","iterations":1,"kdf":"argon2id","kind":"passphrase",'
        b'"lanes":1,"memory_kib":64,"salt":"MQ=="}'
    )

    def renamed(whole: dict[str, Any]) -> None:
        whole["slots"][1]["kind"] = "keychain"

    put(tmp_path, mended(renamed))
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, FIRST_RECOVERY)


def test_a_key_that_does_not_unwrap_is_damage_even_under_a_good_mac(tmp_path: Path) -> None:
    path = put(tmp_path, FIRST_FORMAT)
    document, _sealed = read_document(path)
    found = unlock(tmp_path, SECRET)
    mac_key = derived(found.data_key, "key file")
    for broken in (
        Document(device=3, slots=document.slots, member_keks={1: b"short"}, root=document.root),
        Document(device=3, slots=document.slots, member_keks={2: document.member_keks[1]},
                 root=document.root),
        Document(device=3, slots=document.slots, member_keks=document.member_keks,
                 root=document.member_keks[1]),
    ):  # fmt: skip
        write_document(path, broken, mac_key)
        assert reason(tmp_path) == "key"
    write_document(path, document, mac_key)
    assert unlock(tmp_path, SECRET) == found


def mac_key_of(folder: Path) -> bytes:
    """The key of the file's MAC, from the data key in the passphrase's slot."""
    return derived(unlock(folder, SECRET).data_key, "key file")


def test_a_kiosk_without_the_root_key_opens_and_says_that_it_has_none(tmp_path: Path) -> None:
    path = put(tmp_path, FIRST_FORMAT)
    document, _sealed = read_document(path)
    second = Document(device=4, slots=document.slots, member_keks=document.member_keks, root=None)
    write_document(path, second, mac_key_of(tmp_path))
    vault = unlock(tmp_path, SECRET)
    assert (vault.device, vault.root, vault.root_private()) == (4, None, None)
    assert vault.keys.database.hex() == FIRST_KEYS["database"]


def test_a_newer_wrapping_key_is_one_more_under_its_own_number(tmp_path: Path) -> None:
    path = put(tmp_path, FIRST_FORMAT)
    document, _sealed = read_document(path)
    wrapping = derived(unlock(tmp_path, SECRET).data_key, "member keks")
    added = wrap(wrapping, b"2" * 32, b"kek 2")
    two = Document(
        device=3, slots=document.slots, member_keks={**document.member_keks, 2: added},
        root=document.root,
    )  # fmt: skip
    write_document(path, two, mac_key_of(tmp_path))
    keys = unlock(tmp_path, SECRET).keys
    assert (keys.member_kek[2], keys.newest_kek) == (b"2" * 32, 2)
    assert keys.member_kek[1].hex() == FIRST_KEYS["member_kek"]
