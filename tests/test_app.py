"""The composition root of the window: when it wakes the rail, and what it leaves of itself."""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk import logs
from kiosk.app import ASSETS, PUT_OFF_MAX, App, Start
from kiosk.errors import KeychainEntryMissing
from kiosk.opening.ways_in import add_way
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from kiosk.vault import Method
from kiosk.vault.keychain import Keychain
from tests.opening.kiosks import SECRET, make_folder
from tests.ui.stage import pump
from tests.vault.parts import BackEndInMemory, new_slot


class Wakened:
    """Stands where the sync thread stands, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def wake(self) -> None:
        self.times += 1

    def stop(self, _seconds: float) -> None:
        self.times = -1


class Hanging(Wakened):
    """A sync thread that does not end, or does."""

    def __init__(self, *, alive: bool) -> None:
        super().__init__()
        self.alive = alive


class Closed:
    """Stands where the open kiosk stands, and counts how often it was closed."""

    def __init__(self) -> None:
        self.times = 0

    def close(self) -> None:
        self.times += 1


def make_app(folder: Path) -> App:
    options = Options(assets=ASSETS, reduced_motion=True)
    return App(Start(folder=folder, secret=None, options=options, gpu=False))


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[App]:
    made = make_app(tmp_path)
    made.show()
    pump(lambda: made.shell.page is Page.UNLOCK)
    yield made
    made.stop()
    QCoreApplication.processEvents()


def test_the_rail_is_woken_once_and_only_when_the_page_had_time_to_be_drawn(app: App) -> None:
    app._sync = wakened = Wakened()  # type: ignore[assignment]
    for _ in range(3):
        app.wake_sync()
    assert app._breath.isActive()
    assert wakened.times == 0
    pump(lambda: wakened.times > 0)
    QTest.qWait(2 * app._breath.interval())
    assert wakened.times == 1
    app.wake_sync()
    pump(lambda: wakened.times == 2)


def test_a_program_that_ends_before_the_rail_was_woken_ends_in_peace(app: App) -> None:
    app._sync = wakened = Wakened()  # type: ignore[assignment]
    app.wake_sync()
    app.stop()
    app._sync = None
    QTest.qWait(2 * app._breath.interval())
    assert wakened.times == -1


@pytest.mark.parametrize(("alive", "closed"), [(False, 1), (True, 0)])
def test_the_file_is_closed_unless_a_thread_still_hangs_in_it(
    app: App, *, alive: bool, closed: int
) -> None:
    app._sync = Hanging(alive=alive)  # type: ignore[assignment]
    app._kiosk = kiosk = Closed()  # type: ignore[assignment]
    app.stop()
    app._sync = None
    assert kiosk.times == closed


def test_the_interpreter_is_left_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    before = gc.isenabled(), sys.getswitchinterval()
    made = make_app(tmp_path)
    assert not gc.isenabled()
    assert sys.getswitchinterval() < before[1]
    made.stop()
    assert (gc.isenabled(), sys.getswitchinterval()) == before


class Copying:
    """Stands where the backups stand, and counts."""

    def __init__(self) -> None:
        self.sales = 0
        self.rests: list[bool] = []
        self.stopped = 0

    def sold(self) -> None:
        self.sales += 1

    def rest(self, *, quiet: bool) -> bool:
        self.rests.append(quiet)
        return True

    def stop(self, _seconds: float) -> bool:
        self.stopped += 1
        return True


class Resting:
    """Stands where the counter stands, and counts."""

    def __init__(self) -> None:
        self.rests = 0

    def rest(self) -> bool:
        self.rests += 1
        return True


def test_a_sale_and_an_idle_moment_reach_the_backups(app: App) -> None:
    app._backup = copying = Copying()  # type: ignore[assignment]
    app._counter = Resting()  # type: ignore[assignment]
    app.wake_sync()
    assert copying.sales == 1
    for page, quiet in ((Page.ATTRACT, True), (Page.PAY, False), (Page.TODAY, True)):
        app.shell._router._page = page
        app._when_idle()
        pump(lambda: app.runner.idle)
        assert copying.rests[-1] is quiet
    app.shell._router._page = Page.UNLOCK
    app._counter = None
    app.stop()
    assert copying.stopped == 1


def test_tidying_up_waits_for_a_visitor_but_not_for_a_queue_without_an_end(app: App) -> None:
    app._counter = counter = Resting()  # type: ignore[assignment]
    page = app.shell.page
    for shown, rests in ((Page.ATTRACT, 1), (Page.PAY, 1), (Page.ATTRACT, 2)):
        app.shell._router._page = shown
        app._when_idle()
        pump(lambda: app.runner.idle)
        assert counter.rests == rests
    app.shell._router._page = Page.PAY
    for _ in range(PUT_OFF_MAX):
        app._when_idle()
        pump(lambda: app.runner.idle)
    assert counter.rests == 3
    app.shell._router._page = page
    app._counter = None


def test_no_backup_is_made_before_the_folder_is_open(app: App) -> None:
    app._backup = copying = Copying()  # type: ignore[assignment]
    app._when_idle()
    assert copying.rests == []
    app._backup = None


def is_past_the_start(app: App) -> bool:
    return app.shell.page not in {None, Page.BOOT}


def test_a_keychain_opens_the_window_with_nobody_there(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a power cut: no page asks for a passphrase, and the shop is there."""
    kept = BackEndInMemory()
    monkeypatch.setattr("kiosk.vault.places.system_keychain", lambda: Keychain(kept))
    monkeypatch.setattr(logs, "start", lambda _folder: None)
    monkeypatch.setattr(App, "_start_sync", lambda _app, _kiosk: Hanging(alive=False))
    make_folder(tmp_path / "kiosk")
    add_way(tmp_path / "kiosk", SECRET, new_slot(Method.KEYCHAIN))
    for expected in (Page.SET_PIN, Page.UNLOCK):
        made = make_app(tmp_path / "kiosk")
        made.show()
        pump(functools.partial(is_past_the_start, made))
        assert made.shell.page is expected
        assert (made._counter is not None) is (expected is Page.SET_PIN)
        # Whoever has to type the passphrase after all is told why.
        told = problem_text(KeychainEntryMissing()) if expected is Page.UNLOCK else ""
        assert made.shell._unlock.problem == told
        made.stop()
        QCoreApplication.processEvents()
        kept.kept.clear()
