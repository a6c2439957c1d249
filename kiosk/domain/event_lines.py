"""Finds the line of an event file that a mistake is about: scans the source, never judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from kiosk.errors import Mistake

DEPTH_MAX: Final = 32
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_TOKEN = re.compile(
    r'''
      (?P<comment>\#[^\n]*)
    | (?P<string>
          """(?:[^\\]|\\.)*?"""(?:"{0,2})
        | \'\'\'.*?\'\'\'(?:\'{0,2})
        | "(?:[^"\\\n]|\\.)*"
        | '[^'\n]*'
      )
    | (?P<newline>\n)
    | (?P<mark>[][{}=,.])
    | (?P<word>[^][{}=,.\s\#"']+)
    ''',
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    """A piece of the source: its kind, its text, the line it begins on, and its offset."""

    kind: str
    text: str
    line: int
    offset: int


def locate(text: str, key: str) -> int:
    """The line, counted from 1, of a key such as `event.currency`, `terms`, `item[2].price_minor`.

    0 when the key does not stand in `text` (TOML 1.0). Tables of an array are counted from 1; the
    array itself is where its first table stands. Text that is no TOML gives any line or 0, never
    an error.
    """
    return _lines(text).get(key, 0)


def with_lines(mistakes: Sequence[Mistake], text: str) -> tuple[Mistake, ...]:
    """The same mistakes with their lines; a key that is missing points at the table it belongs in.

    0 remains where not even that table stands in `text`.
    """
    lines = _lines(text)
    return tuple(mistake._replace(line=_nearest(lines, mistake.key)) for mistake in mistakes)


def _nearest(lines: Mapping[str, int], key: str) -> int:
    while key and key not in lines:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return lines.get(key, 0)


def _lines(text: str) -> dict[str, int]:
    scan = _Scan(_tokens(text))
    scan.run()
    return scan.lines


def _tokens(text: str) -> list[_Token]:
    """Everything but comments and blanks. Strings keep their quotes, so no mark hides in them."""
    return list(_each_token(text))


def _each_token(text: str) -> Iterator[_Token]:
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if found.lastgroup != "comment":
            yield _Token(str(found.lastgroup), found[0], line, found.start())


class _Scan:
    """One pass over the tokens that writes down where each key path stands first."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.lines: dict[str, int] = {}
        self._tokens, self._at = tokens, 0
        self._rows: dict[str, int] = {}

    def run(self) -> None:
        """Read statement after statement; each one takes at least one token."""
        table = ""
        while (token := self._peek()) is not None:
            if token.text == "[":
                table = self._header()
            elif token.kind in {"word", "string"}:
                self._pair(table, depth=0)
            else:
                self._at += 1

    def _header(self) -> str:
        """`[a.b]` or `[[a.b]]`: the path of the table whose keys follow."""
        opening = self._next()
        inner = self._peek()
        # Two brackets make an array's row only when nothing stands between them.
        is_row = inner is not None and inner.text == "[" and inner.offset == opening.offset + 1
        if is_row:
            self._at += 1
        names = self._names()
        path = ""
        for name in names[:-1]:
            path = self._last_row(_joined(path, name))
            self._note(path, opening.line)
        path = _joined(path, names[-1]) if names else ""
        self._note(path, opening.line)
        if is_row:
            self._rows[path] = self._rows.get(path, 0) + 1
            path = self._last_row(path)
            self._note(path, opening.line)
        self._skip_line()
        return path

    def _pair(self, table: str, depth: int) -> None:
        """`name = value`, where the name may be dotted and the value may hold more pairs."""
        first = self._peek()
        path = table
        for name in self._names():
            path = _joined(path, name)
            self._note(path, first.line if first else 0)
        token = self._peek()
        if token is not None and token.text == "=":
            self._at += 1
            self._value(path, depth)

    def _value(self, path: str, depth: int) -> None:
        token = self._peek()
        if depth > DEPTH_MAX:
            # Nothing people write is so deep; what follows is left without lines.
            self._at = len(self._tokens)
        elif token is not None and token.text == "{":
            self._inside_table(path, depth)
        elif token is not None and token.text == "[":
            self._inside_array(path, depth)
        else:
            while (token := self._peek()) is not None and token.text not in {",", "]", "}", "\n"}:
                self._at += 1

    def _inside_table(self, path: str, depth: int) -> None:
        self._at += 1
        while (token := self._peek()) is not None and token.text != "}":
            if token.kind in {"word", "string"}:
                self._pair(path, depth + 1)
            else:
                self._at += 1
        self._at += 1

    def _inside_array(self, path: str, depth: int) -> None:
        self._at += 1
        row = 1
        while (token := self._peek()) is not None and token.text != "]":
            if token.text in {",", "\n", "}", "=", "."}:
                row += token.text == ","
                self._at += 1
                continue
            self._note(f"{path}[{row}]", token.line)
            self._value(f"{path}[{row}]", depth + 1)
        self._at += 1

    def _names(self) -> list[str]:
        """The parts of a dotted key; stops before whatever is no part of one."""
        names = []
        while (token := self._peek()) is not None and token.kind in {"word", "string"}:
            names.append(_unquoted(token))
            self._at += 1
            dot = self._peek()
            if dot is None or dot.text != ".":
                break
            self._at += 1
        return names

    def _last_row(self, path: str) -> str:
        return f"{path}[{self._rows[path]}]" if path in self._rows else path

    def _note(self, path: str, line: int) -> None:
        self.lines.setdefault(path, line)

    def _skip_line(self) -> None:
        while (token := self._peek()) is not None and token.kind != "newline":
            self._at += 1

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _unquoted(token: _Token) -> str:
    if token.kind != "string":
        return token.text
    if token.text.startswith("'"):
        return token.text[1:-1]
    return _ESCAPED.sub(_meant, token.text[1:-1])


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code is None:
        return _ESCAPES.get(found[3], found[3])
    return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else found[0]
