"""What surrounds every screen: language, theme, training mark, staff's badge, idle warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.outbox import QueueHealth
from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from kiosk.ui.services import ASSISTED
from kiosk.ui.text import badge_state, badge_text, banner_text
from kiosk.ui.till import Till
from kiosk.ui.translate import LANGUAGE_NAMES, LANGUAGES
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
MOTION_MS: Final = 170
_BANNERED: Final = frozenset(
    {
        Page.ATTRACT, Page.OFFERS, Page.DETAILS, Page.PAY,
        Page.TODAY, Page.OUTBOX, Page.PARKED_CARTS, Page.MEMBERS, Page.DOCTOR,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRow:
    """One language to choose, in its own words."""

    code: str
    name: str
    chosen: bool


@QmlElement
class AppVM(ViewModel):
    """State of the frame around the pages."""

    shown = Signal()
    language_chosen = Signal(str)
    quit_wanted = Signal()
    keyboard_asked = Signal()

    def __init__(self, till: Till, home: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._home = home
        self._page: Page | None = None
        self._theme = till.options.theme
        self._seconds_left: int | None = None
        self._keyboard = till.options.keyboard
        self._languages = RowModel(LanguageRow, self)
        till.window_came = self.changed.emit
        till.health_came = self.changed.emit
        self.show_languages()

    # ---- told by the shell

    def page_turned(self, page: Page | None) -> None:
        """Another page is on show."""
        self._page = page
        self._keyboard = self.till.options.keyboard
        if page is Page.ATTRACT:
            self.speak_as_kept()
        self.changed.emit()

    def speak_as_kept(self) -> None:
        """A visit is over: what its visitor liked to read is not what the next one does."""
        if self.till.language != self.till.kept_language:
            self.language_chosen.emit(self.till.kept_language)

    def may_be_abandoned(self) -> bool:
        """Whether something of somebody's stays behind if nobody touches this page any more."""
        if self._page is Page.ATTRACT:
            return self.till.language != self.till.kept_language
        return self._page is not None and (self._page.of_a_visit or self._page.of_staff)

    def show_health(self, health: QueueHealth) -> None:
        """The sync wing has news."""
        self.till.health = health
        self.changed.emit()

    def show_theme(self, theme: str) -> None:
        """Light or dark, from now on."""
        self._theme = theme
        self.changed.emit()

    def warn(self, seconds_left: int | None) -> None:
        """Nobody has touched the screen for a while; None: somebody has."""
        self._seconds_left = seconds_left
        self.changed.emit()

    def show_languages(self) -> None:
        """Mark the language in use."""
        now = self.till.language
        self._languages.show(
            tuple(
                LanguageRow(code=code, name=LANGUAGE_NAMES[code], chosen=code == now)
                for code in LANGUAGES
            )
        )
        self.changed.emit()

    def typed_by_hand(self) -> None:
        """A real keyboard is in use: the one on screen makes room until a field is touched."""
        if self._keyboard:
            self._keyboard = False
            self.changed.emit()

    # ---- read by QML

    @Property(QObject, notify=shown)
    def languages(self) -> RowModel[LanguageRow]:
        return self._languages

    @Property(str, notify=shown)
    def language(self) -> str:
        return self.till.language

    @Property(bool, notify=shown)
    def dark(self) -> bool:
        return self._theme == "dark"

    @Property(float, notify=shown)
    def text_scale(self) -> float:
        return self.till.options.text_scale

    @Property(int, notify=shown)
    def motion_ms(self) -> int:
        return 0 if self.till.options.reduced_motion else MOTION_MS

    @Property(bool, notify=shown)
    def training(self) -> bool:
        return self.till.training

    @Property(str, notify=shown)
    def event_name(self) -> str:
        return "" if self.till.window is None else self.till.window.event_name

    @Property(str, notify=shown)
    def corner_name(self) -> str:
        """The event's name above the pages that do not show it themselves."""
        return "" if self._page is Page.ATTRACT else self.event_name

    @Property(str, notify=shown)
    def badge(self) -> str:
        return badge_text(self.till.health, clock_doubtful=self._clock_doubtful())

    @Property(str, notify=shown)
    def badge_state(self) -> str:
        return badge_state(self.till.health, clock_doubtful=self._clock_doubtful())

    @Property(str, notify=shown)
    def banner(self) -> str:
        """What staff should know while they sell: the clock is wrong, or the event is over."""
        window = self.till.window
        for_staff = self.staff_page or self.till.mode == ASSISTED
        if window is None or not for_staff or self._page not in _BANNERED:
            return ""
        return banner_text(clock_doubtful=window.clock_doubtful, event_over=window.event_over)

    @Property(bool, notify=shown)
    def badge_shown(self) -> bool:
        """The badge is the staff's way in: on the first page always, elsewhere if staff sell."""
        if self._page in {None, Page.BOOT, Page.UNLOCK, Page.FAULT, Page.SET_PIN, Page.PIN}:
            return False
        assisted = self.till.mode == ASSISTED
        return assisted or not (self._page is Page.PASS or self._of_a_visit())

    @Property(bool, notify=shown)
    def staff_page(self) -> bool:
        return self._page is not None and self._page.of_staff

    @Property(bool, notify=shown)
    def language_shown(self) -> bool:
        return self._page not in {None, Page.BOOT}

    @Property(str, notify=shown)
    def staff_name(self) -> str:
        return "" if self.till.staff is None else self.till.staff.name

    @Property(bool, notify=shown)
    def warning(self) -> bool:
        return self._seconds_left is not None and self._page is not Page.ATTRACT

    @Property(str, notify=shown)
    def seconds_left(self) -> str:
        return str(self._seconds_left or 0)

    @Property(bool, notify=shown)
    def keyboard(self) -> bool:
        return self._keyboard

    # ---- touched by people

    @Slot(str)
    def choose_language(self, code: str) -> None:
        """Say everything in this language from now on."""
        self.language_chosen.emit(code)

    @Slot()
    def open_staff(self) -> None:
        """The way to the back, which asks for the PIN."""
        if not self.staff_page:
            self.till.go(Page.PIN)

    @Slot(str)
    def open_page(self, page: str) -> None:
        """Turn to another page of the back."""
        if self.till.staff is not None:
            self.till.go(Page(page))

    @Slot()
    def close_staff(self) -> None:
        """Leave the back; the next one to open it needs the PIN again."""
        self._home()

    @Slot()
    def hide_keyboard(self) -> None:
        """Make room until a field is touched again."""
        self._keyboard = False
        self.changed.emit()

    @Slot()
    def want_keyboard(self) -> None:
        """A field was touched."""
        if self.till.options.keyboard and not self._keyboard:
            self._keyboard = True
            self.changed.emit()

    def _of_a_visit(self) -> bool:
        return self._page is not None and self._page.of_a_visit

    def _clock_doubtful(self) -> bool:
        return self.till.window is not None and self.till.window.clock_doubtful
