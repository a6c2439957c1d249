"""Sales and what reconciliation found about them: facts that are inserted and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kiosk.buffer.database import Row
from kiosk.buffer.sale_rows import SALE_COLUMNS, insert_sale, read_sales
from kiosk.buffer.session import Session
from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import Sale, receipt_number
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind

PAGE: Final = 200  # sales read at a time
NEWEST_MAX: Final = 500
ORPHANS_MAX: Final = 500
# After one of these a sale's money is no longer given on trust: it came, or the pass is void.
CLOSING: Final = (
    FindingKind.PAID_EXACTLY,
    FindingKind.OVERPAID,
    FindingKind.PAID_AFTER_REVOKE,
    FindingKind.UNPAID_AT_GRACE,
    FindingKind.INVOICE_VOIDED,
)
_FINDING: Final = "kind, sale_id, remote_id, amount_minor, currency, at_ms"
# The conditions on topic and state are those of the index outbox_watched, word for word.
_PROVISIONAL: Final = f"""WHERE id IN (
  SELECT o.sale_id FROM outbox o
  WHERE o.mode = ? AND o.topic = 'watch' AND o.state <> 'delivered')
AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.sale_id = sales.id
                AND f.kind IN ({", ".join(f"'{kind.value}'" for kind in CLOSING)}))"""
PROVISIONAL_SQL: Final = (
    f"SELECT coalesce(sum(total_minor), 0) FROM sales {_PROVISIONAL} AND currency = ?"
)
# How far the sales go, each by other pages of the file than the one before.
LAST_SEQ: Final = (
    "SELECT coalesce(max(seq), 0) FROM sales",
    "SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM sales INDEXED BY sales_member)",
    "SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM sales INDEXED BY sales_sold)",
    "SELECT count(*) FROM journal WHERE kind = 'sale.completed'",
)
TODAY: Final = """SELECT currency, count(*), sum(total_minor) FROM sales
  WHERE mode = ? AND sold_ms >= ? GROUP BY currency"""
TODAY_BY_TENDER: Final = """SELECT t.kind, t.currency, sum(t.amount_minor)
  FROM sales s JOIN tenders t ON t.sale_id = s.id
  WHERE s.mode = ? AND s.sold_ms >= ? GROUP BY t.kind, t.currency"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sales since an instant: how many, and minor units by currency and by (tender, currency)."""

    count: int
    by_currency: Mapping[str, int]
    by_tender: Mapping[tuple[TenderKind, str], int]


