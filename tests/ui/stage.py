"""The real thing for the tests of the screens: an encrypted buffer, the use cases, the window.

The clock is turned by hand. Nothing here stands in for a use case or for the file.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.outbox import ClaimRequest
from kiosk.counter import Counter
from kiosk.domain.ids import OfferCode, SaleId, UuidSource
from kiosk.domain.outbox import RailMode
from kiosk.domain.pricing import decide
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.opening.rounds import Rounds
from kiosk.passes.issue import Signer, load_signer
from kiosk.passes.trust import (
    TrustedRoots,
    generate_key,
    make_device_certificate,
    own_certificate_claims,
    private_bytes,
    public_bytes,
)
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from kiosk.ui.hooks import NO_WAYS, Hooks, WaysIn
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.runner import Runner
from kiosk.ui.shell import Shell
from tests.ui.probe import Probe

NOON_MS: Final = 1_795_000_000_000
DAY_MS: Final = 86_400_000
REPOSITORY: Final = Path(__file__).resolve().parents[2]
EVENTS: Final = REPOSITORY / "assets" / "events"
PIN: Final = "2580"
WAIT_ROUNDS_MAX: Final = 4000
T = TypeVar("T")


@dataclass
class HandClock:
    """A clock that stands until a test turns it."""

    at_ms: int = NOON_MS

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic(self) -> float:
        return self.at_ms / 1000

    def forward(self, seconds: float) -> None:
        self.at_ms += round(seconds * 1000)


@dataclass
class Faulty:
    """The real use cases, except for those that end in an error; it counts every call."""

    counter: Counter
    errors: dict[str, Exception]
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., object]:
        real = getattr(self.counter, name)

        def call(*args: object, **kwargs: object) -> object:
            self.calls.append(name)
            if name in self.errors:
                raise self.errors[name]
            return real(*args, **kwargs)

        return call


def pump(until: Callable[[], bool]) -> None:
    """Let Qt work until something is so."""
    for _ in range(WAIT_ROUNDS_MAX):
        if until():
            return
        QTest.qWait(1)
    raise AssertionError("this never came about")


@dataclass
class Stage:
    """One kiosk from the file to the window. `event` None leaves it empty."""

    folder: Path
    event: str | None = "zine-fair.toml"
    mode: RailMode = RailMode.PRACTICE
    options: Options = field(
        default_factory=lambda: Options(assets=REPOSITORY / "assets", reduced_motion=True)
    )
    pin: str | None = PIN
    ways_in: WaysIn = NO_WAYS

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.recorded = 0
        self.quits = 0
        self.visitors = 0
        self.found = 0
        self.root, self.device_key = generate_key(), generate_key()
        self.roots = TrustedRoots(keys=(public_bytes(self.root),))
        self.runner = Runner()
        self.shell = Shell(
            self.runner, self.clock, self.options,
            Hooks(sale_recorded=self._sale_recorded, quit=self._quit, ways_in=self.ways_in),
        )  # fmt: skip
        try:
            self.counter: Counter = self.run(self._open)
        except BaseException:
            self.runner.stop()  # or its thread keeps the process for ever
            raise

    def begin(self) -> None:
        """Bring it to its first page without a window: the view-models need none."""
        QCoreApplication.installTranslator(self.shell._translator)
        self.shell.ready(self.counter)
        self.settle()

    @contextmanager
    def failing(self, **errors: Exception) -> Iterator[Faulty]:
        """Have the use cases of these names end in these errors; all others are the real ones."""
        faulty = Faulty(self.counter, errors)
        self.shell.till.bound = faulty  # type: ignore[assignment]
        try:
            yield faulty
        finally:
            self.shell.till.bound = self.counter

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Have the runner stand still, so that every answer is due until the block ends."""
        gate = threading.Event()
        self.runner.submit(gate.wait, lambda _none: None, lambda _error: None)
        try:
            yield
        finally:
            gate.set()
            self.settle()

    def open(self) -> QQuickWindow:
        """Show the window and bring it to its first page."""
        self.window = self.shell.start()
        self.probe = Probe(self.window)
        self.shell.ready(self.counter)
        self.settle()
        return self.window

    def run(self, work: Callable[[], T]) -> T:
        """Do something in the runner's thread, as every use case is."""
        found: list[T] = []
        failed: list[Exception] = []
        self.runner.submit(work, found.append, failed.append)
        pump(lambda: bool(found or failed))
        if failed:
            raise failed[0]
        return found[0]

    def on(self, page: Page) -> bool:
        """Whether this page is shown now."""
        return self.shell.page is page

    def settle(self) -> None:
        """Wait for every answer that is on its way, and for the page to be drawn."""
        pump(lambda: self.runner.idle)
        for _ in range(6):
            QGuiApplication.processEvents()
        pump(lambda: self.runner.idle)
        if hasattr(self, "probe"):
            self.probe.frame()

    def resize(self, width: int, height: int) -> None:
        self.window.resize(QSize(width, height))
        self.settle()

    def grab(self) -> QImage:
        self.settle()
        return self.window.grabWindow()

    def provision(self) -> None:
        """Write down payment links as if they had been made at the rail."""
        self.run(self._provision)

    def sell(self, *offers: str, **changes: object) -> object:
        """A sale made without the screen."""
        draft = Draft(**{**self._draft(offers), **changes})  # type: ignore[arg-type]
        return self.run(lambda: self.counter.complete_sale(draft))

    def deliver(self) -> None:
        """As if the rail had taken everything."""
        self.run(self._deliver)

    def find(self, kind: FindingKind, sale_id: SaleId | None = None, amount: int = 500) -> None:
        """Have reconciliation find something, as the sync wing writes it down."""

        def record() -> None:
            self.found += 1
            finding = Finding(
                kind=kind, sale_id=sale_id, remote_id=f"pi_{self.found}", amount_minor=amount,
                currency="gbp", at_ms=self.clock.at_ms,
            )  # fmt: skip
            with self.desk.buffer.writing() as uow:
                assert uow.sales.record_finding(finding, self.mode)

        self.run(record)

    def close(self) -> None:
        self.shell.stop()
        self.rounds.stop(10)
        self.run(self.file.close)
        self.runner.stop()
        self.rounds.close()

    def _draft(self, offers: tuple[str, ...]) -> dict[str, object]:
        return {
            "sale_id": SaleId(UuidSource(secrets.token_bytes).make(self.clock.at_ms)),
            "lines": tuple(CartLine(offer=OfferCode(code), quantity=1) for code in offers),
            "name": "Maria Gomez",
            "email": "maria@example.org",
            "language": "en",
            "consents": frozenset({"terms"}),
            "tender": TenderKind.CASH,
        }

    def _open(self) -> Counter:
        keys = BufferKeys(
            database=secrets.token_bytes(32),
            journal=secrets.token_bytes(32),
            anchor=secrets.token_bytes(32),
            member_kek={1: secrets.token_bytes(32)},
        )
        self.file = BufferFile.create(
            self.folder, keys, device=3,
            buffer_id=UuidSource(secrets.token_bytes).make(NOON_MS), now_ms=NOON_MS,
        )  # fmt: skip
        self.desk = Desk(
            buffer=self.file.till(), signer=self._certify(NOON_MS // DAY_MS), clock=self.clock,
            ids=UuidSource(secrets.token_bytes), device=3, mode=self.mode,
            reference_key=secrets.token_bytes(32), staffed=False, renew=self._certify,
        )  # fmt: skip
        self.rounds = Rounds(self.folder, keys, self.clock)
        counter = Counter(self.desk, self.rounds)
        if self.event is not None:
            load_event(self.desk, (EVENTS / self.event).read_text("utf-8"), self.event)
        if self.pin is not None:
            counter.set_first_pin(self.pin)
        return counter

    def _certify(self, day: int) -> Signer:
        claims = own_certificate_claims(3, public_bytes(self.device_key), day)
        wire = make_device_certificate(self.root, claims)
        return load_signer(private_bytes(self.device_key), wire, self.roots)

    def _provision(self) -> None:
        with self.desk.buffer.writing() as uow:
            snapshot = self.desk.snapshot(uow)
            currency = snapshot.event.currency
            for offer in snapshot.offers:
                entity = offer_entity(offer, currency, decide(snapshot, offer).unit_minor)
                link = RemoteObject(
                    remote_id=f"plink_{offer.code}", url=f"https://pay.example/{offer.code}"
                )
                uow.mirror.put(self.mode, entity, "link", link, NOON_MS)

    def _deliver(self) -> None:
        request = ClaimRequest(
            mode=self.mode, now_ms=self.clock.at_ms, lease_ms=9_000, limit=99, everything=True
        )
        with self.desk.buffer.writing() as uow:
            while entries := uow.outbox.claim(request):
                for entry in entries:
                    assert uow.outbox.deliver(entry, self.clock.at_ms)

    def _sale_recorded(self) -> None:
        self.recorded += 1

    def _quit(self) -> None:
        self.quits += 1
