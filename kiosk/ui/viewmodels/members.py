"""Members: found by name or address, their passes shown again, and erased when they ask.

Must never keep anybody in a model once the page is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ids import MemberId, SaleId
from kiosk.errors import MemberErased, MemberUnknown, MemberUnsent
from kiosk.ui.member_rows import (
    NOBODY,
    MemberRow,
    PassRow,
    Wording,
    card_text,
    erasure_texts,
    member_row,
)
from kiosk.ui.member_services import Erasure, FoundMember, MemberCard
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.services import CompletedSale
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel
from kiosk.ui.visit import WayBack

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
FOUND_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything that is known of anybody while the page is open. `again`: the text has changed."""

    text: str = field(default="", repr=False)
    found: Sequence[FoundMember] = ()
    searched: bool = False
    again: bool = False
    card: MemberCard | None = None
    asking: bool = False
    erasure: Erasure | None = None


@QmlElement
class MembersVM(ViewModel):
    """The list as it is typed for, or one member with their passes."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._rows = RowModel(MemberRow, self)
        self._passes = RowModel(PassRow, self)
        self._on_show = False
        self._seen = _Seen()
        self._told = NOBODY

    def enter(self) -> None:
        self._on_show = True
        way_back = self.till.visit.way_back
        if way_back is not None:
            # Nobody photographs it any more.
            self.till.visit.bring_back(None)
            self.till.codes.forget()
            self.pick(way_back.member_id)
            self.write(way_back.text)

    def leave(self) -> None:
        self._on_show, self._seen = False, _Seen()
        self._show_found((), searched=False)
        self._show_card(None)
        super().leave()
        self.changed.emit()

    @Property(str, notify=shown)
    def text(self) -> str:
        """What is looked for."""
        return self._seen.text

    @Property(QObject, notify=shown)
    def found(self) -> RowModel[MemberRow]:
        return self._rows

    @Property(bool, notify=shown)
    def none(self) -> bool:
        """Whether certainly nobody is called so."""
        return self._seen.searched and not self._seen.found

    @Property(int, notify=shown)
    def most(self) -> int:
        """How many are listed where there may be more of them, else 0."""
        return FOUND_SHOWN_MAX if len(self._seen.found) >= FOUND_SHOWN_MAX else 0

    @Property("QStringList", notify=shown)
    def result(self) -> list[str]:
        """What the last erasure did, until something else is looked for."""
        return [] if self._seen.erasure is None else erasure_texts(self._seen.erasure)

    @Property(bool, notify=shown)
    def put_off(self) -> bool:
        """Whether the last erasure waits until everything is sent."""
        return self._seen.erasure is not None and not self._seen.erasure.erased

    @Slot(str)
    def write(self, text: str) -> None:
        """Look for members whose name or address has a word that begins like this."""
        self._seen = replace(self._seen, text=text, erasure=None)
        if text.strip():
            self._look()
        else:
            self._show_found((), searched=False)
        self.changed.emit()

    @Property(bool, notify=shown)
    def picked(self) -> bool:
        """Whether one member is shown instead of the list."""
        return self._seen.card is not None

    @Property(str, notify=shown)
    def name(self) -> str:
        return self._told.name

    @Property(str, notify=shown)
    def email(self) -> str:
        return self._told.email

    @Property("QStringList", notify=shown)
    def running(self) -> list[str]:
        """What goes on of theirs, and until when."""
        return list(self._told.running)

    @Property(QObject, notify=shown)
    def passes(self) -> RowModel[PassRow]:
        return self._passes

    @Property(bool, notify=shown)
    def earlier_ones(self) -> bool:
        """Whether there are more passes than are shown."""
        return self._told.earlier_ones

    @Property(str, notify=shown)
    def wanted(self) -> str:
        """The day on which their erasure was asked for, which waits; else nothing."""
        return self._told.wanted

    @Property(str, notify=shown)
    def parked(self) -> str:
        """The numbers of their carts that wait at the counter."""
        return self._told.parked

    @Slot(str)
    def pick(self, member_id: str) -> None:
        """Show this member."""
        services = self.till.services
        self.ask(lambda: services.member_card(MemberId(member_id)), self._met)

    @Slot()
    def back(self) -> None:
        """To the list; or first out of the question that is asked."""
        if self.busy:
            return
        if self._seen.asking:
            self._seen = replace(self._seen, asking=False)
        else:
            self._show_card(None)
        self._error = None
        self.changed.emit()

    @Slot(str, int)
    def show_pass(self, sale_id: str, place: int) -> None:
        """Put this pass on the screen again, to be photographed."""
        card, services = self._seen.card, self.till.services
        if card is not None and not self.busy:
            way_back = WayBack(page=Page.MEMBERS, text=self._seen.text, member_id=card.member_id)
            self.ask(
                lambda: services.find_sale(SaleId(sale_id)),
                lambda completed: self._drawn(completed, place, way_back),
            )

    @Property(bool, notify=shown)
    def asking(self) -> bool:
        """Whether staff are asked if this member is to be erased."""
        return self._seen.asking

    @Property(str, notify=shown)
    def unsent(self) -> str:
        """The receipts that an erasure has to wait for, or nothing."""
        return self._told.unsent

    @Property(bool, notify=shown)
    def can_erase(self) -> bool:
        """Not while an erasure waits that cannot be made yet."""
        return self._told.can_erase

    @Property(str, notify=shown)
    def staff_name(self) -> str:
        """Who is signed in and answers for it."""
        return "" if self.till.staff is None else self.till.staff.name

    @Slot()
    def ask_to_erase(self) -> None:
        """Say what goes and what stays, before anything is done."""
        if not self.busy and self.can_erase:
            self._seen = replace(self._seen, asking=True)
            self.changed.emit()

    @Slot()
    def erase(self) -> None:
        """Erase this member; what is not sent yet puts it off, as the question has said."""
        card, staff, services = self._seen.card, self.till.staff, self.till.services
        if card is None or staff is None or self.busy or not self._seen.asking:
            return
        member_id, when_sent = card.member_id, bool(card.unsent)
        self.ask(
            lambda: services.erase_member(member_id, staff.staff_id, when_sent=when_sent),
            self._erased,
        )

    def retranslate(self) -> None:
        self._show_card(self._seen.card)
        super().retranslate()

    def refused(self, error: Exception) -> None:
        card, self._seen = self._seen.card, replace(self._seen, again=False)
        if not self._on_show:
            return
        if isinstance(error, MemberUnsent) and card is not None:
            # A sale came in between: ask again, with what that means.
            self.pick(card.member_id)
            return
        if isinstance(error, MemberErased | MemberUnknown):
            self._show_card(None)
            self._look()
        elif card is None:
            # What was found before is not what was looked for.
            self._show_found((), searched=False)
        super().refused(error)

    def _look(self) -> None:
        """Ask once more when the answer is there, rather than for each letter."""
        text, services = self._seen.text, self.till.services
        self._seen = replace(self._seen, again=self.busy and bool(text.strip()))
        if text.strip() and not self.busy:
            self.ask(lambda: services.find_members(text), lambda found: self._looked(text, found))

    def _looked(self, text: str, found: Sequence[FoundMember]) -> None:
        if not self._on_show:
            return
        if text == self._seen.text:
            self._show_found(found, searched=True)
        if self._seen.again:
            self._look()

    def _met(self, card: MemberCard) -> None:
        if not self._on_show:
            return
        if card.member is None:
            self.refused(MemberErased())
        else:
            self._show_card(card)
            if self._seen.again:
                self._look()

    def _drawn(self, completed: CompletedSale, place: int, way_back: WayBack) -> None:
        if self._on_show:
            self.till.visit.bring_back(completed, place, way_back)
            self.till.go(Page.PASS)

    def _erased(self, erasure: Erasure) -> None:
        if not self._on_show:
            return
        self._show_card(None)
        self._seen = replace(self._seen, erasure=erasure)
        self._look()

    def _show_found(self, found: Sequence[FoundMember], *, searched: bool) -> None:
        self._seen = replace(self._seen, found=found[:FOUND_SHOWN_MAX], searched=searched)
        self._rows.show(tuple(member_row(each) for each in self._seen.found))

    def _show_card(self, card: MemberCard | None) -> None:
        window = self.till.window
        zone = "UTC" if window is None else window.time_zone
        wording = Wording(language=self.till.language, zone=zone)
        # Without a member nobody is asked about one.
        asking = self._seen.asking and card is not None
        self._seen = replace(self._seen, card=card, asking=asking)
        self._told = NOBODY if card is None else card_text(card, wording)
        self._passes.show(self._told.passes)
