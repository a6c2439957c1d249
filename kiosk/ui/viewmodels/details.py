"""Details: who becomes a member, and what they agree to, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.offer import TERMS_KIND
from kiosk.domain.people import clean_email, clean_name, email_hint
from kiosk.errors import RuleError
from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.text import problem_text
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One text to agree to. Nothing is ticked beforehand."""

    kind: str
    label: str
    compulsory: bool
    ticked: bool
    missing: bool


@QmlElement
class DetailsVM(ViewModel):
    """Keeps what is typed in the visit, and says what is missing only after somebody went on."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._consents = RowModel(ConsentRow, self)
        self._checked = False
        self._reading = ""
        self._missing = ""

    def enter(self) -> None:
        self._checked = False
        self._missing = ""
        self._reading = ""
        self._show()

    @Property(str, notify=shown)
    def name(self) -> str:
        return self.till.visit.name

    @Property(str, notify=shown)
    def email(self) -> str:
        return self.till.visit.email

    @Property(str, notify=shown)
    def name_problem(self) -> str:
        return self._problem_of(lambda: clean_name(self.till.visit.name))

    @Property(str, notify=shown)
    def email_problem(self) -> str:
        return self._problem_of(lambda: clean_email(self.till.visit.email))

    @Property(str, notify=shown)
    def hint(self) -> str:
        """The address that was probably meant, or nothing."""
        return email_hint(self.till.visit.email) or ""

    @Property(QObject, notify=shown)
    def consents(self) -> RowModel[ConsentRow]:
        return self._consents

    @Property(str, notify=shown)
    def total(self) -> str:
        cart = self.till.visit.priced
        return "" if cart is None else money_text(
            cart.total_minor, cart.currency, self.till.language
        )  # fmt: skip

    @Property(str, notify=shown)
    def reading(self) -> str:
        """The kind of the text that is open, or nothing."""
        return self._reading

    @Property(str, notify=shown)
    def reading_title(self) -> str:
        return _title(self._reading)

    @Property(str, notify=shown)
    def reading_text(self) -> str:
        window = self.till.window
        terms = () if window is None else window.terms
        found = next((one.text for one in terms if one.kind == self._reading), "")
        # In a file, lines end where the editor was full; only an empty line is a paragraph.
        return "\n\n".join(" ".join(part.split()) for part in found.split("\n\n"))

    @Property(str, notify=shown)
    def missing(self) -> str:
        """The first thing still to be put right: `name`, `email`, `consent`, or nothing."""
        return self._missing

    @Slot(str)
    def write_name(self, text: str) -> None:
        """The name as it stands in the field."""
        visit = self.till.visit
        visit.describe(text, visit.email, visit.consents)
        self.changed.emit()

    @Slot(str)
    def write_email(self, text: str) -> None:
        """The address as it stands in the field."""
        visit = self.till.visit
        visit.describe(visit.name, text, visit.consents)
        self.changed.emit()

    @Slot()
    def take_hint(self) -> None:
        """Yes, that is what I meant."""
        if hint := self.hint:
            self.write_email(hint)

    @Slot(str)
    def tick(self, kind: str) -> None:
        """Agree, or take it back."""
        visit = self.till.visit
        visit.describe(visit.name, visit.email, visit.consents ^ {kind})
        self._show()

    @Slot(str)
    def read(self, kind: str) -> None:
        """Open the text behind a consent."""
        self._reading = kind
        self.changed.emit()

    @Slot()
    def close_text(self) -> None:
        """The text was read."""
        self._reading = ""
        self.changed.emit()

    @Slot()
    def back(self) -> None:
        """To the offers; nothing typed is lost."""
        self.till.go(Page.OFFERS)

    @Slot()
    def go_on(self) -> None:
        """To paying, or to what is still missing."""
        self._checked = True
        self._show()
        # Emptied first, so that the second try at the same gap leads there again.
        self._missing = ""
        self.changed.emit()
        self._missing = self._first_gap()
        self.changed.emit()
        if not self._missing:
            self.till.go(Page.PAY)

    def _show(self) -> None:
        window, agreed = self.till.window, self.till.visit.consents
        rows = tuple(
            ConsentRow(
                kind=terms.kind,
                label=_label(terms.kind),
                compulsory=terms.kind == TERMS_KIND,
                ticked=terms.kind in agreed,
                missing=False,
            )
            for terms in (() if window is None else window.terms)
        )
        self._consents.show(
            tuple(
                replace(row, missing=self._checked and row.compulsory and not row.ticked)
                for row in rows
            )
        )
        self.changed.emit()

    def retranslate(self) -> None:
        self._show()

    def _first_gap(self) -> str:
        if self.name_problem:
            return "name"
        if self.email_problem:
            return "email"
        return "consent" if any(row.missing for row in self._consents.rows) else ""

    def _problem_of(self, check: Callable[[], str]) -> str:
        if not self._checked:
            return ""
        try:
            check()
        except RuleError as error:
            return problem_text(error)
        return ""


def _title(kind: str) -> str:
    match kind:
        case "terms":
            return QCoreApplication.translate("Consent", "Terms")
        case "marketing":
            return QCoreApplication.translate("Consent", "News about the next drops")
        case "privacy":
            return QCoreApplication.translate("Consent", "How your data is used")
        case "withdrawal":
            return QCoreApplication.translate("Consent", "Right to withdraw")
        case _:
            return kind


def _label(kind: str) -> str:
    match kind:
        case "terms":
            return QCoreApplication.translate("Consent", "I agree to the terms")
        case "marketing":
            return QCoreApplication.translate("Consent", "Send me news about the next drops")
        case "privacy":
            return QCoreApplication.translate("Consent", "I have read how my data is used")
        case "withdrawal":
            return QCoreApplication.translate("Consent", "I know about my right to withdraw")
        case _:
            return QCoreApplication.translate("Consent", "I agree to “%1”").replace("%1", kind)
