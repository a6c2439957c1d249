"""Backups that nobody asks for: in a thread of their own, now and then and soon after a sale.

They read beside the till and never wait for its lock. What goes wrong with one stops nothing: it is
written down for the doctor, and tried again later.
"""

from __future__ import annotations

import threading
from typing import Final

import structlog

from kiosk.buffer.files import BufferPaths
from kiosk.config import BackupConfig
from kiosk.domain.clock import Clock
from kiosk.errors import KioskError
from kiosk.opening.backups import make_backup
from kiosk.opening.packing import Packed
from kiosk.opening.place import Place

FIRST_SECONDS: Final = 60.0  # after the start: the machine has other things to do before
BETWEEN_SECONDS: Final = 60.0  # at least, however much is sold

log = structlog.get_logger(__name__)

# When and how large the buffer and its log are: what has not changed needs no second copy.
_State = tuple[tuple[int, int], ...]


class Rhythm:
    """When the next backup is due, by a clock that never goes back."""

    def __init__(self, settings: BackupConfig, now_s: float) -> None:
        self._seconds = settings.minutes * 60.0
        self._after_sales = settings.second_place
        self._due_s = now_s + min(FIRST_SECONDS, self._seconds)
        self._tried_s = now_s
        self._sold = False

    def sold(self) -> None:
        """Something was sold."""
        self._sold = True

    def is_due(self, now_s: float, *, quiet: bool) -> bool:
        """Whether to begin now. While somebody is at the screen it waits, but not for ever."""
        if not self._seconds:
            return False
        if not quiet:
            return now_s >= self._due_s + self._seconds
        soon = self._sold and self._after_sales and now_s >= self._tried_s + BETWEEN_SECONDS
        return soon or now_s >= self._due_s

    def began(self, now_s: float) -> None:
        """One is being made; what is sold from now on is for the next."""
        self._tried_s, self._due_s, self._sold = now_s, now_s + self._seconds, False


class AutoBackup:
    """Makes backups of one kiosk while its window is open. Call it from one thread."""

    def __init__(self, place: Place, clock: Clock) -> None:
        self._place = place
        self._clock = clock
        self._rhythm = Rhythm(place.config.backup, clock.monotonic())
        self._thread: threading.Thread | None = None
        self._last: tuple[_State, Packed] | None = None

    def sold(self) -> None:
        """A sale was recorded."""
        self._rhythm.sold()

    def rest(self, *, quiet: bool) -> bool:
        """An idle moment: begin a backup if one is due; whether it was begun. Returns at once.

        `quiet`: nobody is at the screen.
        """
        if self.busy or not self._rhythm.is_due(self._clock.monotonic(), quiet=quiet):
            return False
        self._rhythm.began(self._clock.monotonic())
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)
        self._thread.start()
        return True

    @property
    def busy(self) -> bool:
        """Whether a backup is being made."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Let what is under way end; whether it did. What did not is cleaned up by the next one."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.busy

    def _run(self) -> None:
        # The edge of this thread: whatever ends a backup never ends the till.
        try:
            state = self._state()
            if self._last is not None and self._last[0] == state and self._last[1].file.exists():
                return
            self._last = (state, make_backup(self._place, self._clock.now_ms()))
            log.info("backed_up", kind="backup")
        except KioskError as error:
            log.info("backup_failed", code=error.code)
        except Exception as error:  # noqa: BLE001  (a thread edge)
            # Without its trace, which could hold a person.
            log.error("backup_broke", exception_type=type(error).__name__)  # noqa: TRY400

    def _state(self) -> _State:
        paths = BufferPaths(folder=self._place.folder)
        found = [file.stat() for file in (paths.buffer, paths.log) if file.exists()]
        # An empty log comes and goes with whoever reads.
        return tuple((each.st_mtime_ns, each.st_size) for each in found if each.st_size)
