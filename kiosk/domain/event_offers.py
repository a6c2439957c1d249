"""The offers of an event file: memberships, drops and items, with what they entitle to."""

from __future__ import annotations

from typing import Final, TypedDict

from kiosk.domain.entitlement import ENTITLEMENTS_PER_PASS, USES_MAX
from kiosk.domain.event_reader import Table
from kiosk.domain.ids import OfferCode
from kiosk.domain.moments import parse_moment
from kiosk.domain.money import AMOUNT_MAX_MINOR
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
# Offers that name no entitlement grant one claim under a number of their own, above these.
CLAIM_NUMBER_BASE: Final = 1000
ENTITLEMENT_NUMBER_MAX: Final = 2**32 - 1
_CODE = r"[A-Za-z0-9-]{1,30}"


class _Common(TypedDict):
    """What every kind of offer has, already read."""

    code: OfferCode
    name: LocalText
    description: LocalText
    price_minor: int
    tax: str
    entitlements: tuple[Entitlement, ...]
    plan: int | None


def read_offers(
    top: Table, event: Event, taxes: tuple[TaxRate, ...], loaded_ms: int
) -> tuple[Offer, ...]:
    """Every membership, drop and item, in this order; mistakes are collected by the tables."""
    offers: list[Offer] = []
    for kind in ("membership", "drop", "item"):
        for table in top.tables(kind, OFFERS_MAX):
            common = _common(table, event, taxes, len(offers) + 1)
            if any(other.code == common["code"] and common["code"] for other in offers):
                table.wrong("code", "this code stands more than once in the file")
            match kind:
                case "membership":
                    offers.append(_membership(table, common))
                case "drop":
                    offers.append(_drop(table, common, event, loaded_ms))
                case _:
                    offers.append(_item(common))
            table.finish()
    return tuple(offers)


def _common(table: Table, event: Event, taxes: tuple[TaxRate, ...], position: int) -> _Common:
    name = table.local_text("name", event.languages)
    tax = table.text("tax")
    if tax and tax not in {rate.code for rate in taxes}:
        table.wrong("tax", "no [[tax]] has this code")
    return _Common(
        code=OfferCode(table.matching("code", _CODE, "must be 1 to 30 letters, digits and dashes")),
        name=name,
        description=table.local_text("description", event.languages, required=False),
        price_minor=_price(table, event.currency),
        tax=tax,
        entitlements=_entitlements(table, event, name, CLAIM_NUMBER_BASE + position),
        plan=table.optional_whole("plan", 0, 2**32 - 1),
    )


def _price(table: Table, currency: str) -> int:
    if not table.has("prices"):
        return table.whole("price_minor", 0, AMOUNT_MAX_MINOR)
    if table.has("price_minor"):
        table.wrong("prices", "write either price_minor or prices, not both")
    return table.table("prices").whole(currency, 0, AMOUNT_MAX_MINOR)


def _entitlements(
    table: Table, event: Event, offer_name: LocalText, claim_number: int
) -> tuple[Entitlement, ...]:
    if not table.has("entitlements"):
        return (Entitlement(number=claim_number, uses=1, name=offer_name),)
    rows = table.tables("entitlements", ENTITLEMENTS_PER_PASS)
    found = []
    for row in rows:
        found.append(
            Entitlement(
                number=row.whole("number", 1, ENTITLEMENT_NUMBER_MAX),
                uses=row.whole("uses", 0, USES_MAX),
                name=row.local_text("name", event.languages),
            )
        )
        row.finish()
    if not rows:
        table.wrong("entitlements", "must list at least one, or be left out")
    if len({entitlement.number for entitlement in found}) < len(found):
        table.wrong("entitlements", "each number may stand only once in an offer")
    return tuple(found)


def _membership(table: Table, common: _Common) -> Membership:
    cadence = table.table("cadence")
    every = cadence.whole("every", 1, 400)
    unit = cadence.one_of("unit", tuple(CadenceUnit))
    cadence.finish()
    periods = table.optional_whole("periods", 1, 400)
    if periods is None and table.has("charge"):
        table.wrong("charge", "only a membership with periods can say how it is charged")
    if common["price_minor"] == 0:
        table.wrong("price_minor", "a membership needs a price above 0")
    charge = table.one_of("charge", tuple(Charge), default=Charge.UPFRONT)
    return Membership(
        **common,
        cadence=Cadence(every=every, unit=CadenceUnit(unit)),
        periods=periods,
        charge=Charge.PER_PERIOD if periods is None else Charge(charge),
    )


def _drop(table: Table, common: _Common, event: Event, loaded_ms: int) -> Drop:
    def moment(value: object) -> int:
        return parse_moment(value, loaded_ms, event.time_zone)

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
