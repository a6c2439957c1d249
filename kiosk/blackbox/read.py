"""Reads a box: which generations are whole, and what the last of them holds.

Nothing of a generation may be used before its seal was reached: until then it may be cut short.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag

from kiosk.blackbox.layout import (
    CLOSING_BYTES,
    FAMILY,
    FRAME_HEAD_BYTES,
    FRAMES_MOST,
    HEADER,
    OPENING_BYTES,
    OPENING_MARK,
    SECTIONS_MOST,
    TAG_BYTES,
    FrameKind,
    LayoutError,
    Opening,
    Seal,
    closing,
    opening_length,
    read_frame_head,
    read_opening,
)
from kiosk.blackbox.write import SECTION_NAME
from kiosk.errors import BoxDamaged, BoxForeign, BoxMissing, BoxTooNew, BoxTorn

SCANNED_MOST: Final = 1024  # generations and ruins of some, in one file
_SEARCH_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One generation whose parts fit together, from byte `start` up to `end`.

    `followed_by_ruin`: something was begun behind it that never came to its end.
    """

    opening: Opening
    start: int
    end: int
    followed_by_ruin: bool = False


class _CutOffError(Exception):
    """The file ends inside a generation."""


def look_into(path: Path) -> tuple[Found, ...]:
    """The generations of a file in order, none of them opened: at least one.

    Raises:
        BoxMissing, BoxForeign, BoxTooNew: there is no box to look into.
        BoxTorn: it was cut off before its first generation was whole.
        BoxDamaged: no generation is whole, and the file does not merely end too soon.
    """
    with _opened(path) as file:
        _check_header(file, path)
        size = os.fstat(file.fileno()).st_size
        found, ruin = _scan(file, size)
    if not found:
        if ruin is None or ruin == "cut":
            raise BoxTorn(file=str(path))
        raise BoxDamaged(file=str(path), check=ruin)
    return tuple(found)


