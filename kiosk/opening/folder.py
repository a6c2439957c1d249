"""What lies in a kiosk's folder beside the buffer: the root's public key and the settings."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk import config
from kiosk.buffer.files import BUFFER_NAME, flush_file
from kiosk.errors import (
    BackupPlaceMissing,
    BoxOfAnother,
    RootInvalid,
    StoreExists,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)

ROOT_FILE: Final = "root.pub"
FOLDER_MODE: Final = 0o700


def refuse_existing(folder: Path) -> None:
    """Raise StoreExists when the folder holds a buffer: it is never overwritten."""
    if (folder / BUFFER_NAME).exists():
        raise StoreExists(folder=str(folder))


def require_existing(folder: Path) -> None:
    """Raise StoreMissing when there is nothing to open here."""
    if not (folder / BUFFER_NAME).exists():
        raise StoreMissing(folder=str(folder))


def require_place(target: Path) -> None:
    """Raise unless a file may be made or made longer there.

    BackupPlaceMissing: its folder is not there, such as a stick that was pulled. BoxOfAnother: the
    name is that of a folder.
    """
    if not target.parent.is_dir():
        raise BackupPlaceMissing(folder=str(target.parent))
    if target.is_dir():
        raise BoxOfAnother(file=str(target))


def read_root(file: Path) -> bytes:
    """A root public key: 64 hexadecimal characters. Raises RootInvalid."""
    try:
        raw = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise RootInvalid(file=str(file)) from None
    if len(raw) != 32:
        raise RootInvalid(file=str(file))
    return raw


def write_beside(folder: Path, root: bytes) -> None:
    """Put the root's public key there, and commented settings unless there are some."""
    file = folder / ROOT_FILE
    file.write_text(root.hex() + "\n", encoding="ascii")
    flush_file(file)
    settings = folder / config.FILE_NAME
    if not settings.exists():
        settings.write_text(config.TEMPLATE, encoding="utf-8")


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """What the disk refuses, as an error with a sentence. Raises StoreFull, StoreReadOnly."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(free_mb=0) from None
        raise StoreReadOnly(folder=str(folder)) from None
