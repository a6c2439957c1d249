"""Products and prices: what provisioning makes once and finds again by its lookup key."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api


def test_a_product_is_made_read_changed_and_listed(api: Api) -> None:
    product = api.post("/v1/products", {"name": "Zine", "metadata": {"kp_offer": "zine"}})
    path = f"/v1/products/{product['id']}"
    assert api.get(path) == product
    changed = api.post(path, {"active": False, "description": "40 pages"})
    assert (changed["active"], changed["description"]) == (False, "40 pages")
    assert api.ids("/v1/products", {"active": True}) == []
    assert api.ids("/v1/products", {"active": False}) == [product["id"]]
    assert api.ids("/v1/products", {"ids": [product["id"]]}) == [product["id"]]
    assert api.ids("/v1/products", {"ids": ["prod_none"]}) == []


def test_a_product_can_bring_its_own_id_once(api: Api) -> None:
    assert api.post("/v1/products", {"name": "Zine", "id": "zine"})["id"] == "zine"
    error = api.refused("POST", "/v1/products", {"name": "Zine", "id": "zine"})
    assert error["code"] == "resource_already_exists"


def test_a_product_can_bring_its_price(api: Api) -> None:
    terms = {"name": "Zine", "default_price_data": {"currency": "eur", "unit_amount": 900}}
    product = api.post("/v1/products", terms)
    price = api.get(f"/v1/prices/{product['default_price']}")
    assert (price["product"], price["unit_amount"]) == (product["id"], 900)


def test_a_price_once_and_a_price_that_recurs(api: Api) -> None:
    once, weekly = made.price(api), made.weekly(api)
    assert (once["type"], once["recurring"]) == ("one_time", None)
    assert weekly["type"] == "recurring"
    assert weekly["recurring"]["interval"] == "week"
    assert weekly["recurring"]["interval_count"] == 1
    assert once["unit_amount_decimal"] == "900"


def test_prices_are_found_by_lookup_key_product_type_and_interval(api: Api) -> None:
    once = made.price(api, lookup_key="zine")
    weekly = made.weekly(api, lookup_key="club")
    assert api.ids("/v1/prices", {"lookup_keys": ["zine", "none"]}) == [once["id"]]
    assert api.ids("/v1/prices", {"lookup_keys": ["none"]}) == []
    assert api.ids("/v1/prices", {"product": weekly["product"]}) == [weekly["id"]]
    assert api.ids("/v1/prices", {"type": "one_time"}) == [once["id"]]
    assert api.ids("/v1/prices", {"recurring": {"interval": "week"}}) == [weekly["id"]]
    assert api.ids("/v1/prices", {"recurring": {"interval": "month"}}) == []
    assert api.ids("/v1/prices", {"currency": "jpy"}) == []


def test_a_lookup_key_names_one_price_and_can_move(api: Api) -> None:
    old = made.price(api, lookup_key="zine")
    terms = {"currency": "eur", "unit_amount": 950, "product": old["product"], "lookup_key": "zine"}
    assert api.refused("POST", "/v1/prices", terms)["param"] == "lookup_key"
    new = api.post("/v1/prices", {**terms, "transfer_lookup_key": True})
    assert api.ids("/v1/prices", {"lookup_keys": ["zine"]}) == [new["id"]]
    assert api.get(f"/v1/prices/{old['id']}")["lookup_key"] is None


def test_a_price_keeps_its_lookup_key_through_an_update(api: Api) -> None:
    price = made.price(api, lookup_key="zine")
    again = api.post(f"/v1/prices/{price['id']}", {"lookup_key": "zine", "nickname": "N"})
    assert (again["lookup_key"], again["nickname"]) == ("zine", "N")


def test_a_price_never_changes_its_amount(api: Api) -> None:
    price = made.price(api)
    error = api.refused("POST", f"/v1/prices/{price['id']}", {"unit_amount": 1})
    assert (error["code"], error["param"]) == ("parameter_unknown", "unit_amount")


def test_a_payer_may_choose_the_amount(api: Api) -> None:
    chosen = {"enabled": True, "minimum": 100, "preset": 500}
    terms = {"currency": "eur", "product": made.product(api)["id"], "custom_unit_amount": chosen}
    price = api.post("/v1/prices", terms)
    assert price["unit_amount"] is None
    assert price["custom_unit_amount"] == {"maximum": None, "minimum": 100, "preset": 500}


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({"unit_amount": 900}, "currency"),
        ({"unit_amount": 900, "currency": "xxx"}, "currency"),
        ({"currency": "eur"}, "unit_amount"),
        ({"currency": "eur", "unit_amount": -1}, "unit_amount"),
        ({"currency": "eur", "unit_amount": 100_000_000}, "unit_amount"),
        ({"currency": "eur", "unit_amount_decimal": "9.5"}, "unit_amount_decimal"),
        (
            {"currency": "eur", "unit_amount": 5, "custom_unit_amount": {"enabled": True}},
            "unit_amount",
        ),
        (
            {"currency": "eur", "unit_amount": 5, "recurring": {"interval": "hour"}},
            "recurring[interval]",
        ),
        ({"currency": "eur", "unit_amount": 5, "product": "prod_none"}, "product"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(
    api: Api, terms: dict[str, object], param: str
) -> None:
    given = {"product": made.product(api)["id"], **terms}
    assert api.refused("POST", "/v1/prices", given)["param"] == param


def test_a_price_needs_a_product(api: Api) -> None:
    error = api.refused("POST", "/v1/prices", {"currency": "eur", "unit_amount": 5})
    assert error["param"] == "product"
    terms = {"currency": "eur", "unit_amount": 5, "product_data": {"name": "Zine"}}
    price = api.post("/v1/prices", terms)
    assert api.get(f"/v1/products/{price['product']}")["name"] == "Zine"


def test_a_whole_decimal_is_an_amount(api: Api) -> None:
    terms = {"currency": "EUR", "unit_amount_decimal": "900", "product": made.product(api)["id"]}
    price = api.post("/v1/prices", terms)
    assert (price["unit_amount"], price["currency"]) == (900, "eur")


def test_a_yen_has_no_cents(api: Api) -> None:
    price = made.price(api, 300, currency="jpy")
    assert (price["unit_amount"], price["currency"]) == (300, "jpy")
    assert made.link(api, price["id"])["currency"] == "jpy"
