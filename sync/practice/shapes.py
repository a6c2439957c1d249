"""What Stripe's objects contain while nothing is said about them yet, one shape for each kind.

The rooms add what they know; the tests compare the whole with Stripe's published fixtures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sync.practice.wire import JsonObject, copy_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Field names by the empty value Stripe gives them; `nested` has those with their own."""

    name: str
    nulls: str = ""
    zeros: str = ""
    falses: str = ""
    lists: str = ""
    objects: str = "metadata"
    nested: JsonObject = field(default_factory=dict)

    def blank(self) -> JsonObject:
        """A new object of this kind, without an id."""
        made: JsonObject = {"object": self.name}
        made |= dict.fromkeys(self.nulls.split())
        made |= dict.fromkeys(self.zeros.split(), 0)
        made |= dict.fromkeys(self.falses.split(), False)
        made |= {name: [] for name in self.lists.split()}
        made |= {name: {} for name in self.objects.split()}
        return made | copy_of(self.nested)


_CUSTOM_TEXT: Final[JsonObject] = dict.fromkeys(
    ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
)
_NO_TAX: Final[JsonObject] = {"enabled": False, "liability": None}
_NO_INVOICE: Final[JsonObject] = {"enabled": False, "invoice_data": None}

CUSTOMER: Final = Shape(
    name="customer",
    nulls="address currency default_source description discount email name phone "
    "shipping test_clock",
    zeros="balance",
    falses="livemode delinquent",
    lists="preferred_locales",
    nested={
        "invoice_settings": dict.fromkeys(
            ("custom_fields", "default_payment_method", "footer", "rendering_options")
        ),
        "next_invoice_sequence": 1,
        "tax_exempt": "none",
    },
)

PRODUCT: Final = Shape(
    name="product",
    falses="livemode",
    nulls="default_price description package_dimensions shippable statement_descriptor tax_code "
    "unit_label url",
    lists="images marketing_features",
    nested={"active": True, "type": "service"},
)

PRICE: Final = Shape(
    name="price",
    falses="livemode",
    nulls="custom_unit_amount lookup_key nickname recurring tiers_mode transform_quantity "
    "unit_amount unit_amount_decimal",
    nested={"active": True, "billing_scheme": "per_unit", "tax_behavior": "unspecified"},
)

PLAN: Final = Shape(
    name="plan",
    falses="livemode",
    nulls="meter nickname tiers_mode transform_usage trial_period_days",
    nested={"billing_scheme": "per_unit"},
)

PAYMENT_LINK: Final = Shape(
    name="payment_link",
    nulls="application application_fee_amount application_fee_percent consent_collection "
    "inactive_message managed_payments on_behalf_of payment_intent_data payment_method_options "
    "payment_method_types restrictions shipping_address_collection subscription_data transfer_data",
    falses="livemode allow_promotion_codes",
    lists="custom_fields shipping_options",
    nested={
        "active": True,
        "after_completion": {
            "hosted_confirmation": {"custom_message": None},
            "type": "hosted_confirmation",
        },
        "automatic_tax": _NO_TAX,
        "billing_address_collection": "auto",
        "custom_text": _CUSTOM_TEXT,
        "customer_creation": "if_required",
        "invoice_creation": _NO_INVOICE,
        "payment_method_collection": "always",
        "phone_number_collection": {"enabled": False},
        "submit_type": "auto",
        "tax_id_collection": {"enabled": False, "required": "never"},
    },
)

SESSION: Final = Shape(
    name="checkout.session",
    falses="livemode",
    nulls="after_expiration allow_promotion_codes billing_address_collection cancel_url "
    "client_reference_id client_secret collected_information consent consent_collection "
    "currency_conversion customer customer_account customer_details customer_email "
    "integration_identifier invoice locale managed_payments origin_context payment_intent "
    "payment_link payment_method_configuration_details permissions recovered_from "
    "saved_payment_method_options setup_intent shipping_address_collection shipping_cost "
    "submit_type subscription success_url wallet_options",
    lists="custom_fields discounts shipping_options",
    objects="metadata payment_method_options",
    nested={
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {**_NO_TAX, "provider": None, "status": None},
        "custom_text": _CUSTOM_TEXT,
        "customer_creation": "if_required",
        "invoice_creation": _NO_INVOICE,
        "payment_method_collection": "always",
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    },
)

