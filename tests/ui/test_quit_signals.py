"""The operating system's wish to end the window reaches Qt, even while nothing happens in it."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.ui.quit_signals import QuitSignals
from tests.ui.stage import pump


class Application:
    """Stands where the application stands, and counts."""

    def __init__(self) -> None:
        self.quits = 0

    def quit(self) -> None:
        self.quits += 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_application_and_what_was_there_before_comes_back(
    qapp: QGuiApplication, number: signal.Signals
) -> None:
    before, application = signal.getsignal(number), Application()
    watching: Any = QuitSignals(application)  # type: ignore[arg-type]
    try:
        os.kill(os.getpid(), number)
        pump(lambda: application.quits == 1)
    finally:
        watching.close()
    assert signal.getsignal(number) is before
