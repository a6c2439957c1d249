"""Reads what happened at the rail since the last look, as hints, and finds the sales they concern.

An event is never believed: its payload is in the account's version, and it may come late, twice or
not at all. It is a reason to read the object itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import DAY_MS, MINUTE_MS
from kiosk.domain.ids import EntryId, SaleId
from kiosk.domain.outbox import Entry, Topic
from kiosk.domain.settlement import FindingKind
from sync.intents import IntentUnreadable, read_watch
from sync.looks import reach_back
from sync.names import read_bill_entity
from sync.rails.base import Hint, HintKind, Payment, PaymentState
from sync.rails.troubles import RailTrouble, TroubleKind
from sync.steps import Carrier
from sync.sweep import Sweep

CURSOR: Final = "events"
OVERLAP_MS: Final = 10 * MINUTE_MS
# Stripe lists events for 30 days; a day less is the margin.
CURSOR_MS_MAX: Final = 29 * DAY_MS
SEEN_MS: Final = 2 * OVERLAP_MS
UNPAID_BILLS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """The watches that something happened to, open or closed, and what was read to know it."""

    watches: tuple[Entry, ...]
    hints: tuple[Hint, ...]
    started_ms: int


async def pull(sweep: Sweep) -> Pulled:
    """Read hints since the cursor, or everything when the cursor is too old. Raises RailTrouble.

    They count as read only after `remember`: what could not be followed is read again.
    """
    carrier = sweep.carrier
    mode = carrier.rail.mode
    held = carrier.ledger.read(lambda uow: uow.mirror.cursor(mode, CURSOR))
    started_ms = carrier.time.now_ms()
    since_ms = int(held) if held is not None else started_ms - CURSOR_MS_MAX
    hints: tuple[Hint, ...] | None = None
    if held is not None and 0 <= started_ms - since_ms < CURSOR_MS_MAX:
        hints = await _hints(carrier, since_ms)
    watches: dict[EntryId, Entry] = {}
    if hints is None:
        await _backfill(sweep, min(since_ms, started_ms), watches)
    else:
        for hint in _fresh(carrier, hints):
            await _follow(sweep, hint, watches)
    return Pulled(watches=tuple(watches.values()), hints=hints or (), started_ms=started_ms)


async def remember(carrier: Carrier, pulled: Pulled) -> None:
    """Move the cursor to when we began to ask: what came meanwhile is in the next overlap."""
    mode, now_ms = carrier.rail.mode, carrier.time.now_ms()

    def work(uow: UnitOfWork) -> None:
        for hint in pulled.hints:
            uow.mirror.event_seen(mode, hint.event_id, now_ms)
        uow.mirror.prune_events(mode, now_ms - SEEN_MS)
        uow.mirror.put_cursor(mode, CURSOR, str(min(pulled.started_ms, now_ms)), now_ms)

    await carrier.ledger.write(work)


async def _hints(carrier: Carrier, since_ms: int) -> tuple[Hint, ...] | None:
    """The events since the cursor; None when lists have to do instead."""
    try:
        told = await carrier.rail.hints(max(0, since_ms - OVERLAP_MS) // 1000)
    except RailTrouble as error:
        if error.trouble.kind is TroubleKind.REFUSED:
            return None  # an address without events is still a rail
        raise
    return told.hints if told.complete else None


def _fresh(carrier: Carrier, hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    """One hint for each object, the newest, of the events that were not seen before."""
    mode = carrier.rail.mode
    unseen = carrier.ledger.read(
        lambda uow: [hint for hint in hints if not uow.mirror.was_event_seen(mode, hint.event_id)]
    )
    return tuple({(hint.kind, hint.object_id): hint for hint in unseen}.values())


async def _follow(sweep: Sweep, hint: Hint, watches: dict[EntryId, Entry]) -> None:
    match hint.kind:
        case HintKind.PAYMENT:
            payment = await _payment(sweep.carrier, hint.object_id)
            if payment is not None:
                await _place(sweep, payment, watches)
        case HintKind.BILL:
            watch = _watch_of_bill(sweep.carrier, hint.object_id)
            if watch is not None:
                watches[watch.entry_id] = watch
        case _:
            assert_never(hint.kind)


async def _payment(carrier: Carrier, payment_id: str) -> Payment | None:
    """The payment, or None when the rail does not know it: a hint may be about anybody's."""
    try:
        return await carrier.rail.payment(payment_id)
    except RailTrouble as error:
        if error.trouble.kind is TroubleKind.REFUSED:
            return None
        raise


async def _place(sweep: Sweep, payment: Payment, watches: dict[EntryId, Entry]) -> None:
    """Find the watch a payment belongs to; money without one is an orphan."""
    if payment.state is PaymentState.OPEN or payment.link_id is None:
        return  # nothing was paid, or it was not on a link of anybody's
    sale_id = sweep.sale_of(payment)
    watch = None if sale_id is None else _watch_of(sweep.carrier, sale_id, payment.link_id)
    if watch is None:
        await sweep.record_orphan(payment)
    else:
        await reach_back(sweep.carrier, watch.sale_id, payment)
        watches[watch.entry_id] = watch


async def _backfill(sweep: Sweep, since_ms: int, watches: dict[EntryId, Entry]) -> None:
    """Without events: every payment on every link since then, and the bills nobody had paid."""
    since_s = max(0, since_ms - OVERLAP_MS) // 1000
    for link_id in await sweep.carrier.rail.link_ids():
        for payment in await sweep.payments(link_id, since_s):
            await _place(sweep, payment, watches)
    for bill_id in _unpaid_bills(sweep.carrier):
        watch = _watch_of_bill(sweep.carrier, bill_id)
        if watch is not None:
            watches[watch.entry_id] = watch


def _unpaid_bills(carrier: Carrier) -> tuple[str, ...]:
    """Bills given up as unpaid and not heard of since, newest first: they can still be paid."""
    mode, kinds = carrier.rail.mode, (FindingKind.UNPAID_AT_GRACE, FindingKind.PAID_AFTER_REVOKE)
    found = carrier.ledger.read(
        lambda uow: uow.sales.newest_findings(mode, kinds, 2 * UNPAID_BILLS_MAX)
    )
    paid = {one.remote_id for one in found if one.kind is FindingKind.PAID_AFTER_REVOKE}
    unpaid = [one.remote_id for one in found if one.remote_id not in paid]
    return tuple(unpaid[:UNPAID_BILLS_MAX])


def _watch_of(carrier: Carrier, sale_id: SaleId, link_id: str) -> Entry | None:
    for entry in carrier.ledger.read(lambda uow: uow.outbox.of_sale(sale_id)):
        if entry.topic is Topic.WATCH and link_id in _links_of(entry):
            return entry
    return None


def _links_of(entry: Entry) -> frozenset[str]:
    try:
        return frozenset(link.link_id for link in read_watch(entry.intent).links)
    except IntentUnreadable:
        return frozenset()


def _watch_of_bill(carrier: Carrier, bill_id: str) -> Entry | None:
    row = carrier.ledger.read(lambda uow: uow.mirror.by_remote(bill_id))
    named = read_bill_entity(row.entity) if row is not None else None
    if named is None:
        return None
    sale_id, entry_id = named
    for entry in carrier.ledger.read(lambda uow: uow.outbox.of_sale(sale_id)):
        if entry.topic is Topic.WATCH and entry.intent.get("bills") == entry_id:
            return entry
    return None
