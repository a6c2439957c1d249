"""The sync engine: rounds of looking and carrying, many lanes at once, until told to stop.

It holds no transaction across an await, and no entry of one member ever waits for another's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import BACKWARD_TOLERANCE_MS, Clock
from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import (
    Doubt,
    Entry,
    QueueCounts,
    QueueHealth,
    RailState,
    Stopped,
)
from kiosk.errors import StoreError
from sync.ledger import Ledger
from sync.marks import MarkKeeper, doubt_of
from sync.pull import pull, remember
from sync.rails.base import Rail
from sync.rails.troubles import RailTrouble
from sync.railtime import RailTime
from sync.schedule import LaneLimit, backoff_ms, poll_after_ms
from sync.steps import Carrier, own_up
from sync.sweep import Sweep
from sync.visits import ANSWERS_NOTHING, Visits

LEASE_MS: Final = 10 * 60 * 1000
WAKE_SECONDS_MAX: Final = 60.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """What an engine is built from. `dice` gives numbers in [0, 1); keys never show."""

    buffer: Buffer
    rail: Rail
    clock: Clock
    device: int
    reference_key: bytes = field(repr=False)
    dice: Callable[[], float]
    on_health: Callable[[QueueHealth], None] = lambda _health: None
    # None: nobody holds the journal against a mark at this rail.
    marks: Callable[[Carrier], MarkKeeper] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainReport:
    """Where the queue of this mode stands after a drain; `waiting` includes watches."""

    delivered: int
    waiting: int
    unknown: int
    parked: int
    rail: RailState
    stopped: Stopped
    doubt: Doubt | None = None


class Engine:
    """One engine for one buffer and one rail, inside one asyncio loop."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._ledger = Ledger(parts.buffer)
        floor_ms = self._ledger.read(lambda uow: uow.settings.highest_ms())
        self.time = RailTime(parts.clock, lambda: parts.rail.measured, floor_ms)
        self.carrier = Carrier(
            ledger=self._ledger, rail=parts.rail, time=self.time, device=parts.device
        )
        self._marks = parts.marks(self.carrier) if parts.marks is not None else None
        self._lanes = LaneLimit()
        self._visits = Visits(self.carrier, self._lanes, parts.dice)
        self._wake = asyncio.Event()
        self._stopping = False
        self._failures = 0
        self._last_ms = 0
        self._way_out: RailState | None = None
        self._shown: QueueHealth | None = None

    # ------------------------------------------------------------------ front doors

    async def run(self) -> None:
        """Work until `stop`: at once when woken, else when something is due or to be polled."""
        try:
            while not self._stopping:
                self._wake.clear()
                await self._sleep(await self._work() / 1000)
        finally:
            await self._parts.rail.close()

    async def drain(self) -> DrainReport:
        """Try every open entry once, whatever its back-off, look for payments once, and return."""
        try:
            reached = await self._round(everything=True)
        finally:
            await self._parts.rail.close()
        counts = self._counts()
        return DrainReport(
            delivered=counts.delivered,
            waiting=counts.waiting + counts.watching,
            unknown=counts.unknown,
            parked=counts.parked,
            rail=self._visits.way_out(stayed_open=reached),
            stopped=Stopped.NOTHING_DUE if reached else Stopped.RAIL,
            doubt=self._ledger.read(doubt_of),
        )

    def wake(self) -> None:
        """A hint that there is something to carry. Call it in the engine's own thread."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more and return when what is under way is done."""
        self._stopping = True
        self._wake.set()

    # ------------------------------------------------------------------ one round

    async def _work(self) -> int:
        """One round of `run`; how many milliseconds to rest after it."""
        try:
            reached = await self._round(everything=False)
            self._ledger.rest()
            return self._until_next_ms(reached=reached)
        except StoreError as error:
            # The till shows what is wrong with the buffer; we try again and lose nothing.
            log.info("round_not_recorded", code=error.code)
            self._failures += 1
            return backoff_ms(self._failures, self._parts.dice, least_seconds=1)

    async def _round(self, *, everything: bool) -> bool:
        """Look, then carry. False when the rail stopped it."""
        self._publish(None)
        sweep = Sweep(carrier=self.carrier, reference_key=self._parts.reference_key)
        await self._notice_the_clock()
        reached = await self._visits.still_answers()
        if reached and self._failures:
            await self._hurry()
        if reached:
            # First of all: what another copy may have sent must be looked for, not sent.
            if self._marks is not None:
                await self._marks.compare()
            looked = await self._look(sweep)
            reached = looked is not None
            if looked is not None:
                reached = await self._carry(sweep, everything=everything or looked)
            if reached and self._marks is not None:
                await self._marks.keep()
        self._failures = 0 if reached else self._failures + 1
        self._way_out = self._visits.way_out(stayed_open=reached)
        await self._remember(self._way_out)
        self._publish(Stopped.NOTHING_DUE if reached else Stopped.RAIL)
        return reached

    async def _look(self, sweep: Sweep) -> bool | None:
        """Read what happened: whether it concerns an open watch; None when nothing answers."""
        try:
            pulled = await pull(sweep)
            hinted = await self._visits.settle_closed(sweep, pulled.watches)
            await remember(self.carrier, pulled)
            return hinted
        except RailTrouble as told:
            log.info("look_failed", kind=told.trouble.kind, code=told.trouble.code)
            if told.trouble.kind in ANSWERS_NOTHING and not await self._visits.still_answers():
                return None
            return False

    async def _carry(self, sweep: Sweep, *, everything: bool) -> bool:
        """Visit what can be claimed, each entry once, as many lanes at once as the rail allows."""
        seen: set[EntryId] = set()
        running: set[asyncio.Task[bool]] = set()
        open_way = True
        try:
            while True:
                room = self._lanes.now - len(running) if open_way and not self._stopping else 0
                for entry in await self._claim(room, frozenset(seen), everything=everything):
                    seen.add(entry.entry_id)
                    running.add(asyncio.create_task(self._visits.visit(sweep, entry)))
                if not running:
                    return open_way
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                results = [task.result() for task in done]
                open_way = open_way and all(results)
                self._publish(None)
        finally:
            # Only when we are cancelled ourselves is anything still running here.
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _claim(
        self, room: int, seen: frozenset[EntryId], *, everything: bool
    ) -> tuple[Entry, ...]:
        if room <= 0:
            return ()
        request = ClaimRequest(
            mode=self._parts.rail.mode,
            now_ms=self.time.local_ms(),
            lease_ms=LEASE_MS,
            limit=room,
            everything=everything,
            seen=seen,
        )
        now_ms = self.time.now_ms()

        def work(uow: UnitOfWork) -> tuple[Entry, ...]:
            claimed = uow.outbox.claim(request)
            for entry in claimed:
                own_up(uow, entry, now_ms)
            return claimed

        return await self._ledger.write(work)

    async def _hurry(self) -> None:
        """The rail answers again: nobody's back-off means anything any more."""
        mode, now_ms = self._parts.rail.mode, self.time.local_ms()
        await self._ledger.write(lambda uow: uow.outbox.hurry(mode, now_ms))

    # ------------------------------------------------------------------ time and health

    async def _notice_the_clock(self) -> None:
        """A clock that was put back would leave every entry due in a far future."""
        now_ms = self.time.local_ms()
        if now_ms < self._last_ms - BACKWARD_TOLERANCE_MS:
            await self._hurry()
        self._last_ms = now_ms

    def _until_next_ms(self, *, reached: bool) -> int:
        if not reached:
            return backoff_ms(self._failures, self._parts.dice, least_seconds=1)
        mode, now_ms = self._parts.rail.mode, self.time.local_ms()
        due_ms = self._ledger.read(lambda uow: uow.outbox.next_due_ms(mode))
        watching = self._counts().watching > 0
        newest_ms = self._visits.newest_watched_ms if watching else None
        poll_ms = poll_after_ms(now_ms, newest_ms)
        until_due = poll_ms if due_ms is None else max(due_ms - now_ms, 0)
        return min(until_due, poll_ms)

    async def _sleep(self, seconds: float) -> None:
        # In slices: while a machine sleeps, monotonic clocks of some systems stand still.
        until = self._parts.clock.monotonic() + seconds
        while not self._wake.is_set():
            left = until - self._parts.clock.monotonic()
            if left <= 0:
                return
            try:
                await asyncio.wait_for(self._wake.wait(), min(left, WAKE_SECONDS_MAX))
            except TimeoutError:
                continue

    def _counts(self) -> QueueCounts:
        mode = self._parts.rail.mode
        return self._ledger.read(lambda uow: uow.outbox.counts(mode))

    def _publish(self, stopped: Stopped | None) -> None:
        health = QueueHealth(
            counts=self._counts(),
            rail=self._way_out if stopped else self._parts.rail.state,
            stopped=stopped,
            skew_ms=self.time.skew_ms,
            doubt=self._ledger.read(doubt_of),
        )
        if health != self._shown:
            self._shown = health
            self._parts.on_health(health)

    async def _remember(self, state: RailState) -> None:
        """Keep what the till and `status` want to know of the rail, when it is news."""
        measured = self._parts.rail.measured
        now_ms = self.time.now_ms()

        def work(uow: UnitOfWork) -> None:
            if uow.settings.get("rail.state") != state.value:
                uow.settings.put("rail.state", state.value, now_ms)
            if measured is None:
                return
            uow.settings.put_measured(measured, now_ms)
            uow.settings.raise_highest(measured.at_ms - measured.skew_ms)  # the rail's own word

        await self._ledger.write(work)
