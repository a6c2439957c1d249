"""Asks for a secret: a file, a variable that names a file, or a prompt. Never an argument."""

from __future__ import annotations

import getpass
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import PassphraseMissing, PassphraseWeak, SecretFileLoose

VARIABLE: Final = "KIOSK_PASSPHRASE_FILE"
MAX_BYTES: Final = 4096
NEW_LEAST: Final = 8  # characters of a passphrase that a person makes up at a prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One secret: the words of its prompt, the variable that may name its file, its least length.

    The length is asked of what a person makes up at a prompt; a file may hold what it likes.
    """

    prompt: str
    variable: str
    least: int = 1


PASSPHRASE: Final = Asked(prompt="Passphrase", variable=VARIABLE, least=NEW_LEAST)
NEW_PASSPHRASE: Final = Asked(
    prompt="New passphrase", variable="KIOSK_NEW_PASSPHRASE_FILE", least=NEW_LEAST
)
PIN: Final = Asked(prompt="PIN", variable="KIOSK_PIN_FILE")
NEW_PIN: Final = Asked(prompt="New PIN", variable="KIOSK_NEW_PIN_FILE")
RECOVERY: Final = Asked(prompt="Recovery key", variable="KIOSK_RECOVERY_FILE")


def read_passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The passphrase from `file`, else from the file KIOSK_PASSPHRASE_FILE names, else asked for.

    Raises as `read_secret` does.
    """
    return read_secret(PASSPHRASE, file, twice=twice)


def read_secret(asked: Asked, file: Path | None, *, twice: bool = False) -> str:
    """A secret from `file`, else from the file its variable names, else asked for at a prompt.

    One trailing newline of a file is dropped. Raises PassphraseMissing (no such file, or nobody to
    ask, or nothing in it, or the two entries of a new one differ), SecretFileLoose (anybody may
    write the file), PassphraseWeak (a new one is shorter than its least length).
    """
    named = named_file(asked, file)
    if named is not None:
        return _from_file(named)
    if not sys.stdin.isatty():
        raise PassphraseMissing(reason="no_terminal")
    try:
        first = getpass.getpass(f"{asked.prompt}: ")
        if twice and len(first) < asked.least:
            raise PassphraseWeak(least=asked.least)
        if twice and getpass.getpass("Once more: ") != first:
            raise PassphraseMissing(reason="the two entries differ")
    except EOFError:
        raise PassphraseMissing(reason="no_terminal") from None
    if not first:
        raise PassphraseMissing(reason="empty")
    return first


def named_file(asked: Asked, file: Path | None) -> Path | None:
    """The file that holds the secret, by option or variable; None when it has to be asked for."""
    if file is None and os.environ.get(asked.variable):
        return Path(os.environ[asked.variable])
    return file


def _from_file(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & stat.S_IWOTH:
                raise SecretFileLoose(file=str(file))
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise PassphraseMissing(reason=error.strerror or "unreadable", file=str(file)) from None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise PassphraseMissing(reason="not UTF-8", file=str(file)) from None
    if len(raw) > MAX_BYTES:
        raise PassphraseMissing(reason="too long", file=str(file))
    # The newline an editor adds is no part of the passphrase; a second one is.
    ending = "\r\n" if text.endswith("\r\n") else "\n"
    if not (secret := text.removesuffix(ending)):
        # Before anybody tries it: an empty file is a slip, and no guess to be counted.
        raise PassphraseMissing(reason="empty", file=str(file))
    return secret
