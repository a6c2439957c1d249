"""The filters of the lists: each narrows by its own field, together they narrow further."""

from __future__ import annotations

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

DAY = 86_400


def test_invoices_by_how_they_are_collected(api: Api) -> None:
    sent = made.draft(api, customer=made.customer(api)["id"])
    charged = api.post(
        "/v1/invoices",
        {"customer": sent["customer"], "collection_method": "charge_automatically"},
    )
    assert api.ids("/v1/invoices", {"collection_method": "send_invoice"}) == [sent["id"]]
    automatic = {"collection_method": "charge_automatically"}
    assert api.ids("/v1/invoices", automatic) == [charged["id"]]


def test_invoices_by_their_due_date_and_never_one_without(api: Api, clock: Clock) -> None:
    first = made.opened(api)
    clock.pass_seconds(DAY)
    second = made.opened(api, customer=first["customer"])
    charged = {"customer": first["customer"], "collection_method": "charge_automatically"}
    api.post("/v1/invoices", charged)  # which is never due
    between = first["due_date"] + 1
    assert api.ids("/v1/invoices", {"due_date": {"lt": between}}) == [first["id"]]
    assert api.ids("/v1/invoices", {"due_date": {"gte": between}}) == [second["id"]]
    assert api.ids("/v1/invoices", {"due_date": first["due_date"]}) == [first["id"]]


def test_filters_together_must_all_fit(api: Api) -> None:
    ada, bo = made.customer(api), made.customer(api, "bo@example.com")
    hers, _his = made.opened(api, customer=ada["id"]), made.opened(api, customer=bo["id"])
    made.draft(api, customer=ada["id"])
    both = {"customer": ada["id"], "status": "open"}
    assert api.ids("/v1/invoices", both) == [hers["id"]]
    assert api.ids("/v1/invoices", {**both, "status": "paid"}) == []


def test_subscriptions_by_price_customer_and_way(api: Api) -> None:
    weekly, other = made.weekly(api), made.weekly(api, 900)
    first = made.subscription(api, price=weekly["id"])
    second = made.subscription(api, price=other["id"], customer=first["customer"])
    assert api.ids("/v1/subscriptions", {"price": weekly["id"]}) == [first["id"]]
    assert api.ids("/v1/subscriptions", {"price": other["id"]}) == [second["id"]]
    assert len(api.ids("/v1/subscriptions", {"customer": first["customer"]})) == 2
    assert len(api.ids("/v1/subscriptions", {"collection_method": "send_invoice"})) == 2
    assert api.ids("/v1/subscriptions", {"collection_method": "charge_automatically"}) == []


def test_sessions_by_the_payment_and_the_membership_they_made(api: Api) -> None:
    once = api.practice.pay_link(made.link(api)["url"])
    member = api.practice.pay_link(made.link(api, price_id=made.weekly(api)["id"])["url"])
    (subscription,) = api.practice.objects("subscription")
    intent = api.get(f"/v1/checkout/sessions/{once}")["payment_intent"]
    path = "/v1/checkout/sessions"
    assert api.ids(path, {"payment_intent": intent}) == [once]
    assert api.ids(path, {"subscription": subscription["id"]}) == [member]
    assert api.ids(path, {"customer": subscription["customer"]}) == [member]


def test_items_by_invoice_and_whether_they_wait(api: Api) -> None:
    invoice, other = made.draft(api), made.draft(api, customer=made.customer(api)["id"])
    waiting = api.post(
        "/v1/invoiceitems", {"customer": invoice["customer"], "amount": 100, "currency": "eur"}
    )
    (item,) = api.ids("/v1/invoiceitems", {"invoice": invoice["id"]})
    assert api.ids("/v1/invoiceitems", {"pending": True}) == [waiting["id"]]
    taken = api.ids("/v1/invoiceitems", {"pending": False})
    assert item in taken
    assert waiting["id"] not in taken
    assert item not in api.ids("/v1/invoiceitems", {"invoice": other["id"]})


def test_payments_of_invoices_by_state_and_intent(api: Api) -> None:
    paid, unpaid = made.opened(api), made.opened(api, customer=made.customer(api)["id"])
    api.practice.pay_invoice(paid["id"])
    path = "/v1/invoice_payments"
    (settled,) = api.get(path, {"status": "paid"})["data"]
    (waiting,) = api.get(path, {"invoice": unpaid["id"]})["data"]
    assert settled["invoice"] == paid["id"]
    assert waiting["status"] == "open"
    by_intent = {
        "payment": {
            "type": "payment_intent",
            "payment_intent": settled["payment"]["payment_intent"],
        }
    }
    assert api.ids(path, by_intent) == [settled["id"]]


def test_refunds_by_what_they_gave_back(api: Api) -> None:
    for _ in range(2):
        api.practice.pay_link(made.link(api)["url"])
    first, second = api.practice.objects("payment_intent")
    refunds = [api.practice.refund(one["id"], 100) for one in (first, first, second)]
    assert api.ids("/v1/refunds", {"payment_intent": first["id"]}) == refunds[1::-1]
    assert api.ids("/v1/refunds", {"payment_intent": second["id"]}) == [refunds[2]]


@pytest.mark.parametrize(("active", "expected"), [(True, 0), (False, 1)])
def test_links_by_whether_they_are_open(api: Api, *, active: bool, expected: int) -> None:
    links = [made.link(api)["id"] for _ in range(2)]
    api.post(f"/v1/payment_links/{links[1]}", {"active": False})
    assert api.ids("/v1/payment_links", {"active": active}) == [links[expected]]


def test_a_cursor_and_a_filter_walk_together(api: Api) -> None:
    ada, bo = made.customer(api), made.customer(api, "bo@example.com")
    hers = []
    for _ in range(3):
        hers.append(made.opened(api, customer=ada["id"])["id"])
        made.opened(api, customer=bo["id"])
    seen: list[str] = []
    cursor: dict[str, object] = {}
    for _ in hers:
        page = api.get("/v1/invoices", {"customer": ada["id"], "limit": 1, **cursor})
        seen += [one["id"] for one in page["data"]]
        assert page["has_more"] is (len(seen) < len(hers))
        cursor = {"starting_after": seen[-1]}
    assert seen == hers[::-1]
