"""The lives of a buffer: whether this file is the one that may go on, and how a new life begins.

A copy cannot know that it is one. It finds out by the marks of its journal that are kept elsewhere:
in the anchor beside it, in the keychain, at the rail. A mark that this journal does not contain
means that another copy has sold what is missing here. Clocks play no part in that.

Who may go on: the copy on which staff acknowledged it last. Each acknowledgement begins an
incarnation with a higher number than any that this file has heard of; marks of lower incarnations
never stop it, and its own marks stop every other copy. Until somebody acknowledges anything,
whoever is contradicted first stops, and the other one sells on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.buffer.anchor import SLOT_BYTES, AnchorMark, open_mark, seal_mark
from kiosk.buffer.database import Row
from kiosk.buffer.journal import Journal
from kiosk.buffer.outbox_steps import LOOK_FIRST_TO
from kiosk.buffer.session import Session
from kiosk.errors import RolledBack, StoreForked

INCARNATIONS_MAX: Final = 1_000
_TRAIL_BYTES: Final = 8
_HOLE: Final = bytes(_TRAIL_BYTES)  # a link that a salvage could not read
_STEPS_BACK: Final = tuple(2**power for power in range(16))
_COLUMNS: Final = "number, former, journal_seq, known_seq, pass_floor, outbox_seq, at_ms"


class Standing(StrEnum):
    """What a mark that is kept elsewhere says of this file."""

    KNOWN = "known"  # it is a link of our own journal
    LEFT = "left"  # it is of a life that was left behind by an acknowledged restore
    AHEAD = "ahead"  # our life had come further than this file: an older copy was put back
    FORKED = "forked"  # another copy has been selling beside us, or in our place


ITS_OWN: Final = frozenset({Standing.KNOWN, Standing.LEFT})  # nothing is missing in this file


class Place(StrEnum):
    """Where a mark is kept besides the anchor."""

    KEYCHAIN = "keychain"
    RAIL = "rail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A mark elsewhere that this journal does not contain, and how far this journal had come."""

    place: Place
    standing: Standing
    incarnation: int
    seq: int
    own_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
    """A life that began with an acknowledged restore.

    Its link of the journal is `journal_seq`; its passes have numbers above `pass_floor`; entries up
    to `outbox_seq` may have been sent in a life that left no trace here. `known_seq` is how far
    such a life had come, as far as anything remembers; None when nothing does.
    """

    number: int
    former: int
    journal_seq: int
    known_seq: int | None
    pass_floor: int
    outbox_seq: int
    at_ms: int

    @property
    def lost_links(self) -> int | None:
        """How many links of the journal are missing at least; None when nobody knows."""
        return None if self.known_seq is None else max(0, self.known_seq - self.journal_seq + 1)


def mark_of(session: Session) -> AnchorMark:
    """The mark for the journal as it is now."""
    seq, link_hash = Journal(session).head()
    identity = session.identity
    return AnchorMark.at(identity.buffer_id, identity.incarnation, seq, link_hash)


def judge(journal: Journal, own: int, mark: AnchorMark) -> Standing:
    """What a genuine mark of this kiosk says of the file whose incarnation is `own`."""
    there = journal.hash_at(mark.seq)
    if there is not None and there[: len(mark.hash_start)] == mark.hash_start:
        return Standing.KNOWN
    if mark.incarnation < own:
        return Standing.LEFT
    seq, _ = journal.head()
    if there is None and mark.seq <= seq and mark.incarnation == own:
        # Lost in a salvage, which the journal says itself: nothing contradicts us.
        return Standing.KNOWN
    # A higher incarnation was begun by somebody who acknowledged another copy.
    ahead = mark.seq > seq and mark.incarnation == own
    return Standing.AHEAD if ahead else Standing.FORKED


