"""A damaged buffer as a heap of readable pages: its tables, and what no tree leads to any more.

It only reads, and reads no page that is not genuine: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.btree import (
    TABLE_INTERIOR,
    TABLE_LEAF,
    Record,
    Tally,
    free_pages,
    kind_of,
    records_of,
    walk,
)
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.page_log import NOTHING, LogPages, read_log
from kiosk.buffer.pages import PAGE_BYTES, PageCipher, PageFile, find_cipher
from kiosk.errors import WrongKey

SCHEMA_ROOT: Final = 1
_SCHEMA_KINDS: Final = {"table", "index", "trigger", "view"}
_TREES: Final = {2, 5, 10, 13}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoosePage:
    """A genuine page of rows that no readable page leads to; `rowids` says of which kind."""

    number: int
    rowids: bool
    records: tuple[Record, ...]


class Wreck:
    """One damaged file and its log. `doubtful`: take the log's torn last transaction too."""

    def __init__(
        self, paths: BufferPaths, key: bytes, known_salt: bytes | None, *, doubtful: bool = False
    ) -> None:
        """Raises WrongKey when not one page opens: another key, or the salt is gone for good."""
        self._file = PageFile(paths.buffer)
        self._log_path = paths.log
        cipher = find_cipher(self._file, key, known_salt)
        if cipher is None:
            self._file.close()
            raise WrongKey
        self._cipher: PageCipher = cipher
        self.log: LogPages = read_log(paths.log, cipher)
        self._frames = self.log.doubtful if doubtful else self.log.sure
        self._log = paths.log.open("rb") if self.log is not NOTHING and self._frames else None
        self._pages = max(len(self._file), *self._frames, *self.log.broken, 0)
        self._reached = bytearray(self._pages + 1)
        self.schema_whole = True
        self.unaccounted = 0
        self._trees = self._find_trees()
        free_pages(self.read, Tally(reached=self._reached))

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()
        if self._log is not None:
            self._log.close()

    def read(self, number: int) -> bytes | None:
        """The newest readable content of a page; None when there is none."""
        raw = self._raw(number)
        return self._cipher.plain(raw, number) if self._cipher.genuine(raw, number) else None

    @property
    def pages(self) -> int:
        """How many pages there are, those that cannot be read included."""
        return self._pages

    @property
    def stale(self) -> bool:
        """Whether some page is known only as it was before its newest version."""
        return bool(self.log.broken)

    @property
    def tables(self) -> Mapping[str, int]:
        """The first page of each table, as far as the schema can be read."""
        return {name: root for (kind, name), root in self._trees.items() if kind == "table"}

    def rows(self, table: str, tally: Tally) -> Iterator[Record]:
        """The readable rows of a table; `tally` learns what was not."""
        return walk(self.read, self.tables[table], tally)

    def tally(self) -> Tally:
        """A tally for one walk, which marks the pages of this file."""
        return Tally(reached=self._reached)

    def loose(self) -> Iterator[LoosePage]:
        """Pages of rows that no tree leads to. Ask after every table has been walked.

        Afterwards `unaccounted` is how many unreadable pages no tree leads to either.
        """
        for (kind, _), root in self._trees.items():
            if kind == "index":
                for _ in walk(self.read, root, self.tally()):
                    pass
        for number in range(1, self._pages + 1):
            if self._reached[number]:
                continue
            page = self.read(number)
            self.unaccounted += page is None
            if page is None or kind_of(page, number) not in _TREES - {TABLE_INTERIOR}:
                continue
            records = tuple(records_of(self.read, page, number, self.tally()))
            if records:
                rowids = kind_of(page, number) == TABLE_LEAF
                yield LoosePage(number=number, rowids=rowids, records=records)

    def _raw(self, number: int) -> bytes:
        offset = self._frames.get(number)
        if offset is None or self._log is None:
            return self._file.raw(number)
        self._log.seek(offset)
        return self._log.read(PAGE_BYTES)

    def _find_trees(self) -> dict[tuple[str, str], int]:
        """The first pages by the schema; where part of that is gone, by what looks like it."""
        tally = self.tally()
        found = list(walk(self.read, SCHEMA_ROOT, tally))
        if tally.lost_pages or tally.lost_records:
            self.schema_whole = False
            found += self._scattered_schema()
        return {
            (str(record.values[0]), str(record.values[1])): int(str(record.values[3]))
            for record in found
            if _is_schema(record) and record.values[3]
        }

    def _scattered_schema(self) -> Iterator[Record]:
        for number in range(2, self._pages + 1):
            page = None if self._reached[number] else self.read(number)
            if page is None or kind_of(page, number) != TABLE_LEAF:
                continue
            records = list(records_of(self.read, page, number, self.tally()))
            if records and all(_is_schema(record) for record in records):
                self._reached[number] = 1
                yield from records


def _is_schema(record: Record) -> bool:
    values = record.values
    return len(values) == 5 and values[0] in _SCHEMA_KINDS and isinstance(values[3], int)
