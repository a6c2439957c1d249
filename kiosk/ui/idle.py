"""Notices that nobody is there any more: first a warning with a countdown, then the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk.domain.clock import Clock
from kiosk.ui.options import Options

_TICK_MS = 1000


class IdleWatch(QObject):
    """Runs only while a page with something personal on it is shown.

    `holds` says that an answer is under way, during which nobody is thrown out.
    """

    warned = Signal(object)
    ended = Signal()

    def __init__(
        self, clock: Clock, options: Options, holds: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._clock, self._options, self._holds = clock, options, holds
        self._since = clock.monotonic()
        self._warning = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    def watch(self, *, wanted: bool) -> None:
        """Start from nought, or rest."""
        self.touched()
        if wanted:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def touched(self) -> None:
        """Somebody is there."""
        self._since = self._clock.monotonic()
        if self._warning:
            self._warning = False
            self.warned.emit(None)

    @Slot()
    def tick(self) -> None:
        """A second has passed."""
        if self._holds():
            self.touched()
            return
        left = self._options.idle_seconds - (self._clock.monotonic() - self._since)
        if left <= 0:
            self.watch(wanted=False)
            self.ended.emit()
        elif left <= self._options.warning_seconds:
            self._warning = True
            self.warned.emit(int(left) + 1)
