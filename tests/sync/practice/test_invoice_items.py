"""Invoice items: the four ways to say an amount, and what an invoice accepts."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api

SAYS_AMOUNT = {"amount": 500, "currency": "eur"}


def test_an_amount_becomes_one_line(api: Api) -> None:
    invoice = made.draft(api, 0)
    item = made.item(api, invoice, 500)
    assert (item["amount"], item["quantity"], item["currency"]) == (500, 1, "eur")
    assert item["invoice"] == invoice["id"]
    assert api.get(f"/v1/invoiceitems/{item['id']}") == item


def test_a_price_says_amount_currency_and_product(api: Api) -> None:
    invoice, price = made.draft(api, 0), made.price(api, 450)
    terms = {
        "customer": invoice["customer"],
        "invoice": invoice["id"],
        "pricing": {"price": price["id"]},
        "quantity": 3,
    }
    item = api.post("/v1/invoiceitems", terms)
    assert (item["amount"], item["quantity"]) == (1350, 3)
    assert item["pricing"]["price_details"] == {"price": price["id"], "product": price["product"]}
    assert api.get(f"/v1/invoices/{invoice['id']}")["total"] == 1350


def test_a_price_said_inline(api: Api) -> None:
    invoice, product = made.draft(api, 0), made.product(api)
    data = {"currency": "eur", "product": product["id"], "unit_amount": 250}
    item = api.post("/v1/invoiceitems", {"invoice": invoice["id"], "price_data": data})
    assert (item["amount"], item["customer"]) == (250, invoice["customer"])
    decimal = {"currency": "eur", "product": product["id"], "unit_amount_decimal": "70"}
    two = {"invoice": invoice["id"], "price_data": decimal, "quantity": 2}
    assert api.post("/v1/invoiceitems", two)["amount"] == 140


def test_a_unit_amount_and_a_quantity(api: Api) -> None:
    invoice = made.draft(api, 0)
    terms = {
        "invoice": invoice["id"],
        "unit_amount_decimal": "125",
        "quantity": 4,
        "currency": "eur",
    }
    assert api.post("/v1/invoiceitems", terms)["amount"] == 500


def test_a_negative_amount_reduces_what_is_due(api: Api) -> None:
    invoice = made.draft(api, 1000)
    made.item(api, invoice, -300)
    assert api.get(f"/v1/invoices/{invoice['id']}")["amount_due"] == 700
    made.item(api, invoice, -900)
    shown = api.get(f"/v1/invoices/{invoice['id']}")
    assert (shown["total"], shown["amount_due"]) == (-200, 0)


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({}, "amount"),
        ({"amount": 500}, "currency"),
        ({"amount": 500, "currency": "xxx"}, "currency"),
        ({"amount": 500, "currency": "usd"}, "currency"),
        ({"amount": 100_000_000, "currency": "eur"}, "amount"),
        ({**SAYS_AMOUNT, "quantity": 2}, "quantity"),
        ({**SAYS_AMOUNT, "unit_amount_decimal": "5"}, "unit_amount_decimal"),
        ({"unit_amount_decimal": "5"}, "currency"),
        ({"unit_amount_decimal": "5.5", "currency": "eur"}, "unit_amount_decimal"),
        ({"unit_amount_decimal": "5", "currency": "eur", "quantity": -1}, "quantity"),
        ({"pricing": {"price": ""}}, "pricing[price]"),
        ({"pricing": {"price": "price_none"}}, "pricing[price]"),
        ({"price": "price_none"}, "price"),
        ({"price_data": {"currency": "eur", "product": "prod_none"}}, "price_data[product]"),
        ({**SAYS_AMOUNT, "invoice": "in_none"}, "invoice"),
        ({**SAYS_AMOUNT, "customer": "cus_none"}, "customer"),
        ({**SAYS_AMOUNT, "period": {"start": 10, "end": 5}}, "period[end]"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(
    api: Api, terms: dict[str, object], param: str
) -> None:
    invoice = made.draft(api, 0)
    error = api.refused("POST", "/v1/invoiceitems", {"invoice": invoice["id"], **terms})
    assert error["status"] == 400
    assert error["param"] == param
    assert api.practice.objects("invoiceitem") == []


def test_a_recurring_or_inactive_price_does_not_go_on_an_invoice(api: Api) -> None:
    invoice, weekly, once = made.draft(api, 0), made.weekly(api), made.price(api)
    api.post(f"/v1/prices/{once['id']}", {"active": False})
    for price in (weekly, once):
        terms = {"invoice": invoice["id"], "pricing": {"price": price["id"]}}
        assert api.refused("POST", "/v1/invoiceitems", terms)["param"] == "pricing[price]"


def test_an_item_belongs_to_its_invoices_customer(api: Api) -> None:
    invoice, other = made.draft(api, 0), made.customer(api)
    terms = {**SAYS_AMOUNT, "invoice": invoice["id"], "customer": other["id"]}
    assert api.refused("POST", "/v1/invoiceitems", terms)["param"] == "invoice"


def test_somebody_must_be_billed(api: Api) -> None:
    assert api.refused("POST", "/v1/invoiceitems", SAYS_AMOUNT)["param"] == "customer"


def test_only_a_draft_takes_items(api: Api) -> None:
    invoice = made.opened(api)
    error = api.refused("POST", "/v1/invoiceitems", {**SAYS_AMOUNT, "invoice": invoice["id"]})
    assert error["code"] == "invoice_not_editable"
    assert api.get(f"/v1/invoices/{invoice['id']}")["total"] == 1250


def test_a_deleted_item_leaves_the_draft(api: Api) -> None:
    invoice = made.draft(api, 0)
    item, _ = made.item(api, invoice, 500), made.item(api, invoice, 200)
    assert api.delete(f"/v1/invoiceitems/{item['id']}")["deleted"] is True
    assert api.get(f"/v1/invoices/{invoice['id']}")["total"] == 200
    assert api.refused("GET", f"/v1/invoiceitems/{item['id']}")["status"] == 404


def test_an_item_of_an_opened_invoice_stays(api: Api) -> None:
    invoice = made.opened(api)
    item = api.ids("/v1/invoiceitems", {"invoice": invoice["id"]})[0]
    assert api.refused("DELETE", f"/v1/invoiceitems/{item}")["code"] == "invoice_not_editable"


def test_items_are_found_by_customer(api: Api) -> None:
    one, two = made.draft(api), made.draft(api)
    mine = api.get("/v1/invoiceitems", {"customer": one["customer"]})["data"]
    assert [item["invoice"] for item in mine] == [one["id"]]
    assert len(api.ids("/v1/invoiceitems")) == 2
    assert two["id"] != one["id"]