LINE_ITEM: Final = Shape(
    name="item", nulls="adjustable_quantity", zeros="amount_discount amount_tax"
)

INVOICE: Final = Shape(
    name="invoice",
    nulls="account_tax_ids application automatically_finalizes_at custom_fields customer_account "
    "default_payment_method default_source description due_date effective_at ending_balance footer "
    "from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
    "next_payment_attempt number on_behalf_of parent receipt_number rendering shipping_cost "
    "shipping_details statement_descriptor test_clock _days_until_due",
    zeros="amount_due amount_overpaid amount_paid amount_paid_off_stripe amount_remaining "
    "amount_shipping attempt_count post_payment_credit_notes_amount "
    "pre_payment_credit_notes_amount starting_balance subtotal subtotal_excluding_tax total "
    "total_excluding_tax",
    falses="livemode attempted auto_advance",
    lists="customer_tax_ids default_tax_rates discounts total_discount_amounts "
    "total_pretax_credit_amounts total_taxes",
    nested={
        "account_country": "DE",
        "account_name": "Practice",
        "automatic_tax": {**_NO_TAX, "disabled_reason": None, "provider": None, "status": None},
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "issuer": {"type": "self"},
        "payment_settings": dict.fromkeys(
            ("default_mandate", "payment_method_options", "payment_method_types")
        ),
        "status": "draft",
        "status_transitions": dict.fromkeys(
            ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        ),
    },
)

INVOICE_LINE: Final = Shape(
    name="line_item",
    falses="livemode",
    nulls="parent subscription",
    lists="discount_amounts discounts pretax_credit_amounts taxes",
    nested={"discountable": True},
)

INVOICE_ITEM: Final = Shape(
    name="invoiceitem",
    nulls="customer_account description invoice parent test_clock",
    falses="livemode proration",
    lists="discounts tax_rates",
)

INVOICE_PAYMENT: Final = Shape(
    name="invoice_payment",
    falses="livemode",
    nulls="amount_paid",
    objects="",
    nested={
        "is_default": True,
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    },
)

PAYMENT_INTENT: Final = Shape(
    name="payment_intent",
    falses="livemode",
    nulls="application application_fee_amount automatic_payment_methods canceled_at "
    "cancellation_reason customer_account description excluded_payment_method_types "
    "last_payment_error latest_charge managed_payments next_action on_behalf_of payment_method "
    "payment_method_configuration_details processing receipt_email review setup_future_usage "
    "shipping source statement_descriptor statement_descriptor_suffix transfer_data transfer_group",
    zeros="amount_capturable amount_received",
    objects="metadata payment_method_options",
    nested={
        "amount_details": {"tip": {}},
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    },
)

REFUND: Final = Shape(
    name="refund",
    nulls="balance_transaction customer_account reason receipt_number source_transfer_reversal "
    "transfer_reversal",
    nested={
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "status": "succeeded",
    },
)

SUBSCRIPTION: Final = Shape(
    name="subscription",
    nulls="application application_fee_percent billing_cycle_anchor_config billing_thresholds "
    "cancel_at canceled_at customer_account days_until_due default_payment_method default_source "
    "description ended_at latest_invoice managed_payments next_pending_invoice_item_invoice "
    "on_behalf_of pause_collection pending_invoice_item_interval pending_setup_intent "
    "pending_update schedule test_clock transfer_data trial_end trial_start",
    falses="livemode cancel_at_period_end",
    lists="billing_schedules default_tax_rates discounts",
    nested={
        "automatic_tax": {**_NO_TAX, "disabled_reason": None},
        "billing_mode": {"flexible": None, "type": "classic"},
        "cancellation_details": dict.fromkeys(("comment", "feedback", "reason")),
        "collection_method": "charge_automatically",
        "invoice_settings": {
            **dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer")),
            "issuer": {"type": "self"},
        },
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "status": "active",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    },
)

SUBSCRIPTION_ITEM: Final = Shape(
    name="subscription_item", nulls="billing_thresholds", lists="discounts tax_rates"
)
