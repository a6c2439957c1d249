"""Counts references to None, True and False around many ordinary calls of Qt, for the test beside.

Takes how often to make each call, how far a count may move, and `--leak` to lose references on
purpose. Prints one JSON object: each call that moved a count further, with how far it moved it.
"""

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import shiboken6
from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QCoreApplication,
    QEvent,
    QMetaObject,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSettings,
    QSize,
    Qt,
    QTimer,
    QUrl,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QRasterWindow,
)
from PySide6.QtQml import QQmlComponent, QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickImageProvider, QQuickPaintedItem

Call = Callable[[], object]

WATCHED = {"None": None, "True": True, "False": False}
# So many spare references that a leaking wheel is reported instead of aborting the probe.
SPARE = 2_000_000
WARM_UP_CALLS = 20

QML = b"""
import QtQuick
QtObject {
    required property var model
    property string seen: model.label
    property bool flag: model.flag
    function read() { return model.flag ? model.greet("x") : null }
    function write() { model.flag = !model.flag }
}
"""


class Model(QObject):
    """What a view-model is made of: signals, a property with notification, slots."""

    changed = Signal()
    counted = Signal(int)
    carried = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._flag = False

    def is_flag(self) -> bool:
        return self._flag

    def set_flag(self, flag: bool) -> None:
        self._flag = flag
        self.changed.emit()

    flag = Property(bool, is_flag, set_flag, notify=changed)

    def read_label(self) -> str:
        return "label"

    label = Property(str, read_label, notify=changed)

    @Slot()
    def hear(self) -> None:
        """A decorated receiver."""

    def listen(self, *_values: object) -> None:
        """A plain receiver."""

    @Slot(str, result=str)
    def greet(self, name: str) -> str:
        return name


class Rows(QAbstractListModel):
    """A list model whose answers are None, as Qt asks for many roles nobody has."""

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 3

    def data(self, _index: QModelIndex | QPersistentModelIndex, _role: int = 0) -> object:
        return None

    def roleNames(self) -> dict[int, QByteArray]:
        return {256: QByteArray(b"x")}


class Filter(QObject):
    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:
        return False


class Heard(QObject):
    def event(self, event: QEvent) -> bool:
        return super().event(event)


class Window(QRasterWindow):
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.end()


class Item(QQuickPaintedItem):
    def paint(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)


class Images(QQuickImageProvider):
    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, _id: str, _size: QSize, _requested: QSize) -> QImage:
        return QImage(2, 2, QImage.Format.Format_RGB32)


@contextmanager
def painting() -> Iterator[dict[str, Call]]:
    """Calls of QtGui, among them every one that 6.12.0 got wrong."""
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    box = QRect(0, 0, 9, 9)
    window = Window()
    window.resize(20, 20)
    window.show()
    item, canvas, images = Item(), QImage(9, 9, QImage.Format.Format_RGB32), Images()

    def gradient() -> QLinearGradient:
        return QLinearGradient(QPointF(0, 0), QPointF(1, 0))

    def paint_window() -> None:
        window.requestUpdate()
        QGuiApplication.processEvents()

    def paint_item() -> None:
        brush = QPainter(canvas)
        item.paint(brush)
        brush.end()

    yield {
        "painter.setPen style": lambda: painter.setPen(Qt.PenStyle.NoPen),
        "painter.setPen colour": lambda: painter.setPen(QColor("red")),
        "painter.setBrush": lambda: painter.setBrush(gradient()),
        "painter.setFont": lambda: painter.setFont(QFont()),
        "painter.setRenderHint": lambda: painter.setRenderHint(QPainter.RenderHint.Antialiasing),
        "painter.drawRoundedRect": lambda: painter.drawRoundedRect(box, 3, 3),
        "painter.fillRect": lambda: painter.fillRect(box, QColor("red")),
        "painter.drawText": lambda: painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "x"),
        "painter.fontMetrics": lambda: painter.fontMetrics().horizontalAdvance("x"),
        "gradient": gradient,
        "gradient.setColorAt": lambda: gradient().setColorAt(0, QColor("red")),
        "image.fill": lambda: canvas.fill(0),
        "image.setPixel": lambda: canvas.setPixel(1, 1, 0),
        "window paintEvent": paint_window,
        "item paint": paint_item,
        "images": lambda: images.requestImage("", QSize(), QSize()),
    }
    painter.end()
    window.destroy()


