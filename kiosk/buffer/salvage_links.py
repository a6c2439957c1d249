"""The books of a salvaged buffer: identity, counters, journal, and the link that tells of it.

A number that may have been given out is never given out again: where sales are lost the series
jump. Links are taken over as they are, each checked by its own hash; those that are gone are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.audit_state import BUFFER_RESTORED, SALE_COMPLETED, SALVAGES, StateAudit
from kiosk.buffer.chain import BUFFER_SALVAGED, Hole, genuine, link_hash, missing_of
from kiosk.buffer.compact_json import compact_sorted
from kiosk.buffer.database import Connection
from kiosk.buffer.journal import START, Journal
from kiosk.buffer.restoring import PASS_JUMP, PASS_SPREAD
from kiosk.buffer.session import Session
from kiosk.buffer.settings import Settings
from kiosk.domain.ids import SaleId
from kiosk.errors import StoreCorrupt

PASSES_OF_A_SALE: Final = 100  # more than any sale has: the pass numbers jump by so many for each
# The anchor is not flushed at each commit, and one of its two marks may be damaged: a journal whose
# end is lost was longer than the anchor says by at most this many links.
ANCHOR_BEHIND: Final = 100
IN_PART_TOLD_MAX: Final = 2_000  # by one link
RECEIPTS_TOLD_MAX: Final = 20
# Each life of the buffer numbers its receipts anew, this one also where all of its sales are lost;
# the passes are one series.
_RECEIPTS: Final = (
    "SELECT iif(life = 1, 'receipt', 'receipt.' || life), max(taken) FROM"
    " (SELECT incarnation AS life, receipt_seq AS taken FROM sales"
    " UNION ALL SELECT incarnation, 0 FROM buffer_identity) GROUP BY life"
)
# Below where a life's passes begin are those of other lives, which are not in this file.
_PASSES: Final = (
    "SELECT 'pass', max(coalesce((SELECT max(seq) FROM passes), 0), coalesce((SELECT"
    " max(CAST(substr(n, instr(n, '-') + 1) AS INTEGER)) FROM (SELECT p.value ->> 0 AS n"
    f" FROM (SELECT payload FROM journal WHERE kind = '{SALE_COMPLETED}') t,"
    " json_each(t.payload, '$.passes') p)), 0),"
    " coalesce((SELECT max(pass_floor) FROM incarnations), 0), coalesce((SELECT"
    f" max(payload ->> '$.pass_floor') FROM journal WHERE kind = '{BUFFER_RESTORED}'), 0))"
)
# Where this life's passes begin is not known any more: neither its row nor its link was saved.
_FLOORLESS: Final = (
    "SELECT 1 FROM buffer_identity b WHERE b.incarnation > 1"
    " AND NOT EXISTS (SELECT 1 FROM incarnations WHERE number = b.incarnation)"
    " AND NOT EXISTS (SELECT 1 FROM journal"
    f"  WHERE kind = '{BUFFER_RESTORED}' AND payload ->> '$.number' = b.incarnation)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The journal that was saved: its last link, and the ranges that are missing before the next.

    `tail` of them, after the last readable link, only the anchor remembers. `known` are the ranges
    that an earlier salvage has told of.
    """

    last_seq: int
    last_ms: int
    last_hash: bytes
    missing: tuple[Hole, ...]
    tail: int
    known: tuple[Hole, ...] = ()

    @property
    def lost(self) -> int:
        """How many links are missing."""
        return _count(self.missing)

    @property
    def newly(self) -> tuple[Hole, ...]:
        """What is missing and was not missing before."""
        return _without(self.missing, self.known)

    @property
    def newly_lost(self) -> int:
        """How many links that is."""
        return _count(self.newly)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The device's secrets by name that were lost: those made anew, and those `missing` for good.

    With a new signing key the stored events are `signed` anew; `unsigned` are the numbers of those
    that do not read.
    """

    made: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    signed: int = 0
    unsigned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentSale:
    """A sale of which nobody knows any more what it owes the rail: nothing of it will be sent."""

    sale_id: SaleId
    receipt_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """What the links of a salvage tell: nothing about a person."""

    links: Links
    renewed: Renewed
    in_part: Sequence[SaleId]
    unsent: Sequence[UnsentSale]
    rows_lost: Mapping[str, int]
    orphans: Mapping[str, int]
    now_ms: int


def settle_identity(
    connection: Connection, mark: AnchorMark | None, device: int, now_ms: int
) -> None:
    """Which buffer this is, by its own row or else by its anchor; its clock behind no link's.

    Raises StoreCorrupt(check="identity") when neither can tell.
    """
    row = connection.execute("SELECT buffer_id FROM buffer_identity").fetchone()
    if row is None:
        if mark is None:
            raise StoreCorrupt(check="identity")
        connection.execute(
            "INSERT INTO buffer_identity (one, buffer_id, incarnation, device, created_ms,"
            " highest_ms) VALUES (1, ?, ?, ?, coalesce((SELECT min(at_ms) FROM journal), ?), 0)",
            (mark.buffer_id, mark.incarnation, device, now_ms),
        )
    connection.execute(
        "UPDATE buffer_identity SET highest_ms = max(highest_ms,"
        " coalesce((SELECT max(at_ms) FROM journal), 0)), incarnation = max(incarnation, ?)",
        (1 if mark is None else mark.incarnation,),
    )


def keep_genuine(session: Session, mark: AnchorMark | None) -> Links:
    """Check every link by its own hash, take out what is none, and name what is missing."""
    key, bad, last = session.keys.journal, [], None
    holes: list[Hole] = []
    known: list[Hole] = []
    for link in Journal(session).each():
        if not genuine(key, link):
            bad.append(link.seq)
            continue
        if link.kind == BUFFER_SALVAGED:
            known += missing_of(link)
        before = 0 if last is None else last.seq
        if link.seq > before + 1:
            holes.append((before + 1, link.seq - 1))
        last = link
    session.connection.executemany("DELETE FROM journal WHERE seq = ?", [(seq,) for seq in bad])
    last_seq = 0 if last is None else last.seq
    furthest = last_seq if mark is None else max(mark.seq, last_seq)
    if furthest > last_seq:
        holes.append((last_seq + 1, furthest))
    return Links(
        last_seq=last_seq,
        last_ms=0 if last is None else last.at_ms,
        last_hash=START if last is None else last.hash,
        missing=tuple(holes),
        tail=furthest - last_seq,
        known=tuple(known),
    )


def close_books(connection: Connection, links: Links, *, doubtful: bool) -> None:
    """Counters behind no number that was given out, and the counts that are kept.

    `doubtful`: the counters may be older than what is lost, so they jump.
    """
    lost = links.lost + (ANCHOR_BEHIND if links.tail else 0) if doubtful or links.tail else 0
    passes = lost * PASSES_OF_A_SALE
    if doubtful and connection.execute(_FLOORLESS).fetchone() is not None:
        passes += PASS_JUMP + PASS_SPREAD
    for sql, jump in ((_RECEIPTS, lost), (_PASSES, passes)):
        for counter, highest in connection.execute(sql).fetchall():
            connection.execute(
                "INSERT INTO counters (name, value) VALUES (?1, ?2) ON CONFLICT (name)"
                " DO UPDATE SET value = max(value + ?3, excluded.value)",
                (counter, highest + jump, jump),
            )
    connection.execute(
        "UPDATE allotments SET sold = min(allotted - held, max(sold, coalesce((SELECT"
        " sum(l.quantity) FROM sale_lines l JOIN sales s ON s.id = l.sale_id JOIN snapshots n"
        " ON n.number = s.snapshot_number WHERE n.event_number = allotments.event_number"
        " AND l.offer = allotments.offer AND l.kind = 'drop'), 0)))"
    )
    connection.execute("DELETE FROM outbox_delivered")
    connection.execute(
        "INSERT INTO outbox_delivered (mode, entries)"
        " SELECT mode, count(*) FROM outbox WHERE state = 'delivered' GROUP BY mode"
    )


def append_salvaged(session: Session, salvaged: Salvaged) -> AnchorMark:
    """The links that name the old head and everything missing; the mark for the new anchor."""
    links, identity = salvaged.links, session.identity
    at_ms = max(salvaged.now_ms, links.last_ms)
    seq, before, own = links.last_seq + links.tail, links.last_seq, links.last_hash
    for told in _told(salvaged):
        payload = compact_sorted({**told, "head": [before, own.hex()]})
        seq += 1
        content = (seq, at_ms, BUFFER_SALVAGED, identity.buffer_id, None, payload, None, own)
        before, own = seq, link_hash(session.keys.journal, content)
        session.connection.execute(
            "INSERT INTO journal (seq, at_ms, kind, entity_id, member_id, payload, sealed, prev,"
            " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*content, own),
        )
    _sum_up(session, salvaged)
    return AnchorMark.at(identity.buffer_id, identity.incarnation, seq, own)


def _told(salvaged: Salvaged) -> Iterator[dict[str, object]]:
    """What each link tells: the first of everything, every further one of more sales.

    A sale in part that no link names would be found to be damaged for ever.
    """
    sales = max(1, len(salvaged.in_part), len(salvaged.unsent))
    for at in range(0, sales, IN_PART_TOLD_MAX):
        to = at + IN_PART_TOLD_MAX
        yield {
            "missing": [] if at else [list(hole) for hole in salvaged.links.missing],
            "in_part": list(salvaged.in_part[at:to]),
            "unsent": [sale.sale_id for sale in salvaged.unsent[at:to]],
            "rows_lost": {} if at else dict(salvaged.rows_lost),
            "orphans": dict(salvaged.orphans),
            "renewed": [] if at else sorted(salvaged.renewed.made),
        }


def _sum_up(session: Session, salvaged: Salvaged) -> None:
    """For whoever asks how the kiosk is, and will not read a million links for it."""
    before = StateAudit(session.connection).salvages()
    summed = {
        "times": before.times + 1,
        "links_missing": before.links_missing + salvaged.links.newly_lost,
        "in_part": before.in_part + len(salvaged.in_part),
        # Each salvage finds those of the earlier ones again.
        "unsent": len(salvaged.unsent),
        "receipts": [sale.receipt_number for sale in salvaged.unsent[:RECEIPTS_TOLD_MAX]],
    }
    Settings(session).put(SALVAGES, summed, salvaged.now_ms)


def _count(holes: tuple[Hole, ...]) -> int:
    return sum(last - first + 1 for first, last in holes)


def _without(holes: tuple[Hole, ...], known: tuple[Hole, ...]) -> tuple[Hole, ...]:
    """The ranges with every known one cut out of them."""
    left = list(holes)
    for start, end in known:
        cut = [((first, min(last, start - 1)), (max(first, end + 1), last)) for first, last in left]
        left = [part for parts in cut for part in dict.fromkeys(parts) if part[0] <= part[1]]
    return tuple(left)
