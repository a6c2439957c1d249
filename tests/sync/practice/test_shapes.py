"""Every object we answer is compared with Stripe's published fixtures, field by field.

The fixtures (tests/data/stripe, MIT) are those of Stripe's OpenAPI description of August 2026; what
they lack or still have is listed here with its reason, and checked against the SDK's own types.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from sync.practice.app import PracticeStripe
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

FIXTURES = Path(__file__).parents[2] / "data" / "stripe" / "fixtures3.json"
RESOURCES: dict[str, dict[str, Any]] = json.loads(FIXTURES.read_text("utf-8"))["resources"]

SDK_TYPES: dict[str, type] = {
    "account": stripe.Account,
    "balance": stripe.Balance,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "event": stripe.Event,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "invoiceitem": stripe.InvoiceItem,
    "item": stripe.LineItem,
    "line_item": stripe.InvoiceLineItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_link": stripe.PaymentLink,
    "plan": stripe.Plan,
    "price": stripe.Price,
    "product": stripe.Product,
    "refund": stripe.Refund,
    "subscription": stripe.Subscription,
    "subscription_item": stripe.SubscriptionItem,
}

# Fields of the fixtures that the API does not answer any more.
GONE = {
    "invoice": {"subscription": "moved to parent.subscription_details in 2025-03"},
}
# Fields that came after the fixtures, or that a fixture leaves out; the SDK must know them.
ADDED = {
    "invoice": {"amount_paid_off_stripe": "what was paid outside of Stripe"},
}
# Fields whose fixture value is an example of another kind than any object here has.
OTHER_KIND = {
    ("checkout.session", "payment_method_types"),
}
# Fields the API does not answer at this version, whatever a client may remember.
NEVER = {
    "invoice": {"paid", "paid_out_of_band", "payment_intent", "charge", "subscription", "tax"},
    "payment_intent": {"invoice", "charges"},
    "subscription": {"current_period_start", "current_period_end", "discount", "plan"},
    "price": {"livemode_amount"},
    "event": {"user_id"},
}


@pytest.fixture(scope="module")
def world() -> dict[str, list[dict[str, Any]]]:
    """A bit of everything, by kind."""
    api = Api(PracticeStripe(clock=Clock(), seed=4))
    invoice = made.opened(api)
    api.post(f"/v1/invoices/{invoice['id']}/pay", {"paid_out_of_band": True})
    made.draft(api)
    hosted = made.opened(api)
    api.practice.pay_invoice(hosted["id"])
    made.subscription(api, cancel_at=1_799_000_000)
    link = made.link(
        api,
        customer_creation="always",
        restrictions={"completed_sessions": {"limit": 3}},
        metadata={"kp_device": "3"},
    )
    api.practice.open_session(link["url"])
    paid = api.practice.pay_link(link["url"] + "?client_reference_id=kp1_3_a_b")
    api.practice.pay_link(made.link(api, made.weekly(api)["id"])["url"])
    session = api.get(f"/v1/checkout/sessions/{paid}")
    api.practice.refund(session["payment_intent"], 100)
    held = {kind: api.practice.objects(kind) for kind in api.practice.kinds()}
    held["account"] = [api.get("/v1/account")]
    held["balance"] = [api.get("/v1/balance")]
    held["item"] = api.get(f"/v1/checkout/sessions/{paid}/line_items")["data"]
    held["line_item"] = [line for i in held["invoice"] for line in i["lines"]["data"]]
    held["subscription_item"] = [i for s in held["subscription"] for i in s["items"]["data"]]
    held["plan"] = [item["plan"] for item in held["subscription_item"]]
    return held


def kind_of(value: object) -> str:
    """A JSON type; a number is a number, whatever its size."""
    if isinstance(value, bool):
        return "boolean"
    names = {int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def differences(ours: object, theirs: object, path: str) -> list[str]:
    """Where two values are of different kinds; null and an example say nothing about each other."""
    if ours is None or theirs is None:
        return []
    if kind_of(ours) != kind_of(theirs):
        return [f"{path}: {kind_of(ours)}, Stripe has {kind_of(theirs)}"]
    if isinstance(ours, dict) and isinstance(theirs, dict):
        shared = ours.keys() & theirs.keys() if "metadata" not in path else set()
        return [d for name in sorted(shared)
                for d in differences(ours[name], theirs[name], f"{path}.{name}")]  # fmt: skip
    if isinstance(ours, list) and isinstance(theirs, list) and ours and theirs:
        return differences(ours[0], theirs[0], f"{path}[]")
    return []


def test_the_world_has_every_kind_the_api_answers(world: dict[str, list[dict[str, Any]]]) -> None:
    assert set(world) == set(SDK_TYPES)
    assert all(world.values())


@pytest.mark.parametrize("kind", sorted(SDK_TYPES))
def test_every_field_of_the_fixture_is_answered(
    world: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    wanted = set(RESOURCES[kind]) - set(GONE.get(kind, {}))
    for ours in world[kind]:
        assert wanted - set(ours) == set()


@pytest.mark.parametrize("kind", sorted(SDK_TYPES))
def test_no_field_is_invented(world: dict[str, list[dict[str, Any]]], kind: str) -> None:
    added = set(ADDED.get(kind, {}))
    for ours in world[kind]:
        assert set(ours) - set(RESOURCES[kind]) <= added
    known = set(SDK_TYPES[kind].__annotations__)
    assert added <= known, "the SDK does not know what we say came later"


@pytest.mark.parametrize("kind", sorted(SDK_TYPES))
def test_every_field_is_of_the_kind_stripe_answers(
    world: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    theirs = RESOURCES[kind]
    for ours in world[kind]:
        compared = {n: v for n, v in ours.items() if (kind, n) not in OTHER_KIND and n != "data"}
        assert differences(compared, theirs, kind) == []


@pytest.mark.parametrize("kind", sorted(NEVER))
def test_fields_that_went_away_stay_away(world: dict[str, list[dict[str, Any]]], kind: str) -> None:
    for ours in world[kind]:
        assert NEVER[kind] & set(ours) == set()


@pytest.mark.parametrize("kind", sorted(SDK_TYPES))
def test_every_field_is_one_the_sdk_knows(
    world: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    known = set(SDK_TYPES[kind].__annotations__)
    for ours in world[kind]:
        assert set(ours) - known == set()


@pytest.mark.parametrize("kind", sorted(set(SDK_TYPES) - {"account", "balance", "item"}))
def test_no_object_is_live(world: dict[str, list[dict[str, Any]]], kind: str) -> None:
    for ours in world[kind]:
        assert ours.get("livemode", False) is False


PREFIXES = {
    "checkout.session": "cs_test_",
    "customer": "cus_",
    "event": "evt_",
    "invoice": "in_",
    "invoice_payment": "inpay_",
    "invoiceitem": "ii_",
    "item": "li_",
    "line_item": "il_",
    "payment_intent": "pi_",
    "payment_link": "plink_",
    "price": "price_",
    "product": "prod_",
    "refund": "re_",
    "subscription": "sub_",
    "subscription_item": "si_",
}


@pytest.mark.parametrize("kind", sorted(PREFIXES))
def test_ids_look_like_stripes(world: dict[str, list[dict[str, Any]]], kind: str) -> None:
    for ours in world[kind]:
        assert ours["id"].startswith(PREFIXES[kind])
        assert ours["id"].removeprefix(PREFIXES[kind]).isalnum()
    if kind in RESOURCES and RESOURCES[kind]["id"].startswith(PREFIXES[kind]):
        assert abs(len(world[kind][0]["id"]) - len(RESOURCES[kind]["id"])) <= 3


def test_amounts_are_whole_minor_units(world: dict[str, list[dict[str, Any]]]) -> None:
    amounts = [
        (kind, name, value)
        for kind, all_of_it in world.items()
        for ours in all_of_it
        for name, value in ours.items()
        if "amount" in name and not isinstance(value, dict | list | str | None)
    ]
    assert len(amounts) > 50
    assert [each for each in amounts if type(each[2]) is not int] == []
