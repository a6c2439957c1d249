"""The price decision: one pure function for the card, the cart, the sale and the tests."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.ids import OfferCode
from kiosk.domain.money import tax_on, tax_within
from kiosk.domain.offer import QUANTITY_MAX, Drop, Membership, Offer, Snapshot
from kiosk.domain.sale import (
    CartLine,
    LineItem,
    OfferKind,
    PricedCart,
    PriceDecision,
    RuleApplied,
)
from kiosk.errors import CartEmpty, OfferUnknown, QuantityInvalid


def decide(snapshot: Snapshot, offer: Offer) -> PriceDecision:
    """The price of one unit as it is paid, tax included, with the rules in the order they applied.

    Added tax is rounded per unit, not per line: so a sale, its invoice and a payment link that is
    paid once per unit come to the same total, whatever the quantity.
    """
    rate = snapshot.tax_rate(offer.tax)
    rules = [RuleApplied(rule="base_price", unit_minor=offer.price_minor)]
    unit_minor = offer.price_minor
    if not rate.included and rate.rate_bp:
        unit_minor += tax_on(unit_minor, rate.rate_bp)
        rules.append(RuleApplied(rule="tax_added", unit_minor=unit_minor))
    return PriceDecision(
        offer=offer.code,
        currency=snapshot.event.currency,
        unit_minor=unit_minor,
        tax_code=rate.code,
        rate_bp=rate.rate_bp,
        rules=tuple(rules),
    )


def price_cart(snapshot: Snapshot, lines: Sequence[CartLine], language: str) -> PricedCart:
    """Decide every line. Lines of the same offer become one, in the order they first appeared.

    Raises CartEmpty, OfferUnknown, QuantityInvalid.
    """
    wanted: dict[OfferCode, int] = {}
    for line in lines:
        if not 1 <= line.quantity <= QUANTITY_MAX:
            raise QuantityInvalid(offer=line.offer, quantity=line.quantity, most=QUANTITY_MAX)
        wanted[line.offer] = wanted.get(line.offer, 0) + line.quantity
    if not wanted:
        raise CartEmpty
    return PricedCart(
        snapshot_number=snapshot.number,
        currency=snapshot.event.currency,
        lines=tuple(
            _line(snapshot, number, code, quantity, language)
            for number, (code, quantity) in enumerate(wanted.items(), start=1)
        ),
    )


def kind_of(offer: Offer) -> OfferKind:
    """The kind under which sale lines keep this offer."""
    if isinstance(offer, Membership):
        return OfferKind.MEMBERSHIP
    return OfferKind.DROP if isinstance(offer, Drop) else OfferKind.ITEM


def _line(
    snapshot: Snapshot, line_no: int, code: OfferCode, quantity: int, language: str
) -> LineItem:
    offer = snapshot.offer(code)
    if offer is None:
        raise OfferUnknown(offer=code)
    if quantity > QUANTITY_MAX:
        raise QuantityInvalid(offer=code, quantity=quantity, most=QUANTITY_MAX)
    decision = decide(snapshot, offer)
    rate = snapshot.tax_rate(offer.tax)
    amount = decision.unit_minor * quantity
    added = (decision.unit_minor - offer.price_minor) * quantity
    return LineItem(
        line_no=line_no,
        offer=code,
        kind=kind_of(offer),
        description=offer.name.in_language(language),
        quantity=quantity,
        unit_minor=decision.unit_minor,
        amount_minor=amount,
        tax_code=rate.code,
        rate_bp=rate.rate_bp,
        tax_minor=tax_within(amount, rate.rate_bp) if rate.included else added,
        rules=decision.rules,
    )