class BoxReader:
    """Reads the sections of one generation in the order in which they were written."""

    def __init__(self, path: Path, found: Found, key: bytes) -> None:
        self._path = path
        self._found = found
        self._key = key

    def sections(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each section's name and pieces; read each to its end before asking for the next.

        Raises BoxDamaged at the first frame that is not genuine, and at the end when the seal
        counts other frames than were read.
        """
        with _opened(self._path) as file:
            file.seek(self._found.start)
            file.seek(len(self._found.opening.packed()), os.SEEK_CUR)
            stream = _Frames(file, Seal(self._key, self._found.opening), self._path)
            names: list[str] = []
            while True:
                kind, content = stream.next()
                if kind is FrameKind.SEAL:
                    stream.check_seal(content, names)
                    return
                if kind is not FrameKind.SECTION or len(names) >= SECTIONS_MOST:
                    raise stream.damaged("order")
                name = content.decode("ascii", "replace")
                if not SECTION_NAME.fullmatch(name) or name in names:
                    raise stream.damaged("name")
                names.append(name)
                yield name, stream.pieces()

    def check(self) -> tuple[str, ...]:
        """Read all of it, keeping nothing; the names of the sections. Raises BoxDamaged."""
        names = []
        for name, pieces in self.sections():
            names.append(name)
            for _ in pieces:
                pass
        return tuple(names)

    def raw(self) -> Iterator[bytes]:
        """The generation as it stands in the file, to be kept in another one."""
        left = self._found.end - self._found.start
        with _opened(self._path) as file:
            file.seek(self._found.start)
            while left > 0:
                piece = file.read(min(left, _SEARCH_BYTES))
                if not piece:
                    raise BoxDamaged(file=str(self._path), check="length")
                left -= len(piece)
                yield piece

    def small_section(self, wanted: str, most_bytes: int) -> bytes:
        """One section as a whole; nothing behind it is looked at. Raises BoxDamaged."""
        for name, pieces in self.sections():
            if name != wanted:
                for _ in pieces:
                    pass
                continue
            content = b""
            for piece in pieces:
                content += piece
                if len(content) > most_bytes:
                    break
            else:
                return content
            break
        raise BoxDamaged(file=str(self._path), check=f"section {wanted}")


class _Frames:
    """The frames of one generation, each opened in its turn."""

    def __init__(self, file: BinaryIO, seal: Seal, path: Path) -> None:
        self._file, self._seal, self._path = file, seal, path

    def next(self) -> tuple[FrameKind, bytes]:
        head = self._file.read(FRAME_HEAD_BYTES)
        try:
            kind, length = read_frame_head(head.ljust(FRAME_HEAD_BYTES, b"\0"))
            return kind, self._seal.open(head, self._file.read(length + TAG_BYTES))
        except (LayoutError, InvalidTag, ValueError):
            raise self.damaged("frame") from None

    def pieces(self) -> Iterator[bytes]:
        size = 0
        for _ in range(FRAMES_MOST):
            kind, content = self.next()
            if kind is FrameKind.END:
                if _loads(content) != {"bytes": size}:
                    raise self.damaged("length")
                return
            if kind is not FrameKind.DATA:
                raise self.damaged("order")
            size += len(content)
            yield content

    def check_seal(self, content: bytes, names: list[str]) -> None:
        # The seal's own frame is not among those it counts.
        if _loads(content) != {"frames": self._seal.frames - 1, "sections": names}:
            raise self.damaged("seal")

    def damaged(self, check: str) -> BoxDamaged:
        return BoxDamaged(file=str(self._path), check=check)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        raise BoxMissing(file=str(path)) from None


def _check_header(file: BinaryIO, path: Path) -> None:
    header = file.read(len(HEADER))
    if header == HEADER:
        return
    if header and HEADER.startswith(header):
        raise BoxTorn(file=str(path))
    if header.startswith(FAMILY):
        raise BoxTooNew(file=str(path))
    raise BoxForeign(file=str(path))


def _scan(file: BinaryIO, size: int) -> tuple[list[Found], str | None]:
    """Every whole generation, and what is wrong behind the last one: "cut", or what is damaged."""
    found: list[Found] = []
    ruin: str | None = None
    at: int | None = len(HEADER)
    for _ in range(SCANNED_MOST):
        if at is None or at >= size:
            break
        try:
            generation = _walk(file, at, size)
        except _CutOffError:
            ruin, at = "cut", _next_mark(file, at + 1)
        except LayoutError as error:
            ruin, at = str(error), _next_mark(file, at + 1)
        else:
            found.append(generation)
            ruin, at = None, generation.end
    else:
        # Whatever comes behind these may be newer: none of them counts as the last one.
        return [], "generations"
    return _marked(found, ruin), ruin


def _marked(found: list[Found], ruin: str | None) -> list[Found]:
    if ruin is None or not found:
        return found
    last = found[-1]
    marked = Found(opening=last.opening, start=last.start, end=last.end, followed_by_ruin=True)
    return [*found[:-1], marked]


def _walk(file: BinaryIO, start: int, size: int) -> Found:
    """Follow the lengths from an opening to its closing. Raises LayoutError, _CutOffError."""
    file.seek(start)
    head = _exactly(file, OPENING_BYTES)
    rest = _exactly(file, opening_length(head) - OPENING_BYTES)
    opening = read_opening(head + rest)
    for _ in range(FRAMES_MOST):
        kind, length = read_frame_head(_exactly(file, FRAME_HEAD_BYTES))
        if file.seek(length + TAG_BYTES, os.SEEK_CUR) > size:
            raise _CutOffError
        if kind is FrameKind.SEAL:
            break
    else:
        raise LayoutError("frame")
    end = file.tell() + CLOSING_BYTES
    if _exactly(file, CLOSING_BYTES) != closing(end - start):
        raise LayoutError("closing")
    return Found(opening=opening, start=start, end=end)


def _exactly(file: BinaryIO, length: int) -> bytes:
    raw = file.read(length)
    if len(raw) != length:
        raise _CutOffError
    return raw


def _next_mark(file: BinaryIO, start: int) -> int | None:
    """Where the next opening begins: an append behind one that was cut off."""
    file.seek(start)
    before, at = b"", start
    while piece := file.read(_SEARCH_BYTES):
        window = before + piece
        where = window.find(OPENING_MARK)
        if where >= 0:
            return at - len(before) + where
        before, at = window[-len(OPENING_MARK) + 1 :], at + len(piece)
    return None


def _loads(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None
