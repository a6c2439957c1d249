"""A kiosk, its members' Stripe and one virtual time for both; everything follows from the seed."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from kiosk.domain.ids import UuidSource
from kiosk.domain.offer import Snapshot
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from sync.engine import DrainReport, Engine, EngineParts
from sync.practice.app import PracticeStripe
from sync.practice.transport import PracticeTransport
from sync.provision import provision
from sync.rails.stripe.client import StripeAccess
from sync.rails.stripe.network import Line, make_rail, switched
from sync.rehearsal import Rehearsal
from tests.service.world import DAY_MS, HandClock, World

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DEVICE: Final = 3
EVENT: Final = 77
QUIET_ROUNDS_MAX: Final = 40
STOCK: Final = 12
PER_MEMBER: Final = 3
GRACE_MS: Final = 4 * HOUR_MS
PAY_LATER_MS: Final = 14 * DAY_MS
ACCESS: Final = StripeAccess(
    mode=World.mode, key="rk_test_simulation", base_url="https://stripe.test"
)

EVENT_TEXT: Final = """
[event]
number = 77
name = { en = "Simulated" }
venue = "Nowhere"
starts = "+0d 00:00"
ends = "+300d 00:00"
time_zone = "Europe/Berlin"
currency = "eur"
country = "DE"
languages = ["en"]

[seller]
legal_name = "Nobody"
address = "Nowhere 1"
tax_id = "DE1"
contact = "a@nobody.example"

[[tax]]
code = "within"
rate_bp = 700
included = true

[[tax]]
code = "added"
rate_bp = 1900
included = false

[[terms]]
kind = "terms"
version = "1"
language = "en"
text = "Agreed."

[[membership]]
code = "weekly"
name = { en = "Weekly" }
description = { en = "Every week." }
price_minor = %(weekly)d
tax = "within"
plan = 1
cadence = { every = 1, unit = "week" }
entitlements = [{ number = 1, uses = 1, name = { en = "Box" } }]

[[membership]]
code = "course"
name = { en = "Course" }
description = { en = "Four weeks, paid once." }
price_minor = %(course)d
tax = "within"
plan = 2
cadence = { every = 1, unit = "week" }
periods = 4
charge = "upfront"
entitlements = [{ number = 1, uses = 4, name = { en = "Box" } }]

[[drop]]
code = "plate"
name = { en = "Plate" }
description = { en = "Few of them." }
price_minor = %(plate)d
tax = "within"
opens = "-15m"
closes = "+200d"
stock = 12
per_member = 3

[[item]]
code = "jar"
name = { en = "Jar" }
description = { en = "A jar." }
price_minor = %(jar)d
tax = "within"

[[item]]
code = "tote"
name = { en = "Tote" }
description = { en = "Its tax is added." }
price_minor = %(tote)d
tax = "added"

[limits]
grace_minutes = 240
pay_later_days = 14
"""


class SimClock(HandClock):
    """The machine's clock, wrong by `error_ms`; the true time only goes forward."""

    error_ms: int = 0

    @property
    def true_ms(self) -> int:
        return self.at_ms - self.error_ms

    def monotonic(self) -> float:
        return self.true_ms / 1000

    def advance(self, milliseconds: int) -> None:
        self.at_ms += milliseconds

    def put(self, error_ms: int) -> None:
        """Somebody sets the machine's clock; nothing else happens."""
        self.at_ms += error_ms - self.error_ms
        self.error_ms = error_ms


class SeededKiosk(World):
    """The kiosk of the service tests with ids out of the seed as well."""

    entropy: random.Random

    def new_desk(self) -> Desk:
        return dataclasses.replace(super().new_desk(), ids=UuidSource(self.entropy.randbytes))


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """Counts requests; after `cut_after` of them somebody stops the process."""

    inner: httpx.AsyncBaseTransport
    count: int = 0
    cut_after: int | None = None
    stop: Callable[[], object] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        if self.count == self.cut_after:
            self.stop()
        await asyncio.sleep(0)  # where a cancellation may strike: nothing has left yet
        response = await self.inner.handle_async_request(request)
        await asyncio.sleep(0)  # and here the rail has done it, and nobody heard
        return response


