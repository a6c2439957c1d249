"""Beginning a new life of a buffer of which an older copy was put back, when staff acknowledge it.

No number is used twice: receipts get a series of their own, passes jump, and what may have been
sent in a life that left no trace here is looked for before it is sent. Nothing is removed.

Two copies that are acknowledged apart, both without a network, cannot know of each other. So the
number of a life and the first number of its passes are drawn: their receipts have the same names
once in `LIVES_APART` times, and of 500 passes on each some have the same numbers once in 50 times,
which a gate tells by their content. The rail finds the two at the first contact, as any fork. More
cannot be had: a pass number is 32 bits under a ceiling, and the ceiling is what bounds a thief. So
whoever acknowledges is told to close every other copy first.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kiosk.buffer.anchor import (
    Anchor,
    AnchorMark,
    make_anchor,
    names_another,
    read_anchor,
    unfit,
)
from kiosk.buffer.database import Connection, DriverError, connect, store_errors
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.incarnations import ITS_OWN, Incarnation, Incarnations, mark_of
from kiosk.buffer.journal import Journal, JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.log_check import refuse_cut_log
from kiosk.buffer.outbox_steps import suspect_open_steps
from kiosk.buffer.room import Room, RoomRules
from kiosk.buffer.session import Session, open_session
from kiosk.buffer.start import ANCHOR_FOREIGN, start_buffer
from kiosk.domain.entitlement import PASSES_PER_SALE
from kiosk.errors import CertificateInvalid, NothingRestored, StoreCorrupt, StoreReadOnly

BUFFER_RESTORED: Final = "buffer.restored"
# Marks elsewhere are written now and then: between the last one and the end of a life that was left
# behind fewer passes than this were issued.
PASS_JUMP: Final = 10_000
# What is drawn on top: fifty thousand, so that numbers fit into 16 bits for a while and codes stay
# small; later a tenth of what is left. A certificate of a million has room for about forty lives.
PASS_SPREAD: Final = 50_000
PASS_SPREAD_PART: Final = 10
LIVES_APART: Final = 9_000  # lives of copies that do not know of each other, and their receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What staff say, and what is known besides: marks kept elsewhere, the certificate's last pass.

    `whole_folder`: the anchor was put back with the file, so that nothing here can tell. `below`
    draws a whole number from 0 up to one less than it is given.
    """

    passes_most: int
    now_ms: int
    marks: tuple[AnchorMark, ...] = ()
    whole_folder: bool = False
    below: Callable[[int], int] = secrets.randbelow


def acknowledge_restore(
    folder: Path, keys: BufferKeys, acknowledged: Acknowledgement
) -> Incarnation:
    """Begin a new life of the buffer in this folder. Cut off anywhere, it is done or not begun.

    Raises:
        NothingRestored: nothing is missing as far as anything remembers; nothing was changed.
        CertificateInvalid: the certificate has no room for another jump of pass numbers.
        StoreMissing, StoreInUse, StoreFull, StoreReadOnly, StoreTooNew, WrongKey, StoreCorrupt.
    """
    paths = BufferPaths(folder=folder)
    paths.check_present()
    lock = FileLock(paths.lock)
    try:
        room = Room(folder, paths.ballast, RoomRules())
        room.check_to_open()
        _replace_lost_anchor(paths, keys)
        asked = _Asked(acknowledged)
        connection, anchor = start_buffer(paths, keys, room, acknowledged.now_ms, asked.answer)
        _close(connection, anchor)
    finally:
        lock.release()
    assert asked.begun is not None, "the start asks about the history, or fails"
    return asked.begun


def begin(session: Session, acknowledged: Acknowledgement) -> Incarnation:
    """Begin a new life inside an open transaction; the file is opened anew after the commit.

    Raises CertificateInvalid when the certificate has no room for another jump.
    """
    identity, lives = session.identity, Incarnations(session)
    strange = _strange(lives, acknowledged.marks)
    seq, _ = Journal(session).head()
    known_seq = max((mark.seq for mark in strange if not mark.is_unfit), default=None)
    lost = 0 if known_seq is None else max(0, known_seq - seq)
    heard_of = max((mark.incarnation for mark in strange), default=0)
    begun = Incarnation(
        number=max(identity.incarnation, heard_of) + 1 + acknowledged.below(LIVES_APART),
        former=identity.incarnation,
        journal_seq=seq + 1,
        known_seq=known_seq,
        pass_floor=_jump(
            session.connection, lost, acknowledged, met=heard_of > identity.incarnation
        ),
        outbox_seq=lives.last_entry(),
        at_ms=acknowledged.now_ms,
    )
    suspect_open_steps(session.connection)
    session.connection.execute("UPDATE buffer_identity SET incarnation = ?", (begun.number,))
    lives.insert(begun)
    _write_down(session, begun)
    return begun


