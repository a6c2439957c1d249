"""Parked carts: who comes to the counter with a number pays here, and staff complete the sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.sale import CashTaken
from kiosk.ui.cash_count import CashCount, NoteRow, in_bounds
from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.services import CompletedSale, ParkedCart
from kiosk.ui.till import Till
from kiosk.ui.time_text import age_text
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
CARTS_SHOWN_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedRow:
    """A cart that waits."""

    number: int
    name: str
    total: str
    age: str
    lines: str


@QmlElement
class ParkedCartsVM(ViewModel):
    """The list of numbers, and the cash drawer for the one that was picked."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._rows = RowModel(ParkedRow, self)
        self._notes = RowModel(NoteRow, self)
        self._carts: Sequence[ParkedCart] = ()
        self._picked: ParkedCart | None = None
        self._given_minor = 0
        self._loaded = False

    def enter(self) -> None:
        self._picked, self._given_minor, self._loaded = None, 0, False
        self._look()

    @Property(QObject, notify=shown)
    def carts(self) -> RowModel[ParkedRow]:
        return self._rows

    @Property(QObject, notify=shown)
    def notes(self) -> RowModel[NoteRow]:
        return self._notes

    @Property(bool, notify=shown)
    def none(self) -> bool:
        """Whether there is certainly no cart waiting."""
        return self._loaded and not self._carts

    @Property(str, notify=shown)
    def picked(self) -> str:
        """The number being paid, or nothing."""
        return "" if self._picked is None else str(self._picked.number)

    @Property(str, notify=shown)
    def total(self) -> str:
        return self._count().total

    @Property(str, notify=shown)
    def agreed(self) -> str:
        """The total that the member saw, where it has changed since; else nothing."""
        cart = self._picked
        changed = cart is not None and cart.agreed_minor != cart.total_minor
        return self._count().text(cart.agreed_minor) if cart is not None and changed else ""

    @Property(str, notify=shown)
    def given(self) -> str:
        return self._count().given

    @Property(bool, notify=shown)
    def enough(self) -> bool:
        return self._picked is not None and self._count().covered

    @Property(str, notify=shown)
    def change_due(self) -> str:
        return self._count().change_due

    @Property(str, notify=shown)
    def short_by(self) -> str:
        return self._count().short_by

    @Slot(int)
    def pick(self, number: int) -> None:
        """Somebody stands at the counter with this number."""
        self._picked = next((cart for cart in self._carts if cart.number == number), None)
        self._given_minor = 0
        self._show()

    @Slot(int)
    def give(self, minor: int) -> None:
        """This much was handed over."""
        self._given_minor = in_bounds(minor)
        self.changed.emit()

    @Slot(int)
    def digit(self, digit: int) -> None:
        """One more digit of what was handed over, smallest unit last."""
        self.give(self._given_minor * 10 + digit)

    @Slot()
    def backspace(self) -> None:
        """Take the last digit back."""
        self.give(self._given_minor // 10)

    @Slot()
    def back(self) -> None:
        """To the list."""
        if not self.busy:
            self._picked = None
            self.changed.emit()

    @Slot()
    def take_cash(self) -> None:
        """The money is in the drawer: complete the sale."""
        cart, staff, services = self._picked, self.till.staff, self.till.services
        if cart is None or staff is None or self.busy or not self.enough:
            return
        taken = CashTaken(
            number=cart.number,
            sale_id=cart.sale_id,
            shown_minor=cart.total_minor,
            given_minor=self._given_minor,
            staff_id=staff.staff_id,
        )
        self.ask(lambda: services.complete_parked(taken), self._completed)

    @Slot(int)
    def drop(self, number: int) -> None:
        """Nobody came to pay: forget this cart and who it belonged to."""
        staff, services = self.till.staff, self.till.services
        if staff is not None and not self.busy:
            self.ask(
                lambda: services.drop_parked(number, staff.staff_id), lambda _none: self._look()
            )

    def retranslate(self) -> None:
        self._show()

    def refused(self, error: Exception) -> None:
        super().refused(error)
        self._look()

    def _look(self) -> None:
        self.ask(self.till.services.parked_carts, self._looked, quietly=True)

    def _looked(self, carts: Sequence[ParkedCart]) -> None:
        self._carts, self._loaded = carts[:CARTS_SHOWN_MAX], True
        picked = self._picked
        if picked is not None:
            # At its new price, if that changed. One that is gone stays: its cash may be asked
            # about once more, when the answer to the first tap was lost.
            again = (cart for cart in carts if cart.sale_id == picked.sale_id)
            self._picked = next(again, picked)
        self._show()

    def _show(self) -> None:
        now_ms, language = self.till.now_ms, self.till.language
        self._rows.show(tuple(_row(cart, now_ms, language) for cart in self._carts))
        self._notes.show(self._count().notes)
        self.changed.emit()

    def _completed(self, completed: CompletedSale) -> None:
        self.till.visit.complete(completed)
        self.till.sale_recorded()
        self.till.go(Page.PASS)

    def _count(self) -> CashCount:
        cart = self._picked
        return CashCount(
            due_minor=0 if cart is None else cart.total_minor,
            given_minor=self._given_minor,
            currency=None if cart is None else cart.currency,
            language=self.till.language,
        )


def _row(cart: ParkedCart, now_ms: int, language: str) -> ParkedRow:
    return ParkedRow(
        number=cart.number,
        name=cart.name,
        total=money_text(cart.total_minor, cart.currency, language),
        age=age_text(now_ms - cart.parked_ms),
        lines=", ".join(
            f"{line.quantity} \N{MULTIPLICATION SIGN} {line.description}" for line in cart.lines
        ),
    )
