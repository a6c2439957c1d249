"""The edges of Stripe's rules: one too many, one too few, and what stands right on the line.

A practice Stripe that forgives what Stripe refuses would let a mistake through to the day itself.
"""

from __future__ import annotations

from typing import Any

import pytest

from sync.practice import invoices
from sync.practice.catalog import LOOKUP_KEYS_MAX
from sync.practice.idempotency import KEPT_MS, KEY_MAX, PRUNED_MAX
from sync.practice.links import LINE_ITEMS_MAX
from sync.practice.subscription_invoices import EXTRAS_MAX
from sync.practice.subscriptions import ITEMS_MAX
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000
DAY = 86_400
LINKS = "/v1/payment_links"
SESSIONS = "/v1/checkout/sessions"


def refused(api: Api, path: str, given: dict[str, Any]) -> str | None:
    """The parameter that a POST is refused for."""
    error = api.refused("POST", path, given)
    assert (error["status"], error["type"]) == (400, "invalid_request_error")
    name: str | None = error.get("param")
    return name


# ---------------------------------------------------------------- how many


def test_an_invoice_takes_so_many_lines_and_not_one_more(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoices.LINES_MAX == 250
    monkeypatch.setattr(invoices, "LINES_MAX", 3)
    invoice = made.draft(api, 0)
    for _ in range(3):
        made.item(api, invoice, 100)
    one_more = {
        "customer": invoice["customer"],
        "invoice": invoice["id"],
        "amount": 1,
        "currency": "eur",
    }
    assert refused(api, "/v1/invoiceitems", one_more) == "invoice"
    held = api.get(f"/v1/invoices/{invoice['id']}")
    assert (held["total"], len(held["lines"]["data"])) == (300, 3)
    assert len(api.practice.objects("invoiceitem")) == 3


def test_a_link_takes_20_line_items_and_not_one_more(api: Api) -> None:
    item = {"price": made.price(api)["id"], "quantity": 1}
    full = api.post(LINKS, {"line_items": [item] * LINE_ITEMS_MAX})
    assert len(api.get(f"{LINKS}/{full['id']}/line_items")["data"]) == LINE_ITEMS_MAX
    assert refused(api, LINKS, {"line_items": [item] * (LINE_ITEMS_MAX + 1)}) == "line_items"


def test_a_subscription_takes_20_items_and_20_extras(api: Api) -> None:
    customer, weekly = made.customer(api)["id"], made.weekly(api)["id"]
    extra, terms = made.price(api, 50)["id"], {"customer": customer}
    terms |= {"collection_method": "send_invoice", "days_until_due": "7"}

    def given(items: int, extras: int) -> dict[str, Any]:
        return {
            **terms,
            "items": [{"price": weekly}] * items,
            "add_invoice_items": [{"price": extra}] * extras,
        }

    full = api.post("/v1/subscriptions", given(ITEMS_MAX, EXTRAS_MAX))
    first = api.get(f"/v1/invoices/{full['latest_invoice']}")
    assert first["total"] == ITEMS_MAX * 500 + EXTRAS_MAX * 50
    assert refused(api, "/v1/subscriptions", given(ITEMS_MAX + 1, 0)) == "items"
    assert refused(api, "/v1/subscriptions", given(1, EXTRAS_MAX + 1)) == "add_invoice_items"
    assert len(api.practice.objects("subscription")) == 1


def test_prices_are_looked_up_by_10_keys_at_once(api: Api) -> None:
    price = made.price(api, lookup_key="key-9")
    keys = [f"key-{number}" for number in range(LOOKUP_KEYS_MAX + 1)]
    assert api.ids("/v1/prices", {"lookup_keys": keys[:-1]}) == [price["id"]]
    error = api.refused("GET", "/v1/prices", {"lookup_keys": keys})
    assert (error["status"], error["param"]) == (400, "lookup_keys")


def test_a_key_of_255_characters_is_taken_and_one_of_256_is_not(api: Api) -> None:
    long = "k" * KEY_MAX
    first = api.post("/v1/customers", {"email": "a@example.com"}, key=long)
    assert api.post("/v1/customers", {"email": "a@example.com"}, key=long) == first
    answer = api.send(
        "POST", "/v1/customers", {"email": "a@example.com"}, {"Idempotency-Key": f"{long}k"}
    )
    assert answer.status_code == 400
    assert len(api.practice.objects("customer")) == 1


# ---------------------------------------------------------------- when


def test_a_key_is_kept_for_24_hours_to_the_millisecond(api: Api, clock: Clock) -> None:
    given = {"email": "a@example.com"}
    first = api.post("/v1/customers", given, key="one")
    clock.now_ms += KEPT_MS - 1
    assert api.post("/v1/customers", given, key="one") == first
    clock.now_ms += 1
    assert api.post("/v1/customers", given, key="one")["id"] != first["id"]


def test_old_keys_are_forgotten_and_young_ones_are_not(api: Api, clock: Clock) -> None:
    for number in range(3):
        api.post("/v1/customers", {"email": "a@example.com"}, key=f"old-{number}")
    clock.now_ms += KEPT_MS - 1000
    young = api.post("/v1/customers", {"email": "b@example.com"}, key="young")
    clock.now_ms += 1000
    api.post("/v1/customers", {"email": "c@example.com"}, key="new")
    assert PRUNED_MAX > 3
    assert {one["id"] for one in api.practice.objects("practice.idempotency")} == {"young", "new"}
    assert api.post("/v1/customers", {"email": "b@example.com"}, key="young") == young


@pytest.mark.parametrize(
    ("seconds", "fits"), [(30 * 60 - 1, False), (30 * 60, True), (DAY, True), (DAY + 1, False)]
)
def test_a_session_lives_between_half_an_hour_and_a_day(api: Api, seconds: int, fits: bool) -> None:
    given = {
        "mode": "payment",
        "line_items": [{"price": made.price(api)["id"], "quantity": 1}],
        "success_url": "https://example.com/thanks",
        "expires_at": START + seconds,
    }
    if fits:
        assert api.post(SESSIONS, given)["expires_at"] == START + seconds
    else:
        assert refused(api, SESSIONS, given) == "expires_at"


@pytest.mark.parametrize(("ahead_s", "fits"), [(-1, False), (0, False), (1, True)])
def test_a_membership_ends_in_the_future(api: Api, ahead_s: int, fits: bool) -> None:
    """A kiosk that was offline over the end has to notice: Stripe takes no end in the past."""
    given = {
        "customer": made.customer(api)["id"],
        "items": [{"price": made.weekly(api)["id"]}],
        "collection_method": "send_invoice",
        "days_until_due": 7,
        "cancel_at": START + ahead_s,
    }
    if fits:
        assert api.post("/v1/subscriptions", given)["cancel_at"] == START + ahead_s
    else:
        assert refused(api, "/v1/subscriptions", given) == "cancel_at"


@pytest.mark.parametrize("ahead_s", [-1, 0, 1])
def test_an_invoice_is_due_now_or_later(api: Api, ahead_s: int) -> None:
    given = {
        "customer": made.customer(api)["id"],
        "collection_method": "send_invoice",
        "due_date": START + ahead_s,
    }
    if ahead_s < 0:
        assert refused(api, "/v1/invoices", given) == "due_date"
    else:
        assert api.post("/v1/invoices", given)["due_date"] == START + ahead_s


def test_paying_late_makes_a_membership_active_again_and_says_so(api: Api) -> None:
    subscription = made.subscription(api)
    invoice = subscription["latest_invoice"]
    api.post(f"/v1/invoices/{invoice}/finalize")
    path = f"/v1/subscriptions/{subscription['id']}"
    api.practice.advance(7 * DAY - 1)
    assert api.get(path)["status"] == "active"
    api.practice.advance(1)
    assert api.get(path)["status"] == "past_due"
    told = api.events().count("customer.subscription.updated")
    api.practice.pay_invoice(invoice)
    assert api.get(path)["status"] == "active"
    assert api.events().count("customer.subscription.updated") == told + 1


# ---------------------------------------------------------------- what is refused, by which name


@pytest.mark.parametrize(
    ("path", "given", "param"),
    [
        (LINKS, {"line_items": [{"quantity": 0}]}, "line_items[0][price]"),
        ("/v1/prices", {"currency": "eur", "product": "prod_none"}, "unit_amount"),
        ("/v1/prices", {"currency": "eur", "unit_amount": 1}, "product"),
        ("/v1/prices", {"currency": "eur", "unit_amount": -1, "product": "p"}, "unit_amount"),
        ("/v1/prices", {"currency": "eur", "unit_amount": 10**8, "product": "p"}, "unit_amount"),
        (
            "/v1/prices",
            {"currency": "eur", "unit_amount": 1, "custom_unit_amount": {"enabled": True}},
            "unit_amount",
        ),
        (
            "/v1/prices",
            {"currency": "eur", "unit_amount_decimal": "0.5", "product": "p"},
            "unit_amount_decimal",
        ),
    ],
)
def test_a_mistake_is_refused_by_the_name_of_its_parameter(
    api: Api, path: str, given: dict[str, Any], param: str
) -> None:
    assert refused(api, path, given) == param
    assert api.practice.objects("price") == api.practice.objects("payment_link") == []


@pytest.mark.parametrize(("decimal", "unit"), [("900", 900), ("0", 0)])
def test_a_whole_decimal_is_an_amount(api: Api, decimal: str, unit: int) -> None:
    given = {"currency": "eur", "unit_amount_decimal": decimal, "product": made.product(api)["id"]}
    price = api.post("/v1/prices", given)
    assert (price["unit_amount"], price["unit_amount_decimal"]) == (unit, decimal)


def test_a_price_can_say_the_largest_amount_there_is(api: Api) -> None:
    assert made.price(api, 99_999_999)["unit_amount"] == 99_999_999


def test_a_price_gives_its_lookup_key_to_another_only_when_told(api: Api) -> None:
    first, second = made.price(api, lookup_key="zine"), made.price(api)
    path = f"/v1/prices/{second['id']}"
    assert refused(api, path, {"lookup_key": "zine"}) == "lookup_key"
    api.post(path, {"lookup_key": "zine", "transfer_lookup_key": True})
    assert api.get(f"/v1/prices/{first['id']}")["lookup_key"] is None
    assert api.ids("/v1/prices", {"lookup_keys": ["zine"]}) == [second["id"]]
    assert api.post(path, {"lookup_key": "zine"})["lookup_key"] == "zine"  # its own already


def test_a_product_names_a_default_price_that_exists(api: Api) -> None:
    price = made.price(api)
    path = f"/v1/products/{price['product']}"
    assert refused(api, path, {"default_price": "price_none"}) == "default_price"
    assert api.post(path, {"default_price": price["id"]})["default_price"] == price["id"]
    assert api.post(path, {"name": "Zine 5"})["default_price"] == price["id"]


def test_an_extra_of_a_membership_is_charged_once_at_a_price(api: Api) -> None:
    terms = {"collection_method": "send_invoice", "days_until_due": 7}
    terms |= {"customer": made.customer(api)["id"]}
    terms |= {"items": [{"price": made.weekly(api)["id"]}]}
    for extra, param in (
        ({"quantity": 1}, "add_invoice_items[0][price]"),
        ({"price": made.weekly(api)["id"]}, "add_invoice_items[0][price]"),
        ({"price": "price_none"}, "add_invoice_items[0][price]"),
    ):
        given = {**terms, "add_invoice_items": [extra]}
        assert refused(api, "/v1/subscriptions", given) == param
    assert api.practice.objects("subscription") == []


def test_customers_cannot_be_made_by_a_session_that_makes_members(api: Api) -> None:
    given = {
        "mode": "subscription",
        "line_items": [{"price": made.weekly(api)["id"], "quantity": 1}],
        "success_url": "https://example.com/thanks",
        "customer_creation": "always",
    }
    assert refused(api, SESSIONS, given) == "customer_creation"


def test_a_session_changes_in_its_metadata_only(api: Api) -> None:
    link = made.link(api)
    session_id = api.practice.open_session(link["url"])
    path = f"{SESSIONS}/{session_id}"
    before = api.get(path)
    api.refused("POST", path, {"shipping_options": [{"shipping_rate": "shr_1"}]})
    assert api.get(path) == before


def test_an_invoice_nobody_may_collect_says_so_in_its_answer(api: Api) -> None:
    """Paying a draft over nothing finalizes it, and is done: there is nothing to mark as paid."""
    draft = made.draft(api, 0)
    paid = api.post(f"/v1/invoices/{draft['id']}/pay", {"paid_out_of_band": True})
    assert (paid["id"], paid["status"], paid["amount_paid"]) == (draft["id"], "paid", 0)
    assert api.events().count("invoice.paid") == 1


# ---------------------------------------------------------------- whose, and in which currency


def test_an_invoice_that_says_no_currency_has_its_customers_or_the_accounts(api: Api) -> None:
    terms = {"collection_method": "send_invoice", "days_until_due": 7}
    known, new = made.customer(api), made.customer(api)
    made.draft(api, 3000, customer=known["id"], currency="jpy")
    assert api.post("/v1/invoices", {**terms, "customer": known["id"]})["currency"] == "jpy"
    assert api.post("/v1/invoices", {**terms, "customer": new["id"]})["currency"] == "eur"


def test_a_customer_billed_in_one_currency_is_not_billed_in_another(api: Api) -> None:
    """The first invoice decides, before it has a line: so Stripe does, and so must a rehearsal."""
    customer = made.customer(api)["id"]
    made.draft(api, 0, customer=customer, currency="jpy")
    given = {
        "customer": customer,
        "currency": "eur",
        "collection_method": "send_invoice",
        "days_until_due": 7,
    }
    assert api.refused("POST", "/v1/invoices", given)["status"] == 400
    assert len(api.practice.objects("invoice")) == 1


def test_only_the_customers_own_pending_items_are_taken_and_only_once(api: Api) -> None:
    ada, ben = made.customer(api)["id"], made.customer(api, "ben@example.com")["id"]
    for customer, amount in ((ada, 300), (ben, 700)):
        api.post("/v1/invoiceitems", {"customer": customer, "amount": amount, "currency": "eur"})
    include = {"pending_invoice_items_behavior": "include"}
    first = made.draft(api, 0, customer=ada, **include)
    second = made.draft(api, 0, customer=ada, **include)
    assert (first["total"], second["total"]) == (300, 0)
    assert api.get(f"/v1/invoices/{first['id']}")["total"] == 300
    (waiting,) = api.get("/v1/invoiceitems", {"pending": True})["data"]
    assert (waiting["customer"], waiting["amount"]) == (ben, 700)
