"""People outside the API: what a payer at a link may do, and what the Dashboard does."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.payer import PayerTurnedAway
from sync.practice.refusals import Refusal
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

REFERENCE = "kp1_3_0197f0c2-7d1e-7cc3-98c4-dc0c0c07398f_A1b2C3d4"


def session_of(api: Api, session_id: str) -> made.Made:
    return api.get(f"/v1/checkout/sessions/{session_id}")


def test_reference_email_and_locale_of_the_url_arrive(api: Api) -> None:
    url = (
        f"{made.link(api)['url']}?client_reference_id={REFERENCE}"
        "&locked_prefilled_email=ada%2Bzine%40example.com&locale=de"
    )
    paid = session_of(api, api.practice.pay_link(url))
    assert paid["client_reference_id"] == REFERENCE
    assert paid["customer_details"]["email"] == "ada+zine@example.com"
    assert paid["locale"] == "de"


def test_a_locked_email_is_not_the_payers_to_change(api: Api) -> None:
    url = made.link(api)["url"] + "?locked_prefilled_email=ada%40example.com"
    paid = session_of(api, api.practice.pay_link(url, email="eve@example.com"))
    assert paid["customer_details"]["email"] == "ada@example.com"


def test_a_prefilled_email_is(api: Api) -> None:
    url = made.link(api)["url"] + "?prefilled_email=ada%40example.com"
    kept = session_of(api, api.practice.pay_link(url))
    changed = session_of(api, api.practice.pay_link(url, email="eve@example.com"))
    assert kept["customer_details"]["email"] == "ada@example.com"
    assert changed["customer_details"]["email"] == "eve@example.com"


@pytest.mark.parametrize(
    "reference", ["", "a b", "a/b", "ä", "a.b", "r" * 201, "a\nb", "<script>", "a=b"]
)
def test_a_reference_stripe_does_not_take_is_dropped_without_a_word(
    api: Api, reference: str
) -> None:
    url = f"{made.link(api)['url']}?client_reference_id={quote(reference)}"
    assert session_of(api, api.practice.pay_link(url))["client_reference_id"] is None


@given(st.text(alphabet="abcXYZ019_-", min_size=1, max_size=200))
def test_any_allowed_reference_comes_back_unchanged(reference: str) -> None:
    api = Api(PracticeStripe(clock=Clock(), seed=6))
    url = f"{made.link(api)['url']}?client_reference_id={reference}"
    assert session_of(api, api.practice.pay_link(url))["client_reference_id"] == reference


def test_an_edited_reference_is_stored_as_the_payer_sent_it(api: Api) -> None:
    url = f"{made.link(api)['url']}?client_reference_id=kp1_3_stolen_00000000"
    paid = session_of(api, api.practice.pay_link(url))
    assert paid["client_reference_id"] == "kp1_3_stolen_00000000"


def test_a_link_says_whether_it_makes_customers(api: Api) -> None:
    always = made.link(api, customer_creation="always")
    seldom = made.link(api)
    with_customer = session_of(api, api.practice.pay_link(always["url"], email="m@example.com"))
    without = session_of(api, api.practice.pay_link(seldom["url"]))
    assert api.get(f"/v1/customers/{with_customer['customer']}")["email"] == "m@example.com"
    assert without["customer"] is None


def test_a_subscription_link_makes_customer_subscription_and_paid_invoice(api: Api) -> None:
    link = made.link(api, made.weekly(api)["id"], subscription_data={"metadata": {"kp": "1"}})
    paid = session_of(api, api.practice.pay_link(link["url"], email="m@example.com"))
    assert paid["mode"] == "subscription"
    subscription = api.get(f"/v1/subscriptions/{paid['subscription']}")
    assert subscription["customer"] == paid["customer"]
    assert subscription["collection_method"] == "charge_automatically"
    assert subscription["metadata"] == {"kp": "1"}
    invoice = api.get(f"/v1/invoices/{paid['invoice']}")
    assert (invoice["status"], invoice["billing_reason"]) == ("paid", "subscription_create")
    api.practice.advance(7 * 86_400 + 3600)
    renewal = api.get("/v1/invoices", {"subscription": subscription["id"]})["data"][0]
    assert (renewal["billing_reason"], renewal["status"]) == ("subscription_cycle", "paid")


@pytest.mark.parametrize(
    "url", ["", "https://buy.stripe.com/", "https://buy.stripe.com/test_none", "test_", "/"]
)
def test_an_unknown_link_leads_nowhere(api: Api, url: str) -> None:
    made.link(api)
    with pytest.raises(PayerTurnedAway):
        api.practice.pay_link(url)


def test_a_closed_link_takes_nobody(api: Api) -> None:
    link = made.link(api)
    api.post(f"/v1/payment_links/{link['id']}", {"active": False})
    with pytest.raises(PayerTurnedAway, match="no longer active"):
        api.practice.pay_link(link["url"])
    assert api.practice.objects("checkout.session") == []


def test_a_limited_link_is_used_as_often_as_it_may_be(api: Api) -> None:
    link = made.link(api, restrictions={"completed_sessions": {"limit": 2}})
    api.practice.pay_link(link["url"])
    api.practice.pay_link(link["url"])
    with pytest.raises(PayerTurnedAway, match="as often"):
        api.practice.pay_link(link["url"])
    shown = api.get(f"/v1/payment_links/{link['id']}")
    assert shown["restrictions"]["completed_sessions"] == {"count": 2, "limit": 2}
    assert len(api.practice.objects("payment_intent")) == 2


def test_two_open_sessions_at_a_link_for_one_end_in_one_payment(api: Api) -> None:
    link = made.link(api, restrictions={"completed_sessions": {"limit": 1}})
    first = api.practice.open_session(link["url"])
    second = api.practice.open_session(link["url"])
    api.practice.complete_session(second)
    with pytest.raises(PayerTurnedAway):
        api.practice.complete_session(first)
    assert session_of(api, first)["status"] == "open"
    assert len(api.practice.objects("payment_intent")) == 1


def test_a_payer_may_pay_less_than_the_price_says(api: Api) -> None:
    paid = session_of(api, api.practice.pay_link(made.link(api)["url"], amount_minor=600))
    assert (paid["amount_subtotal"], paid["amount_total"]) == (900, 600)
    assert paid["total_details"]["amount_discount"] == 300
    intent = api.get(f"/v1/payment_intents/{paid['payment_intent']}")
    assert intent["amount_received"] == 600


def test_nothing_to_pay_needs_no_payment(api: Api) -> None:
    paid = session_of(api, api.practice.pay_link(made.link(api)["url"], amount_minor=0))
    assert (paid["payment_status"], paid["payment_intent"]) == ("no_payment_required", None)


def test_a_payer_chooses_the_amount_where_the_price_lets_them(api: Api) -> None:
    chosen = {"enabled": True, "preset": 500}
    terms = {"currency": "eur", "product": made.product(api)["id"], "custom_unit_amount": chosen}
    link = made.link(api, api.post("/v1/prices", terms)["id"])
    preset = session_of(api, api.practice.pay_link(link["url"]))
    more = session_of(api, api.practice.pay_link(link["url"], amount_minor=1200))
    assert (preset["amount_total"], more["amount_total"]) == (500, 1200)
    assert more["total_details"]["amount_discount"] == 0
    items = api.get(f"/v1/checkout/sessions/{more['id']}/line_items")["data"]
    assert items[0]["amount_total"] == 1200
    again = session_of(api, api.practice.pay_link(link["url"]))
    assert again["amount_total"] == 500


@pytest.mark.parametrize("step", ["pay", "void"])
def test_an_invoice_that_is_not_open_cannot_be_paid_on_its_page(api: Api, step: str) -> None:
    invoice = made.opened(api)
    params = {"paid_out_of_band": True} if step == "pay" else None
    api.post(f"/v1/invoices/{invoice['id']}/{step}", params)
    with pytest.raises(PayerTurnedAway):
        api.practice.pay_invoice(invoice["id"])
    with pytest.raises(Refusal):
        api.practice.pay_invoice("in_none")


def test_refunds_in_part_and_never_more_than_came_in(api: Api) -> None:
    paid = session_of(api, api.practice.pay_link(made.link(api)["url"]))
    intent = paid["payment_intent"]
    part = api.practice.refund(intent, 400)
    with pytest.raises(Refusal):
        api.practice.refund(intent, 501)
    rest = api.practice.refund(intent)
    assert api.get(f"/v1/refunds/{rest}")["amount"] == 500
    assert api.ids("/v1/refunds", {"payment_intent": intent}) == [rest, part]
    with pytest.raises(Refusal):
        api.practice.refund(intent)
    assert api.get("/v1/balance")["pending"][0]["amount"] == 0


def test_the_clock_only_goes_forward(practice: PracticeStripe) -> None:
    with pytest.raises(ValueError, match="forward"):
        practice.advance(-1)


def test_a_payer_turned_away_changes_nothing(api: Api) -> None:
    link = made.link(api, restrictions={"completed_sessions": {"limit": 1}})
    session_id = api.practice.open_session(link["url"])
    api.practice.pay_link(link["url"])
    before = {kind: api.practice.objects(kind) for kind in api.practice.kinds()}
    with pytest.raises(PayerTurnedAway):
        api.practice.complete_session(session_id)
    assert {kind: api.practice.objects(kind) for kind in api.practice.kinds()} == before
