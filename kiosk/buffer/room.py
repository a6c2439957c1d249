"""Room on the disk: selling stops while there is still some left, and a ballast is kept for then.

A full disk can kill the process that maps the file's shared index, so space is looked at before
the file is opened.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import StoreFull

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRules:
    """How much space is asked for, in bytes: to sell, to open at all, and as ballast."""

    least_to_sell: int = 200 * MEGABYTE
    least_to_open: int = 16 * MEGABYTE
    ballast_most: int = 64 * MEGABYTE
    ballast_least: int = 16 * MEGABYTE

    def ballast_of(self, free: int) -> int:
        """How large a ballast may be where so many bytes are free; 0 where none can be spared."""
        size = min(self.ballast_most, free // 100)
        return size if size >= self.ballast_least else 0


class Room:
    """The space around one folder."""

    def __init__(self, folder: Path, ballast: Path, rules: RoomRules) -> None:
        self._folder = folder
        self._ballast = ballast
        self._rules = rules

    def check_to_open(self) -> None:
        """Raise StoreFull when opening would be dangerous even with the ballast let go.

        The ballast is given up here and only here: it is for the day the disk is full and what
        was sold must still be sent.
        """
        if self._free() >= self._rules.least_to_open:
            return
        self._ballast.unlink(missing_ok=True)
        self._refuse_below(self._rules.least_to_open)

    def check_to_look(self) -> None:
        """Raise StoreFull when reading failed for want of room; whoever sells keeps the ballast."""
        self._refuse_below(self._rules.least_to_open)

    def check_to_sell(self) -> None:
        """Raise StoreFull when less is free than selling needs. Fields: free_mb, needed_mb."""
        self._refuse_below(self._rules.least_to_sell)

    def check_to_copy(self, size: int) -> None:
        """Raise StoreFull when so many bytes more would leave too little to open the file.

        Fields: free_mb, needed_mb.
        """
        self._refuse_below(size + self._rules.least_to_open)

    def keep_ballast(self) -> bool:
        """Have a ballast file if the disk can spare it; whether there is one now.

        Its size is a hundredth of what is free, within the rules; a small disk keeps none.
        """
        if self._ballast.exists():
            return True
        size = self._rules.ballast_of(self._free())
        if not size:
            return False
        try:
            _fill(self._ballast, size)
        except OSError:
            self._ballast.unlink(missing_ok=True)
            return False
        return True

    def _refuse_below(self, needed: int) -> None:
        free = self._free()
        if free < needed:
            raise StoreFull(free_mb=free // MEGABYTE, needed_mb=needed // MEGABYTE)

    def _free(self) -> int:
        if hasattr(os, "statvfs"):
            found = os.statvfs(self._folder)
            return found.f_bavail * found.f_frsize
        return shutil.disk_usage(self._folder).free


def _fill(path: Path, size: int) -> None:
    """A file of really allocated blocks: holes would be no ballast."""
    with path.open("xb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            for _ in range(size // MEGABYTE):
                file.write(os.urandom(MEGABYTE))
        os.fsync(file.fileno())
