"""The vault opens for the passphrase and the recovery key, and for nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import (
    KeyFileDamaged,
    KeyFileLoose,
    KeyFileMissing,
    PassphraseWeak,
    PassphraseWrong,
    StoreExists,
    StoreReadOnly,
)
from kiosk.vault import KEY_FILE_NAME, KeyCost, RecoveryKey, Vault, make, unlock
from kiosk.vault.recovery_key import read_recovery_key

CHEAP = KeyCost(memory_kib=64, iterations=1, lanes=1)
SECRET = "correct horse"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Vault, RecoveryKey]:
    return make(tmp_path, SECRET, device=3, cost=CHEAP)


def key_file(folder: Path) -> Path:
    return folder / KEY_FILE_NAME


def test_the_passphrase_opens_the_same_keys(
    made: tuple[Vault, RecoveryKey], tmp_path: Path
) -> None:
    vault, _ = made
    again = unlock(tmp_path, SECRET)
    assert again == vault
    assert again.device == 3
    assert (
        len({vault.keys.database, vault.keys.journal, vault.keys.anchor, vault.practice_key}) == 4
    )


def test_the_recovery_key_opens_it_however_it_is_typed(made, tmp_path: Path) -> None:
    vault, recovery = made
    text = recovery.text
    for typed in (text, text.lower(), text.replace("-", ""), f"  {text.replace('-', ' ')}\n"):
        assert unlock(tmp_path, typed) == vault
    misread = text.replace("0", "O").replace("1", "l")
    assert unlock(tmp_path, misread) == vault


@pytest.mark.parametrize("secret", ["", "Correct horse", "correct horse ", "x" * 4000])
def test_another_secret_opens_nothing(made, tmp_path: Path, secret: str) -> None:
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, secret)


def test_another_recovery_key_opens_nothing(made, tmp_path: Path) -> None:
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, RecoveryKey(raw=bytes(32)).text)


def test_letters_with_accents_are_the_same_on_every_keyboard(tmp_path: Path) -> None:
    vault, _ = make(tmp_path, "caf\u00e9 cr\u00e8me", device=1, cost=CHEAP)
    assert unlock(tmp_path, "cafe\u0301 cre\u0300me") == vault


def test_an_empty_passphrase_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(PassphraseWeak) as caught:
        make(tmp_path, "", device=1, cost=CHEAP)
    assert caught.value.fields == {"least": 1}
    assert list(tmp_path.iterdir()) == []


def test_the_root_key_comes_back(made, tmp_path: Path) -> None:
    vault, _ = made
    root = vault.root_private()
    assert root is not None
    again = unlock(tmp_path, SECRET).root_private()
    assert again is not None
    assert again.public_key() == root.public_key()


def test_two_vaults_share_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, one = make(tmp_path / "a", SECRET, device=1, cost=CHEAP)
    second, two = make(tmp_path / "b", SECRET, device=1, cost=CHEAP)
    assert first.keys != second.keys
    assert one != two
    assert first.root != second.root


def test_nothing_secret_is_printed(made) -> None:
    vault, recovery = made
    shown = f"{vault!r} {vault.keys!r} {recovery!r} {vault} {recovery}"
    secrets = [vault.keys.database, vault.practice_key, recovery.raw, vault.keys.member_kek[1]]
    for secret in secrets:
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
    assert recovery.text not in shown


def test_the_file_holds_no_key_in_clear(made, tmp_path: Path) -> None:
    vault, recovery = made
    raw = key_file(tmp_path).read_bytes()
    for secret in (vault.keys.database, vault.root, recovery.raw, vault.keys.member_kek[1]):
        assert secret not in raw
        assert secret.hex().encode() not in raw
    assert SECRET.encode() not in raw


def test_only_the_owner_may_read_the_file(made, tmp_path: Path) -> None:
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_a_file_others_may_use_is_refused(made, tmp_path: Path, mode: int) -> None:
    key_file(tmp_path).chmod(mode)
    with pytest.raises(KeyFileLoose) as caught:
        unlock(tmp_path, SECRET)
    assert caught.value.fields["mode"] == f"{mode:04o}"


def test_a_file_only_its_owner_may_read_is_fine(made, tmp_path: Path) -> None:
    key_file(tmp_path).chmod(0o400)
    assert unlock(tmp_path, SECRET) == made[0]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        unlock(tmp_path, SECRET)


def test_a_folder_in_the_file_s_place_is_damage(tmp_path: Path) -> None:
    key_file(tmp_path).mkdir(mode=0o700)
    with pytest.raises(KeyFileDamaged):
        unlock(tmp_path, SECRET)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "{" * 5000, '{"mac": 1, "checksum": ""}', "\x00", "x" * 70_000],
)
def test_what_is_no_key_file_is_damage_not_a_crash(tmp_path: Path, text: str) -> None:
    key_file(tmp_path).write_text(text)
    key_file(tmp_path).chmod(0o600)
    with pytest.raises(KeyFileDamaged):
        unlock(tmp_path, SECRET)


def test_every_flipped_byte_is_noticed(made, tmp_path: Path) -> None:
    whole = key_file(tmp_path).read_bytes()
    for at in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[at] ^= 0x04
        key_file(tmp_path).write_bytes(bytes(changed))
        try:
            unlock(tmp_path, SECRET)
        except KeyFileDamaged:
            continue
        # White space between the fields carries no meaning, and changes none.
        assert whole[at : at + 1].isspace(), at


def edited(path: Path, change) -> None:
    """Change a field and mend the plain checksum, as somebody with an editor would."""
    import hashlib

    whole = json.loads(path.read_text())
    change(whole)
    body = {key: value for key, value in whole.items() if key not in ("mac", "checksum")}
    plain = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    whole["checksum"] = hashlib.sha256(plain).hexdigest()
    path.write_text(json.dumps(whole))


def test_an_edited_field_with_a_mended_checksum_fails_the_mac(made, tmp_path: Path) -> None:
    edited(key_file(tmp_path), lambda whole: whole.update(device=4))
    with pytest.raises(KeyFileDamaged) as caught:
        unlock(tmp_path, SECRET)
    assert caught.value.fields["reason"] == "mac"


def test_a_slot_does_not_open_under_another_cost(made, tmp_path: Path) -> None:
    edited(key_file(tmp_path), lambda whole: whole["slots"][0].update(iterations=2))
    with pytest.raises(PassphraseWrong):
        unlock(tmp_path, SECRET)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(slots=[]),
        lambda whole: whole.update(device=True),
        lambda whole: whole.update(member_keks={}),
        lambda whole: whole["slots"][0].update(memory_kib=2**40),
        lambda whole: whole["slots"][0].update(salt="?"),
        lambda whole: whole.update(format="kiosk-keys-9"),
        lambda whole: whole.pop("root"),
    ],
)
def test_fields_that_cannot_be_are_damage(made, tmp_path: Path, change) -> None:
    edited(key_file(tmp_path), change)
    with pytest.raises(KeyFileDamaged):
        unlock(tmp_path, SECRET)


def test_a_slot_of_an_unknown_kind_is_passed_over(made, tmp_path: Path) -> None:
    def add(whole) -> None:
        whole["slots"].insert(0, {"kind": "keychain", "salt": "AAAA", "wrapped": "AAAA"})

    edited(key_file(tmp_path), add)
    with pytest.raises(KeyFileDamaged) as caught:  # the passphrase opened it, and the MAC differs
        unlock(tmp_path, SECRET)
    assert caught.value.fields["reason"] == "mac"


def test_a_vault_with_a_buffer_is_never_replaced(made, tmp_path: Path) -> None:
    before = key_file(tmp_path).read_bytes()
    (tmp_path / "buffer.db").write_bytes(b"anything")
    with pytest.raises(StoreExists):
        make(tmp_path, SECRET, device=3, cost=CHEAP)
    assert key_file(tmp_path).read_bytes() == before


def test_a_vault_of_a_set_up_that_was_cut_off_is_kept_aside(made, tmp_path: Path) -> None:
    before = key_file(tmp_path).read_bytes()
    again, _ = make(tmp_path, SECRET, device=3, cost=CHEAP)
    assert (tmp_path / "kiosk.keys.json.aside").read_bytes() == before
    assert unlock(tmp_path, SECRET) == again


def test_every_vault_put_aside_is_kept_under_its_own_name(tmp_path: Path) -> None:
    kept = []
    for _ in range(4):
        make(tmp_path, SECRET, device=3, cost=CHEAP)
        kept.append(key_file(tmp_path).read_bytes())
    assert len(set(kept)) == 4
    assert {path.read_bytes() for path in tmp_path.iterdir()} == set(kept)


def test_a_folder_full_of_vaults_put_aside_is_looked_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.vault.data_key.ASIDE_MOST", 2)
    for _ in range(3):
        make(tmp_path, SECRET, device=3, cost=CHEAP)
    before = {path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StoreExists):
        make(tmp_path, SECRET, device=3, cost=CHEAP)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == before


def test_leftovers_of_a_cut_off_writing_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / f"{KEY_FILE_NAME}.new").write_text("half")
    vault, _ = make(tmp_path, SECRET, device=3, cost=CHEAP)
    assert unlock(tmp_path, SECRET) == vault
    assert not (tmp_path / f"{KEY_FILE_NAME}.new").exists()


def test_a_folder_that_cannot_be_written_is_said_to_be_read_only(tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnly):
        make(tmp_path / "nowhere", SECRET, device=3, cost=CHEAP)


def test_the_real_cost_is_the_measured_one() -> None:
    assert KeyCost() == KeyCost(memory_kib=65536, iterations=3, lanes=2)


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_key_survives_being_written_down(raw: bytes) -> None:
    text = RecoveryKey(raw=raw).text
    assert len(text) == 14 * 4 + 13
    assert read_recovery_key(text) == RecoveryKey(raw=raw)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_one_wrong_letter_is_found_out(raw: bytes, place: int, step: int) -> None:
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = list(RecoveryKey(raw=raw).text.replace("-", ""))
    text[place] = letters[(letters.index(text[place]) + step) % 32]
    found = read_recovery_key("".join(text))
    # The check has 20 bits: a slip is missed once in a million, and never opens anything then.
    assert found is None or found.raw != raw


@given(st.text(max_size=300))
def test_no_text_at_all_makes_the_reading_fail(text: str) -> None:
    found = read_recovery_key(text)
    assert found is None or len(found.raw) == 32


def test_the_umask_of_the_caller_cannot_loosen_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make(tmp_path, SECRET, device=1, cost=CHEAP)
    finally:
        os.umask(before)
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
