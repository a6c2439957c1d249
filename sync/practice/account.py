"""The account and its balance: what a client reads to learn whose key it holds, and which mode.

https://docs.stripe.com/api/accounts, https://docs.stripe.com/api/balance
"""

from __future__ import annotations

from typing import Final

from sync.practice.invoices import ACCOUNT_CURRENCY
from sync.practice.router import Call, Route
from sync.practice.wire import JsonObject, list_of
from sync.practice.world import World


def _account(world: World, call: Call) -> JsonObject:
    del call
    account_id = f"acct_1{world.word('account', 16)}"
    nothing_due: JsonObject = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": [],
        "disabled_reason": None,
        "errors": [],
        "eventually_due": [],
        "past_due": [],
        "pending_verification": [],
    }
    return {
        "id": account_id,
        "object": "account",
        "business_profile": dict(_PROFILE),
        "business_type": None,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "DE",
        "created": 0,
        "default_currency": ACCOUNT_CURRENCY,
        "details_submitted": True,
        "email": "practice@example.com",
        "external_accounts": list_of([], f"/v1/accounts/{account_id}/external_accounts"),
        "future_requirements": nothing_due,
        "metadata": {},
        "payouts_enabled": True,
        "requirements": dict(nothing_due),
        "settings": dict(_SETTINGS),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "standard",
    }


def _balance(world: World, call: Call) -> JsonObject:
    """What succeeded intents brought, less refunds, by currency; all of it still pending."""
    del call
    sums: dict[str, int] = {ACCOUNT_CURRENCY: 0}
    for intent in world.objects("payment_intent"):
        sums[intent["currency"]] = sums.get(intent["currency"], 0) + intent["amount_received"]
    for refund in world.objects("refund"):
        sums[refund["currency"]] -= refund["amount"]
    return {
        "object": "balance",
        "livemode": False,
        "available": [_funds(currency, 0) for currency in sums],
        "connect_reserved": [{"amount": 0, "currency": currency} for currency in sums],
        "pending": [_funds(currency, amount) for currency, amount in sums.items()],
    }


def _funds(currency: str, amount_minor: int) -> JsonObject:
    return {"amount": amount_minor, "currency": currency, "source_types": {"card": amount_minor}}


_PROFILE: Final[JsonObject] = {
    "annual_revenue": None,
    "estimated_worker_count": None,
    "mcc": None,
    "minority_owned_business_designation": None,
    "name": "Practice",
    "product_description": None,
    "support_address": None,
    "support_email": None,
    "support_phone": None,
    "support_url": None,
    "url": None,
}
_SETTINGS: Final[JsonObject] = {
    "bacs_debit_payments": {"display_name": None, "service_user_number": None},
    "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
    "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
    "card_payments": {
        "decline_on": {"avs_failure": False, "cvc_failure": False},
        "statement_descriptor_prefix": None,
        "statement_descriptor_prefix_kana": None,
        "statement_descriptor_prefix_kanji": None,
    },
    "dashboard": {"display_name": "Practice", "timezone": "Etc/UTC"},
    "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
    "payments": {
        "statement_descriptor": None,
        "statement_descriptor_kana": None,
        "statement_descriptor_kanji": None,
        "statement_descriptor_prefix_kana": None,
        "statement_descriptor_prefix_kanji": None,
    },
    "payouts": {
        "debit_negative_balances": True,
        "schedule": {"delay_days": 2, "interval": "daily"},
        "statement_descriptor": None,
    },
    "sepa_debit_payments": {},
}

ROUTES: Final = (
    Route(
        method="GET",
        template="/v1/account",
        params="AccountRetrieveCurrentParams",
        handler=_account,
    ),
    Route(method="GET", template="/v1/balance", params="BalanceRetrieveParams", handler=_balance),
)
