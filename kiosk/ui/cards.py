"""The rows of the Offers page, made from the shop window and the cart: pure, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from PySide6.QtCore import QCoreApplication

from kiosk.domain.offer import QUANTITY_MAX, Charge, DropState
from kiosk.ui.money_text import money_text
from kiosk.ui.services import Benefit, OfferCard, ShopWindow
from kiosk.ui.shop_viewmodel import turns_at
from kiosk.ui.text import cadence_text, span_text
from kiosk.ui.time_text import countdown_text, moment_text
from kiosk.ui.visit import Visit

FEW_LEFT: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One offer as a card. `available` False: it can be looked at, not taken."""

    code: str
    kind: str
    name: str
    description: str
    price: str
    cadence: str
    note: str
    countdown: str
    available: bool
    more: bool
    quantity: int
    art: int
    benefits: tuple[str, ...]
    times: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartRow:
    """One line of the cart."""

    code: str
    name: str
    quantity: int
    amount: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a row is made for: when it is looked at, in which language."""

    now_ms: int
    language: str


def card_rows(window: ShopWindow, visit: Visit, sight: Sight) -> tuple[CardRow, ...]:
    """Every offer of the window, in the event file's order."""
    return tuple(
        _card_row(card, place, window, visit.quantity(card.code), sight)
        for place, card in enumerate(window.cards)
    )


def cart_rows(window: ShopWindow, visit: Visit, language: str) -> tuple[CartRow, ...]:
    """The cart with the amounts of the window, which the till decides again before the sale."""
    cards = {card.code: card for card in window.cards}
    return tuple(
        CartRow(
            code=line.offer,
            name=cards[line.offer].name,
            quantity=line.quantity,
            amount=money_text(
                cards[line.offer].unit_minor * line.quantity, window.currency, language
            ),
            more=_can_have_more(cards[line.offer], line.quantity),
        )
        for line in visit.lines
        if line.offer in cards
    )


def cart_total_minor(window: ShopWindow, visit: Visit) -> int:
    """What the cart comes to at the prices of the window."""
    prices = {card.code: card.unit_minor for card in window.cards}
    return sum(prices.get(line.offer, 0) * line.quantity for line in visit.lines)


def full_cadence(card: OfferCard) -> str:
    """How often it renews, or how long it lasts: `a week`, `for 4 weeks`."""
    if card.cadence is None:
        return ""
    if card.periods is None:
        return cadence_text(card.cadence)
    if card.charge is Charge.UPFRONT:
        return span_text(card.cadence, card.periods)
    periods = card.periods
    times = QCoreApplication.translate("Trade", "%n times", "", periods)
    return f"{cadence_text(card.cadence)}, {times}"


def _card_row(
    card: OfferCard, place: int, window: ShopWindow, quantity: int, sight: Sight
) -> CardRow:
    return CardRow(
        code=card.code,
        kind=card.kind.value,
        name=card.name,
        description=card.description,
        price=money_text(card.unit_minor, card.currency, sight.language),
        cadence=full_cadence(card),
        note=_note(card),
        countdown=_countdown(card, sight.now_ms),
        available=card.drop_state in {None, DropState.OPEN},
        more=_can_have_more(card, quantity),
        quantity=quantity,
        art=place,
        benefits=tuple(_benefit(benefit) for benefit in card.benefits),
        times=_times(card, window.time_zone, sight.language),
    )


def _can_have_more(card: OfferCard, quantity: int) -> bool:
    if card.drop_state not in {None, DropState.OPEN}:
        return False
    most = [limit for limit in (card.left, card.per_member) if limit is not None]
    return quantity < min(most, default=QUANTITY_MAX)


def _benefit(benefit: Benefit) -> str:
    if benefit.uses == 0:
        return QCoreApplication.translate("Trade", "%1, as often as you like").replace(
            "%1", benefit.name
        )
    return (
        benefit.name
        if benefit.uses == 1
        else f"{benefit.uses} \N{MULTIPLICATION SIGN} {benefit.name}"
    )


def _note(card: OfferCard) -> str:
    """The chip on the card: the one thing to know before wanting it."""
    match card.drop_state:
        case DropState.ANNOUNCED:
            return QCoreApplication.translate("Drop", "Opens soon")
        case DropState.SOLD_OUT:
            return QCoreApplication.translate("Drop", "Sold out")
        case DropState.CLOSED:
            return QCoreApplication.translate("Drop", "Closed")
        case DropState.OPEN if card.left is not None and card.left <= FEW_LEFT:
            left = card.left
            return QCoreApplication.translate("Drop", "%n left", "", left)
        case DropState.OPEN:
            return QCoreApplication.translate("Drop", "Open now")
        case None:
            return ""
        case _:
            assert_never(card.drop_state)


def _countdown(card: OfferCard, now_ms: int) -> str:
    turns_ms = turns_at(card)
    if turns_ms is None or turns_ms <= now_ms or card.drop_state is DropState.SOLD_OUT:
        return ""
    left = countdown_text(turns_ms - now_ms)
    if card.drop_state is DropState.ANNOUNCED:
        return QCoreApplication.translate("Drop", "Opens in %1").replace("%1", left)
    return QCoreApplication.translate("Drop", "Closes in %1").replace("%1", left)


def _times(card: OfferCard, time_zone: str, language: str) -> str:
    if card.opens_ms is None or card.closes_ms is None:
        return ""
    opens, closes = (moment_text(at, time_zone, language) for at in (card.opens_ms, card.closes_ms))
    return f"{opens} \N{EN DASH} {closes}"
