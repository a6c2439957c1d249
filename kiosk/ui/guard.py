"""Watches the one window: input feeds the idle watch, and a locked window does not just close."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWindow

_TOUCHED = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TabletPress,
    }
)


class WindowGuard(QObject):
    """An event filter on the window, not on the application: that would run for every event."""

    touched = Signal()
    typed = Signal()

    def __init__(self, window: QWindow, locked: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window = window
        self._locked = locked
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHED:
            self.touched.emit()
            # The keyboard on screen sends events too, but not by way of the window system.
            if kind is QEvent.Type.KeyPress and event.spontaneous():
                self.typed.emit()
        elif kind is QEvent.Type.Close and self._locked():
            event.ignore()
            return True
        elif kind is QEvent.Type.WindowStateChange and self._locked():
            self._stay_in_front()
        return False

    def _stay_in_front(self) -> None:
        if not self._window.windowStates() & Qt.WindowState.WindowFullScreen:
            QTimer.singleShot(0, self._window.showFullScreen)
