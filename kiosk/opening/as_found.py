"""Copies the encrypted files of a kiosk as they lie, for a box of what nobody can read here."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from kiosk.buffer.file_lock import FileLock, is_read_only
from kiosk.buffer.files import BufferPaths
from kiosk.opening.folder import writing_to


def copy_as_found(folder: Path, staging: Path, names: tuple[str, ...]) -> None:
    """Copy files byte by byte, under the folder's lock. Raises StoreInUse, StoreFull.

    A disk that nobody can write, as a failing one becomes, has no lock and needs none.
    """
    if is_read_only(folder):
        copy_files(folder, staging, names)
        return
    lock = FileLock(BufferPaths(folder=folder).lock)
    try:
        copy_files(folder, staging, names)
    finally:
        lock.release()


def copy_files(folder: Path, staging: Path, names: tuple[str, ...]) -> None:
    """The same for whoever holds the folder already."""
    with writing_to(staging):
        for name in names:
            (staging / name).unlink(missing_ok=True)  # what a copy that failed has left
            with suppress(FileNotFoundError):
                shutil.copyfile(folder / name, staging / name)
