"""Parked number: the short number to say at the counter, where the cash is taken."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ParkedNumberVM(ViewModel):
    """Nothing is sold yet: the cart waits, and only staff complete it."""

    shown = Signal()

    @Property(str, notify=shown)
    def number(self) -> str:
        number = self.till.visit.parked_number
        return "" if number is None else str(number)

    @Property(str, notify=shown)
    def total(self) -> str:
        cart = self.till.visit.priced
        return "" if cart is None else money_text(
            cart.total_minor, cart.currency, self.till.language
        )  # fmt: skip

    @Slot()
    def done(self) -> None:
        """The number was read."""
        self.till.go(Page.ATTRACT)
