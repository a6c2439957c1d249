"""Payment intents, invoice payments and refunds: what moves money, or says that it moved.

No card number ever comes near the practice Stripe: a payment succeeds, or it is told to fail.
https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/invoice-payment
"""

from __future__ import annotations

from typing import Final

from sync.practice import shapes
from sync.practice.events import emit
from sync.practice.listing import page, retrieve
from sync.practice.refusals import card_refused, invalid
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, public
from sync.practice.world import World

# Stripe's own test payment methods (https://docs.stripe.com/testing); any other pm_… succeeds.
_REFUSING: Final = {
    "pm_card_chargeDeclined": ("card_declined", "Your card was declined."),
    "pm_card_authenticationRequired": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}


def new_intent(
    world: World,
    amount_minor: int,
    currency: str,
    customer: str | None,
    metadata: dict[str, str] | None = None,
) -> JsonObject:
    """A card payment intent that still waits for its payer."""
    intent_id = world.new_id("pi_3")
    intent: JsonObject = {
        **shapes.PAYMENT_INTENT.blank(),
        "id": intent_id,
        "amount": amount_minor,
        "client_secret": f"{intent_id}_secret_{world.word(intent_id, 25)}",
        "created": world.now(),
        "currency": currency,
        "customer": customer,
        "metadata": dict(metadata or {}),
    }
    world.add("payment_intent", intent)
    emit(world, "payment_intent.created", intent)
    return intent


def succeed(world: World, intent_id: str) -> JsonObject:
    """The payer paid: the intent has received its amount."""
    intent = world.edit("payment_intent", intent_id)
    assert intent["status"] == "requires_payment_method", "an intent is paid once"
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=world.new_id("ch_3"),
        payment_method=world.new_id("pm_1"),
    )
    emit(world, "payment_intent.succeeded", intent)
    return intent


def cancel(world: World, intent_id: str) -> None:
    """The intent is not needed any more."""
    intent = world.edit("payment_intent", intent_id)
    intent.update(status="canceled", canceled_at=world.now(), cancellation_reason="void_invoice")
    emit(world, "payment_intent.canceled", intent)


def refuse_bad_method(payment_method: str) -> None:
    """Refusal(402) for the test payment methods that stand for a card in trouble."""
    if payment_method in _REFUSING:
        raise card_refused(*_REFUSING[payment_method])


def new_invoice_payment(world: World, invoice: JsonObject, intent_id: str) -> JsonObject:
    """The open default payment of a finalized invoice."""
    payment: JsonObject = {
        **shapes.INVOICE_PAYMENT.blank(),
        "id": world.new_id("inpay_1"),
        "amount_requested": invoice["amount_due"],
        "created": world.now(),
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "payment": {"type": "payment_intent", "payment_intent": intent_id},
    }
    return world.add("invoice_payment", payment)


def open_payment(world: World, invoice_id: str) -> JsonObject | None:
    """The invoice's payment that still waits, if any."""
    for payment in world.objects("invoice_payment"):
        if payment["invoice"] == invoice_id and payment["status"] == "open":
            return payment
    return None


def close_payment(world: World, payment_id: str, *, paid: bool) -> None:
    """An invoice payment becomes paid, or is not needed any more; so does its intent."""
    payment = world.edit("invoice_payment", payment_id)
    intent_id = payment["payment"]["payment_intent"]
    if paid:
        succeed(world, intent_id)
        payment.update(status="paid", amount_paid=payment["amount_requested"])
        payment["status_transitions"]["paid_at"] = world.now()
        emit(world, "invoice_payment.paid", payment)
    else:
        cancel(world, intent_id)
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = world.now()


def new_refund(world: World, intent_id: str, amount_minor: int | None) -> JsonObject:
    """A refund of a succeeded intent, whole or in part. Refusal(400) beyond what is left."""
    intent = world.must("payment_intent", intent_id, param="payment_intent")
    back = sum(r["amount"] for r in world.objects("refund") if r["payment_intent"] == intent_id)
    left = intent["amount_received"] - back
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise invalid("Refund amount is greater than unrefunded amount.", param="amount")
    refund: JsonObject = {
        **shapes.REFUND.blank(),
        "id": world.new_id("re_3"),
        "amount": amount,
        "charge": intent["latest_charge"],
        "created": world.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "payment_intent": intent_id,
        "payment_method": intent["payment_method"],
    }
    world.add("refund", refund)
    emit(world, "refund.created", refund)
    return refund


def _list_refunds(world: World, call: Call) -> JsonObject:
    def keep(refund: JsonObject) -> bool:
        return all(
            call.params.get(name) in (None, refund[name]) for name in ("charge", "payment_intent")
        )

    return page(world, call, "refund", keep)


def _list_intents(world: World, call: Call) -> JsonObject:
    customer = call.params.get("customer")
    return page(world, call, "payment_intent", lambda pi: customer in (None, pi["customer"]))


def _list_invoice_payments(world: World, call: Call) -> JsonObject:
    invoice, status = call.params.get("invoice"), call.params.get("status")
    intent = call.params.get("payment", {}).get("payment_intent")

    def keep(payment: JsonObject) -> bool:
        return (
            invoice in (None, payment["invoice"])
            and status in (None, payment["status"])
            and intent in (None, payment["payment"]["payment_intent"])
        )

    return page(world, call, "invoice_payment", keep)


def _retrieve_intent(world: World, call: Call) -> JsonObject:
    return public(world.must("payment_intent", call.ids["id"]))


ROUTES: Final = (
    Route(
        method="GET",
        template="/v1/payment_intents",
        params="PaymentIntentListParams",
        handler=_list_intents,
    ),
    Route(
        method="GET",
        template="/v1/payment_intents/{id}",
        params="PaymentIntentRetrieveParams",
        handler=_retrieve_intent,
    ),
    Route(
        method="GET",
        template="/v1/invoice_payments",
        params="InvoicePaymentListParams",
        handler=_list_invoice_payments,
    ),
    Route(
        method="GET",
        template="/v1/invoice_payments/{id}",
        params="InvoicePaymentRetrieveParams",
        handler=retrieve("invoice_payment"),
    ),
    Route(method="GET", template="/v1/refunds", params="RefundListParams", handler=_list_refunds),
    Route(
        method="GET",
        template="/v1/refunds/{id}",
        params="RefundRetrieveParams",
        handler=retrieve("refund"),
    ),
)
