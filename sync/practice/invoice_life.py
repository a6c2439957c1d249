"""The life of an invoice: draft, open, then paid, void or uncollectible; never back.

https://docs.stripe.com/invoicing/overview#invoice-statuses
"""

from __future__ import annotations

from typing import Final

from sync.practice.events import emit
from sync.practice.invoices import DAY_SECONDS
from sync.practice.payments import (
    close_payment,
    new_intent,
    new_invoice_payment,
    open_payment,
    refuse_bad_method,
)
from sync.practice.refusals import invalid
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, public
from sync.practice.world import World


def finalize(world: World, invoice_id: str) -> JsonObject:
    """Give a draft its number and open it; an invoice over nothing is paid at once."""
    invoice = world.edit("invoice", invoice_id)
    if invoice["status"] != "draft":
        raise invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            code="invoice_already_finalized",
        )
    now = world.now()
    _number(world, invoice)
    if invoice["_days_until_due"] is not None:
        invoice["due_date"] = now + invoice["_days_until_due"] * DAY_SECONDS
    room = f"acct_{world.word('account', 16)}/{world.word(invoice_id + 'page', 48)}"
    invoice.update(
        status="open",
        effective_at=invoice["effective_at"] or now,
        ending_balance=0,
        automatically_finalizes_at=None,
        hosted_invoice_url=f"https://invoice.stripe.com/i/{room}?s=ap",
        invoice_pdf=f"https://pay.stripe.com/invoice/{room}/pdf?s=ap",
    )
    invoice["status_transitions"]["finalized_at"] = now
    emit(world, "invoice.finalized", invoice)
    if invoice["amount_due"] == 0:
        _mark_paid(world, invoice)
        return invoice
    intent = new_intent(world, invoice["amount_due"], invoice["currency"], invoice["customer"])
    new_invoice_payment(world, invoice, intent["id"])
    return invoice


def settle(world: World, invoice_id: str) -> JsonObject:
    """The open invoice is paid through Stripe, in full."""
    invoice = world.edit("invoice", invoice_id)
    waiting = open_payment(world, invoice_id)
    assert waiting is not None, "an open invoice has an open payment"
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    close_payment(world, waiting["id"], paid=True)
    _mark_paid(world, invoice)
    return invoice


def send(world: World, invoice_id: str) -> JsonObject:
    """E-mail the invoice, finalizing a draft first. (Nobody receives a practice e-mail.)"""
    held = world.must("invoice", invoice_id)
    if held["collection_method"] != "send_invoice":
        raise invalid("You can only send invoices with collection_method=send_invoice.")
    if held["status"] == "draft":
        finalize(world, invoice_id)
    elif held["status"] != "open":
        raise invalid(f"Invoices with status {held['status']} can't be sent.")
    invoice = world.edit("invoice", invoice_id)
    emit(world, "invoice.sent", invoice)
    return invoice


def overdue(world: World, invoice_id: str) -> None:
    """The due date of an open invoice went by: say so once; its subscription is past due."""
    invoice = world.edit("invoice", invoice_id)
    invoice["_overdue"] = True
    emit(world, "invoice.overdue", invoice)
    _tell_subscription(world, invoice, "active", "past_due")


def remove_draft(world: World, invoice: JsonObject) -> None:
    """A draft goes, and its items with it."""
    for item in world.objects("invoiceitem"):
        if item["invoice"] == invoice["id"]:
            world.remove("invoiceitem", item["id"])
    world.remove("invoice", invoice["id"])
    emit(world, "invoice.deleted", invoice)


def _number(world: World, invoice: JsonObject) -> None:
    if invoice["number"] is None:
        customer = world.edit("customer", invoice["customer"])
        sequence = customer["next_invoice_sequence"]
        invoice["number"] = f"{customer['invoice_prefix']}-{sequence:04d}"
        customer["next_invoice_sequence"] = sequence + 1


def _mark_paid(world: World, invoice: JsonObject) -> None:
    invoice.update(
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        auto_advance=False,
        next_payment_attempt=None,
    )
    invoice["status_transitions"]["paid_at"] = world.now()
    emit(world, "invoice.updated", invoice)
    emit(world, "invoice.paid", invoice)
    emit(world, "invoice.payment_succeeded", invoice)
    for waiting in ("past_due", "incomplete"):
        _tell_subscription(world, invoice, waiting, "active")


