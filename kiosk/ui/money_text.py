"""Amounts as people read them in their language. Integers in, text out: no float comes near."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QLocale

from kiosk.domain.money import CURRENCIES

_PLACE: Final = "\N{CURRENCY SIGN}"
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
# Only signs that mean one currency wherever they are read; the others say their ISO code.
_SYMBOLS: Final = MappingProxyType(
    {"eur": "€", "gbp": "£", "jpy": "¥", "usd": "$", "krw": "₩", "inr": "₹", "vnd": "₫",
     "cad": "CA$", "aud": "A$", "nzd": "NZ$", "brl": "R$", "hkd": "HK$", "mxn": "MX$",
     "ils": "₪", "php": "₱"}
)  # fmt: skip


def money_text(amount_minor: int, currency: str, language: str) -> str:
    """`1250, "eur"` as `€12.50` in English, `12,50 €` in German."""
    locale = QLocale(language)
    symbol = _SYMBOLS.get(currency, currency.upper())
    shown = _pattern(locale, symbol).replace("0", _digits(abs(amount_minor), currency, locale), 1)
    return f"\N{MINUS SIGN}{shown}" if amount_minor < 0 else shown


def _pattern(locale: QLocale, symbol: str) -> str:
    """Where this language puts the sign, around a nought."""
    pattern = locale.toCurrencyString(0, _PLACE)
    if symbol.isalpha() and pattern.startswith(_PLACE):
        return pattern.replace(_PLACE, symbol + _NO_BREAK, 1)
    return pattern.replace(_PLACE, symbol, 1)


def _digits(amount_minor: int, currency: str, locale: QLocale) -> str:
    exponent = CURRENCIES[currency].exponent
    whole, part = divmod(amount_minor, 10**exponent)
    text = locale.toString(whole)
    return f"{text}{locale.decimalPoint()}{part:0{exponent}d}" if exponent else text
