"""Codes as pictures of one pixel per module; QML enlarges them by whole numbers, crisply."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickImageProvider

from kiosk.ui.services import Matrix

PROVIDER: Final = "code"
QUIET_MODULES: Final = 4  # ISO/IEC 18004 section 9.1: four modules of white on each side
CODES_KEPT_MAX: Final = 64
_WHITE, _BLACK = 0xFF, 0x00


class CodeImages(QQuickImageProvider):
    """Keeps the codes on screen now. Each has its own address, so no cache can mix them up."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._made = 0
        self._nothing = _blank()

    def show(self, matrix: Matrix) -> str:
        """Keep this code and return the address QML finds it at."""
        self._made += 1
        name = str(self._made)
        self._images[name] = draw(matrix)
        while len(self._images) > CODES_KEPT_MAX:
            self._images.popitem(last=False)
        return f"image://{PROVIDER}/{name}"

    def forget(self) -> None:
        """Drop every code: the visit they belonged to is over."""
        self._images.clear()

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: A002
        image = self._images.get(id, self._nothing)
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image


def modules_across(matrix: Matrix) -> int:
    """Modules from edge to edge, quiet zone included."""
    return matrix.size + 2 * QUIET_MODULES


def draw(matrix: Matrix) -> QImage:
    """Black on pure white with the quiet zone, one pixel per module."""
    across = modules_across(matrix)
    white = bytes([_WHITE]) * across
    side = bytes([_WHITE]) * QUIET_MODULES
    middle = (
        side + bytes(_BLACK if dark else _WHITE for dark in row) + side for row in matrix.rows
    )
    lines = [white] * QUIET_MODULES + list(middle) + [white] * QUIET_MODULES
    # The copy owns its bytes; the first image only borrows them.
    return QImage(b"".join(lines), across, across, across, QImage.Format.Format_Grayscale8).copy()


def _blank() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_Grayscale8)
    image.fill(_WHITE)
    return image
