"""The status machine of an invoice: every step it may take, and every one it may not."""

import pytest

from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000
OUT_OF_BAND = {"paid_out_of_band": True}
STEPS = {
    "finalize": "finalize",
    "pay": "pay",
    "send": "send",
    "void": "void",
    "give_up": "mark_uncollectible",
}


def path_of(invoice: made.Made, step: str = "") -> str:
    return f"/v1/invoices/{invoice['id']}" + (f"/{step}" if step else "")


def in_status(api: Api, status: str) -> made.Made:
    if status == "draft":
        return made.draft(api)
    invoice = made.opened(api)
    if status == "paid":
        return api.post(path_of(invoice, "pay"), OUT_OF_BAND)
    if status == "void":
        return api.post(path_of(invoice, "void"))
    if status == "uncollectible":
        return api.post(path_of(invoice, "mark_uncollectible"))
    return invoice


def test_finalizing_gives_a_number_a_page_and_a_payment(api: Api, clock: Clock) -> None:
    draft = made.draft(api)
    clock.pass_seconds(60)
    invoice = api.post(path_of(draft, "finalize"), {"auto_advance": False})
    prefix = api.get(f"/v1/customers/{invoice['customer']}")["invoice_prefix"]
    assert invoice["status"] == "open"
    assert invoice["number"] == f"{prefix}-0001"
    assert invoice["hosted_invoice_url"].startswith("https://invoice.stripe.com/i/")
    assert invoice["status_transitions"]["finalized_at"] == START + 60
    assert invoice["effective_at"] == START + 60
    assert invoice["due_date"] == START + 60 + 14 * 86_400
    payments = api.get("/v1/invoice_payments", {"invoice": invoice["id"]})["data"]
    assert [(p["status"], p["amount_requested"]) for p in payments] == [("open", 1250)]


def test_numbers_of_a_customer_count_up(api: Api) -> None:
    first = made.opened(api)
    second = made.opened(api, customer=first["customer"])
    assert second["number"] == first["number"][:-1] + "2"


def test_a_number_of_our_own_is_kept(api: Api) -> None:
    assert made.opened(api, number="K3-000042")["number"] == "K3-000042"


def test_the_date_of_the_sale_is_kept(api: Api) -> None:
    assert made.opened(api, effective_at=START - 5 * 86_400)["effective_at"] == START - 5 * 86_400


def test_cash_pays_an_invoice_without_money_moving(api: Api) -> None:
    invoice = in_status(api, "paid")
    assert invoice["status"] == "paid"
    assert (invoice["amount_paid"], invoice["amount_remaining"]) == (1250, 0)
    assert invoice["amount_paid_off_stripe"] == 1250
    assert invoice["status_transitions"]["paid_at"] == START
    assert [intent["status"] for intent in api.practice.objects("payment_intent")] == ["canceled"]
    payments = api.get("/v1/invoice_payments", {"invoice": invoice["id"]})["data"]
    assert [payment["status"] for payment in payments] == ["canceled"]


def test_a_member_pays_the_hosted_page(api: Api) -> None:
    invoice = made.opened(api)
    api.practice.pay_invoice(invoice["id"])
    paid = api.get(path_of(invoice))
    assert (paid["status"], paid["amount_paid"]) == ("paid", 1250)
    assert paid["amount_paid_off_stripe"] == 0
    payment = api.get("/v1/invoice_payments", {"invoice": invoice["id"], "status": "paid"})["data"][
        0
    ]
    intent = api.get(f"/v1/payment_intents/{payment['payment']['payment_intent']}")
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 1250)
    assert payment["amount_paid"] == 1250


def test_a_payment_method_pays_or_is_refused(api: Api) -> None:
    invoice = made.opened(api)
    declined = {"payment_method": "pm_card_chargeDeclined"}
    error = api.refused("POST", path_of(invoice, "pay"), declined)
    assert (error["status"], error["type"]) == (402, "card_error")
    assert error["code"] == "card_declined"
    assert api.get(path_of(invoice))["status"] == "open"
    challenged = {"payment_method": "pm_card_authenticationRequired"}
    error = api.refused("POST", path_of(invoice, "pay"), challenged)
    assert error["code"] == "authentication_required"
    paid = api.post(path_of(invoice, "pay"), {"payment_method": "pm_card_visa"})
    assert paid["status"] == "paid"


