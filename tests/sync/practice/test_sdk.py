"""The real Stripe SDK over a real socket: the flows the kiosk sends, from end to end."""

from collections.abc import Iterator

import pytest
import stripe

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.serve import serve
from tests.sync.practice.api import KEY, START_MS, Clock

START = START_MS // 1000


@pytest.fixture(scope="module")
def practice() -> PracticeStripe:
    return PracticeStripe(clock=Clock(), seed=12)


@pytest.fixture(scope="module")
def client(practice: PracticeStripe) -> Iterator[stripe.StripeClient]:
    with serve(practice) as url:
        http = stripe.RequestsClient()
        yield stripe.StripeClient(
            KEY, base_addresses={"api": url}, max_network_retries=0, http_client=http
        )
        http.close()


@pytest.fixture(autouse=True)
def _healthy(practice: PracticeStripe) -> Iterator[None]:
    yield
    practice.faults = FaultPlan()


def test_a_cash_sale(client: stripe.StripeClient) -> None:
    v1 = client.v1
    customer = v1.customers.create(
        {"email": "cash@example.com", "name": "Ada"}, {"idempotency_key": "cash-customer-g1"}
    )
    assert v1.customers.list({"email": "cash@example.com"}).data[0].id == customer.id
    invoice = v1.invoices.create(
        {
            "customer": customer.id,
            "currency": "eur",
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "auto_advance": False,
            "effective_at": START - 3600,
            "metadata": {"kp_sale": "s1", "kp_device": "3"},
        },
        {"idempotency_key": "cash-invoice-g1"},
    )
    v1.invoice_items.create(
        {
            "customer": customer.id,
            "invoice": invoice.id,
            "amount": 1250,
            "currency": "eur",
            "description": "Zine",
        }
    )
    opened = v1.invoices.finalize_invoice(invoice.id, {"auto_advance": False})
    assert (opened.status, opened.total, opened.effective_at) == ("open", 1250, START - 3600)
    paid = v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_remaining) == ("paid", 0)
    found = v1.invoices.list({"customer": customer.id}).data
    assert [each.id for each in found] == [invoice.id]
    assert found[0].metadata is not None
    assert found[0].metadata["kp_sale"] == "s1"


def test_a_cash_membership(client: stripe.StripeClient) -> None:
    v1 = client.v1
    customer = v1.customers.create({"email": "club@example.com"})
    product = v1.products.create({"name": "Club"})
    price = v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 500,
            "recurring": {"interval": "week"},
            "lookup_key": "club",
        }
    )
    assert v1.prices.list({"lookup_keys": ["club"]}).data[0].id == price.id
    subscription = v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "collection_method": "send_invoice",
            "days_until_due": 7,
            "backdate_start_date": START - 7200,
            "proration_behavior": "none",
            "cancel_at": START + 28 * 86_400,
            "metadata": {"kp_sale": "s2"},
            "expand": ["latest_invoice"],
        }
    )
    first = subscription.latest_invoice
    assert isinstance(first, stripe.Invoice)
    assert (first.status, first.total) == ("draft", 500)
    v1.invoices.finalize_invoice(first.id)
    assert v1.invoices.pay(first.id, {"paid_out_of_band": True}).status == "paid"
    listed = v1.subscriptions.list({"customer": customer.id, "status": "all"})
    assert [each.id for each in listed.data] == [subscription.id]
    ended = v1.subscriptions.cancel(subscription.id)
    assert ended.status == "canceled"


def test_scan_to_pay(client: stripe.StripeClient, practice: PracticeStripe) -> None:
    v1 = client.v1
    product = v1.products.create({"name": "Zine"})
    price = v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": 900})
    link = v1.payment_links.create(
        {
            "line_items": [{"price": price.id, "quantity": 1}],
            "payment_method_types": ["card"],
            "customer_creation": "always",
            "restrictions": {"completed_sessions": {"limit": 40}},
            "metadata": {"kp_device": "3"},
        }
    )
    practice.pay_link(f"{link.url}?client_reference_id=kp1_3_s3_A1b2C3d4")
    events = v1.events.list({"types": ["checkout.session.completed"], "created": {"gte": START}})
    session_id = events.data[0].data.object["id"]
    session = v1.checkout.sessions.retrieve(session_id, {"expand": ["line_items"]})
    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.client_reference_id == "kp1_3_s3_A1b2C3d4"
    assert session.line_items is not None
    assert session.line_items.data[0].amount_total == 900
    backfill = v1.checkout.sessions.list({"payment_link": link.id, "status": "complete"})
    assert [each.id for each in backfill.data] == [session_id]
    assert v1.payment_links.update(link.id, {"active": False}).active is False


def test_pages_are_walked(client: stripe.StripeClient) -> None:
    for number in range(7):
        client.v1.products.create({"name": f"Walked {number}"})
    walked = client.v1.products.list({"limit": 3})
    names = [each.name for each in walked.auto_paging_iter() if each.name.startswith("Walked")]
    assert names == [f"Walked {number}" for number in reversed(range(7))]


def test_account_and_balance(client: stripe.StripeClient) -> None:
    assert client.v1.accounts.retrieve_current().id.startswith("acct_")
    assert client.v1.balance.retrieve().livemode is False


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.LOST_BEFORE, stripe.APIConnectionError),
        (FaultKind.LOST_AFTER, stripe.APIConnectionError),
        (FaultKind.ERROR_500_WITH_EFFECT, stripe.APIError),
        (FaultKind.ERROR_500_WITHOUT_EFFECT, stripe.APIError),
        (FaultKind.RATE_LIMITED_429, stripe.RateLimitError),
        (FaultKind.CONFLICT_409, stripe.APIError),
        (FaultKind.BAD_KEY, stripe.AuthenticationError),
    ],
)
def test_faults_become_the_errors_the_sdk_knows(
    client: stripe.StripeClient,
    practice: PracticeStripe,
    kind: FaultKind,
    error: type[stripe.StripeError],
) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    with pytest.raises(error) as caught:
        client.v1.customers.create({"email": "f@example.com"})
    if kind is FaultKind.CONFLICT_409:
        assert caught.value.error is not None
        assert caught.value.error.code == "idempotency_key_in_use"


def test_refusals_become_the_errors_the_sdk_knows(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.customers.retrieve("cus_none")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    options: stripe.RequestOptions = {"idempotency_key": "reused"}
    client.v1.customers.create({"name": "A"}, options)
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "B"}, options)


def test_the_sdk_recovers_an_answer_that_was_lost(
    client: stripe.StripeClient, practice: PracticeStripe
) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=FaultKind.LOST_AFTER, nth=(1,)),))
    options: stripe.RequestOptions = {"idempotency_key": "lost-once"}
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"email": "lost@example.com"}, options)
    again = client.v1.customers.create({"email": "lost@example.com"}, options)
    found = client.v1.customers.list({"email": "lost@example.com"})
    assert [each.id for each in found.data] == [again.id]
