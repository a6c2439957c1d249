"""`kiosk backup`: one encrypted file, read back, from which everything can be started again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.buffer.backup_state import read_backup_state
from kiosk.errors import StoreFull
from kiosk.opening import open_kiosk
from tests.commands.conftest import SECRET, Cli

MARKER = "Maria Marker-Gomez"


def backups_of(cli: Cli) -> list[Path]:
    return sorted((cli.folder / "backups").glob("*"))


def made(cli: Cli, *words: object) -> dict[str, Any]:
    ran = cli.on("backup", *words, "--json")
    assert ran.code == 0, ran
    told: dict[str, Any] = ran.json
    return told


def checked(cli: Cli, file: Path, *words: object) -> Any:
    secret = f"--passphrase-file={cli.passphrase_file}"
    return cli.run("backup", "check", file, secret, "--json", *words)


def restored(cli: Cli, file: Path, name: str = "other") -> Cli:
    other = Cli(cli.folder.with_name(name), cli.passphrase_file, cli.capsys)
    ran = other.on("backup", "restore", file)
    assert ran.code == 0, ran
    return other


def test_a_backup_holds_every_sale_and_says_so(club: Cli) -> None:
    assert club.sell().code == 0
    told = made(club)
    assert (told["sales"], told["unsent"], told["device"]) == (1, 1, 3)
    assert told["unsent_by_mode"]["practice"]["waiting"] == 1
    (file,) = backups_of(club)
    assert told["file"] == str(file)
    assert told["bytes"] == file.stat().st_size
    assert checked(club, file).json["sales"] == 1
    other = restored(club, file)
    assert other.exported() == club.exported()
    assert other.on("journal", "verify", "--json").json["ok"]


def test_a_backup_is_made_beside_a_running_kiosk(club: Cli) -> None:
    assert club.sell().code == 0
    kiosk = open_kiosk(club.folder, SECRET)
    try:
        # What stands in the log only is in it too.
        assert (club.folder / "buffer.db-wal").exists()
        assert made(club)["sales"] == 1
    finally:
        kiosk.close()


def test_a_backup_goes_where_it_is_told_and_replaces_an_older_one_of_this_kiosk(
    club: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "stick.backup"
    first = made(club, f"--out={file}")
    assert club.sell().code == 0
    second = made(club, f"--out={file}")
    assert (first["sales"], second["sales"]) == (0, 1)
    assert checked(club, file).json["sales"] == 1
    assert not (club.folder / "backups").exists()
    assert [path for path in tmp_path.iterdir() if ".making" in path.name] == []


@pytest.mark.parametrize("content", [b"holiday pictures", b"", b"\x89kiosk-box-9\r\n\x1a\n"])
def test_a_file_that_is_something_else_is_never_written_over(
    club: Cli, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "mine.jpg"
    file.write_bytes(content)
    ran = club.on("backup", f"--out={file}")
    assert ran.code != 0
    assert file.read_bytes() == content


def test_a_backup_of_another_kiosk_is_never_written_over(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "theirs.backup"
    theirs = Cli(tmp_path / "theirs", club.passphrase_file, club.capsys)
    assert theirs.on("init", f"--recovery-out={tmp_path / 'their-recovery'}").code == 0
    made(theirs, f"--out={file}")
    before = file.read_bytes()
    ran = club.on("backup", f"--out={file}")
    assert (ran.code, "box_of_another" in ran.err) == (1, True)
    assert file.read_bytes() == before


def test_a_backup_never_takes_the_place_of_the_box_a_kiosk_was_handed_over_with(
    club: Cli, tmp_path: Path
) -> None:
    """It may hold the only copy of what is unsent, and everything older in the same file."""
    box = tmp_path / "kiosk.box"
    assert club.sell().code == 0
    assert club.on("black-box", "export", box, "--hand-over").code == 0
    before = box.read_bytes()
    ran = club.on("backup", f"--out={box}")
    assert (ran.code, "box_of_another" in ran.err) == (1, True), ran
    assert box.read_bytes() == before
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    assert other.on("black-box", "import", box).code == 0
    assert len(other.exported()) == 1


@pytest.mark.parametrize("words", [[], ["--hand-over"]])
def test_a_black_box_is_never_written_behind_a_backup(
    club: Cli, tmp_path: Path, words: list[str]
) -> None:
    """Neither this kiosk's nor another's; and nothing of an export is written down."""
    theirs = Cli(tmp_path / "theirs", club.passphrase_file, club.capsys)
    assert theirs.on("init", f"--recovery-out={tmp_path / 'their-recovery'}").code == 0
    for kiosk in (club, theirs):
        file = tmp_path / f"{kiosk.folder.name}.backup"
        made(kiosk, f"--out={file}")
        before, length = file.read_bytes(), club.on("journal", "verify", "--json").json
        ran = club.on("black-box", "export", file, *words)
        assert (ran.code, "box_of_another" in ran.err) == (1, True), ran
        assert file.read_bytes() == before
        assert club.on("journal", "verify", "--json").json == length
    assert club.sell().code == 0  # it was not closed


def test_a_box_made_without_a_passphrase_is_added_to_by_its_own_kiosk_only(
    club: Cli, tmp_path: Path
) -> None:
    box = tmp_path / "locked.box"
    theirs = Cli(tmp_path / "theirs", club.passphrase_file, club.capsys)
    assert theirs.on("init", f"--recovery-out={tmp_path / 'their-recovery'}").code == 0
    assert theirs.on("black-box", "export", box, "--without-passphrase").code == 0
    before = box.read_bytes()
    assert "box_of_another" in club.on("black-box", "export", box).err
    assert "box_of_another" in theirs.on("backup", f"--out={box}").err
    assert box.read_bytes() == before
    assert theirs.on("black-box", "export", box).code == 0
    assert box.read_bytes().startswith(before)


def test_a_black_box_called_like_a_backup_outlives_the_old_ones(club: Cli) -> None:
    settings = club.folder / "kiosk.toml"
    settings.write_text("[backup]\nkeep = 1\n")
    (club.folder / "backups").mkdir()
    box = club.folder / "backups" / "kiosk-3-20200101T000000Z.backup"
    assert club.on("black-box", "export", box).code == 0
    for _ in range(2):
        made(club)
        assert box.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["backup", "--out={}"],
        ["black-box", "export", "{}"],
        ["black-box", "export", "{}", "--hand-over"],
        ["black-box", "export", "{}", "--without-passphrase"],
    ],
)
def test_a_place_that_is_not_there_is_not_taken_for_the_kiosks_folder(
    club: Cli, tmp_path: Path, words: list[str]
) -> None:
    before = club.on("journal", "verify", "--json").json
    for place, code in (
        (tmp_path / "stick" / "a.box", "backup_place_missing"),
        (tmp_path, "box_of_another"),
    ):
        ran = club.on(*(word.format(place) for word in words))
        assert ran.code != 0
        assert code in ran.err, ran.err
    assert not (tmp_path / "stick").exists()
    assert club.on("journal", "verify", "--json").json == before  # nothing was written down
    assert club.sell().code == 0


def test_the_newest_backups_are_kept_and_nothing_else_is_removed(
    club: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    (club.folder / "kiosk.toml").write_text("[backup]\nkeep = 2\n")
    (club.folder / "backups").mkdir()
    strange = [club.folder / "backups" / name for name in ("note.txt", "kiosk-3-old.backup")]
    for file in strange:
        file.write_text("not ours to remove")
    names = []
    for second in range(4):
        moment = 1_900_000_000_000 + second * 1000
        monkeypatch.setattr("kiosk.system_clock.SystemClock.now_ms", lambda _self, ms=moment: ms)
        names.append(Path(made(club)["file"]))
    assert [file for file in names if file.exists()] == names[2:]
    assert all(file.exists() for file in strange)


def test_a_clock_put_back_does_not_remove_the_backup_just_made(
    club: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    (club.folder / "kiosk.toml").write_text("[backup]\nkeep = 1\n")
    newest = None
    for moment in (1_900_000_000_000, 1_800_000_000_000):
        monkeypatch.setattr("kiosk.system_clock.SystemClock.now_ms", lambda _self, ms=moment: ms)
        newest = Path(made(club)["file"])
    assert backups_of(club) == [newest]


def test_a_stick_that_is_not_there_is_said_and_its_folder_is_not_made(
    club: Cli, tmp_path: Path
) -> None:
    stick = tmp_path / "media" / "stick"
    (club.folder / "kiosk.toml").write_text(f"[backup]\nfolder = {json.dumps(str(stick))}\n")
    ran = club.on("backup")
    assert (ran.code, "backup_place_missing" in ran.err) == (3, True)
    assert not stick.exists()
    assert read_backup_state(club.folder).problem == "backup_place_missing"
    assert club.sell().code == 0
    stick.mkdir(parents=True)
    made(club)
    assert len(list(stick.iterdir())) == 1
    assert read_backup_state(club.folder).problem == ""


def test_the_last_good_backup_is_remembered_beside_the_buffer(club: Cli) -> None:
    assert read_backup_state(club.folder).good_ms == 0
    told = made(club)
    state = read_backup_state(club.folder)
    assert (state.file, state.seq, state.problem) == (told["file"], told["journal_seq"], "")
    assert state.good_ms > 0


def test_a_backup_never_takes_the_room_that_selling_needs(
    club: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(club.folder)._replace(free=150 * 1024 * 1024)
    monkeypatch.setattr("kiosk.opening.packing.shutil.disk_usage", lambda _folder: usage)
    ran = club.on("backup")
    assert (ran.code, StoreFull.code in ran.err) == (3, True)
    assert backups_of(club) == []


def test_a_wrong_passphrase_opens_no_backup_and_the_recovery_key_does(
    club: Cli, made_folders: Path, tmp_path: Path
) -> None:
    file = Path(made(club)["file"])
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong wrong wrong\n")
    ran = club.run("backup", "check", file, f"--passphrase-file={wrong}")
    assert (ran.code, "passphrase_wrong" in ran.err) == (3, True)
    recovery = f"--passphrase-file={made_folders / 'recovery'}"
    assert club.run("backup", "check", file, recovery).code == 0
    other = tmp_path / "other"
    assert club.run("backup", "restore", file, f"--data={other}", recovery).code == 0
    assert club.run("journal", "verify", f"--data={other}", recovery).code == 0


def test_a_damaged_backup_is_refused_and_leaves_no_folder(club: Cli, tmp_path: Path) -> None:
    file = Path(made(club)["file"])
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    ran = checked(club, file)
    assert (ran.code, "box_damaged" in ran.err) == (1, True)
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    assert other.on("backup", "restore", file).code == 1
    file.write_bytes(raw[: len(raw) // 2])
    assert other.on("backup", "restore", file).code == 1
    assert not other.folder.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiosk", "passphrase"]


def test_a_restore_goes_into_an_empty_folder_only(club: Cli, tmp_path: Path) -> None:
    file = Path(made(club)["file"])
    before = club.exported()
    assert club.on("backup", "restore", file).code == 1
    assert club.exported() == before
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    other.folder.mkdir()
    (other.folder / "letter.txt").write_text("mine")
    assert other.on("backup", "restore", file).code == 1
    (other.folder / "letter.txt").unlink()
    assert other.on("backup", "restore", file).code == 0
    assert other.sell().code == 0


def test_a_restore_goes_where_a_link_points_and_into_the_folder_one_is_in(
    club: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.backup"
    assert club.sell().code == 0
    made(club, f"--out={file}")
    (tmp_path / "here").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "dangling").symlink_to("new")
    monkeypatch.chdir(tmp_path / "here")
    for folder in (Path(), tmp_path / "link", tmp_path / "dangling"):
        there = Cli(folder, club.passphrase_file, club.capsys)
        ran = there.on("backup", "restore", file)
        assert ran.code == 0, ran
    monkeypatch.chdir(tmp_path)
    for name in ("here", "empty", "new"):
        there = Cli(tmp_path / name, club.passphrase_file, club.capsys)
        assert len(there.exported()) == 1
    assert (tmp_path / "link").is_symlink()


def test_nothing_personal_and_no_secret_stands_in_a_backup_in_clear(
    club: Cli, tmp_path: Path
) -> None:
    assert club.sell(name=MARKER, email="marker@example.org").code == 0
    (tmp_path / "stripe.key").write_text("rk_test_marker_key\n")
    club.configure(f'mode = "practice"\nkey_file = "{tmp_path / "stripe.key"}"')
    raw = Path(made(club)["file"]).read_bytes()
    for planted in (MARKER, "marker@example.org", "rk_test_marker_key", SECRET, str(tmp_path)):
        assert planted.encode() not in raw


def test_the_rails_key_and_the_settings_travel_without_paths(club: Cli, tmp_path: Path) -> None:
    (tmp_path / "stripe.key").write_text("rk_test_marker_key\n")
    key_file = f'key_file = "{tmp_path / "stripe.key"}"'
    club.configure(f'mode = "test"\nbase_url = "http://127.0.0.1:9"\n{key_file}')
    other = restored(club, Path(made(club)["file"]))
    settings = (other.folder / "kiosk.toml").read_text()
    assert str(tmp_path) not in settings
    assert "http://127.0.0.1:9" in settings
    key = other.folder / "stripe.key"
    assert key.read_text() == "rk_test_marker_key\n"
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "words", [["check"], ["restore"], ["make", "x.backup"], ["check", "x", "--out=y"], []]
)
def test_what_makes_no_sense_is_a_usage_error(club: Cli, words: list[str]) -> None:
    ran = club.run("backup", *words, f"--passphrase-file={club.passphrase_file}")
    assert ran.code == 2
    assert ran.err.strip()


def test_a_file_that_is_missing_is_a_usage_error(club: Cli, tmp_path: Path) -> None:
    assert checked(club, tmp_path / "none").code == 2
    assert club.run("backup", f"--data={tmp_path / 'none'}").code == 2


def test_a_damaged_buffer_never_takes_the_place_of_a_good_backup(club: Cli) -> None:
    assert club.sell().code == 0
    good = Path(made(club)["file"])
    whole = good.read_bytes()
    buffer = club.folder / "buffer.db"
    raw = bytearray(buffer.read_bytes())
    raw[40_000] ^= 1
    buffer.write_bytes(raw)
    ran = club.on("backup", f"--out={good}")
    assert (ran.code, "store_corrupt" in ran.err) == (3, True)
    assert good.read_bytes() == whole


def test_a_kill_while_backing_up_leaves_no_file_that_passes_for_one(club: Cli) -> None:
    assert club.sell().code == 0
    for life in range(5):
        words = club.command("backup", *club.place(), "--json")
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=club.env()
        ) as child:
            time.sleep(0.25 + life * 0.06)
            child.send_signal(signal.SIGKILL)
        for file in backups_of(club):
            if not file.name.startswith("."):
                assert checked(club, file).code == 0
    made(club)
    assert [file.name for file in backups_of(club) if file.name.startswith(".")] == []
    assert club.exported()


def test_a_kill_while_restoring_leaves_no_folder_or_a_whole_one(club: Cli, tmp_path: Path) -> None:
    assert club.sell().code == 0
    file = Path(made(club)["file"])
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    for life in range(6):
        words = other.command("backup", "restore", file, *other.place())
        with subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=other.env()
        ) as child:
            time.sleep(0.25 + life * 0.06)
            child.send_signal(signal.SIGKILL)
        if other.folder.exists():
            break
    else:
        assert other.on("backup", "restore", file).code == 0
    assert other.exported() == club.exported()
    assert other.on("journal", "verify").code == 0
