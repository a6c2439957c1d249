"""The ways into a kiosk: each change is in the journal, and killed anywhere one of them opens."""

from __future__ import annotations

import dataclasses
import importlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import vault
from kiosk.errors import (
    LastMethod,
    MethodExists,
    PassphraseWrong,
    RecoveryUnconfirmed,
    StoreFull,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
)
from kiosk.opening import make_desk, open_kiosk
from kiosk.opening.ways_in import (
    VAULT_CHANGED,
    add_way,
    change_way,
    remove_way,
    rotate,
    tried,
    ways_in,
)
from kiosk.vault import KEY_FILE_NAME, Method, RecoveryKey
from kiosk.vault.places import system_places
from kiosk.vault.rotation import AtHand, begin_rotation
from tests.opening.kiosks import (
    SALES,
    SECRET,
    check_everything_is_there,
    copied,
    in_a_child,
    journal,
    killed_somewhere,
    opened,
    seconds_of,
)
from tests.vault.parts import CHEAP, DAY_MS, PIN, BackEndInMemory, new_slot

NEW = "new horse battery"
ROTATIONS_KILLED = 40
CHANGES_KILLED = 10

forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 of a fork")


@pytest.fixture
def folder(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """A kiosk that has sold and practised."""
    return copied(made_kiosk[0], tmp_path / "kiosk")


def hand(keep: Callable[[RecoveryKey], object], pin: str | None = None) -> AtHand:
    def kept(recovery: RecoveryKey) -> None:
        keep(recovery)

    return AtHand(passphrase=SECRET, pin=pin, keep=kept, made_ms=DAY_MS, cost=CHEAP)


def methods(folder: Path) -> set[str]:
    return {way.method for way in ways_in(folder)}


def changes(folder: Path, secret: str | None) -> list[object]:
    with opened(folder, secret) as kiosk:
        return [line["change"] for line in journal(make_desk(kiosk, staffed=True), VAULT_CHANGED)]


# ---------------------------------------------------------------- what a change does


def test_every_change_is_a_line_of_the_journal_and_tells_no_secret(folder: Path) -> None:
    kept: list[RecoveryKey] = []
    add_way(folder, SECRET, new_slot(Method.PIN, PIN))
    change_way(folder, PIN, new_slot(Method.PASSPHRASE, NEW))
    add_way(folder, NEW, new_slot(Method.KEYCHAIN))
    change_way(folder, None, new_slot(Method.RECOVERY, kept=kept))
    remove_way(folder, kept[0].text, Method.PIN)
    with opened(folder, NEW) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        lines = journal(desk, VAULT_CHANGED)
        assert desk.buffer.verify_journal().ok
    assert lines == [
        {"change": "pin.added", "opened_by": "passphrase"},
        {"change": "passphrase.changed", "opened_by": "pin"},
        {"change": "keychain.added", "opened_by": "passphrase"},
        {"change": "recovery.changed", "opened_by": "keychain"},
        {"change": "pin.removed", "opened_by": "recovery"},
    ]
    check_everything_is_there(folder, NEW)


def test_trying_changes_nothing(folder: Path, recovery: RecoveryKey) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert tried(folder, SECRET) == "passphrase"
    assert tried(folder, recovery.text) == "recovery"
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name: after[name] for name in before} == before


def test_trying_works_beside_whoever_sells_and_changing_does_not(folder: Path) -> None:
    kiosk = open_kiosk(folder, SECRET)
    try:
        assert tried(folder, SECRET) == "passphrase"
        for use in (
            lambda: add_way(folder, SECRET, new_slot(Method.PIN, PIN)),
            lambda: rotate(folder, SECRET, hand(lambda _key: None)),
        ):
            with pytest.raises(StoreInUse):
                use()
    finally:
        kiosk.close()
    assert methods(folder) == {"passphrase", "recovery"}


def test_a_change_that_is_refused_leaves_no_line(folder: Path) -> None:
    def refuse(_recovery: RecoveryKey) -> None:
        raise RecoveryUnconfirmed

    with pytest.raises(MethodExists):
        add_way(folder, SECRET, new_slot(Method.PASSPHRASE, NEW))
    with pytest.raises(LastMethod):
        remove_way(folder, SECRET, Method.PASSPHRASE)
    with pytest.raises(RecoveryUnconfirmed):
        rotate(folder, SECRET, hand(refuse))
    assert changes(folder, SECRET) == []


