"""Today: takings, what is on trust, and the few switches of a shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ids import SaleId
from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.services import ASSISTED, SELF_SERVICE, CompletedSale, Today
from kiosk.ui.till import Till
from kiosk.ui.translate import LANGUAGE_NAMES, LANGUAGES
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
PAYMENTS_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A sale whose member has not paid yet."""

    sale_id: str
    receipt_number: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLanguageRow:
    """A language this kiosk can go back to after each visit."""

    code: str
    name: str
    chosen: bool


@QmlElement
class TodayVM(ViewModel):
    """The staff's first page."""

    shown = Signal()
    theme_chosen = Signal(str)
    language_kept = Signal(str)
    quit_wanted = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._today: Today | None = None
        self._theme = till.options.theme
        self._payments = RowModel(PaymentRow, self)
        self._languages = RowModel(KeptLanguageRow, self)

    def enter(self) -> None:
        self._show_languages()
        self.ask(self.till.services.today, self._shown)

    def look_again(self) -> None:
        """The sync wing has news."""
        self.ask(self.till.services.today, self._shown, quietly=True)

    def show_theme(self, theme: str) -> None:
        """The theme in use."""
        self._theme = theme
        self.changed.emit()

    @Property(str, notify=shown)
    def sales(self) -> str:
        return "" if self._today is None else str(self._today.sales)

    @Property(str, notify=shown)
    def takings(self) -> str:
        """The day's total; another currency of an earlier event stands behind it."""
        today = self._today
        if today is None:
            return ""
        sums = dict(today.takings_minor) or {today.currency: 0}
        return " · ".join(money_text(sums[code], code, self.till.language) for code in sums)

    @Property(str, notify=shown)
    def on_trust(self) -> str:
        today = self._today
        if today is None:
            return ""
        return money_text(today.provisional_minor, today.currency, self.till.language)

    @Property(str, notify=shown)
    def trust_limit(self) -> str:
        today = self._today
        if today is None or today.limit_minor is None:
            return ""
        return money_text(today.limit_minor, today.currency, self.till.language)

    @Property(int, notify=shown)
    def trust_percent(self) -> int:
        """How much of the limit is used, 0 to 100."""
        today = self._today
        if today is None or not today.limit_minor:
            return 0
        return min(100, 100 * today.provisional_minor // today.limit_minor)

    @Property(bool, notify=shown)
    def assisted(self) -> bool:
        return self.till.mode == ASSISTED

    @Property(bool, notify=shown)
    def dark(self) -> bool:
        return self._theme == "dark"

    @Property(bool, notify=shown)
    def practice(self) -> bool:
        return self.till.practice

    @Property(bool, notify=shown)
    def network_on(self) -> bool:
        return self._today is None or self._today.network_on

    @Property(QObject, notify=shown)
    def payments(self) -> RowModel[PaymentRow]:
        return self._payments

    @Property(QObject, notify=shown)
    def languages(self) -> RowModel[KeptLanguageRow]:
        return self._languages

    @Slot(str)
    def keep_language(self, code: str) -> None:
        """Which language every visit begins in."""
        services = self.till.services
        if code in LANGUAGES and not self.busy:
            self.ask(
                lambda: services.keep_preference("language", code),
                lambda _none: self._language_is(code),
            )

    @Slot(bool)
    def set_assisted(self, assisted: bool) -> None:
        """Who touches the screen from now on. Alone with visitors, nobody is at the till."""
        mode, services = (ASSISTED if assisted else SELF_SERVICE), self.till.services
        self.ask(lambda: services.set_service_mode(mode), lambda _none: self._mode_is(mode))

    @Slot(bool)
    def set_network(self, on: bool) -> None:
        """Practice: plug the network in or pull it out."""
        services = self.till.services
        self._do(lambda: services.set_network(on))

    @Slot(str)
    def member_pays(self, sale_id: str) -> None:
        """Practice: the member pays this sale on the phone now."""
        services = self.till.services
        self._do(lambda: services.member_pays(SaleId(sale_id)))

    @Slot(bool)
    def set_dark(self, dark: bool) -> None:
        """Dark or light."""
        self.theme_chosen.emit("dark" if dark else "light")

    @Slot()
    def newest_pass(self) -> None:
        """Bring the newest pass back, for somebody who was too slow."""
        self.ask(self.till.services.newest_pass, self._brought_back)

    @Slot()
    def leave_program(self) -> None:
        """End the program; only staff get here."""
        self.quit_wanted.emit()

    def retranslate(self) -> None:
        self._show_payments()
        super().retranslate()

    def _do(self, work: Callable[[], None]) -> None:
        self.ask(work, lambda _none: self._changed_something())

    def _changed_something(self) -> None:
        self.till.sale_recorded()
        self.enter()

    def _language_is(self, code: str) -> None:
        self.till.kept_language = code
        self._show_languages()
        self.language_kept.emit(code)

    def _show_languages(self) -> None:
        kept = self.till.kept_language
        self._languages.show(
            tuple(
                KeptLanguageRow(code=code, name=LANGUAGE_NAMES[code], chosen=code == kept)
                for code in LANGUAGES
            )
        )

    def _mode_is(self, mode: str) -> None:
        self.till.mode = mode
        if mode == SELF_SERVICE:
            self.till.seller = None
        else:
            self.till.seller = self.till.staff

    def _shown(self, today: Today) -> None:
        self._today = today
        self._show_payments()

    def _show_payments(self) -> None:
        open_payments = () if self._today is None else self._today.open_payments
        self._payments.show(
            tuple(
                PaymentRow(
                    sale_id=payment.sale_id,
                    receipt_number=payment.receipt_number,
                    amount=money_text(payment.amount_minor, payment.currency, self.till.language),
                )
                for payment in open_payments[:PAYMENTS_SHOWN_MAX]
            )
        )

    def _brought_back(self, completed: CompletedSale | None) -> None:
        if completed is not None:
            self.till.visit.bring_back(completed)
            self.till.go(Page.PASS)
