"""The start of a buffer: everything that is checked before the first sale of a run.

What fails here is said and left as it is: a file is never re-created and never deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kiosk.buffer.anchor import Anchor, AnchorMark, names_another, read_anchor
from kiosk.buffer.chain import ChainReport
from kiosk.buffer.creation import adopt_new_anchor
from kiosk.buffer.database import (
    Connection,
    closing_on_error,
    connect,
    connect_to_read,
    store_errors,
)
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.incarnations import ITS_OWN, Incarnations, judge
from kiosk.buffer.journal import Journal
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.log_check import refuse_cut_log
from kiosk.buffer.migrations import check_fingerprint, pending, refuse_newer, refuse_older
from kiosk.buffer.outbox import Outbox
from kiosk.buffer.room import Room
from kiosk.buffer.salvage_switch import finish_switch, switching
from kiosk.buffer.session import Session, open_session
from kiosk.buffer.upgrade import discard_unfinished, drop_older, upgrade
from kiosk.errors import (
    RolledBack,
    StoreCorrupt,
    StoreInUse,
    StoreReadOnly,
    WrongKey,
)

LINKS_AT_START = 1_000  # about 10 ms; the whole chain is for an audit
# What is wrong with the anchor, as the field `check` of StoreCorrupt: all but the last are got over
# by an acknowledged restore, and that one by putting the right file there.
ANCHOR_MISSING: Final = "anchor_missing"
ANCHOR_LOST: Final = "anchor_lost"  # what stands in its place remembers nothing
ANCHOR_GARBLED: Final = "anchor"
ANCHOR_FOREIGN: Final = "anchor_foreign"


def refuse_other_history(session: Session, anchor: Anchor) -> None:
    """Raise RolledBack when the anchor remembers links that this journal does not have.

    Raises StoreCorrupt where nobody can tell, because the anchor was lost.
    """
    mark, journal = anchor.newest(), Journal(session)
    if mark is None or judge(journal, session.identity.incarnation, mark) in ITS_OWN:
        return
    if mark.is_unfit:
        raise StoreCorrupt(check=ANCHOR_LOST)
    raise RolledBack(seq=journal.head()[0], anchor_seq=mark.seq)


History = Callable[[Session, Anchor], None]


def start_buffer(
    paths: BufferPaths,
    keys: BufferKeys,
    room: Room,
    now_ms: int,
    history: History = refuse_other_history,
) -> tuple[Connection, Anchor]:
    """Open, bring up to date and check; the connection and the anchor, ready for work.

    The caller holds the lock file and has looked at the free space.

    Raises:
        WrongKey, StoreCorrupt, RolledBack, StoreTooNew, StoreNotUpgraded, StoreReadOnly,
        StoreFull, StoreBusy.
    """
    finish_switch(paths)
    adopt_new_anchor(paths, keys)
    discard_unfinished(paths)
    anchor = _open_anchor(paths, keys)
    try:
        refuse_cut_log(paths, keys, anchor.newest())
        connection = _open_current(paths, keys, anchor, room)
        with closing_on_error(connection), store_errors():
            check_fingerprint(connection)
            session = open_session(connection, keys)
            _check_chain(session, anchor)
            history(session, anchor)
            _probe(session, now_ms)
    except BaseException:
        anchor.close()
        raise
    drop_older(paths)
    return connection, anchor


def look_at_buffer(
    paths: BufferPaths, keys: BufferKeys, room: Room
) -> tuple[Connection, AnchorMark | None]:
    """A connection that only reads, and what the anchor remembers; without the lock.

    Raises:
        StoreReadOnly, StoreTooNew, StoreTooOld, StoreFull, WrongKey, StoreCorrupt.
    """
    if switching(paths):
        raise StoreInUse(folder=str(paths.folder))
    # Before the file: what the anchor remembers must be in every later snapshot of it.
    mark = read_anchor(paths.anchor, keys.anchor)
    try:
        connection = connect_to_read(paths.buffer, keys.database)
    except WrongKey:
        if mark is not None:
            raise StoreCorrupt(check="first_page") from None
        raise
    except StoreCorrupt:
        room.check_to_look()
        raise
    with closing_on_error(connection), store_errors():
        refuse_newer(connection)
        refuse_older(connection)
        check_fingerprint(connection)
    return connection, mark


def refusal_of_anchor(paths: BufferPaths, keys: BufferKeys, buffer_id: str) -> StoreCorrupt | None:
    """What is wrong with the anchor of this buffer; None when it is genuine and its own."""
    mark = read_anchor(paths.anchor, keys.anchor)
    if mark is not None:
        return None if mark.buffer_id == buffer_id else StoreCorrupt(check=ANCHOR_FOREIGN)
    if not paths.anchor.exists():
        return StoreCorrupt(check=ANCHOR_MISSING)
    foreign = names_another(paths.anchor, buffer_id)
    return StoreCorrupt(check=ANCHOR_FOREIGN if foreign else ANCHOR_GARBLED)


def verify_against(journal: Journal, lives: Incarnations, mark: AnchorMark | None) -> ChainReport:
    """Recompute the whole chain, and hold its end against what the anchor remembers.

    A chain that was cut short is whole in itself: only the anchor knows how far it went.
    """
    report = journal.verify()
    if not report.ok or mark is None or lives.standing_of(mark) in ITS_OWN:
        return report
    return ChainReport(ok=False, length=report.length, broken_at=mark.seq)


def _open_anchor(paths: BufferPaths, keys: BufferKeys) -> Anchor:
    try:
        return Anchor(paths.anchor, keys.anchor)
    except FileNotFoundError:
        raise StoreCorrupt(check=ANCHOR_MISSING) from None
    except OSError as error:
        raise StoreReadOnly(folder=str(paths.folder)) from error


def _open_current(paths: BufferPaths, keys: BufferKeys, anchor: Anchor, room: Room) -> Connection:
    """The file with this program's tables, put in its place first where it has earlier ones."""
    connection = _open_buffer(paths, keys, anchor)
    with closing_on_error(connection), store_errors():
        refuse_newer(connection)
        if not pending(connection):
            return connection
        upgrade(connection, paths, keys, room)
    return connect(paths.buffer, keys.database)


