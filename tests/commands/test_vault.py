"""The command line of the vault: what it says, what it refuses, and how each of them ends."""

from __future__ import annotations

import builtins
import functools
import getpass
import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import KeyringLocked

from kiosk.vault.change import NewSlot
from kiosk.vault.keychain import Keychain
from kiosk.vault.recovery_key import read_recovery_key
from kiosk.vault.recovery_words import words_of
from kiosk.vault.rotation import AtHand
from tests.commands.conftest import CHEAP, SECRET, Cli
from tests.vault.parts import PIN, BackEndInMemory, no_keychain

NEW = "new horse battery"


@pytest.fixture(autouse=True)
def back_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BackEndInMemory:
    """A keychain and a state folder of the test's own, and new slots that are cheap to open."""
    kept = BackEndInMemory()
    monkeypatch.setattr("kiosk.vault.places.system_keychain", lambda: Keychain(kept))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    monkeypatch.setattr("kiosk.vault.change.NewSlot", functools.partial(NewSlot, cost=CHEAP))
    monkeypatch.setattr("kiosk.vault.rotation.AtHand", functools.partial(AtHand, cost=CHEAP))
    return kept


@pytest.fixture
def recovery_file(made_folders: Path) -> Path:
    return made_folders / "recovery"


def secret_file(folder: Path, name: str, secret: str) -> Path:
    file = folder / name
    file.write_text(secret + "\n")
    file.chmod(0o600)
    return file


def methods(cli: Cli) -> list[str]:
    told = cli.run("vault", "list", f"--data={cli.folder}", "--json")
    assert told.code == 0, told
    return [each["method"] for each in told.json["methods"]]


def opens(cli: Cli, secret: str) -> bool:
    file = secret_file(cli.folder.parent, "tried", secret)
    told = cli.run("vault", "check", f"--data={cli.folder}", f"--passphrase-file={file}")
    assert told.code in {0, 3}, told
    return told.code == 0


# ---------------------------------------------------------------- list and check


def test_list_takes_no_secret_and_says_since_when(empty: Cli) -> None:
    told = empty.run("vault", "list", f"--data={empty.folder}", "--json")
    assert [each["method"] for each in told.json["methods"]] == ["passphrase", "recovery"]
    for each in told.json["methods"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", each["made_at"])
    plain = empty.run("vault", "list", f"--data={empty.folder}")
    assert [line.split()[0] for line in plain.out.splitlines()] == ["passphrase", "recovery"]


def test_check_says_which_way_in_each_secret_opens(empty: Cli, recovery_file: Path) -> None:
    before = (empty.folder / "kiosk.keys.json").read_bytes()
    told = empty.on("vault", "check", f"--recovery-file={recovery_file}", "--json")
    assert (told.code, told.json) == (0, {"opened_by": ["passphrase", "recovery"]})
    assert "Nothing was changed" in told.err
    assert (empty.folder / "kiosk.keys.json").read_bytes() == before


def test_check_says_which_secret_opens_nothing(empty: Cli, recovery_file: Path) -> None:
    """A passphrase that is right must not be blamed for the sheet of an earlier key."""
    kept = recovery_file.with_name("newer")
    assert empty.on("vault", "change", "recovery", f"--recovery-out={kept}").code == 0
    told = empty.on("vault", "check", f"--recovery-file={recovery_file}")
    assert told.code == 3
    assert "This opens the kiosk: passphrase." in told.err
    assert "Recovery key: what was given opens nothing here." in told.err
    assert recovery_file.read_text().strip() not in told.err


def test_check_takes_the_words_of_the_sheet(
    empty: Cli, recovery_file: Path, tmp_path: Path
) -> None:
    key = read_recovery_key(recovery_file.read_text())
    assert key is not None
    words = secret_file(tmp_path, "words", " ".join(words_of(key)).upper())
    for option in (f"--recovery-file={words}", f"--passphrase-file={words}"):
        told = empty.run("vault", "check", f"--data={empty.folder}", option, "--json")
        assert told.json == {"opened_by": ["recovery"]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda words: [*words[:6], "kiosk", *words[7:]], "part=word, place=7"),
        (lambda words: words[:-1], "reason=count"),
        (lambda words: ["kiosk"], "reason=none"),
    ],
)
def test_check_says_where_a_recovery_key_has_its_slip(
    empty: Cli, recovery_file: Path, tmp_path: Path, change: Any, says: str
) -> None:
    key = read_recovery_key(recovery_file.read_text())
    assert key is not None
    words = secret_file(tmp_path, "words", " ".join(change(list(words_of(key)))))
    told = empty.run("vault", "check", f"--data={empty.folder}", f"--recovery-file={words}")
    assert told.code == 2
    assert says in told.err
    assert not (empty.folder / "kiosk.tries.json").exists()


