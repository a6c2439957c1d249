"""The practice Stripe itself: an ASGI application with Stripe's manners, and its payers.

It never moves money, never opens a connection, and forgets nothing that its shelf keeps.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final, TypedDict, Unpack

from sync.practice import (
    account,
    catalog,
    customer_end,
    customers,
    events,
    invoice_items,
    invoice_life,
    invoices,
    links,
    payer,
    payments,
    sessions,
    subscription_calls,
)
from sync.practice.checking import check
from sync.practice.exchange import (
    Answer,
    Request,
    live_and_die,
    read_request,
    send_answer,
)
from sync.practice.expand import expand
from sync.practice.faults import FaultDice, FaultKind, FaultPlan, FaultRule
from sync.practice.forms import Tree, decode
from sync.practice.idempotency import Asked, IdempotencyKeys, Saved
from sync.practice.keys import check_key, check_version
from sync.practice.limits import RateLimits, RateMeter
from sync.practice.passing import alarm_of, let_time_pass
from sync.practice.portal import portal_answer
from sync.practice.refusals import (
    ConnectionLost,
    Refusal,
    bad_key,
    broken,
    key_in_use,
    rate_limited,
)
from sync.practice.router import Call, Route, Router
from sync.practice.shelf import MemoryShelf, Shelf
from sync.practice.wire import API_VERSION, JsonObject, Receive, Scope, Send, public
from sync.practice.world import Cause, World

_ROOMS: Final = (
    account,
    catalog,
    customer_end,
    customers,
    events,
    invoice_items,
    invoice_life,
    invoices,
    links,
    payments,
    sessions,
    subscription_calls,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A request on its way to its handler."""

    route: Route
    ids: dict[str, str]
    tree: Tree
    path: str
    request_id: str
    fault: FaultKind | None


class PracticeOptions(TypedDict, total=False):
    """How a practice Stripe may differ from one that is new, healthy, instant and unlimited.

    `shelf` is continued where it stopped; `latency_seconds` passes before each execution.
    """

    shelf: Shelf | None
    faults: FaultPlan | None
    limits: RateLimits | None
    latency_seconds: float