class _Asked:
    """Answers the start's question about the history of the file by beginning a new life."""

    def __init__(self, acknowledged: Acknowledgement) -> None:
        self._acknowledged = acknowledged
        self.begun: Incarnation | None = None

    def answer(self, session: Session, anchor: Anchor) -> None:
        """In one transaction; the anchor follows, and is written again should we die before."""
        newest, said = anchor.newest(), self._acknowledged
        marks = said.marks if newest is None else (*said.marks, newest)
        if not said.whole_folder and not _strange(Incarnations(session), marks):
            raise NothingRestored
        acknowledged = replace(said, marks=marks)
        connection = session.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self.begun = begin(session, acknowledged)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        seq, link_hash = Journal(session).head()
        buffer_id = session.identity.buffer_id
        with suppress(OSError):
            anchor.write(AnchorMark.at(buffer_id, self.begun.number, seq, link_hash))


def _strange(lives: Incarnations, marks: tuple[AnchorMark, ...]) -> tuple[AnchorMark, ...]:
    """The marks this journal does not contain: those handed in, and those seen before."""
    return tuple(
        mark for mark in (*marks, *lives.unsettled()) if lives.standing_of(mark) not in ITS_OWN
    )


def _jump(connection: Connection, lost: int, acknowledged: Acknowledgement, *, met: bool) -> int:
    """Leave out the pass numbers that other lives may use or have used; the last of them.

    `met`: one was heard of that began elsewhere, from a copy like this one.
    """
    row = connection.execute("SELECT value FROM counters WHERE name = 'pass'").fetchone()
    floor = (0 if row is None else int(row[0])) + lost * PASSES_PER_SALE + PASS_JUMP
    left = acknowledged.passes_most - PASS_JUMP - floor
    if left < 0:
        raise CertificateInvalid(reason="seq_limit")
    if met:
        # Where its passes began was drawn as well, and no mark tells it.
        behind = min(PASS_JUMP + PASS_SPREAD, left)
        floor, left = floor + behind, left - behind
    floor += acknowledged.below(min(PASS_SPREAD, left // PASS_SPREAD_PART) + 1)
    connection.execute(
        "INSERT INTO counters (name, value) VALUES ('pass', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (floor,),
    )
    return floor


def _write_down(session: Session, begun: Incarnation) -> None:
    line = JournalLine(
        kind=BUFFER_RESTORED,
        entity_id=session.identity.buffer_id,
        payload={
            "former": begun.former,
            "number": begun.number,
            "known_seq": begun.known_seq,
            "pass_floor": begun.pass_floor,
            "outbox_seq": begun.outbox_seq,
        },
    )
    if Journal(session).append(line, begun.at_ms) != begun.journal_seq:
        raise AssertionError("a life begins with the next link")


def _replace_lost_anchor(paths: BufferPaths, keys: BufferKeys) -> None:
    """For a file whose anchor is gone or garbled: one that no file fits until it is acknowledged.

    Cut off afterwards, the next start refuses as it did before. Another buffer's is left alone.
    """
    if read_anchor(paths.anchor, keys.anchor) is not None:
        return  # the start says whose it is
    if not paths.anchor.exists() and read_anchor(paths.new_anchor, keys.anchor) is not None:
        return
    refuse_cut_log(paths, keys, None)  # which the connection would drop, and the start never see
    connection = connect(paths.buffer, keys.database)
    try:
        with store_errors():
            session = open_session(connection, keys)
            head = mark_of(session)
        if names_another(paths.anchor, head.buffer_id):
            raise StoreCorrupt(check=ANCHOR_FOREIGN)
        make_anchor(paths.anchor, keys.anchor, unfit(head))
    except OSError as error:
        raise StoreReadOnly(folder=str(paths.folder)) from error
    finally:
        connection.close()


def _close(connection: Connection, anchor: Anchor) -> None:
    """Everything in one file again, and the anchor on the disk."""
    with suppress(DriverError):
        connection.execute("PRAGMA busy_timeout = 0").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    anchor.close()
