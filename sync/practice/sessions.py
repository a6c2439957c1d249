"""Checkout Sessions: opened by a call or by a payer at a link, completed, expired.

https://docs.stripe.com/api/checkout/sessions
"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.customers import known_customer, new_customer
from sync.practice.events import emit
from sync.practice.links import line_items, mode_of
from sync.practice.listing import page, retrieve
from sync.practice.payments import new_intent, succeed
from sync.practice.refusals import invalid, missing_param
from sync.practice.router import Call, Route
from sync.practice.subscriptions import new_subscription
from sync.practice.wire import JsonObject, list_of, merge_metadata, public
from sync.practice.world import World

OPEN_SECONDS: Final = 24 * 3600
OPEN_SECONDS_LEAST: Final = 30 * 60
_TAKEN: Final = (
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_creation",
    "customer_email",
    "locale",
    "success_url",
    "ui_mode",
)


def new_session(
    world: World, items: list[JsonObject], given: JsonObject, *, link: JsonObject | None = None
) -> JsonObject:
    """An open session; `link` is the payment link it comes from."""
    session_id = world.new_id("cs_test_a1", 56)
    total = sum(item["amount_total"] for item in items)
    session: JsonObject = {
        **shapes.SESSION.blank(),
        **{name: given[name] for name in _TAKEN if name in given},
        "id": session_id,
        "amount_subtotal": total,
        "amount_total": total,
        "created": world.now(),
        "currency": items[0]["currency"],
        "expires_at": given.get("expires_at", world.now() + OPEN_SECONDS),
        "metadata": merge_metadata({}, given.get("metadata", {})),
        "mode": mode_of(items),
        "payment_link": link["id"] if link else None,
        "url": f"https://checkout.stripe.com/c/pay/{session_id}",
        "_line_items": items,
        "_intent_metadata": (given.get("payment_intent_data") or {}).get("metadata", {}),
        "_subscription_metadata": (given.get("subscription_data") or {}).get("metadata", {}),
    }
    if session["mode"] == "subscription":
        session["customer_creation"] = "always" if link else None
    return world.add("checkout.session", session)


def complete(
    world: World, session_id: str, *, email: str, amount_minor: int | None = None
) -> JsonObject:
    """The payer pays an open session. `amount_minor` pays another total than the items'."""
    session = world.edit("checkout.session", session_id)
    assert session["status"] == "open", "the payer's page checks that first"
    if amount_minor is not None:
        _pay_other_amount(session, amount_minor)
    session["customer_details"] = {
        **dict.fromkeys(("address", "business_name", "individual_name", "name", "phone")),
        "email": email,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    if session["customer"] is None and session["customer_creation"] == "always":
        session["customer"] = new_customer(world, {"email": email})["id"]
    if session["mode"] == "subscription":
        _begin_subscription(world, session)
    elif session["amount_total"] > 0:
        intent = new_intent(
            world,
            session["amount_total"],
            session["currency"],
            session["customer"],
            session["_intent_metadata"],
        )
        session["payment_intent"] = succeed(world, intent["id"])["id"]
    session.update(
        status="complete",
        url=None,
        payment_status="paid" if session["amount_total"] else "no_payment_required",
    )
    emit(world, "checkout.session.completed", session)
    return session


def _pay_other_amount(session: JsonObject, amount_minor: int) -> None:
    """An amount the payer chose, or one a mistaken discount left: what reconciliation must see."""
    custom = any(item["price"]["custom_unit_amount"] for item in session["_line_items"])
    if custom:
        session["amount_subtotal"] = amount_minor
        first = session["_line_items"][0]
        first.update(amount_subtotal=amount_minor, amount_total=amount_minor)
    else:
        discount = max(session["amount_subtotal"] - amount_minor, 0)
        session["total_details"]["amount_discount"] = discount
    session["amount_total"] = amount_minor


def _begin_subscription(world: World, session: JsonObject) -> None:
    """A paid session in subscription mode: customer with a card, subscription, paid invoice."""
    customer = world.edit("customer", session["customer"])
    customer["invoice_settings"] = {
        **customer["invoice_settings"],
        "default_payment_method": world.new_id("pm_1"),
    }
    items = session["_line_items"]
    recurring = [item for item in items if item["price"]["type"] == "recurring"]
    extras = [item for item in items if item["price"]["type"] == "one_time"]
    subscription = new_subscription(
        world,
        {
            "add_invoice_items": [
                {"price": item["price"]["id"], "quantity": item["quantity"]} for item in extras
            ],
            "customer": session["customer"],
            "metadata": session["_subscription_metadata"],
            "items": [
                {"price": item["price"]["id"], "quantity": item["quantity"]} for item in recurring
            ],
        },
    )
    session.update(subscription=subscription["id"], invoice=subscription["latest_invoice"])


def expire(world: World, session_id: str) -> JsonObject:
    """An open session ends unpaid."""
    session = world.edit("checkout.session", session_id)
    session.update(status="expired", url=None, expires_at=min(session["expires_at"], world.now()))
    emit(world, "checkout.session.expired", session)
    return session


def _create(world: World, call: Call) -> JsonObject:
    given = call.params
    items = line_items(world, given.get("line_items", []))
    if given.get("mode", "payment") != mode_of(items):
        raise invalid("The mode does not fit the prices of the line items.", param="mode")
    if given.get("ui_mode", "hosted_page") == "hosted_page" and "success_url" not in given:
        raise missing_param("success_url")
    if "customer" in given:
        known_customer(world, given["customer"])
        if "customer_email" in given:
            raise invalid(
                "You may only specify one of these parameters: customer, customer_email.",
                param="customer",
            )
    if mode_of(items) == "subscription" and "customer_creation" in given:
        raise invalid(
            "`customer_creation` can only be used in `payment` mode.", param="customer_creation"
        )
    wait = given.get("expires_at", world.now() + OPEN_SECONDS) - world.now()
    if not OPEN_SECONDS_LEAST <= wait <= OPEN_SECONDS:
        raise invalid(
            "The expires_at timestamp must be between 30 minutes and 24 hours from "
            "Checkout Session creation.",
            param="expires_at",
        )
    return public(new_session(world, items, given))


def _update(world: World, call: Call) -> JsonObject:
    world.must("checkout.session", call.ids["id"])
    beyond = sorted(set(call.params) - {"expand", "metadata"})
    if beyond:
        raise invalid("The practice Stripe changes only a session's metadata.", param=beyond[0])
    session = world.edit("checkout.session", call.ids["id"])
    session["metadata"] = merge_metadata(session["metadata"], call.params.get("metadata", {}))
    return public(session)


def _expire(world: World, call: Call) -> JsonObject:
    session = world.must("checkout.session", call.ids["id"])
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of `{session['status']}`."
        )
    return public(expire(world, session["id"]))


