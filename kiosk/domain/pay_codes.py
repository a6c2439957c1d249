"""What a member scans to pay: the offer's payment link with our reference, once per unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from kiosk.domain.billing import LinkUse

CODES_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCode:
    """One code to scan. The address holds the member's e-mail, hence no repr."""

    url: str = field(repr=False)
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """What the payment page is told about who pays."""

    reference: str
    email: str = field(repr=False)
    language: str


def pay_codes(links: Sequence[LinkUse], currency: str, payer: Payer) -> tuple[PayCode, ...]:
    """The codes in the order of the lines (https://docs.stripe.com/payment-links/url-parameters)."""
    query = urlencode(
        {
            "client_reference_id": payer.reference,
            "locked_prefilled_email": payer.email,
            "locale": payer.language,
        }
    )
    return tuple(
        PayCode(url=f"{link.url}?{query}", amount_minor=link.unit_minor, currency=currency)
        for link in links
        for _ in range(link.quantity)
    )