def test_a_key_file_that_cannot_be_written_leaves_no_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.vault.key_file.flush_folder", full)
        with pytest.raises(StoreReadOnly):
            change_way(folder, SECRET, new_slot(Method.RECOVERY))
    assert changes(folder, SECRET) == []


def test_a_folder_without_a_kiosk_has_no_ways_in(tmp_path: Path) -> None:
    for use in (
        lambda: ways_in(tmp_path),
        lambda: tried(tmp_path, SECRET),
        lambda: add_way(tmp_path, SECRET, new_slot(Method.PIN, PIN)),
        lambda: rotate(tmp_path, SECRET, hand(lambda _key: None)),
    ):
        with pytest.raises(StoreMissing):
            use()
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- a new data key


def test_after_a_rotation_everything_is_there_and_the_old_recovery_key_is_out(
    folder: Path, recovery: RecoveryKey
) -> None:
    add_way(folder, SECRET, new_slot(Method.PIN, PIN))
    add_way(folder, SECRET, new_slot(Method.KEYCHAIN))
    kept: list[RecoveryKey] = []
    done = rotate(folder, SECRET, hand(kept.append))
    assert (done.dropped, done.finished) == (("pin",), True)
    assert [way.method for way in done.ways] == ["passphrase", "keychain", "recovery"]
    for secret in (recovery.text, PIN):
        with pytest.raises(PassphraseWrong):
            tried(folder, secret)
    check_everything_is_there(folder, kept[0].text)
    check_everything_is_there(folder, None, SALES + 1)
    assert changes(folder, SECRET) == ["pin.added", "keychain.added", "data_key.rotated"]


def test_after_a_rotation_no_file_of_an_earlier_version_is_kept_under_the_old_key(
    folder: Path,
) -> None:
    kept = folder / "buffer.db.before-0002_finding_answers"
    kept.write_bytes(folder.joinpath("buffer.db").read_bytes())
    rotate(folder, SECRET, hand(lambda _key: None))
    assert not kept.exists()


def test_a_copy_of_the_old_key_file_opens_nothing_any_more(
    folder: Path, recovery: RecoveryKey
) -> None:
    """That is what a rotation is for: somebody has the key file and a secret of it."""
    old = (folder / KEY_FILE_NAME).read_bytes()
    rotate(folder, SECRET, hand(lambda _key: None))
    stolen = vault.unlock
    (folder / KEY_FILE_NAME).write_bytes(old)
    for secret in (SECRET, recovery.text):
        assert stolen(folder, secret).former is None
        with pytest.raises(Exception, match="store_corrupt") as caught:
            open_kiosk(folder, secret)
        assert caught.value.fields["check"] == "first_page"  # type: ignore[attr-defined]


def test_a_kiosk_is_rotated_again_and_again(folder: Path) -> None:
    for _ in range(3):
        assert rotate(folder, SECRET, hand(lambda _key: None)).finished
    check_everything_is_there(folder, SECRET)


def test_without_room_for_the_log_nothing_is_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Space:
        f_frsize = 1
        f_bavail = 20 * 1024 * 1024

    before = (folder / KEY_FILE_NAME).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "statvfs", lambda _path: Space)
        with pytest.raises(StoreFull):
            rotate(folder, SECRET, hand(lambda _key: None))
    assert (folder / KEY_FILE_NAME).read_bytes() == before


# ---------------------------------------------------------------- killed


@forking
def test_a_rotation_killed_at_any_moment_loses_nothing(
    made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path
) -> None:
    """Of the two recovery keys just one opens it, and the passphrase does always."""
    paper = tmp_path / "paper"
    folder = copied(made_kiosk[0], tmp_path / "kiosk")

    def work() -> None:
        rotate(folder, SECRET, hand(lambda key: paper.write_text(key.text)))

    whole_s = seconds_of(work)
    for _ in range(ROTATIONS_KILLED):
        copied(made_kiosk[0], folder)
        paper.unlink(missing_ok=True)
        killed_somewhere(work, whole_s)
        check_everything_is_there(folder, SECRET)
        assert vault.unlock(folder, SECRET).former is None
        secrets = [made_kiosk[1].text, *([paper.read_text()] if paper.exists() else [])]
        assert sum(opens(folder, text) for text in secrets) == 1


# Where the process dies: at the first or second call of a function, before or after its work; and
# what the key file then says.
STEPS = (
    ("kiosk.vault.data_key.write_document", 1, False, "old"),
    ("kiosk.vault.data_key.write_document", 1, True, "both"),
    ("kiosk.opening.unlocking.rekey", 1, False, "both"),
    ("kiosk.opening.unlocking.rekey", 1, True, "both"),
    ("kiosk.opening.unlocking.rekey", 2, False, "both"),
    ("kiosk.opening.unlocking.rekey", 2, True, "both"),
    ("kiosk.vault.data_key.write_document", 2, False, "both"),
    ("kiosk.vault.data_key.write_document", 2, True, "new"),
)


