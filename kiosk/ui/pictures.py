"""Icons and the art of offers, painted once at the size they are shown.

As Shapes in QML they would leave traces: the software scene graph does not always repaint where a
Shape was (seen with PySide6 6.11.3 when one leaves a clipped page half in sight).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtQuick import QQuickImageProvider

PROVIDER: Final = "picture"
SIDE_MAX: Final = 8192
_GRID: Final = 24.0
_LIGHT, _LIGHTER = QColor(255, 255, 255, 46), QColor(255, 255, 255, 82)
_WORD: Final = re.compile(r"[MLCQOZ]|-?[\d.]+")
_TAKES: Final = {"M": 2, "L": 2, "C": 6, "Q": 4, "O": 3, "Z": 0}

# Lines on a grid of 24: M move, L line, Q and C curves, O a circle (centre, radius), Z close.
ICONS: Final = MappingProxyType({
    "back": "M 15 5 L 8 12 L 15 19",
    "next": "M 9 5 L 16 12 L 9 19",
    "check": "M 5 12.5 L 10 17.5 L 19 7",
    "close": "M 6 6 L 18 18 M 18 6 L 6 18",
    "minus": "M 6 12 L 18 12",
    "plus": "M 12 6 L 12 18 M 6 12 L 18 12",
    "alert": "M 12 4 L 21 20 L 3 20 Z M 12 10 L 12 14.5 M 12 17.2 L 12 17.4",
    "clock": "O 12 12 8.5 M 12 7.5 L 12 12 L 15.5 14",
    "wait": "M 6 4 L 18 4 M 6 20 L 18 20 M 7.5 4 C 7.5 9 16.5 15 16.5 20 "
    "M 16.5 4 C 16.5 9 7.5 15 7.5 20",
    "cash": "M 3 7 L 21 7 L 21 17 L 3 17 Z O 12 12 2.4 M 6 12 L 6.1 12 M 18 12 L 18.1 12",
    "scan-to-pay": "M 8 3 L 16 3 Q 17.5 3 17.5 4.5 L 17.5 19.5 Q 17.5 21 16 21 L 8 21 "
    "Q 6.5 21 6.5 19.5 L 6.5 4.5 Q 6.5 3 8 3 Z M 11 18 L 13 18",
    "pay-later": "M 4 6 L 20 6 L 20 18 L 4 18 Z M 4 7 L 12 13 L 20 7",
    "shift": "M 12 4 L 4.5 12 L 8.5 12 L 8.5 19 L 15.5 19 L 15.5 12 L 19.5 12 Z",
    "backspace": "M 9 6 L 21 6 L 21 18 L 9 18 L 3 12 Z M 12 9.5 L 17 14.5 M 17 9.5 L 12 14.5",
    "enter": "M 20 6 L 20 13 L 5 13 M 9 9 L 5 13 L 9 17",
    "hide": "M 6 9 L 12 15 L 18 9",
    "camera": "M 4 8 L 8 8 L 9.5 5.5 L 14.5 5.5 L 16 8 L 20 8 L 20 19 L 4 19 Z O 12 13.5 3.3",
    "lock": "M 6 11 L 18 11 L 18 20 L 6 20 Z M 8.5 11 L 8.5 8 C 8.5 3.5 15.5 3.5 15.5 8 L 15.5 11",
    "cart": "M 3 4 L 6 4 L 8.5 15.5 L 18 15.5 L 20.5 7 L 6.7 7 M 9.5 19.5 L 9.6 19.5 "
    "M 17 19.5 L 17.1 19.5",
    "store": "M 12 3.5 C 7 3.5 4.5 5 4.5 6.5 L 4.5 17.5 C 4.5 19 7 20.5 12 20.5 "
    "C 17 20.5 19.5 19 19.5 17.5 L 19.5 6.5 C 19.5 5 17 3.5 12 3.5 Z "
    "M 4.5 6.5 C 4.5 8 7 9.5 12 9.5 C 17 9.5 19.5 8 19.5 6.5",
})  # fmt: skip


class Pictures(QQuickImageProvider):
    """Paints what an address asks for; sizes are device pixels.

    `icon/NAME/RRGGBB/SIDE` and `art/KIND/FROM/TO/WIDTHxHEIGHT/RADIUS`, KIND membership, drop,
    item or hero. Anything else is one clear pixel.
    """

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002
        match id.split("/"):
            case ["icon", name, tone, side] if name in ICONS:
                image = draw_icon(name, QColor(f"#{tone}"), _side(side))
            case ["art", kind, start, end, sides, radius]:
                width, _, height = sides.partition("x")
                ends = QColor(f"#{start}"), QColor(f"#{end}")
                image = draw_art(kind, ends, QSize(_side(width), _side(height)), _side(radius))
            case _:
                image = _canvas(QSize(1, 1))
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image


def draw_icon(name: str, tone: QColor, side: int) -> QImage:
    """A line icon, `side` pixels square."""
    image = _canvas(QSize(side, side))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / _GRID, side / _GRID)
    pen = QPen(tone, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(_path(ICONS[name]), pen)
    painter.end()
    return image


def draw_art(kind: str, ends: tuple[QColor, QColor], size: QSize, radius: int) -> QImage:
    """A gradient with the figure of its kind, cut to rounded corners."""
    image = _canvas(size)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(0, 0, size.width(), size.height())
    gradient = QLinearGradient(area.topLeft(), area.bottomRight())
    gradient.setColorAt(0, ends[0])
    gradient.setColorAt(1, ends[1])
    painter.fillRect(area, QBrush(gradient))
    painter.setPen(Qt.PenStyle.NoPen)
    _FIGURES.get(kind, _tiles)(painter, area)
    # The corners last: what is outside them is taken away with smooth edges.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    mask = _canvas(size)
    cutter = QPainter(mask)
    cutter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cutter.setPen(Qt.PenStyle.NoPen)
    cutter.setBrush(QColor(0, 0, 0))
    cutter.drawRoundedRect(area, radius, radius)
    cutter.end()
    painter.drawImage(0, 0, mask)
    painter.end()
    return image


def _rings(painter: QPainter, area: QRectF) -> None:
    unit = min(area.width(), area.height()) / 10
    centre = QPointF(area.width() * 0.78, area.height() * 0.62)
    for ring in range(4):
        pen = QPen(_LIGHTER if ring % 2 == 0 else _LIGHT, unit * 0.7)
        _ring(painter, centre, unit * (5 + ring * 5) / 2, pen)


def _hero(painter: QPainter, area: QRectF) -> None:
    unit = max(area.width(), area.height()) / 10
    centre = QPointF(area.width() * 0.92, area.height() * 0.98)
    for ring in range(5):
        _ring(
            painter,
            centre,
            unit * (2.2 + ring * 2.3) / 2,
            QPen(QColor(255, 255, 255, 30), unit * 0.42),
        )


def _hills(painter: QPainter, area: QRectF) -> None:
    w, h = area.width(), area.height()
    unit = min(w, h) / 10
    for tone, left, top, peak, right in (
        (_LIGHT, 0.52, 0.3, 0.7, 0.88),
        (_LIGHTER, 0.68, 0.48, 0.83, 0.98),
    ):
        hill = QPainterPath(QPointF(w * left, h))
        hill.lineTo(w * peak, h * top)
        hill.lineTo(w * right, h)
        painter.fillPath(hill, tone)
    painter.setBrush(_LIGHTER)
    painter.drawEllipse(QPointF(w * 0.9, h * 0.28), unit * 1.2, unit * 1.2)


def _tiles(painter: QPainter, area: QRectF) -> None:
    unit = min(area.width(), area.height()) / 10
    side = unit * 1.5
    for tile in range(15):
        corner = QPointF(
            area.width() - unit * 2.6 * (1 + tile % 5), unit * (1.5 + 2.6 * (tile // 5))
        )
        painter.setBrush(_LIGHT if (tile * 5) % 4 < 2 else _LIGHTER)
        bend = side / 2 if (tile * 7) % 3 == 0 else side / 4
        painter.drawRoundedRect(QRectF(corner.x(), corner.y(), side, side), bend, bend)


_FIGURES: Final[MappingProxyType[str, Callable[[QPainter, QRectF], None]]] = MappingProxyType(
    {"membership": _rings, "drop": _hills, "item": _tiles, "hero": _hero}
)


def _ring(painter: QPainter, centre: QPointF, radius: float, pen: QPen) -> None:
    ring = QPainterPath()
    ring.addEllipse(centre, radius, radius)
    painter.strokePath(ring, pen)


def _path(words: str) -> QPainterPath:
    path = QPainterPath()
    for command, n in _commands(words):
        match command:
            case "M":
                path.moveTo(n[0], n[1])
            case "L":
                path.lineTo(n[0], n[1])
            case "Q":
                path.quadTo(n[0], n[1], n[2], n[3])
            case "C":
                path.cubicTo(n[0], n[1], n[2], n[3], n[4], n[5])
            case "O":
                path.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
            case _:
                path.closeSubpath()
    return path


def _commands(words: str) -> Iterator[tuple[str, list[float]]]:
    rest = _WORD.findall(words)
    while rest:
        takes = _TAKES[rest[0]]
        yield rest[0], [float(word) for word in rest[1 : 1 + takes]]
        rest = rest[1 + takes :]


def _canvas(size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _side(text: str) -> int:
    return max(1, min(SIDE_MAX, int(text)))
