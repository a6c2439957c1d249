"""Invoices and their lines: we decide when they are finalized, paid and sent, never Stripe.

https://docs.stripe.com/api/invoices. Fields gone since 2025-03 (`paid`, `paid_out_of_band`,
`payment_intent`) are not read: `status` says it.
"""

from __future__ import annotations

from typing import assert_never

from sync.rails.base import Bill, BillState, Remote
from sync.rails.stripe.client import MorePages, StripeDoor, Thing, field_of, spoken, stamped
from sync.rails.stripe.words import SALE, STEP, metadata_of
from sync.rails.wanted import BillLineWanted, BillMoved, BillWanted, Move, Params

LINES_MAX = 100


def params(wanted: BillWanted) -> Params:
    """An empty draft that Stripe leaves alone and that takes no line but ours."""
    made: dict[str, object] = {
        "customer": wanted.customer_id,
        "currency": wanted.currency,
        "collection_method": "send_invoice",
        "days_until_due": wanted.days_until_due,
        "auto_advance": False,
        "pending_invoice_items_behavior": "exclude",
        "metadata": metadata_of(wanted.mark),
    }
    if wanted.effective_s is not None:
        made["effective_at"] = wanted.effective_s
    return made


def line_params(wanted: BillLineWanted) -> Params:
    """One line with its whole amount: unit times quantity was decided at the sale."""
    return {
        "customer": wanted.customer_id,
        "invoice": wanted.bill_id,
        "amount": wanted.amount_minor,
        "currency": wanted.currency,
        "description": wanted.description,
        "metadata": metadata_of(wanted.mark),
    }


def move_params(wanted: BillMoved) -> Params:
    """What is frozen of a move; the invoice's id travels in the path."""
    match wanted.move:
        case Move.FINALIZE:
            return {"invoice": wanted.bill_id, "auto_advance": False}
        case Move.PAY_OUT_OF_BAND:
            return {"invoice": wanted.bill_id, "paid_out_of_band": True}
        case Move.SEND:
            return {"invoice": wanted.bill_id}
        case _:
            assert_never(wanted.move)


async def create(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/invoices."""
    return await door.ask(
        "POST invoices",
        lambda client: client.v1.invoices.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def create_line(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/invoiceitems."""
    return await door.ask(
        "POST invoiceitems",
        lambda client: client.v1.invoice_items.create_async(
            params=spoken(params),
            options={"idempotency_key": key},
        ),
    )


async def finalize(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/invoices/{id}/finalize."""
    return await door.ask(
        "POST invoices/finalize",
        lambda client: client.v1.invoices.finalize_invoice_async(
            str(params["invoice"]), params={"auto_advance": False},
            options={"idempotency_key": key},
        ),
    )  # fmt: skip


async def pay(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/invoices/{id}/pay: the money is in our drawer."""
    return await door.ask(
        "POST invoices/pay",
        lambda client: client.v1.invoices.pay_async(
            str(params["invoice"]), params={"paid_out_of_band": True},
            options={"idempotency_key": key},
        ),
    )  # fmt: skip


async def send(door: StripeDoor, params: Params, key: str) -> Thing:
    """POST /v1/invoices/{id}/send."""
    return await door.ask(
        "POST invoices/send",
        lambda client: client.v1.invoices.send_invoice_async(
            str(params["invoice"]), options={"idempotency_key": key}
        ),
    )


async def find(door: StripeDoor, params: Params) -> Remote | None:
    """The invoice of the same customer with our mark."""
    wanted = _mark(params)
    async for thing in door.pages(
        "GET invoices",
        lambda client, page: client.v1.invoices.list_async(
            params=spoken({"customer": str(params["customer"]), **page})
        ),
    ):
        if stamped(thing, **wanted):
            return remote_of(thing)
    return None


async def find_line(door: StripeDoor, params: Params) -> Remote | None:
    """The line of the same invoice with our mark. An invoice has at most LINES_MAX of ours."""
    page = await door.ask(
        "GET invoiceitems",
        lambda client: client.v1.invoice_items.list_async(
            params={"invoice": str(params["invoice"]), "limit": LINES_MAX}
        ),
    )
    same = [thing for thing in page.data if stamped(thing, **_mark(params))]
    return Remote(remote_id=same[-1].id) if same else None


async def find_finalized(door: StripeDoor, params: Params) -> Remote | None:
    """The invoice, if it is no draft any more."""
    bill = await read(door, str(params["invoice"]))
    return None if bill.state is BillState.DRAFT else Remote(remote_id=bill.bill_id, bill=bill)


async def find_paid(door: StripeDoor, params: Params) -> Remote | None:
    """The invoice, if it is paid."""
    bill = await read(door, str(params["invoice"]))
    return Remote(remote_id=bill.bill_id, bill=bill) if bill.state is BillState.PAID else None


async def read(door: StripeDoor, bill_id: str) -> Bill:
    """GET /v1/invoices/{id}."""
    thing = await door.ask("GET invoice", lambda client: client.v1.invoices.retrieve_async(bill_id))
    return bill_of(thing)


async def first_of(door: StripeDoor, subscription_id: str) -> Bill | None:
    """The invoice a subscription began with; the oldest one where Stripe gives no reason."""
    oldest: Thing = None
    try:
        async for thing in door.pages(
            "GET invoices",
            lambda client, page: client.v1.invoices.list_async(
                params=spoken({"subscription": subscription_id, **page})
            ),
        ):
            oldest = thing
            if field_of(thing, "billing_reason") == "subscription_create":
                break
    except MorePages:
        return None
    return None if oldest is None else bill_of(oldest)


def bill_of(thing: Thing) -> Bill:
    """The fields of an invoice that we believe. `total` includes tax and ignores balances."""
    return Bill(
        bill_id=thing.id,
        state=BillState(thing.status),
        total_minor=thing.total,
        paid_minor=thing.amount_paid,
        currency=thing.currency,
        url=field_of(thing, "hosted_invoice_url"),
    )


def remote_of(thing: Thing) -> Remote:
    """An invoice as the object a write made."""
    bill = bill_of(thing)
    return Remote(remote_id=bill.bill_id, url=bill.url, bill=bill)


def _mark(params: Params) -> dict[str, str]:
    metadata = params["metadata"]
    assert isinstance(metadata, dict)
    return {SALE: metadata[SALE], STEP: metadata[STEP]}
