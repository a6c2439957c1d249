"""Before the shop opens: starting, unlocking, and what to do when something is in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.errors import ConfigInvalid, EventFileInvalid, KioskError, StoreError, VaultError
from kiosk.ui.services import Services
from kiosk.ui.text import problem_text
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
class UnlockVM(ViewModel):
    """Takes the passphrase of the key file; it is handed on and kept nowhere."""

    unlocked = Signal(object)

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._unlock: Callable[[str], Services] | None = None

    def wait_for(
        self, unlock: Callable[[str], Services], because: KioskError | None = None
    ) -> None:
        """What to try the passphrase on, in the runner; `because` tells why it is asked for."""
        self._unlock = unlock
        if because is not None:
            self.refused(because)

    @Slot(str)
    def unlock(self, passphrase: str) -> None:
        """Try this passphrase."""
        unlock = self._unlock
        if unlock is not None and passphrase and not self.busy:
            self.ask(lambda: unlock(passphrase), self.unlocked.emit)


@QmlElement
class FaultVM(ViewModel):
    """Says what is wrong, that the sales are safe if they are, and what to do."""

    shown = Signal()
    quit_wanted = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._fault: Exception | None = None
        self._retry: Callable[[], None] | None = None

    def show(self, error: Exception, retry: Callable[[], None] | None) -> None:
        """Show this error; `retry` starts again from the first page."""
        self._fault, self._retry = error, retry
        self.changed.emit()

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
