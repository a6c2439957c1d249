"""Subscriptions: a membership's terms, its first invoice, its periods and its end."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000
DAY = 86_400
WEEK = 7 * DAY
PAID = {"paid_out_of_band": True}


def invoices_of(api: Api, subscription: made.Made) -> list[made.Made]:
    found = api.get("/v1/invoices", {"subscription": subscription["id"], "limit": 100})
    listed: list[made.Made] = found["data"]
    return listed


def period_of(subscription: made.Made) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def test_a_membership_is_active_at_once_and_its_first_invoice_a_draft(api: Api) -> None:
    subscription = made.subscription(api, metadata={"kp_sale": "s1"})
    assert subscription["status"] == "active"
    assert subscription["metadata"] == {"kp_sale": "s1"}
    assert subscription["days_until_due"] == 7
    assert period_of(subscription) == (START, START + WEEK)
    (invoice,) = invoices_of(api, subscription)
    assert invoice["id"] == subscription["latest_invoice"]
    assert (invoice["status"], invoice["total"]) == ("draft", 500)
    assert invoice["billing_reason"] == "subscription_create"
    assert invoice["auto_advance"] is True
    assert invoice["automatically_finalizes_at"] == START + 3600
    assert invoice["parent"]["subscription_details"]["metadata"] == {"kp_sale": "s1"}


def test_its_line_names_the_item_price_and_period(api: Api) -> None:
    subscription = made.subscription(api)
    line = invoices_of(api, subscription)[0]["lines"]["data"][0]
    details = line["parent"]["subscription_item_details"]
    assert details["subscription_item"] == subscription["items"]["data"][0]["id"]
    assert line["period"] == {"start": START, "end": START + WEEK}
    price = subscription["items"]["data"][0]["price"]["id"]
    assert line["pricing"]["price_details"]["price"] == price


def test_the_first_invoice_is_ours_to_finalize_and_pay(api: Api) -> None:
    subscription = made.subscription(api)
    path = f"/v1/invoices/{subscription['latest_invoice']}"
    assert api.post(f"{path}/finalize", {"auto_advance": False})["status"] == "open"
    assert api.post(f"{path}/pay", PAID)["status"] == "paid"


def test_left_alone_it_finalizes_itself_after_an_hour(api: Api) -> None:
    subscription = made.subscription(api)
    api.practice.advance(3599)
    assert invoices_of(api, subscription)[0]["status"] == "draft"
    api.practice.advance(1)
    invoice = invoices_of(api, subscription)[0]
    assert invoice["status"] == "open"
    assert invoice["status_transitions"]["finalized_at"] == START + 3600
    assert api.events()[-1] == "invoice.sent"


def test_a_backdated_membership_without_proration_costs_its_price(api: Api) -> None:
    subscription = made.subscription(
        api, backdate_start_date=START - 3 * DAY, proration_behavior="none"
    )
    assert subscription["start_date"] == START - 3 * DAY
    assert invoices_of(api, subscription)[0]["total"] == 500


def test_with_proration_the_past_is_billed_too(api: Api) -> None:
    weekly = made.weekly(api, 700)
    backdated = {"backdate_start_date": START - 3 * DAY}
    subscription = made.subscription(api, price=weekly["id"], **backdated)
    assert invoices_of(api, subscription)[0]["total"] == 700 + 300


def test_extra_items_go_on_the_first_invoice_only(api: Api) -> None:
    fee = made.price(api, 250)
    extras = [{"price": fee["id"], "quantity": 2}]
    subscription = made.subscription(api, add_invoice_items=extras)
    assert invoices_of(api, subscription)[0]["total"] == 500 + 500
    api.practice.advance(WEEK)
    assert invoices_of(api, subscription)[0]["total"] == 500


def test_every_week_brings_a_period_and_an_invoice(api: Api) -> None:
    subscription = made.subscription(api)
    for week in range(1, 4):
        api.practice.advance(WEEK)
        shown = api.get(f"/v1/subscriptions/{subscription['id']}")
        assert period_of(shown) == (START + week * WEEK, START + (week + 1) * WEEK)
        newest = invoices_of(api, subscription)[0]
        assert newest["id"] == shown["latest_invoice"]
        assert newest["created"] == START + week * WEEK
        assert newest["billing_reason"] == "subscription_cycle"


def test_weeks_nobody_looked_are_made_up_in_their_own_time(api: Api, clock: Clock) -> None:
    subscription = made.subscription(api)
    clock.pass_seconds(3 * WEEK + 60)
    created = [invoice["created"] for invoice in invoices_of(api, subscription)]
    assert created == [START + 3 * WEEK, START + 2 * WEEK, START + WEEK, START]
    times = [event["created"] for event in api.practice.objects("event")]
    assert times == sorted(times)


def test_a_membership_of_fixed_length_ends_by_itself(api: Api) -> None:
    subscription = made.subscription(api, cancel_at=START + 4 * WEEK)
    api.practice.advance(4 * WEEK)
    ended = api.get(f"/v1/subscriptions/{subscription['id']}")
    assert ended["status"] == "canceled"
    assert ended["ended_at"] == START + 4 * WEEK
    assert len(invoices_of(api, subscription)) == 4
    assert api.events()[-1] == "customer.subscription.deleted"
    api.practice.advance(WEEK)
    assert len(invoices_of(api, subscription)) == 4


def test_it_can_be_cancelled_now_and_once(api: Api) -> None:
    subscription = made.subscription(api)
    path = f"/v1/subscriptions/{subscription['id']}"
    ended = api.delete(path, {"cancellation_details": {"comment": "moved"}})
    assert (ended["status"], ended["cancellation_details"]["comment"]) == ("canceled", "moved")
    assert api.refused("DELETE", path)["status"] == 404
    assert api.refused("POST", path, {"metadata": {"a": "b"}})["status"] == 400


def test_it_can_be_told_to_end_with_its_period(api: Api) -> None:
    subscription = made.subscription(api)
    path = f"/v1/subscriptions/{subscription['id']}"
    told = api.post(path, {"cancel_at_period_end": True})
    assert (told["cancel_at"], told["status"]) == (START + WEEK, "active")
    kept = api.post(path, {"cancel_at_period_end": False})
    assert (kept["cancel_at"], kept["canceled_at"]) == (None, None)
    api.post(path, {"cancel_at_period_end": True})
    api.practice.advance(WEEK)
    assert api.get(path)["status"] == "canceled"


def test_unpaid_past_its_due_date_it_is_past_due_until_paid(api: Api) -> None:
    subscription = made.subscription(api, days_until_due=2)
    path = f"/v1/subscriptions/{subscription['id']}"
    api.practice.advance(3 * DAY)
    assert api.get(path)["status"] == "past_due"
    assert "invoice.overdue" in api.events()
    api.practice.pay_invoice(subscription["latest_invoice"])
    assert api.get(path)["status"] == "active"


def test_an_update_changes_what_a_kiosk_may_change(api: Api) -> None:
    subscription = made.subscription(api)
    path = f"/v1/subscriptions/{subscription['id']}"
    changed = api.post(path, {"metadata": {"a": "b"}, "days_until_due": 3, "description": "Club"})
    assert changed["metadata"] == {"a": "b"}
    assert (changed["days_until_due"], changed["description"]) == (3, "Club")
    assert api.refused("POST", path, {"items": [{"quantity": 2}]})["param"] == "items"


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({"customer": None}, "customer"),
        ({"customer": "cus_none"}, "customer"),
        ({"items": None}, "items"),
        ({"items": [{"quantity": 1}]}, "items[0][price]"),
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"days_until_due": None}, "days_until_due"),
        ({"collection_method": "charge_automatically"}, "days_until_due"),
        ({"backdate_start_date": START + 60}, "backdate_start_date"),
        ({"billing_cycle_anchor": START - 60}, "billing_cycle_anchor"),
        ({"cancel_at": START}, "cancel_at"),
        ({"cancel_at": "min_period_end"}, "cancel_at"),
        ({"add_invoice_items": [{"price": "price_none"}]}, "add_invoice_items[0][price]"),
        ({"add_invoice_items": [{"quantity": 1}]}, "add_invoice_items[0][price]"),
        ({"trial_period_days": "many"}, "trial_period_days"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    api: Api, terms: dict[str, object], param: str
) -> None:
    given = {
        "customer": made.customer(api)["id"],
        "items": [{"price": made.weekly(api)["id"]}],
        "collection_method": "send_invoice",
        "days_until_due": 7,
        **terms,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    assert api.refused("POST", "/v1/subscriptions", asked)["param"] == param
    assert api.practice.objects("subscription") == []
    assert api.practice.objects("invoice") == []


def test_prices_must_recur_be_active_and_agree(api: Api) -> None:
    weekly, once = made.weekly(api), made.price(api)
    monthly = made.price(api, 500, recurring={"interval": "month"})
    terms = {
        "customer": made.customer(api)["id"],
        "collection_method": "send_invoice",
        "days_until_due": 7,
    }

    def refused(*prices: made.Made) -> str:
        items = [{"price": price["id"]} for price in prices]
        error = api.refused("POST", "/v1/subscriptions", {**terms, "items": items})
        return str(error["param"])

    assert refused(once) == "items[0][price]"
    assert refused(weekly, monthly) == "items"
    api.post(f"/v1/prices/{weekly['id']}", {"active": False})
    assert refused(weekly) == "items[0][price]"


def test_without_a_payment_method_nothing_is_charged_automatically(api: Api) -> None:
    terms = {
        "customer": made.customer(api)["id"],
        "items": [{"price": made.weekly(api)["id"]}],
    }
    assert api.refused("POST", "/v1/subscriptions", terms)["status"] == 400
    waiting = api.post("/v1/subscriptions", {**terms, "payment_behavior": "default_incomplete"})
    assert waiting["status"] == "incomplete"
    api.practice.pay_invoice(waiting["latest_invoice"])
    assert api.get(f"/v1/subscriptions/{waiting['id']}")["status"] == "active"


def test_lists_leave_the_cancelled_out_unless_asked(api: Api) -> None:
    kept, gone = made.subscription(api), made.subscription(api)
    api.delete(f"/v1/subscriptions/{gone['id']}")
    both = [gone["id"], kept["id"]]
    assert api.ids("/v1/subscriptions") == [kept["id"]]
    assert api.ids("/v1/subscriptions", {"status": "all"}) == both
    assert api.ids("/v1/subscriptions", {"status": "canceled"}) == [gone["id"]]
    assert api.ids("/v1/subscriptions", {"status": "ended"}) == [gone["id"]]
    assert api.ids("/v1/subscriptions", {"status": "active"}) == [kept["id"]]
    of_one = {"status": "all", "customer": gone["customer"]}
    assert api.ids("/v1/subscriptions", of_one) == [gone["id"]]
    price = kept["items"]["data"][0]["price"]["id"]
    assert api.ids("/v1/subscriptions", {"price": price}) == [kept["id"]]


def test_items_can_be_listed_and_read(api: Api) -> None:
    subscription = made.subscription(api)
    item = subscription["items"]["data"][0]
    listed = api.get("/v1/subscription_items", {"subscription": subscription["id"]})
    assert listed["data"] == [item]
    assert api.get(f"/v1/subscription_items/{item['id']}") == item
    assert api.refused("GET", "/v1/subscription_items/si_none")["status"] == 404
