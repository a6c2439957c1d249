"""The rules of the house about QML: looks from Theme, words from qsTr, no code, nothing GPL."""

import re
from collections.abc import Iterator

from tests.tidy.sources import Source

THEME = "/Theme.qml"
COLOUR = re.compile(r'"#[0-9a-fA-F]{3,8}"|\bQt\.(rgba|hsla|hsva|darker|lighter|tint)\(')
COLOUR_WORD = re.compile(r'\b\w*[cC]olor\s*:.*"(?!transparent")[a-z]+"')
SIZE = re.compile(
    r"^\s*(?:[\w.]+\.)?(?P<name>(?:\w*[wW]idth|\w*[hH]eight|\w*[sS]pacing|\w*[pP]adding"
    r"|\w*[mM]argins?|\w*[rR]adius|pixelSize|pointSize|duration))\s*:\s*(?P<value>.+)$"
)
# Halves and doubles are geometry; anything beyond is a choice, and choices live in Theme.
NUMBER = re.compile(r"(?<![\w.#])(\d+(?:\.\d+)?)(?![\w.])")
LARGEST_PLAIN_NUMBER = 2
# A property people read or hear, and the literal it is given.
WORDS = re.compile(
    r"\b(?:text|title|placeholderText|Accessible\.(?:name|description))\s*:\s*(?P<value>.*)$"
)
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
TRANSLATED = re.compile(r'\bqsTr(?:anslate)?\(\s*(?:"(?:[^"\\]|\\.)*"\s*,?\s*)+')
CODE = re.compile(r"\bfunction\b|\b(?:let|var|const)\s+\w+\s*=|\bfor\s*\(|\bwhile\s*\(")
COMPONENT = re.compile(r"\bdelegate\s*:|\bComponent\s*\{|\b(?:Repeater|ListView|GridView)\s*\{")
NOT_DRAWN = re.compile(r"\b(?:MultiEffect|ShaderEffect|RectangularShadow)\b|\blayer\.\w+\s*:")
# GPL-3.0-only or commercial (SPDX headers of the wheels), or outside the wheel we ship.
GPL_QML = re.compile(
    r"^\s*import\s+(QtCharts|QtGraphs|QtDataVisualization|QtQuick3D|QtQuick\.VirtualKeyboard"
    r"|QtMultimedia|QtWebEngine|QtQuick\.Timeline|QtQuick\.Controls|Qt5Compat)\b"
)


def literal_colour(source: Source) -> Iterator[str]:
    """A colour chosen outside Theme; it would ignore the event's own look and the dark theme."""
    yield from matches(source, COLOUR, "a colour outside Theme", spare_theme=True)
    yield from matches(source, COLOUR_WORD, "a colour outside Theme", spare_theme=True)


def literal_size(source: Source) -> Iterator[str]:
    """A length or a time chosen outside Theme; it would ignore large text and reduced motion."""
    if source.path.endswith(THEME):
        return
    for number, line in code_lines(source):
        if (given := SIZE.match(line)) and is_chosen(given["value"]):
            yield source.at(number, f"{given['name']}: a size outside Theme")


def literal_text(source: Source) -> Iterator[str]:
    """Words that no translator will ever see."""
    for number, line in code_lines(source):
        if given := WORDS.search(line):
            rest = TRANSLATED.sub("", given["value"])
            if any(re.search(r"[^\W\d_]{2}", literal) for literal in LITERAL.findall(rest)):
                yield source.at(number, "text without qsTr")


def script(source: Source) -> Iterator[str]:
    """More JavaScript than an expression; it belongs into the view-model, where it is typed."""
    yield from matches(source, CODE, "JavaScript beyond an expression")


def undrawn_effect(source: Source) -> Iterator[str]:
    """What the software scene graph leaves out, or makes the whole item vanish for."""
    yield from matches(source, NOT_DRAWN, "the software renderer does not draw this")


def foreign_module(source: Source) -> Iterator[str]:
    """A module we may not or do not ship."""
    yield from matches(source, GPL_QML, "a module that is not shipped")


def loose_components(source: Source) -> Iterator[str]:
    """A file with delegates or components that may reach for names that are not theirs."""
    inner = COMPONENT.search(source.text)
    if inner and "pragma ComponentBehavior: Bound" not in source.text:
        yield source.at(1, "no pragma ComponentBehavior: Bound")


def is_chosen(value: str) -> bool:
    """Whether a number in the value is more than a half or a double of something."""
    return any(float(each) > LARGEST_PLAIN_NUMBER for each in NUMBER.findall(value))


def matches(
    source: Source, pattern: re.Pattern[str], what: str, *, spare_theme: bool = False
) -> Iterator[str]:
    if spare_theme and source.path.endswith(THEME):
        return
    for number, line in code_lines(source):
        if pattern.search(line):
            yield source.at(number, what)


def code_lines(source: Source) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, comments taken off."""
    for number, line in enumerate(source.lines, start=1):
        yield number, re.sub(r"(^|\s)(//|/?\*).*$", "", line)
