"""An older copy that was put back, or another one that sold: confirmed at the window, by staff."""

from __future__ import annotations

import dataclasses
import functools
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from kiosk import logs
from kiosk.app import ASSETS, App, Start
from kiosk.buffer.anchor import seal_mark
from kiosk.buffer.incarnations import Place
from kiosk.errors import StoreBusy, StoreCorrupt, StoreFull
from kiosk.opening import make_desk
from kiosk.opening.ways_in import add_way
from kiosk.service.sell import newest_sale
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from kiosk.vault import Method
from kiosk.vault.keychain import Keychain
from kiosk.vault.tries import FREE_TRIES, tries_so_far
from tests.opening.kiosks import SALES, SECRET, make_folder, opened, sell
from tests.ui.stage import NOON_MS, pump
from tests.vault.parts import PIN, BackEndInMemory, new_slot


class Silent:
    """Stands where the sync thread stands: no rail is wanted here."""

    def __init__(self, *, alive: bool = False) -> None:
        self.alive = alive
        self.stopped = 0

    def wake(self) -> None:
        """Nobody listens."""

    def stop(self, _seconds: float) -> None:
        self.stopped += 1


class Hanging:
    """A backup or a full check on a disk that does not answer."""

    def stop(self, _seconds: float) -> bool:
        return False


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keychain, no state and no log of the user's."""
    kept = BackEndInMemory()
    monkeypatch.setattr("kiosk.vault.places.system_keychain", lambda: Keychain(kept))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(logs, "start", lambda _folder: None)
    monkeypatch.setattr(App, "_start_sync", lambda _app, _kiosk: Silent())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_folder(tmp_path / "kiosk")
    return tmp_path / "kiosk"


