"""Before the shop opens: starting, unlocking, and what to do when something is in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.errors import ConfigInvalid, EventFileInvalid, KioskError, StoreError, VaultError
from kiosk.ui.hooks import NO_WAYS, Restored, WaysIn
from kiosk.ui.services import Services
from kiosk.ui.text import problem_text
from kiosk.ui.text_restored import (
    is_restore,
    restore_texts,
    restored_texts,
    secret_help,
    secret_label,
)
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
MISTAKES_SHOWN_MAX = 20


@QmlElement
class BootVM(ViewModel):
    """The first frame: nothing to decide."""


@QmlElement
class SecretVM(ViewModel):
    """Takes a secret of the key file, and knows which ones there are.

    It has no properties, for the reason `ViewModel` gives.
    """

    def __init__(
        self, till: Till, ways_in: WaysIn = NO_WAYS, parent: QObject | None = None
    ) -> None:
        super().__init__(till, parent)
        self.ways_in = ways_in
        self.methods: frozenset[str] = frozenset()

    def look_at_ways_in(self) -> None:
        """Read what opens the key file. One that cannot be read names every way there may be."""
        self.ask(self.ways_in.methods, self._know, quietly=True)

    def _know(self, methods: frozenset[str]) -> None:
        self.methods = methods


@QmlElement
class UnlockVM(SecretVM):
    """Takes a secret of the key file; it is handed on and kept nowhere."""

    shown = Signal()
    unlocked = Signal(object)
    failed = Signal(object)

    def __init__(
        self, till: Till, ways_in: WaysIn = NO_WAYS, parent: QObject | None = None
    ) -> None:
        super().__init__(till, ways_in, parent)
        self._unlock: Callable[[str], Services] | None = None

    def wait_for(
        self, unlock: Callable[[str], Services], because: KioskError | None = None
    ) -> None:
        """What to try the secret on, in the runner; `because` tells why it is asked for."""
        self._unlock = unlock
        self.look_at_ways_in()
        if because is not None:
            self.refused(because)

    @Property(str, notify=shown)
    def secret_label(self) -> str:
        """What to type."""
        return secret_label(self.methods)

    @Property(str, notify=shown)
    def secret_help(self) -> str:
        """What else may be typed there."""
        return secret_help(self.methods)

    @Slot(str)
    def unlock(self, secret: str) -> None:
        """Try this secret."""
        unlock = self._unlock
        if unlock is not None and secret and not self.busy:
            self.ask(lambda: unlock(secret), self.unlocked.emit)

    def refused(self, error: Exception) -> None:
        """A secret may be wrong; what else is in the way has a page of its own."""
        if isinstance(error, VaultError):
            super().refused(error)
        else:
            self.failed.emit(error)


@QmlElement
class FaultVM(SecretVM):
    """Says what is wrong, that the sales are safe if they are, and what to do.

    An older copy that was put back is acknowledged here, by whoever knows a secret of the key file.
    """

    shown = Signal()
    quit_wanted = Signal()
    opened = Signal(object)
    failed = Signal(object)

    def __init__(
        self, till: Till, ways_in: WaysIn = NO_WAYS, parent: QObject | None = None
    ) -> None:
        super().__init__(till, ways_in, parent)
        self._fault: Exception | None = None
        self._retry: Callable[[], None] | None = None
        self._asking = False
        self._restored: Restored | None = None

    def show(self, error: Exception, retry: Callable[[], None] | None) -> None:
        """Show this error; `retry` starts again from the first page."""
        self._fault, self._retry = error, retry
        self._asking, self._restored, self._error = False, None, None
        self.changed.emit()

    def leave(self) -> None:
        self._asking, self._restored = False, None
        super().leave()

    @Property(str, notify=shown)
    def sign(self) -> str:
        """The icon beside the heading."""
        match self._fault:
            case StoreError():
                return "store"
            case VaultError():
                return "lock"
            case _:
                return "alert"

    @Property(str, notify=shown)
    def title(self) -> str:
        """Which part of the kiosk it is about."""
        match self._fault:
            case StoreError():
                return QCoreApplication.translate("Fault", "The sales file needs attention")
            case VaultError():
                return QCoreApplication.translate("Fault", "The key file needs attention")
            case KioskError():
                return QCoreApplication.translate("Fault", "Something has to be set right first")
            case _:
                return QCoreApplication.translate("Fault", "The kiosk met a fault of its own")

    @Property(str, notify=shown)
    def sentence(self) -> str:
        return "" if self._fault is None else problem_text(self._fault)

    @Property("QStringList", notify=shown)
    def mistakes(self) -> list[str]:
        """Each mistake of a file, in the words of its checker."""
        if not isinstance(self._fault, EventFileInvalid | ConfigInvalid):
            return []
        found = self._fault.mistakes[:MISTAKES_SHOWN_MAX]
        return [f"{mistake.key} = {mistake.value}: {mistake.reason}" for mistake in found]

    @Property(str, notify=shown)
    def code(self) -> str:
        """The stable code, for whoever is asked for help."""
        fault = self._fault
        return fault.code if isinstance(fault, KioskError) else type(fault).__name__

    @Property(bool, notify=shown)
    def can_retry(self) -> bool:
        return self._retry is not None

    @Slot()
    def retry(self) -> None:
        """Start again from the first page."""
        if self._retry is not None:
            self._retry()

    # ---- an older copy that was put back

    @Property(bool, notify=shown)
    def can_restore(self) -> bool:
        """Whether staff may go on with this very copy."""
        return self.ways_in.restore is not None and is_restore(self._fault)

    @Property(bool, notify=shown)
    def asking(self) -> bool:
        """Whether it is being said what that means, and a secret asked for."""
        return self._asking

    @Property(str, notify=shown)
    def secret_label(self) -> str:
        """What to type."""
        return secret_label(self.methods)

    @Property(str, notify=shown)
    def secret_help(self) -> str:
        """What else may be typed there."""
        return secret_help(self.methods)

    @Property("QStringList", notify=shown)
    def meaning(self) -> list[str]:
        """What it means to sell on with this copy."""
        return restore_texts(self._fault)

    @Property("QStringList", notify=shown)
    def confirmed(self) -> list[str]:
        """What is different now that this copy is confirmed, or nothing."""
        return [] if self._restored is None else restored_texts(self._restored)

    @Slot()
    def ask_to_restore(self) -> None:
        """Say what it means, before anything is done."""
        if self.can_restore:
            self._asking = True
            self.look_at_ways_in()
            self.changed.emit()

    @Slot()
    def keep_closed(self) -> None:
        """Not now."""
        if not self.busy:
            self._asking, self._error = False, None
            self.changed.emit()

    @Slot(str)
    def restore(self, secret: str) -> None:
        """Go on with this copy, if this is a secret of its key file."""
        restore = self.ways_in.restore
        if restore is not None and self._asking and secret and not self.busy:
            self.ask(lambda: restore(secret), self._done)

    @Slot()
    def sell_on(self) -> None:
        """Staff have read what is different."""
        if self._restored is not None:
            self.opened.emit(self._restored.services)

    def refused(self, error: Exception) -> None:
        super().refused(error)
        if not isinstance(error, VaultError):
            self.failed.emit(error)

    def _done(self, restored: Restored) -> None:
        self._asking, self._restored = False, restored

    @Slot()
    def leave_program(self) -> None:
        """End the program."""
        self.quit_wanted.emit()


@QmlElement
class EmptyVM(ViewModel):
    """No event is loaded: says what to do."""

    look_again_wanted = Signal()

    @Slot()
    def look_again(self) -> None:
        """Somebody has loaded an event meanwhile."""
        self.look_again_wanted.emit()
