"""Reads typed values out of a person's document and collects every mistake instead of the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeGuard

from kiosk.domain.offer import LocalText
from kiosk.errors import Mistake

TEXT_MAX_CHARS: Final = 400
LONG_TEXT_MAX_CHARS: Final = 20_000
_SHOWN_MAX_CHARS: Final = 60
_LANGUAGE = re.compile(r"[a-z]{2}")
# No screen, receipt or rail shows these; half a surrogate cannot even be written to a file.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Table:
    """One table of the document. Values asked for are ticked off; what is left is a mistake.

    A value that is wrong is recorded and a harmless stand-in returned, so that reading goes on;
    whoever reads must look at `mistakes` before using anything.
    """

    def __init__(self, values: Mapping[str, object], where: str, mistakes: list[Mistake]) -> None:
        self._values, self._where, self.mistakes = values, where, mistakes
        self._asked: set[str] = set()

    def wrong(self, key: str, reason: str) -> None:
        """Record a mistake at this key."""
        shown = _shown(self._values.get(key, ""))
        self.mistakes.append(Mistake(f"{self._where}.{_short(key)}", shown, reason))

    def has(self, key: str) -> bool:
        """Whether the key stands in the table (and ticks it off)."""
        self._asked.add(key)
        return key in self._values

    def peek(self, key: str) -> str:
        """A text before anything is known of it, or nothing; reading and checking it come later."""
        value = self._values.get(key)
        return value if isinstance(value, str) else ""

    def text(self, key: str, *, most: int = TEXT_MAX_CHARS) -> str:
        """A text that is not empty."""
        value = self._get(key)
        if value is None:
            return ""
        if not _is_text(value):
            self.wrong(key, "must be a text that is not empty, without control characters")
            return ""
        if len(value) > most:
            self.wrong(key, f"must have at most {most} characters")
        return value.strip()

    def matching(self, key: str, pattern: str, reason: str) -> str:
        """A text of a given shape; `reason` says which."""
        value = self._get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            self.wrong(key, reason)
            return ""
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or None when the key is missing."""
        return self.text(key) if self.has(key) else None

    def local_text(
        self, key: str, languages: tuple[str, ...], *, required: bool = True
    ) -> LocalText:
        """A text, or a table of texts by language that has at least the event's first language."""
        if not required and not self.has(key):
            return LocalText(default="")
        value = self._get(key)
        if _is_text(value) and len(value) <= TEXT_MAX_CHARS:
            return LocalText(default=value.strip())
        if isinstance(value, Mapping):
            return self._translations(key, value, languages)
        if value is not None:
            self.wrong(key, f"must be a text of 1 to {TEXT_MAX_CHARS} characters, no controls")
        return LocalText(default="?")

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number in a range."""
        value = self._get(key)
        if value is None:
            return least
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, f"must be a whole number from {least} to {most}")
            return least
        return value

    def optional_whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number in a range, or None when the key is missing."""
        return self.whole(key, least, most) if self.has(key) else None

    def yes_no(self, key: str) -> bool:
        """A switch: `true` or `false`."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, "must be true or false")
        return value is True

    def one_of(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if value is not None and value not in choices:
            self.wrong(key, f"must be one of: {', '.join(choices)}")
        return value if isinstance(value, str) and value in choices else choices[0]

    def languages(self, key: str) -> tuple[str, ...]:
        """A list of two-letter language codes, the first being the event's own."""
        value = self._get(key)
        good = isinstance(value, list) and value and all(
            isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value
        )  # fmt: skip
        if value is not None and not good:
            self.wrong(key, 'must be a list of language codes, such as ["en", "de"]')
        return tuple(dict.fromkeys(value)) if good and isinstance(value, list) else ("en",)

    def moment(self, key: str, parse: Callable[[object], int]) -> int:
        """An instant, by the parser handed in (which raises ValueError with a reason)."""
        value = self._get(key)
        if value is None:
            return 0
        try:
            return parse(value)
        except (ValueError, OverflowError) as error:
            self.wrong(key, str(error))
            return 0

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._get(key)
        if value is not None and not isinstance(value, Mapping):
            self.wrong(key, "must be a table")
        inner = value if isinstance(value, Mapping) else {}
        return Table(inner, f"{self._where}.{key}", self.mistakes)

    def tables(self, key: str, most: int, *, least: int = 0) -> tuple[Table, ...]:
        """A list of tables, the first `most` of them; none when the key is missing."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            self.wrong(key, "must be a list of tables")
            return ()
        if not least <= len(value) <= most:
            self.wrong(key, f"{least} to {most} are possible")
        where = f"{self._where}.{key}".lstrip(".")
        rows = enumerate(value[:most], start=1)
        return tuple(Table(row, f"{where}[{n}]", self.mistakes) for n, row in rows)

    def finish(self) -> None:
        """Record every key that nobody asked for: a typing slip must not be ignored silently."""
        for key in self._values:
            if key not in self._asked:
                self.wrong(key, "this key is not known here; check its spelling")

    def _get(self, key: str) -> object | None:
        self._asked.add(key)
        # TOML has no null, but the stored form of a snapshot could: nothing is no value.
        value = self._values.get(key)
        if value is None:
            self.wrong(key, "is missing")
        return value

    def _translations(
        self, key: str, value: Mapping[str, object], languages: tuple[str, ...]
    ) -> LocalText:
        texts = {
            code: text.strip()
            for code, text in value.items()
            if _is_text(text) and len(text.strip()) <= TEXT_MAX_CHARS
        }
        if len(texts) < len(value):
            self.wrong(key, f"each language needs a text of 1 to {TEXT_MAX_CHARS} characters")
        if languages[0] not in texts:
            self.wrong(key, f"the event's first language ({languages[0]}) is missing")
        if unknown := sorted(set(value) - set(languages)):
            self.wrong(key, f"not a language of this event: {', '.join(unknown)}")
        return LocalText(default=texts.get(languages[0], "?"), translations=texts)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and _CONTROL.search(value) is None


def _shown(value: object) -> str:
    """The value as the author may recognise it, cut to what fits on a line."""
    try:
        return _short(value if isinstance(value, str) else str(value))
    except ValueError:
        # Python writes no decimal number of more than 4300 digits, and TOML allows 0xfff...
        return "…"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX_CHARS else text[:_SHOWN_MAX_CHARS] + "…"