@dataclass
class Simulated:
    """One world: what a move acts on."""

    folder: Path
    seed: int
    dice: random.Random = field(init=False)
    clock: SimClock = field(init=False)
    kiosk: SeededKiosk = field(init=False)
    stripe: PracticeStripe = field(init=False)
    measured_error_ms: int = 0
    transcript: list[str] = field(default_factory=list)
    _entropy: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self._entropy = random.Random(f"{self.seed} entropy")
        self.clock = SimClock()
        SeededKiosk.entropy = self._entropy
        self.kiosk = SeededKiosk(
            folder=self.folder, clock=self.clock, secret=self._entropy.randbytes(7 * 32)
        )
        self.stripe = PracticeStripe(clock=lambda: self.clock.true_ms, seed=self.seed)

    @property
    def desk(self) -> Desk:
        return self.kiosk.desk

    def say(self, text: str) -> None:
        """One line of the transcript, at its true time."""
        self.transcript.append(f"{self.clock.true_ms} {text}")

    def load(self, prices: dict[str, int]) -> Snapshot:
        return load_event(self.desk, EVENT_TEXT % prices, "simulated.toml").snapshot

    def restart(self) -> None:
        """The process ends and another one opens the folder."""
        SeededKiosk.entropy = self._entropy
        self.kiosk.reopen()

    # ------------------------------------------------------------------ the sync wing

    def engine(self, wire: Wire | None = None) -> Engine:
        buffer = self.kiosk.file.sync()
        rehearsal = Rehearsal(buffer, self.clock, self.stripe)
        network = switched(wire or self.wire(), rehearsal.network_is_on)
        return Engine(
            EngineParts(
                buffer=buffer,
                rail=make_rail(ACCESS, DEVICE, self.clock, Line(network=network)),
                clock=self.clock,
                device=DEVICE,
                reference_key=self.kiosk.reference_key,
                dice=self._entropy.random,
            )
        )

    def wire(self) -> Wire:
        return Wire(PracticeTransport(self.stripe))

    def provision(self, snapshot: Snapshot) -> None:
        asyncio.run(self._provision(snapshot))

    async def _provision(self, snapshot: Snapshot) -> None:
        await provision(self.engine().carrier, snapshot)

    def drain(self) -> DrainReport:
        report = asyncio.run(self._drain())
        with self.desk.buffer.reading() as uow:
            skew_ms = uow.settings.get("rail.skew_ms")
        if report.rail == "reachable" and isinstance(skew_ms, int):
            self.measured_error_ms = self.clock.error_ms
        self.say(f"drain {report}")
        return report

    async def _drain(self) -> DrainReport:
        return await self.engine().drain()

    def drain_cut_short(self, after_requests: int) -> None:
        """The process is ended in the middle of a drain, and started again."""
        asyncio.run(self._cut_short(after_requests))
        self.say(f"cut short after {after_requests}")
        self.restart()

    async def _cut_short(self, after_requests: int) -> None:
        wire = self.wire()
        task = asyncio.create_task(self.engine(wire).drain())
        wire.cut_after, wire.stop = after_requests, task.cancel
        with contextlib.suppress(asyncio.CancelledError):
            await task

    def drain_until_quiet(self) -> DrainReport:
        """Drain, a few minutes apart, until only members' payments are waited for."""
        report = self.drain()
        for _ in range(QUIET_ROUNDS_MAX):
            with self.desk.buffer.reading() as uow:
                counts = uow.outbox.counts(self.kiosk.mode)
            if report.rail == "reachable" and counts.waiting + counts.unknown == 0:
                break
            self.clock.advance(7 * MINUTE_MS)
            report = self.drain()
        return report
