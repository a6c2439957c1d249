"""The front door: what it takes for an option, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.commands import journal
from kiosk.commands.output import counted
from kiosk.errors import DisplayMissing
from tests.commands.conftest import Cli


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["sell", "--help"], ["journal", "-h"],
                                   ["pass", "verify", "--help"]])  # fmt: skip
def test_help_is_no_error(empty: Cli, words: list[str]) -> None:
    told = empty.run(*words)
    assert told.code == 0
    assert "usage: kiosk" in told.out


def test_the_version_is_told(empty: Cli) -> None:
    assert empty.run("--version").out == f"kiosk {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [["bogus"], ["journal"], ["journal", "shred"], ["pass"], ["pass", "forge"], ["sell"],
     ["--bogus"], ["--passphrase=x"], ["init", "--passphrase=secret"], ["load", "a", "b"],
     ["self-check", "more"]],
)  # fmt: skip
def test_a_mistake_of_usage_is_two_and_shows_the_usage(empty: Cli, words: list[str]) -> None:
    told = empty.run(*words)
    assert (told.code, told.out) == (2, "")
    assert "usage: kiosk" in told.err


@pytest.mark.parametrize(
    "words",
    [["init", "--data=", "--recovery-out=r"], ["init", "--data=d", "--recovery-out="],
     ["sell", "--data="], ["load", "", "--data=d"], ["load", "e.toml", "--data="],
     ["provision", "--data="], ["journal", "export", "--data="], ["journal", "verify", "--data="],
     ["run", "--data="], ["--data="], ["run", "--passphrase-file="], ["rehearse", "--keep="],
     ["pass", "verify", "TEXT", "--root="]],
)  # fmt: skip
def test_an_empty_path_names_no_folder_and_is_a_mistake_of_usage(
    empty: Cli, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    told = empty.run(*words)
    assert (told.code, told.out) == (2, "")
    assert "must name a file or folder" in told.err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("word", ["drain", "status"])
def test_the_sync_wing_takes_no_empty_path_either(empty: Cli, word: str) -> None:
    told = empty.spawn(word, "--data=", wing="sync")
    assert (told.code, told.out) == (2, "")
    assert "must name a file or folder" in told.err


def test_a_single_thing_is_not_told_in_the_plural() -> None:
    assert [counted(number, "offer") for number in (0, 1, 2)] == ["0 offers", "1 offer", "2 offers"]


def test_without_a_screen_the_window_says_how_to_get_one(
    empty: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for words in ([], ["run"], empty.place(), ["run", *empty.place()]):
        told = empty.run(*words)
        assert (told.code, told.out) == (3, ""), words
        assert "vnc" in told.err
        assert "xvfb" in told.err
        assert DisplayMissing.code in told.err


def test_an_interruption_is_no_trace(empty: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(journal, "run", interrupted)
    told = empty.on("journal", "verify")
    assert (told.code, told.out, told.err) == (3, "", "")
