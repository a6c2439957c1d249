"""A view-model that shows the shop window and keeps it current while it is on screen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQml import QmlElement

from kiosk.domain.offer import DropState
from kiosk.ui.services import OfferCard, ShopWindow
from kiosk.ui.till import Till
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
TICK_MS: Final = 1000
LOOK_AGAIN_MS: Final = 15_000


@QmlElement
class ShopViewModel(ViewModel):
    """Ticks once a second between `enter` and `leave`, and not at all otherwise."""

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._read_ms = 0

    def enter(self) -> None:
        self.look()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()
        super().leave()

    def retranslate(self) -> None:
        self.show_window()
        if self._timer.isActive():
            self.look()

    def look(self) -> None:
        """Ask for the shop window as it is now."""
        services, language = self.till.services, self.till.language
        self._read_ms = self.till.now_ms
        self.ask(lambda: services.shop_window(language), self._looked, quietly=True)

    def tick(self) -> None:
        """A second has passed: countdowns move; the window is read again when a drop turns."""
        now_ms = self.till.now_ms
        if now_ms - self._read_ms >= LOOK_AGAIN_MS or self._a_drop_has_turned(now_ms):
            self.look()
        self.show_window()

    def show_window(self) -> None:
        """Make what QML reads from `till.window`."""

    def _looked(self, window: ShopWindow) -> None:
        self.till.look_at(window)
        self.show_window()

    def _a_drop_has_turned(self, now_ms: int) -> bool:
        window = self.till.window
        cards = () if window is None else window.cards
        return any(self._read_ms < (turns_at(card) or 0) <= now_ms for card in cards)


def turns_at(card: OfferCard) -> int | None:
    """When this drop next changes its state by itself, in UTC milliseconds."""
    match card.drop_state:
        case DropState.ANNOUNCED:
            return card.opens_ms
        case DropState.OPEN | DropState.SOLD_OUT:
            return card.closes_ms
        case _:
            return None