@pytest.fixture
def old(folder: Path) -> Path:
    """The file as it was before the last sale; the anchor knows of that one."""
    kept = shutil.copy2(folder / "buffer.db", folder.parent / "kept.db")
    with opened(folder, SECRET) as kiosk:
        sell(make_desk(kiosk, staffed=True))
    for leftover in ("buffer.db-wal", "buffer.db-shm"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.copy2(kept, folder / "buffer.db")
    return folder


@pytest.fixture
def started(qtbot: QtBot) -> Iterator[Callable[[Path], App]]:
    """The window on this folder, past the page that asks for the passphrase."""
    made: list[App] = []

    def start(folder: Path) -> App:
        options = Options(assets=ASSETS, reduced_motion=True)
        app = App(Start(folder=folder, secret=None, options=options, gpu=False))
        made.append(app)
        app.show()
        pump(lambda: app.shell.page is Page.UNLOCK)
        app.shell._unlock.unlock(SECRET)
        pump(lambda: app.shell.page is not Page.UNLOCK)
        return app

    yield start
    for app in made:
        app.stop()
        QCoreApplication.processEvents()


def fault_of(app: App) -> Any:
    assert app.shell.page is Page.FAULT
    return app.shell._fault


def answered(app: App) -> None:
    pump(functools.partial(lambda one: one.runner.idle, app))
    QCoreApplication.processEvents()
    pump(lambda: app.runner.idle)


def confirm(app: App, secret: str = SECRET) -> Any:
    fault = fault_of(app)
    fault.ask_to_restore()
    answered(app)
    fault.restore(secret)
    answered(app)
    return fault


def another_copy_sold(app: App) -> None:
    """The rail remembers a life that somebody acknowledged elsewhere."""

    def write() -> None:
        assert app._kiosk is not None
        buffer = app._kiosk.buffer_file.till()
        with buffer.writing() as uow:
            mark = dataclasses.replace(uow.incarnations.mark(), incarnation=2, seq=999)
            sealed = seal_mark(mark, uow.sales._session.keys.anchor)
            assert uow.incarnations.sight(Place.RAIL, sealed, NOON_MS)

    done: list[object] = []
    app.runner.submit(write, done.append, done.append)
    pump(lambda: bool(done))
    assert done == [None]
    app.shell.go_home()
    pump(lambda: app.shell.page is Page.FAULT)


def next_receipt(app: App) -> str:
    """Sell one jar with the kiosk as it is open now."""
    assert app._counter is not None
    desk = app._counter._desk
    sold: list[str] = []

    def work() -> str:
        sell(dataclasses.replace(desk, staffed=True))
        newest = newest_sale(desk)
        assert newest is not None
        return newest.sale.receipt_number

    app.runner.submit(work, sold.append, lambda error: sold.append(repr(error)))
    pump(lambda: bool(sold))
    return sold[0]


def test_an_older_copy_is_confirmed_and_sells_on(started: Any, old: Path) -> None:
    app = started(old)
    fault = fault_of(app)
    assert fault.code == "rolled_back"
    assert fault.can_restore
    fault.ask_to_restore()
    assert fault.asking
    assert "every other copy" in fault.meaning[0]
    fault.restore(SECRET)
    answered(app)
    assert app.shell.page is Page.FAULT, "what is different is read first"
    said = " ".join(fault.confirmed)
    receipt = re.search(r"K3\.\d+-000001", said)
    assert receipt is not None
    for word in ("confirmed", "1 link", "count the goods"):
        assert word in said
    fault.sell_on()
    pump(lambda: app.shell.page is Page.SET_PIN)
    assert next_receipt(app) == receipt[0]


def test_the_pin_of_the_key_file_does_it_as_well(started: Any, old: Path) -> None:
    # Before the copy was put back, a PIN was set; the key file is not what is old.
    shutil.copy2(old / "buffer.db", old.parent / "older.db")
    app = started(old)
    confirm(app)
    app.stop()
    add_way(old, SECRET, new_slot(Method.PIN, PIN))
    shutil.copy2(old.parent / "older.db", old / "buffer.db")
    again = started(old)
    fault = confirm(again, PIN)
    assert fault.confirmed
    assert "PIN" in fault.secret_label


def test_a_wrong_secret_confirms_nothing_and_is_counted(started: Any, old: Path) -> None:
    app = started(old)
    before = (old / "buffer.db").read_bytes()
    fault = confirm(app, "not this one")
    assert (fault.asking, fault.confirmed) == (True, [])
    assert fault.problem
    assert tries_so_far(old).wrong == 1
    for _ in range(FREE_TRIES):
        fault.restore("nor this one")
        answered(app)
    assert fault.problem.startswith("Too many wrong tries")
    assert (old / "buffer.db").read_bytes() == before
    assert app._counter is None


def test_nothing_is_done_before_it_was_asked_and_nothing_without_a_secret(
    started: Any, old: Path
) -> None:
    app = started(old)
    fault = fault_of(app)
    fault.restore(SECRET)
    fault.ask_to_restore()
    fault.restore("")
    answered(app)
    assert fault.confirmed == []
    fault.keep_closed()
    assert not fault.asking
    fault.sell_on()
    assert app.shell.page is Page.FAULT


def test_another_copy_that_sold_is_got_over_while_this_one_is_open(
    started: Any, folder: Path
) -> None:
    app = started(folder)
    pump(lambda: app.shell.page is Page.SET_PIN)
    first, sync = app._kiosk, app._sync
    another_copy_sold(app)
    fault = confirm(app)
    assert fault.confirmed
    assert sync.stopped == 1
    assert app._kiosk is not first
    fault.sell_on()
    pump(lambda: app.shell.page is Page.SET_PIN)
    assert re.fullmatch(r"K3\.\d+-000001", next_receipt(app))


def test_a_wrong_secret_leaves_an_open_kiosk_as_it_is(started: Any, folder: Path) -> None:
    app = started(folder)
    first, sync = app._kiosk, app._sync
    another_copy_sold(app)
    fault = confirm(app, "not this one")
    assert fault.problem
    assert (app._kiosk, app._sync, sync.stopped) == (first, sync, 0)


def test_a_network_that_hangs_is_not_cut_off_from_its_file(started: Any, folder: Path) -> None:
    app = started(folder)
    first = app._kiosk
    another_copy_sold(app)
    app._sync = Silent(alive=True)
    fault = confirm(app)
    assert (fault.code, fault.asking) == (StoreBusy.code, False)
    assert app._kiosk is first
    app._sync = Silent()
    fault.retry()
    pump(lambda: app.shell.page is Page.SET_PIN)
    assert app._kiosk is first, "it is open, so that nobody is asked for a secret"


@pytest.mark.parametrize("hanging", ["_backup", "_rounds"])
def test_nothing_is_closed_under_whoever_still_reads(
    started: Any, folder: Path, hanging: str
) -> None:
    app = started(folder)
    first, sync, real = app._kiosk, app._sync, getattr(app, hanging)
    another_copy_sold(app)
    setattr(app, hanging, Hanging())
    assert confirm(app).code == StoreBusy.code
    assert (app._kiosk, app._sync) == (first, sync)
    assert sync.stopped == 0, "what was sold here is still sent"
    setattr(app, hanging, real)
    app.shell.go_home()
    pump(lambda: app.shell._fault.can_restore)
    assert confirm(app).confirmed


def test_a_network_that_begins_while_the_program_ends_is_stopped_as_well(
    started: Any, folder: Path
) -> None:
    """The last thing that was accepted may have been to open the folder."""
    app = started(folder)
    pump(lambda: app.shell.page is Page.SET_PIN)
    ended, late = threading.Event(), Silent()
    app._sync.stop = lambda _seconds: ended.set()

    def begin() -> None:
        assert ended.wait(10)
        app._sync = late

    app.runner.submit(begin, lambda _none: None, lambda _error: None)
    app.stop()
    assert app._sync is late
    assert late.stopped == 1


def test_what_fails_on_the_way_is_said_and_the_start_begins_anew(
    started: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = started(folder)
    another_copy_sold(app)

    def full(*_arguments: object, **_how: object) -> None:
        raise StoreFull(free_mb=1, needed_mb=9)

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.opening.restored.acknowledge_restore", full)
        fault = confirm(app)
        assert fault.sentence == problem_text(StoreFull(free_mb=1, needed_mb=9))
        assert not fault.can_restore
    assert app._kiosk is None
    fault.retry()
    pump(lambda: app.shell.page is Page.UNLOCK)
    app.shell._unlock.unlock(SECRET)
    pump(lambda: app.shell.page is Page.SET_PIN)
    app.shell.go_home()
    pump(lambda: app.shell.page is Page.FAULT)
    assert confirm(app).confirmed
    with_sales = app._counter
    assert with_sales is not None


def test_what_did_not_open_whole_is_opened_again(
    started: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_how: object) -> None:
        raise StoreCorrupt(check="device_secrets")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.opening.make_desk", broken)
        app = started(folder)
        assert fault_of(app).code == StoreCorrupt.code
    app.shell._fault.retry()
    pump(lambda: app.shell.page is Page.UNLOCK)
    app.shell._unlock.unlock(SECRET)
    pump(lambda: app.shell.page is not Page.UNLOCK)
    assert app.shell.page is Page.SET_PIN, "and not: another program holds it"


def test_every_sale_of_the_copy_is_still_there(started: Any, old: Path) -> None:
    app = started(old)
    confirm(app)
    app.stop()
    with opened(old, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert desk.buffer.verify_journal().ok
        with desk.buffer.reading() as uow:
            assert len(uow.sales.newest(500)) == SALES


def test_the_unlock_page_says_what_opens_this_very_kiosk(
    qtbot: QtBot, started: Any, folder: Path
) -> None:
    app = started(folder)
    assert app.shell._unlock.secret_label == "Passphrase or recovery key"
    app.stop()
    add_way(folder, SECRET, new_slot(Method.PIN, PIN))
    again = started(folder)
    assert again.shell._unlock.secret_label == "Passphrase, PIN or recovery key"
    assert "24 words" in again.shell._unlock.secret_help