def _open_buffer(paths: BufferPaths, keys: BufferKeys, anchor: Anchor) -> Connection:
    """A wrong key and a damaged first page look alike to the driver, not to the anchor."""
    genuine = anchor.newest() is not None
    try:
        connection = connect(paths.buffer, keys.database)
    except WrongKey:
        if genuine:
            raise StoreCorrupt(check="first_page") from None
        raise
    if not genuine:
        with closing_on_error(connection), store_errors():
            row = connection.execute("SELECT buffer_id FROM buffer_identity").fetchone()
            foreign = row is not None and names_another(paths.anchor, row[0])
            raise StoreCorrupt(check=ANCHOR_FOREIGN if foreign else ANCHOR_GARBLED)
    return connection


def _check_chain(session: Session, anchor: Anchor) -> None:
    journal = Journal(session)
    seq, _ = journal.head()
    report = journal.verify(max(1, seq - LINKS_AT_START + 1))
    if not report.ok or not journal.has_newest_sale():
        raise StoreCorrupt(check="journal")
    mark = anchor.newest()
    if mark is None or mark.buffer_id != session.identity.buffer_id:
        raise StoreCorrupt(check=ANCHOR_FOREIGN)


def _probe(session: Session, now_ms: int) -> None:
    """Write for real: a read-only file opens and reads without a word. Frees dead leases too."""
    connection = session.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        Outbox(session).break_leases(now_ms)
        # Not raised to now: a clock that runs ahead would leave its mark for ever.
        connection.execute("UPDATE buffer_identity SET highest_ms = highest_ms")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
