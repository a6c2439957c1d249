"""The offers of an event file: memberships, drops and items, with what they entitle to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

from kiosk.domain.claim_numbers import claim_numbers
from kiosk.domain.entitlement import ENTITLEMENTS_PER_PASS, USES_MAX
from kiosk.domain.event_reader import Table
from kiosk.domain.ids import OfferCode
from kiosk.domain.moments import parse_moment
from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES
from kiosk.domain.offer import (
    Cadence,
    CadenceUnit,
    Charge,
    Drop,
    Entitlement,
    Event,
    Item,
    LocalText,
    Membership,
    Offer,
    TaxRate,
)

OFFERS_MAX: Final = 200
STOCK_MAX: Final = 1_000_000
ENTITLEMENT_NUMBER_MAX: Final = 2**32 - 1
# Passes count their end in 32 bits; a membership of 40 years fits for every event to come.
LENGTH_MAX_DAYS: Final = 40 * 366
_DAYS_AT_MOST: Final = {CadenceUnit.DAY: 1, CadenceUnit.WEEK: 7, CadenceUnit.MONTH: 31}
_KINDS: Final = ("membership", "drop", "item")
_CODE: Final = r"[A-Za-z0-9-]{1,30}"


class _Common(TypedDict):
    """What every kind of offer has, already read."""

    code: OfferCode
    name: LocalText
    description: LocalText
    price_minor: int
    tax: str
    entitlements: tuple[Entitlement, ...]
    plan: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What reading an offer needs to know of the rest of the file.

    `claim_numbers` are the entitlement numbers of the offers that name none themselves.
    """

    event: Event
    tax_codes: frozenset[str]
    claim_numbers: Mapping[str, int]
    loaded_ms: int


def read_offers(
    top: Table,
    event: Event,
    taxes: tuple[TaxRate, ...],
    loaded_ms: int,
    kept: Mapping[OfferCode, int],
) -> tuple[Offer, ...]:
    """Every membership, drop and item, in this order; mistakes are collected by the tables.

    An offer that names no entitlement grants one claim under a number of its own: the one it is
    `kept` under from earlier loads, if any.
    """
    tables = [(kind, table) for kind in _KINDS for table in top.tables(kind, OFFERS_MAX)]
    claiming = [row.peek("code") for _, row in tables if not row.has("entitlements")]
    sheet = _Sheet(
        event=event,
        tax_codes=frozenset(rate.code for rate in taxes),
        claim_numbers=claim_numbers(claiming, kept),
        loaded_ms=loaded_ms,
    )
    offers: list[Offer] = []
    for kind, table in tables:
        offer = _offer(table, kind, sheet)
        if any(other.code == offer.code and offer.code for other in offers):
            table.wrong("code", "this code stands more than once in the file")
        offers.append(offer)
        table.finish()
    return tuple(offers)


def _offer(table: Table, kind: str, sheet: _Sheet) -> Offer:
    if kind == "membership":
        # What renews by itself is never free.
        return _membership(table, _common(table, sheet, least_minor=1))
    common = _common(table, sheet, least_minor=0)
    return _drop(table, common, sheet) if kind == "drop" else _item(common)


def _common(table: Table, sheet: _Sheet, *, least_minor: int) -> _Common:
    name = table.local_text("name", sheet.event.languages)
    tax = table.text("tax")
    if tax and tax not in sheet.tax_codes:
        table.wrong("tax", "no [[tax]] has this code")
    return _Common(
        code=OfferCode(table.matching("code", _CODE, "must be 1 to 30 letters, digits and dashes")),
        name=name,
        description=table.local_text("description", sheet.event.languages, required=False),
        price_minor=_price(table, sheet.event.currency, least_minor),
        tax=tax,
        entitlements=_entitlements(table, sheet)
        if table.has("entitlements")
        else (Entitlement(number=sheet.claim_numbers[table.peek("code")], uses=1, name=name),),
        plan=table.optional_whole("plan", 0, 2**32 - 1),
    )


def _price(table: Table, currency: str, least_minor: int) -> int:
    if not table.has("prices"):
        return table.whole("price_minor", least_minor, AMOUNT_MAX_MINOR)
    if table.has("price_minor"):
        table.wrong("prices", "write either price_minor or prices, not both")
    prices = table.table("prices")
    for other in CURRENCIES.keys() - {currency}:
        prices.optional_whole(other, least_minor, AMOUNT_MAX_MINOR)
    price_minor = prices.whole(currency, least_minor, AMOUNT_MAX_MINOR)
    prices.finish()
    return price_minor


def _entitlements(table: Table, sheet: _Sheet) -> tuple[Entitlement, ...]:
    found = []
    for row in table.tables("entitlements", ENTITLEMENTS_PER_PASS, least=1):
        number = row.whole("number", 1, ENTITLEMENT_NUMBER_MAX)
        if number in sheet.claim_numbers.values():
            row.wrong("number", "is given to an offer without entitlements; take one below 1000")
        uses = row.whole("uses", 0, USES_MAX)
        name = row.local_text("name", sheet.event.languages)
        found.append(Entitlement(number=number, uses=uses, name=name))
        row.finish()
    if len({entitlement.number for entitlement in found}) < len(found):
        table.wrong("entitlements", "each number may stand only once in an offer")
    return tuple(found)


def _membership(table: Table, common: _Common) -> Membership:
    cadence = table.table("cadence")
    every = cadence.whole("every", 1, 400)
    unit = cadence.one_of("unit", tuple(CadenceUnit))
    cadence.finish()
    periods = table.optional_whole("periods", 1, 400)
    if every * _DAYS_AT_MOST[CadenceUnit(unit)] * (periods or 1) > LENGTH_MAX_DAYS:
        table.wrong("periods", "too long: a membership may last 40 years at most")
    if periods is None and table.has("charge"):
        table.wrong("charge", "only a membership with periods can say how it is charged")
    charge = table.one_of("charge", tuple(Charge), default=Charge.UPFRONT)
    return Membership(
        **common,
        cadence=Cadence(every=every, unit=CadenceUnit(unit)),
        periods=periods,
        charge=Charge.PER_PERIOD if periods is None else Charge(charge),
    )


def _drop(table: Table, common: _Common, sheet: _Sheet) -> Drop:
    def moment(value: object) -> int:
        return parse_moment(value, sheet.loaded_ms, sheet.event.time_zone)

    opens, closes = table.moment("opens", moment), table.moment("closes", moment)
    if opens and closes and closes <= opens:
        table.wrong("closes", "must be after opens")
    stock = table.whole("stock", 0, STOCK_MAX)
    allotment = table.optional_whole("allotment", 0, STOCK_MAX)
    if allotment is not None and allotment > stock:
        table.wrong("allotment", f"must not be more than the stock of {stock}")
    return Drop(
        **common,
        opens_ms=opens,
        closes_ms=closes,
        stock=stock,
        allotment=stock if allotment is None else allotment,
        per_member=table.optional_whole("per_member", 1, STOCK_MAX),
    )


def _item(common: _Common) -> Item:
    return Item(**common)
