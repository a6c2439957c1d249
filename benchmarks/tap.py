"""(b) From the tap that pays to the frame with the pass: the real window, file and sync thread.

Taken from the slot the button calls to the first frame swapped on the page with the pass, whose
picture is made before the page turns. A frame is 16.7 ms at 60 Hz.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from benchmarks.figures import Figure, pair, percentile
from benchmarks.world import PASSPHRASE, open_world

if TYPE_CHECKING:
    from kiosk.app import App

FRAME_MS: Final = 1000 / 60
ROUNDS: Final = 200
WARM_UP: Final = 20
SECONDS_MOST: Final = 30


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """p50 and p99 in milliseconds and in frames."""
    with open_world() as (kiosk, _):
        folder = kiosk.folder
        kiosk.close()
        seconds = _taps(folder, rounds)
    p50, p99 = pair("tap to pass", seconds)
    return [
        p50,
        p99,
        Figure(
            name="tap to pass p50 in frames",
            value=1000 * percentile(seconds, 0.50) / FRAME_MS,
            unit="frames",
            target=2,
        ),
        Figure(
            name="tap to pass p99 in frames",
            value=1000 * percentile(seconds, 0.99) / FRAME_MS,
            unit="frames",
            target=4,
        ),
    ]


def _taps(folder: Path, rounds: int) -> list[float]:
    from kiosk.app import ASSETS, App, Start
    from kiosk.ui.application import make_application
    from kiosk.ui.options import Options
    from kiosk.ui.pages import Page

    application = make_application(sys.argv[:1], gpu=False)
    start = Start(
        folder=folder, secret=lambda: PASSPHRASE, options=Options(assets=ASSETS), gpu=False
    )
    app = App(start)
    app.show()
    try:
        _wait(lambda: app.shell.page is Page.SET_PIN)
        app.shell.go_home()
        _wait(lambda: app.shell.page is Page.ATTRACT)
        taken = [_tap(app, number) for number in range(rounds + WARM_UP)]
    finally:
        app.stop()
        application.processEvents()
    return taken[WARM_UP:]


def _tap(app: App, number: int) -> float:
    from PySide6.QtCore import Qt

    from kiosk.ui.pages import Page
    from kiosk.ui.viewmodels.pay import PayVM

    shell, till = app.shell, app.shell.till
    till.visit.clear()
    till.visit.change("spice-jar", 1)
    till.visit.describe(f"Member {number}", f"member{number}@example.org", frozenset({"terms"}))
    shell.go(Page.PAY)
    # The slots that the buttons call; their coordinates are the tests' business.
    pay = cast(PayVM, shell._screens[Page.PAY].model)
    _wait(lambda: app.runner.idle and till.visit.priced is not None)
    pay.take("cash")
    priced = till.visit.priced
    assert priced is not None
    pay.give(priced.total_minor)
    _settle()
    swapped: list[float] = []
    watch = shell.window.frameSwapped.connect(
        lambda: swapped.append(time.perf_counter()) if shell.page is Page.PASS else None,
        Qt.ConnectionType.QueuedConnection,
    )
    started = time.perf_counter()
    pay.take_cash()
    _wait(lambda: bool(swapped))
    shell.window.frameSwapped.disconnect(watch)
    shell.go_home()
    _wait(lambda: app.runner.idle and shell.page is Page.ATTRACT)
    _settle()
    return swapped[0] - started


def _wait(until: Callable[[], bool]) -> None:
    from PySide6.QtCore import QCoreApplication, QEventLoop

    deadline = time.monotonic() + SECONDS_MOST
    while not until():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        if time.monotonic() > deadline:
            raise AssertionError("the window did not get there")


def _settle() -> None:
    """Let a page's slide end, so that each tap starts from rest."""
    rest = time.monotonic() + 0.25
    _wait(lambda: time.monotonic() > rest)
