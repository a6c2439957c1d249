"""The fonts we ship: Qt takes them, they cover our languages, and any name can still be drawn."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QRawFont, QTextLayout

# Every letter and sign of the languages we speak, and of the money we take.
ENGLISH = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
GERMAN = "ÄÖÜäöüßẞ„“‚‘–…"
FRENCH_AND_SPANISH = "ÀÂÇÉÈÊËÎÏÔŒÙÛàâçéèêëîïôœùûÿ«»ÁÍÓÚÑáíóúñ¿¡"
MONEY = "€$£¥₩₺₹.,\u00a0\u202f−+×%"


@pytest.fixture
def fonts(repository: Path, qapp: QGuiApplication) -> list[Path]:
    found = sorted((repository / "assets" / "fonts").glob("*.otf"))
    assert found
    return found


def test_qt_takes_each_font_and_calls_it_inter(fonts: list[Path]) -> None:
    for path in fonts:
        number = QFontDatabase.addApplicationFont(str(path))
        assert "Inter" in QFontDatabase.applicationFontFamilies(number)


def test_three_weights_are_told_apart(fonts: list[Path]) -> None:
    for path in fonts:
        QFontDatabase.addApplicationFont(str(path))
    weights = {QFontDatabase.weight("Inter", style) for style in QFontDatabase.styles("Inter")}
    assert weights == {QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold}


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH_AND_SPANISH, MONEY])
def test_each_font_covers_our_languages_and_money(fonts: list[Path], text: str) -> None:
    for path in fonts:
        font = QRawFont(QByteArray(path.read_bytes()), 16.0)
        assert [sign for sign in text if not font.supportsCharacter(ord(sign))] == [], path.name


@pytest.mark.parametrize("name", ["张伟", "مريم", "😀 Ana", "🏳️‍🌈", "नेहा", "a\u0301", "\u202eabc"])
def test_a_name_in_any_script_is_laid_out_without_a_warning(fonts: list[Path], name: str) -> None:
    QFontDatabase.addApplicationFont(str(fonts[0]))
    layout = QTextLayout(name, QFont("Inter", 16))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    assert line.textLength() == len(name.encode("utf-16-le")) // 2
    assert layout.glyphRuns()


def test_their_licence_stands_beside_them(repository: Path) -> None:
    text = (repository / "assets" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Copyright 2016-2022 The Inter Project Authors" in text
