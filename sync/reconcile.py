"""Watches: compares what the rail has with what a sale expects, and writes down what it finds.

It creates nothing at the rail and never takes back a pass that was paid in cash.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.ids import EntryId, SaleId
from kiosk.domain.outbox import Entry
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import Finding, FindingKind
from sync.intents import WatchIntent, read_watch
from sync.judging import (
    Closing,
    Counted,
    Due,
    closing_of,
    grace_at,
    grace_ends_ms,
    is_dated_ahead,
    judge,
    judge_bill,
)
from sync.looks import since_s
from sync.names import BILL, bill_entity
from sync.rails.base import Bill, PaymentState
from sync.railtime import skew_matters
from sync.steps import Carrier
from sync.sweep import Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one look came to: at most one finding, and what becomes of the watch."""

    finding: Finding | None
    closing: Closing


async def look(sweep: Sweep, entry: Entry) -> Judged:
    """Judge the watch `entry`, open or closed. Raises RailTrouble, IntentUnreadable, StoreError."""
    carrier, intent = sweep.carrier, read_watch(entry.intent)
    sale = carrier.ledger.read(lambda uow: uow.sales.get(entry.sale_id))
    assert sale is not None
    bill: Bill | None = None
    counted: tuple[Counted, ...] = ()
    if intent.bills is not None:
        bill = await _bill(carrier, entry.sale_id, intent.bills)
    else:
        counted = await _counted(sweep, sale, intent)
    # The time is read after the answer: it is the answer that tells the time.
    due = await _due(carrier, sale, intent, bill)
    kind = judge(due, counted) if bill is None else judge_bill(due, bill)
    return Judged(
        finding=_finding(carrier, sale, kind, counted, bill),
        closing=closing_of(kind, due.grace),
    )


async def _bill(carrier: Carrier, sale_id: SaleId, entry_id: EntryId) -> Bill:
    entity, mode = bill_entity(sale_id, entry_id), carrier.rail.mode
    row = carrier.ledger.read(lambda uow: uow.mirror.get(mode, entity, BILL))
    assert row is not None  # the watch depends on the entry that made it
    return await carrier.rail.bill(row.remote_id)


async def _counted(sweep: Sweep, sale: Sale, intent: WatchIntent) -> tuple[Counted, ...]:
    begin_s = since_s(sweep.carrier, sale)
    found: list[Counted] = []
    for link in {link.link_id: link for link in intent.links}.values():
        found += [
            Counted(payment=payment, expected_minor=link.unit_minor)
            for payment in await sweep.payments(link.link_id, begin_s)
            if sweep.sale_of(payment) == sale.sale_id
        ]
    return tuple(sorted(found, key=lambda one: (one.payment.created_s, one.payment.payment_id)))


async def _due(carrier: Carrier, sale: Sale, intent: WatchIntent, bill: Bill | None) -> Due:
    true_ms = carrier.time.sure_ms()
    first_seen_ms = await _first_seen_ms(carrier, sale, true_ms)
    ends_ms = grace_ends_ms(sale, intent.grace_ends_ms, first_seen_ms)
    return Due(
        currency=intent.currency,
        total_minor=intent.total_minor,
        revoked=_is_revoked(carrier, sale, bill),
        grace=grace_at(true_ms, ends_ms),
    )


async def _first_seen_ms(carrier: Carrier, sale: Sale, true_ms: int | None) -> int | None:
    """When the rail was first asked about a sale whose own clock nobody vouches for, else None."""
    if true_ms is None:
        return None
    mode, name = carrier.rail.mode, f"watch.first_seen:{sale.sale_id}"
    held = carrier.ledger.read(lambda uow: uow.mirror.cursor(mode, name))
    if held is not None:
        return int(held)
    # A clock that is found wrong now was most likely wrong at the sale as well.
    unsure = sale.clock_doubtful or skew_matters(carrier.time.skew_ms)
    if not is_dated_ahead(sale, true_ms) and (sale.skew_ms is not None or not unsure):
        return None
    await carrier.ledger.write(lambda uow: uow.mirror.put_cursor(mode, name, str(true_ms), true_ms))
    return true_ms


def _is_revoked(carrier: Carrier, sale: Sale, bill: Bill | None) -> bool:
    """Whether this very watch ended unpaid before; a sale billed in parts has several."""
    own = bill.bill_id if bill else sale.sale_id
    found = carrier.ledger.read(lambda uow: uow.sales.findings(sale.sale_id))
    return any(one.kind is FindingKind.UNPAID_AT_GRACE and one.remote_id == own for one in found)


def _finding(
    carrier: Carrier,
    sale: Sale,
    kind: FindingKind | None,
    counted: tuple[Counted, ...],
    bill: Bill | None,
) -> Finding | None:
    if kind is None:
        return None
    paid = [one.payment for one in counted if one.payment.state is PaymentState.PAID]
    told = paid or [one.payment for one in counted if one.payment.state is PaymentState.PROCESSING]
    remote_id = bill.bill_id if bill else told[-1].payment_id if told else sale.sale_id
    amount = bill.paid_minor if bill else sum(one.amount_minor for one in told)
    return Finding(
        kind=kind,
        sale_id=sale.sale_id,
        remote_id=remote_id,
        amount_minor=amount,
        currency=told[-1].currency if told else sale.currency,
        at_ms=carrier.time.now_ms(),
    )
