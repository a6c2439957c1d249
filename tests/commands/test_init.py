"""`init`: a kiosk is made once, with a recovery key that somebody has, or it is not made at all."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest

from tests.commands.conftest import EVENTS, SECRET, Cli

MADE = {
    "buffer.db", "buffer.anchor", "buffer.lock", "kiosk.keys.json", "kiosk.toml", "root.pub",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Nowhere yet, and a passphrase."""
    secret = tmp_path / "passphrase"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    return Cli(tmp_path / "shop" / "kiosk", secret, capsys)


def test_a_kiosk_is_made_with_everything_it_needs_at_its_real_cost(place: Cli) -> None:
    recovery = place.folder.parent.parent / "recovery"
    made = place.spawn("init", *place.place(), f"--recovery-out={recovery}", "--device=7")
    assert made.code == 0, made
    assert made.out == ""
    assert {path.name for path in place.folder.iterdir()} >= MADE
    root = (place.folder / "root.pub").read_text()
    assert len(root.strip()) == 64
    assert bytes.fromhex(root)
    assert stat.S_IMODE(recovery.stat().st_mode) == 0o600
    assert "# " in (place.folder / "kiosk.toml").read_text()
    assert not (place.folder / "buffer.db").read_bytes().startswith(b"SQLite format 3")

    loaded = place.spawn("load", EVENTS / "zine-fair.toml", *place.place())
    assert loaded.code == 0, loaded
    sold = place.sell(offer="zine-small", tender="cash")
    assert sold.json["receipt_number"] == "K7-000001"
    assert sold.json["passes"][0]["number"].startswith("7-")

    # The recovery key opens what the passphrase opens.
    assert place.run("journal", "verify", f"--data={place.folder}",
                     f"--passphrase-file={recovery}").code == 0  # fmt: skip


def test_without_a_terminal_and_without_a_file_for_the_recovery_key_nothing_is_made(
    place: Cli,
) -> None:
    made = place.spawn("init", *place.place())
    assert made.code == 2
    assert "recovery" in made.err.lower()
    assert not place.folder.exists()


def test_a_kiosk_is_never_made_over_another(empty: Cli, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in empty.folder.iterdir() if path.is_file()}
    again = empty.on("init", f"--recovery-out={tmp_path / 'other'}")
    assert again.code == 1
    assert "store_exists" in again.err
    assert not (tmp_path / "other").exists()
    after = {path.name: path.read_bytes() for path in empty.folder.iterdir() if path.is_file()}
    assert after == before


def test_a_place_for_the_recovery_key_that_is_not_there_is_said_before_anything_is_made(
    place: Cli, tmp_path: Path
) -> None:
    for option in ("--recovery-out", "--recovery-sheet"):
        ran = place.on("init", f"{option}={tmp_path / 'stick' / 'key'}")
        assert (ran.code, "backup_place_missing" in ran.err) == (3, True), ran
        assert not place.folder.exists()
    # The folder of the kiosk is made on the way.
    assert place.on("init", f"--recovery-out={place.folder / 'key'}").code == 0
    assert (place.folder / "key").exists()


