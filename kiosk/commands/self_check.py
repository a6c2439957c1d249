"""`self-check`: whether this program, as installed here, can do what it is for.

Everything happens in a folder that goes again; no network, no folder of anybody's is touched.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, MACHINE
from kiosk.commands.output import counted
from kiosk.errors import KioskError

if TYPE_CHECKING:
    from kiosk.domain.sale import Draft
    from kiosk.domain.tender import TenderKind
    from kiosk.opening import OpenKiosk
    from kiosk.service.desk import Desk
    from kiosk.service.sell import RecordedSale
    from sync.engine import DrainReport

HELP = "prove that this program works on this machine"
PIN: Final = "2580"
SQLITE_MARK: Final = b"SQLite format 3"
PRACTICE_ROUNDS_MAX: Final = 3


class CheckFailed(Exception):
    """Something did not come out as it must; the text says what."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This command has no options."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Say of each check whether it held; 3 as soon as one did not."""
    del options
    # Before Qt is imported: an installer's machine may have no screen.
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(
        prefix="kiosk-self-check-", ignore_cleanup_errors=True
    ) as made:
        trial = Trial(Path(made) / "kiosk")
        try:
            # In this order, each on the work of those before it.
            held = all(_held(name, check) for name, check in trial.checks())
        finally:
            trial.close()
    return DONE if held else MACHINE


def _held(name: str, check: Callable[[], str]) -> bool:
    try:
        told = check()
    except (KioskError, CheckFailed, AssertionError) as error:
        print(f"failed  {name}: {error}", flush=True)
        return False
    except Exception as error:  # noqa: BLE001 - whatever an installation lacks is the answer
        print(f"failed  {name}: {type(error).__name__}: {error}", flush=True)
        return False
    print(f"ok      {name}: {told}", flush=True)
    return True


class Trial:
    """A throw-away kiosk, and what can be asked of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._secret = secrets.token_urlsafe(16)
        self._kiosk: OpenKiosk | None = None
        self._desk: Desk
        self._sold: list[RecordedSale] = []

    def checks(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        """Every check with its name; each says what it found, or raises."""
        return (
            ("encrypted buffer", self._make),
            ("event and payment links", self._load),
            ("a sale by each tender", self._sell),
            ("passes verified offline", self._verify),
            ("practice drain", self._carry),
            ("every screen", self._show),
        )

    def close(self) -> None:
        """Let go of the folder."""
        if self._kiosk is not None:
            self._kiosk.close()
            self._kiosk = None

    def _make(self) -> str:
        from kiosk import logs
        from kiosk.opening import create, make_desk, open_kiosk

        create(self._folder, self._secret, 1, lambda _recovery: None)
        logs.start(self._folder)
        if (self._folder / "buffer.db").read_bytes().startswith(SQLITE_MARK):
            raise CheckFailed("the file can be read without a key")
        self._kiosk = open_kiosk(self._folder, self._secret)
        self._desk = make_desk(self._kiosk, staffed=True)
        return "made, opened, unreadable without its key"

    def _load(self) -> str:
        from kiosk.commands.load import read_source
        from kiosk.commands.provision import provision
        from kiosk.commands.rehearse_day import EVENT_FILE
        from kiosk.service.prepare import load_event

        assert self._kiosk is not None
        loaded = load_event(self._desk, read_source(EVENT_FILE), EVENT_FILE.name)
        report = provision(self._kiosk, loaded.snapshot)
        if not report.created:
            raise CheckFailed("no payment link was made")
        return f"{counted(report.offers, 'offer')}, {counted(report.created, 'link')}"

    def _sell(self) -> str:
        from kiosk.domain.tender import TenderKind
        from kiosk.service.sell import record_sale

        self._sold = [record_sale(self._desk, self._draft(tender)) for tender in TenderKind]
        return ", ".join(one.sale.receipt_number for one in self._sold)

    def _draft(self, tender: TenderKind) -> Draft:
        from kiosk.domain.ids import OfferCode, SaleId
        from kiosk.domain.sale import CartLine, Draft

        return Draft(
            sale_id=SaleId(self._desk.make_id()),
            lines=(CartLine(offer=OfferCode("jar"), quantity=2),),
            name="Self Check",
            email="self-check@rehearsal.example",
            language="en",
            consents=frozenset({"terms"}),
            tender=tender,
        )

    def _verify(self) -> str:
        from kiosk.domain.verdict import Verdict
        from kiosk.opening import ROOT_FILE, read_root
        from kiosk.passes.trust import TrustedRoots
        from kiosk.passes.verify import VerifyContext, verify

        roots = TrustedRoots(keys=(read_root(self._folder / ROOT_FILE),))
        context = VerifyContext(roots=roots, now=int(time.time()), training=True)
        passes = [issued for one in self._sold for issued in one.passes]
        for issued in passes:
            verdict = verify(issued.text, context).verdict
            if verdict is not Verdict.ACCEPTED:
                raise CheckFailed(f"a pass of ours is answered with {verdict.value}")
        return f"{len(passes)} accepted"

    def _carry(self) -> str:
        """Carry, have the members pay, and carry until nothing waits any more."""
        from kiosk.service.practice import member_pays

        report = self._drain()
        for one in self._sold:
            if not one.sale.tenders[0].kind.settles_at_once:
                urls = [code.url for code in one.pay_codes]
                member_pays(self._desk, one.sale.sale_id, urls)
        for _ in range(PRACTICE_ROUNDS_MAX):
            if report.waiting + report.unknown:
                report = self._drain()
        left = report.waiting + report.unknown + report.parked
        if left:
            raise CheckFailed(f"{left} entries are not delivered")
        with self._desk.buffer.reading() as uow:
            if not uow.journal.verify().ok:
                raise CheckFailed("the journal's chain does not hold")
        return f"{report.delivered} entries delivered, every sale settled"

    def _drain(self) -> DrainReport:
        from kiosk.opening import rail_settings
        from kiosk.system_clock import SystemClock
        from sync.build import run_drain

        assert self._kiosk is not None
        buffer = self._kiosk.buffer_file.sync()
        return run_drain(buffer, rail_settings(self._kiosk), SystemClock())

    def _show(self) -> str:
        """Open the real window on this folder and draw every page."""
        from kiosk.app import ASSETS, App, Start
        from kiosk.service.sign_in import set_first_pin
        from kiosk.ui.application import make_application
        from kiosk.ui.options import Options
        from kiosk.ui.pages import Page
        from kiosk.ui.screen_check import visit_every_screen

        set_first_pin(self._desk, PIN)
        self.close()
        application = make_application(["kiosk"], gpu=False)
        options = Options(assets=ASSETS, reduced_motion=True)
        start = Start(folder=self._folder, secret=lambda: self._secret, options=options, gpu=False)
        app = App(start)
        try:
            app.show()
            complaints = visit_every_screen(app.shell, app.runner)
        finally:
            app.stop()
            del application
        if complaints:
            raise CheckFailed("; ".join(dict.fromkeys(complaints)))
        return f"{len(Page)} drawn"