class Incarnations:
    """This file's lives, and what other places remember of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute

    @property
    def receipt_counter(self) -> str:
        """The counter of this life's receipts: each life has a series of its own, without a gap."""
        number = self._session.identity.incarnation
        return "receipt" if number == 1 else f"receipt.{number}"

    def mark(self) -> AnchorMark:
        """The mark for the journal as it is now."""
        return mark_of(self._session)

    def sealed_mark(self) -> bytes:
        """The same, as it is kept elsewhere: nobody without this kiosk's key can make one.

        The trail behind it has the first bytes of the hashes 1, 2, 4, 8 and so on links before.
        """
        mark, journal = self.mark(), Journal(self._session)
        hashes = (journal.hash_at(mark.seq - back) for back in _STEPS_BACK if back < mark.seq)
        trail = b"".join(_HOLE if found is None else found[:_TRAIL_BYTES] for found in hashes)
        return seal_mark(mark, self._session.keys.anchor) + trail

    def read_mark(self, sealed: bytes) -> AnchorMark | None:
        """A mark from elsewhere; None when it is not genuine, or another kiosk's."""
        mark = open_mark(sealed[:SLOT_BYTES], self._session.keys.anchor)
        ours = mark is not None and mark.buffer_id == self._session.identity.buffer_id
        return mark if ours else None

    def standing_of(self, mark: AnchorMark, sealed: bytes = b"") -> Standing:
        """What this mark says of this file; its trail in `sealed` may tell a fork from a loss."""
        journal = Journal(self._session)
        standing = judge(journal, self._session.identity.incarnation, mark)
        if standing is Standing.AHEAD and _parted(journal, mark, sealed[SLOT_BYTES:]):
            return Standing.FORKED
        return standing

    def sight(self, place: Place, sealed: bytes, now_ms: int) -> bool:
        """Write down a genuine mark that contradicts this journal, once; whether it is one.

        From the commit on nothing is sold here until the restore is acknowledged.
        """
        mark = self.read_mark(sealed)
        standing = Standing.KNOWN if mark is None else self.standing_of(mark, sealed)
        if mark is None or standing in ITS_OWN:
            return False
        seq, _ = Journal(self._session).head()
        self._execute(
            "INSERT INTO sightings (place, standing, incarnation, seq, hash_start, own_incarnation,"
            " own_seq, outbox_seq, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (
                place.value,
                standing.value,
                mark.incarnation,
                mark.seq,
                mark.hash_start,
                self._session.identity.incarnation,
                seq,
                self.last_entry(),
                now_ms,
            ),
        )
        return True

    def doubt(self) -> Sighting | None:
        """The furthest mark that contradicts this life, or None: then it may go on."""
        row = self._execute(
            "SELECT place, standing, incarnation, seq, own_seq FROM sightings"
            " WHERE own_incarnation = ? ORDER BY incarnation DESC, seq DESC LIMIT 1",
            (self._session.identity.incarnation,),
        ).fetchone()
        return None if row is None else _sighting(row)

    def check_selling(self) -> None:
        """Raise RolledBack or StoreForked when another copy has sold what is missing here."""
        seen = self.doubt()
        if seen is not None:
            raise refusal(seen)

    def outbox_floor(self) -> int:
        """The last entry that may have been sent without a trace here; 0: none.

        By another life, or by this one before a salvage that could not read all of it.
        """
        row = self._execute(
            "SELECT max(coalesce((SELECT max(outbox_seq) FROM incarnations), 0),"
            " coalesce((SELECT max(outbox_seq) FROM sightings), 0),"
            " coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?), 0))",
            (LOOK_FIRST_TO,),
        ).fetchone()
        return int(row[0])

    def unsettled(self) -> tuple[AnchorMark, ...]:
        """Every mark seen so far that contradicts this life."""
        identity = self._session.identity
        rows = self._execute(
            "SELECT incarnation, seq, hash_start FROM sightings WHERE own_incarnation = ?"
            " ORDER BY incarnation DESC LIMIT ?",
            (identity.incarnation, INCARNATIONS_MAX),
        ).fetchall()
        return tuple(
            AnchorMark(
                buffer_id=identity.buffer_id, incarnation=row[0], seq=row[1], hash_start=row[2]
            )
            for row in rows
        )

    def each(self) -> tuple[Incarnation, ...]:
        """Every life but the first, oldest first."""
        rows = self._execute(
            f"SELECT {_COLUMNS} FROM incarnations ORDER BY number LIMIT ?", (INCARNATIONS_MAX,)
        )
        return tuple(_incarnation(row) for row in rows)

    def insert(self, begun: Incarnation) -> None:
        """Write down that this life began."""
        self._execute(
            f"INSERT INTO incarnations ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                begun.number,
                begun.former,
                begun.journal_seq,
                begun.known_seq,
                begun.pass_floor,
                begun.outbox_seq,
                begun.at_ms,
            ),
        )

    def last_entry(self) -> int:
        """The newest entry of the outbox, by its number; 0 when there is none."""
        row = self._execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()
        return int(row[0])


def refusal(seen: Sighting) -> RolledBack | StoreForked:
    """Why nothing is sold here, as the error that says so."""
    if seen.standing is Standing.AHEAD:
        return RolledBack(seq=seen.own_seq, anchor_seq=seen.seq, place=seen.place.value)
    return StoreForked(seq=seen.own_seq, other_seq=seen.seq, place=seen.place.value)


def _parted(journal: Journal, mark: AnchorMark, trail: bytes) -> bool:
    """Whether the trail behind a mark leaves ours: then both sold, and neither is just older."""
    seq, _ = journal.head()
    for at, back in enumerate(_STEPS_BACK):
        there = trail[at * _TRAIL_BYTES : (at + 1) * _TRAIL_BYTES]
        here = journal.hash_at(mark.seq - back) if 0 < mark.seq - back <= seq else None
        if (
            here is not None
            and len(there) == _TRAIL_BYTES
            and there not in {_HOLE, here[:_TRAIL_BYTES]}
        ):
            return True
    return False


def _sighting(row: Row) -> Sighting:
    return Sighting(
        place=Place(row[0]),
        standing=Standing(row[1]),
        incarnation=row[2],
        seq=row[3],
        own_seq=row[4],
    )


def _incarnation(row: Row) -> Incarnation:
    return Incarnation(
        number=row[0],
        former=row[1],
        journal_seq=row[2],
        known_seq=row[3],
        pass_floor=row[4],
        outbox_seq=row[5],
        at_ms=row[6],
    )
