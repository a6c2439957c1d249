"""Request checking: derived from the SDK's types, so every type the SDK has must be readable."""

import importlib
import pkgutil
from typing import Any

import pytest
import stripe.params
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from sync.practice.app import _ROOMS
from sync.practice.checking import check
from sync.practice.forms import Tree
from sync.practice.readers import LIST_MAX, METADATA_KEYS_MAX
from sync.practice.refusals import Refusal

PARAMS = sorted({route.params for room in _ROOMS for route in room.ROUTES})


def refusal_of(params_name: str, given_tree: Tree) -> dict[str, Any]:
    with pytest.raises(Refusal) as refused:
        check(params_name, given_tree)
    assert refused.value.status == 400
    return refused.value.fields


def outcome_of(params_name: str, given_tree: Tree) -> str:
    """`read`, or the code of the refusal."""
    try:
        check(params_name, given_tree)
    except Refusal as refusal:
        return str(refusal.fields["code"])
    return "read"


def every_v1_type() -> list[str]:
    """Every top-level parameter type of the SDK, as `check` names it."""
    names = []
    for module in pkgutil.walk_packages(stripe.params.__path__, "stripe.params."):
        if module.name.startswith("stripe.params.v2") or not module.name.endswith("_params"):
            continue
        room = module.name.removeprefix("stripe.params.").rpartition(".")[0]
        loaded = importlib.import_module(module.name)
        own = [
            n for n, v in vars(loaded).items() if is_typeddict(v) and v.__module__ == module.name
        ]
        names += [f"{room}.{name}" if room else name for name in own[:1]]
    return names


def test_every_parameter_type_of_the_sdk_can_be_read() -> None:
    names = every_v1_type()
    assert len(names) > 500
    for name in names:
        assert outcome_of(name, {}) in ("read", "parameter_missing"), name


@pytest.mark.parametrize("name", PARAMS)
def test_every_endpoint_refuses_a_parameter_it_does_not_know(name: str) -> None:
    fields = refusal_of(name, {"kp_no_such_thing": "1"})
    assert fields["code"] == "parameter_unknown"
    assert fields["param"] == "kp_no_such_thing"


@pytest.mark.parametrize("name", PARAMS)
@pytest.mark.parametrize("option", ["api_key", "idempotency_key", "stripe_account", "headers"])
def test_call_options_of_the_sdk_are_no_parameters(name: str, option: str) -> None:
    assert refusal_of(name, {option: "x"})["code"] == "parameter_unknown"


def test_values_come_out_typed() -> None:
    checked = check(
        "InvoiceCreateParams",
        {
            "customer": "cus_1",
            "auto_advance": "false",
            "days_until_due": "14",
            "collection_method": "send_invoice",
            "metadata": {"kp_sale": "abc"},
            "expand": {"0": "lines", "1": "customer"},
        },
    )
    assert checked == {
        "customer": "cus_1",
        "auto_advance": False,
        "days_until_due": 14,
        "collection_method": "send_invoice",
        "metadata": {"kp_sale": "abc"},
        "expand": ["lines", "customer"],
    }


@pytest.mark.parametrize(
    ("name", "tree", "param"),
    [
        ("ProductCreateParams", {}, "name"),
        ("ProductCreateParams", {"name": ""}, "name"),
        ("PriceCreateParams", {"unit_amount": "5"}, "currency"),
        ("PaymentLinkCreateParams", {}, "line_items"),
        (
            "PriceCreateParams",
            {"currency": "eur", "recurring": {"interval_count": "1"}},
            "recurring[interval]",
        ),
        (
            "PaymentLinkCreateParams",
            {
                "line_items": {"0": {"price": "p", "quantity": "1"}},
                "after_completion": {"redirect": {"url": "x"}},
            },
            "after_completion[type]",
        ),
        ("SubscriptionItemListParams", {}, "subscription"),
    ],
)
def test_a_missing_parameter_is_named_with_its_path(name: str, tree: Tree, param: str) -> None:
    fields = refusal_of(name, tree)
    assert (fields["code"], fields["param"]) == ("parameter_missing", param)


