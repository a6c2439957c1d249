"""A second, whole copy of the encrypted file, made beside whoever sells and checked on its own.

It goes through SQLite, never by copying the file: without its log a copied file has no sales in it
and passes every check. The original is only read, and nothing here waits for its write lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.buffer.anchor import AnchorMark, make_anchor, read_anchor
from kiosk.buffer.database import (
    Connection,
    DriverError,
    connect_to_read,
    connect_unlogged,
    connect_untouched,
    store_errors,
)
from kiosk.buffer.files import BufferPaths, flush_file
from kiosk.buffer.journal import Journal
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import check_fingerprint, refuse_newer, refuse_older
from kiosk.buffer.session import open_session
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreTooOld,
)

BEHIND_ANCHOR: Final = "behind_anchor"
MODES_MOST: Final = 8  # practice, test and live are three


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Entries of one mode that the rail does not have: those that wait, and those parked."""

    mode: str
    waiting: int
    watching: int
    unknown: int
    parked: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.waiting + self.watching + self.unknown + self.parked


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFacts:
    """What a copy turned out to hold when it was checked. Nothing in it is about a person."""

    buffer_id: str
    incarnation: int
    device: int
    seq: int
    head: str
    sales: int
    unsent: tuple[Unsent, ...]

    @property
    def unsent_total(self) -> int:
        """Entries of all modes that the rail does not have."""
        return sum(each.total for each in self.unsent)


def copy_buffer(paths: BufferPaths, keys: BufferKeys, target: Path) -> CopyFacts:
    """Write the whole buffer to `target`, which must not exist, and check what was written.

    The copy is at least as new as everything the anchor remembered before it was begun.

    Raises:
        StoreMissing, StoreReadOnly, StoreTooNew, WrongKey, StoreBusy: the original.
        StoreCorrupt: a page of the original does not read, or the copy failed a check.
        StoreFull: no room for it.
    """
    if not paths.buffer.is_file():
        raise StoreMissing(folder=str(paths.folder))
    mark = read_anchor(paths.anchor, keys.anchor)
    copy_file(paths.buffer, keys.database, target)
    facts = check_copy(target, keys, mark)
    flush_file(target)
    return facts


def copy_file(original: Path, key: bytes, target: Path) -> None:
    """Write one encrypted file, log included, to another under the same key. Not flushed."""
    source = connect_to_read(original, key)
    try:
        into = connect_unlogged(target, key)
        try:
            # In one step: a copy in pieces begins anew with every sale, and never ends.
            source.backup(into, pages=-1)
        except DriverError as error:
            raise _copy_error(error) from error
        finally:
            into.close()
    finally:
        source.close()


def check_copy(path: Path, keys: BufferKeys, mark: AnchorMark | None = None) -> CopyFacts:
    """Check a copy by itself: every page, the tables, the whole chain, and `mark` in it.

    Raises:
        WrongKey: it does not open with these keys.
        StoreCorrupt: `check` names what failed. StoreTooNew: a newer program wrote it.
    """
    connection = connect_untouched(path, keys.database)
    try:
        with store_errors():
            _check_tables(connection)
            _check_pages(connection)
            session = open_session(connection, keys)
            journal = Journal(session)
            report = journal.verify()
            if not report.ok:
                raise StoreCorrupt(check="journal")
            seq, head = journal.head()
            if mark is not None and not _contains(journal, mark):
                raise StoreCorrupt(check=BEHIND_ANCHOR)
            return CopyFacts(
                buffer_id=session.identity.buffer_id,
                incarnation=session.identity.incarnation,
                device=session.identity.device,
                seq=seq,
                head=head.hex(),
                sales=int(connection.execute("SELECT count(*) FROM sales").fetchone()[0]),
                unsent=unsent_entries(connection),
            )
    finally:
        connection.close()


def check_shelf(path: Path, key: bytes) -> None:
    """Check a copy of the practice shelf page by page. Raises WrongKey, StoreCorrupt."""
    connection = connect_untouched(path, key)
    try:
        with store_errors():
            _check_pages(connection)
    finally:
        connection.close()


def count_unsent(paths: BufferPaths, keys: BufferKeys) -> tuple[Unsent, ...]:
    """What the rail does not have yet, read beside whoever holds the file.

    Raises StoreMissing, StoreReadOnly, WrongKey, StoreBusy, StoreCorrupt.
    """
    if not paths.buffer.is_file():
        raise StoreMissing(folder=str(paths.folder))
    connection = connect_to_read(paths.buffer, keys.database)
    try:
        with store_errors():
            return unsent_entries(connection)
    finally:
        connection.close()


def unsent_entries(connection: Connection) -> tuple[Unsent, ...]:
    """Entries that are not delivered, by mode."""
    rows = connection.execute(
        "SELECT mode, count(*) FILTER (WHERE state = 'waiting' AND topic <> 'watch'),"
        " count(*) FILTER (WHERE state = 'waiting' AND topic = 'watch'),"
        " count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'parked')"
        " FROM outbox WHERE due_ms IS NOT NULL OR state = 'parked'"
        " GROUP BY mode ORDER BY mode LIMIT ?",
        (MODES_MOST,),
    )
    return tuple(
        Unsent(mode=row[0], waiting=row[1], watching=row[2], unknown=row[3], parked=row[4])
        for row in rows
    )


def settle_copy(paths: BufferPaths, keys: BufferKeys, facts: CopyFacts) -> None:
    """Give a copy that lies in its new folder an anchor of its own, so that it can be opened."""
    mark = AnchorMark.at(facts.buffer_id, facts.incarnation, facts.seq, bytes.fromhex(facts.head))
    try:
        make_anchor(paths.anchor, keys.anchor, mark)
    except OSError:
        raise StoreFull(free_mb=0) from None


def _copy_error(error: Exception) -> StoreError:
    """A backup's error has no code, only SQLite's own words for it.

    See https://www.sqlite.org/c3ref/errcode.html, `sqlite3_errstr`.
    """
    known: dict[str, StoreError] = {
        "database or disk is full": StoreFull(free_mb=0),
        "database is locked": StoreBusy(),
        "disk I/O error": StoreCorrupt(check="disk_io"),
    }
    return known.get(str(error), StoreCorrupt(check="page"))


def _check_tables(connection: Connection) -> None:
    """A copy of an earlier version is migrated where it is opened; until then it has its tables."""
    refuse_newer(connection)
    try:
        refuse_older(connection)
    except StoreTooOld:
        return
    check_fingerprint(connection)


def _check_pages(connection: Connection) -> None:
    # Page by page against its MAC first: what follows reads only genuine pages then.
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        raise StoreCorrupt(check="cipher_integrity")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise StoreCorrupt(check="quick_check")


def _contains(journal: Journal, mark: AnchorMark) -> bool:
    there = journal.hash_at(mark.seq)
    return there is not None and there[: len(mark.hash_start)] == mark.hash_start
