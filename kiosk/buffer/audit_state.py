"""Holds what the tables say against what the journal says, a page of sales at a time.

The file's encryption takes an old page of the same file for a good one; the journal does not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.chain import BUFFER_SALVAGED, JournalLink
from kiosk.buffer.database import Connection, Row
from kiosk.domain.sale import receipt_number

SALE_COMPLETED: Final = "sale.completed"
SALVAGES: Final = "buffer.salvages"  # the setting that sums them up
RANGE: Final = 5_000  # sales looked at in one statement
BUFFER_RESTORED: Final = "buffer.restored"
Difference = tuple[str, str]  # what differs, and where

_IDS: Final = "(SELECT value FROM json_each(?))"
_SALES: Final = (
    "SELECT id, device, receipt_seq, snapshot_number, mode, currency, total_minor, tax_minor,"
    f" sold_ms, clock_doubtful, member_id, incarnation FROM sales WHERE id IN {_IDS}"
)
_LINES: Final = (
    "SELECT sale_id, offer, quantity, unit_minor FROM sale_lines"
    f" WHERE sale_id IN {_IDS} ORDER BY sale_id, line_no"
)
_TENDERS: Final = (
    "SELECT sale_id, kind, amount_minor FROM tenders"
    f" WHERE sale_id IN {_IDS} ORDER BY sale_id, tender_no"
)
_CONSENTS: Final = (
    "SELECT sale_id, kind, version, language FROM consents"
    f" WHERE sale_id IN {_IDS} ORDER BY sale_id, consent_no"
)
_PASSES: Final = (
    "SELECT sale_id, lower(hex(payload_sha256)) FROM passes"
    f" WHERE sale_id IN {_IDS} ORDER BY sale_id, seq"
)
_ENTRIES: Final = f"SELECT sale_id, id FROM outbox WHERE sale_id IN {_IDS}"
_UNWRITTEN: Final = (
    "SELECT id FROM sales s WHERE seq > ? AND seq <= ? AND NOT EXISTS ("
    f" SELECT 1 FROM journal WHERE entity_id = s.id AND kind = '{SALE_COMPLETED}')"
)
_STOCK: Final = """
SELECT a.event_number || '/' || a.offer FROM allotments a LEFT JOIN (
  SELECT n.event_number AS event, l.offer AS offer, sum(l.quantity) AS sold
  FROM sale_lines l JOIN sales s ON s.id = l.sale_id
    JOIN snapshots n ON n.number = s.snapshot_number
  WHERE l.kind = 'drop' GROUP BY 1, 2
) t ON t.event = a.event_number AND t.offer = a.offer
-- Of a sale that a salvage lost, the goods are gone all the same.
WHERE a.sold < coalesce(t.sold, 0) OR (a.sold > coalesce(t.sold, 0) AND NOT ?)"""
_DELIVERED: Final = """
SELECT mode FROM (SELECT mode, entries FROM outbox_delivered
  UNION ALL SELECT mode, -count(*) FROM outbox WHERE state = 'delivered' GROUP BY mode)