def test_a_wrong_secret_is_the_machines_three_and_then_has_to_wait(
    empty: Cli, tmp_path: Path
) -> None:
    wrong = secret_file(tmp_path, "wrong", "wrong horse battery")
    words = ["vault", "check", f"--data={empty.folder}", f"--passphrase-file={wrong}"]
    for _ in range(5):
        assert empty.run(*words).code == 3
    # As after twenty of them: five minutes, however slow this machine is.
    tries = empty.folder / "kiosk.tries.json"
    tries.write_text(tries.read_text().replace('"wrong": 5', '"wrong": 20'))
    told = empty.run(*words)
    assert told.code == 3
    assert "too_many_tries" in told.err
    # Another command waits as well, and another process; the right secret, too.
    assert empty.on("journal", "verify").code == 3
    assert empty.spawn("vault", "check", *empty.place()).code == 3


def test_check_asks_when_no_file_is_named(empty: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", answer)
    told = empty.run("vault", "check", f"--data={empty.folder}", "--json")
    assert told.json == {"opened_by": ["passphrase"]}
    assert asked == ["Passphrase: "]


def test_variables_name_files_too(
    empty: Cli, recovery_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_RECOVERY_FILE", str(recovery_file))
    told = empty.run("vault", "check", f"--data={empty.folder}", "--json")
    assert told.json == {"opened_by": ["recovery"]}


# ---------------------------------------------------------------- add, change, remove


def test_ways_in_come_change_and_go(empty: Cli, tmp_path: Path) -> None:
    pin = secret_file(tmp_path, "pin", PIN)
    new = secret_file(tmp_path, "new", NEW)
    added = empty.on("vault", "add", "pin", f"--new-file={pin}", "--json")
    assert (added.code, added.json) == (0, {"added": "pin"})
    assert methods(empty) == ["passphrase", "recovery", "pin"]
    changed = empty.on("vault", "change", "passphrase", f"--new-file={new}")
    assert changed.code == 0
    assert "rotate" in changed.err
    assert (opens(empty, SECRET), opens(empty, NEW), opens(empty, PIN)) == (False, True, True)
    empty.passphrase_file.write_text(PIN)
    assert empty.on("vault", "remove", "passphrase").code == 0
    assert methods(empty) == ["recovery", "pin"]
    assert empty.on("journal", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add", "passphrase"), 1, "method_exists"),
        (("change", "pin"), 1, "method_missing"),
        (("remove", "keychain"), 1, "method_missing"),
        (("remove", "passphrase"), 1, "last_method"),
        (("remove", "recovery"), 1, "recovery_needed"),
        (("remove", "cookie"), 2, "invalid choice"),
        (("add",), 2, "required"),
        (("forge",), 2, "invalid choice"),
        ((), 2, "required"),
    ],
)
def test_what_is_refused_changes_nothing(
    empty: Cli, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    before = (empty.folder / "kiosk.keys.json").read_bytes()
    new = secret_file(tmp_path, "new", PIN)
    more = [f"--new-file={new}"] if words[:1] in {("add",), ("change",)} else []
    told = empty.on("vault", *words, *more)
    assert told.code == code
    assert says in told.err
    assert (empty.folder / "kiosk.keys.json").read_bytes() == before


def test_a_pin_of_letters_is_refused(empty: Cli, tmp_path: Path) -> None:
    letters = secret_file(tmp_path, "pin", "secret")
    told = empty.on("vault", "add", "pin", f"--new-file={letters}")
    assert told.code == 1
    assert "pin_invalid" in told.err


def test_a_new_secret_is_asked_for_twice(empty: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [NEW, NEW]
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: answers.pop(0))
    assert empty.on("vault", "change", "passphrase").code == 0
    assert answers == []
    assert opens(empty, NEW)


def test_no_secret_is_ever_an_argument(empty: Cli) -> None:
    for words in (["--passphrase=x"], ["--pin=123456"], ["--new=x"], ["--recovery=x"]):
        told = empty.on("vault", "check", *words)
        assert told.code == 2
        assert "unrecognized" in told.err


def test_without_a_keychain_it_says_so(empty: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.vault.places.system_keychain", no_keychain)
    told = empty.on("vault", "add", "keychain")
    assert told.code == 3
    assert "keychain_missing" in told.err


def test_a_vault_is_not_changed_under_whoever_sells(empty: Cli, tmp_path: Path) -> None:
    from kiosk.opening import open_kiosk

    pin = secret_file(tmp_path, "pin", PIN)
    held = open_kiosk(empty.folder, SECRET)
    try:
        told = empty.on("vault", "add", "pin", f"--new-file={pin}")
        assert told.code == 3
        assert "store_in_use" in told.err
        assert empty.on("vault", "check").code == 0
    finally:
        held.close()


# ---------------------------------------------------------------- the keychain opens commands


def test_with_a_keychain_no_command_asks_for_a_passphrase(
    club: Cli, back_end: BackEndInMemory
) -> None:
    assert club.on("vault", "add", "keychain").code == 0
    place = f"--data={club.folder}"
    assert club.run("vault", "check", place, "--keychain", "--json").json == {
        "opened_by": ["keychain"]
    }
    assert club.run("journal", "verify", place).code == 0
    sold = club.run(
        "sell", place, "--offer=spice-jar", "--tender=cash", "--name=Maria Gomez",
        "--email=maria@example.org", "--consent=terms", "--json",
    )  # fmt: skip
    assert sold.code == 0, sold
    back_end.fails = KeyringLocked("shut")
    told = club.run("journal", "verify", place)
    # There is nobody to ask here; a person at a terminal would be asked now.
    assert told.code == 2
    assert "keychain_locked" in told.err
    assert "passphrase is needed" in told.err
    assert club.on("journal", "verify").code == 0
    assert club.run("vault", "check", place, "--keychain").code == 3


def test_the_keychain_alone_changes_no_way_in(empty: Cli, tmp_path: Path) -> None:
    """Whoever sits at an open kiosk must not shut its owner out."""
    assert empty.on("vault", "add", "keychain").code == 0
    before = (empty.folder / "kiosk.keys.json").read_bytes()
    pin, place = secret_file(tmp_path, "pin", PIN), f"--data={empty.folder}"
    for words in (
        ("add", "pin", f"--new-file={pin}"),
        ("change", "passphrase", f"--new-file={pin}"),
        ("remove", "passphrase"),
        ("rotate", f"--recovery-out={tmp_path / 'paper'}"),
    ):
        told = empty.run("vault", *words, place)
        assert told.code == 2
        assert "passphrase_missing" in told.err
    assert (empty.folder / "kiosk.keys.json").read_bytes() == before
    assert not (tmp_path / "paper").exists()


def test_a_passphrase_that_was_named_goes_before_the_keychain(
    empty: Cli, back_end: BackEndInMemory, tmp_path: Path
) -> None:
    assert empty.on("vault", "add", "keychain").code == 0
    wrong = secret_file(tmp_path, "wrong", "wrong horse battery")
    told = empty.run("journal", "verify", f"--data={empty.folder}", f"--passphrase-file={wrong}")
    assert told.code == 3
    assert "passphrase_wrong" in told.err


# ---------------------------------------------------------------- recovery keys and rotation


def test_a_new_recovery_key_is_written_before_the_old_one_goes(
    empty: Cli, recovery_file: Path, tmp_path: Path
) -> None:
    paper, sheet = tmp_path / "paper", tmp_path / "sheet.html"
    told = empty.on(
        "vault", "change", "recovery", f"--recovery-out={paper}", f"--recovery-sheet={sheet}"
    )
    assert told.code == 0, told
    assert re.fullmatch(r"([0-9A-Z]{4}-){13}[0-9A-Z]{4}\n", paper.read_text())
    page = sheet.read_text(encoding="utf-8")
    assert "Recovery key of kiosk 3" in page
    assert all(
        f">{group}<" in page.replace("</span>", ">") for group in paper.read_text().split("-")[:13]
    )
    for file in (paper, sheet):
        assert file.stat().st_mode & 0o777 == 0o600
    assert (opens(empty, paper.read_text().strip()), opens(empty, recovery_file.read_text())) == (
        True, False,
    )  # fmt: skip
    assert paper.read_text().strip() not in told.out + told.err


def test_a_recovery_key_nobody_could_see_is_not_made(
    empty: Cli, tmp_path: Path, recovery_file: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("another key")
    for words, code in (((), 2), ((f"--recovery-out={taken}",), 1)):
        for action in (("change", "recovery"), ("rotate",)):
            assert empty.on("vault", *action, *words).code == code
    assert taken.read_text() == "another key"
    assert opens(empty, recovery_file.read_text())


def test_at_a_terminal_the_last_group_is_typed_back(
    empty: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    shown: list[str] = []

    def type_back(_prompt: str) -> str:
        found = re.search(r"(?:[0-9A-Z]{4}-){13}([0-9A-Z]{4})", capsys.readouterr().err)
        assert found is not None
        shown.append(found[0])
        return found[1].lower()

    monkeypatch.setattr(builtins, "input", type_back)
    assert empty.on("vault", "change", "recovery").code == 0
    assert opens(empty, shown[0])
    monkeypatch.setattr(builtins, "input", lambda _prompt: "XXXX")
    told = empty.on("vault", "change", "recovery")
    assert told.code == 2
    assert opens(empty, shown[0])


def test_rotate_gives_new_keys_and_says_who_is_out(
    club: Cli, recovery_file: Path, tmp_path: Path
) -> None:
    assert club.sell().code == 0
    pin = secret_file(tmp_path, "pin", PIN)
    assert club.on("vault", "add", "pin", f"--new-file={pin}").code == 0
    paper = tmp_path / "paper"
    told = club.on("vault", "rotate", f"--recovery-out={paper}", "--json")
    assert told.json == {
        "methods": ["passphrase", "recovery"], "dropped": ["pin"], "finished": True,
    }  # fmt: skip
    assert "Dropped, since their secret was not given: pin." in told.err
    assert (opens(club, paper.read_text().strip()), opens(club, PIN)) == (True, False)
    assert not opens(club, recovery_file.read_text())
    assert club.on("journal", "verify").code == 0
    assert len(club.exported()) == 1
    assert club.sell().code == 0
    assert club.sync("status").code == 0


def test_rotate_takes_the_pin_along_and_a_new_passphrase(
    empty: Cli, recovery_file: Path, tmp_path: Path
) -> None:
    pin, new = secret_file(tmp_path, "pin", PIN), secret_file(tmp_path, "new", NEW)
    assert empty.on("vault", "add", "pin", f"--new-file={pin}").code == 0
    place = [f"--data={empty.folder}", f"--passphrase-file={recovery_file}"]
    told = empty.run(
        "vault", "rotate", *place, f"--pin-file={pin}", f"--new-file={new}",
        f"--recovery-out={tmp_path / 'paper'}", "--json",
    )  # fmt: skip
    assert told.json["methods"] == ["passphrase", "pin", "recovery"]
    assert (opens(empty, NEW), opens(empty, PIN), opens(empty, SECRET)) == (True, True, False)


def test_rotate_by_the_recovery_key_alone_would_leave_nothing_else(
    empty: Cli, recovery_file: Path, tmp_path: Path
) -> None:
    told = empty.run(
        "vault", "rotate", f"--data={empty.folder}", f"--passphrase-file={recovery_file}",
        f"--recovery-out={tmp_path / 'paper'}",
    )  # fmt: skip
    assert told.code == 1
    assert "last_method" in told.err
    assert not (tmp_path / "paper").exists()
    assert opens(empty, SECRET)


@pytest.mark.parametrize("action", ["list", "check", "rotate"])
def test_a_folder_that_is_no_kiosk_is_a_mistake_of_usage(
    empty: Cli, tmp_path: Path, action: str
) -> None:
    told = empty.run("vault", action, f"--data={tmp_path / 'nowhere'}")
    assert told.code == 2
    assert "store_missing" in told.err
    assert not (tmp_path / "nowhere").exists()


def test_a_key_file_that_is_damaged_loose_or_gone_is_left_alone(empty: Cli) -> None:
    file = empty.folder / "kiosk.keys.json"
    whole = file.read_bytes()
    for content, mode, says in (
        (whole[:-40], 0o600, "key_file_damaged"),
        (whole, 0o644, "key_file_loose"),
    ):
        file.write_bytes(content)
        file.chmod(mode)
        for action in ("list", "check"):
            told = empty.on("vault", action)
            assert told.code == 3
            assert says in told.err
        assert file.read_bytes() == content
    file.unlink()
    assert "key_file_missing" in empty.on("vault", "check").err
    assert not file.exists()


def test_of_a_recovery_key_that_was_not_wholly_kept_nothing_stays_that_opens_nothing(
    empty: Cli, recovery_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    there.write_text("holiday pictures")
    key, sheet = tmp_path / "new-key", tmp_path / "sheet.html"
    ran = empty.on("vault", "rotate", f"--recovery-out={key}", f"--recovery-sheet={there}")
    assert (ran.code, "box_of_another" in ran.err) == (1, True)
    assert "sales file" not in ran.err
    assert not key.exists()
    module = importlib.import_module("kiosk.vault.recovery_sheet")

    def somebody_is_faster(*_args: object, **_fields: object) -> str:
        sheet.write_text("theirs")
        return ""

    monkeypatch.setattr(module, "recovery_sheet", somebody_is_faster)
    ran = empty.on("vault", "rotate", f"--recovery-out={key}", f"--recovery-sheet={sheet}")
    assert ran.code == 1
    assert not key.exists()
    assert sheet.read_text() == "theirs"
    assert empty.on("vault", "check", f"--recovery-file={recovery_file}").code == 0