class PracticeStripe:
    """Stripe's API v1 as far as a kiosk uses it, over a virtual clock, with faults on demand."""

    def __init__(
        self, *, clock: Callable[[], int], seed: int, **options: Unpack[PracticeOptions]
    ) -> None:
        """`clock` is UTC milliseconds; `seed` decides every id; for the rest PracticeOptions."""
        shelf = options.get("shelf") or MemoryShelf()
        limits = options.get("limits")
        self._world = World(clock=clock, seed=seed, shelf=shelf, alarm_of=alarm_of)
        self._router = Router(route for room in _ROOMS for route in room.ROUTES)
        self._keys = IdempotencyKeys(self._world)
        self._dice = FaultDice(options.get("faults") or FaultPlan())
        self._meter = RateMeter(limits) if limits else None
        self._latency_seconds = options.get("latency_seconds", 0.0)

    # --------------------------------------------------------------------- what people do

    def pay_link(
        self, url: str, *, email: str | None = None, amount_minor: int | None = None
    ) -> str:
        """A payer opens a payment link's URL and pays; the Checkout Session's id.

        `amount_minor` pays another total than the link's. Raises payer.PayerTurnedAway.
        """
        session_id = self.open_session(url)
        self.complete_session(session_id, email=email, amount_minor=amount_minor)
        return session_id

    def open_session(self, url: str) -> str:
        """A payer opens a payment link's URL and stops there; the Checkout Session's id."""
        return payer.open_session(self._world, url)

    def complete_session(
        self, session_id: str, *, email: str | None = None, amount_minor: int | None = None
    ) -> None:
        """The payer of an open Checkout Session pays."""
        payer.complete_session(self._world, session_id, email=email, amount_minor=amount_minor)

    def pay_invoice(self, invoice_id: str) -> None:
        """The member pays the hosted invoice page."""
        payer.pay_invoice(self._world, invoice_id)

    def refund(self, payment_intent_id: str, amount_minor: int | None = None) -> str:
        """The seller refunds in the Dashboard; the refund's id."""
        return payer.refund(self._world, payment_intent_id, amount_minor)

    # ---------------------------------------------------------------- what a rehearsal does

    @property
    def faults(self) -> FaultPlan:
        """The plan in play. A new plan starts its counts and dice anew."""
        return self._dice.plan

    @faults.setter
    def faults(self, plan: FaultPlan) -> None:
        self._dice = FaultDice(plan)

    def advance(self, seconds: int) -> None:
        """Time passes on the practice clock, beyond the clock that was handed in."""
        payer.advance(self._world, seconds)

    def now_ms(self) -> int:
        """The practice clock. UTC milliseconds."""
        return self._world.now_ms()

    def objects(self, kind: str) -> list[JsonObject]:
        """Copies of all objects of a kind (`customer`, `checkout.session`, …), oldest first."""
        let_time_pass(self._world)
        with self._world.lock:
            kept = [public(value) for value in self._world.objects(kind)]
            copies: list[JsonObject] = json.loads(json.dumps(kept))
            return copies

    def kinds(self) -> list[str]:
        """The kinds of objects there are."""
        return self._world.kinds()

    # ------------------------------------------------------------------------------- ASGI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3. Raises ConnectionLost where the fault plan loses the connection."""
        if scope["type"] == "lifespan":
            await live_and_die(receive, send)
            return
        assert scope["type"] == "http", scope["type"]
        try:
            request = await read_request(scope, receive)
        except Refusal as refusal:
            await send_answer(send, Answer.of_json(refusal.status, refusal.body))
            return
        await send_answer(send, await self._answer(request))

    async def _answer(self, request: Request) -> Answer:
        now_ms = self._world.now_ms()
        fault = self._dice.pick(request.method, request.path, now_ms)
        kind = fault.kind if fault else None
        if kind is FaultKind.LOST_BEFORE:
            raise ConnectionLost(before_effect=True)
        if kind in (FaultKind.CAPTIVE_PORTAL, FaultKind.CAPTIVE_PORTAL_REDIRECT):
            return portal_answer(redirect=kind is FaultKind.CAPTIVE_PORTAL_REDIRECT)
        request_id = self._world.new_request_id()
        headers: dict[str, str] = {}
        try:
            saved = await self._perform(request, request_id, kind)
            status, text = saved.status, saved.text
            if saved.request_id != request_id:
                headers = {"Idempotent-Replayed": "true", "Original-Request": saved.request_id}
        except Refusal as refusal:
            status, text, headers = refusal.status, json.dumps(refusal.body), refusal.headers
        await self._linger(fault)
        return Answer(
            status=status,
            body=text.encode(),
            headers={
                "Content-Type": "application/json",
                "Date": formatdate(now_ms / 1000, usegmt=True),
                "Request-Id": request_id,
                "Stripe-Version": API_VERSION,
                **headers,
            },
        )

    async def _linger(self, fault: FaultRule | None) -> None:
        """What can happen to an answer after its effect."""
        if fault is None:
            return
        if fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault.kind is FaultKind.LOST_AFTER:
            raise ConnectionLost(before_effect=False)

    async def _perform(self, request: Request, request_id: str, fault: FaultKind | None) -> Saved:
        """The request in Stripe's order: key, rate, route, idempotency, parameters, execution."""
        shown = check_key(request.headers, self._dice.plan.refused_keys)
        if fault is FaultKind.BAD_KEY:
            raise bad_key(shown)
        check_version(request.headers)
        route, ids = self._router.find(request.method, request.path)
        if self._meter is not None:
            self._meter.admit(route.operation, self._world.now_ms())
        if fault is FaultKind.RATE_LIMITED_429:
            raise rate_limited("global-rate")
        tree = decode(request.body if request.method == "POST" else request.query)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if fault is FaultKind.CONFLICT_409:
            raise key_in_use(key or "none")
        let_time_pass(self._world)
        work = _Work(
            route=route, ids=ids, tree=tree, path=request.path, request_id=request_id, fault=fault
        )
        if key is None:
            return await self._execute(work, None)
        with self._keys.under_way(key):
            asked = Asked.of(key, request.path, tree)
            saved = self._keys.find(asked)
            return saved if saved is not None else await self._execute(work, asked)

    async def _execute(self, work: _Work, asked: Asked | None) -> Saved:
        if self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        call = Call(ids=work.ids, params=check(work.route.params, work.tree), path=work.path)
        cause = Cause(request_id=work.request_id, idempotency_key=asked.key if asked else None)
        try:
            if work.fault is FaultKind.ERROR_500_WITHOUT_EFFECT:
                raise broken()
            if work.route.method == "GET":
                with self._world.lock:
                    return self._run(work, call)
            with self._world.transaction(cause):
                saved = self._run(work, call)
                self._keys.save(asked, saved)
                return saved
        except Refusal as refusal:
            # Execution began, so the refusal is kept as well; its effects were taken back.
            text = json.dumps(refusal.body)
            saved = Saved(status=refusal.status, text=text, request_id=work.request_id)
            with self._world.transaction(cause):
                self._keys.save(asked, saved)
            raise

    def _run(self, work: _Work, call: Call) -> Saved:
        answer = work.route.handler(self._world, call)
        status, answer = 200, expand(self._world, answer, call.params.get("expand", []))
        if work.fault is FaultKind.ERROR_500_WITH_EFFECT:
            status, answer = 500, broken().body
        return Saved(status=status, text=json.dumps(answer), request_id=work.request_id)
