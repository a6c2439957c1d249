"""One visit of one entry: what it comes to is written down whatever happens on the way.

This is the edge at which a bug in one entry is caught, so that it parks that entry and no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, assert_never

import structlog

from kiosk.buffer.journal import JournalLine
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.outbox import Entry, EntryState, RailState, Topic
from kiosk.errors import StoreError
from sync.billing import Refused
from sync.findings import recording
from sync.intents import IntentUnreadable
from sync.judging import Closing
from sync.push import push
from sync.rails.troubles import ANSWERING, RailTrouble, Trouble, TroubleKind, state_after
from sync.reconcile import Judged, look
from sync.schedule import SUSPECT_SECONDS, LaneLimit, backoff_ms, poll_after_ms
from sync.steps import Carrier, Visit
from sync.sweep import Sweep

VISIT_SECONDS_MAX: Final = 300.0  # well inside the lease
# The network, not the entry, may be in trouble: ask once more before the round is given up.
ANSWERS_NOTHING: Final = frozenset(
    {TroubleKind.NOT_SENT, TroubleKind.LOST, TroubleKind.NOT_STRIPE, TroubleKind.LOCKED}
)
# Without an answer an entry stays as doubtful as it was.
_NO_NEWS: Final = frozenset(
    {TroubleKind.NOT_SENT, TroubleKind.NOT_STRIPE, TroubleKind.LIMITED, TroubleKind.LOCKED}
)

log = structlog.get_logger(__name__)


class Visits:
    """Visits entries and closes each visit: delivered, parked, or later."""

    def __init__(self, carrier: Carrier, lanes: LaneLimit, dice: Callable[[], float]) -> None:
        self._carrier = carrier
        self._lanes = lanes
        self._dice = dice
        self._asking = asyncio.Lock()
        self._answers = 0
        self._closed_as = RailState.UNREACHABLE
        self.newest_watched_ms: int | None = None

    async def visit(self, sweep: Sweep, entry: Entry) -> bool:
        """Carry or judge one claimed entry. False when the rail is closed to all entries."""
        try:
            return await self._visit(sweep, Visit(self._carrier, entry))
        except StoreError as error:
            # The buffer, not the entry, is in trouble; the lease runs out by itself.
            log.info("visit_not_recorded", entry_id=entry.entry_id, code=error.code)
            return True

    async def _visit(self, sweep: Sweep, visit: Visit) -> bool:
        try:
            async with asyncio.timeout(VISIT_SECONDS_MAX):
                await self._carry(sweep, visit)
            self._lanes.went_well()
        except RailTrouble as told:
            return await self._in_trouble(visit, told.trouble)
        except Refused as refused:
            await self._park(visit, refused.reason)
        except IntentUnreadable as error:
            await self._park(visit, f"intent_unreadable:{error}")
        except TimeoutError:
            await self._later(visit, Trouble(kind=TroubleKind.LOST, code="visit_too_long"))
        except asyncio.CancelledError:
            self._interrupted(visit)
            raise
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  (the edge: see the module's docstring)
            log.error(  # noqa: TRY400  (a trace could hold a person)
                "visit_failed", entry_id=visit.entry.entry_id, exception_type=type(error).__name__
            )
            await self._park(visit, f"internal_error:{type(error).__name__}")
        return True

    async def _carry(self, sweep: Sweep, visit: Visit) -> None:
        if visit.entry.topic is Topic.WATCH:
            await self._watch(sweep, visit)
        else:
            await push(self._carrier, visit)
            await self._deliver(visit)

    async def settle_closed(self, sweep: Sweep, watches: Sequence[Entry]) -> bool:
        """Judge closed watches that something happened to. True when an open one was hinted at.

        Money may come after a watch was closed or parked; a parked one goes back to the queue.
        """
        hinted = False
        for entry in watches:
            match entry.state:
                case EntryState.WAITING | EntryState.UNKNOWN:
                    hinted = True
                case EntryState.PARKED:
                    await self._retry(entry)
                    hinted = True
                case EntryState.DELIVERED:
                    await self._judge_again(sweep, entry)
                case _:
                    assert_never(entry.state)
        return hinted

    async def still_answers(self) -> bool:
        """Whether the rail answers a probe; lanes that fail together ask once."""
        asked = self._answers
        async with self._asking:
            if self._answers != asked:
                return True
            try:
                await self._carrier.rail.probe()
            except RailTrouble as told:
                return not self._closed_by(told.trouble)
            self._answers += 1
            return True

    def way_out(self, *, stayed_open: bool) -> RailState:
        """What to tell of the rail after a round, in agreement with whether it stopped us.

        The last answer alone may contradict: what was under way in other lanes ends as it will.
        """
        if not stayed_open:
            return self._closed_as
        state = self._carrier.rail.state
        return state if state in ANSWERING else RailState.REACHABLE

    def _closed_by(self, trouble: Trouble) -> bool:
        """Whether this trouble closes the way out, and remember as what."""
        closed = trouble.kind in ANSWERS_NOTHING
        if closed:
            self._closed_as = state_after(trouble)
        return closed

    # ------------------------------------------------------------------ how a visit ends

    async def _retry(self, entry: Entry) -> None:
        now_ms = self._carrier.time.local_ms()
        await self._carrier.ledger.write(lambda uow: uow.outbox.retry(entry.entry_id, now_ms))

    async def _judge_again(self, sweep: Sweep, entry: Entry) -> None:
        try:
            judged = await look(sweep, entry)
        except IntentUnreadable:
            return  # it would have been parked, had it ever been opened
        except RailTrouble as told:
            if told.trouble.kind is TroubleKind.REFUSED:
                return  # the rail will never say: nobody else's news may wait for it
            raise
        if judged.finding is not None:
            await self._carrier.ledger.write(recording(judged.finding, self._carrier.rail.mode))

    async def _watch(self, sweep: Sweep, visit: Visit) -> None:
        judged = await look(sweep, visit.entry)
        match judged.closing:
            case Closing.KEEP:
                await self._keep_watching(visit, judged)
            case Closing.DELIVER:
                self._note(visit, judged)
                await self._deliver(visit)
            case Closing.PARK:
                self._note(visit, judged)
                assert judged.finding is not None
                await self._park(visit, judged.finding.kind)
            case _:
                assert_never(judged.closing)

    async def _keep_watching(self, visit: Visit, judged: Judged) -> None:
        self._note(visit, judged)
        now_ms, entry = self._carrier.time.local_ms(), visit.entry
        sold_ms = entry.created_ms
        self.newest_watched_ms = max(self.newest_watched_ms or 0, sold_ms)
        due_ms = now_ms + poll_after_ms(now_ms, sold_ms)
        await visit.close(lambda uow: uow.outbox.later(entry, due_ms, "waiting_for_payment"))

    def _note(self, visit: Visit, judged: Judged) -> None:
        if judged.finding is not None:
            visit.note(recording(judged.finding, self._carrier.rail.mode))

    async def _deliver(self, visit: Visit) -> None:
        entry, now_ms = visit.entry, self._carrier.time.local_ms()

        def work(uow: UnitOfWork) -> None:
            if uow.outbox.deliver(entry, now_ms):
                _say_closed(uow, entry, EntryState.DELIVERED, None, now_ms)

        await visit.close(work)

    async def _park(self, visit: Visit, reason: str) -> None:
        entry, now_ms = visit.entry, self._carrier.time.local_ms()
        log.info("entry_parked", entry_id=entry.entry_id, reason=reason)

        def work(uow: UnitOfWork) -> None:
            if uow.outbox.park(entry, reason, now_ms):
                _say_closed(uow, entry, EntryState.PARKED, reason, now_ms)

        await visit.close(work)

    async def _in_trouble(self, visit: Visit, trouble: Trouble) -> bool:
        if trouble.kind is TroubleKind.REFUSED:
            await self._park(visit, f"refused:{trouble.code}")
            return True
        if trouble.kind is TroubleKind.KEY_MISUSED:
            log.error("key_misused", entry_id=visit.entry.entry_id)
        if trouble.kind is TroubleKind.LIMITED:
            self._lanes.was_limited(self._carrier.time.monotonic())
        await self._later(visit, trouble)
        if trouble.stops_the_rail:
            return not self._closed_by(trouble)
        return trouble.kind not in ANSWERS_NOTHING or await self.still_answers()

    async def _later(self, visit: Visit, trouble: Trouble) -> None:
        entry, now_ms = visit.entry, self._carrier.time.local_ms()
        least = SUSPECT_SECONDS if trouble.maybe_done and trouble.http_status else 0
        wait_ms = backoff_ms(entry.attempts, self._dice, least_seconds=least)
        was_unknown = entry.state is EntryState.UNKNOWN and not visit.progressed
        unknown = trouble.maybe_done or (trouble.kind in _NO_NEWS and was_unknown)
        reason = f"{trouble.kind}:{trouble.code}"
        await visit.close(
            lambda uow: uow.outbox.later(entry, now_ms + wait_ms, reason, unknown=unknown)
        )

    def _interrupted(self, visit: Visit) -> None:
        """We are being stopped: say so at once, without waiting for anybody."""
        entry, now_ms = visit.entry, self._carrier.time.local_ms()
        visit.close_now(lambda uow: uow.outbox.later(entry, now_ms, "interrupted", unknown=True))


def _say_closed(
    uow: UnitOfWork, entry: Entry, state: EntryState, reason: str | None, now_ms: int
) -> None:
    uow.journal.append(
        JournalLine(
            kind="entry.closed",
            entity_id=entry.entry_id,
            member_id=entry.member_id,
            payload={"sale_id": entry.sale_id, "state": state, "reason": reason},
        ),
        now_ms,
    )
