"""Things the tests need made at the practice Stripe before they can say what they are about."""

from __future__ import annotations

from typing import Any

from tests.sync.practice.api import Api

Made = dict[str, Any]


def customer(api: Api, email: str = "ada@example.com") -> Made:
    return api.post("/v1/customers", {"email": email, "name": "Ada"})


def draft(api: Api, amount_minor: int = 1250, **more: object) -> Made:
    """A draft invoice to be sent, with one item unless the amount is 0."""
    given = {
        "customer": more.pop("customer", None) or customer(api)["id"],
        "currency": "eur",
        "collection_method": "send_invoice",
        "days_until_due": 14,
        **more,
    }
    invoice = api.post("/v1/invoices", given)
    if amount_minor:
        item(api, invoice, amount_minor)
    return api.get(f"/v1/invoices/{invoice['id']}")


def item(api: Api, invoice: Made, amount_minor: int) -> Made:
    return api.post(
        "/v1/invoiceitems",
        {
            "customer": invoice["customer"],
            "invoice": invoice["id"],
            "amount": amount_minor,
            "currency": invoice["currency"],
            "description": "Zine",
        },
    )


def opened(api: Api, amount_minor: int = 1250, **more: object) -> Made:
    invoice = draft(api, amount_minor, **more)
    return api.post(f"/v1/invoices/{invoice['id']}/finalize")


def product(api: Api, name: str = "Zine") -> Made:
    return api.post("/v1/products", {"name": name})


def price(api: Api, unit_amount: int = 900, **more: object) -> Made:
    given = {"currency": "eur", "unit_amount": unit_amount, **more}
    if "product" not in given:
        given["product"] = product(api)["id"]
    return api.post("/v1/prices", given)


def weekly(api: Api, unit_amount: int = 500, **more: object) -> Made:
    return price(api, unit_amount, recurring={"interval": "week"}, **more)


def subscription(api: Api, **more: object) -> Made:
    """A weekly subscription whose invoices are sent, as a membership paid in cash has it."""
    given = {
        "customer": more.pop("customer", None) or customer(api)["id"],
        "items": [{"price": more.pop("price", None) or weekly(api)["id"]}],
        "collection_method": "send_invoice",
        "days_until_due": 7,
        **more,
    }
    return api.post("/v1/subscriptions", given)


def link(api: Api, price_id: str | None = None, **more: object) -> Made:
    given: dict[str, object] = {
        "line_items": [{"price": price_id or price(api)["id"], "quantity": 1}],
        **more,
    }
    return api.post("/v1/payment_links", given)