@forking
@pytest.mark.parametrize(("where", "call", "after", "state"), STEPS)
def test_a_rotation_killed_at_each_of_its_steps_is_finished_by_the_next_start(
    folder: Path, where: str, call: int, after: bool, state: str
) -> None:
    old = vault.unlock(folder, SECRET)

    def work() -> None:
        with pytest.MonkeyPatch.context() as patch:
            die_at(patch, where, call, after=after)
            rotate(folder, SECRET, hand(lambda _key: None))

    child = in_a_child(work)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    found = vault.unlock(folder, SECRET)
    assert (found.data_key == old.data_key) is (state == "old")
    assert (found.former is not None) is (state == "both")
    check_everything_is_there(folder, SECRET)
    finished = vault.unlock(folder, SECRET)
    assert (finished.data_key, finished.former) == (found.data_key, None)


def die_at(patch: pytest.MonkeyPatch, where: str, call: int, *, after: bool) -> None:
    """Have the process killed by itself at this call of a function, without a goodbye."""
    module, _, name = where.rpartition(".")
    real = getattr(importlib.import_module(module), name)
    left = [call]

    def dying(*args: object, **options: object) -> object:
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **options)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    patch.setattr(where, dying)


@forking
@pytest.mark.parametrize("kind", ["change passphrase", "add pin", "change recovery"])
def test_a_change_killed_at_any_moment_leaves_the_old_way_or_the_new(
    made_kiosk: tuple[Path, RecoveryKey],
    tmp_path: Path,
    back_end: BackEndInMemory,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    from tests.vault.parts import no_keychain

    # What a child keeps in memory dies with it: here the other half of a PIN is in a file.
    monkeypatch.setattr("kiosk.vault.places.system_keychain", no_keychain)
    paper = tmp_path / "paper"
    folder = copied(made_kiosk[0], tmp_path / "kiosk")

    def work() -> None:
        if kind == "change passphrase":
            change_way(folder, SECRET, new_slot(Method.PASSPHRASE, NEW))
        elif kind == "add pin":
            add_way(folder, SECRET, new_slot(Method.PIN, PIN))
        else:
            kept: list[RecoveryKey] = []
            change_way(folder, SECRET, new_slot(Method.RECOVERY, kept=kept))
            paper.write_text(kept[0].text)

    whole_s = seconds_of(work)
    for _ in range(CHANGES_KILLED):
        copied(made_kiosk[0], folder)
        killed_somewhere(work, whole_s)
        by_old, by_new = opens(folder, SECRET), opens(folder, NEW)
        assert by_old != by_new
        check_everything_is_there(folder, SECRET if by_old else NEW)


def opens(folder: Path, secret: str) -> bool:
    try:
        vault.unlock(folder, secret)
    except PassphraseWrong:
        return False
    return True


def test_keys_that_another_program_renews_meanwhile_are_no_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slot takes a while to open, and the file may be another one by then."""
    module = importlib.import_module("kiosk.vault.data_key")
    opens, held = module.open_slot, vault.unlock(folder, SECRET)
    kept: list[RecoveryKey] = []

    def renewed_meanwhile(*asked: object) -> object:
        found = opens(*asked)
        monkeypatch.setattr(module, "open_slot", opens)
        begin_rotation(folder, held, hand(kept.append), system_places())
        return found

    monkeypatch.setattr(module, "open_slot", renewed_meanwhile)
    open_kiosk(folder, SECRET).close()
    check_everything_is_there(folder, kept[0].text)


def test_a_change_that_comes_after_a_rotation_says_that_another_program_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("kiosk.opening.ways_in")
    before = vault.unlock(folder, SECRET)
    rotate(folder, SECRET, hand(lambda _: None))
    after = (folder / KEY_FILE_NAME).read_bytes()
    now = vault.unlock(folder, SECRET)
    # Unlocked before the rotation; the files are opened after it.
    late = dataclasses.replace(before, keys=now.keys)
    monkeypatch.setattr(module, "unlock_to_work", lambda *_: late)
    with pytest.raises(StoreInUse):
        add_way(folder, SECRET, new_slot(Method.PIN, PIN))
    assert (folder / KEY_FILE_NAME).read_bytes() == after
