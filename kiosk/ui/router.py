"""Which screen is shown, and which way the pages turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.ui.pages import Page
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


_ORDER = tuple(Page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen: its file below `qml/screens`, and what it shows.

    The one that is `ready` is built before it is wanted, kept, and shown at once, without a slide.
    """

    file: str
    model: ViewModel
    ready: bool = False


@QmlElement
class Router(QObject):
    """Holds the page on show. Pages further on in a visit come in from the right."""

    turned = Signal()
    made_ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screens: dict[Page, Screen] = {}
        self._page: Page | None = None
        self._ready: Screen | None = None
        self._forward = True

    def add(self, screens: Mapping[Page, Screen]) -> None:
        """Make these pages reachable."""
        self._screens.update(screens)
        for screen in screens.values():
            if screen.ready:
                self._ready = screen
                self.made_ready.emit()

    @property
    def current(self) -> Page | None:
        """The page on show."""
        return self._page

    def go(self, page: Page) -> None:
        """Show a page: the one before is told that it is left, this one that it is entered."""
        if page is self._page:
            return
        before, self._page = self._page, page
        if before is not None:
            self._screens[before].model.leave()
            self._forward = _ORDER.index(page) > _ORDER.index(before)
        self._screens[page].model.enter()
        if self._page is page:  # entering may have gone straight on
            self.turned.emit()

    def rest(self) -> None:
        """Leave the page on show and show none: the window is closing."""
        before, self._page = self._page, None
        if before is not None:
            self._screens[before].model.leave()

    @Property(str, notify=turned)
    def page(self) -> str:
        return "" if self._page is None else self._page.value

    @Property(str, notify=turned)
    def file(self) -> str:
        return "" if self._page is None else self._screens[self._page].file

    @Property(QObject, notify=turned)
    def model(self) -> QObject | None:
        return None if self._page is None else self._screens[self._page].model

    @Property(bool, notify=turned)
    def forward(self) -> bool:
        return self._forward

    @Property(str, notify=made_ready)
    def ready_file(self) -> str:
        return "" if self._ready is None else self._ready.file

    @Property(QObject, notify=made_ready)
    def ready_model(self) -> QObject | None:
        return None if self._ready is None else self._ready.model
