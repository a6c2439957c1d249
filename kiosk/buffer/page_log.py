"""The write-ahead log as it lies on the disk: which pages it has, and whether commits are cut off.

SQLite takes a log as far as its checksums hold and drops the rest without a word, which is right
after a power cut and wrong when an older frame was damaged: what came later was acknowledged.
Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.buffer.pages import PAGE_BYTES, PageCipher

HEADER_BYTES: Final = 32
_FRAME_HEADER: Final = struct.Struct(">IIIIII")
_FRAME_BYTES: Final = _FRAME_HEADER.size + PAGE_BYTES
_MAGICS: Final = {0x377F0682: "<", 0x377F0683: ">"}
_WORD: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One page's version in the log. `pages` is the file's size after a commit, else 0."""

    offset: int  # of the page's bytes in the log
    number: int
    pages: int
    follows: bool  # the checksums hold up to here
    genuine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPages:
    """What a log gives. Offsets of page versions by page number, the newest of each.

    `sure` holds what was committed for certain; `doubtful` what a last transaction with a hole in
    it would add: a power cut may have torn it before it was acknowledged. `broken` pages have a
    newer version that cannot be read. `cut`: SQLite would drop commits that were acknowledged.
    """

    sure: Mapping[int, int]
    doubtful: Mapping[int, int]
    broken: frozenset[int]
    cut: bool
    torn: bool


NOTHING: Final = LogPages(sure={}, doubtful={}, broken=frozenset(), cut=False, torn=False)


def read_log(path: Path, cipher: PageCipher) -> LogPages:
    """Look at every frame of the log's present generation; a missing or empty log gives nothing."""
    try:
        with path.open("rb") as file:
            transactions = list(_transactions(_frames(file.read(), cipher)))
    except FileNotFoundError:
        return NOTHING
    sure: dict[int, int] = {}
    doubtful: dict[int, int] = {}
    broken: set[int] = set()
    torn = cut = False
    for place, frames in enumerate(transactions):
        whole = all(frame.genuine and frame.follows for frame in frames)
        last = place == len(transactions) - 1
        torn = torn or not whole
        # A transaction begins only after the one before it was flushed and acknowledged.
        cut = cut or (not whole and not last)
        kept = sure if whole or not last else doubtful
        for frame in frames:
            if frame.genuine:
                kept[frame.number] = frame.offset
                broken.discard(frame.number)
            elif not last:
                broken.add(frame.number)
    return LogPages(
        sure=sure, doubtful={**sure, **doubtful}, broken=frozenset(broken), cut=cut, torn=torn
    )


def _transactions(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    """Frames up to each commit. What follows the last commit was never committed."""
    waiting: list[Frame] = []
    for frame in frames:
        waiting.append(frame)
        if frame.pages:
            yield waiting
            waiting = []


def _frames(log: bytes, cipher: PageCipher) -> Iterator[Frame]:
    if len(log) < HEADER_BYTES:
        return
    magic = int.from_bytes(log[:4], "big")
    order = _MAGICS.get(magic, "<")
    sums = _checksum(order, log[:24], (0, 0))
    follows = magic in _MAGICS and sums == _two_words(log, 24)
    salts = _two_words(log, 16) if follows else _salts_of_frames(log)
    for at in range(HEADER_BYTES, len(log) - _FRAME_BYTES + 1, _FRAME_BYTES):
        number, pages, *mixed = _FRAME_HEADER.unpack_from(log, at)
        start = at + _FRAME_HEADER.size
        raw = log[start : start + PAGE_BYTES]
        ours = tuple(mixed[:2]) == salts
        # Of the log's last generation, unless it is one of ours with a damaged header.
        if not ours and not _ours_go_on(log, at, salts):
            return
        if follows:
            sums = _checksum(order, raw, _checksum(order, log[at : at + 8], sums))
            follows = ours and sums == tuple(mixed[2:])
        genuine = ours and cipher.genuine(raw, number)
        yield Frame(offset=start, number=number, pages=pages, follows=follows, genuine=genuine)


def _salts_of_frames(log: bytes) -> tuple[int, int]:
    """The salts of this generation where the header is damaged: what the first frames agree on."""
    most = min(len(log) - _FRAME_BYTES + 1, HEADER_BYTES + 3 * _FRAME_BYTES)
    seen = [_two_words(log, at + 8) for at in range(HEADER_BYTES, most, _FRAME_BYTES)] or [(0, 0)]
    return max(seen, key=seen.count)


def _ours_go_on(log: bytes, at: int, salts: tuple[int, int]) -> bool:
    """Whether the very next frame is of this generation again."""
    after = at + _FRAME_BYTES
    return len(log) >= after + _FRAME_BYTES and _two_words(log, after + 8) == salts


def _two_words(raw: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(">II", raw, at)
    return first, second


def _checksum(order: str, raw: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """SQLite's running checksum over pairs of 32-bit words."""
    first, second = sums
    words = struct.unpack(f"{order}{len(raw) // 4}I", raw)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & _WORD
        second = (second + words[at + 1] + first) & _WORD
    return first, second
