"""The outbox: what each sale still owes the rail, claimed lane by lane and never forgotten.

Entries are frozen when written. Only state, schedule and lease change, and nothing is deleted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.compact_json import compact
from kiosk.buffer.findings import count_open_findings
from kiosk.buffer.outbox_rows import (
    CLAIM_ALL,
    CLAIM_DUE,
    ENTRY_COLUMNS,
    NEXT_DUE,
    PARKED_COUNT,
    entry_of,
    listed_of,
    person_aad,
)
from kiosk.buffer.outbox_steps import OutboxSteps
from kiosk.domain.ids import EntryId, SaleId
from kiosk.domain.outbox import (
    Entry,
    EntryState,
    ListedEntry,
    NewEntry,
    QueueCounts,
    RailMode,
    Topic,
)

CLAIM_MAX: Final = 100
LISTED_MAX: Final = 200
ENTRIES_OF_SALE_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRequest:
    """What to claim: due entries of one mode, or every open one (`everything`) but those `seen`."""

    mode: RailMode
    now_ms: int
    lease_ms: int
    limit: int
    everything: bool = False
    seen: frozenset[EntryId] = frozenset()


class Outbox(OutboxSteps):
    """The entries of all lanes; their steps are inherited."""

    def add(self, new: NewEntry, now_ms: int) -> None:
        """Write an entry, frozen from now on; the person is sealed under the member's key."""
        self._execute(
            "INSERT INTO outbox (id, sale_id, member_id, lane, topic, mode, intent, sealed,"
            " depends_on, due_ms, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.entry_id,
                new.sale_id,
                new.member_id,
                new.lane,
                new.topic.value,
                new.mode.value,
                compact(new.intent),
                self._session.member_keys.seal(new.member_id, new.person, person_aad(new.entry_id)),
                new.depends_on,
                new.due_ms,
                now_ms,
            ),
        )

    def claim(self, request: ClaimRequest) -> tuple[Entry, ...]:
        """Lease the first open entry of each lane that is due, in order of `seq`.

        An entry waits for what it depends on, and for every earlier open one of its lane. The
        lease ends by itself at `due_ms`, should nobody release it.
        """
        rows = self._execute(
            CLAIM_ALL if request.everything else CLAIM_DUE,
            {
                "mode": request.mode.value,
                "now": request.now_ms,
                "lease": request.lease_ms,
                "limit": min(request.limit, CLAIM_MAX),
                "seen": json.dumps(sorted(request.seen)),
            },
        ).fetchall()
        entries = (entry_of(row, self._session.member_keys) for row in rows)
        return tuple(sorted(entries, key=lambda entry: entry.seq))

    def deliver(self, entry: Entry, now_ms: int) -> bool:
        """The rail has all of it; False, and nothing changed, when the lease was lost."""
        return self._release(
            "state = 'delivered', due_ms = NULL, reason = NULL, closed_ms = ?", (now_ms,), entry
        )

    def park(self, entry: Entry, reason: str, now_ms: int) -> bool:
        """Only a person can help; False, and nothing changed, when the lease was lost."""
        return self._release(
            "state = 'parked', due_ms = NULL, reason = ?, closed_ms = ?", (reason, now_ms), entry
        )

    def later(self, entry: Entry, due_ms: int, reason: str, *, unknown: bool = False) -> bool:
        """Try again at `due_ms`; False, and nothing changed, when the lease was lost.

        `unknown`: something was sent and nobody knows what became of it.
        """
        state = EntryState.UNKNOWN if unknown else EntryState.WAITING
        return self._release(
            "state = ?, due_ms = ?, reason = ?", (state.value, due_ms, reason), entry
        )

    def retry(self, entry_id: EntryId, now_ms: int) -> bool:
        """Staff send a parked entry on its way again; False when it was not parked."""
        done = self._execute(
            "UPDATE outbox SET state = 'waiting', due_ms = ?, closed_ms = NULL, attempts = 0"
            " WHERE id = ? AND state = 'parked'",
            (now_ms, entry_id),
        )
        return int(done.rowcount) == 1

    def hurry(self, mode: RailMode, now_ms: int) -> int:
        """The rail answers again, or the clock went back: every back-off ends now; how many."""
        done = self._execute(
            "UPDATE outbox SET due_ms = ?1, attempts = 0"
            " WHERE mode = ?2 AND due_ms IS NOT NULL AND due_ms > ?1 AND lease_token IS NULL",
            (now_ms, mode.value),
        )
        return int(done.rowcount)

    def break_leases(self, now_ms: int) -> int:
        """Free what a dead process held: called once at the start, before anybody claims."""
        done = self._execute(
            "UPDATE outbox SET lease_token = NULL, due_ms = min(due_ms, ?)"
            " WHERE lease_token IS NOT NULL",
            (now_ms,),
        )
        return int(done.rowcount)

    def next_due_ms(self, mode: RailMode) -> int | None:
        """When the next entry can be claimed, or None when nothing is open and unblocked."""
        row = self._execute(NEXT_DUE, (mode.value,)).fetchone()
        return None if row[0] is None else int(row[0])

    def counts(self, mode: RailMode) -> QueueCounts:
        """Entries by state, and open findings. `watching` ones are not counted as waiting."""
        watch = Topic.WATCH.value
        row = self._execute(
            "SELECT count(*) FILTER (WHERE state = 'waiting' AND topic <> ?1),"
            " count(*) FILTER (WHERE state = 'waiting' AND topic = ?1),"
            " count(*) FILTER (WHERE state = 'unknown'),"
            " min(created_ms) FILTER (WHERE state = 'unknown' OR topic <> ?1)"
            " FROM outbox WHERE mode = ?2 AND due_ms IS NOT NULL",
            (watch, mode.value),
        ).fetchone()
        parked = self._execute(PARKED_COUNT, (mode.value,)).fetchone()
        delivered = self._execute(
            "SELECT entries FROM outbox_delivered WHERE mode = ?", (mode.value,)
        ).fetchone()
        return QueueCounts(
            waiting=row[0],
            watching=row[1],
            unknown=row[2],
            delivered=0 if delivered is None else delivered[0],
            parked=parked[0],
            found=parked[1],
            open_findings=count_open_findings(self._session.connection, mode),
            oldest_waiting_ms=row[3],
        )

    def of_sale(self, sale_id: SaleId) -> tuple[Entry, ...]:
        """Every entry of one sale, in order."""
        rows = self._execute(
            f"SELECT {ENTRY_COLUMNS} FROM outbox WHERE sale_id = ? ORDER BY seq LIMIT ?",
            (sale_id, ENTRIES_OF_SALE_MAX),
        ).fetchall()
        return tuple(entry_of(row, self._session.member_keys) for row in rows)

    def get(self, entry_id: EntryId) -> Entry | None:
        """The entry with this id."""
        row = self._execute(
            f"SELECT {ENTRY_COLUMNS} FROM outbox WHERE id = ?", (entry_id,)
        ).fetchone()
        return None if row is None else entry_of(row, self._session.member_keys)

    def listed(
        self, mode: RailMode, state: EntryState | None, limit: int, offset: int = 0
    ) -> tuple[ListedEntry, ...]:
        """A page of the staff's list, newest first; all states when `state` is None."""
        # A state that is written into the statement lets the partial index of parked ones serve.
        chosen = "" if state is None else f" AND o.state = '{state.value}'"
        rows = self._execute(
            "SELECT o.id, o.sale_id, s.device, s.receipt_seq, o.topic, o.state,"
            " json_extract(o.intent, '$.total_minor'), s.currency, o.created_ms, o.attempts,"
            " o.reason, s.incarnation FROM outbox o JOIN sales s ON s.id = o.sale_id"
            f" WHERE o.mode = ?{chosen} ORDER BY o.seq DESC LIMIT ? OFFSET ?",
            (mode.value, min(limit, LISTED_MAX), offset),
        )
        return tuple(listed_of(row) for row in rows)

    def _release(self, assignment: str, values: tuple[object, ...], entry: Entry) -> bool:
        if entry.lease_token is None:
            raise AssertionError("an entry is claimed before it is released")
        done = self._execute(
            f"UPDATE outbox SET {assignment}, lease_token = NULL WHERE seq = ? AND lease_token = ?",
            (*values, entry.seq, entry.lease_token),
        )
        return int(done.rowcount) == 1
