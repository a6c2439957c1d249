"""Finds QML items in JavaScript and takes back values only.

Walking the items in Python ends in wrappers of delegates that are gone, and in a crash.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QSignalSpy, QTest
from shiboken6 import isValid

FRAME_ROUNDS_MAX: Final = 4000
_FIND: Final = """(function(root) {
  const waiting = [root];
  while (waiting.length) {
    const item = waiting.pop();
    if (%s && item.visible && item.width > 0) return item;
    for (let k = 0; k < item.children.length; k++) waiting.push(item.children[k]);
  }
  return null;
})(%s)"""

_WRITTEN: Final = """(function(root) {
  const waiting = [root], found = [];
  while (waiting.length) {
    const item = waiting.pop();
    for (const said of [item.text, item.source, item.Accessible.name])
      if (said) found.push(String(said));
    for (let k = 0; k < item.children.length; k++) waiting.push(item.children[k]);
  }
  return found.join("\\n");
})(contentItem)"""


class Probe:
    """Looks into one window, and touches it as people do."""

    def __init__(self, window: QQuickWindow) -> None:
        self.window = window
        self._finger: QPointingDevice | None = None
        self._frames = QSignalSpy(window.frameSwapped)

    def js(self, code: str) -> object:
        context = qmlContext(self.window)
        assert context is not None
        expression = QQmlExpression(context, self.window, code)
        value, undefined = expression.evaluate()
        assert not expression.hasError(), expression.error().toString()
        return None if undefined else value

    def frame(self) -> None:
        """Wait for a frame: layouts have their measures then, however busy the machine is."""
        drawn = self._frames.count()
        if isValid(self.window):
            self.window.update()
        for _ in range(FRAME_ROUNDS_MAX):
            gone = not isValid(self.window) or not self.window.isExposed()
            if gone or self._frames.count() > drawn:
                return
            QTest.qWait(1)
        raise AssertionError("the window was not drawn")

    def item(self, name: str) -> bool:
        return bool(self.js(f"{self._named(name)} !== null"))

    def get(self, name: str, what: str) -> object:
        assert self.item(name), f"no visible item {name}"
        return self.js(f"{self._named(name)}.{what}")

    def written(self) -> str:
        """Every text and picture that any item of the window holds, in sight or not."""
        return str(self.js(_WRITTEN))

    def focus(self) -> str:
        return str(self.js("activeFocusItem ? activeFocusItem.objectName : ''"))

    def centre(self, name: str, inside: str = "") -> QPoint:
        found = self._named(name) + (f".{inside}" if inside else "")
        assert self.item(name), f"no visible item {name}"
        point = self.js(f"(i => i.mapToItem(null, i.width / 2, i.height / 2))({found})")
        assert isinstance(point, QPointF)
        return point.toPoint()

    def click(self, name: str, inside: str = "") -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self.window, left, none, self.centre(name, inside))
        QTest.qWait(1)

    def touch(self, name: str, inside: str = "") -> None:
        if self._finger is None:
            self._finger = QTest.createTouchDevice()
        at = self.centre(name, inside)
        QTest.touchEvent(self.window, self._finger).press(0, at, self.window).commit()
        QTest.touchEvent(self.window, self._finger).release(0, at, self.window).commit()
        QTest.qWait(1)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)
        QTest.qWait(1)

    def type(self, text: str) -> None:
        for letter in text:
            # A character goes too, which the stub does not say; key codes end at Latin-1.
            QTest.keyClick(self.window, letter)  # type: ignore[call-overload]
        QTest.qWait(1)

    def _named(self, name: str) -> str:
        return _FIND % (f'item.objectName === "{name}"', "contentItem")
