"""The front door: what it takes for an option, and how it ends."""

from __future__ import annotations

import pytest

from kiosk import __version__
from kiosk.commands import journal
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
