"""The shell: one window, one engine, every screen; told from outside how the start went.

Only `show_health` may be called from another thread: it crosses by a signal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.domain.clock import Clock
from kiosk.domain.outbox import QueueHealth
from kiosk.errors import KioskError, NoEvent
from kiosk.ui import pictures
from kiosk.ui.guard import WindowGuard
from kiosk.ui.hooks import Hooks
from kiosk.ui.idle import IdleWatch
from kiosk.ui.keys import KeySender
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.qr_image import PROVIDER, CodeImages
from kiosk.ui.router import Router, Screen
from kiosk.ui.runner import Runner
from kiosk.ui.services import Preferences, Services, ShopWindow
from kiosk.ui.till import Till
from kiosk.ui.translate import LANGUAGES, SOURCE_LANGUAGE, TsTranslator
from kiosk.ui.viewmodels.app import AppVM
from kiosk.ui.viewmodels.start import BootVM, EmptyVM, FaultVM, UnlockVM
from kiosk.ui.visit import Visit

if TYPE_CHECKING:
    from kiosk.ui.screens import Screens

QML: Final = Path(__file__).parent / "qml"


class Shell(QObject):
    """Made on the Qt thread before anything is unlocked; `start` shows the first frame.

    Afterwards `ready`, `fault` or `needs_passphrase` says how the start went.
    """

    health_came = Signal(object)
    first_frame = Signal()

    def __init__(self, runner: Runner, clock: Clock, options: Options, hooks: Hooks) -> None:
        super().__init__()
        self._options, self._hooks = options, hooks
        self._quitting = self._drawn = False
        self._router = Router(self)
        self._codes = CodeImages()
        self.till = Till(
            runner=runner, visit=Visit(self), clock=clock, codes=self._codes, options=options,
            go=self._router.go, sale_recorded=hooks.sale_recorded, language=options.language,
        )  # fmt: skip
        self._keys = KeySender(self)
        self._app = AppVM(self.till, self.go_home, self)
        self._unlock = UnlockVM(self.till, hooks.ways_in, self)
        self._fault = FaultVM(self.till, hooks.ways_in, self)
        self._empty = EmptyVM(self.till, self)
        self._screens = {
            Page.BOOT: Screen(file="Boot.qml", model=BootVM(self.till, self)),
            Page.UNLOCK: Screen(file="Unlock.qml", model=self._unlock),
            Page.FAULT: Screen(file="Fault.qml", model=self._fault),
            Page.EMPTY: Screen(file="Empty.qml", model=self._empty),
        }
        self._behind: Screens | None = None
        self._router.add(self._screens)
        self._idle = IdleWatch(clock, options, self._answer_is_due, self)
        self._translator = TsTranslator(options.assets / "i18n", self)
        self._engine: QQmlApplicationEngine | None = None
        self._guard: WindowGuard | None = None
        self._connect()

    # ---- the start, as the composition root tells it

    def start(self) -> QQuickWindow:
        """Open the window on the Boot page. Raises AssertionError when the QML does not load."""
        self._load_fonts()
        self._translator.use(self.till.language)
        QCoreApplication.installTranslator(self._translator)
        self._router.go(Page.BOOT)
        engine = QQmlApplicationEngine()
        engine.addImageProvider(PROVIDER, self._codes)
        engine.addImageProvider(pictures.PROVIDER, pictures.Pictures())
        engine.setInitialProperties({"app": self._app, "router": self._router, "keys": self._keys})
        engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
        if not engine.rootObjects():
            raise AssertionError("Main.qml does not load; Qt has said why")
        self._engine = engine
        window = self.window
        self._guard = WindowGuard(window, lambda: self._options.locked and not self._quitting)
        self._guard.touched.connect(self._idle.touched)
        self._guard.typed.connect(self._app.typed_by_hand)
        # Queued: a slot called straight from the render thread may dead-lock with Python.
        window.frameSwapped.connect(self._framed, Qt.ConnectionType.QueuedConnection)
        if self._options.locked:
            window.showFullScreen()
        return window

    @property
    def window(self) -> QQuickWindow:
        """The one window."""
        root = self._engine.rootObjects()[0] if self._engine else None
        assert isinstance(root, QQuickWindow), "the window is open between start and stop"
        return root

    def needs_passphrase(
        self, unlock: Callable[[str], Services], because: KioskError | None = None
    ) -> None:
        """Ask staff for the passphrase; `unlock` tries it in the runner, then `ready` follows."""
        self._unlock.wait_for(unlock, because)
        self._router.go(Page.UNLOCK)

    def ready(self, services: Services) -> None:
        """The buffer is open: the first PIN if there is none, else the first page."""
        self._furnish()
        self.till.bound = services
        self.till.runner.submit(
            lambda: (services.preferences(), services.first_start()), self._opened, self.fault
        )

    def fault(self, error: Exception, retry: Callable[[], None] | None = None) -> None:
        """Something is in the way of selling: say it, and offer `retry` if there is one."""
        self._fault.show(error, retry)
        self._router.go(Page.FAULT)

    def show_health(self, health: QueueHealth) -> None:
        """News of the sync wing, from whatever thread."""
        self.health_came.emit(health)

    def go_home(self) -> None:
        """End whatever is going on: the first page, or what to do when no event is loaded."""
        self._furnish()
        self.till.visit.clear()
        self.till.staff = None
        self._app.speak_as_kept()
        services, language = self.till.services, self.till.language
        self.till.runner.submit(
            lambda: services.shop_window(language), self._arrive, self._no_window
        )

    def go(self, page: Page) -> None:
        """Show a page, as tests and pictures of the screens need it."""
        self._furnish()
        self._router.go(page)

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._router.current

    def stop(self) -> None:
        """Take the window down before the view-models, or their bindings would meet nothing."""
        self._idle.watch(wanted=False)
        self._router.rest()
        QCoreApplication.removeTranslator(self._translator)
        self._guard = None
        self._engine = None

    # ---- screens

    def _furnish(self) -> Screens:
        """Make the screens behind the first ones, once."""
        if self._behind is None:
            # Late: these imports cost as much as the whole first frame.
            from kiosk.ui.screens import make_screens

            self._behind = make_screens(self.till, self.go_home, self)
            self._behind.today.theme_chosen.connect(self._choose_theme)
            self._behind.today.quit_wanted.connect(self._quit)
            self._behind.today.language_kept.connect(self._speak)
            self._screens.update(self._behind.table)
            self._router.add(self._behind.table)
        return self._behind

    @Slot()
    def _framed(self) -> None:
        # More frames may have been queued before this was first called, or the window be gone.
        if self._drawn or self._engine is None:
            return
        self._drawn = True
        self.window.frameSwapped.disconnect(self._framed)
        # One turn of the loop later: whoever else waits for this frame is not kept waiting.
        QTimer.singleShot(0, self, self._after_first_frame)

    @Slot()
    def _after_first_frame(self) -> None:
        if self._engine is not None:
            self.first_frame.emit()
            self._furnish()

    def _connect(self) -> None:
        self._router.turned.connect(self._turned)
        self._app.language_chosen.connect(self._speak)
        self._fault.quit_wanted.connect(self._quit)
        self._fault.opened.connect(self.ready)
        self._fault.failed.connect(self._failed)
        self._empty.look_again_wanted.connect(self.go_home)
        self._unlock.unlocked.connect(self.ready)
        self._unlock.failed.connect(self._failed)
        self._idle.warned.connect(self._app.warn)
        self._idle.ended.connect(self._nobody_there)
        self.health_came.connect(self._hear_health)

    def _load_fonts(self) -> None:
        for font in sorted((self._options.assets / "fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(font))

    # ---- what happens meanwhile

    def _opened(self, opening: tuple[Preferences, bool]) -> None:
        kept, first_start = opening
        self.till.prefer(kept)
        self._show_theme(kept.theme or self._options.theme)
        self._speak(self.till.kept_language)
        if first_start:
            self._router.go(Page.SET_PIN)
        else:
            self.go_home()

    def _arrive(self, window: ShopWindow) -> None:
        self.till.look_at(window)
        self._router.go(Page.ATTRACT)

    def _no_window(self, error: Exception) -> None:
        if isinstance(error, NoEvent):
            self._router.go(Page.EMPTY)
        else:
            self.fault(error, self.go_home)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        """The secret was right and yet nothing is open, so that all begins anew."""
        self.fault(error, self._hooks.ways_in.start_over)

    @Slot()
    def _turned(self) -> None:
        self._app.page_turned(self._router.current)
        self._idle.watch(wanted=self._app.may_be_abandoned())

    @Slot()
    def _nobody_there(self) -> None:
        self._app.warn(None)
        self.go_home()

    @Slot(object)
    def _hear_health(self, health: QueueHealth) -> None:
        self._app.show_health(health)
        if health.doubt is not None and self._router.current is Page.ATTRACT:
            # Another copy has sold: whoever comes next must not be let in. The page says why.
            self.go_home()
        elif self._router.current is Page.OUTBOX:
            self._furnish().outbox.look_again()
        elif self._router.current is Page.TODAY:
            self._furnish().today.look_again()

    @Slot(str)
    def _speak(self, language: str) -> None:
        """Change the language of everything, live."""
        self.till.language = language if language in LANGUAGES else SOURCE_LANGUAGE
        self._translator.use(self.till.language)
        if self._engine is not None:
            self._engine.retranslate()
        self._app.show_languages()
        for screen in self._screens.values():
            screen.model.retranslate()
        self._idle.watch(wanted=self._app.may_be_abandoned())

    @Slot(str)
    def _choose_theme(self, theme: str) -> None:
        self._show_theme(theme)
        services = self.till.services
        self.till.runner.submit(
            lambda: services.keep_preference("theme", theme), lambda _none: None, self.fault
        )

    def _show_theme(self, theme: str) -> None:
        self._app.show_theme(theme)
        self._furnish().today.show_theme(theme)

    @Slot()
    def _quit(self) -> None:
        self._quitting = True
        self._hooks.quit()

    def _answer_is_due(self) -> bool:
        page = self._router.current
        return page is not None and self._screens[page].model.busy
