"""One start of a window in a process of its own; prints when it was on screen and what it took.

Run as a script: `first_frame.py bare` for the floor, or with the folder of a kiosk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQuick import QQuickWindow

STARTED: Final = "BENCH_STARTED_S"
BARE_QML: Final = b"""
import QtQuick
Window { visible: true; width: 1280; height: 800; color: "white" }
"""
POLL_MS: Final = 5


class Watch:
    """Takes the time of the first frame, and again when the kiosk can sell."""

    def __init__(self) -> None:
        self.started = float(os.environ[STARTED])
        self.found: dict[str, float] = {}

    def take(self, seconds_name: str, memory_name: str) -> None:
        """Note the seconds since the start and the resident MiB, once."""
        if seconds_name not in self.found:
            self.found[seconds_name] = time.time() - self.started
            self.found[memory_name] = _resident_mib()


def bare(watch: Watch) -> None:
    """A window with nothing in it, drawn by the same backend."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQml import QQmlApplicationEngine
    from PySide6.QtQuick import QQuickWindow, QSGRendererInterface

    QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    application = QGuiApplication(["bare"])
    engine = QQmlApplicationEngine()
    engine.loadData(BARE_QML)
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    _run_until(application, window, watch, lambda: "seconds" in watch.found)
    del engine


def kiosk(folder: Path, watch: Watch) -> None:
    """The program, by the way its own command opens it."""
    import kiosk.__main__  # the parser of this command belongs to the start
    import kiosk.commands.window
    from kiosk.app import ASSETS, App, Start
    from kiosk.passphrase import read_passphrase
    from kiosk.ui.application import make_application
    from kiosk.ui.options import Options
    from kiosk.ui.pages import Page

    assert kiosk.__main__.COMMANDS["run"] in kiosk.commands.window.__name__
    application = make_application(["kiosk"], gpu=False)
    start = Start(
        folder=folder,
        secret=lambda: read_passphrase(None),
        options=Options(assets=ASSETS),
        gpu=False,
    )
    app = App(start)
    window = app.show()

    def ready() -> bool:
        done = app.shell.page not in {None, Page.BOOT}
        if done:
            watch.take("ready", "ready_mib")
        return done

    _run_until(application, window, watch, ready)
    app.stop()


def _run_until(
    application: QGuiApplication, window: QQuickWindow, watch: Watch, done: Callable[[], bool]
) -> None:
    from PySide6.QtCore import Qt, QTimer

    # Queued: a slot called straight from the render thread may dead-lock with Python.
    window.frameSwapped.connect(
        lambda: watch.take("seconds", "mib"), Qt.ConnectionType.QueuedConnection
    )
    timer = QTimer(interval=POLL_MS)
    timer.timeout.connect(lambda: application.quit() if done() else None)
    timer.start()
    application.exec()


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    _watch = Watch()
    if sys.argv[1] == "bare":
        bare(_watch)
    else:
        kiosk(Path(sys.argv[1]), _watch)
    print(json.dumps(_watch.found), flush=True)
