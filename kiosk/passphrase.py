"""Asks for the passphrase: a file, a variable that names a file, or a prompt. Never an argument."""

from __future__ import annotations

import getpass
import os
import stat
import sys
from pathlib import Path
from typing import Final

from kiosk.errors import KeyFileLoose, PassphraseMissing, PassphraseWeak

VARIABLE: Final = "KIOSK_PASSPHRASE_FILE"
MAX_BYTES: Final = 4096
NEW_LEAST: Final = 8  # characters of a passphrase that a person makes up at a prompt


def read_passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The passphrase from `file`, else from the file KIOSK_PASSPHRASE_FILE names, else asked for.

    One trailing newline of a file is dropped. Raises PassphraseMissing (no such file, or nobody to
    ask, or the two entries of a new one differ), KeyFileLoose (anybody may write the file),
    PassphraseWeak (a new one is shorter than NEW_LEAST).
    """
    if file is None and os.environ.get(VARIABLE):
        file = Path(os.environ[VARIABLE])
    if file is not None:
        return _from_file(file)
    if not sys.stdin.isatty():
        raise PassphraseMissing(reason="no_terminal")
    try:
        first = getpass.getpass("Passphrase: ")
        if twice and len(first) < NEW_LEAST:
            raise PassphraseWeak(least=NEW_LEAST)
        if twice and getpass.getpass("Once more: ") != first:
            raise PassphraseMissing(reason="the two entries differ")
    except EOFError:
        raise PassphraseMissing(reason="no_terminal") from None
    return first


def _from_file(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & stat.S_IWOTH:
                raise KeyFileLoose(file=file.name, mode="others may write it")
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
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
