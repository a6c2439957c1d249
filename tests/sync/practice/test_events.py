"""Events: what happened, in order, filtered as Stripe filters, for thirty days."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

DAY = 24 * 3600


def types_of(api: Api, **params: object) -> list[str]:
    return [event["type"] for event in api.get("/v1/events", params)["data"]]


def test_a_cash_invoice_leaves_its_trail(api: Api) -> None:
    invoice = made.opened(api)
    api.post(f"/v1/invoices/{invoice['id']}/pay", {"paid_out_of_band": True})
    assert api.events() == [
        "customer.created",
        "invoice.created",
        "invoiceitem.created",
        "invoice.updated",
        "invoice.finalized",
        "payment_intent.created",
        "payment_intent.canceled",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]


def test_an_event_holds_the_object_as_it_was(api: Api) -> None:
    customer = made.customer(api)
    api.post(f"/v1/customers/{customer['id']}", {"name": "Later"})
    created, updated = api.practice.objects("event")
    assert created["data"]["object"] == customer
    assert updated["data"]["object"]["name"] == "Later"
    assert created["api_version"] == "2026-10-28.endive"


def test_a_payers_event_has_no_request_behind_it(api: Api) -> None:
    api.practice.pay_link(made.link(api)["url"])
    completed = api.practice.objects("event")[-1]
    assert completed["type"] == "checkout.session.completed"
    assert completed["request"] == {"id": None, "idempotency_key": None}


def test_types_filter_by_name_and_by_star(api: Api) -> None:
    made.opened(api)
    assert types_of(api, type="customer.created") == ["customer.created"]
    assert set(types_of(api, type="invoice.*")) == {
        "invoice.created",
        "invoice.updated",
        "invoice.finalized",
    }
    both = types_of(api, types=["customer.created", "invoice.finalized"])
    assert both == ["invoice.finalized", "customer.created"]
    assert types_of(api, type="price.created") == []


@pytest.mark.parametrize("params", [{"type": "a", "types": ["b"]}, {"types": ["a"] * 21}])
def test_filters_that_stripe_refuses(api: Api, params: dict[str, object]) -> None:
    assert api.refused("GET", "/v1/events", params)["param"] == "types"


def test_an_event_can_be_read_alone(api: Api) -> None:
    made.customer(api)
    event = api.get("/v1/events")["data"][0]
    assert api.get(f"/v1/events/{event['id']}") == event
    assert api.refused("GET", "/v1/events/evt_none")["status"] == 404


def test_a_cursor_walks_on_while_new_events_come(api: Api) -> None:
    for number in range(4):
        api.post("/v1/customers", {"name": str(number)})
    first = api.get("/v1/events", {"limit": 2})
    made.customer(api)
    rest = api.get("/v1/events", {"limit": 10, "starting_after": first["data"][-1]["id"]})
    names = [e["data"]["object"]["name"] for e in first["data"] + rest["data"]]
    assert names == ["3", "2", "1", "0"]


def test_after_thirty_days_an_event_is_gone(api: Api, clock: Clock) -> None:
    made.customer(api)
    clock.pass_seconds(30 * DAY)
    assert types_of(api) == ["customer.created"]
    clock.pass_seconds(1)
    assert types_of(api) == []
    made.customer(api, "b@example.com")
    assert api.events() == ["customer.created"]


def test_a_request_that_fails_leaves_no_event(api: Api) -> None:
    invoice = made.opened(api)
    before = api.events()
    api.refused("POST", f"/v1/invoices/{invoice['id']}/finalize")
    api.refused("POST", "/v1/invoices", {"customer": "cus_none"})
    assert api.events() == before
