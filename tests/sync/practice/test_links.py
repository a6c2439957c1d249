"""Payment links: what provisioning makes, and what it must not be able to make."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api


def test_a_link_for_one_price(api: Api) -> None:
    link = made.link(
        api,
        customer_creation="always",
        payment_method_types=["card"],
        restrictions={"completed_sessions": {"limit": 40}},
        metadata={"kp_price": "zine"},
    )
    assert link["active"] is True
    assert link["url"].startswith("https://buy.stripe.com/test_")
    assert link["customer_creation"] == "always"
    assert link["payment_method_types"] == ["card"]
    assert link["restrictions"] == {"completed_sessions": {"count": 0, "limit": 40}}
    assert link["metadata"] == {"kp_price": "zine"}
    assert link["currency"] == "eur"
    assert link["allow_promotion_codes"] is False
    assert api.get(f"/v1/payment_links/{link['id']}") == link


def test_its_line_items_are_a_list_of_their_own(api: Api) -> None:
    price = made.price(api, 450)
    link = made.link(api, line_items=[{"price": price["id"], "quantity": 2}])
    page = api.get(f"/v1/payment_links/{link['id']}/line_items")
    (item,) = page["data"]
    assert (item["amount_total"], item["quantity"]) == (900, 2)
    assert item["price"]["id"] == price["id"]
    assert item["description"] == "Zine"


def test_a_link_can_be_closed_and_opened(api: Api) -> None:
    link = made.link(api)
    path = f"/v1/payment_links/{link['id']}"
    assert api.post(path, {"active": False})["active"] is False
    assert api.ids("/v1/payment_links", {"active": True}) == []
    assert api.ids("/v1/payment_links", {"active": False}) == [link["id"]]
    assert api.post(path, {"active": True, "metadata": {"a": "b"}})["metadata"] == {"a": "b"}


def test_its_limit_can_change_but_not_what_was_counted(api: Api) -> None:
    link = made.link(api, restrictions={"completed_sessions": {"limit": 2}})
    path = f"/v1/payment_links/{link['id']}"
    api.practice.pay_link(link["url"])
    changed = api.post(path, {"restrictions": {"completed_sessions": {"limit": 5}}})
    assert changed["restrictions"] == {"completed_sessions": {"count": 1, "limit": 5}}
    assert api.post(path, {"restrictions": ""})["restrictions"] is None


def test_a_recurring_price_makes_a_subscription_link(api: Api) -> None:
    link = made.link(api, made.weekly(api)["id"], subscription_data={"metadata": {"kp": "1"}})
    assert link["subscription_data"] == {"metadata": {"kp": "1"}}


@pytest.mark.parametrize(
    ("recurring", "terms", "param"),
    [
        (True, {"customer_creation": "always"}, "customer_creation"),
        (True, {"invoice_creation": {"enabled": True}}, "invoice_creation"),
        (True, {"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        (False, {"subscription_data": {"description": "x"}}, "subscription_data"),
        (False, {"line_items": []}, "line_items"),
        (False, {"line_items": [{"quantity": 1}]}, "line_items[0][price]"),
        (False, {"line_items": [{"price": "price_none", "quantity": 1}]}, "line_items[0][price]"),
        (False, {"restrictions": {"completed_sessions": {}}},
         "line_items"),
        (
            False,
            {"restrictions": {"completed_sessions": {"limit": 0}}},
            "restrictions[completed_sessions][limit]",
        ),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused(
    api: Api, recurring: bool, terms: dict[str, object], param: str
) -> None:
    price = made.weekly(api) if recurring else made.price(api)
    given = {"line_items": [{"price": price["id"], "quantity": 1}], **terms}
    if terms == {"restrictions": {"completed_sessions": {}}}:
        given.pop("line_items")
    assert api.refused("POST", "/v1/payment_links", given)["param"] == param
    assert api.practice.objects("payment_link") == []


def test_an_item_needs_a_quantity_of_at_least_one(api: Api) -> None:
    price = made.price(api)["id"]
    missing = api.refused("POST", "/v1/payment_links", {"line_items": [{"price": price}]})
    assert (missing["code"], missing["param"]) == ("parameter_missing", "line_items[0][quantity]")
    none = {"line_items": [{"price": price, "quantity": 0}]}
    error = api.refused("POST", "/v1/payment_links", none)
    assert error["param"] == "line_items[0][quantity]"


@pytest.mark.parametrize(
    ("currency", "too_small", "enough"),
    [("eur", 49, 50), ("gbp", 29, 30), ("jpy", 49, 50), ("dkk", 249, 250)],
)
def test_less_than_stripes_minimum_cannot_be_charged(
    api: Api, currency: str, too_small: int, enough: int
) -> None:
    small = made.price(api, too_small, currency=currency)
    error = api.refused(
        "POST", "/v1/payment_links", {"line_items": [{"price": small["id"], "quantity": 1}]}
    )
    assert error["code"] == "amount_too_small"
    assert made.link(api, made.price(api, enough, currency=currency)["id"])["active"]


def test_an_inactive_price_has_no_link(api: Api) -> None:
    price = made.price(api)
    api.post(f"/v1/prices/{price['id']}", {"active": False})
    items = {"line_items": [{"price": price["id"], "quantity": 1}]}
    assert api.refused("POST", "/v1/payment_links", items)["param"] == "line_items[0][price]"


def test_one_link_has_one_currency(api: Api) -> None:
    items = [
        {"price": made.price(api)["id"], "quantity": 1},
        {"price": made.price(api, 300, currency="jpy")["id"], "quantity": 1},
    ]
    error = api.refused("POST", "/v1/payment_links", {"line_items": items})
    assert error["param"] == "line_items"


def test_what_a_link_cannot_change_here_is_said(api: Api) -> None:
    link = made.link(api)
    given = {"phone_number_collection": {"enabled": True}}
    error = api.refused("POST", f"/v1/payment_links/{link['id']}", given)
    assert error["param"] == "phone_number_collection"
