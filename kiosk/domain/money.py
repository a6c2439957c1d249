"""Money is an integer of minor units and a currency; nothing here knows a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# What a rail can take at most in one charge: eight digits (https://docs.stripe.com/currencies).
AMOUNT_MAX_MINOR: Final = 99_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """One currency this program can sell in.

    `code` ISO 4217 in lower case; `exponent` decimal places of the minor unit; `least_minor` the
    smallest amount the rail accepts for an online payment (https://docs.stripe.com/currencies).
    """

    code: str
    exponent: int
    least_minor: int


def _table() -> MappingProxyType[str, Currency]:
    two = (
        "aed:200 aud:50 bgn:100 brl:50 cad:50 chf:50 czk:1500 dkk:250 eur:50 gbp:30 hkd:400 "
        "inr:50 mxn:1000 myr:200 nok:300 nzd:50 pln:200 ron:200 sek:300 sgd:50 thb:1000 usd:50 "
        "zar:1000 ils:200 php:3000 idr:1000000 try:2000"
    )
    zero = "clp:500 jpy:50 krw:700 vnd:13000 xaf:300 xof:300 xpf:60 pyg:4000"
    rows = [(row, 2) for row in two.split()] + [(row, 0) for row in zero.split()]
    made = {}
    for row, exponent in rows:
        code, least = row.split(":")
        made[code] = Currency(code=code, exponent=exponent, least_minor=int(least))
    return MappingProxyType(made)


CURRENCIES: Final = _table()


def currency_of(code: str) -> Currency | None:
    """The currency with this lower-case code, or None when it is not in the table."""
    return CURRENCIES.get(code)


def plain(amount_minor: int, currency: str) -> str:
    """The amount with decimal point and code, for logs, files and the command line: `12.50 EUR`."""
    exponent = CURRENCIES[currency].exponent
    sign, digits = "-" if amount_minor < 0 else "", str(abs(amount_minor)).rjust(exponent + 1, "0")
    whole, part = digits[: len(digits) - exponent], digits[len(digits) - exponent :]
    return f"{sign}{whole}{'.' + part if part else ''} {currency.upper()}"


def share_out(amount_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount by weights, largest remainder first; the parts add up to it exactly.

    Ties go to the earlier part. All weights zero: the first part takes everything.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise AssertionError("weights are non-negative and at least one")
    total = sum(weights)
    if total == 0:
        return (amount_minor, *([0] * (len(weights) - 1)))
    parts = [amount_minor * weight // total for weight in weights]
    left = amount_minor - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(amount_minor * weights[i] % total), i))
    for i in order[:left]:
        parts[i] += 1
    return tuple(parts)


def tax_within(gross_minor: int, rate_bp: int) -> int:
    """The tax contained in a gross amount, half up. `rate_bp` is in basis points: 1900 = 19 %."""
    return (2 * gross_minor * rate_bp + 10_000 + rate_bp) // (2 * (10_000 + rate_bp))


def tax_on(net_minor: int, rate_bp: int) -> int:
    """The tax to add to a net amount, half up. `rate_bp` is in basis points."""
    return (2 * net_minor * rate_bp + 10_000) // 20_000
