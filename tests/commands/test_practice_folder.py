"""The practice folder of a first start: made whole, kept, and openable by who has the files."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.commands import practice_folder
from tests.commands.conftest import Cli


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(practice_folder, "_home", lambda: tmp_path / "home")
    return tmp_path / "home"


def test_the_first_start_makes_a_kiosk_that_sells_by_every_tender(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = practice_folder.practice_folder()
    assert place.folder == home / "practice"
    for file in (place.passphrase_file, place.recovery_file):
        assert file.parent == home  # beside it, not in it
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    cli = Cli(place.folder, place.passphrase_file, capsys)
    for tender in ("cash", "scan-to-pay", "pay-later"):
        assert cli.sell(tender=tender, email=f"{tender}@example.org").code == 0
    assert cli.run("journal", "verify", f"--data={place.folder}",
                   f"--passphrase-file={place.recovery_file}").code == 0  # fmt: skip


def test_the_second_start_finds_what_the_first_one_sold(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = practice_folder.practice_folder()
    cli = Cli(first.folder, first.passphrase_file, capsys)
    assert cli.sell().code == 0
    assert practice_folder.practice_folder() == first
    assert len(cli.exported()) == 1


def test_a_first_start_that_was_cut_off_is_done_again(home: Path) -> None:
    home.mkdir()
    passphrase = home / "practice.passphrase"
    passphrase.write_text("generated before the cut\n")
    passphrase.chmod(0o600)
    place = practice_folder.practice_folder()
    assert place.read_passphrase() == "generated before the cut"
    assert (place.folder / "buffer.db").exists()


def test_an_installed_program_keeps_it_with_the_user_s_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert practice_folder._home() == tmp_path / "kiosk"


def test_an_event_is_loaded_into_the_practice_folder_when_no_other_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", "assets/events/zine-fair.toml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["event"] == 31
    place = practice_folder.practice_folder()
    cli = Cli(place.folder, place.passphrase_file, capsys)
    assert cli.sell(offer="riso-40", tender="scan-to-pay").code == 0
