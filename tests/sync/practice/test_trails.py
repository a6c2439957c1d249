"""The trail of events that each action leaves, in its order; a poller lives on nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock
from tests.sync.practice.made import Made

Act = Callable[[Api, Made], object]
DAY = 86_400
PAID = ["invoice.updated", "invoice.paid", "invoice.payment_succeeded"]


def on_invoice(step: str, **params: object) -> Act:
    return lambda api, invoice: api.post(f"/v1/invoices/{invoice['id']}/{step}", params)


def wait(days: int) -> Act:
    def act(api: Api, _thing: Made) -> None:
        api.practice.advance(days * DAY + 1)
        api.get("/v1/balance")  # time shows when somebody looks

    return act


def paid_by_link(api: Api) -> Made:
    api.practice.pay_link(made.link(api)["url"])
    return api.practice.objects("payment_intent")[-1]


def membership_link(api: Api) -> Made:
    return made.link(api, price_id=made.weekly(api)["id"])


def open_session(api: Api) -> Made:
    session_id = api.practice.open_session(made.link(api)["url"])
    return api.get(f"/v1/checkout/sessions/{session_id}")


TRAILS: list[tuple[str, Callable[[Api], Made], Act, list[str]]] = [
    ("a customer", made.product, lambda api, _: made.customer(api), ["customer.created"]),
    (
        "another name",
        made.customer,
        lambda api, one: api.post(f"/v1/customers/{one['id']}", {"name": "Bo"}),
        ["customer.updated"],
    ),
    (
        "a member goes",
        made.subscription,
        lambda api, one: api.delete(f"/v1/customers/{one['customer']}"),
        ["customer.subscription.deleted", "invoice.deleted", "customer.deleted"],
    ),
    (
        "a draft with an item",
        made.customer,
        lambda api, one: made.draft(api, customer=one["id"]),
        ["invoice.created", "invoiceitem.created", "invoice.updated"],
    ),
    ("finalizing", made.draft, on_invoice("finalize"),
     ["invoice.finalized", "payment_intent.created"]),
    ("sending", made.opened, on_invoice("send"), ["invoice.sent"]),
    ("sending a draft", made.draft, on_invoice("send"),
     ["invoice.finalized", "payment_intent.created", "invoice.sent"]),
    ("cash", made.opened, on_invoice("pay", paid_out_of_band=True),
     ["payment_intent.canceled", *PAID]),
    (
        "the hosted page",
        made.opened,
        lambda api, one: api.practice.pay_invoice(one["id"]),
        ["payment_intent.succeeded", "invoice_payment.paid", *PAID],
    ),
    ("voiding", made.opened, on_invoice("void"), ["payment_intent.canceled", "invoice.voided"]),
    ("giving up", made.opened, on_invoice("mark_uncollectible"),
     ["invoice.marked_uncollectible"]),
    (
        "a draft thrown away",
        made.draft,
        lambda api, one: api.delete(f"/v1/invoices/{one['id']}"),
        ["invoice.deleted"],
    ),
    ("a due date gone by", made.opened, wait(15), ["invoice.overdue"]),
    ("a link", made.price, lambda api, one: made.link(api, price_id=one["id"]),
     ["payment_link.created"]),
    (
        "a link closed",
        made.link,
        lambda api, one: api.post(f"/v1/payment_links/{one['id']}", {"active": False}),
        ["payment_link.updated"],
    ),
    ("a payer who only looks", made.link, lambda api, one: api.practice.open_session(one["url"]),
     []),
    ("a session left alone", open_session, wait(2), ["checkout.session.expired"]),
    (
        "a link paid",
        made.link,
        lambda api, one: api.practice.pay_link(one["url"]),
        ["payment_intent.created", "payment_intent.succeeded", "checkout.session.completed"],
    ),
    (
        "a membership cancelled",
        made.subscription,
        lambda api, one: api.delete(f"/v1/subscriptions/{one['id']}"),
        ["customer.subscription.deleted"],
    ),
    ("a week of membership", made.subscription, wait(7),
     ["invoice.finalized", "payment_intent.created", "invoice.sent",
      "customer.subscription.updated", "invoice.created"]),
    (
        "a refund",
        paid_by_link,
        lambda api, one: api.practice.refund(one["id"], 100),
        ["refund.created"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "act", "trail"), [row[1:] for row in TRAILS], ids=[row[0] for row in TRAILS]
)
def test_an_action_leaves_its_trail(
    api: Api, before: Callable[[Api], Made], act: Act, trail: list[str]
) -> None:
    thing = before(api)
    already = len(api.events())
    act(api, thing)
    assert api.events()[already:] == trail


def test_a_membership_bought_by_link_is_told_whole(api: Api) -> None:
    link = membership_link(api)
    already = len(api.events())
    api.practice.pay_link(link["url"])
    trail = api.events()[already:]
    for told in ("customer.created", "customer.subscription.created", "invoice.paid"):
        assert told in trail
    assert trail[-1] == "checkout.session.completed"


def test_an_event_names_its_object_and_nothing_of_ours(api: Api) -> None:
    session_id = api.practice.pay_link(made.link(api)["url"])
    event = api.get("/v1/events", {"type": "checkout.session.completed"})["data"][0]
    about = event["data"]["object"]
    assert (about["id"], about["object"]) == (session_id, "checkout.session")
    assert (about["status"], about["payment_status"]) == ("complete", "paid")
    assert event["livemode"] is False
    assert event["request"] == {"id": None, "idempotency_key": None}


def test_what_time_did_is_dated_when_it_happened(api: Api, clock: Clock) -> None:
    """A kiosk that looks in after a month must not take everything for news of today."""
    invoice = made.opened(api)
    opened_s = clock.now_ms // 1000
    clock.pass_seconds(29 * DAY)
    event = api.get("/v1/events", {"type": "invoice.overdue"})["data"][0]
    assert event["data"]["object"]["id"] == invoice["id"]
    assert event["created"] == opened_s + 14 * DAY


def test_each_event_has_an_id_of_its_own(api: Api) -> None:
    for _name, before, act, _trail in TRAILS:
        act(api, before(api))
    ids = [event["id"] for event in api.practice.objects("event")]
    assert len(ids) == len(set(ids)) > len(TRAILS)


@pytest.mark.parametrize(
    ("step", "params"),
    [("pay", {}), ("finalize", {}), ("send", {"colour": "red"}), ("void", {"expand": ["x"]})],
)
def test_a_refused_step_leaves_no_trail(api: Api, step: str, params: dict[str, object]) -> None:
    invoice = made.opened(api)
    already = api.events()
    api.refused("POST", f"/v1/invoices/{invoice['id']}/{step}", params)
    assert api.events() == already