def test_without_any_payment_method_it_cannot_be_charged(api: Api) -> None:
    assert api.refused("POST", path_of(made.opened(api), "pay"))["status"] == 400


def test_paying_a_draft_finalizes_it_first(api: Api) -> None:
    draft = made.draft(api)
    paid = api.post(path_of(draft, "pay"), OUT_OF_BAND)
    assert paid["status"] == "paid"
    assert paid["number"] is not None


def test_an_invoice_over_nothing_is_paid_when_finalized(api: Api) -> None:
    draft = made.draft(api, 0)
    invoice = api.post(path_of(draft, "finalize"))
    assert (invoice["status"], invoice["amount_paid"]) == ("paid", 0)
    assert "invoice.paid" in api.events()
    assert api.practice.objects("payment_intent") == []


def test_sending_finalizes_and_says_so(api: Api) -> None:
    draft = made.draft(api)
    sent = api.post(path_of(draft, "send"))
    assert sent["status"] == "open"
    assert api.events()[-1] == "invoice.sent"
    again = api.post(path_of(draft, "send"))
    assert again["number"] == sent["number"]


def test_only_invoices_to_be_sent_are_sent(api: Api) -> None:
    customer = made.customer(api)["id"]
    invoice = api.post("/v1/invoices", {"customer": customer, "currency": "eur"})
    assert api.refused("POST", path_of(invoice, "send"))["status"] == 400


def test_voiding_cancels_what_waited(api: Api) -> None:
    invoice = in_status(api, "void")
    assert invoice["status_transitions"]["voided_at"] == START
    assert [intent["status"] for intent in api.practice.objects("payment_intent")] == ["canceled"]
    assert api.events()[-1] == "invoice.voided"


def test_an_uncollectible_invoice_can_still_be_paid_or_voided(api: Api) -> None:
    paid = in_status(api, "uncollectible")
    api.practice.pay_invoice(paid["id"])
    assert api.get(path_of(paid))["status"] == "paid"
    voided = in_status(api, "uncollectible")
    assert api.post(path_of(voided, "void"))["status"] == "void"


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("open", "finalize"),
        ("paid", "finalize"),
        ("void", "finalize"),
        ("uncollectible", "finalize"),
        ("paid", "pay"),
        ("void", "pay"),
        ("paid", "send"),
        ("void", "send"),
        ("draft", "void"),
        ("paid", "void"),
        ("void", "void"),
        ("draft", "give_up"),
        ("paid", "give_up"),
        ("void", "give_up"),
    ],
)
def test_a_step_the_status_does_not_allow_changes_nothing(api: Api, status: str, step: str) -> None:
    invoice = in_status(api, status)
    before, events = api.get(path_of(invoice)), api.events()
    params = OUT_OF_BAND if step == "pay" else None
    error = api.refused("POST", path_of(invoice, STEPS[step]), params)
    assert (error["status"], error["type"]) == (400, "invalid_request_error")
    assert api.get(path_of(invoice)) == before
    assert api.events() == events


def test_paying_twice_says_why(api: Api) -> None:
    invoice = in_status(api, "paid")
    error = api.refused("POST", path_of(invoice, "pay"), OUT_OF_BAND)
    assert (error["code"], error["message"]) == ("invoice_already_paid", "Invoice is already paid")


def test_a_draft_can_be_deleted_with_its_items(api: Api) -> None:
    draft = made.draft(api)
    assert api.delete(path_of(draft))["deleted"] is True
    assert api.refused("GET", path_of(draft))["status"] == 404
    assert api.practice.objects("invoiceitem") == []


def test_an_opened_invoice_cannot_be_deleted(api: Api) -> None:
    assert api.refused("DELETE", path_of(made.opened(api)))["code"] == "invoice_not_editable"


@pytest.mark.parametrize("step", sorted(STEPS.values()))
def test_a_step_of_an_unknown_invoice_is_not_found(api: Api, step: str) -> None:
    error = api.refused("POST", f"/v1/invoices/in_none/{step}")
    assert (error["status"], error["code"]) == (404, "resource_missing")


def test_an_amount_in_yen_goes_all_the_way(api: Api) -> None:
    invoice = made.opened(api, 3000, currency="jpy")
    paid = api.post(path_of(invoice, "pay"), OUT_OF_BAND)
    assert (paid["currency"], paid["amount_paid"]) == ("jpy", 3000)
