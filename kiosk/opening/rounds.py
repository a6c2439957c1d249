"""The doctor of an open window: checks on demand, and now and then a full one in the background."""

from __future__ import annotations

from pathlib import Path

from kiosk.buffer.audit_thread import AuditThread
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.checkup import Check, FullCheck
from kiosk.domain.clock import Clock
from kiosk.opening.checkup import folder_checks, full_check_due


class Rounds:
    """Looks after one open kiosk. `after_crash`: its last run did not close the file."""

    def __init__(
        self, folder: Path, keys: BufferKeys, clock: Clock, *, after_crash: bool = False
    ) -> None:
        self._folder, self._clock = folder, clock
        self._audit = AuditThread(BufferPaths(folder=folder), keys, clock.now_ms)
        self._wanted = after_crash

    def checks(self) -> tuple[Check, ...]:
        """What the folder tells."""
        return folder_checks(self._folder, self._clock.now_ms())

    def full_check(self) -> FullCheck | None:
        """The full check that is under way."""
        progress = self._audit.progress
        if progress is None:
            return None
        return FullCheck(part=progress.part, done=progress.done, total=progress.total)

    def begin_full_check(self) -> None:
        """Check everything, unless that is under way."""
        self._audit.begin()

    def rest(self) -> None:
        """For idle moments: begin a full check if one is due, at most one after each start."""
        if self._wanted or full_check_due(self._folder, self._clock.now_ms()):
            self._wanted = False
            self._audit.begin()

    def stop(self, seconds: float) -> bool:
        """End what is under way; whether it ended in this time."""
        return self._audit.stop(seconds)

    def close(self) -> None:
        """After the buffer was closed."""
        self._audit.close()
