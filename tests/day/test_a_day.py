"""One whole pop-up day through the real window, by touch: folder, vault, file, threads and rail.

Nothing stands in for anything: the program is built by its own composition root, on a folder made
the way `init` makes it, and its rail is the practice Stripe inside the program.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.app import ASSETS, App, Start
from kiosk.commands.provision import provision_practice
from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Settlement
from kiosk.domain.verdict import Verdict, Warning
from kiosk.opening import ROOT_FILE, create, looked_at, make_desk, open_kiosk, read_root
from kiosk.passes.trust import TrustedRoots
from kiosk.passes.verify import Verification, VerifyContext, verify
from kiosk.service.prepare import load_event
from kiosk.service.sell import SaleRecord, sale_records
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from tests.ui.probe import Probe
from tests.ui.test_visit_by_touch import read_codes

PASSPHRASE = "a day at the market hall"
PIN = "2580"
SECONDS_MOST = 60
EVENT = ASSETS / "events" / "recipe-club.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new kiosk with the recipe club loaded."""
    place = tmp_path / "kiosk"
    create(place, PASSPHRASE, 1, lambda _recovery: None)
    kiosk = open_kiosk(place, PASSPHRASE)
    source = EVENT.read_text(encoding="utf-8")
    loaded = load_event(make_desk(kiosk, staffed=True), source, EVENT.name)
    provision_practice(kiosk, loaded.snapshot)
    kiosk.close()
    return place


