"""Pay: the ways that work right now, and the cash drawer when a seller stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ids import SaleId
from kiosk.domain.people import clean_email, clean_name
from kiosk.domain.sale import Draft, PricedCart
from kiosk.domain.tender import TenderChoice, TenderKind
from kiosk.errors import CartChanged, OfferNotOnSale, OfferUnknown, SoldOut
from kiosk.ui.cash_count import CashCount, NoteRow, in_bounds
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.services import SELF_SERVICE, CompletedSale
from kiosk.ui.text import tender_hint, tender_text, why_not_text
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """One way to pay. Where it does not work now, `hint` says why."""

    kind: str
    name: str
    hint: str
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    sale_id: SaleId
    cart: PricedCart
    choices: Sequence[TenderChoice]


@QmlElement
class PayVM(ViewModel):
    """Takes the sale id when the page is entered, so that a second tap is the same sale."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._choices = RowModel(ChoiceRow, self)
        self._notes = RowModel(NoteRow, self)
        self._offered: Sequence[TenderChoice] = ()
        self._given_minor = 0
        self._cash = False

    def enter(self) -> None:
        self._cash, self._given_minor = False, 0
        # What the visitor before could pay with says nothing about this cart.
        self._offered = ()
        self._show()
        self._prepare()

    @Property(QObject, notify=shown)
    def choices(self) -> RowModel[ChoiceRow]:
        return self._choices

    @Property(QObject, notify=shown)
    def notes(self) -> RowModel[NoteRow]:
        return self._notes

    @Property(str, notify=shown)
    def total(self) -> str:
        return self._count().total

    @Property(bool, notify=shown)
    def cash(self) -> bool:
        """Whether the cash drawer is shown instead of the choices."""
        return self._cash

    @Property(str, notify=shown)
    def given(self) -> str:
        return self._count().given

    @Property(bool, notify=shown)
    def enough(self) -> bool:
        count = self._count()
        return count.covered and count.due_minor > 0

    @Property(str, notify=shown)
    def change_due(self) -> str:
        return self._count().change_due

    @Property(str, notify=shown)
    def short_by(self) -> str:
        return self._count().short_by

    @Slot(str)
    def take(self, kind: str) -> None:
        """A way to pay was chosen."""
        tender = TenderKind(kind)
        allowed = any(row.kind == kind and row.available for row in self._choices.rows)
        if self.busy or not allowed:
            return
        if tender is not TenderKind.CASH:
            self._complete(tender, None)
        elif self.till.mode == SELF_SERVICE:
            self._park()
        else:
            self._cash = True
            self.changed.emit()

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
    def take_cash(self) -> None:
        """The money is in the drawer: complete the sale."""
        if self.enough and not self.busy:
            self._complete(TenderKind.CASH, self._given_minor)

    @Slot()
    def back(self) -> None:
        """One step back; while a sale is being recorded there is none."""
        if self.busy:
            return
        if self._cash:
            self._cash = False
            self.changed.emit()
        else:
            self.till.go(Page.DETAILS)

    def retranslate(self) -> None:
        self._show()

    def refused(self, error: Exception) -> None:
        super().refused(error)
        if isinstance(error, CartChanged | SoldOut | OfferNotOnSale | OfferUnknown):
            self.till.visit.touch()
            self._prepare_again()

    def _prepare(self) -> None:
        """Price the cart once more, take a sale id, and ask which ways to pay work."""
        till, visit, services = self.till, self.till.visit, self.till.services
        lines, known, language = visit.lines, visit.sale_id, till.language
        alone = till.mode == SELF_SERVICE

        def work() -> _Prepared:
            cart = services.price(lines, language)
            return _Prepared(
                sale_id=known or services.new_sale_id(),
                cart=cart,
                choices=services.tender_choices(cart, lines, self_service=alone),
            )

        self.ask(work, self._prepared)

    def _prepare_again(self) -> None:
        error = self._error
        self._prepare()
        self._error = error

    def _prepared(self, prepared: _Prepared) -> None:
        visit = self.till.visit
        visit.sale_id, visit.priced = prepared.sale_id, prepared.cart
        self._offered = prepared.choices
        self._show()

    def _show(self) -> None:
        alone = self.till.mode == SELF_SERVICE
        self._choices.show(tuple(_row(choice, alone=alone) for choice in self._offered))
        self._notes.show(self._count().notes)
        self.changed.emit()

    def _draft(self, tender: TenderKind, given_minor: int | None) -> Draft | None:
        visit, seller = self.till.visit, self.till.seller
        if visit.sale_id is None or visit.priced is None:
            return None
        staff_id = None if seller is None or self.till.mode == SELF_SERVICE else seller.staff_id
        return Draft(
            sale_id=visit.sale_id,
            lines=visit.lines,
            name=clean_name(visit.name),
            email=clean_email(visit.email),
            language=self.till.language,
            consents=visit.consents,
            tender=tender,
            given_minor=given_minor,
            shown_minor=visit.priced.total_minor,
            staff_id=staff_id,
        )

    def _complete(self, tender: TenderKind, given_minor: int | None) -> None:
        draft, services = self._draft(tender, given_minor), self.till.services
        if draft is not None:
            self.ask(lambda: services.complete_sale(draft), self._completed)

    def _completed(self, completed: CompletedSale) -> None:
        self.till.visit.completed, self.till.visit.brought_back = completed, False
        self.till.sale_recorded()
        self.till.go(Page.SCAN_TO_PAY if completed.pay_codes else Page.PASS)

    def _park(self) -> None:
        draft, services = self._draft(TenderKind.CASH, None), self.till.services
        if draft is not None:
            self.ask(lambda: services.park_cart(draft), self._parked)

    def _parked(self, number: int) -> None:
        self.till.visit.parked_number = number
        self.till.go(Page.PARKED_NUMBER)

    def _count(self) -> CashCount:
        cart = self.till.visit.priced
        return CashCount(
            due_minor=0 if cart is None else cart.total_minor,
            given_minor=self._given_minor,
            currency=None if cart is None else cart.currency,
            language=self.till.language,
        )


def _row(choice: TenderChoice, *, alone: bool) -> ChoiceRow:
    why = choice.why_not
    return ChoiceRow(
        kind=choice.kind.value,
        name=tender_text(choice.kind),
        hint=tender_hint(choice.kind, self_service=alone) if why is None else why_not_text(why),
        available=why is None,
    )
