"""Products and prices. A price never changes its amount: Stripe has no parameter for it.

https://docs.stripe.com/api/products, https://docs.stripe.com/api/prices
"""

from __future__ import annotations

from typing import Final

from kiosk.domain.money import AMOUNT_MAX_MINOR, currency_of
from sync.practice import shapes
from sync.practice.events import emit
from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid, missing_param
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, merge_metadata, public
from sync.practice.world import World

LOOKUP_KEYS_MAX: Final = 10


def known_currency(code: str, *, param: str = "currency") -> str:
    """The lower-case code. Refusal(400) for one that this Stripe account cannot take."""
    lowered = code.lower()
    if currency_of(lowered) is None:
        raise invalid(f"Invalid currency: {lowered}.", param=param)
    return lowered


def check_amount(amount_minor: int, *, param: str, least: int = 0) -> None:
    """Refuse an amount Stripe could not hold: negative where not allowed, or nine digits."""
    if amount_minor < least:
        raise invalid(
            f"Invalid integer: must be greater than or equal to {least}",
            param=param,
            code="parameter_invalid_integer",
        )
    if amount_minor > AMOUNT_MAX_MINOR:
        raise invalid("Amount is too large.", param=param, code="amount_too_large")


def check_chargeable(amount_minor: int, currency: str) -> None:
    """Online payments have a least amount (https://docs.stripe.com/currencies#minimums)."""
    found = currency_of(currency)
    if found is not None and 0 < amount_minor < found.least_minor:
        raise invalid(
            f"The total amount must be at least {found.least_minor} {currency} in minor units.",
            code="amount_too_small",
            param="line_items",
        )


def whole_units(written: str | None, param: str) -> int:
    """A decimal unit amount that is whole; fractions of a cent are beyond this Stripe."""
    if written is None:
        raise missing_param(param)
    if "." in written:
        raise invalid(
            "Invalid decimal: the practice Stripe has no fractions of a cent.", param=param
        )
    return int(written)


def new_price(world: World, given: JsonObject) -> JsonObject:
    """A price with Stripe's defaults; exactly one way to say its amount."""
    currency = known_currency(given["currency"])
    custom = given.get("custom_unit_amount")
    unit = given.get("unit_amount")
    if unit is None and "unit_amount_decimal" in given:
        unit = whole_units(given["unit_amount_decimal"], "unit_amount_decimal")
    if (unit is None) == (custom is None):
        if unit is None:
            raise missing_param("unit_amount")
        raise invalid(
            "Pass exactly one of unit_amount and custom_unit_amount.", param="unit_amount"
        )
    if unit is not None:
        check_amount(unit, param="unit_amount")
    recurring = given.get("recurring")
    price: JsonObject = {
        **shapes.PRICE.blank(),
        "id": world.new_id("price_1"),
        "active": given.get("active", True),
        "created": world.now(),
        "currency": currency,
        "custom_unit_amount": _custom(custom),
        "lookup_key": _free_lookup_key(world, given),
        "metadata": merge_metadata({}, given.get("metadata", {})),
        "nickname": given.get("nickname") or None,
        "product": _product_of(world, given),
        "recurring": _recurring(recurring),
        "tax_behavior": given.get("tax_behavior", "unspecified"),
        "type": "recurring" if recurring else "one_time",
        "unit_amount": unit,
        "unit_amount_decimal": None if unit is None else str(unit),
    }
    world.add("price", price)
    emit(world, "price.created", price)
    return price


def _custom(given: JsonObject | None) -> JsonObject | None:
    if given is None:
        return None
    return {name: given.get(name) for name in ("maximum", "minimum", "preset")}


def _recurring(given: JsonObject | None) -> JsonObject | None:
    if given is None:
        return None
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": given.get("usage_type", "licensed"),
    }


def _product_of(world: World, given: JsonObject) -> str:
    if "product_data" in given:
        return str(new_product(world, given["product_data"])["id"])
    if "product" not in given:
        raise missing_param("product")
    return str(world.must("product", given["product"], param="product")["id"])


def _free_lookup_key(world: World, given: JsonObject) -> str | None:
    """A lookup key names one price; it moves only when the caller says so."""
    key: str | None = given.get("lookup_key") or None
    holder = next((p for p in world.objects("price") if key and p["lookup_key"] == key), None)
    if holder is not None and not given.get("transfer_lookup_key"):
        raise invalid("A price already uses that lookup key.", param="lookup_key")
    if holder is not None:
        world.edit("price", holder["id"])["lookup_key"] = None
    return key


