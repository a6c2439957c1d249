"""Codes are pictures of whole modules with their quiet zone, kept no longer than a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.ui.qr_image import CODES_KEPT_MAX, QUIET_MODULES, CodeImages, draw, modules_across


@dataclass(frozen=True)
class Square:
    """A code of alternating modules."""

    size: int

    @property
    def rows(self) -> Sequence[bytes]:
        return [bytes((x + y) % 2 for x in range(self.size)) for y in range(self.size)]


@pytest.fixture
def images(qapp: QGuiApplication) -> CodeImages:
    return CodeImages()


def fetch(images: CodeImages, source: str) -> QImage:
    return images.requestImage(source.rpartition("/")[2], QSize(), QSize())


@pytest.mark.parametrize("size", [21, 25, 57, 177])
def test_one_pixel_is_one_module_and_four_white_ones_stand_around(size: int) -> None:
    image = draw(Square(size))
    assert image.width() == image.height() == modules_across(Square(size)) == size + 8
    edge = QUIET_MODULES - 1
    last = size + QUIET_MODULES
    for place in range(image.width()):
        for x, y in ((place, edge), (edge, place), (place, last), (last, place)):
            assert image.pixelColor(x, y).lightness() == 255


def test_modules_are_black_or_white_and_nothing_between() -> None:
    image = draw(Square(21))
    seen = {image.pixelColor(x, y).lightness() for x in range(29) for y in range(29)}
    assert seen == {0, 255}
    assert image.pixelColor(QUIET_MODULES, QUIET_MODULES).lightness() == 255
    assert image.pixelColor(QUIET_MODULES + 1, QUIET_MODULES).lightness() == 0


def test_every_code_has_an_address_of_its_own(images: CodeImages) -> None:
    one, other = images.show(Square(21)), images.show(Square(25))
    assert one != other
    assert fetch(images, one).width() == 29
    assert fetch(images, other).width() == 33


def test_a_forgotten_code_is_a_blank_and_not_somebody_elses(images: CodeImages) -> None:
    source = images.show(Square(21))
    images.forget()
    assert fetch(images, source).width() == 1
    images.show(Square(21))
    assert fetch(images, source).width() == 1


def test_only_so_many_are_kept_and_the_oldest_go_first(images: CodeImages) -> None:
    sources = [images.show(Square(21)) for _ in range(CODES_KEPT_MAX + 3)]
    widths = [fetch(images, source).width() for source in sources]
    assert widths == [1] * 3 + [29] * CODES_KEPT_MAX


def test_the_size_is_told_to_whoever_asks(images: CodeImages) -> None:
    size = QSize()
    images.requestImage(images.show(Square(21)).rpartition("/")[2], size, QSize())
    assert (size.width(), size.height()) == (29, 29)