def _list(world: World, call: Call) -> JsonObject:
    given = call.params
    email = given.get("customer_details", {}).get("email")

    def keep(session: JsonObject) -> bool:
        same = all(
            given.get(name) in (None, session[name])
            for name in ("customer", "payment_intent", "payment_link", "status", "subscription")
        )
        return same and email in (None, (session["customer_details"] or {}).get("email"))

    return page(world, call, "checkout.session", keep)


def _line_items(world: World, call: Call) -> JsonObject:
    return list_of(list(world.must("checkout.session", call.ids["id"])["_line_items"]), call.path)


ROUTES: Final = (
    Route(
        method="POST",
        template="/v1/checkout/sessions",
        params="checkout.SessionCreateParams",
        handler=_create,
    ),
    Route(
        method="GET",
        template="/v1/checkout/sessions",
        params="checkout.SessionListParams",
        handler=_list,
    ),
    Route(
        method="GET",
        template="/v1/checkout/sessions/{id}",
        params="checkout.SessionRetrieveParams",
        handler=retrieve("checkout.session"),
    ),
    Route(
        method="POST",
        template="/v1/checkout/sessions/{id}",
        params="checkout.SessionUpdateParams",
        handler=_update,
    ),
    Route(
        method="POST",
        template="/v1/checkout/sessions/{id}/expire",
        params="checkout.SessionExpireParams",
        handler=_expire,
    ),
    Route(
        method="GET",
        template="/v1/checkout/sessions/{id}/line_items",
        params="checkout.SessionLineItemListParams",
        handler=_line_items,
    ),
)
