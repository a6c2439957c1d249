"""Scan to pay: each code with its amount, seller and reference, one by one, then the pass."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.qr_image import modules_across
from kiosk.ui.services import PayCode
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ScanToPayVM(ViewModel):
    """The sale is recorded already; whether it is paid is found out later, by the rail."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._place = 0
        self._sources: tuple[str, ...] = ()

    def enter(self) -> None:
        self._place = 0
        self._sources = tuple(self.till.codes.show(code.qr) for code in self._codes())
        self.changed.emit()

    def leave(self) -> None:
        # Not announced: the page may still be sliding out, and keeps what it shows.
        self._place, self._sources = 0, ()
        super().leave()

    @Property(int, notify=shown)
    def place(self) -> int:
        """Which code is shown, counted from 1."""
        return self._place + 1

    @Property(int, notify=shown)
    def count(self) -> int:
        return len(self._codes())

    @Property(str, notify=shown)
    def source(self) -> str:
        return self._sources[self._place] if self._sources else ""

    @Property(int, notify=shown)
    def across(self) -> int:
        codes = self._codes()
        return modules_across(codes[self._place].qr) if codes else 1

    @Property(str, notify=shown)
    def amount(self) -> str:
        codes = self._codes()
        if not codes:
            return ""
        code = codes[self._place]
        return money_text(code.amount_minor, code.currency, self.till.language)

    @Property(str, notify=shown)
    def seller(self) -> str:
        codes = self._codes()
        return codes[self._place].seller if codes else ""

    @Property(str, notify=shown)
    def receipt_number(self) -> str:
        """What to say when something is unclear."""
        completed = self.till.visit.completed
        return "" if completed is None else completed.sale.receipt_number

    @Property(str, notify=shown)
    def reference(self) -> str:
        """What the payment itself carries."""
        codes = self._codes()
        return codes[self._place].reference if codes else ""

    @Slot()
    def go_on(self) -> None:
        """The next code, or the pass."""
        if self._place + 1 < len(self._codes()):
            self._place += 1
            self.changed.emit()
        else:
            self.till.go(Page.PASS)

    @Slot()
    def back(self) -> None:
        """The code before."""
        self._place = max(0, self._place - 1)
        self.changed.emit()

    def _codes(self) -> tuple[PayCode, ...]:
        completed = self.till.visit.completed
        return () if completed is None else tuple(completed.pay_codes)
