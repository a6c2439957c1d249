"""The journal: what happened, in order, each line authenticated together with the one before.

Lines are appended and nothing else. Personal data stands in them sealed under the member's key, so
that an erasure does not break the chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk.buffer.chain import Chain, ChainReport, JournalLink, link_hash
from kiosk.buffer.compact_json import compact_sorted
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId

SALE_COMPLETED: Final = "sale.completed"  # the kind at which the commit gate of the file looks
START: Final = bytes(32)
PAGE: Final = 500  # links read at a time
_COLUMNS = "seq, at_ms, kind, entity_id, member_id, payload, sealed, prev, hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """What is to be written down. `payload` holds no personal data; `personal` is sealed."""

    kind: str
    entity_id: str
    member_id: MemberId | None = None
    payload: Mapping[str, object]
    personal: Mapping[str, str] | None = field(default=None, repr=False)


class Journal:
    """The chain of one buffer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute

    def append(self, line: JournalLine, at_ms: int) -> int:
        """Write the next line; its sequence number. Its time is never before the last one's."""
        if line.personal is not None and line.member_id is None:
            raise AssertionError("personal data belongs to a member")
        last = self._execute(
            "SELECT seq, at_ms, hash FROM journal ORDER BY seq DESC LIMIT 1"
        ).fetchone() or (0, at_ms, START)
        seq = last[0] + 1
        sealed = None
        if line.personal is not None and line.member_id is not None:
            sealed = self._session.member_keys.seal(line.member_id, line.personal, journal_aad(seq))
        content = (
            seq,
            max(at_ms, last[1]),
            line.kind,
            line.entity_id,
            line.member_id,
            compact_sorted(line.payload),
            sealed,
            bytes(last[2]),
        )
        self._execute(
            f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*content, link_hash(self._session.keys.journal, content)),
        )
        return seq

    def head(self) -> tuple[int, bytes]:
        """Sequence number and hash of the last link; (0, 32 zero bytes) before the first."""
        row = self._execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return (0, START) if row is None else (int(row[0]), bytes(row[1]))

    def hash_at(self, seq: int) -> bytes | None:
        """The hash of one link; None when there is no such link."""
        if seq == 0:
            return START
        row = self._execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else bytes(row[0])

    def has_newest_sale(self) -> bool:
        """Whether the link that the index knows of the newest sale is there.

        It is not where an older file met a newer log: some pages are of one time, some of another.
        """
        row = self._execute(
            "SELECT j.seq, j.entity_id FROM journal j INDEXED BY journal_one_sale"
            f" WHERE j.kind = '{SALE_COMPLETED}'"
            " AND j.entity_id = (SELECT id FROM sales ORDER BY seq DESC LIMIT 1)"
        ).fetchone()
        if row is None:
            return True  # there is none, or a salvage lost it and said so
        there = self._execute("SELECT entity_id FROM journal WHERE seq = ?", (row[0],)).fetchone()
        return there is not None and there[0] == row[1]

    def verify(self, from_seq: int = 1) -> ChainReport:
        """Recompute every link from `from_seq` on, trusting the one before it."""
        first = max(from_seq, 1)
        chain = Chain(self._session.keys.journal, first, self.hash_at(first - 1))
        for link in self.each(first):
            if not chain.add(link):
                break
        return chain.report()

    def each(self, from_seq: int = 1) -> Iterator[JournalLink]:
        """Every link in order, a page at a time."""
        after = from_seq - 1
        while True:
            rows = self._execute(
                f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after, PAGE)
            ).fetchall()
            if not rows:
                return
            yield from (_link(row) for row in rows)
            after = rows[-1][0]


def journal_aad(seq: int) -> str:
    """What a journal line's personal data is sealed for."""
    return f"journal/{seq}"


def _link(
    row: tuple[int, int, str, str, str | None, str, bytes | None, bytes, bytes],
) -> JournalLink:
    return JournalLink(
        seq=row[0],
        at_ms=row[1],
        kind=row[2],
        entity_id=row[3],
        member_id=None if row[4] is None else MemberId(row[4]),
        payload=row[5],
        sealed=row[6],
        prev=row[7],
        hash=row[8],
    )
