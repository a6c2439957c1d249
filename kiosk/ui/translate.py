"""Translations read straight from Qt's `.ts` files, so that nothing has to be generated first."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTranslator

SOURCE_LANGUAGE: Final = "en"
LANGUAGES: Final = ("en", "de")
# Each in its own words, so that whoever reads no other finds it.
LANGUAGE_NAMES: Final = {"en": "English", "de": "Deutsch"}
_Forms = tuple[str, ...]


class TsTranslator(QTranslator):
    """Answers Qt from one language's `.ts` file, read when the language is first used.

    English is the language of the sources; its file holds plural forms only.
    """

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._read: dict[str, dict[tuple[str, str], _Forms]] = {}
        self._messages: dict[tuple[str, str], _Forms] = {}

    def use(self, language: str) -> None:
        """Answer in this language from now on."""
        if language not in self._read:
            self._read[language] = read_ts(self._folder / f"kiosk_{language}.ts")
        self._messages = self._read[language]

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        # None is Qt's null string: ask somebody else, in the end the source itself.
        forms = self._messages.get((context, sourceText))
        if forms is None:
            return None
        # English and German have two forms: exactly one, and everything else.
        return forms[-1] if n != 1 else forms[0]


def read_ts(path: Path) -> dict[tuple[str, str], _Forms]:
    """The finished messages of one `.ts` file: (context, source) -> its forms, one or two."""
    messages = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314
        name = context.findtext("name", "")
        for message in context.iter("message"):
            if forms := _forms(message):
                messages[name, message.findtext("source", "")] = forms
    return messages


def _forms(message: ET.Element) -> _Forms:
    translation = message.find("translation")
    if translation is None or translation.get("type") is not None:
        return ()
    plural = [form.text or "" for form in translation.iter("numerusform")]
    forms = tuple(plural) or (translation.text or "",)
    return forms if all(forms) else ()