def _tell_subscription(world: World, invoice: JsonObject, was: str, becomes: str) -> None:
    details = (invoice["parent"] or {}).get("subscription_details")
    found = world.find("subscription", details["subscription"]) if details else None
    if found is not None and found["status"] == was:
        subscription = world.edit("subscription", found["id"])
        subscription["status"] = becomes
        emit(world, "customer.subscription.updated", subscription)


def _finalize(world: World, call: Call) -> JsonObject:
    world.must("invoice", call.ids["id"])
    invoice = finalize(world, call.ids["id"])
    if "auto_advance" in call.params:
        invoice["auto_advance"] = call.params["auto_advance"]
    return public(invoice)


def _pay(world: World, call: Call) -> JsonObject:
    invoice = world.must("invoice", call.ids["id"])
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] == "void":
        raise invalid("Void invoices can't be paid.")
    if invoice["status"] == "draft":
        finalize(world, invoice["id"])
    if invoice["status"] == "paid":
        return public(invoice)
    if call.params.get("paid_out_of_band"):
        return public(_paid_elsewhere(world, invoice["id"]))
    customer = world.must("customer", invoice["customer"])
    method = (
        call.params.get("payment_method")
        or invoice["default_payment_method"]
        or customer.get("invoice_settings", {}).get("default_payment_method")
    )
    if method is None:
        raise invalid(
            "There is no `default_payment_method` set on this Customer or Invoice. "
            "Please set one, or pass `payment_method`.",
            code="missing",
        )
    refuse_bad_method(method)
    return public(settle(world, invoice["id"]))


def _paid_elsewhere(world: World, invoice_id: str) -> JsonObject:
    """Paid in cash: Stripe only notes it (`amount_paid_off_stripe`), no intent succeeds."""
    invoice = world.edit("invoice", invoice_id)
    waiting = open_payment(world, invoice_id)
    if waiting is not None:
        close_payment(world, waiting["id"], paid=False)
    invoice["amount_paid_off_stripe"] = invoice["amount_due"]
    _mark_paid(world, invoice)
    return invoice


def _send(world: World, call: Call) -> JsonObject:
    return public(send(world, call.ids["id"]))


def _void(world: World, call: Call) -> JsonObject:
    invoice = world.must("invoice", call.ids["id"])
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(
            "You can only pass in open or uncollectible invoices to be voided. "
            f"This invoice isn't open: it is {invoice['status']}."
        )
    return _end(world, invoice["id"], "void", "voided_at", "invoice.voided")


def _give_up(world: World, call: Call) -> JsonObject:
    invoice = world.must("invoice", call.ids["id"])
    if invoice["status"] != "open":
        raise invalid("You can only mark open invoices as uncollectible.")
    return _end(
        world,
        invoice["id"],
        "uncollectible",
        "marked_uncollectible_at",
        "invoice.marked_uncollectible",
    )


def _end(world: World, invoice_id: str, status: str, at: str, event_type: str) -> JsonObject:
    invoice = world.edit("invoice", invoice_id)
    waiting = open_payment(world, invoice_id)
    if status == "void" and waiting is not None:
        close_payment(world, waiting["id"], paid=False)
    invoice.update(status=status, auto_advance=False)
    invoice["status_transitions"][at] = world.now()
    emit(world, event_type, invoice)
    return public(invoice)


def _delete(world: World, call: Call) -> JsonObject:
    invoice = world.must("invoice", call.ids["id"])
    if invoice["status"] != "draft" or invoice["parent"] is not None:
        raise invalid(
            "You can only delete draft invoices that no subscription made.",
            code="invoice_not_editable",
        )
    remove_draft(world, invoice)
    return {"id": invoice["id"], "object": "invoice", "deleted": True}


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/invoices/{id}/finalize",
        params="InvoiceFinalizeInvoiceParams",
        handler=_finalize,
    ),
    Route(method="POST", template="/v1/invoices/{id}/pay", params="InvoicePayParams", handler=_pay),
    Route(
        method="POST",
        template="/v1/invoices/{id}/send",
        params="InvoiceSendInvoiceParams",
        handler=_send,
    ),
    Route(
        method="POST",
        template="/v1/invoices/{id}/void",
        params="InvoiceVoidInvoiceParams",
        handler=_void,
    ),
    Route(
        method="POST",
        template="/v1/invoices/{id}/mark_uncollectible",
        params="InvoiceMarkUncollectibleParams",
        handler=_give_up,
    ),
    Route(
        method="DELETE", template="/v1/invoices/{id}", params="InvoiceDeleteParams", handler=_delete
    ),
)
