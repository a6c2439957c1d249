"""The full check of a buffer, beside whoever sells: every page, table, link, number and sale.

It reads on a connection of its own, in short steps, and keeps no more than one page of rows in
memory, so it never blocks a sale. It changes nothing; what it finds is told, not mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from kiosk.buffer.anchor import AnchorMark, read_anchor
from kiosk.buffer.audit_state import SALE_COMPLETED, StateAudit
from kiosk.buffer.chain import Chain, ChainReport, JournalLink
from kiosk.buffer.database import (
    Connection,
    DriverError,
    Row,
    connect_to_read,
    interrupted,
    store_error,
)
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import PAGE, START, Journal
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import is_strange
from kiosk.buffer.page_log import read_log
from kiosk.buffer.pages import PageFile, find_cipher
from kiosk.buffer.session import Session, open_session
from kiosk.errors import StoreBusy, StoreCorrupt, StoreError

FLAWS_MAX: Final = 100  # told one by one; all are counted
PAGES_BETWEEN: Final = 256  # about 2 ms of work between two looks at whether to go on
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_LOST: Final = (
    "SELECT \"table\" || ' to ' || parent, count(*) FROM pragma_foreign_key_check('{table}')"
    " GROUP BY 1"
)
T = TypeVar("T")


class Part(StrEnum):
    """The parts of a full check, in their order."""

    PAGES = "pages"
    SCHEMA = "schema"
    TABLES = "tables"
    REFERENCES = "references"
    JOURNAL = "journal"
    NUMBERS = "numbers"
    STOCK = "stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something that is not as it should be. `where` names a page, table, link or sale id."""

    part: Part
    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What a full check found. `complete` False: it was stopped, and says nothing about the rest.

    `flaws` are the first `FLAWS_MAX` of `flaws_found`. `file_start` is the file's salt, which is no
    secret: without it a damaged first page would take the whole file with it.
    """

    complete: bool
    flaws: tuple[Flaw, ...]
    flaws_found: int
    pages: int
    sales: int
    chain: ChainReport
    file_start: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether everything was looked at and nothing was wrong."""
        return self.complete and self.flaws_found == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a check is: `done` of about `total` pages, tables or links of this part."""

    part: Part
    done: int
    total: int


GoOn = Callable[[Progress], bool]


class Stopped(Exception):
    """Whoever asked for the check does not want the rest of it."""


def audit_buffer(
    paths: BufferPaths,
    keys: BufferKeys,
    go_on: GoOn = lambda _progress: True,
    file: PageFile | None = None,
    opened: Callable[[Connection], None] = lambda _connection: None,
) -> AuditReport:
    """Check everything; `go_on` hears of the progress several times a second, False stops it.

    A process that has the buffer open hands in a `file` of its own, and closes it after the buffer:
    closing any other would let go of all the locks that SQLite has on it in this process (see
    https://www.sqlite.org/howtocorrupt.html, 2.2). `opened` is handed the reading connection, so
    that another thread may interrupt a long statement: the check then counts as stopped.

    Raises:
        StoreMissing, StoreReadOnly, StoreBusy: it could not look.
        StoreTooNew: a newer program wrote the file, and only that one knows what has to be there.
    """
    paths.check_present()
    # Before the file: what the anchor remembers must be in every later snapshot of it.
    mark = read_anchor(paths.anchor, keys.anchor)
    audit = _Audit(paths, keys, go_on, opened)
    try:
        audit.pages(file)
        audit.inside(mark)
    except Stopped:
        return audit.report(complete=False)
    return audit.report(complete=True)


class _Audit:
    """One full check under way."""

    def __init__(
        self,
        paths: BufferPaths,
        keys: BufferKeys,
        go_on: GoOn,
        opened: Callable[[Connection], None],
    ) -> None:
        self._paths, self._keys, self._go_on, self._opened = paths, keys, go_on, opened
        self._flaws: list[Flaw] = []
        self._found = self._pages = self._sales = 0
        self._chain = ChainReport(ok=False, length=0, broken_at=None)
        self._at = "sqlite_master"  # the table that is read
        self._start = b""

    def report(self, *, complete: bool) -> AuditReport:
        return AuditReport(
            complete=complete,
            flaws=tuple(self._flaws),
            flaws_found=self._found,
            pages=self._pages,
            sales=self._sales,
            chain=self._chain,
            file_start=self._start,
        )

    def pages(self, given: PageFile | None) -> None:
        """Each page of the file, also those that no table uses now; and the log's frames."""
        file = given or PageFile(self._paths.buffer)
        try:
            self._start = file.salt()
            cipher = find_cipher(file, self._keys.database, None)
            if cipher is None:
                self._flaw(Part.PAGES, "no_page_opens", "page 1")
                return
            total = len(file)
            for number, bad in file.damaged(cipher, iter(range(1, total + 1))):
                self._pages += 1
                if bad:
                    self._flaw(Part.PAGES, "page_damaged", f"page {number}")
                if number % PAGES_BETWEEN == 0:
                    self._tell(Part.PAGES, number, total)
            if read_log(self._paths.log, cipher).cut:
                self._flaw(Part.PAGES, "log_damaged", self._paths.log.name)
        finally:
            if given is None:
                file.close()

    def inside(self, mark: AnchorMark | None) -> None:
        """What SQLite can read of it, and whether it makes sense."""
        try:
            connection = connect_to_read(self._paths.buffer, self._keys.database)
        except StoreBusy:
            raise
        except StoreError as error:
            self._flaw(Part.SCHEMA, "not_readable", error.code)
            return
        try:
            self._opened(connection)
            self._inside(connection, mark)
        finally:
            connection.close()

    def _inside(self, connection: Connection, mark: AnchorMark | None) -> None:
        tables = [row[0] for row in self._rows(Part.SCHEMA, connection, _TABLES)]
        if self._guarded(Part.SCHEMA, lambda: is_strange(connection), otherwise=False):
            self._flaw(Part.SCHEMA, "schema_differs", "sqlite_master")
        nothing: Mapping[str, int] = {}
        told = self._guarded(Part.REFERENCES, StateAudit(connection).told_orphans, nothing)
        for place, table in enumerate(tables):
            self._at = table
            self._tell(Part.TABLES, place, len(tables))
            said = self._rows(Part.TABLES, connection, f"PRAGMA integrity_check('{table}')")
            if any(row[0] != "ok" for row in said):
                self._flaw(Part.TABLES, "table_damaged", table)
            for table_to_parent, count in self._rows(
                Part.REFERENCES, connection, _LOST.format(table=table)
            ):
                # What a salvage has told of is no news, and no other salvage mends it.
                if count > told.get(table_to_parent, 0):
                    self._flaw(Part.REFERENCES, "row_without_parent", table_to_parent)
        try:
            session = open_session(connection, self._keys)
        except (StoreCorrupt, DriverError):
            self._flaw(Part.SCHEMA, "identity_missing", "buffer_identity")
            return
        self._journal(session, mark)
        state = StateAudit(connection)
        for part, found in ((Part.NUMBERS, state.numbers()), (Part.STOCK, state.stock())):
            self._tell(part, 0, 1)
            self._collect(part, found)

    def _journal(self, session: Session, mark: AnchorMark | None) -> None:
        self._at = "journal"
        journal, state = Journal(session), StateAudit(session.connection)
        chain = Chain(self._keys.journal, 1, START)
        total = self._guarded(Part.JOURNAL, journal.head, (0, START))[0]
        links: list[JournalLink] = []
        told = 0
        try:
            for link in journal.each():
                chain.add(link)
                told += link.kind == SALE_COMPLETED
                links.append(link)
                if len(links) == PAGE:
                    self._collect(Part.JOURNAL, state.sales(links))
                    self._tell(Part.JOURNAL, link.seq, total)
                    links = []
            self._collect(Part.JOURNAL, state.sales(links))
        except DriverError as error:
            self._driver_flaw(Part.JOURNAL, error)
        self._chain = chain.report()
        if not self._chain.ok:
            self._flaw(Part.JOURNAL, "link_does_not_follow", f"link {self._chain.broken_at}")
        self._sales = self._guarded(Part.JOURNAL, state.count_sales, 0)
        self._collect(Part.JOURNAL, state.unwritten(allowed=self._chain.missing))
        # By the links themselves: their index may be of another time than they are.
        if self._sales > told + self._chain.missing:
            self._flaw(Part.JOURNAL, "sales_not_in_journal", f"{self._sales - told} sales")
        self._hold_against(mark, session, journal)

    def _hold_against(self, mark: AnchorMark | None, session: Session, journal: Journal) -> None:
        """A chain that was cut short is whole in itself: only the anchor knows how far it went."""
        if mark is None or mark.buffer_id != session.identity.buffer_id:
            self._flaw(Part.JOURNAL, "anchor_not_genuine", self._paths.anchor.name)
            return
        there = self._guarded(Part.JOURNAL, lambda: journal.hash_at(mark.seq), None)
        if there is None or there[: len(mark.hash_start)] != mark.hash_start:
            self._flaw(Part.JOURNAL, "anchor_is_ahead", f"link {mark.seq}")

    def _collect(self, part: Part, found: Iterator[tuple[str, str]]) -> None:
        try:
            for what, where in found:
                self._flaw(part, what, where)
        except DriverError as error:
            self._driver_flaw(part, error)

    def _rows(self, part: Part, connection: Connection, sql: str) -> list[Row]:
        return self._guarded(part, lambda: connection.execute(sql).fetchall(), [])

    def _guarded(self, part: Part, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except DriverError as error:
            self._driver_flaw(part, error)
            return otherwise

    def _driver_flaw(self, part: Part, error: Exception) -> None:
        if interrupted(error):
            raise Stopped from None
        meant = store_error(error)
        if isinstance(meant, StoreBusy):
            raise meant from error
        self._flaw(part, "not_readable", self._at)

    def _flaw(self, part: Part, what: str, where: str) -> None:
        self._found += 1
        if len(self._flaws) < FLAWS_MAX:
            self._flaws.append(Flaw(part=part, what=what, where=where))

    def _tell(self, part: Part, done: int, total: int) -> None:
        if not self._go_on(Progress(part=part, done=done, total=total)):
            raise Stopped
