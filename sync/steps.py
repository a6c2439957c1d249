"""The steps machine: exactly-once effect for ever, by looking before sending again.

Stripe's keys live about a day and replay a saved 500; a festival weekend is longer. So a step that
may have been done is looked for first, and only then sent again, under the key of a new generation.
Nothing leaves before what leaves, and under which key, is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, assert_never

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import DAY_MS
from kiosk.domain.outbox import Attempt, Entry, Outcome, Step
from sync.ledger import Ledger
from sync.rails.base import Rail, Remote
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind
from sync.rails.wanted import Request, Wanted
from sync.railtime import RailTime

KEY_LIVES_MS: Final = 20 * 3600 * 1000  # Stripe says "at least 24 hours"; the rest is clock error
PROCESS_ENDED: Final = "process_ended"  # what an attempt says that a crash left open
LOOK_BACK_MS: Final = 3600 * 1000
Keep = Callable[[UnitOfWork, Remote], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What a visit to the rail needs, whoever makes it."""

    ledger: Ledger
    rail: Rail
    time: RailTime
    device: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One step: its name, unique within the sale, and what the rail shall have afterwards.

    `look_first`: the object may be there although we never sent anything (a customer of long ago,
    an invoice somebody paid by hand). `keep` records more in the transaction that keeps the id.
    """

    name: str
    wanted: Wanted
    look_first: bool = False
    keep: Keep | None = None


class Visit:
    """One visit of one entry to the rail. Its steps are carried out one after the other."""

    def __init__(self, carrier: Carrier, entry: Entry) -> None:
        self.entry = entry
        self._carrier = carrier
        steps, floor = carrier.ledger.read(
            lambda uow: (uow.outbox.steps(entry), uow.incarnations.outbox_floor())
        )
        self._steps = dict(steps)
        # Another life of this kiosk may have sent it, and nothing here would know.
        self._may_be_elsewhere = entry.seq <= floor
        self._noted: list[Callable[[UnitOfWork], None]] = []
        self.progressed = False

    def remote_id(self, name: str) -> str | None:
        """The id a step has come to, or None."""
        step = self._steps.get(name)
        return step.remote_id if step else None

    async def ensure(self, aim: Aim) -> Remote:
        """Make sure that the rail has it, exactly once. Raises RailTrouble when it has not yet."""
        step = self._steps.get(aim.name)
        if step is not None and step.remote_id is not None:
            return Remote(remote_id=step.remote_id)
        request, generation = self._request(aim, step)
        doubtful = step is not None and self._may_be_done(step)
        unsent = step is None or step.first_sent_ms is None
        if doubtful or aim.look_first or (unsent and self._may_be_elsewhere):
            since_s = self._since_s(step)
            found = await self._carrier.rail.find(request, since_s)
            if found is not None:
                self._found(aim, step, request, found)
                return found
        if doubtful and not self._key_still_holds(step):
            request, generation = self._request(aim, step, renewed=True)
        return await self._send(aim, request, generation)

    async def look_for(self, aim: Aim) -> Remote | None:
        """What an earlier visit may have made of this step; nothing is sent. Raises RailTrouble."""
        step = self._steps.get(aim.name)
        if step is None and not self._may_be_elsewhere:
            return None
        if step is not None and step.remote_id is not None:
            return Remote(remote_id=step.remote_id)
        request, _generation = self._request(aim, step)
        found = await self._carrier.rail.find(request, self._since_s(step))
        if found is not None:
            self._found(aim, step, request, found)
        return found

    def note(self, work: Callable[[UnitOfWork], None]) -> None:
        """Record this with the visit's next transaction."""
        self._noted.append(work)

    async def close(self, work: Callable[[UnitOfWork], object]) -> None:
        """Commit what is noted together with the end of the visit."""
        noted, self._noted = self._noted, []

        def together(uow: UnitOfWork) -> None:
            _do_all(uow, noted)
            work(uow)

        await self._carrier.ledger.write(together)

    def close_now(self, work: Callable[[UnitOfWork], object]) -> None:
        """As `close`, for a task that is being cancelled and may not wait any more."""
        noted, self._noted = self._noted, []

        def together(uow: UnitOfWork) -> None:
            _do_all(uow, noted)
            work(uow)

        self._carrier.ledger.write_now(together)

    def _request(
        self, aim: Aim, step: Step | None, *, renewed: bool = False
    ) -> tuple[Request, int]:
        """What is frozen already, or the words for a first or a new generation."""
        call, params = self._carrier.rail.word(aim.wanted)
        if step is not None and not renewed:
            return Request(call=call, params=step.params, key=step.key), step.generation
        generation = step.generation + 1 if step is not None else 1
        key = f"kp1-{self._carrier.device}-{self.entry.sale_id}-{aim.name}-g{generation}"
        return Request(call=call, params=params, key=key), generation

    def _may_be_done(self, step: Step) -> bool:
        """Whether sending it again under the same key could do it twice."""
        if step.first_sent_ms is None:
            return False
        return step.suspect or not self._is_young(step.first_sent_ms)

    def _key_still_holds(self, step: Step | None) -> bool:
        """Whether the same key is the safer one: it replays, or says that it is still at work.

        So it is after a crash, when the dead process's request may be on its way yet. A 5xx would
        only be replayed, and an old key is forgotten.
        """
        if step is None or step.first_sent_ms is None or step.last_error != PROCESS_ENDED:
            return False
        return self._is_young(step.first_sent_ms)

    def _is_young(self, first_sent_ms: int) -> bool:
        age_ms = self._carrier.time.now_ms() - first_sent_ms
        return 0 <= age_ms < KEY_LIVES_MS and not self._carrier.time.reading().doubtful

    def _since_s(self, step: Step | None) -> int:
        sent_ms = step.first_sent_ms if step is not None else None
        if self._may_be_elsewhere:
            # In its other life it may have been sent any time from the sale on.
            sent_ms = min(self.entry.created_ms, sent_ms or self.entry.created_ms) - DAY_MS
        return max(0, (sent_ms or self._carrier.time.now_ms()) - LOOK_BACK_MS) // 1000

    async def _send(self, aim: Aim, request: Request, generation: int) -> Remote:
        attempt_no = await self._announce(aim.name, request, generation)
        try:
            remote = await self._carrier.rail.send(request)
        except RailTrouble as told:
            self.note(self._answer(attempt_no, told.trouble))
            raise
        except BaseException:
            # Cancelled, or a bug: the bytes may be on their way. The same key settles it later.
            lost = Trouble(kind=TroubleKind.LOST, code="interrupted")
            self.note(self._answer(attempt_no, lost))
            raise
        self._done(aim, remote, attempt_no)
        return remote

    async def _announce(self, name: str, request: Request, generation: int) -> int:
        """Commit what is about to leave. Only then may the bytes go."""
        entry, now_ms = self.entry, self._carrier.time.now_ms()
        step = self._steps.get(name)
        if step is None or step.generation != generation:
            step = None
        noted, self._noted = self._noted, []

        def work(uow: UnitOfWork) -> int:
            _do_all(uow, noted)
            if step is None:
                uow.outbox.freeze(entry, name, generation, request.params, request.key)
            return uow.outbox.sending(entry, name, now_ms)

        attempt_no = await self._carrier.ledger.write(work)
        fresh = step or _frozen(name, request, generation)
        self._steps[name] = replace(fresh, first_sent_ms=fresh.first_sent_ms or now_ms)
        return attempt_no

    def _done(self, aim: Aim, remote: Remote, attempt_no: int) -> None:
        """Keep the id with the next transaction: until then nothing else has been sent."""
        entry, now_ms = self.entry, self._carrier.time.now_ms()
        attempt = Attempt(outcome=Outcome.DELIVERED, http_status=200, request_id=remote.request_id)

        def work(uow: UnitOfWork) -> None:
            uow.outbox.answered(entry, attempt_no, attempt, now_ms)
            uow.outbox.keep_remote_id(entry, aim.name, remote.remote_id)
            if aim.keep is not None:
                aim.keep(uow, remote)

        self._steps[aim.name] = replace(self._steps[aim.name], remote_id=remote.remote_id)
        self.progressed = True
        self.note(work)

    def _found(self, aim: Aim, step: Step | None, request: Request, found: Remote) -> None:
        """It was done after all, or by somebody else: keep its id and send nothing."""
        entry, generation = self.entry, step.generation if step else 1

        def work(uow: UnitOfWork) -> None:
            if step is None:
                uow.outbox.freeze(entry, aim.name, generation, request.params, request.key)
            uow.outbox.keep_remote_id(entry, aim.name, found.remote_id)
            if aim.keep is not None:
                aim.keep(uow, found)

        self.note(work)
        fresh = step or _frozen(aim.name, request, generation)
        self._steps[aim.name] = replace(fresh, suspect=False, remote_id=found.remote_id)
        self.progressed = True

    def _answer(self, attempt_no: int, trouble: Trouble) -> Callable[[UnitOfWork], None]:
        entry, now_ms = self.entry, self._carrier.time.now_ms()
        attempt = Attempt(
            outcome=outcome_of(trouble),
            http_status=trouble.http_status,
            request_id=trouble.request_id,
            detail=trouble.code,
        )
        # After a 402 the same key would only replay it: the next try has to be a new generation,
        # and looking first costs nothing.
        suspect = trouble.kind in {
            TroubleKind.SUSPECT,
            TroubleKind.KEY_MISUSED,
            TroubleKind.NEEDS_MEMBER,
            TroubleKind.REFUSED,
        }

        def work(uow: UnitOfWork) -> None:
            uow.outbox.answered(entry, attempt_no, attempt, now_ms, suspect=suspect)

        return work