@pytest.mark.parametrize(
    ("name", "tree", "param"),
    [
        ("InvoiceCreateParams", {"days_until_due": "soon"}, "days_until_due"),
        ("InvoiceCreateParams", {"days_until_due": ""}, "days_until_due"),
        ("InvoiceCreateParams", {"days_until_due": "1.5"}, "days_until_due"),
        ("InvoiceCreateParams", {"days_until_due": "１４"}, "days_until_due"),
        ("InvoiceCreateParams", {"auto_advance": "yes"}, "auto_advance"),
        ("InvoiceCreateParams", {"auto_advance": "True"}, "auto_advance"),
        ("InvoiceCreateParams", {"collection_method": "by_post"}, "collection_method"),
        ("InvoiceCreateParams", {"collection_method": ""}, "collection_method"),
        ("InvoiceCreateParams", {"customer": ""}, "customer"),
        ("InvoiceCreateParams", {"customer": {"id": "cus_1"}}, "customer"),
        ("InvoiceCreateParams", {"expand": "lines"}, "expand"),
        ("InvoiceCreateParams", {"expand": {"first": "lines"}}, "expand"),
        ("InvoiceCreateParams", {"metadata": {"a": {"b": "c"}}}, "metadata"),
        ("InvoiceCreateParams", {"rendering": "pretty"}, "rendering"),
        ("InvoiceItemCreateParams", {"amount": "12,50"}, "amount"),
        ("InvoiceItemCreateParams", {"unit_amount_decimal": "much"}, "unit_amount_decimal"),
        ("InvoiceItemCreateParams", {"unit_amount_decimal": "NaN"}, "unit_amount_decimal"),
        ("InvoiceItemCreateParams", {"period": {"start": "1", "end": "x"}}, "period[end]"),
        ("CustomerCreateParams", {"email": "a" * 513}, "email"),
        ("CustomerCreateParams", {"name": "n" * 257}, "name"),
        ("CustomerCreateParams", {"description": "d" * 5001}, "description"),
        ("InvoiceListParams", {"status": "lost"}, "status"),
        ("InvoiceListParams", {"created": {"gte": "then"}}, "created[gte]"),
        ("checkout.SessionCreateParams", {"client_reference_id": "r" * 201}, "client_reference_id"),
        ("checkout.SessionCreateParams", {"mode": "gift"}, "mode"),
        (
            "checkout.SessionCreateParams",
            {"line_items": {"0": {"price": "p", "quantity": "two"}}},
            "line_items[0][quantity]",
        ),
        (
            "PaymentLinkCreateParams",
            {
                "line_items": {"0": {"price": "p", "quantity": "1"}},
                "payment_method_types": {"0": "card", "1": "shell"},
            },
            "payment_method_types[1]",
        ),
        (
            "SubscriptionCreateParams",
            {"items": {"0": {"price": "p", "colour": "red"}}},
            "items[0][colour]",
        ),
        ("SubscriptionCreateParams", {"proration_behavior": "maybe"}, "proration_behavior"),
        ("SubscriptionUpdateParams", {"cancel_at": "whenever"}, "cancel_at"),
    ],
)
def test_a_wrong_value_is_refused_by_its_path(name: str, tree: Tree, param: str) -> None:
    assert refusal_of(name, tree)["param"] == param


@pytest.mark.parametrize(
    ("name", "tree", "expected"),
    [
        ("InvoiceUpdateParams", {"effective_at": ""}, {"effective_at": ""}),
        ("InvoiceUpdateParams", {"effective_at": "17"}, {"effective_at": 17}),
        ("InvoiceUpdateParams", {"metadata": ""}, {"metadata": ""}),
        ("InvoiceUpdateParams", {"metadata": {"a": ""}}, {"metadata": {"a": ""}}),
        ("CustomerCreateParams", {"tax_exempt": ""}, {"tax_exempt": ""}),
        ("CustomerCreateParams", {"description": ""}, {"description": ""}),
        ("SubscriptionUpdateParams", {"cancel_at": ""}, {"cancel_at": ""}),
        ("SubscriptionUpdateParams", {"cancel_at": "99"}, {"cancel_at": 99}),
        (
            "SubscriptionUpdateParams",
            {"cancel_at": "min_period_end"},
            {"cancel_at": "min_period_end"},
        ),
        ("EventListParams", {"created": "5"}, {"created": 5}),
        ("EventListParams", {"created": {"gt": "5"}}, {"created": {"gt": 5}}),
        (
            "InvoiceItemCreateParams",
            {"unit_amount_decimal": "12.50"},
            {"unit_amount_decimal": "12.5"},
        ),
        ("InvoiceItemCreateParams", {"amount": "-300"}, {"amount": -300}),
        ("PriceListParams", {"lookup_keys": {"0": "a", "1": "b"}}, {"lookup_keys": ["a", "b"]}),
        ("PaymentLinkUpdateParams", {"restrictions": ""}, {"restrictions": ""}),
        (
            "PaymentLinkUpdateParams",
            {"restrictions": {"completed_sessions": {"limit": "3"}}},
            {"restrictions": {"completed_sessions": {"limit": 3}}},
        ),
        (
            "PriceCreateParams",
            {"currency": "eur", "currency_options": {"usd": {"unit_amount": "7"}}},
            {"currency": "eur", "currency_options": {"usd": {"unit_amount": 7}}},
        ),
    ],
)
def test_clearing_and_unions_are_understood(name: str, tree: Tree, expected: object) -> None:
    assert check(name, tree) == expected


def test_lists_are_read_in_the_order_of_their_indexes() -> None:
    tree: Tree = {"expand": {"10": "k", "2": "c", "1": "b"}}
    assert check("EventListParams", tree) == {"expand": ["b", "c", "k"]}


def test_a_list_has_an_end() -> None:
    tree: Tree = {"expand": {str(n): "lines" for n in range(LIST_MAX + 1)}}
    assert refusal_of("EventListParams", tree)["param"] == "expand"


def test_metadata_has_its_documented_limits() -> None:
    most: Tree = {f"key{n}": "v" for n in range(METADATA_KEYS_MAX)}
    assert len(check("InvoiceCreateParams", {"metadata": most})["metadata"]) == METADATA_KEYS_MAX
    refusal_of("InvoiceCreateParams", {"metadata": {**most, "one_more": "v"}})
    refusal_of("InvoiceCreateParams", {"metadata": {"k" * 41: "v"}})
    refusal_of("InvoiceCreateParams", {"metadata": {"k": "v" * 501}})
    check("InvoiceCreateParams", {"metadata": {"k" * 40: "v" * 500}})


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_every_integer_survives(number: int) -> None:
    assert check("InvoiceItemCreateParams", {"amount": str(number)}) == {"amount": number}


@given(st.text(max_size=30))
def test_any_text_is_an_integer_or_refused(text: str) -> None:
    outcome = outcome_of("InvoiceItemCreateParams", {"amount": text})
    digits = text[1:] if text[:1] in ("+", "-") else text
    whole = digits.isascii() and digits.isdecimal() and len(digits) <= 18
    assert outcome == ("read" if whole else "parameter_invalid_integer")
