"""`expand[]`: objects in place of ids, parts on demand, and a refusal for anything else."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api


def expanded(api: Api, path: str, *fields: str) -> made.Made:
    return api.get(path, {"expand": list(fields)})


def test_an_id_becomes_its_object(api: Api) -> None:
    invoice = made.opened(api)
    shown = expanded(api, f"/v1/invoices/{invoice['id']}", "customer")
    assert shown["customer"]["email"] == "ada@example.com"
    assert api.get(f"/v1/invoices/{invoice['id']}")["customer"] == shown["customer"]["id"]


def test_a_created_object_can_be_expanded_at_once(api: Api) -> None:
    subscription = made.subscription(api, expand=["latest_invoice.customer"])
    assert subscription["latest_invoice"]["status"] == "draft"
    assert subscription["latest_invoice"]["customer"]["name"] == "Ada"


def test_line_items_of_a_session_come_on_demand(api: Api) -> None:
    session_id = api.practice.pay_link(made.link(api)["url"])
    path = f"/v1/checkout/sessions/{session_id}"
    assert "line_items" not in api.get(path)
    shown = expanded(api, path, "line_items.data.price.product", "payment_intent")
    assert shown["line_items"]["data"][0]["price"]["product"]["name"] == "Zine"
    assert shown["line_items"]["url"] == f"{path}/line_items"
    assert shown["payment_intent"]["status"] == "succeeded"


def test_line_items_of_a_link_come_on_demand(api: Api) -> None:
    link = made.link(api)
    shown = expanded(api, f"/v1/payment_links/{link['id']}", "line_items")
    assert [item["amount_total"] for item in shown["line_items"]["data"]] == [900]


def test_payments_of_an_invoice_come_on_demand(api: Api) -> None:
    invoice = made.opened(api)
    shown = expanded(api, f"/v1/invoices/{invoice['id']}", "payments")
    assert [payment["status"] for payment in shown["payments"]["data"]] == ["open"]


def test_subscriptions_of_a_customer_come_on_demand(api: Api) -> None:
    subscription = made.subscription(api)
    shown = expanded(api, f"/v1/customers/{subscription['customer']}", "subscriptions")
    assert [held["id"] for held in shown["subscriptions"]["data"]] == [subscription["id"]]


def test_a_list_expands_each_of_its_items(api: Api) -> None:
    made.opened(api)
    made.opened(api)
    page = expanded(api, "/v1/invoices", "data.customer")
    assert [invoice["customer"]["name"] for invoice in page["data"]] == ["Ada", "Ada"]


def test_a_field_that_says_nothing_stays_as_it_is(api: Api) -> None:
    session_id = api.practice.open_session(made.link(api)["url"])
    shown = expanded(api, f"/v1/checkout/sessions/{session_id}", "payment_intent.latest_charge")
    assert shown["payment_intent"] is None


@pytest.mark.parametrize(
    "field", ["colour", "status", "customer.colour", "data.customer", "lines.data.colour"]
)
def test_what_cannot_be_expanded_is_refused(api: Api, field: str) -> None:
    invoice = made.draft(api)
    error = api.refused("GET", f"/v1/invoices/{invoice['id']}", {"expand": [field]})
    assert (error["status"], error["param"]) == (400, "expand")


def test_expansion_has_a_depth_and_a_number(api: Api) -> None:
    path = f"/v1/invoices/{made.draft(api)['id']}"
    assert api.refused("GET", path, {"expand": ["a.b.c.d.e"]})["param"] == "expand"
    assert api.refused("GET", path, {"expand": ["customer"] * 21})["param"] == "expand"


def test_expanding_changes_nothing_that_is_kept(api: Api) -> None:
    subscription = made.subscription(api)
    before = api.practice.objects("subscription")
    expanded(api, f"/v1/subscriptions/{subscription['id']}", "latest_invoice", "customer")
    assert api.practice.objects("subscription") == before


def test_our_own_notes_never_show(api: Api) -> None:
    made.opened(api)
    api.practice.pay_link(made.link(api)["url"])
    for kind in api.practice.kinds():
        for shown in api.practice.objects(kind):
            assert not [name for name in shown if name.startswith("_")]
    for event in api.practice.objects("event"):
        assert not [name for name in event["data"]["object"] if name.startswith("_")]
