"""Ends the window when the operating system asks for it."""

from __future__ import annotations

import signal
import socket
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtGui import QGuiApplication

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


class QuitSignals(QObject):
    """Ends the program in order on SIGINT and SIGTERM.

    Python's handlers run only when Python runs, and an idle window never does: the operating
    system writes the signal's number to a socket, and the event loop wakes on it.
    """

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__()
        self._application = application
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.settimeout(0)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._came)
        self._kept = {number: signal.signal(number, _nothing) for number in _ENDING}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Put the handlers back that were there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._kept.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    @Slot()
    def _came(self) -> None:
        self._reader.recv(64)
        self._application.quit()


def _nothing(_number: int, _frame: object) -> None:
    """The byte in the socket says it all."""
