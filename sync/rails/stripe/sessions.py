"""Checkout Sessions of our links, and the events that hint at them and at invoices.

https://docs.stripe.com/api/checkout/sessions, https://docs.stripe.com/api/events
"""

from __future__ import annotations

from typing import Final

from sync.rails.base import Hint, HintKind, Hints, Payment, PaymentState, Remote
from sync.rails.stripe.client import MorePages, StripeDoor, Thing, field_of, id_of, spoken

# Only what may change a pass; an event's payload is in the account's version and is not read.
_HINTS: Final = {
    "checkout.session.completed": HintKind.PAYMENT,
    "checkout.session.async_payment_succeeded": HintKind.PAYMENT,
    "checkout.session.async_payment_failed": HintKind.PAYMENT,
    "invoice.paid": HintKind.BILL,
    "invoice.voided": HintKind.BILL,
    "invoice.marked_uncollectible": HintKind.BILL,
}


async def read(door: StripeDoor, payment_id: str) -> Payment:
    """GET /v1/checkout/sessions/{id}, in the pinned version."""
    thing = await door.ask(
        "GET checkout/session",
        lambda client: client.v1.checkout.sessions.retrieve_async(payment_id),
    )
    return payment_of(thing)


async def of_link(door: StripeDoor, link_id: str, since_s: int) -> tuple[Payment, ...]:
    """Every session of a link that was opened since then."""
    things = door.pages(
        "GET checkout/sessions",
        lambda client, page: client.v1.checkout.sessions.list_async(
            params=spoken({"payment_link": link_id, "created": {"gte": since_s}, **page})
        ),
    )
    # A lenient relay may ignore a filter; we do not.
    return tuple(
        [
            payment_of(thing)
            async for thing in things
            if id_of(field_of(thing, "payment_link")) == link_id
        ]
    )


async def hints(door: StripeDoor, since_s: int) -> Hints:
    """What happened since then, oldest first."""
    things = door.pages(
        "GET events",
        lambda client, page: client.v1.events.list_async(
            params=spoken({"types": list(_HINTS), "created": {"gte": since_s}, **page})
        ),
    )
    try:
        found = [_hint_of(thing) async for thing in things if thing.type in _HINTS]
    except MorePages:
        return Hints(hints=(), complete=False)
    return Hints(hints=tuple(reversed(found)), complete=True)


async def find_by_key(door: StripeDoor, key: str, event_type: str, since_s: int) -> Remote | None:
    """The object whose event names our idempotency key: Stripe keeps events for 30 days."""
    try:
        async for thing in door.pages(
            "GET events",
            lambda client, page: client.v1.events.list_async(
                params=spoken({"type": event_type, "created": {"gte": since_s}, **page})
            ),
        ):
            request = field_of(thing, "request")
            if request is not None and field_of(request, "idempotency_key") == key:
                return Remote(remote_id=thing.data.object["id"])
    except MorePages:
        return None
    return None


def payment_of(thing: Thing) -> Payment:
    """The fields of a session that we believe. One that expired unpaid is `OPEN`: nothing came."""
    return Payment(
        payment_id=thing.id,
        link_id=id_of(field_of(thing, "payment_link")),
        reference=field_of(thing, "client_reference_id"),
        state=_state(thing),
        amount_minor=thing.amount_total or 0,
        currency=thing.currency or "",
        created_s=thing.created,
    )


def _state(thing: Thing) -> PaymentState:
    if thing.status != "complete":
        return PaymentState.OPEN
    settled = thing.payment_status in {"paid", "no_payment_required"}
    return PaymentState.PAID if settled else PaymentState.PROCESSING


def _hint_of(event: Thing) -> Hint:
    return Hint(
        event_id=event.id,
        kind=_HINTS[event.type],
        object_id=event.data.object["id"],
        created_s=event.created,
    )
