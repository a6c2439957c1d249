"""Erasures: what still stands in the way of one, those that wait, and the end of each.

A member's key is destroyed in one transaction. What an older copy of the file still holds of it is
wrapped under a numbered key of the key file, which is replaced afterwards; until then the erasure
is begun and not over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.buffer.session import Session
from kiosk.domain.ids import EntryId, MemberId, SaleId
from kiosk.domain.outbox import EntryState, RailMode, Topic
from kiosk.domain.sale import receipt_number

# The journal's lines, by the member's id. Who asked for one that waits is known nowhere else.
MEMBER_ERASED: Final = "member.erased"
ERASURE_ASKED: Final = "member.erasure_asked"
UNSENT_MAX: Final = 100
WANTED_MAX: Final = 500
PRACTISED_MAX: Final = 10_000
WRAPPED_WITH: Final = "member_kek"  # the setting that says which key wraps every member's

# By the member's sales: what a sale writes stays as little as it is. A watch that waits for a
# person asks nothing of the rail any more.
UNSENT: Final = """SELECT o.id, o.sale_id, s.device, s.receipt_seq, s.incarnation, o.topic, o.state
  FROM sales s CROSS JOIN outbox o ON o.sale_id = s.id
  WHERE s.member_id = ? AND o.mode IN (?, 'live')
    AND (o.due_ms IS NOT NULL OR (o.state = 'parked' AND o.topic <> 'watch'))
  ORDER BY o.seq LIMIT ?"""
PRACTISED: Final = """SELECT r.remote_id FROM remote_objects r
  JOIN members m ON r.entity = 'member:' || m.id
  WHERE r.mode = ? AND r.kind = 'customer' AND m.erased_ms IS NOT NULL LIMIT ?"""
SALES_OF: Final = "SELECT id FROM sales WHERE member_id = ? ORDER BY seq LIMIT ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentEntry:
    """An entry that the rail does not have, or whose payment is still watched for."""

    entry_id: EntryId
    sale_id: SaleId
    receipt_number: str
    topic: Topic
    state: EntryState


class Erasures:
    """Members to be forgotten, and the wrapping keys that have to go with them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute
        self._keys = session.member_keys

    def unsent(self, member_id: MemberId, mode: RailMode) -> tuple[UnsentEntry, ...]:
        """What of this member is not at the rail yet, oldest first, at most `UNSENT_MAX`.

        Entries of a mode that this kiosk has left will never be sent and count only when live.
        """
        rows = self._execute(UNSENT, (member_id, mode.value, UNSENT_MAX))
        return tuple(
            UnsentEntry(
                entry_id=EntryId(row[0]),
                sale_id=SaleId(row[1]),
                receipt_number=receipt_number(row[2], row[3], row[4]),
                topic=Topic(row[5]),
                state=EntryState(row[6]),
            )
            for row in rows
        )

    def sales_of(self, member_id: MemberId, limit: int) -> tuple[SaleId, ...]:
        """The sales of one member, oldest first."""
        rows = self._execute(SALES_OF, (member_id, limit))
        return tuple(SaleId(row[0]) for row in rows)

    def want(self, member_id: MemberId, now_ms: int) -> bool:
        """Have this member erased once everything is sent; False when that was asked before."""
        done = self._execute(
            "INSERT INTO erasures_wanted (member_id, asked_ms) VALUES (?, ?)"
            " ON CONFLICT DO NOTHING",
            (member_id, now_ms),
        )
        return int(done.rowcount) == 1

    def wanted_ms(self, member_id: MemberId) -> int | None:
        """Since when this member is to be erased; None when nobody asked."""
        row = self._execute(
            "SELECT asked_ms FROM erasures_wanted WHERE member_id = ?", (member_id,)
        ).fetchone()
        return None if row is None else int(row[0])

    def wanted(self) -> tuple[MemberId, ...]:
        """Every member to be erased, at most `WANTED_MAX`; the rest the next time."""
        rows = self._execute(
            "SELECT member_id FROM erasures_wanted ORDER BY asked_ms LIMIT ?", (WANTED_MAX,)
        )
        return tuple(MemberId(row[0]) for row in rows)

    def settle(self, member_id: MemberId) -> None:
        """This member was erased: nothing waits any more."""
        self._execute("DELETE FROM erasures_wanted WHERE member_id = ?", (member_id,))

    @property
    def unfinished(self) -> bool:
        """Whether the key file holds a wrapping key that has to go."""
        return len(self._session.keys.member_kek) > 1 or self._keys.outlived()

    @property
    def needs_new_key(self) -> bool:
        """Whether the newest wrapping key is one of those that have to go."""
        return self._keys.destroyed_under(self._session.keys.newest_kek)

    @property
    def is_behind(self) -> bool:
        """Whether this file is older than the wrapping keys there are: a copy was put back."""
        row = self._execute("SELECT value FROM settings WHERE key = ?", (WRAPPED_WITH,)).fetchone()
        wrapped_with = 1 if row is None else int(row[0])
        return wrapped_with < min(self._session.keys.member_kek)

    def rewrap(self, after: MemberId | None, limit: int) -> MemberId | None:
        """The next members' keys under the newest wrapping key; the last of them, None at the end.

        A destroyed key keeps the number of the key that wrapped it.
        """
        return self._keys.rewrap(after, limit)

    def rewrapped(self, now_ms: int) -> None:
        """Write down that every member's key is under the newest wrapping key."""
        self._execute(
            "INSERT INTO settings (key, value, updated_ms) VALUES (?, ?, ?) ON CONFLICT (key)"
            " DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms",
            (WRAPPED_WITH, str(self._session.keys.newest_kek), now_ms),
        )

    def practised(self) -> frozenset[str]:
        """What erased members are called at the practice rail, which lies in this very folder."""
        rows = self._execute(PRACTISED, (RailMode.PRACTICE.value, PRACTISED_MAX))
        return frozenset(str(row[0]) for row in rows)

    def unreadable(self, after: MemberId | None, limit: int) -> tuple[MemberId, ...]:
        """The next members, those after `after` by id, whose key no key there is can open."""
        return self._keys.unreadable(after, limit)