def own_up(uow: UnitOfWork, entry: Entry, now_ms: int) -> None:
    """Attempts that a crash left without an answer: nobody knows what became of them."""
    lost = Attempt(outcome=Outcome.UNKNOWN, detail=PROCESS_ENDED)
    for attempt_no, _step in uow.outbox.unfinished_attempts(entry):
        uow.outbox.answered(entry, attempt_no, lost, now_ms, suspect=True)


def outcome_of(trouble: Trouble) -> Outcome:
    """The outcome of one send, as the attempt row keeps it."""
    match trouble.kind:
        case TroubleKind.LOST | TroubleKind.SUSPECT | TroubleKind.BUSY:
            return Outcome.UNKNOWN
        case TroubleKind.NOT_SENT | TroubleKind.NOT_STRIPE | TroubleKind.LIMITED:
            return Outcome.LATER
        case TroubleKind.KEY_MISUSED:
            return Outcome.UNKNOWN
        case TroubleKind.NEEDS_MEMBER | TroubleKind.REFUSED:
            return Outcome.REFUSED
        case TroubleKind.LOCKED:
            return Outcome.LOCKED
        case _:
            assert_never(trouble.kind)


def _frozen(name: str, request: Request, generation: int) -> Step:
    return Step(
        name=name,
        generation=generation,
        params=request.params,
        key=request.key,
        first_sent_ms=None,
        suspect=False,
        remote_id=None,
        last_error=None,
    )


def _do_all(uow: UnitOfWork, works: list[Callable[[UnitOfWork], None]]) -> None:
    for work in works:
        work(uow)
