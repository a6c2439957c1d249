"""Customers: created, read, changed, listed by exact e-mail address as Stripe does.

https://docs.stripe.com/api/customers
"""

from __future__ import annotations

import re
from typing import Final

from sync.practice import shapes
from sync.practice.events import emit
from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid, no_such
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, merge_metadata, public
from sync.practice.world import World

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_TEXTS: Final = ("description", "email", "name", "phone", "business_name", "individual_name")
_TAKEN: Final = (
    "address",
    "shipping",
    "preferred_locales",
    "tax_exempt",
    "invoice_prefix",
    "next_invoice_sequence",
)


def new_customer(world: World, given: JsonObject) -> JsonObject:
    """A customer with Stripe's defaults; `given` has the checked parameters."""
    customer_id = world.new_id("cus_", 14)
    customer: JsonObject = {
        **shapes.CUSTOMER.blank(),
        "id": customer_id,
        "created": world.now(),
        "invoice_prefix": world.word(customer_id, 8).upper(),
    }
    _apply(customer, given)
    world.add("customer", customer)
    emit(world, "customer.created", customer)
    return customer


def known_customer(world: World, customer_id: str) -> JsonObject:
    """The customer a parameter names. Refusal(400) when there is none or it is deleted."""
    customer = world.must("customer", customer_id, param="customer")
    if customer.get("deleted"):
        raise no_such("customer", customer_id, param="customer")
    return customer


def take_currency(world: World, customer_id: str, currency: str) -> None:
    """A customer's first invoice fixes the currency; Stripe refuses to mix them."""
    customer = known_customer(world, customer_id)
    if customer["currency"] not in (None, currency):
        raise invalid(
            "You cannot combine currencies on a single customer: this customer has "
            f"{customer['currency']}.",
            param="currency",
        )
    if customer["currency"] is None:
        world.edit("customer", customer_id)["currency"] = currency


def _apply(customer: JsonObject, given: JsonObject) -> None:
    email = given.get("email")
    if email and not _EMAIL.fullmatch(email):
        raise invalid(f"Invalid email address: {email}", param="email", code="email_invalid")
    for name in _TEXTS:
        if name in given:
            customer[name] = given[name] or None
    for name in _TAKEN:
        if name in given:
            customer[name] = given[name] or None
    if "tax_exempt" in given:
        customer["tax_exempt"] = given["tax_exempt"] or "none"
    customer["metadata"] = merge_metadata(customer["metadata"], given.get("metadata", {}))


def _create(world: World, call: Call) -> JsonObject:
    return public(new_customer(world, call.params))


def _update(world: World, call: Call) -> JsonObject:
    world.must("customer", call.ids["id"])
    customer = world.edit("customer", call.ids["id"])
    if customer.get("deleted"):
        raise no_such("customer", call.ids["id"])
    _apply(customer, call.params)
    emit(world, "customer.updated", customer)
    return public(customer)


def _list(world: World, call: Call) -> JsonObject:
    email = call.params.get("email")

    def keep(customer: JsonObject) -> bool:
        return not customer.get("deleted") and email in (None, customer["email"])

    return page(world, call, "customer", keep)


ROUTES: Final = (
    Route(method="POST", template="/v1/customers", params="CustomerCreateParams", handler=_create),
    Route(method="GET", template="/v1/customers", params="CustomerListParams", handler=_list),
    Route(
        method="GET",
        template="/v1/customers/{id}",
        params="CustomerRetrieveParams",
        handler=retrieve("customer"),
    ),
    Route(
        method="POST", template="/v1/customers/{id}", params="CustomerUpdateParams", handler=_update
    ),
)