GROUP BY mode HAVING sum(entries) <> 0"""
_RECEIPTS: Final = (
    "SELECT device, incarnation, count(*), min(receipt_seq), max(receipt_seq)"
    " FROM sales GROUP BY device, incarnation"
)
_PASS_NUMBERS: Final = "SELECT device, count(*), min(seq), max(seq) FROM passes GROUP BY device"
_JUMPS: Final = (
    f"SELECT 1 FROM journal WHERE kind IN ('{BUFFER_SALVAGED}', '{BUFFER_RESTORED}') LIMIT 1"
)

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_ORPHANS: Final = (
    "SELECT \"table\" || ' to ' || parent, count(*) FROM pragma_foreign_key_check('{table}')"
    " GROUP BY 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvages:
    """What salvages have said in the journal: how often, and what was missing each time.

    Of `unsent` sales nobody knows what they owe; `receipts` names the first of them.
    """

    times: int
    links_missing: int
    in_part: int
    unsent: int
    receipts: tuple[str, ...]


class StateAudit:
    """The comparisons, each yielding what differs; driver errors pass through."""

    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._in_part: frozenset[str] | None = None

    def count_sales(self) -> int:
        """How many sales there are."""
        return int(self._execute("SELECT count(*) FROM sales").fetchone()[0])

    def sales(self, links: Sequence[JournalLink]) -> Iterator[Difference]:
        """Each completed sale among these links: whether all of it is there, as it was written."""
        told = {link.entity_id: link for link in links if link.kind == SALE_COMPLETED}
        if not told:
            return
        if self._in_part is None:
            self._in_part = self._known_in_part()
        told = {sale_id: link for sale_id, link in told.items() if sale_id not in self._in_part}
        ids = json.dumps(list(told))
        rows = {row[0]: row for row in self._execute(_SALES, (ids,))}
        children = {
            name: self._by_sale(sql, ids)
            for name, sql in (
                ("lines", _LINES),
                ("tenders", _TENDERS),
                ("consents", _CONSENTS),
                ("passes", _PASSES),
                ("entries", _ENTRIES),
            )
        }
        for sale_id, link in told.items():
            row = rows.get(sale_id)
            if row is None:
                yield "sale_missing", sale_id
                continue
            mine = {name: found[sale_id] for name, found in children.items()}
            for what in _differences(link, row, mine):
                yield what, sale_id

    def unwritten(self, allowed: int) -> Iterator[Difference]:
        """Sales the journal does not tell of; as many as `allowed` lost their link in a salvage."""
        last = self._execute("SELECT coalesce(max(seq), 0) FROM sales").fetchone()[0]
        for after in range(0, int(last), RANGE):
            for (sale_id,) in self._execute(_UNWRITTEN, (after, after + RANGE)).fetchall():
                allowed -= 1
                if allowed < 0:
                    yield "sale_not_in_journal", str(sale_id)

    def numbers(self) -> Iterator[Difference]:
        """Gaps in the series of receipts and passes. A salvage or restore explains a gap."""
        if self._jumped():
            return
        counters = dict(self._execute("SELECT name, value FROM counters").fetchall())
        for device, incarnation, count, first, last in self._execute(_RECEIPTS).fetchall():
            if count != last - first + 1 or first != 1:
                yield "receipt_gap", f"K{device}, incarnation {incarnation}"
            if counters.get("receipt" if incarnation == 1 else f"receipt.{incarnation}") != last:
                yield "receipt_counter", f"K{device}, incarnation {incarnation}"
        for device, count, first, last in self._execute(_PASS_NUMBERS).fetchall():
            if count != last - first + 1 or first != 1:
                yield "pass_gap", f"device {device}"
            if counters.get("pass", 0) != last:
                yield "pass_counter", f"device {device}"

    def stock(self) -> Iterator[Difference]:
        """What was taken from each allotment is what was sold of it; and counts that are kept."""
        for (what,) in self._execute(_STOCK, (self._jumped(),)).fetchall():
            yield "stock_differs", str(what)
        for (mode,) in self._execute(_DELIVERED).fetchall():
            yield "delivered_count_differs", str(mode)

    def _jumped(self) -> bool:
        return self._execute(_JUMPS).fetchone() is not None

    def _known_in_part(self) -> frozenset[str]:
        """The sales of which a salvage could not read everything, as its link says."""
        return frozenset(
            str(sale_id)
            for payload in self._salvage_links()
            for sale_id in json.loads(payload)["in_part"]
        )

    def salvages(self) -> Salvages:
        """What was lost in salvages, as the last of them summed it up."""
        row = self._execute("SELECT value FROM settings WHERE key = ?", (SALVAGES,)).fetchone()
        told = {} if row is None else json.loads(row[0])
        return Salvages(
            times=told.get("times", 0),
            links_missing=told.get("links_missing", 0),
            in_part=told.get("in_part", 0),
            unsent=told.get("unsent", 0),
            receipts=tuple(told.get("receipts", ())),
        )

    def told_orphans(self) -> Mapping[str, int]:
        """Rows whose parent the newest salvage could not read, as `table to parent`."""
        links = self._salvage_links()
        found: dict[str, int] = json.loads(links[-1]).get("orphans", {}) if links else {}
        return found

    def _salvage_links(self) -> list[str]:
        rows = self._execute(
            "SELECT payload FROM journal WHERE kind = ? ORDER BY seq", (BUFFER_SALVAGED,)
        )
        return [str(payload) for (payload,) in rows.fetchall()]

    def _by_sale(self, sql: str, ids: str) -> Mapping[str, list[list[object]]]:
        found: dict[str, list[list[object]]] = defaultdict(list)
        for row in self._execute(sql, (ids,)):
            found[row[0]].append(list(row[1:]))
        return found


def orphans(connection: Connection) -> dict[str, int]:
    """Rows whose parent is lost, as `table to parent`: what nobody can mend is told."""
    found: dict[str, int] = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        found.update(connection.execute(_ORPHANS.format(table=table)).fetchall())
    return found


def untold_orphans(connection: Connection) -> bool:
    """Whether there are rows without their parent of which no salvage has told."""
    told = StateAudit(connection).told_orphans()
    return any(count > told.get(pair, 0) for pair, count in orphans(connection).items())


def _differences(
    link: JournalLink, row: Row, mine: Mapping[str, list[list[object]]]
) -> Iterator[str]:
    told = json.loads(link.payload)
    tables = {
        "receipt_number": receipt_number(row[1], row[2], row[11]),
        "snapshot": row[3],
        "mode": row[4],
        "currency": row[5],
        "total_minor": row[6],
        "tax_minor": row[7],
        "sold_ms": row[8],
        "clock_doubtful": bool(row[9]),
        "lines": mine["lines"],
        "tenders": mine["tenders"],
        "consents": mine["consents"],
        "passes": [digest for (digest,) in mine["passes"]],
    }
    if link.member_id != row[10]:
        yield "sale_differs_in_member"
    # A line of an early version may say less than today's; what it says has to hold.
    if "passes" in told:
        told["passes"] = [digest for _, digest in told["passes"]]
    for field, value in tables.items():
        if field in told and told[field] != value:
            yield f"sale_differs_in_{field}"
    total = sum(int(str(line[1])) * int(str(line[2])) for line in mine["lines"])
    paid = sum(int(str(tender[1])) for tender in mine["tenders"])
    if not total == paid == row[6]:
        yield "sale_does_not_balance"
    if not mine["passes"]:
        yield "sale_without_pass"
    present = {str(entry[0]) for entry in mine["entries"]}
    if not present or not set(told.get("entries", ())) <= present:
        yield "sale_without_entry"