def new_product(world: World, given: JsonObject) -> JsonObject:
    """A product with Stripe's defaults."""
    product_id = given.get("id") or world.new_id("prod_", 14)
    if world.find("product", product_id) is not None:
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    now = world.now()
    product: JsonObject = {
        **shapes.PRODUCT.blank(),
        "id": product_id,
        "created": now,
        "type": given.get("type", "service"),
        "updated": now,
    }
    _apply_product(product, given)
    world.add("product", product)
    emit(world, "product.created", product)
    if "default_price_data" in given:
        price = new_price(world, {**given["default_price_data"], "product": product_id})
        product["default_price"] = price["id"]
    return product


def _apply_product(product: JsonObject, given: JsonObject) -> None:
    for name in ("description", "statement_descriptor", "tax_code", "unit_label", "url"):
        if name in given:
            product[name] = given[name] or None
    for name in ("active", "images", "marketing_features", "name", "shippable"):
        if name in given:
            product[name] = given[name]
    product["metadata"] = merge_metadata(product["metadata"], given.get("metadata", {}))


def _create_product(world: World, call: Call) -> JsonObject:
    return public(new_product(world, call.params))


def _update_product(world: World, call: Call) -> JsonObject:
    world.must("product", call.ids["id"])
    if "default_price" in call.params:
        world.must("price", call.params["default_price"], param="default_price")
    product = world.edit("product", call.ids["id"])
    _apply_product(product, call.params)
    product["default_price"] = call.params.get("default_price", product["default_price"])
    product["updated"] = world.now()
    emit(world, "product.updated", product)
    return public(product)


def _list_products(world: World, call: Call) -> JsonObject:
    active, ids = call.params.get("active"), call.params.get("ids")

    def keep(product: JsonObject) -> bool:
        return active in (None, product["active"]) and (ids is None or product["id"] in ids)

    return page(world, call, "product", keep)


def _create_price(world: World, call: Call) -> JsonObject:
    return public(new_price(world, call.params))


def _update_price(world: World, call: Call) -> JsonObject:
    world.must("price", call.ids["id"])
    given = call.params
    if (
        given.get("lookup_key")
        and given["lookup_key"] != world.must("price", call.ids["id"])["lookup_key"]
    ):
        _free_lookup_key(world, given)
    price = world.edit("price", call.ids["id"])
    for name in ("lookup_key", "nickname"):
        if name in given:
            price[name] = given[name] or None
    price["active"] = given.get("active", price["active"])
    price["tax_behavior"] = given.get("tax_behavior", price["tax_behavior"])
    price["metadata"] = merge_metadata(price["metadata"], given.get("metadata", {}))
    emit(world, "price.updated", price)
    return public(price)


def _list_prices(world: World, call: Call) -> JsonObject:
    given = call.params
    keys, recurring = given.get("lookup_keys"), given.get("recurring", {})
    if keys is not None and len(keys) > LOOKUP_KEYS_MAX:
        raise invalid(f"lookup_keys takes at most {LOOKUP_KEYS_MAX} keys.", param="lookup_keys")

    def keep(price: JsonObject) -> bool:
        same = all(
            given.get(name) in (None, price[name])
            for name in ("active", "currency", "product", "type")
        )
        named = keys is None or price["lookup_key"] in keys
        held = price["recurring"] or {}
        return same and named and all(held.get(name) == want for name, want in recurring.items())

    return page(world, call, "price", keep)


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/products",
        params="ProductCreateParams",
        handler=_create_product,
    ),
    Route(
        method="GET", template="/v1/products", params="ProductListParams", handler=_list_products
    ),
    Route(
        method="GET",
        template="/v1/products/{id}",
        params="ProductRetrieveParams",
        handler=retrieve("product"),
    ),
    Route(
        method="POST",
        template="/v1/products/{id}",
        params="ProductUpdateParams",
        handler=_update_product,
    ),
    Route(method="POST", template="/v1/prices", params="PriceCreateParams", handler=_create_price),
    Route(method="GET", template="/v1/prices", params="PriceListParams", handler=_list_prices),
    Route(
        method="GET",
        template="/v1/prices/{id}",
        params="PriceRetrieveParams",
        handler=retrieve("price"),
    ),
    Route(
        method="POST", template="/v1/prices/{id}", params="PriceUpdateParams", handler=_update_price
    ),
)
