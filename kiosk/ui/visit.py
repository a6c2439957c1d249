"""One person's visit, from first touch to pass: cart, details, and the sale that came of it.

Must never outlive the visit: `clear` forgets every word about the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.offer import QUANTITY_MAX
from kiosk.domain.sale import CartLine, PricedCart
from kiosk.ui.pages import Page
from kiosk.ui.services import CompletedSale


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """Where staff came from to show a pass again: what they had looked for, and whom they met."""

    page: Page
    text: str = field(repr=False)
    member_id: MemberId


class Visit(QObject):
    """What the screens of one visit share. `number` changes when a new visit begins."""

    cart_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self.priced: PricedCart | None = None
        self.name = ""
        self.email = ""
        self.consents: frozenset[str] = frozenset()
        self.sale_id: SaleId | None = None
        self.parked_number: int | None = None
        self.completed: CompletedSale | None = None
        self.brought_back = False  # the sale is an earlier one, its money long put away
        self.place = 0  # which of its passes is shown first
        self.way_back: WayBack | None = None
        self._cart: dict[OfferCode, int] = {}

    def clear(self) -> None:
        """End this visit; answers that are still on their way to it will be ignored."""
        self.number += 1
        self._cart = {}
        self.name = self.email = ""
        self.consents = frozenset()
        self.brought_back = False
        self.place, self.way_back = 0, None
        self.priced = self.sale_id = self.parked_number = self.completed = None
        self.cart_changed.emit()

    def complete(self, completed: CompletedSale) -> None:
        """Have the pass page show the sale that was made this moment."""
        self.bring_back(None)
        self.completed = completed

    def bring_back(
        self, completed: CompletedSale | None, place: int = 0, way_back: WayBack | None = None
    ) -> None:
        """Have the pass page show an earlier sale, from this pass on; None: no more of it."""
        self.completed, self.brought_back = completed, completed is not None
        self.place, self.way_back = place, way_back

    @property
    def lines(self) -> tuple[CartLine, ...]:
        """The cart, in the order things were first added."""
        return tuple(
            CartLine(offer=offer, quantity=quantity) for offer, quantity in self._cart.items()
        )

    @property
    def pieces(self) -> int:
        """How many single things are in the cart."""
        return sum(self._cart.values())

    def quantity(self, offer: str) -> int:
        """How many of this offer are in the cart."""
        return self._cart.get(OfferCode(offer), 0)

    def change(self, offer: str, by: int) -> None:
        """Add or take away; a line at nought leaves the cart."""
        code = OfferCode(offer)
        quantity = max(0, min(QUANTITY_MAX, self._cart.get(code, 0) + by))
        if quantity:
            self._cart[code] = quantity
        else:
            self._cart.pop(code, None)
        self.touch()
        self.cart_changed.emit()

    def touch(self) -> None:
        """Something the sale would say has changed, so the next tap is another sale."""
        self.sale_id = None

    def describe(self, name: str, email: str, consents: frozenset[str]) -> None:
        """Take down who it is and what was agreed to."""
        if (name, email, consents) != (self.name, self.email, self.consents):
            self.touch()
        self.name, self.email, self.consents = name, email, consents