@contextmanager
def signalling() -> Iterator[dict[str, Call]]:
    """Calls of QtCore around signals, properties, events and models."""
    to_slot, to_method, to_lambda, count, carry = (Model() for _ in range(5))
    to_slot.changed.connect(to_slot.hear)
    to_method.changed.connect(to_method.listen)
    to_lambda.changed.connect(lambda: None)
    count.counted.connect(lambda _value: None)
    carry.carried.connect(lambda _value: None)
    watched, heard, keep, rows = QObject(), Heard(), Filter(), Rows()
    watched.installEventFilter(keep)
    animation = QVariantAnimation(startValue=0.0, endValue=1.0, duration=1000)
    animation.valueChanged.connect(lambda _value: None)

    def later() -> None:
        QTimer.singleShot(0, lambda: None)
        QGuiApplication.processEvents()

    def tick() -> None:
        animation.setCurrentTime((animation.currentTime() + 7) % 1000)

    def reset() -> None:
        rows.beginResetModel()
        rows.endResetModel()

    yield {
        "emit to slot": to_slot.changed.emit,
        "emit to method": to_method.changed.emit,
        "emit to lambda": to_lambda.changed.emit,
        "emit a number": lambda: count.counted.emit(3),
        "emit None": lambda: carry.carried.emit(None),
        "emit True": lambda: carry.carried.emit(True),
        "property": lambda: to_slot.property("flag"),
        "setProperty": lambda: to_slot.setProperty("flag", True),
        "setProperty dynamic": lambda: to_slot.setProperty("other", False),
        "invokeMethod": lambda: QMetaObject.invokeMethod(to_slot, "hear"),
        "event filter": lambda: QCoreApplication.sendEvent(watched, QEvent(QEvent.Type.User)),
        "event": lambda: QCoreApplication.sendEvent(heard, QEvent(QEvent.Type.User)),
        "rows.data": lambda: rows.data(rows.index(0)),
        "rows.match": lambda: rows.match(rows.index(0), 256, "x"),
        "rows reset": reset,
        "animation": tick,
        "single shot": later,
        "processEvents": QGuiApplication.processEvents,
        "parent": watched.parent,
        "setParent": lambda: watched.setParent(None),
        "findChild": lambda: watched.findChild(QObject, "x"),
        "object": QObject,
        "timer": QTimer,
        "blockSignals": lambda: watched.blockSignals(False),
        "settings": lambda: QSettings("kiosk", "probe").value("x"),
        "focusWindow": QGuiApplication.focusWindow,
    }


@contextmanager
def binding() -> Iterator[dict[str, Call]]:
    """Calls of QtQml: a component bound to a Python object, read and written from QML."""
    model, engine = Model(), QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(QML, QUrl())
    bound = component.createWithInitialProperties({"model": model})
    assert bound is not None, component.errorString()
    context = QQmlEngine.contextForObject(bound)
    read = QQmlExpression(context, bound, "read()")
    write = QQmlExpression(context, bound, "write()")
    yield {
        "qml reads": read.evaluate,
        "qml writes": write.evaluate,
        "qml is told": model.changed.emit,
        "qml property": lambda: bound.property("flag"),
        "qml creates": lambda: component.createWithInitialProperties({"model": model}),
    }
    # The engine goes before the model, or its bindings would find their model gone.
    shiboken6.delete(engine)


def moved(call: Call, calls: int, slack: int) -> dict[str, int]:
    """How far so many calls moved each count, where it is further than `slack`."""
    for _ in range(WARM_UP_CALLS):
        call()
    before = {name: sys.getrefcount(value) for name, value in WATCHED.items()}
    for _ in range(calls):
        call()
    after = {name: sys.getrefcount(value) for name, value in WATCHED.items()}
    apart = {name: after[name] - before[name] for name in WATCHED}
    return {name: count for name, count in apart.items() if abs(count) > slack}


def leak() -> None:
    """Gives back a reference that was never taken, as the broken wheel does."""
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))


def main(calls: int, slack: int, *, leaking: bool) -> None:
    """Makes every call and prints what it found."""
    spare = [None, True, False] * SPARE
    application = QGuiApplication([])
    found = {"leak": moved(leak, calls, slack)} if leaking else {}
    for kind in (painting, signalling, binding):
        with kind() as probes:
            found |= {name: moved(call, calls, slack) for name, call in probes.items()}
    sys.stdout.write(json.dumps({name: counts for name, counts in found.items() if counts}))
    del spare, application


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), leaking="--leak" in sys.argv)
