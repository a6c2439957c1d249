"""The lock file: one program at a time holds a buffer, and a dead one lets go by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.errors import StoreInUse, StoreReadOnly


class FileLock:
    """Holds an operating system's lock on a small file until `release`."""

    def __init__(self, path: Path) -> None:
        """Take the lock at once.

        Raises:
            StoreInUse: another program holds it. Fields: folder.
            StoreReadOnly: the file cannot be made or written. Fields: folder.
        """
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_INHERIT, 0o600)
        except OSError as error:
            raise StoreReadOnly(folder=str(path.parent)) from error
        try:
            _lock(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise StoreInUse(folder=str(path.parent)) from error

    def release(self) -> None:
        """Let go. The file itself stays: removing it would race with the next holder."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def is_read_only(folder: Path) -> bool:
    """Whether its disk is held read-only, for every program: then no lock can be held there."""
    if not hasattr(os, "statvfs"):
        return False
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


_NO_INHERIT = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        # Byte ranges are locked from the current position; the first byte stands for the file.
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        # flock belongs to the open file, so even a second opening in this process is refused.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
