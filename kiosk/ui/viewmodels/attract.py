"""Attract: the event's own look, the next drop, and one thing to do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.offer import DropState
from kiosk.ui.pages import Page
from kiosk.ui.services import OfferCard
from kiosk.ui.shop_viewmodel import ShopViewModel, turns_at
from kiosk.ui.time_text import countdown_text
from kiosk.ui.typed_qt import Property

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class AttractVM(ShopViewModel):
    """The page everybody meets first and every visit ends on."""

    shown = Signal()

    def enter(self) -> None:
        self.till.visit.clear()
        self.till.codes.forget()
        self.till.staff = None
        super().enter()

    @Property(str, notify=shown)
    def event_name(self) -> str:
        return "" if self.till.window is None else self.till.window.event_name

    @Property(str, notify=shown)
    def venue(self) -> str:
        return "" if self.till.window is None else self.till.window.venue

    @Property(str, notify=shown)
    def drop_name(self) -> str:
        card = self._next_drop()
        return "" if card is None else card.name

    @Property(str, notify=shown)
    def drop_label(self) -> str:
        """What the countdown counts to."""
        card = self._next_drop()
        if card is None:
            return ""
        if card.drop_state is DropState.ANNOUNCED:
            return QCoreApplication.translate("Drop", "Opens in")
        return QCoreApplication.translate("Drop", "Closes in")

    @Property(str, notify=shown)
    def countdown(self) -> str:
        card = self._next_drop()
        turns_ms = None if card is None else turns_at(card)
        return "" if turns_ms is None else countdown_text(turns_ms - self.till.now_ms)

    @Slot()
    def start(self) -> None:
        """Somebody touched the screen."""
        self.till.go(Page.OFFERS)

    def show_window(self) -> None:
        self.changed.emit()

    def _next_drop(self) -> OfferCard | None:
        """The drop that turns next: one that opens soon, or one still to be had."""
        now_ms = self.till.now_ms
        cards = () if self.till.window is None else self.till.window.cards
        coming = [
            card
            for card in cards
            if card.drop_state in {DropState.ANNOUNCED, DropState.OPEN}
            and (turns_at(card) or 0) > now_ms
        ]
        return min(coming, key=lambda card: turns_at(card) or 0, default=None)
