"""Offers: the shop window as cards, one of them as a sheet, and the cart beside them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.sale import PricedCart
from kiosk.ui.cards import CardRow, CartRow, Sight, card_rows, cart_rows, cart_total_minor
from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.shop_viewmodel import ShopViewModel
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class OffersVM(ShopViewModel):
    """Cards and cart answer a tap at once; prices are decided again before the sale."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._cards = RowModel(CardRow, self)
        self._cart = RowModel(CartRow, self)
        self._sheet = ""
        till.visit.cart_changed.connect(self.show_window)

    def enter(self) -> None:
        self._sheet = ""
        self.show_window()
        super().enter()

    @Property(QObject, notify=shown)
    def cards(self) -> RowModel[CardRow]:
        return self._cards

    @Property(QObject, notify=shown)
    def cart(self) -> RowModel[CartRow]:
        return self._cart

    @Property(str, notify=shown)
    def total(self) -> str:
        window = self.till.window
        if window is None:
            return ""
        total_minor = cart_total_minor(window, self.till.visit)
        return money_text(total_minor, window.currency, self.till.language)

    @Property(int, notify=shown)
    def pieces(self) -> int:
        return self.till.visit.pieces

    @Property(str, notify=shown)
    def sheet(self) -> str:
        """The code of the offer whose sheet is open, or nothing."""
        return self._sheet

    @Property(str, notify=shown)
    def sheet_name(self) -> str:
        return self._sheet_row().name

    @Property(str, notify=shown)
    def sheet_kind(self) -> str:
        return self._sheet_row().kind

    @Property(str, notify=shown)
    def sheet_description(self) -> str:
        return self._sheet_row().description

    @Property(str, notify=shown)
    def sheet_price(self) -> str:
        return self._sheet_row().price

    @Property(str, notify=shown)
    def sheet_cadence(self) -> str:
        return self._sheet_row().cadence

    @Property(str, notify=shown)
    def sheet_times(self) -> str:
        return self._sheet_row().times

    @Property(int, notify=shown)
    def sheet_art(self) -> int:
        return self._sheet_row().art

    @Property(bool, notify=shown)
    def sheet_more(self) -> bool:
        return self._sheet_row().more

    @Property("QStringList", notify=shown)
    def sheet_benefits(self) -> list[str]:
        return list(self._sheet_row().benefits)

    @Slot(str)
    def open_sheet(self, code: str) -> None:
        """Show everything about one offer."""
        self._sheet = code
        self.changed.emit()

    @Slot()
    def close_sheet(self) -> None:
        """Back to the cards."""
        self._sheet = ""
        self.changed.emit()

    @Slot(str)
    def add(self, code: str) -> None:
        """One more, unless this kiosk has no more."""
        row = next((row for row in self._cards.rows if row.code == code), None)
        if row is not None and row.more:
            self.till.visit.change(code, 1)

    @Slot(str)
    def less(self, code: str) -> None:
        """One fewer."""
        self.till.visit.change(code, -1)

    @Slot()
    def go_on(self) -> None:
        """To the details, with the prices the till decides now."""
        visit, services = self.till.visit, self.till.services
        lines, language = visit.lines, self.till.language
        if lines and not self.busy:
            self.ask(lambda: services.price(lines, language), self._priced)

    @Slot()
    def leave_shop(self) -> None:
        """Give up and start over."""
        self.till.go(Page.ATTRACT)

    def show_window(self) -> None:
        window, visit, language = self.till.window, self.till.visit, self.till.language
        if window is not None:
            sight = Sight(now_ms=self.till.now_ms, language=language)
            self._cards.show(card_rows(window, visit, sight))
            self._cart.show(cart_rows(window, visit, language))
        self.changed.emit()

    def refused(self, error: Exception) -> None:
        super().refused(error)
        self.look()

    def _priced(self, cart: PricedCart) -> None:
        self.till.visit.priced = cart
        self.till.go(Page.DETAILS)

    def _sheet_row(self) -> CardRow:
        return next((row for row in self._cards.rows if row.code == self._sheet), _NO_ROW)


_NO_ROW = CardRow(
    code="", kind="item", name="", description="", price="", cadence="", note="", countdown="",
    available=False, more=False, quantity=0, art=0, benefits=(), times="",
)  # fmt: skip
