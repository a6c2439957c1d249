"""The passphrase: from a file, from a variable that names one, or typed; never from an argument."""

from __future__ import annotations

import getpass
import io
import os
import sys
from pathlib import Path

import pytest

from kiosk.errors import PassphraseMissing, PassphraseWeak, SecretFileLoose
from kiosk.passphrase import (
    MAX_BYTES,
    NEW_PASSPHRASE,
    NEW_PIN,
    PASSPHRASE,
    PIN,
    RECOVERY,
    VARIABLE,
    Asked,
    named_file,
    read_passphrase,
    read_secret,
)


def file_of(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "passphrase"
    file.write_bytes(content)
    file.chmod(mode)
    return file


class Terminal(io.StringIO):
    """A standard input that somebody sits at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody types, in order; nothing more means end of input."""
    answers: list[str] = []

    def ask(prompt: str) -> str:
        assert prompt.endswith(": ")
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", ask)
    return answers


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"correct horse", "correct horse"),
        (b"correct horse\n", "correct horse"),
        (b"correct horse\r\n", "correct horse"),
        (b"correct horse\n\n", "correct horse\n"),
        (b"\ncorrect", "\ncorrect"),
        (b"  spaces stay  \n", "  spaces stay  "),
        (b"\tand\ttabs", "\tand\ttabs"),
        ("Straße 🎨\n".encode(), "Straße 🎨"),
        (b"two\nlines\n", "two\nlines"),
    ],
)
def test_one_trailing_newline_is_dropped_and_nothing_else(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert read_passphrase(file_of(tmp_path, content)) == expected


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(file_of(tmp_path, b"by variable\n")))
    assert read_passphrase(None) == "by variable"


def test_a_named_file_goes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "missing"))
    assert read_passphrase(file_of(tmp_path, b"by option")) == "by option"


def test_an_empty_variable_is_no_variable(
    monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    typed.append("typed")
    assert read_passphrase(None) == "typed"


def test_a_missing_file_is_said_not_asked_for(tmp_path: Path, typed: list[str]) -> None:
    typed.append("typed")
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(tmp_path / "missing")
    assert refused.value.fields["file"] == str(tmp_path / "missing")
    assert typed == ["typed"]


def test_a_folder_is_no_passphrase_file(tmp_path: Path) -> None:
    with pytest.raises(PassphraseMissing):
        read_passphrase(tmp_path)


def test_a_passphrase_of_the_most_bytes_is_read_and_one_more_is_not(tmp_path: Path) -> None:
    assert len(read_passphrase(file_of(tmp_path, b"x" * MAX_BYTES))) == MAX_BYTES
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(file_of(tmp_path, b"x" * (MAX_BYTES + 1)))
    assert refused.value.fields["reason"] == "too long"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"caf\xe9\n", b"\xed\xa0\x80"])
def test_what_is_not_utf8_is_refused_and_not_repeated(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(file_of(tmp_path, content))
    assert refused.value.fields["reason"] == "not UTF-8"
    assert "caf" not in str(refused.value)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize(
    ("mode", "loose"),
    [(0o600, False), (0o400, False), (0o644, False), (0o602, True), (0o666, True), (0o777, True)],
)
def test_a_file_that_anybody_may_write_is_not_trusted(
    tmp_path: Path, mode: int, loose: bool
) -> None:
    file = file_of(tmp_path, b"secret words", mode)
    if not loose:
        assert read_passphrase(file) == "secret words"
        return
    with pytest.raises(SecretFileLoose) as refused:
        read_passphrase(file)
    assert refused.value.fields == {"file": str(file)}
    assert "secret words" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
def test_an_empty_file_is_no_secret_to_be_tried(tmp_path: Path, content: bytes) -> None:
    file = file_of(tmp_path, content)
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(file)
    assert refused.value.fields == {"reason": "empty", "file": str(file)}


def test_nothing_typed_is_no_secret_to_be_tried(typed: list[str]) -> None:
    typed[:] = [""]
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(None)
    assert refused.value.fields == {"reason": "empty"}


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("typed into a pipe\n"))
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(None)
    assert refused.value.fields == {"reason": "no_terminal"}


def test_a_new_passphrase_is_typed_twice(typed: list[str]) -> None:
    typed += ["first words", "first words"]
    assert read_passphrase(None, twice=True) == "first words"
    typed += ["first words", "other words"]
    with pytest.raises(PassphraseMissing) as refused:
        read_passphrase(None, twice=True)
    assert refused.value.fields == {"reason": "the two entries differ"}


def test_a_new_passphrase_typed_at_the_prompt_is_long_enough(typed: list[str]) -> None:
    typed += ["seven77"]
    with pytest.raises(PassphraseWeak) as refused:
        read_passphrase(None, twice=True)
    assert refused.value.fields == {"least": 8}
    # One that exists already is what it is.
    typed += ["seven77"]
    assert read_passphrase(None) == "seven77"


def test_a_carriage_return_alone_is_part_of_the_passphrase(tmp_path: Path) -> None:
    assert read_passphrase(file_of(tmp_path, b"secret\r", 0o600)) == "secret\r"


def test_an_existing_passphrase_is_typed_once(typed: list[str]) -> None:
    typed += ["once", "left over"]
    assert read_passphrase(None) == "once"
    assert typed == ["left over"]


@pytest.mark.parametrize("before", [[], ["only once"]])
def test_ending_the_input_is_no_crash(typed: list[str], before: list[str]) -> None:
    typed += before
    with pytest.raises(PassphraseMissing):
        read_passphrase(None, twice=True)


EVERY = (PASSPHRASE, NEW_PASSPHRASE, PIN, NEW_PIN, RECOVERY)


def test_each_secret_has_its_own_prompt_and_its_own_variable() -> None:
    assert len({asked.prompt for asked in EVERY}) == len(EVERY)
    assert len({asked.variable for asked in EVERY}) == len(EVERY)
    for asked in EVERY:
        assert asked.variable.startswith("KIOSK_")
        assert asked.variable.endswith("_FILE")


@pytest.mark.parametrize("asked", EVERY)
def test_a_variable_names_the_file_of_its_secret_and_of_no_other(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path, b"123456\n")
    monkeypatch.setenv(asked.variable, str(file))
    assert read_secret(asked, None) == "123456"
    assert named_file(asked, None) == file
    for other in EVERY:
        if other is not asked:
            assert named_file(other, None) is None
    nearer = tmp_path / "nearer"
    assert named_file(asked, nearer) == nearer


def test_what_is_asked_for_is_said_at_the_prompt(
    typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def ask(prompt: str) -> str:
        seen.append(prompt)
        return "314159"

    monkeypatch.setattr(getpass, "getpass", ask)
    assert read_secret(NEW_PIN, None, twice=True) == "314159"
    assert seen == ["New PIN: ", "Once more: "]


def test_only_a_passphrase_that_is_made_up_has_a_least_length(typed: list[str]) -> None:
    typed += ["short"]
    with pytest.raises(PassphraseWeak) as caught:
        read_secret(NEW_PASSPHRASE, None, twice=True)
    assert caught.value.fields == {"least": 8}
    typed += ["12", "12"]
    assert read_secret(NEW_PIN, None, twice=True) == "12"
