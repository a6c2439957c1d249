"""Composition of the sync wing: settings in, an engine out; stripe is imported only when called."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.mirror import PLACE
from kiosk.domain.clock import Clock
from kiosk.domain.offer import Snapshot
from kiosk.domain.outbox import QueueHealth, RailMode
from kiosk.errors import RailKeyMissing, StoreCorrupt

if TYPE_CHECKING:
    from sync.engine import DrainReport, Engine
    from sync.practice.app import PracticeStripe
    from sync.practice.shelf import Shelf
    from sync.provision import ProvisionReport
    from sync.rails.stripe.client import StripeAccess
    from sync.rails.stripe.network import Line

PRACTICE_KEY: Final = "rk_test_practice"
REFERENCE_KEY: Final = "reference_key"
KEY_MAX_BYTES: Final = 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RailSettings:
    """Which Stripe, where, with which key; and where the embedded practice one keeps its state.

    `practice` hands in a practice Stripe that somebody else holds (a rehearsal with faults);
    without it one is made over `shelf`. `paced` keeps below Stripe's limits; the embedded practice
    Stripe has none, so it is not paced unless asked.
    """

    mode: RailMode
    base_url: str | None = None
    key_file: Path | None = None
    shelf: Callable[[], Shelf] | None = field(default=None, repr=False)
    practice: PracticeStripe | None = field(default=None, repr=False)
    paced: bool | None = None

    @property
    def embedded(self) -> bool:
        """Whether the practice Stripe inside this process is the rail."""
        return self.mode is RailMode.PRACTICE and self.base_url is None

    @property
    def place(self) -> str:
        """The address, or our own word for the one inside and for Stripe itself."""
        return "embedded" if self.embedded else self.base_url or "stripe"


def build_engine(
    buffer: Buffer,
    settings: RailSettings,
    clock: Clock,
    on_health: Callable[[QueueHealth], None] = lambda _health: None,
) -> Engine:
    """An engine over this buffer, inside a running loop. Raises RailKeyMissing, StoreError."""
    from sync.engine import Engine, EngineParts  # noqa: PLC0415 - brings stripe along
    from sync.marks import MarkKeeper  # noqa: PLC0415
    from sync.rails.stripe.network import make_rail  # noqa: PLC0415

    device = buffer.identity.device
    with buffer.reading() as uow:
        reference_key = uow.settings.secret(REFERENCE_KEY)
    if reference_key is None:
        raise StoreCorrupt(check="device_secrets")
    _settle(buffer, settings, clock)
    with ExitStack() as undo:
        line = _line(buffer, settings, clock, undo)
        engine = Engine(
            EngineParts(
                buffer=buffer,
                rail=make_rail(_access(settings), device, clock, line),
                clock=clock,
                device=device,
                reference_key=reference_key,
                dice=random.SystemRandom().random,
                on_health=on_health,
                marks=MarkKeeper,
            )
        )
        undo.pop_all()  # from here on the engine closes its rail, and that what is behind it
    return engine


def run_drain(buffer: Buffer, settings: RailSettings, clock: Clock) -> DrainReport:
    """One drain, start to end, in this thread. Raises RailKeyMissing, StoreError."""

    async def drain() -> DrainReport:
        return await build_engine(buffer, settings, clock).drain()

    return asyncio.run(drain())


def run_provision(
    buffer: Buffer, settings: RailSettings, clock: Clock, snapshot: Snapshot
) -> ProvisionReport:
    """Provision a snapshot, start to end, in this thread.

    Raises RailKeyMissing, RailUnreachable, RailRefused, StoreError.
    """
    from sync.provision import provision  # noqa: PLC0415 - brings stripe along

    async def run() -> ProvisionReport:
        engine = build_engine(buffer, settings, clock)
        try:
            return await provision(engine.carrier, snapshot)
        finally:
            await engine.carrier.rail.close()

    return asyncio.run(run())


def read_key(settings: RailSettings) -> str:
    """The key of these settings. Raises RailKeyMissing (mode, reason)."""
    if settings.key_file is None:
        if settings.mode is RailMode.PRACTICE:
            return PRACTICE_KEY
        raise RailKeyMissing(mode=settings.mode, reason="no_key_file")
    try:
        with settings.key_file.open("rb") as opened:
            raw = opened.read(KEY_MAX_BYTES + 1)
        key = raw.decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise RailKeyMissing(mode=settings.mode, reason="unreadable") from None
    if not key or len(raw) > KEY_MAX_BYTES or any(letter.isspace() for letter in key):
        raise RailKeyMissing(mode=settings.mode, reason="not_a_key")
    return key


def _settle(buffer: Buffer, settings: RailSettings, clock: Clock) -> None:
    """Another address is another account, as far as anybody can tell before it answers."""
    mode, place = settings.mode, settings.place
    with buffer.reading() as uow:
        held = uow.mirror.cursor(mode, PLACE)
    if held != place:
        with buffer.writing() as uow:
            uow.mirror.settle(mode, place, clock.now_ms())


def _access(settings: RailSettings) -> StripeAccess:
    from sync.rails.stripe.client import StripeAccess  # noqa: PLC0415 - brings stripe along

    base_url = "https://practice.invalid" if settings.embedded else settings.base_url
    return StripeAccess(mode=settings.mode, key=read_key(settings), base_url=base_url)


def _line(buffer: Buffer, settings: RailSettings, clock: Clock, undo: ExitStack) -> Line:
    """How requests travel; `undo` takes back what was opened for it."""
    from sync.rails.stripe.network import Line, switched  # noqa: PLC0415
    from sync.schedule import Pace  # noqa: PLC0415

    paced = settings.paced if settings.paced is not None else not settings.embedded
    pace = Pace(clock.monotonic) if paced else None
    if settings.mode is not RailMode.PRACTICE:
        return Line(pace=pace)
    from sync.rehearsal import Rehearsal  # noqa: PLC0415

    if not settings.embedded:
        rehearsal = Rehearsal(buffer, clock, None)
        return Line(network=switched(None, rehearsal.network_is_on), pace=pace)
    from sync.practice.app import PracticeStripe  # noqa: PLC0415
    from sync.practice.transport import PracticeTransport  # noqa: PLC0415

    # Whoever hands in a practice Stripe keeps it; one made here is put back on its shelf.
    shelf = settings.shelf() if settings.shelf and settings.practice is None else None
    put_back: Callable[[], None] = getattr(shelf, "close", lambda: None)
    undo.callback(put_back)
    stripe = settings.practice or PracticeStripe(
        clock=clock.now_ms, seed=secrets.randbits(32), shelf=shelf
    )
    inner, rehearsal = PracticeTransport(stripe), Rehearsal(buffer, clock, stripe)
    return Line(network=switched(inner, rehearsal.network_is_on, put_back), pace=pace)
