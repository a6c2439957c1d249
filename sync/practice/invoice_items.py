"""Invoice items: what is put on a draft, or kept for the customer's next invoice.

https://docs.stripe.com/api/invoiceitems
"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.catalog import check_amount, known_currency, whole_units
from sync.practice.customers import known_customer, take_currency
from sync.practice.events import emit
from sync.practice.invoices import add_line, add_up, line_of_item
from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid, missing_param
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, merge_metadata, public
from sync.practice.world import World

_WAYS: Final = ("amount", "pricing", "price_data", "unit_amount_decimal")


def _create(world: World, call: Call) -> JsonObject:
    given = call.params
    invoice = _open_draft(world, given["invoice"]) if "invoice" in given else None
    customer_id = given.get("customer") or (invoice["customer"] if invoice else None)
    if customer_id is None:
        raise missing_param("customer")
    known_customer(world, customer_id)
    if invoice is not None and invoice["customer"] != customer_id:
        raise invalid("The invoice belongs to another customer.", param="invoice")
    priced = _priced(world, given)
    if invoice is not None and invoice["currency"] != priced["currency"]:
        raise invalid("The item's currency differs from its invoice's.", param="currency")
    take_currency(world, customer_id, priced["currency"])
    item = world.add("invoiceitem", _new_item(world, customer_id, given, priced))
    if invoice is not None:
        edited = world.edit("invoice", invoice["id"])
        add_line(world, edited, line_of_item(item))
    emit(world, "invoiceitem.created", item)
    if invoice is not None:
        emit(world, "invoice.updated", invoice)
    return public(item)


def _open_draft(world: World, invoice_id: str) -> JsonObject:
    invoice = world.must("invoice", invoice_id, param="invoice")
    if invoice["status"] != "draft":
        raise invalid(
            "The invoice is no longer editable.", param="invoice", code="invoice_not_editable"
        )
    return invoice


def _new_item(world: World, customer_id: str, given: JsonObject, priced: JsonObject) -> JsonObject:
    now = world.now()
    period = given.get("period") or {"start": now, "end": now}
    if period["end"] < period["start"]:
        raise invalid("The period ends before it starts.", param="period[end]")
    return {
        **shapes.INVOICE_ITEM.blank(),
        **priced,
        "id": world.new_id("ii_1"),
        "customer": customer_id,
        "date": now,
        "description": given.get("description") or None,
        "discountable": given.get("discountable", True),
        "invoice": given.get("invoice"),
        "metadata": merge_metadata({}, given.get("metadata", {})),
        "net_amount": priced["amount"],
        "period": dict(period),
        "quantity_decimal": str(priced["quantity"]),
    }


def _priced(world: World, given: JsonObject) -> JsonObject:
    """Amount, currency, quantity and pricing from exactly one of the ways to say them."""
    ways = [way for way in _WAYS if way in given]
    if len(ways) != 1:
        raise invalid(
            "Pass exactly one of amount, pricing, price_data and unit_amount_decimal.",
            param=ways[1] if ways else "amount",
        )
    quantity = given.get("quantity", 1)
    if ways == ["amount"]:
        if "currency" not in given:
            raise missing_param("currency")
        if "quantity" in given:
            raise invalid("quantity goes with a unit amount or a price.", param="quantity")
        check_amount(abs(given["amount"]), param="amount")
        return _sums(world, known_currency(given["currency"]), given["amount"], 1, None)
    if quantity < 0:
        raise invalid("Invalid integer: must be greater than or equal to 0", param="quantity")
    if ways == ["pricing"]:
        return _from_price(world, given["pricing"], quantity)
    if ways == ["price_data"]:
        data = given["price_data"]
        product = world.must("product", data["product"], param="price_data[product]")
        unit = data.get("unit_amount")
        if unit is None:
            unit = whole_units(data.get("unit_amount_decimal"), "price_data[unit_amount_decimal]")
        return _sums(world, known_currency(data["currency"]), unit, quantity, product["id"])
    unit = whole_units(given["unit_amount_decimal"], "unit_amount_decimal")
    if "currency" not in given:
        raise missing_param("currency")
    return _sums(world, known_currency(given["currency"]), unit, quantity, None)


def _from_price(world: World, pricing: JsonObject, quantity: int) -> JsonObject:
    if "price" not in pricing:
        raise missing_param("pricing[price]")
    price = world.must("price", pricing["price"], param="pricing[price]")
    if price["type"] != "one_time":
        raise invalid(
            "The price specified is set to `type=recurring` but this field only accepts "
            "prices with `type=one_time`.",
            param="pricing[price]",
        )
    if not price["active"]:
        raise invalid("The price specified is inactive.", param="pricing[price]")
    sums = _sums(world, price["currency"], price["unit_amount"], quantity, price["product"])
    sums["pricing"]["price_details"]["price"] = price["id"]
    return sums


def _sums(
    world: World, currency: str, unit_minor: int, quantity: int, product_id: str | None
) -> JsonObject:
    # For a bare amount Stripe makes a price and a product that no list shows.
    details = {"price": world.new_id("price_1"), "product": product_id or world.new_id("prod_", 14)}
    return {
        "amount": unit_minor * quantity,
        "currency": currency,
        "quantity": quantity,
        "pricing": {
            "type": "price_details",
            "price_details": details,
            "unit_amount_decimal": str(unit_minor),
        },
    }


def _list(world: World, call: Call) -> JsonObject:
    given = call.params

    def keep(item: JsonObject) -> bool:
        same = all(given.get(name) in (None, item[name]) for name in ("customer", "invoice"))
        return same and given.get("pending") in (None, item["invoice"] is None)

    return page(world, call, "invoiceitem", keep)


def _delete(world: World, call: Call) -> JsonObject:
    item = world.must("invoiceitem", call.ids["id"])
    if item["invoice"] is not None:
        invoice = world.edit("invoice", _open_draft(world, item["invoice"])["id"])
        kept = [
            line
            for line in invoice["lines"]["data"]
            if (line["parent"]["invoice_item_details"] or {}).get("invoice_item") != item["id"]
        ]
        invoice["lines"]["data"] = kept
        add_up(invoice)
    world.remove("invoiceitem", item["id"])
    emit(world, "invoiceitem.deleted", item)
    return {"id": item["id"], "object": "invoiceitem", "deleted": True}


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/invoiceitems",
        params="InvoiceItemCreateParams",
        handler=_create,
    ),
    Route(method="GET", template="/v1/invoiceitems", params="InvoiceItemListParams", handler=_list),
    Route(
        method="GET",
        template="/v1/invoiceitems/{id}",
        params="InvoiceItemRetrieveParams",
        handler=retrieve("invoiceitem"),
    ),
    Route(
        method="DELETE",
        template="/v1/invoiceitems/{id}",
        params="InvoiceItemDeleteParams",
        handler=_delete,
    ),
)
