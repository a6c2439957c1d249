"""Checkout Sessions: made by a call, completed by a payer, expired by time or by us."""

import pytest

from sync.practice.payer import PayerTurnedAway
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api

START = START_MS // 1000
DAY = 86_400


def session(api: Api, **more: object) -> made.Made:
    given = {
        "mode": "payment",
        "line_items": [{"price": made.price(api)["id"], "quantity": 1}],
        "success_url": "https://example.com/thanks",
        **more,
    }
    return api.post("/v1/checkout/sessions", given)


def path_of(opened: made.Made, step: str = "") -> str:
    return f"/v1/checkout/sessions/{opened['id']}" + (f"/{step}" if step else "")


def test_a_new_session_is_open_and_unpaid(api: Api) -> None:
    opened = session(api, client_reference_id="kp1_3_abc", metadata={"kp_sale": "s1"})
    assert (opened["status"], opened["payment_status"]) == ("open", "unpaid")
    assert opened["amount_total"] == 900
    assert opened["client_reference_id"] == "kp1_3_abc"
    assert opened["metadata"] == {"kp_sale": "s1"}
    assert opened["url"].startswith("https://checkout.stripe.com/c/pay/cs_test_")
    assert opened["expires_at"] == START + DAY
    assert opened["payment_intent"] is None


def test_a_payer_completes_it(api: Api) -> None:
    opened = session(api, payment_intent_data={"metadata": {"kp_sale": "s1"}})
    api.practice.complete_session(opened["id"], email="m@example.com")
    done = api.get(path_of(opened))
    assert (done["status"], done["payment_status"], done["url"]) == ("complete", "paid", None)
    assert done["customer_details"]["email"] == "m@example.com"
    intent = api.get(f"/v1/payment_intents/{done['payment_intent']}")
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 900)
    assert intent["metadata"] == {"kp_sale": "s1"}
    assert "invoice" not in intent


def test_it_can_be_completed_once(api: Api) -> None:
    opened = session(api)
    api.practice.complete_session(opened["id"])
    with pytest.raises(PayerTurnedAway, match="complete"):
        api.practice.complete_session(opened["id"])
    assert len(api.practice.objects("payment_intent")) == 1


def test_we_can_expire_it_unless_it_is_paid(api: Api) -> None:
    expired, paid = session(api), session(api)
    assert api.post(path_of(expired, "expire"))["status"] == "expired"
    with pytest.raises(PayerTurnedAway, match="expired"):
        api.practice.complete_session(expired["id"])
    api.practice.complete_session(paid["id"])
    assert api.refused("POST", path_of(paid, "expire"))["status"] == 400
    assert api.refused("POST", path_of(expired, "expire"))["status"] == 400


def test_time_expires_it(api: Api) -> None:
    opened = session(api, expires_at=START + 1800)
    api.practice.advance(1799)
    assert api.get(path_of(opened))["status"] == "open"
    api.practice.advance(1)
    assert api.get(path_of(opened))["status"] == "expired"
    assert api.events()[-1] == "checkout.session.expired"


def test_sessions_are_found_by_link_status_and_email(api: Api) -> None:
    link = made.link(api)
    other = session(api)
    opened = api.practice.open_session(link["url"])
    paid = api.practice.pay_link(link["url"], email="m@example.com")
    rooms = "/v1/checkout/sessions"
    assert api.ids(rooms, {"payment_link": link["id"]}) == [paid, opened]
    complete = {"payment_link": link["id"], "status": "complete"}
    assert api.ids(rooms, complete) == [paid]
    assert api.ids(rooms, {"status": "open"}) == [opened, other["id"]]
    assert api.ids(rooms, {"customer_details": {"email": "m@example.com"}}) == [paid]
    intent = api.get(f"{rooms}/{paid}")["payment_intent"]
    assert api.ids(rooms, {"payment_intent": intent}) == [paid]


def test_a_subscription_session_makes_the_whole_membership(api: Api) -> None:
    weekly = made.weekly(api)
    opened = session(
        api,
        mode="subscription",
        customer=made.customer(api)["id"],
        line_items=[{"price": weekly["id"], "quantity": 1}],
        subscription_data={"metadata": {"kp_sale": "s1"}},
    )
    api.practice.complete_session(opened["id"])
    done = api.get(path_of(opened))
    subscription = api.get(f"/v1/subscriptions/{done['subscription']}")
    assert (subscription["status"], subscription["metadata"]) == ("active", {"kp_sale": "s1"})
    invoice = api.get(f"/v1/invoices/{done['invoice']}")
    assert (invoice["status"], invoice["amount_paid"]) == ("paid", 500)
    assert done["payment_intent"] is None


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({"line_items": []}, "line_items"),
        ({"mode": "subscription"}, "mode"),
        ({"success_url": None}, "success_url"),
        ({"customer": "cus_none"}, "customer"),
        ({"expires_at": START + 60}, "expires_at"),
        ({"expires_at": START + DAY + 1}, "expires_at"),
        ({"client_reference_id": "r" * 201}, "client_reference_id"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    api: Api, terms: dict[str, object], param: str
) -> None:
    given = {
        "mode": "payment",
        "line_items": [{"price": made.price(api)["id"], "quantity": 1}],
        "success_url": "https://example.com/thanks",
        **terms,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    assert api.refused("POST", "/v1/checkout/sessions", asked)["param"] == param


def test_a_customer_and_an_email_are_one_too_many(api: Api) -> None:
    given = {
        "customer": made.customer(api)["id"],
        "customer_email": "a@example.com",
        "line_items": [{"price": made.price(api)["id"], "quantity": 1}],
        "success_url": "https://example.com/thanks",
    }
    assert api.refused("POST", "/v1/checkout/sessions", given)["param"] == "customer"


def test_metadata_can_be_added_later(api: Api) -> None:
    opened = session(api)
    assert api.post(path_of(opened), {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    assert api.refused("POST", path_of(opened), {"shipping_options": []} | {"x": 1})["param"] == "x"
