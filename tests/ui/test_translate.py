"""Every text of the screens has a German entry, and every plural an English one."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from kiosk.ui.translate import LANGUAGES, TsTranslator, read_ts
from tests.ui.stage import REPOSITORY

I18N = REPOSITORY / "assets" / "i18n"
LUPDATE = Path(sysconfig.get_path("scripts")) / "pyside6-lupdate"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Every (context, text) that Qt's own tool finds in the sources."""
    found = tmp_path_factory.mktemp("i18n") / "all.ts"
    room = REPOSITORY / "kiosk" / "ui"
    files = [*sorted(room.rglob("*.py")), *sorted(room.rglob("*.qml"))]
    subprocess.run(
        [LUPDATE, "-locations", "none", *files, "-ts", found],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ET.parse(found).getroot().iter("context")  # noqa: S314  (our own)
        for message in context.iter("message")
    }


def test_the_tool_finds_the_texts_of_screens_and_of_view_models(
    sources: set[tuple[str, str]],
) -> None:
    assert len(sources) > 250
    assert {("Attract", "Touch to start"), ("Pass", "Confirmed"), ("Errors", ERROR)} <= sources


ERROR = "The cart is empty. Pick something first."


def test_no_german_text_is_missing_and_none_is_left_over(sources: set[tuple[str, str]]) -> None:
    assert set(read_ts(I18N / "kiosk_de.ts")) == sources


def test_every_counted_text_has_two_forms_in_both_languages(
    sources: set[tuple[str, str]],
) -> None:
    counted = {key for key in sources if "%n" in key[1]}
    assert counted
    for language in LANGUAGES:
        known = read_ts(I18N / f"kiosk_{language}.ts")
        assert {key for key in counted if len(known.get(key, ())) == 2} == counted


def test_a_translation_keeps_every_place_holder() -> None:
    for (context, source), forms in read_ts(I18N / "kiosk_de.ts").items():
        for form in forms:
            wanted = set(re.findall(r"%\d|\{\w+\}", source))
            assert set(re.findall(r"%\d|\{\w+\}", form)) == wanted, (context, source)


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", 1, "1 day"), ("en", 2, "2 days"), ("de", 1, "1 Tag"), ("de", 0, "0 Tagen")],
)
def test_one_is_said_otherwise_than_many(
    qapp: QGuiApplication, language: str, count: int, said: str
) -> None:
    translator = TsTranslator(I18N)
    translator.use(language)
    QCoreApplication.installTranslator(translator)
    try:
        assert QCoreApplication.translate("Time", "%n day(s)", "", count) == said
    finally:
        QCoreApplication.removeTranslator(translator)


def test_what_is_not_known_is_left_to_the_source(qapp: QGuiApplication) -> None:
    translator = TsTranslator(I18N)
    translator.use("de")
    assert translator.translate("Nowhere", "Nothing") is None
    assert not translator.isEmpty()


def test_an_unfinished_translation_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "kiosk_de.ts").write_text(
        "<TS><context><name>A</name>"
        "<message><source>x</source><translation type='unfinished'>y</translation></message>"
        "<message><source>z</source><translation></translation></message>"
        "</context></TS>",
        encoding="utf-8",
    )
    assert read_ts(tmp_path / "kiosk_de.ts") == {}