def test_a_recovery_file_that_is_there_is_not_overwritten(place: Cli, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("something else")
    made = place.on("init", f"--recovery-out={taken}")
    assert made.code == 1
    assert taken.read_text() == "something else"
    assert not (place.folder / "buffer.db").exists()


def test_a_set_up_that_was_cut_off_can_be_done_again(place: Cli, tmp_path: Path) -> None:
    assert place.on("init", f"--recovery-out={tmp_path / 'no' / 'such' / 'folder'}").code != 0
    assert place.on("init", f"--recovery-out={tmp_path / 'recovery'}").code == 0
    assert place.on("journal", "verify").code == 0


def test_an_empty_passphrase_is_a_mistake_of_usage(place: Cli, tmp_path: Path) -> None:
    place.passphrase_file.write_text("\n")
    made = place.on("init", f"--recovery-out={tmp_path / 'recovery'}")
    assert made.code == 2
    assert "reason=empty" in made.err
    assert not place.folder.exists()


def test_a_short_passphrase_in_a_file_is_taken_with_a_word_of_warning(
    place: Cli, tmp_path: Path
) -> None:
    place.passphrase_file.write_text("seven77\n")
    made = place.on("init", f"--recovery-out={tmp_path / 'recovery'}")
    assert made.code == 0
    assert "soon guessed" in made.err
    assert place.on("journal", "verify").code == 0


@pytest.mark.parametrize("device", ["0", "-1", "one", "1.5", "", "4294967296"])
def test_a_device_number_is_a_whole_number_from_one(
    place: Cli, tmp_path: Path, device: str
) -> None:
    made = place.on("init", f"--recovery-out={tmp_path / 'r'}", f"--device={device}")
    assert made.code == 2
    assert not place.folder.exists()


def test_exactly_one_newline_at_the_end_is_no_part_of_the_passphrase(empty: Cli) -> None:
    for text, code in (
        (SECRET, 0),
        (SECRET + "\n", 0),
        (SECRET + "\r\n", 0),
        (SECRET + "\n\n", 3),
        (SECRET + " ", 3),
        ("\n" + SECRET, 3),
    ):
        empty.passphrase_file.write_bytes(text.encode())
        assert empty.on("journal", "verify").code == code, text


def test_the_variable_names_the_passphrase_file(
    empty: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_PASSPHRASE_FILE", str(empty.passphrase_file))
    assert empty.run("journal", "verify", f"--data={empty.folder}").code == 0
    other = empty.passphrase_file.with_name("other")
    other.write_text("something else entirely\n")
    other.chmod(0o600)
    # The option is nearer to the person than the variable.
    wrong = empty.run("journal", "verify", f"--data={empty.folder}", f"--passphrase-file={other}")
    assert wrong.code == 3
    assert "passphrase_wrong" in wrong.err


def test_no_passphrase_anywhere_is_a_mistake_of_usage(empty: Cli) -> None:
    found = empty.spawn("journal", "verify", f"--data={empty.folder}")
    assert found.code == 2
    assert "passphrase_missing" in found.err
    empty.passphrase_file.unlink()
    assert empty.on("journal", "verify").code == 2


def test_a_passphrase_that_is_no_text_is_a_mistake_of_usage(empty: Cli) -> None:
    empty.passphrase_file.write_bytes(b"\xff\xfe")
    assert empty.on("journal", "verify").code == 2
    empty.passphrase_file.write_bytes(b"x" * 5000)
    assert empty.on("journal", "verify").code == 2


def test_a_passphrase_that_others_may_write_is_refused(empty: Cli) -> None:
    empty.passphrase_file.chmod(0o666)
    found = empty.on("journal", "verify")
    assert found.code == 3
    assert "secret_file_loose" in found.err
    assert f"“{empty.passphrase_file}”" in found.err  # that file, and not the key file
    assert "key file" not in found.err


def test_a_key_file_that_others_may_read_is_named(empty: Cli) -> None:
    keys = empty.folder / "kiosk.keys.json"
    keys.chmod(0o644)
    found = empty.on("journal", "verify")
    assert (found.code, "key_file_loose" in found.err) == (3, True)
    assert f"“{keys}”" in found.err


def test_a_folder_that_is_no_kiosk_is_a_mistake_of_usage(empty: Cli, tmp_path: Path) -> None:
    for command in (["journal", "verify"], ["load", EVENTS / "zine-fair.toml"], ["provision"]):
        words = [*command, f"--data={tmp_path / 'nowhere'}"]
        found = empty.run(*words, f"--passphrase-file={empty.passphrase_file}")
        assert found.code == 2, found
        assert "store_missing" in found.err
    assert not (tmp_path / "nowhere").exists()


def test_a_lost_key_file_is_the_machine_s_fault(empty: Cli) -> None:
    shutil.move(empty.folder / "kiosk.keys.json", empty.folder.parent / "away")
    found = empty.on("journal", "verify")
    assert found.code == 3
    assert "key_file_missing" in found.err


def test_a_sheet_to_print_counts_as_keeping_the_recovery_key(place: Cli, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    made = place.on("init", f"--recovery-sheet={sheet}", "--device=7")
    assert made.code == 0, made
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    page = sheet.read_text(encoding="utf-8")
    assert "Recovery key of kiosk 7" in page
    groups = re.findall(r"</span>([0-9A-Z]{4})</li>", page)
    place.passphrase_file.write_text("-".join(groups))
    assert place.on("journal", "verify").code == 0
    words = re.findall(r"</span>([a-z]+)</li>", page)
    place.passphrase_file.write_text(" ".join(words))
    assert place.on("journal", "verify").code == 0
    assert groups[0] not in made.out + made.err


def test_the_key_goes_to_a_file_and_a_sheet_and_both_are_new(place: Cli, tmp_path: Path) -> None:
    paper, sheet = tmp_path / "paper", tmp_path / "sheet.html"
    sheet.write_text("there already")
    made = place.on("init", f"--recovery-out={paper}", f"--recovery-sheet={sheet}")
    assert made.code == 1
    assert not paper.exists()
    assert not (place.folder / "kiosk.keys.json").exists()
    sheet.unlink()
    assert place.on("init", f"--recovery-out={paper}", f"--recovery-sheet={sheet}").code == 0
    for group in paper.read_text().strip().split("-"):
        assert f"</span>{group}</li>" in sheet.read_text(encoding="utf-8")
