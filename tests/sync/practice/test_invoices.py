"""Invoices as documents: terms, lines, totals, lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000
DAY = 86_400


def test_a_new_invoice_is_an_empty_draft(api: Api) -> None:
    invoice = made.draft(api, 0, metadata={"kp_sale": "s1", "kp_device": "3"})
    assert invoice["status"] == "draft"
    assert (invoice["total"], invoice["amount_due"], invoice["number"]) == (0, 0, None)
    assert invoice["lines"]["data"] == []
    assert invoice["metadata"] == {"kp_sale": "s1", "kp_device": "3"}
    assert invoice["billing_reason"] == "manual"
    assert invoice["parent"] is None
    assert invoice["auto_advance"] is False
    assert invoice["hosted_invoice_url"] is None
    assert invoice["due_date"] == START + 14 * DAY


def test_it_copies_its_customer(api: Api) -> None:
    invoice = made.draft(api)
    assert (invoice["customer_email"], invoice["customer_name"]) == ("ada@example.com", "Ada")


@settings(max_examples=20)
@given(st.lists(st.integers(1, 9_999_999), max_size=4))
def test_totals_are_the_sum_of_the_lines(amounts: list[int]) -> None:
    api = Api(PracticeStripe(clock=Clock(), seed=3))
    invoice = made.draft(api, 0)
    for amount in amounts:
        made.item(api, invoice, amount)
    shown = api.get(f"/v1/invoices/{invoice['id']}")
    assert shown["total"] == shown["subtotal"] == shown["amount_due"] == sum(amounts)
    assert shown["amount_remaining"] == sum(amounts)
    assert [line["amount"] for line in shown["lines"]["data"]] == amounts
    lines = api.get(f"/v1/invoices/{invoice['id']}/lines")
    assert [line["amount"] for line in lines["data"]] == amounts


def test_a_line_knows_the_item_it_came_from(api: Api) -> None:
    invoice = made.draft(api, 0)
    item = made.item(api, invoice, 500)
    line = api.get(f"/v1/invoices/{invoice['id']}")["lines"]["data"][0]
    assert line["parent"]["invoice_item_details"]["invoice_item"] == item["id"]
    assert line["description"] == "Zine"


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({"customer": None}, "customer"),
        ({"customer": "cus_none"}, "customer"),
        ({"days_until_due": None}, "days_until_due"),
        ({"days_until_due": -1}, "days_until_due"),
        ({"due_date": START + 5}, "due_date"),
        ({"days_until_due": None, "due_date": START - 5}, "due_date"),
        ({"collection_method": None}, "days_until_due"),
        ({"currency": "xxx"}, "currency"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    api: Api, terms: dict[str, object], param: str
) -> None:
    given = {
        "customer": made.customer(api)["id"],
        "collection_method": "send_invoice",
        "days_until_due": 14,
        **terms,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    error = api.refused("POST", "/v1/invoices", asked)
    assert (error["status"], error["param"]) == (400, param)


def test_a_draft_can_change_its_terms(api: Api) -> None:
    invoice = made.draft(api)
    changed = api.post(
        f"/v1/invoices/{invoice['id']}",
        {"description": "Thanks", "effective_at": START - 100, "metadata": {"a": "b"}},
    )
    assert changed["description"] == "Thanks"
    assert changed["effective_at"] == START - 100
    assert changed["total"] == invoice["total"]
    assert changed["due_date"] == invoice["due_date"]


def test_a_finalized_invoice_changes_little(api: Api) -> None:
    path = f"/v1/invoices/{made.opened(api)['id']}"
    error = api.refused("POST", path, {"description": "x"})
    assert (error["code"], error["param"]) == ("invoice_not_editable", "description")
    changed = api.post(path, {"metadata": {"late": "1"}, "auto_advance": True})
    assert (changed["metadata"], changed["auto_advance"]) == ({"late": "1"}, True)


def test_invoices_are_found_by_customer_status_and_time(api: Api, clock: Clock) -> None:
    first = made.opened(api)
    clock.pass_seconds(10)
    second = made.draft(api, customer=first["customer"])
    other = made.draft(api)
    both = [second["id"], first["id"]]
    assert api.ids("/v1/invoices", {"customer": first["customer"]}) == both
    assert api.ids("/v1/invoices", {"status": "open"}) == [first["id"]]
    assert api.ids("/v1/invoices", {"status": "draft"}) == [other["id"], second["id"]]
    assert api.ids("/v1/invoices", {"created": {"lt": START + 10}}) == [first["id"]]
    assert api.ids("/v1/invoices", {"collection_method": "charge_automatically"}) == []
    due = {"due_date": {"lte": START + 14 * DAY}}
    assert api.ids("/v1/invoices", due) == [first["id"]]


def test_invoices_of_a_subscription_are_found_by_it(api: Api) -> None:
    made.draft(api)
    subscription = made.subscription(api)
    found = api.get("/v1/invoices", {"subscription": subscription["id"]})["data"]
    assert [invoice["id"] for invoice in found] == [subscription["latest_invoice"]]
    details = found[0]["parent"]["subscription_details"]
    assert details["subscription"] == subscription["id"]


def test_pending_items_wait_for_an_invoice_that_includes_them(api: Api) -> None:
    customer = made.customer(api)["id"]
    pending = {"customer": customer, "amount": 300, "currency": "eur"}
    item = api.post("/v1/invoiceitems", pending)
    assert api.ids("/v1/invoiceitems", {"pending": True}) == [item["id"]]
    assert made.draft(api, 0, customer=customer)["total"] == 0
    taking = made.draft(api, 0, customer=customer, pending_invoice_items_behavior="include")
    assert taking["total"] == 300
    assert api.ids("/v1/invoiceitems", {"pending": True}) == []
    assert api.ids("/v1/invoiceitems", {"invoice": taking["id"]}) == [item["id"]]
