"""Customers: the exact e-mail filter the engine looks for them by, changes, and deletion."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api


def test_a_customer_has_what_was_said_and_stripes_defaults(api: Api) -> None:
    customer = api.post(
        "/v1/customers",
        {"email": "ada@example.com", "name": "Ada", "phone": "123", "metadata": {"kp_sale": "s1"}},
    )
    assert customer["email"] == "ada@example.com"
    assert customer["metadata"] == {"kp_sale": "s1"}
    assert customer["created"] == START_MS // 1000
    assert customer["balance"] == 0
    assert customer["currency"] is None
    assert api.get(f"/v1/customers/{customer['id']}") == customer


def test_the_email_filter_is_exact_and_knows_upper_case(api: Api) -> None:
    one = made.customer(api, "ada@example.com")["id"]
    two = made.customer(api, "ada@example.com")["id"]
    big = made.customer(api, "Ada@example.com")["id"]
    assert api.ids("/v1/customers", {"email": "ada@example.com"}) == [two, one]
    assert api.ids("/v1/customers", {"email": "Ada@example.com"}) == [big]
    assert api.ids("/v1/customers", {"email": "ada@example"}) == []


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@example.com", "ada@example", "a b@c.de", "a@b@c.de"]
)
def test_an_email_without_a_domain_is_refused(api: Api, email: str) -> None:
    error = api.refused("POST", "/v1/customers", {"email": email})
    assert (error["status"], error["code"], error["param"]) == (400, "email_invalid", "email")


@pytest.mark.parametrize("name", ["Ünal", "عائشة", "🎉 Party", "王芳", "O'Brien & Söhne"])
def test_names_of_all_the_world_come_back_unchanged(api: Api, name: str) -> None:
    customer = api.post("/v1/customers", {"name": name})
    assert api.get(f"/v1/customers/{customer['id']}")["name"] == name


def test_an_update_changes_only_what_it_names(api: Api) -> None:
    customer = made.customer(api)
    updated = api.post(f"/v1/customers/{customer['id']}", {"phone": "77"})
    assert updated == {**customer, "phone": "77"}


def test_an_empty_text_unsets(api: Api) -> None:
    customer = made.customer(api)
    assert api.post(f"/v1/customers/{customer['id']}", {"name": ""})["name"] is None


def test_metadata_is_merged_and_unset_key_by_key(api: Api) -> None:
    customer = api.post("/v1/customers", {"metadata": {"a": "1", "b": "2"}})
    path = f"/v1/customers/{customer['id']}"
    assert api.post(path, {"metadata": {"b": "", "c": "3"}})["metadata"] == {"a": "1", "c": "3"}
    assert api.post(path, {"metadata": ""})["metadata"] == {}


def test_an_unknown_customer_is_not_found(api: Api) -> None:
    for method in ("GET", "POST", "DELETE"):
        error = api.refused(method, "/v1/customers/cus_none")
        assert (error["status"], error["code"]) == (404, "resource_missing")
        assert "No such customer: 'cus_none'" in error["message"]


def test_a_deleted_customer_leaves_its_id(api: Api) -> None:
    customer = made.customer(api)
    path = f"/v1/customers/{customer['id']}"
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    assert api.delete(path) == gone
    assert api.get(path) == gone
    assert api.ids("/v1/customers") == []
    assert api.refused("POST", path, {"name": "x"})["status"] == 404
    invoice = {"customer": customer["id"]}
    assert api.refused("POST", "/v1/invoices", invoice)["code"] == "resource_missing"


def test_a_customer_keeps_one_currency(api: Api) -> None:
    customer = made.customer(api)["id"]
    made.draft(api, customer=customer, currency="eur")
    assert api.get(f"/v1/customers/{customer}")["currency"] == "eur"
    terms = {"customer": customer, "currency": "jpy"}
    assert api.refused("POST", "/v1/invoices", terms)["param"] == "currency"
    assert api.post("/v1/invoices", {"customer": customer})["currency"] == "eur"


def test_with_a_customer_go_memberships_and_drafts_but_not_what_was_billed(api: Api) -> None:
    subscription = made.subscription(api)
    customer = subscription["customer"]
    billed = made.opened(api, customer=customer)
    draft = made.draft(api, customer=customer, auto_advance=True)
    api.delete(f"/v1/customers/{customer}")
    assert api.get(f"/v1/subscriptions/{subscription['id']}")["status"] == "canceled"
    assert api.refused("GET", f"/v1/invoices/{draft['id']}")["status"] == 404
    api.practice.advance(30 * 86_400)
    path = f"/v1/invoices/{billed['id']}"
    assert api.get(path)["customer_email"] == "ada@example.com"
    assert api.refused("POST", f"{path}/pay")["status"] == 400
    assert api.post(f"{path}/pay", {"paid_out_of_band": True})["status"] == "paid"


def test_deleting_twice_says_it_once(api: Api) -> None:
    path = f"/v1/customers/{made.customer(api)['id']}"
    assert api.delete(path) == api.delete(path)
    assert api.events().count("customer.deleted") == 1
