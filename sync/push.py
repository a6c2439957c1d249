"""Carries one billing entry to the rail, step by step, and says what stands in its way."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.outbox import Topic
from sync.billing import Refused, bill_once
from sync.intents import IntentUnreadable, read_bill, read_subscription
from sync.memberships import push_subscription
from sync.steps import Carrier, Visit


async def push(carrier: Carrier, visit: Visit) -> None:
    """Do all that is left of an entry. Raises RailTrouble, Refused; StoreError."""
    if visit.entry.person is None:
        # Their key is gone: frozen parameters cannot be read any more, nor new ones be sealed.
        raise Refused("member_erased")
    try:
        match visit.entry.topic:
            case Topic.INVOICE:
                await bill_once(carrier, visit, read_bill(visit.entry.intent), prefix="")
            case Topic.SUBSCRIPTION:
                await push_subscription(carrier, visit, read_subscription(visit.entry.intent))
            case Topic.WATCH:
                raise AssertionError("a watch is reconciled, not pushed")
            case _:
                assert_never(visit.entry.topic)
    except IntentUnreadable as error:
        raise Refused(f"intent_unreadable:{error}") from None
