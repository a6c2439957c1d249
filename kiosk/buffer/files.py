"""The names of one buffer's files in its folder."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import StoreCorrupt, StoreMissing

BUFFER_NAME: Final = "buffer.db"
EMPTY: Final = "empty"  # what is wrong with a file of no bytes, as the field `check`
_HALF_MADE: Final = ".new"
_BEFORE: Final = ".before-"
_BESIDE: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferPaths:
    """Where everything of one buffer lies."""

    folder: Path

    @property
    def buffer(self) -> Path:
        return self.folder / BUFFER_NAME

    @property
    def log(self) -> Path:
        return self.folder / f"{BUFFER_NAME}-wal"

    @property
    def log_index(self) -> Path:
        return self.folder / f"{BUFFER_NAME}-shm"

    @property
    def lock(self) -> Path:
        return self.folder / "buffer.lock"

    @property
    def anchor(self) -> Path:
        return self.folder / "buffer.anchor"

    @property
    def ballast(self) -> Path:
        return self.folder / "buffer.ballast"

    @property
    def new_buffer(self) -> Path:
        return self.folder / f"{BUFFER_NAME}{_HALF_MADE}"

    @property
    def upgraded(self) -> Path:
        """The copy that is brought up to date, until it takes the buffer's place."""
        return self.folder / f"{BUFFER_NAME}.upgraded"

    def kept_before(self, migration: str) -> Path:
        """Where the file lies that an earlier version wrote, as it was before this migration."""
        return self.folder / f"{BUFFER_NAME}{_BEFORE}{migration}"

    def all_kept(self) -> tuple[Path, ...]:
        """The files that earlier versions wrote, oldest first."""
        found = self.folder.glob(f"{BUFFER_NAME}{_BEFORE}*")
        # Whoever looked into one may have left its log and index there.
        return tuple(sorted(path for path in found if not path.name.endswith(_BESIDE)))

    @property
    def new_anchor(self) -> Path:
        return self.folder / f"buffer.anchor{_HALF_MADE}"

    def check_present(self) -> None:
        """Raise StoreMissing when there is no buffer. Fields: folder, half_made (1 or 0).

        Half-made means that the set-up was cut off before anything could be sold. Raises
        StoreCorrupt(check="empty") for an empty file: SQLite would take it for a new one, write its
        own beginning into it, and remove the log beside it, in which there may be sales.
        """
        if not self.buffer.is_file():
            half_made = int(self.new_buffer.exists())
            raise StoreMissing(folder=str(self.folder), half_made=half_made)
        if self.buffer.stat().st_size == 0:
            raise StoreCorrupt(check=EMPTY)


def remove_file(path: Path) -> bool:
    """Remove a file of SQLite's with its log and index; whether none of it is left."""
    for part in ("", *_BESIDE):
        with suppress(OSError):
            path.with_name(f"{path.name}{part}").unlink(missing_ok=True)
    return not path.exists()


def flush_folder(folder: Path) -> None:
    """Make renames in this folder survive a power cut; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    """Have the file's content on the disk before it is renamed into place."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
