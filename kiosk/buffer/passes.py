"""Issued passes, stored with their sale and never changed: their state is derived from findings.

Only the text goes when its buyer is erased, since a first name stands in it. The pass on the phone
stays good: nobody needs this file to verify it.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Final

from kiosk.buffer.compact_json import compact
from kiosk.buffer.database import Row
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId, SaleId
from kiosk.domain.sale import IssuedPass

_COLUMNS: Final = (
    "device, seq, text, payload_sha256, event_number, entitlements, issued_s, expires_s,"
    " provisional, provisional_until_s"
)
OF_SALE: Final = f"SELECT {_COLUMNS} FROM passes WHERE sale_id = ? ORDER BY seq"
BY_NUMBER: Final = f"SELECT {_COLUMNS} FROM passes WHERE device = ? AND seq = ?"


class Passes:
    """The passes of this buffer's sales."""

    def __init__(self, session: Session) -> None:
        self._execute = session.connection.execute

    def insert(self, sale_id: SaleId, issued: IssuedPass) -> None:
        """Keep a pass of this sale."""
        self._execute(
            f"INSERT INTO passes (sale_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                sale_id,
                issued.device,
                issued.seq,
                issued.text,
                issued.payload_sha256,
                issued.event_number,
                compact(sorted(issued.entitlements.items())),
                issued.issued_s,
                issued.expires_s,
                int(issued.provisional),
                issued.provisional_until_s,
            ),
        )

    def of_sale(self, sale_id: SaleId) -> tuple[IssuedPass, ...]:
        """The passes of one sale, in the order in which they were issued."""
        rows = self._execute(OF_SALE, (sale_id,))
        return tuple(_issued(row) for row in rows)

    def by_number(self, device: int, seq: int) -> IssuedPass | None:
        """The pass with this number."""
        row = self._execute(BY_NUMBER, (device, seq)).fetchone()
        return None if row is None else _issued(row)

    def forget_texts(self, member_id: MemberId) -> None:
        """Drop the texts of an erased member's passes; numbers, hashes and rights stay."""
        self._execute(
            "UPDATE passes SET text = NULL WHERE text IS NOT NULL"
            " AND sale_id IN (SELECT id FROM sales WHERE member_id = ?)",
            (member_id,),
        )

    def sale_of(self, device: int, seq: int) -> SaleId | None:
        """The sale this pass belongs to."""
        row = self._execute(
            "SELECT sale_id FROM passes WHERE device = ? AND seq = ?", (device, seq)
        ).fetchone()
        return None if row is None else SaleId(row[0])


def _issued(row: Row) -> IssuedPass:
    return IssuedPass(
        device=row[0],
        seq=row[1],
        text=row[2] or "",
        payload_sha256=row[3],
        event_number=row[4],
        entitlements=MappingProxyType(dict(json.loads(row[5]))),
        issued_s=row[6],
        expires_s=row[7],
        provisional=bool(row[8]),
        provisional_until_s=row[9],
    )
