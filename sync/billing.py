"""Invoices: made empty, filled, finalized, compared with the sale, then paid or sent.

It never decides an amount: an invoice with another total is left unpaid for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import error_left_ms
from kiosk.domain.people import member_entity
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind
from sync.findings import recording
from sync.intents import BillIntent
from sync.names import BILL, bill_entity
from sync.rails.base import Bill, BillState, Remote
from sync.rails.troubles import RailTrouble, TroubleKind
from sync.rails.wanted import (
    BillLineWanted,
    BillMoved,
    BillWanted,
    CustomerWanted,
    Mark,
    Move,
)
from sync.railtime import skew_matters
from sync.steps import Aim, Carrier, Visit

CUSTOMER: Final = "customer"
CASH_DUE_DAYS: Final = 1  # paid at once; Stripe wants a number


class Refused(Exception):
    """The entry cannot be carried as it is: `reason` is shown to staff, who decide."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What has to become of an invoice that has its lines; `known` is what this visit saw of it."""

    known: Remote
    prefix: str
    tender: TenderKind
    total_minor: int
    currency: str


async def bill_once(carrier: Carrier, visit: Visit, intent: BillIntent, prefix: str) -> None:
    """One invoice with the intent's lines."""
    customer_id = await customer_of(carrier, visit, prefix)
    days = intent.days_until_due
    name = f"{prefix}invoice"
    made = await visit.ensure(
        Aim(
            name=name,
            wanted=BillWanted(
                customer_id=customer_id,
                currency=intent.currency,
                days_until_due=CASH_DUE_DAYS if days is None else days,
                effective_s=sold_s(carrier, visit, intent.sold_ms),
                mark=mark_of(carrier, visit, name),
            ),
        )
    )
    for line in intent.lines:
        name = f"{prefix}item-{line.line_no}"
        many = f"{line.quantity} × " if line.quantity > 1 else ""
        wanted = BillLineWanted(
            customer_id=customer_id,
            bill_id=made.remote_id,
            description=f"{many}{line.description}",
            amount_minor=line.amount_minor,
            currency=intent.currency,
            mark=mark_of(carrier, visit, name),
        )
        await visit.ensure(Aim(name=name, wanted=wanted))
    billing = Billing(
        known=made,
        prefix=prefix,
        tender=intent.tender,
        total_minor=intent.total_minor,
        currency=intent.currency,
    )
    await bill_through(carrier, visit, billing)


async def bill_through(carrier: Carrier, visit: Visit, billing: Billing) -> None:
    """Finalize; compare; then pay out of band (cash) or send. Act only on a state just read."""
    bill_id, seen = billing.known.remote_id, billing.known.bill
    is_draft = seen is not None and seen.state is BillState.DRAFT
    finalized = await _move(carrier, visit, billing, Move.FINALIZE, look=not is_draft)
    bill = finalized.bill or await carrier.rail.bill(bill_id)
    if bill.state in {BillState.VOID, BillState.UNCOLLECTIBLE}:
        raise Refused("invoice_void")
    if (bill.total_minor, bill.currency) != (billing.total_minor, billing.currency):
        raise _total_differs(carrier, visit, bill)
    if bill.state is BillState.PAID:
        return  # nothing was due, or somebody was quicker
    move = Move.PAY_OUT_OF_BAND if billing.tender.settles_at_once else Move.SEND
    try:
        await _move(carrier, visit, billing, move, look=False)
    except RailTrouble as told:
        # Paid between our look and our move: what was wanted is reached, by somebody else.
        if told.trouble.kind is not TroubleKind.REFUSED:
            raise
        if (await carrier.rail.bill(bill_id)).state is not BillState.PAID:
            raise


async def customer_of(carrier: Carrier, visit: Visit, prefix: str) -> str:
    """The member's customer at the rail, kept for all their later sales."""
    entry, mode = visit.entry, carrier.rail.mode
    known = carrier.ledger.read(
        lambda uow: uow.mirror.get(mode, member_entity(entry.member_id), CUSTOMER)
    )
    if known is not None:
        return str(known.remote_id)
    if entry.person is None:
        raise Refused("member_erased")
    name, now_ms = f"{prefix}customer", carrier.time.now_ms()

    def keep(uow: UnitOfWork, remote: Remote) -> None:
        entity = member_entity(entry.member_id)
        uow.mirror.put(mode, entity, CUSTOMER, RemoteObject(remote_id=remote.remote_id), now_ms)

    made = await visit.ensure(
        Aim(
            name=name,
            wanted=CustomerWanted(
                name=entry.person["name"],
                email=entry.person["email"],
                language=entry.person["language"],
                mark=mark_of(carrier, visit, name),
            ),
            look_first=True,
            keep=keep,
        )
    )
    return made.remote_id


def mark_of(carrier: Carrier, visit: Visit, step: str) -> Mark:
    """Our name on what this step makes."""
    return Mark(sale_id=visit.entry.sale_id, device=carrier.device, step=step)


def sold_s(carrier: Carrier, visit: Visit, sold_ms: int) -> int | None:
    """When the sale truly was, in seconds; None when nobody knows.

    Stripe refuses an instant in the future, so a clock that ran ahead must not reach it.
    """
    sale: Sale | None = carrier.ledger.read(lambda uow: uow.sales.get(visit.entry.sale_id))
    skew_ms = sale.skew_ms if sale is not None else None
    if skew_ms is None:
        if (sale is not None and sale.clock_doubtful) or skew_matters(carrier.time.skew_ms):
            return None
        skew_ms = 0
    return min(sold_ms - error_left_ms(skew_ms), carrier.time.now_ms()) // 1000


async def _move(
    carrier: Carrier, visit: Visit, billing: Billing, move: Move, *, look: bool
) -> Remote:
    bill_id = billing.known.remote_id
    mode, now_ms = carrier.rail.mode, carrier.time.now_ms()
    entity = bill_entity(visit.entry.sale_id, visit.entry.entry_id)

    def keep(uow: UnitOfWork, remote: Remote) -> None:
        url = remote.bill.url if remote.bill else None
        uow.mirror.put(mode, entity, BILL, RemoteObject(remote_id=bill_id, url=url), now_ms)

    return await visit.ensure(
        Aim(
            name=f"{billing.prefix}{move}",
            wanted=BillMoved(move=move, bill_id=bill_id),
            look_first=look,
            keep=keep if move is Move.FINALIZE else None,
        )
    )


def _total_differs(carrier: Carrier, visit: Visit, bill: Bill) -> Refused:
    """The rail counts otherwise than the sale did. The pass stays, the invoice stays unpaid."""
    finding = Finding(
        kind=FindingKind.TOTAL_DIFFERS,
        sale_id=visit.entry.sale_id,
        remote_id=bill.bill_id,
        amount_minor=bill.total_minor,
        currency=bill.currency,
        at_ms=carrier.time.now_ms(),
    )
    visit.note(recording(finding, carrier.rail.mode))
    return Refused(FindingKind.TOTAL_DIFFERS)
