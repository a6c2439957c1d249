"""Puts back the outbox entries that a salvage lost: without one a sale never reaches the rail.

What a sale owes follows from the sale, word for word. An entry is rebuilt only where its sale is
whole and the entries that are still there say the same; whether the rail has it already is looked
up before anything is sent.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.buffer.compact_json import compact
from kiosk.buffer.outbox_rows import params_aad, person_aad
from kiosk.buffer.sale_rows import SALE_COLUMNS, read_sales
from kiosk.buffer.session import Session
from kiosk.buffer.settings import REFERENCE_KEY, Settings
from kiosk.domain.billing import Carriage, LinkUse, entries_of
from kiosk.domain.event_writer import from_json
from kiosk.domain.ids import EntryId, MemberId, SaleId, uuid7
from kiosk.domain.offer import Snapshot
from kiosk.domain.outbox import EntryState, NewEntry, Topic
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.reference import make_reference
from kiosk.domain.sale import Sale
from kiosk.domain.tender import TenderKind
from kiosk.errors import EventFileInvalid, StoreCorrupt

_SALE_IN_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_ENTRY: Final = "FROM outbox_steps WHERE entry_seq NOT IN (SELECT seq FROM outbox)"
# By number the next entry would take them for its own, and be called delivered unsent.
_STRAYS: Final = {
    "outbox_steps": "entry_seq NOT IN (SELECT seq FROM outbox)",
    "outbox_attempts": "entry_seq NOT IN (SELECT seq FROM outbox)",
    "finding_answers": "finding_id NOT IN (SELECT id FROM findings)",
}
# Nobody sells by a link that was made anew after the sale.
_LINK: Final = """SELECT remote_id, url FROM remote_objects
  WHERE mode = ? AND entity = ? AND kind = 'link' AND url IS NOT NULL AND at_ms <= ?"""
_NEXT: Final = """SELECT 1 + max(coalesce((SELECT max(seq) FROM outbox), 0),
  coalesce((SELECT max(entry_seq) FROM outbox_steps), 0),
  coalesce((SELECT max(entry_seq) FROM outbox_attempts), 0))"""


_BUYER: Final = """SELECT m.name, m.email FROM sales s JOIN members m ON m.id = s.member_id
  JOIN member_keys k ON k.member_id = m.id AND k.wrapped IS NOT NULL AND k.kek_id = ?2
  WHERE s.id = ?1 AND m.name IS NOT NULL AND m.email IS NOT NULL"""
Told = Mapping[str, object]  # what the link of a sale says in clear
Person = Mapping[str, str]  # name and address


class LostEntries:
    """Rebuilds entries in the new file, whose triggers are still off."""

    def __init__(self, session: Session, now_ms: int) -> None:
        self._session = session
        self._execute = session.connection.execute
        self._now_ms = now_ms
        self._reference_key = Settings(session).secret(REFERENCE_KEY)
        self._events: dict[int, Snapshot | None] = {}
        self._steps = self._strays_by_sale()

    def rebuild(self, sale_id: SaleId, told: Told, buyer: Callable[[], Person | None]) -> int:
        """What is missing of the entries that a sale's link told of; how many came back.

        `buyer` opens who bought, as the link has it; None when that does not open any more.
        """
        present, ids = self._present(sale_id), _ids_in(told)
        if set(ids) <= present.keys() or (person := buyer()) is None:
            return 0
        waiting = iter(ids)
        entries = self._entries(sale_id, person, lambda: next(waiting, ""), told.get("lines"))
        same = all(
            (compact(entry.intent), entry.topic.value) == present[entry.entry_id]
            for entry in entries
            if entry.entry_id in present
        )
        if [entry.entry_id for entry in entries] != ids or not same:
            return 0
        missing = [entry for entry in entries if entry.entry_id not in present]
        for entry in missing:
            state = EntryState.WAITING if entry.topic is Topic.WATCH else EntryState.UNKNOWN
            self._insert(entry, state)
        return len(missing)

    def rebuild_untold(self, sale_id: SaleId) -> int:
        """The same for a sale that lost its link as well, under new ids: somebody looks at it."""
        row = self._execute(_BUYER, (sale_id, self._session.keys.newest_kek)).fetchone()
        if row is None or self._present(sale_id):
            return 0
        person = {"name": str(row[0]), "email": str(row[1])}
        entries = self._entries(sale_id, person, lambda: uuid7(self._now_ms, os.urandom(10)))
        for entry in entries:
            self._insert(entry, EntryState.WAITING)
        return len(entries)

    def drop_strays(self) -> dict[str, int]:
        """Take out the rows of entries and findings that are lost; how many of each table."""
        return {
            table: count
            for table, stray in _STRAYS.items()
            if (count := int(self._execute(f"DELETE FROM {table} WHERE {stray}").rowcount))
        }

    def _present(self, sale_id: SaleId) -> dict[str, tuple[str, str]]:
        rows = self._execute("SELECT id, intent, topic FROM outbox WHERE sale_id = ?", (sale_id,))
        return {str(row[0]): (str(row[1]), str(row[2])) for row in rows}

    def _entries(
        self,
        sale_id: SaleId,
        person: Person,
        make_id: Callable[[], str],
        lines: object = None,
    ) -> tuple[NewEntry, ...]:
        """What the sale owes, as the till would have written it; nothing where that is not sure."""
        sale = self._whole_sale(sale_id, lines)
        if sale is None:
            return ()
        snapshot = self._event(sale.snapshot_number)
        if snapshot is None or any(snapshot.offer(line.offer) is None for line in sale.lines):
            return ()
        scanned = sale.tenders[0].kind is TenderKind.SCAN_TO_PAY
        links = self._links(sale, snapshot) if scanned else ()
        if scanned and (links is None or self._reference_key is None):
            return ()
        key = self._reference_key or b""
        carriage = Carriage(
            snapshot=snapshot,
            person={**person, "language": sale.language},
            reference=make_reference(sale.device, sale.sale_id, key),
            links=links or (),
            make_id=make_id,
        )
        return entries_of(sale, carriage)

    def _whole_sale(self, sale_id: SaleId, lines: object) -> Sale | None:
        """The sale whose lines and tenders come to what its own row says, and to its link's."""
        rows = self._execute(
            f"SELECT {SALE_COLUMNS}, total_minor, tax_minor FROM sales WHERE id = ?", (sale_id,)
        ).fetchall()
        sale = next(iter(read_sales(self._session.connection, rows)), None)
        if sale is None or not sale.lines or not sale.tenders:
            return None
        paid = sum(tender.amount_minor for tender in sale.tenders)
        sums = (sale.total_minor, sale.tax_minor, paid)
        sold = [[line.offer, line.quantity, line.unit_minor] for line in sale.lines]
        total_minor, tax_minor = rows[0][-2:]
        whole = sums == (total_minor, tax_minor, total_minor) and lines in (None, sold)
        return sale if whole else None

    def _event(self, number: int) -> Snapshot | None:
        if number not in self._events:
            row = self._execute(
                "SELECT document FROM snapshots WHERE number = ?", (number,)
            ).fetchone()
            try:
                self._events[number] = None if row is None else from_json(row[0], number)
            except (EventFileInvalid, AssertionError, ValueError):
                self._events[number] = None
        return self._events[number]

    def _links(self, sale: Sale, snapshot: Snapshot) -> tuple[LinkUse, ...] | None:
        """The links that were shown; None when that is not sure."""
        found = []
        for line in sale.lines:
            offer = snapshot.offer(line.offer)
            if offer is None or line.unit_minor == 0:
                continue
            entity = offer_entity(offer, sale.currency, line.unit_minor)
            row = self._execute(_LINK, (sale.mode.value, entity, sale.sold_ms)).fetchone()
            if row is None:
                return None
            found.append(
                LinkUse(
                    entity=entity,
                    link_id=str(row[0]),
                    url=str(row[1]),
                    unit_minor=line.unit_minor,
                    quantity=line.quantity,
                )
            )
        return tuple(found)

    def _insert(self, entry: NewEntry, state: EntryState) -> None:
        sealed = self._session.member_keys.seal(
            entry.member_id, entry.person, person_aad(entry.entry_id)
        )
        self._execute(
            "INSERT INTO outbox (seq, id, sale_id, member_id, lane, topic, mode, intent, sealed,"
            " depends_on, state, due_ms, created_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._seq_of(entry),
                entry.entry_id,
                entry.sale_id,
                entry.member_id,
                entry.lane,
                entry.topic.value,
                entry.mode.value,
                compact(entry.intent),
                sealed,
                entry.depends_on,
                state.value,
                self._now_ms,
                entry.due_ms,
            ),
        )

    def _seq_of(self, entry: NewEntry) -> int:
        """The number under which its steps are still there, or the next that nothing bears."""
        for seq in self._steps.get(entry.sale_id, {}):
            if self._is_step_of(seq, entry.member_id, entry.entry_id):
                del self._steps[entry.sale_id][seq]
                return seq
        return int(self._execute(_NEXT).fetchone()[0])

    def _is_step_of(self, seq: int, member_id: MemberId, entry_id: EntryId) -> bool:
        """A step's words open for their own entry only."""
        row = self._execute(
            "SELECT name, generation, sealed_params FROM outbox_steps WHERE entry_seq = ? LIMIT 1",
            (seq,),
        ).fetchone()
        try:
            aad = params_aad(entry_id, row[0], row[1])
            return self._session.member_keys.unseal(member_id, row[2], aad) is not None
        except StoreCorrupt:
            return False

    def _strays_by_sale(self) -> dict[str, dict[int, None]]:
        """Numbers of lost entries of which steps are there, by the sale in their keys."""
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for seq, key in self._execute(f"SELECT entry_seq, idempotency_key {_NO_ENTRY}"):
            sale_id = _SALE_IN_KEY.search(str(key))
            if sale_id is not None:
                found[sale_id[0]][int(seq)] = None
        return found


def _ids_in(told: Told) -> list[str]:
    ids = told.get("entries")
    return [str(entry_id) for entry_id in ids] if isinstance(ids, list) else []