class Day:
    """The program as it runs, and the finger that touches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        options = Options(assets=ASSETS, reduced_motion=True)
        self.app = App(
            Start(folder=self.folder, secret=lambda: PASSPHRASE, options=options, gpu=False)
        )
        self.probe = Probe(self.app.show())

    def stop(self) -> None:
        self.app.stop()
        QCoreApplication.processEvents()

    def until(self, so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS_MOST
        while not so():
            QTest.qWait(2)
            if time.monotonic() > deadline:
                raise AssertionError(f"this never came about; the page is {self.page}")

    @property
    def page(self) -> Page | None:
        return self.app.shell.page

    def on(self, page: Page) -> None:
        self.until(lambda: self.page is page and self.app.runner.idle)
        self.probe.frame()

    def touch(self, *names: str) -> None:
        for name in names:
            self.until(lambda name=name: self.probe.item(name))  # type: ignore[misc]
            self.probe.frame()
            self.probe.touch(name)
            self.until(lambda: self.app.runner.idle)

    def press(self, digits: str) -> None:
        self.touch(*(f"digit_{digit}" for digit in digits))

    def choose(self, *offers: str) -> None:
        self.on(Page.ATTRACT)
        self.touch("start")
        self.on(Page.OFFERS)
        self.touch(*(f"add_{offer}" for offer in offers), "cart_continue")

    def describe(self, name: str, email: str) -> None:
        self.on(Page.DETAILS)
        self.probe.touch("name", "input")
        self.probe.type(name)
        self.probe.touch("email", "input")
        self.probe.type(email)
        self.touch("tick_terms", "details_continue")
        self.on(Page.PAY)

    def staff(self) -> None:
        self.on(Page.ATTRACT)
        self.touch("staff_badge")
        self.on(Page.PIN)
        self.press(PIN)
        self.touch("pin_ok")
        self.on(Page.TODAY)

    def leave_staff(self) -> None:
        self.touch("nav_close")
        self.on(Page.ATTRACT)

    def badge(self) -> str:
        return str(self.app.shell._app.badge)

    def pass_on_screen(self) -> str:
        """What an independent decoder reads off the window, before it is put away."""
        self.on(Page.PASS)
        (seen,) = read_codes(self.app.shell.window.grabWindow())
        self.touch("pass_done")
        return seen


@pytest.fixture
def day(folder: Path, qtbot: QtBot) -> Iterator[Day]:
    made = Day(folder)
    yield made
    made.stop()


def records(folder: Path) -> list[SaleRecord]:
    """Every sale as another process would read it, beside the running program."""
    with looked_at(folder, PASSPHRASE) as desk:
        return list(sale_records(desk))


def at_the_gate(folder: Path, text: str) -> Verification:
    roots = TrustedRoots(keys=(read_root(folder / ROOT_FILE),))
    return verify(text, VerifyContext(roots=roots, now=int(time.time()), event=12, training=True))


def first_start(day: Day) -> None:
    """The first start asks for a PIN, twice."""
    day.on(Page.SET_PIN)
    for _ in range(2):
        day.press(PIN)
        day.touch("pin_ok")
    day.on(Page.ATTRACT)


def sell_for_cash(day: Day) -> str:
    day.choose("weekly", "tasting")
    day.describe("Maria Gomez", "maria@example.org")
    day.touch("tender_cash", "note_exact", "take_cash")
    return day.pass_on_screen()


def sell_by_scan(day: Day) -> str:
    """A code for each thing, each read off the window, then the pass."""
    day.choose("spice-jar", "tasting")
    day.describe("Ben Okoro", "ben@example.org")
    day.touch("tender_scan-to-pay")
    day.on(Page.SCAN_TO_PAY)
    codes = []
    while day.page is Page.SCAN_TO_PAY:
        codes += read_codes(day.app.shell.window.grabWindow())
        day.touch("scan_continue")
    assert len(codes) == len(set(codes)) == 2
    return day.pass_on_screen()


def sell_on_trust_in_german(day: Day) -> str:
    day.on(Page.ATTRACT)
    day.touch("language_de")
    day.choose("four-weeks")
    day.describe("Jürgen Weiß", "juergen@example.org")
    day.touch("tender_pay-later")
    text = day.pass_on_screen()
    day.on(Page.ATTRACT)
    day.touch("language_en")
    return text


def park_and_take_cash(day: Day, folder: Path) -> str:
    """Members serve themselves: cash gets a number, and staff take it with their PIN."""
    day.staff()
    day.touch("mode_self_service")
    day.leave_staff()
    sales = len(records(folder))
    day.choose("apron")
    day.describe("Li Wei", "li@example.org")
    day.touch("tender_cash")
    day.on(Page.PARKED_NUMBER)
    number = str(day.probe.get("parked_number", "text"))
    assert len(records(folder)) == sales
    day.touch("parked_done")
    day.staff()
    day.touch(f"nav_{Page.PARKED_CARTS}", f"pick_{number}", "note_exact", "parked_take_cash")
    return day.pass_on_screen()


def test_a_pop_up_day_from_the_first_pin_to_all_sent(day: Day, folder: Path) -> None:
    first_start(day)
    day.staff()
    day.touch("network_off")
    day.leave_staff()

    cash, scanned, later = sell_for_cash(day), sell_by_scan(day), sell_on_trust_in_german(day)
    for text, doubt in ((cash, False), (scanned, True), (later, True)):
        found = at_the_gate(folder, text)
        assert found.verdict is Verdict.ACCEPTED
        assert (Warning.PROVISIONAL in found.warnings) == doubt
    assert [record.recorded.settlement for record in records(folder)] == [
        Settlement.CONFIRMED, Settlement.PROVISIONAL, Settlement.PROVISIONAL,
    ]  # fmt: skip
    day.until(lambda: "waiting" in day.badge())
    parked = park_and_take_cash(day, folder)
    assert at_the_gate(folder, parked).verdict is Verdict.ACCEPTED

    # The program is closed and opened again: all of it is there.
    day.stop()
    day.start()
    day.on(Page.ATTRACT)
    receipts = [record.recorded.sale.receipt_number for record in records(folder)]
    assert receipts == [f"K1-{n:06d}" for n in range(1, 5)]

    # The network comes back, the members pay, and everything arrives by itself.
    day.staff()
    day.touch("network_on", f"pays_{receipts[1]}", f"pays_{receipts[2]}")
    day.until(lambda: day.badge() == "All sent")
    day.until(lambda: {r.recorded.settlement for r in records(folder)} == {Settlement.CONFIRMED})
    with looked_at(folder, PASSPHRASE) as desk, desk.buffer.reading() as uow:
        counts = uow.outbox.counts(RailMode.PRACTICE)
        assert uow.journal.verify().ok
    assert (counts.waiting, counts.watching, counts.unknown, counts.parked) == (0, 0, 0, 0)