class Sales:
    """The sales of this buffer, in the order in which they were committed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute

    def insert(self, sale: Sale, receipt_seq: int) -> None:
        """Write the sale down; passes, entries and last the journal line follow.

        `receipt_seq` is from the counter of this life's receipts, and made the receipt number.
        """
        incarnation = self._session.identity.incarnation
        if sale.receipt_number != receipt_number(sale.device, receipt_seq, incarnation):
            raise AssertionError("the receipt number is not the one that was counted")
        insert_sale(self._session.connection, sale, receipt_seq, incarnation)

    def get(self, sale_id: SaleId) -> Sale | None:
        """The sale with this id, equal to what was inserted."""
        found = self._read("WHERE id = ?", (sale_id,))
        return found[0] if found else None

    def newest(self, limit: int, before: SaleId | None = None) -> tuple[Sale, ...]:
        """The newest sales first; `before` continues after the last one of an earlier page."""
        return self._read(
            "WHERE seq < coalesce((SELECT seq FROM sales WHERE id = ?), 9223372036854775807)"
            " ORDER BY seq DESC LIMIT ?",
            (before, min(limit, NEWEST_MAX)),
        )

    def each(self) -> Iterator[Sale]:
        """Every sale in the order of commits, a page in memory at a time."""
        after = 0
        while True:
            rows = self._execute(
                f"SELECT {SALE_COLUMNS} FROM sales WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, PAGE),
            ).fetchall()
            if not rows:
                return
            yield from read_sales(self._session.connection, rows)
            after = rows[-1][0]

    def at(self, seq: int) -> Sale | None:
        """The sale with this place in the order of commits, from 1; a salvage may leave gaps."""
        found = self._read("WHERE seq = ?", (seq,))
        return found[0] if found else None

    def last_seq(self, source: int) -> int:
        """The last place in the order of commits, by one of `LAST_SEQ`, each of other pages."""
        return int(self._execute(LAST_SEQ[source]).fetchone()[0])

    def today(self, mode: RailMode, from_ms: int) -> Totals:
        """What was sold from this instant on."""
        by_currency = {
            str(currency): (int(count), int(total))
            for currency, count, total in self._execute(TODAY, (mode.value, from_ms))
        }
        by_tender = {
            (TenderKind(kind), str(currency)): int(total)
            for kind, currency, total in self._execute(TODAY_BY_TENDER, (mode.value, from_ms))
        }
        return Totals(
            count=sum(count for count, _ in by_currency.values()),
            by_currency=MappingProxyType({code: total for code, (_, total) in by_currency.items()}),
            by_tender=MappingProxyType(by_tender),
        )

    def provisional_minor(self, mode: RailMode, currency: str) -> int:
        """Minor units given on trust: sales watched for without a finding that closes them."""
        return int(self._execute(PROVISIONAL_SQL, (mode.value, currency)).fetchone()[0])

    def record_finding(self, finding: Finding, mode: RailMode) -> bool:
        """Write a finding down; False when the same was recorded before."""
        done = self._execute(
            f"INSERT INTO findings ({_FINDING}, mode) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (
                finding.kind.value,
                finding.sale_id,
                finding.remote_id,
                finding.amount_minor,
                finding.currency,
                finding.at_ms,
                mode.value,
            ),
        )
        return int(done.rowcount) == 1

    def findings(self, sale_id: SaleId) -> tuple[Finding, ...]:
        """What was found about this sale, oldest first."""
        rows = self._execute(
            f"SELECT {_FINDING} FROM findings WHERE sale_id = ? ORDER BY id", (sale_id,)
        )
        return tuple(_finding(row) for row in rows)

    def newest_findings(
        self, mode: RailMode, kinds: Collection[FindingKind], limit: int
    ) -> tuple[Finding, ...]:
        """The newest findings of these kinds first, those of no sale among them."""
        rows = self._execute(
            f"SELECT {_FINDING} FROM findings WHERE mode = ?"
            f" AND kind IN ({', '.join('?' * len(kinds))}) ORDER BY id DESC LIMIT ?",
            (mode.value, *(kind.value for kind in kinds), min(limit, NEWEST_MAX)),
        )
        return tuple(_finding(row) for row in rows)

    def orphans(self, mode: RailMode) -> tuple[Finding, ...]:
        """Findings that belong to no sale of this device, newest first, at most `ORPHANS_MAX`."""
        rows = self._execute(
            f"SELECT {_FINDING} FROM findings WHERE sale_id IS NULL AND mode = ?"
            " ORDER BY id DESC LIMIT ?",
            (mode.value, ORPHANS_MAX),
        )
        return tuple(_finding(row) for row in rows)

    def waiting_for_payment(self, mode: RailMode, limit: int) -> tuple[Sale, ...]:
        """Sales still watched for without a finding that closes them, newest first."""
        return self._read(f"{_PROVISIONAL} ORDER BY seq DESC LIMIT ?",
                          (mode.value, min(limit, NEWEST_MAX)))  # fmt: skip

    def _read(self, where: str, values: tuple[object, ...]) -> tuple[Sale, ...]:
        rows = self._execute(f"SELECT {SALE_COLUMNS} FROM sales {where}", values).fetchall()
        return read_sales(self._session.connection, rows)


def _finding(row: Row) -> Finding:
    return Finding(
        kind=FindingKind(row[0]),
        sale_id=None if row[1] is None else SaleId(row[1]),
        remote_id=row[2],
        amount_minor=row[3],
        currency=row[4],
        at_ms=row[5],
    )
