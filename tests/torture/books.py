"""What has to be true of a kiosk's file after anything: read without the program's own sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk.buffer.audit import audit_buffer
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.sale import receipt_number
from tests.service.world import NOON_MS

# Each finds the sales that are half there.
_HALF: Final = {
    "lines": "total_minor IS NOT (SELECT sum(amount_minor) FROM sale_lines WHERE sale_id = s.id)",
    "tenders": "total_minor IS NOT (SELECT sum(amount_minor) FROM tenders WHERE sale_id = s.id)",
    "pass": "NOT EXISTS (SELECT 1 FROM passes WHERE sale_id = s.id)",
    "entry": "NOT EXISTS (SELECT 1 FROM outbox WHERE sale_id = s.id)",
    "consent": "NOT EXISTS (SELECT 1 FROM consents WHERE sale_id = s.id)",
    "member": "NOT EXISTS (SELECT 1 FROM members WHERE id = s.member_id)",
    "member key": "NOT EXISTS (SELECT 1 FROM member_keys WHERE member_id = s.member_id)",
    "journal": "1 IS NOT (SELECT count(*) FROM journal WHERE entity_id = s.id"
    " AND kind = 'sale.completed')",
}
_SALES: Final = "SELECT id, device, receipt_seq, incarnation FROM sales ORDER BY seq"
_STOCK: Final = """
SELECT a.offer FROM allotments a JOIN snapshots n ON n.event_number = a.event_number
WHERE a.sold IS NOT (SELECT coalesce(sum(l.quantity), 0) FROM sale_lines l
                     WHERE l.offer = a.offer AND l.kind = 'drop')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What one look found: how many sales, which are lost or half, and whatever else is wrong."""

    sales: int
    lost: tuple[str, ...] = ()
    half: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    ids: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.half or self.wrong)


def audit(
    folder: Path,
    keys: BufferKeys,
    acknowledged: dict[str, str],
    *,
    deep: bool = False,
    now_ms: int = NOON_MS,
) -> Audit:
    """Open the folder as the program does, and look; `acknowledged` are receipts by sale id.

    `deep` has the program check every page, too. Raises what opening raises: a leaf of StoreError.
    """
    with BufferFile.open(folder, keys, now_ms=now_ms) as held, held.till().reading() as uow:
        execute = uow.sales._session.connection.execute
        rows = execute(
            "SELECT id, device, receipt_seq, incarnation FROM sales ORDER BY seq"
        ).fetchall()
        there = {row[0]: receipt_number(row[1], row[2], row[3]) for row in rows}
        lost = [kept for kept in acknowledged.items() if there.get(kept[0]) != kept[1]]
        half = [
            f"{what}: {row[0]}"
            for what, where in _HALF.items()
            for row in execute(f"SELECT id FROM sales s WHERE {where}")
        ]
        wrong = [*_numbers(rows), *_file(execute)]
        chain = uow.journal.verify()
        if not chain.ok:
            wrong.append(f"the chain is broken at {chain.broken_at}")
    if deep:
        # The program's own full check; closed, because it would let go of SQLite's locks here.
        report = audit_buffer(BufferPaths(folder=folder), keys)
        wrong += [f"audit: {flaw.part} {flaw.what}" for flaw in report.flaws]
    return Audit(
        sales=len(rows),
        lost=tuple(sale_id for sale_id, _ in lost),
        half=tuple(half),
        wrong=tuple(wrong),
        ids=frozenset(there),
    )


def _numbers(rows: list[Any]) -> Iterator[str]:
    for life in dict.fromkeys(row[3] for row in rows):
        numbers = [row[2] for row in rows if row[3] == life]
        if numbers != list(range(1, len(numbers) + 1)):
            yield "the receipt numbers have a gap or a double"


def _file(execute: Any) -> Iterator[str]:
    yield from (f"stock of {row[0]}" for row in execute(_STOCK).fetchall())
    orphans = "SELECT count(*) FROM sale_lines WHERE sale_id NOT IN (SELECT id FROM sales)"
    if execute(orphans).fetchone()[0]:
        yield "lines of no sale"
    if execute("SELECT count(*) FROM outbox WHERE lease_token IS NOT NULL").fetchone()[0]:
        yield "a dead process's lease"
    if execute("PRAGMA foreign_key_check").fetchone() is not None:
        yield "a reference to nothing"
    if execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        yield "quick_check"
