"""Sends the presses of the on-screen keyboard to whatever has the focus, as a keyboard would."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class KeySender(QObject):
    """Text and named keys, one press and release each."""

    @Slot(str)
    def text(self, text: str) -> None:
        self._send(Qt.Key.Key_unknown, text)

    @Slot()
    def backspace(self) -> None:
        self._send(Qt.Key.Key_Backspace, "")

    @Slot()
    def tab(self) -> None:
        self._send(Qt.Key.Key_Tab, "\t")

    @Slot()
    def enter(self) -> None:
        self._send(Qt.Key.Key_Return, "\r")

    def _send(self, key: Qt.Key, text: str) -> None:
        window: QObject | None = QGuiApplication.focusWindow()
        if window is None:
            return
        none = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(window, QKeyEvent(kind, int(key), none, text))
