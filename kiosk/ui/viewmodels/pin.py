"""The PIN pad: signing in, and setting the first PIN of a new kiosk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ids import StaffId
from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED, Staff
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
PIN_LEAST: Final = 4
PIN_MOST: Final = 12
_DIGITS: Final = frozenset("0123456789")


@QmlElement
class PinPadVM(ViewModel):
    """Digits as they are pressed. QML learns how many there are, never which."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._pin = ""

    def enter(self) -> None:
        self.empty()

    def leave(self) -> None:
        self.empty()
        super().leave()

    def empty(self) -> None:
        """Forget what was pressed."""
        self._pin = ""
        self.changed.emit()

    @Property(int, notify=shown)
    def digits(self) -> int:
        return len(self._pin)

    @Property(bool, notify=shown)
    def complete(self) -> bool:
        """Whether these are enough digits to try."""
        return len(self._pin) >= PIN_LEAST and not self.busy

    @Property(str, notify=shown)
    def title(self) -> str:
        return self.asks_for()

    @Property(str, notify=shown)
    def explanation(self) -> str:
        return self.says()

    @Property(bool, notify=shown)
    def can_go_back(self) -> bool:
        return self.has_a_way_back()

    @Slot(str)
    def press(self, digit: str) -> None:
        """One more digit, if it is one."""
        if not self.busy and len(self._pin) < PIN_MOST and digit in _DIGITS:
            self._pin += digit
            self._error = None
            self.changed.emit()

    @Slot()
    def backspace(self) -> None:
        """Take the last digit back."""
        self._pin = self._pin[:-1]
        self.changed.emit()

    @Slot()
    def submit(self) -> None:
        """Try these digits."""
        if self.complete:
            self.try_digits(self._pin)

    @Slot()
    def back(self) -> None:
        """Not now."""
        self.turn_back()

    # ---- what the two pads differ in; plain methods, for the reason `ViewModel` gives

    def asks_for(self) -> str:
        """The heading."""
        raise NotImplementedError

    def says(self) -> str:
        """What these digits are for."""
        raise NotImplementedError

    def has_a_way_back(self) -> bool:
        """Whether "Back" is shown."""
        raise NotImplementedError

    def try_digits(self, pin: str) -> None:
        """Enough digits were pressed and sent off."""
        raise NotImplementedError

    def turn_back(self) -> None:
        """The way back was touched."""
        raise NotImplementedError


@QmlElement
class SignInVM(PinPadVM):
    """Opens the back for whoever knows a PIN."""

    def __init__(self, till: Till, home: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._home = home

    def asks_for(self) -> str:
        return QCoreApplication.translate("Pin", "Staff PIN")

    def says(self) -> str:
        return QCoreApplication.translate("Pin", "Only staff go on from here.")

    def has_a_way_back(self) -> bool:
        return True

    def try_digits(self, pin: str) -> None:
        services = self.till.services
        self.ask(lambda: services.sign_in(pin), self._signed_in)

    def turn_back(self) -> None:
        self._home()

    def refused(self, error: Exception) -> None:
        self.empty()
        super().refused(error)

    def _signed_in(self, staff: Staff) -> None:
        self.till.staff = staff
        if self.till.mode == ASSISTED:
            self.till.seller = staff
        self.till.go(Page.TODAY)


@QmlElement
class SetPinVM(PinPadVM):
    """The first PIN, written twice; it belongs to the owner."""

    def __init__(self, till: Till, home: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._home = home
        self._first = ""
        self._differs = False

    def enter(self) -> None:
        self._first, self._differs = "", False
        super().enter()

    def leave(self) -> None:
        self._first = ""
        super().leave()

    def asks_for(self) -> str:
        if self._first:
            return QCoreApplication.translate("Pin", "Once more")
        return QCoreApplication.translate("Pin", "Choose a staff PIN")

    def says(self) -> str:
        if self._first:
            return QCoreApplication.translate("Pin", "The same digits again, to be sure.")
        if self._differs:
            return QCoreApplication.translate(
                "Pin", "Those were not the same. Please choose again."
            )
        return QCoreApplication.translate(
            "Pin", "4 to 12 digits. It opens the staff pages and lets staff take cash."
        )

    def has_a_way_back(self) -> bool:
        return bool(self._first)

    def try_digits(self, pin: str) -> None:
        """The first time: keep it for comparison. The second time: set it."""
        services = self.till.services
        self._differs = bool(self._first) and pin != self._first
        if not self._first:
            self._first = pin
        elif self._differs:
            self._first = ""
        else:
            self.ask(lambda: services.set_first_pin(pin), self._set)
        self.empty()

    def turn_back(self) -> None:
        self._first = ""
        self.empty()

    def _set(self, _staff_id: StaffId) -> None:
        self._home()
