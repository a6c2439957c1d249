"""The start of a buffer: everything that is checked before the first sale of a run.

What fails here is said and left as it is: a file is never re-created and never deleted.
"""

from __future__ import annotations

from kiosk.buffer.anchor import Anchor, AnchorMark
from kiosk.buffer.creation import adopt_new_anchor
from kiosk.buffer.database import Connection, closing_on_error, connect, store_errors
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import Journal
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import check_fingerprint, migrate
from kiosk.buffer.outbox import Outbox
from kiosk.buffer.session import Session, open_session
from kiosk.errors import RolledBack, StoreCorrupt, StoreReadOnly, WrongKey

LINKS_AT_START = 1_000  # about 10 ms; the whole chain is for an audit


def start_buffer(paths: BufferPaths, keys: BufferKeys, now_ms: int) -> tuple[Connection, Anchor]:
    """Open, migrate and check; the connection and the anchor, ready for work.

    The caller holds the lock file and has looked at the free space.

    Raises:
        WrongKey, StoreCorrupt, RolledBack, StoreTooNew, StoreReadOnly, StoreFull, StoreBusy.
    """
    adopt_new_anchor(paths, keys)
    anchor = _open_anchor(paths, keys)
    try:
        connection = _open_buffer(paths, keys, anchor)
        with closing_on_error(connection), store_errors():
            migrate(connection, paths.buffer)
            check_fingerprint(connection)
            session = open_session(connection, keys)
            _check_history(session, anchor)
            _probe(session, now_ms)
    except BaseException:
        anchor.close()
        raise
    return connection, anchor


def mark_of(session: Session) -> AnchorMark:
    """The anchor's mark for the journal as it is now."""
    seq, link_hash = Journal(session).head()
    identity = session.identity
    return AnchorMark.at(identity.buffer_id, identity.incarnation, seq, link_hash)


def _open_anchor(paths: BufferPaths, keys: BufferKeys) -> Anchor:
    try:
        return Anchor(paths.anchor, keys.anchor)
    except FileNotFoundError:
        raise StoreCorrupt(check="anchor_missing") from None
    except OSError as error:
        raise StoreReadOnly(folder=str(paths.folder)) from error


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
        connection.close()
        raise StoreCorrupt(check="anchor")
    return connection


def _check_history(session: Session, anchor: Anchor) -> None:
    journal = Journal(session)
    seq, _ = journal.head()
    report = journal.verify(max(1, seq - LINKS_AT_START + 1))
    if not report.ok:
        raise StoreCorrupt(check="journal")
    mark = anchor.newest()
    if mark is None or mark.buffer_id != session.identity.buffer_id:
        raise StoreCorrupt(check="anchor")
    there = journal.hash_at(mark.seq)
    # Shorter: an old copy. Another link in its place: an old copy that went on by itself.
    if there is None or there[: len(mark.hash_start)] != mark.hash_start:
        raise RolledBack(seq=seq, anchor_seq=mark.seq)


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
