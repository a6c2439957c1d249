"""Memberships: the subscription the rail goes on billing, and its first invoice."""

from __future__ import annotations

from typing import Final

from kiosk.domain.offer import Cadence, CadenceUnit
from kiosk.domain.provisioning import price_entity
from sync.billing import Billing, Refused, bill_once, bill_through, customer_of, mark_of, sold_s
from sync.intents import BillIntent, BillLine, IntentUnreadable, SubscriptionIntent
from sync.prices import Priced, ensure_price
from sync.rails.base import Remote
from sync.rails.wanted import Move, SubscriptionWanted
from sync.steps import Aim, Carrier, Visit

OVER_SOON_SECONDS: Final = 3600  # an end this near would be past before the answer is
MEMBERSHIP_DUE_DAYS: Final = 7  # for the periods that follow one paid in cash


async def push_subscription(carrier: Carrier, visit: Visit, intent: SubscriptionIntent) -> None:
    """Enroll the member and settle the first period. Raises RailTrouble, Refused; StoreError."""
    prefix = f"sub-{intent.line_no}."
    made = await _enrolled(carrier, visit, intent, prefix)
    if made is None:
        await bill_once(carrier, visit, _first_period(intent), prefix)
        return
    billing = Billing(
        known=await _first_bill(carrier, visit, prefix, made.remote_id),
        prefix=prefix,
        tender=intent.tender,
        total_minor=intent.total_minor,
        currency=intent.currency,
    )
    await bill_through(carrier, visit, billing)


async def _enrolled(
    carrier: Carrier, visit: Visit, intent: SubscriptionIntent, prefix: str
) -> Remote | None:
    """The subscription; None when it was over before it could begin.

    Stripe takes no `cancel_at` in the past. What was paid at the sale is billed all the same.
    """
    customer_id = await customer_of(carrier, visit, prefix)
    price = await ensure_price(carrier, _priced(intent))
    days = intent.days_until_due
    name = f"{prefix}subscription"
    aim = Aim(
        name=name,
        wanted=SubscriptionWanted(
            customer_id=customer_id,
            price_id=price.remote_id,
            quantity=intent.quantity,
            days_until_due=MEMBERSHIP_DUE_DAYS if days is None else days,
            started_s=sold_s(carrier, visit, intent.sold_ms),
            cancel_at_s=intent.cancel_at_s,
            mark=mark_of(carrier, visit, name),
        ),
    )
    soon_s = carrier.time.now_ms() // 1000 + OVER_SOON_SECONDS
    if intent.cancel_at_s is not None and intent.cancel_at_s <= soon_s:
        return await visit.look_for(aim)
    return await visit.ensure(aim)


async def _first_bill(carrier: Carrier, visit: Visit, prefix: str, subscription_id: str) -> Remote:
    """The invoice the subscription began with, which Stripe leaves a draft for an hour."""
    known = visit.remote_id(f"{prefix}{Move.FINALIZE}")
    if known is not None:
        return Remote(remote_id=known)
    first = await carrier.rail.first_bill(subscription_id)
    if first is None:
        raise Refused("first_invoice_missing")
    return Remote(remote_id=first.bill_id, bill=first)


def _first_period(intent: SubscriptionIntent) -> BillIntent:
    line = BillLine(
        line_no=intent.line_no,
        description=intent.name,
        amount_minor=intent.total_minor,
        quantity=intent.quantity,
    )
    return BillIntent(
        tender=intent.tender,
        currency=intent.currency,
        sold_ms=intent.sold_ms,
        days_until_due=intent.days_until_due,
        lines=(line,),
        total_minor=intent.total_minor,
    )


def _priced(intent: SubscriptionIntent) -> Priced:
    try:
        cadence = Cadence(every=intent.every, unit=CadenceUnit(intent.unit))
    except ValueError:
        raise IntentUnreadable("cadence") from None
    return Priced(
        entity=price_entity(intent.offer, intent.currency, intent.unit_minor, cadence),
        name=intent.name,
        currency=intent.currency,
        unit_minor=intent.unit_minor,
        every=cadence.every,
        unit=cadence.unit,
    )
