"""Reads SQLite's trees out of plain pages, stepping over every page that cannot be read.

SQLite itself stops at the first damaged page; this goes on with the next. It only reads.
Format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.pages import USABLE_BYTES

INDEX_INTERIOR: Final = 2
TABLE_INTERIOR: Final = 5
INDEX_LEAF: Final = 10
TABLE_LEAF: Final = 13
_KINDS: Final = {INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF}
_INTERIOR: Final = {INDEX_INTERIOR, TABLE_INTERIOR}
_FILE_HEADER: Final = 100
_TABLE_LOCAL: Final = USABLE_BYTES - 35
_INDEX_LOCAL: Final = (USABLE_BYTES - 12) * 64 // 255 - 23
_LEAST_LOCAL: Final = (USABLE_BYTES - 12) * 32 // 255 - 23
_OVERFLOW_BYTES: Final = USABLE_BYTES - 4
_INTEGER_BYTES: Final = (0, 1, 2, 3, 4, 6, 8)
RECORD_MOST: Final = 64 * 1024 * 1024
COLUMNS_MAX: Final = 200

Value = None | int | float | str | bytes
ReadPage = Callable[[int], bytes | None]


class Unreadable(Exception):
    """Bytes that are no record or no tree page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row as it is stored: `rowid` None in trees without; values in stored order."""

    rowid: int | None
    values: tuple[Value, ...]


class Tally:
    """What a walk met: page numbers it reached, pages and records it could not read."""

    def __init__(self, reached: bytearray) -> None:
        self.reached = reached
        self.lost_pages: list[int] = []
        self.lost_records = 0

    def mark(self, number: int) -> bool:
        """Whether this page is met for the first time and can be one of the file's."""
        if not 0 < number < len(self.reached) or self.reached[number]:
            return False
        self.reached[number] = 1
        return True


def walk(read: ReadPage, root: int, tally: Tally) -> Iterator[Record]:
    """Every readable record of the tree at `root`, in the tree's order where nothing is lost."""
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if not tally.mark(number):
            tally.lost_pages.append(number)
            continue
        page = read(number)
        if page is None or kind_of(page, number) not in _KINDS:
            tally.lost_pages.append(number)
            continue
        yield from records_of(read, page, number, tally)
        if kind_of(page, number) in _INTERIOR:
            waiting.extend(reversed(_children(page, number)))


def records_of(read: ReadPage, page: bytes, number: int, tally: Tally) -> Iterator[Record]:
    """The records that stand in this one page."""
    kind = kind_of(page, number)
    if kind == TABLE_INTERIOR:
        return
    for at in _cells(page, number):
        try:
            yield _record(read, page, at, kind, tally)
        except (Unreadable, IndexError, struct.error, UnicodeDecodeError):
            tally.lost_records += 1


def kind_of(page: bytes, number: int) -> int:
    """The tree page's kind, one of the constants above, or something else."""
    return page[_header(number)]


def free_pages(read: ReadPage, tally: Tally) -> None:
    """Mark the pages of the free list, whose content is nobody's any more."""
    first = read(1)
    trunk = 0 if first is None else int.from_bytes(first[32:36], "big")
    while tally.mark(trunk):
        page = read(trunk)
        if page is None:
            return
        trunk, count = struct.unpack_from(">II", page)
        for leaf in struct.unpack_from(f">{min(count, 1000)}I", page, 8):
            tally.mark(leaf)


def _header(number: int) -> int:
    return _FILE_HEADER if number == 1 else 0


def _cells(page: bytes, number: int) -> tuple[int, ...]:
    header = _header(number)
    count = int.from_bytes(page[header + 3 : header + 5], "big")
    start = header + (12 if page[header] in _INTERIOR else 8)
    count = min(count, (USABLE_BYTES - start) // 2)
    return struct.unpack_from(f">{count}H", page, start)


def _children(page: bytes, number: int) -> list[int]:
    left = [int.from_bytes(page[at : at + 4], "big") for at in _cells(page, number)]
    header = _header(number)
    return [*left, int.from_bytes(page[header + 8 : header + 12], "big")]


def _record(read: ReadPage, page: bytes, at: int, kind: int, tally: Tally) -> Record:
    if kind == INDEX_INTERIOR:
        at += 4
    size, at = _varint(page, at)
    rowid = None
    if kind == TABLE_LEAF:
        rowid, at = _varint(page, at)
        rowid -= (rowid >> 63) << 64
    return Record(rowid=rowid, values=_values(_payload(read, page, (at, size, kind), tally)))


def _payload(read: ReadPage, page: bytes, cell: tuple[int, int, int], tally: Tally) -> bytes:
    """A record's bytes, its overflow pages included."""
    at, size, kind = cell
    most = _TABLE_LOCAL if kind == TABLE_LEAF else _INDEX_LOCAL
    if size <= most:
        if at + size > len(page):
            raise Unreadable
        return page[at : at + size]
    if size > RECORD_MOST:
        raise Unreadable
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % _OVERFLOW_BYTES
    if local > most:
        local = _LEAST_LOCAL
    parts, left = [page[at : at + local]], size - local
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    while left > 0:
        tally.mark(following)
        more = read(following) if 0 < following < len(tally.reached) else None
        if more is None:
            raise Unreadable
        parts.append(more[4 : 4 + min(left, _OVERFLOW_BYTES)])
        left -= _OVERFLOW_BYTES
        following = int.from_bytes(more[:4], "big")
    return b"".join(parts)


def _values(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    if end > len(payload):
        raise Unreadable
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end or len(kinds) > COLUMNS_MAX:
        raise Unreadable
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in {8, 9}:
        return kind - 8, at
    if kind >= 12:
        size = (kind - 12) // 2
        raw = payload[at : at + size]
        if len(raw) != size:
            raise Unreadable
        return (raw.decode() if kind % 2 else raw), at + size
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if kind >= len(_INTEGER_BYTES):
        raise Unreadable
    size = _INTEGER_BYTES[kind]
    return int.from_bytes(payload[at : at + size], "big", signed=True), at + size


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = raw[at + place]
        if place == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + place + 1
    raise Unreadable
