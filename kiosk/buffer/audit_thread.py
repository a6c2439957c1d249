"""A full check in a thread of its own, behind everything else: selling never waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from kiosk.buffer.audit import Part, Progress, audit_buffer
from kiosk.buffer.audit_file import keep_audit
from kiosk.buffer.database import Connection, DriverError
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.pages import PageFile
from kiosk.errors import KioskError

# Given up at each report, to whoever sells. A lower priority would do harm: a thread that waits for
# its turn with Python's lock in its hands keeps everybody waiting.
BREATH_SECONDS: Final = 0.002


class AuditThread:
    """Runs one full check at a time and keeps what it found. Stop it before the buffer closes."""

    def __init__(self, paths: BufferPaths, keys: BufferKeys, now_ms: Callable[[], int]) -> None:
        self._paths, self._keys, self._now_ms = paths, keys, now_ms
        # Open for as long as the buffer is: closing it would take SQLite's locks away.
        self._file = PageFile(paths.buffer)
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._progress: Progress | None = None
        self._connection: Connection | None = None

    @property
    def progress(self) -> Progress | None:
        """How far the check is; None when there is none under way."""
        running = self._thread is not None and self._thread.is_alive()
        return self._progress if running else None

    def begin(self) -> bool:
        """Start a check; False, and nothing started, when one is under way."""
        if self._stopping.is_set() or (self._thread is not None and self._thread.is_alive()):
            return False
        self._progress = Progress(part=Part.PAGES, done=0, total=len(self._file))
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()
        return True

    def stop(self, seconds: float) -> bool:
        """End the check; whether it ended in this time. A later `begin` does nothing."""
        self._stopping.set()
        if self._thread is None:
            return True
        if self._connection is not None and self._thread.is_alive():
            # Not by a callback of SQLite's into Python: that meets the other threads' locks.
            with suppress(DriverError):  # closed this moment: then the thread is done anyway
                self._connection.interrupt()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Let go of the file: after the buffer was closed. A check that hangs keeps it."""
        if self.progress is None:
            self._file.close()

    def _run(self) -> None:
        # What could not be looked at is no finding: the next check looks again.
        with suppress(KioskError):
            report = audit_buffer(self._paths, self._keys, self._go_on, self._file, self._opened)
            keep_audit(self._paths, report, self._now_ms())

    def _opened(self, connection: Connection) -> None:
        self._connection = connection

    def _go_on(self, progress: Progress) -> bool:
        self._progress = progress
        return not self._stopping.wait(BREATH_SECONDS)
