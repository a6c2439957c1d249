"""Icons, art and codes are painted at the size they are asked for, and codes to the pixel."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from kiosk.passes.qr import qr_text
from kiosk.ui.pictures import ICONS, Pictures
from kiosk.ui.qr_image import CODES_KEPT_MAX, QUIET_MODULES, CodeImages, draw, modules_across
from tests.ui.stage import REPOSITORY

QML = REPOSITORY / "kiosk" / "ui" / "qml"


def ask(provider: Pictures | CodeImages, address: str) -> QImage:
    size = QSize()
    image = provider.requestImage(address, size, QSize())
    assert (size.width(), size.height()) == (image.width(), image.height())
    return image


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_drawn_within_its_square(qapp: QGuiApplication, name: str) -> None:
    image = ask(Pictures(), f"icon/{name}/112233/48")
    assert image.size() == QSize(48, 48)
    inked = {(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 200}
    assert inked
    assert not {spot for spot in inked if {0, 47} & set(spot)}
    assert image.pixelColor(*inked.pop()).name() == "#112233"


def test_every_icon_that_qml_names_exists() -> None:
    named = set()
    for file in QML.rglob("*.qml"):
        text = file.read_text(encoding="utf-8")
        for line in re.findall(r"(?:iconName|sign|\bname): ([^\n]*\"[^\n]*)", text):
            named |= set(re.findall(r'[?:] *"([a-z-]+)"|^"([a-z-]+)"', line))
    words = {word for pair in named for word in pair if word}
    assert words - {"membership"} <= set(ICONS) | {"hero"}
    assert len(words) > 12


@pytest.mark.parametrize("kind", ["membership", "drop", "item", "hero", "anything"])
def test_art_fills_its_size_and_leaves_its_corners_clear(qapp: QGuiApplication, kind: str) -> None:
    image = ask(Pictures(), f"art/{kind}/4c3fc7/8a4fd0/200x100/20")
    assert image.size() == QSize(200, 100)
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(199, 99).alpha() == 0
    assert image.pixelColor(20, 50).alpha() == 255


@pytest.mark.parametrize("address", ["", "icon/nothing/000000/24", "icon/back", "art/x", "../../x"])
def test_an_address_that_means_nothing_is_one_clear_pixel(
    qapp: QGuiApplication, address: str
) -> None:
    image = ask(Pictures(), address)
    assert image.size() == QSize(1, 1)
    assert image.pixelColor(0, 0).alpha() == 0


def test_a_code_is_one_pixel_per_module_with_four_of_white_around(qapp: QGuiApplication) -> None:
    matrix = qr_text("https://example.org/a")
    image = draw(matrix)
    assert image.width() == image.height() == modules_across(matrix) == matrix.size + 8
    white, black = QColor("#ffffff"), QColor("#000000")
    for y in range(image.height()):
        for x in range(image.width()):
            row, column = y - QUIET_MODULES, x - QUIET_MODULES
            inside = 0 <= row < matrix.size and 0 <= column < matrix.size
            dark = inside and matrix.rows[row][column]
            assert image.pixelColor(x, y) == (black if dark else white)


def test_no_two_codes_share_an_address_and_old_ones_go(qapp: QGuiApplication) -> None:
    codes, matrix = CodeImages(), qr_text("x")
    made = [codes.show(matrix) for _ in range(CODES_KEPT_MAX + 1)]
    assert len(set(made)) == len(made)
    names = [address.rpartition("/")[2] for address in made]
    assert ask(codes, names[0]).width() == 1
    assert ask(codes, names[-1]).width() == modules_across(matrix)


def test_forgetting_leaves_no_code_behind(qapp: QGuiApplication) -> None:
    codes = CodeImages()
    name = codes.show(qr_text("x")).rpartition("/")[2]
    codes.forget()
    assert ask(codes, name).width() == 1


@dataclass
class Empty:
    size: int = 0
    rows: tuple[bytes, ...] = ()


def test_an_empty_code_is_white_paper(qapp: QGuiApplication) -> None:
    assert draw(Empty()).pixelColor(3, 3) == QColor("#ffffff")
