"""Invoices as documents: made, changed while they are drafts, read and listed.

Their life after that is in `invoice_life`. https://docs.stripe.com/api/invoices
"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.catalog import known_currency
from sync.practice.customers import known_customer, take_currency
from sync.practice.events import emit
from sync.practice.listing import page, retrieve, within
from sync.practice.refusals import invalid, missing_param
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, list_of, merge_metadata, public
from sync.practice.world import World

DAY_SECONDS: Final = 86_400
LINES_MAX: Final = 250
# Stripe keeps an automatic draft open for about an hour before it finalizes it.
# https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
HOLD_SECONDS: Final = 3600
ACCOUNT_CURRENCY: Final = "eur"
# What an invoice copies from its customer when it is made.
_COPIED: Final = ("address", "email", "name", "phone", "shipping", "tax_exempt")
# What may still change once an invoice is finalized.
_LATE_CHANGES: Final = frozenset({"auto_advance", "default_payment_method", "expand", "metadata"})


def new_invoice(world: World, given: JsonObject) -> JsonObject:
    """A draft without lines; `given` has `customer`, `currency` and the checked parameters."""
    customer = known_customer(world, given["customer"])
    invoice_id, now = world.new_id("in_1"), world.now()
    invoice: JsonObject = {
        **shapes.INVOICE.blank(),
        **{f"customer_{name}": customer[name] for name in _COPIED},
        "id": invoice_id,
        "billing_reason": given.get("billing_reason", "manual"),
        "created": now,
        "currency": given["currency"],
        "customer": customer["id"],
        "lines": list_of([], f"/v1/invoices/{invoice_id}/lines"),
        "parent": given.get("parent"),
        "period_end": now,
        "period_start": now,
        "webhooks_delivered_at": now,
    }
    apply(invoice, given)
    return world.add("invoice", invoice)


def apply(invoice: JsonObject, given: JsonObject) -> None:
    """Take over what the parameters say about a draft."""
    for name in (
        "description",
        "footer",
        "number",
        "statement_descriptor",
        "effective_at",
        "default_payment_method",
        "custom_fields",
    ):
        if name in given:
            invoice[name] = given[name] or None
    for name in ("auto_advance", "collection_method"):
        if name in given:
            invoice[name] = given[name]
    _apply_due(invoice, given)
    invoice["metadata"] = merge_metadata(invoice["metadata"], given.get("metadata", {}))
    at = given.get("automatically_finalizes_at")
    if invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = at or invoice["created"] + HOLD_SECONDS
    else:
        invoice["automatically_finalizes_at"] = at


def _apply_due(invoice: JsonObject, given: JsonObject) -> None:
    days, due = given.get("days_until_due"), given.get("due_date")
    if invoice["collection_method"] != "send_invoice":
        if days is not None or due is not None:
            raise invalid(
                "days_until_due and due_date are for invoices with collection_method=send_invoice.",
                param="days_until_due",
            )
        return
    if days is not None and due is not None:
        raise invalid("Pass only one of days_until_due and due_date.", param="due_date")
    if days is not None:
        if days < 0:
            raise invalid(
                "Invalid integer: must be greater than or equal to 0",
                param="days_until_due",
                code="parameter_invalid_integer",
            )
        invoice["_days_until_due"] = days
        invoice["due_date"] = invoice["created"] + days * DAY_SECONDS
    elif due is not None:
        if due < invoice["created"]:
            raise invalid("due_date must be in the future.", param="due_date")
        invoice["_days_until_due"], invoice["due_date"] = None, due
    elif invoice["due_date"] is None:
        raise missing_param("days_until_due")


def add_line(world: World, invoice: JsonObject, line: JsonObject) -> JsonObject:
    """Add a line and its amount. Refusal(400) above 250 lines."""
    lines = invoice["lines"]["data"]
    if len(lines) >= LINES_MAX:
        raise invalid(f"An invoice can have up to {LINES_MAX} items.", param="invoice")
    whole: JsonObject = {
        **shapes.INVOICE_LINE.blank(),
        "id": world.new_id("il_1"),
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "quantity_decimal": str(line["quantity"]),
        "subtotal": line["amount"],
        **line,
    }
    lines.append(whole)
    add_up(invoice)
    return whole


def add_up(invoice: JsonObject) -> None:
    """Totals follow from the lines; there is no tax and no discount in the practice Stripe."""
    total = sum(line["amount"] for line in invoice["lines"]["data"])
    due = max(total, 0)
    invoice.update(
        subtotal=total,
        subtotal_excluding_tax=total,
        total=total,
        total_excluding_tax=total,
        amount_due=due,
        amount_remaining=due - invoice["amount_paid"],
    )


def _create(world: World, call: Call) -> JsonObject:
    given = call.params
    if "customer" not in given:
        raise missing_param("customer")
    customer = known_customer(world, given["customer"])
    currency = known_currency(given.get("currency") or customer["currency"] or ACCOUNT_CURRENCY)
    take_currency(world, customer["id"], currency)
    invoice = new_invoice(world, {**given, "currency": currency})
    if given.get("pending_invoice_items_behavior") == "include":
        _take_pending(world, invoice)
    emit(world, "invoice.created", invoice)
    return public(invoice)


def _take_pending(world: World, invoice: JsonObject) -> None:
    for held in world.objects("invoiceitem"):
        if held["customer"] == invoice["customer"] and held["invoice"] is None:
            item = world.edit("invoiceitem", held["id"])
            item["invoice"] = invoice["id"]
            add_line(world, invoice, line_of_item(item))


def line_of_item(item: JsonObject) -> JsonObject:
    """The invoice line an invoice item becomes."""
    return {
        "amount": item["amount"],
        "description": item["description"],
        "metadata": dict(item["metadata"]),
        "period": dict(item["period"]),
        "pricing": item["pricing"],
        "quantity": item["quantity"],
        "parent": {
            "type": "invoice_item_details",
            "subscription_item_details": None,
            "invoice_item_details": {
                "invoice_item": item["id"],
                "proration": False,
                "subscription": None,
                "proration_details": {"credited_items": None},
            },
        },
    }


def _update(world: World, call: Call) -> JsonObject:
    held = world.must("invoice", call.ids["id"])
    if held["status"] != "draft":
        late = sorted(set(call.params) - _LATE_CHANGES)
        if late:
            raise invalid(
                "Finalized invoices can't be updated in this way.",
                param=late[0],
                code="invoice_not_editable",
            )
    invoice = world.edit("invoice", held["id"])
    if held["status"] == "draft":
        apply(invoice, call.params)
    else:
        invoice["auto_advance"] = call.params.get("auto_advance", invoice["auto_advance"])
        invoice["metadata"] = merge_metadata(invoice["metadata"], call.params.get("metadata", {}))
    emit(world, "invoice.updated", invoice)
    return public(invoice)


def _list(world: World, call: Call) -> JsonObject:
    given = call.params

    def keep(invoice: JsonObject) -> bool:
        parent = (invoice["parent"] or {}).get("subscription_details") or {}
        same = all(
            given.get(name) in (None, invoice[name])
            for name in ("collection_method", "customer", "status")
        )
        due = given.get("due_date")
        in_time = due is None or (invoice["due_date"] and within(invoice, due, name="due_date"))
        return bool(
            same and in_time and given.get("subscription") in (None, parent.get("subscription"))
        )

    return page(world, call, "invoice", keep)


def _lines(world: World, call: Call) -> JsonObject:
    lines: JsonObject = world.must("invoice", call.ids["id"])["lines"]
    return lines


ROUTES: Final = (
    Route(method="POST", template="/v1/invoices", params="InvoiceCreateParams", handler=_create),
    Route(method="GET", template="/v1/invoices", params="InvoiceListParams", handler=_list),
    Route(
        method="GET",
        template="/v1/invoices/{id}",
        params="InvoiceRetrieveParams",
        handler=retrieve("invoice"),
    ),
    Route(
        method="POST", template="/v1/invoices/{id}", params="InvoiceUpdateParams", handler=_update
    ),
    Route(
        method="GET",
        template="/v1/invoices/{id}/lines",
        params="InvoiceLineItemListParams",
        handler=_lines,
    ),
)
