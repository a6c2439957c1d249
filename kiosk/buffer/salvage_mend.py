"""Puts back what a salvage lost and the journal proves; leaves the rest for a person.

Nothing is made up: a row is rebuilt only from an authenticated link of the journal, and the lines
of a sale only if the prices of its event come to exactly what the link says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from kiosk.buffer.audit_state import SALE_COMPLETED, StateAudit
from kiosk.buffer.chain import JournalLink
from kiosk.buffer.database import DriverError
from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.journal import PAGE, Journal, journal_aad
from kiosk.buffer.sale_rows import line_row
from kiosk.buffer.salvage_entries import LostEntries
from kiosk.buffer.salvage_links import UnsentSale
from kiosk.buffer.salvage_people import mend_members, replace_lost_keys
from kiosk.buffer.session import Session
from kiosk.domain.event_writer import from_json
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.people import search_form
from kiosk.domain.pricing import price_cart
from kiosk.domain.sale import CartLine, LineItem, receipt_number
from kiosk.errors import EventFileInvalid, RuleError, StoreCorrupt

REASON: Final = "salvaged"  # why an entry of a sale in part waits for a person
_RECEIPT: Final = re.compile(r"K(?P<device>\d+)(\.(?P<incarnation>\d+))?-(?P<seq>\d+)")
_INSERT_LINE: Final = (
    "INSERT OR IGNORE INTO sale_lines (sale_id, line_no, offer, kind, description, quantity,"
    " unit_minor, amount_minor, tax_code, rate_bp, tax_minor, rules)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

# How a sale without its link was paid stands in what it owes. A sale has one tender.
_TENDERED: Final = """INSERT INTO tenders (sale_id, tender_no, kind, amount_minor, given_minor,
  currency)
  SELECT s.id, 1, o.intent ->> 'tender', s.total_minor, s.total_minor, s.currency FROM sales s
  JOIN outbox o ON o.seq = (SELECT min(seq) FROM outbox WHERE sale_id = s.id)
  WHERE NOT EXISTS (SELECT 1 FROM tenders WHERE sale_id = s.id)
    AND o.intent ->> 'tender' IN ('cash', 'scan-to-pay', 'pay-later')"""
_UNSENT: Final = """SELECT id, device, receipt_seq, incarnation FROM sales s
  WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE sale_id = s.id)
    AND NOT EXISTS (SELECT 1 FROM member_keys k WHERE k.member_id = s.member_id AND wrapped IS NULL)
    AND member_id NOT IN (SELECT entity_id FROM journal WHERE kind = ?) ORDER BY seq"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Rows put back, and the sales that are not whole for all that.

    `strays`: rows by table whose own entry or finding is lost for good, so that they go as well.
    `unsent`: sales of which nothing will reach the rail by itself.
    """

    rebuilt: int
    in_part: tuple[SaleId, ...]
    strays: Mapping[str, int]
    unsent: tuple[UnsentSale, ...]


def mend_sales(session: Session, now_ms: int) -> Mended:
    """Go through every sale the journal tells of, and through those it has lost."""
    mender, state = _Mender(session, now_ms), StateAudit(session.connection)
    in_part: dict[str, None] = {}
    links: list[JournalLink] = []

    def settle() -> None:
        for link in links:
            mender.mend(link)
        in_part.update((sale_id, None) for _, sale_id in state.sales(links))
        links.clear()

    for link in Journal(session).each():
        if link.kind == SALE_COMPLETED:
            links.append(link)
        if len(links) == PAGE:
            settle()
    settle()
    mender.rebuilt += session.connection.execute(_TENDERED).rowcount
    in_part.update((sale_id, None) for sale_id in mender.unbalanced())
    mender.rebuilt += mend_members(session, now_ms)
    mender.carry_untold(in_part)
    unsent = mender.unsent()
    in_part.update((sale_id, None) for sale_id in replace_lost_keys(session, now_ms))
    sales = tuple(SaleId(sale_id) for sale_id in in_part)
    mender.park(sales)
    return Mended(
        rebuilt=mender.rebuilt,
        in_part=sales,
        strays=MappingProxyType(mender.drop_strays()),
        unsent=unsent,
    )


class _Mender:
    """Writes what is missing into the new file, whose triggers are still off."""

    def __init__(self, session: Session, now_ms: int) -> None:
        self._session = session
        self._execute = session.connection.execute
        self._now_ms = now_ms
        self._entries = LostEntries(session, now_ms)
        self.rebuilt = 0

    def mend(self, link: JournalLink) -> None:
        """Everything of one sale that its link proves."""
        told = json.loads(link.payload)
        if link.member_id is not None:
            self._member(link.member_id, link, told)
        self._sale(link, told)
        row = self._execute(
            "SELECT language, sold_ms, total_minor, currency, snapshot_number"
            " FROM sales WHERE id = ?",
            (link.entity_id,),
        ).fetchone()
        if row is None:
            return
        language, sold_ms, _, currency, snapshot = row
        sale_id = link.entity_id
        # Of cash no more is known than what was due.
        for no, (kind, amount) in enumerate(told.get("tenders", ()), start=1):
            self._put(
                "INSERT OR IGNORE INTO tenders (sale_id, tender_no, kind, amount_minor,"
                " given_minor, currency) VALUES (?, ?, ?, ?, ?, ?)",
                (sale_id, no, kind, amount, amount, currency),
            )
        for no, (kind, version, spoken) in enumerate(told.get("consents", ()), start=1):
            self._put(
                "INSERT OR IGNORE INTO consents (sale_id, consent_no, kind, version, language,"
                " member_id, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (sale_id, no, kind, version, spoken, link.member_id, sold_ms),
            )
        # A season has a million sales, and to read an event takes as long as a sale.
        if not self._has_lines(sale_id, told):
            for line in self._proven_lines(told, snapshot, language):
                self._put(_INSERT_LINE, line_row(SaleId(sale_id), line))
        if link.member_id is not None:
            buyer = partial(self._person, link.member_id, link)
            self.rebuilt += self._entries.rebuild(SaleId(sale_id), told, buyer)

    def carry_untold(self, sales: Iterable[str]) -> None:
        """Of sales without a link and without an entry: what they owe, to be looked at first."""
        for sale_id in sales:
            self.rebuilt += self._entries.rebuild_untold(SaleId(sale_id))

    def unsent(self) -> tuple[UnsentSale, ...]:
        """Sales without an entry whose buyer was not erased: those were sent before they were."""
        return tuple(
            UnsentSale(sale_id=SaleId(row[0]), receipt_number=receipt_number(*row[1:]))
            for row in self._execute(_UNSENT, (MEMBER_ERASED,)).fetchall()
        )

    def drop_strays(self) -> dict[str, int]:
        """Take out what would be taken for a later row's; how many rows of each table."""
        return self._entries.drop_strays()

    def unbalanced(self) -> Iterator[str]:
        """Sales whose link is gone as well, and of which something is missing."""
        rows = self._execute(
            "SELECT id FROM sales s WHERE NOT EXISTS (SELECT 1 FROM journal"
            f"  WHERE entity_id = s.id AND kind = '{SALE_COMPLETED}')"
            " AND (total_minor IS NOT (SELECT sum(amount_minor) FROM sale_lines"
            "                          WHERE sale_id = s.id)"
            "  OR total_minor IS NOT (SELECT sum(amount_minor) FROM tenders WHERE sale_id = s.id)"
            "  OR NOT EXISTS (SELECT 1 FROM passes WHERE sale_id = s.id)"
            "  OR NOT EXISTS (SELECT 1 FROM outbox WHERE sale_id = s.id))"
        ).fetchall()
        yield from (str(row[0]) for row in rows)

    def park(self, sales: tuple[SaleId, ...]) -> None:
        """Nothing of a sale in part is sent by itself: its entries wait for a person."""
        for sale_id in sales:
            self._execute(
                "UPDATE outbox SET state = 'parked', due_ms = NULL, lease_token = NULL,"
                " reason = ?, closed_ms = ? WHERE sale_id = ? AND due_ms IS NOT NULL",
                (REASON, self._now_ms, sale_id),
            )

    def _sale(self, link: JournalLink, told: dict[str, object]) -> None:
        """The sale's own row. Who sold it and the clock's skew are not in the journal."""
        number = str(told.get("receipt_number", ""))
        found = _RECEIPT.fullmatch(number)
        if found is None:
            return
        self._put(
            "INSERT OR IGNORE INTO sales (seq, id, device, incarnation, receipt_seq,"
            " snapshot_number, member_id, staff_id, mode, language, currency, subtotal_minor,"
            " tax_minor, total_minor, sold_ms, skew_ms, clock_doubtful)"
            # Between its neighbours, if there is room: the order of commits is the journal's.
            " SELECT coalesce((SELECT s.seq + 1 FROM journal j JOIN sales s ON s.id = j.entity_id"
            f"   WHERE j.seq < ?1 AND j.kind = '{SALE_COMPLETED}' AND NOT EXISTS"
            "    (SELECT 1 FROM sales t WHERE t.seq = s.seq + 1) ORDER BY j.seq DESC LIMIT 1),"
            "   (SELECT min(seq) - 1 FROM sales WHERE seq > 1), 1),"
            " ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?10, ?11, ?12, ?11, ?13, NULL, ?14"
            " WHERE NOT EXISTS (SELECT 1 FROM sales WHERE id = ?2)",
            (
                link.seq,
                link.entity_id,
                int(found["device"]),
                int(found["incarnation"] or 1),
                int(found["seq"]),
                told.get("snapshot"),
                link.member_id,
                told.get("mode"),
                _language(told),
                told.get("currency"),
                told.get("total_minor"),
                told.get("tax_minor"),
                told.get("sold_ms"),
                int(bool(told.get("clock_doubtful"))),
            ),
        )

    def _member(self, member_id: MemberId, link: JournalLink, told: dict[str, object]) -> None:
        """The buyer as the sale named them; where their key is lost too, somebody forgotten."""
        execute = self._execute
        if execute("SELECT 1 FROM members WHERE id = ?", (member_id,)).fetchone() is None:
            person = self._person(member_id, link)
            forgotten = person is None
            name, email = (None, None) if person is None else (person["name"], person["email"])
            self._put(
                "INSERT OR IGNORE INTO members (id, created_ms, name, email, name_search, language,"
                " erased_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    member_id,
                    told.get("sold_ms", link.at_ms),
                    name,
                    email,
                    None if name is None else search_form(name),
                    _language(told),
                    self._now_ms if forgotten else None,
                ),
            )

    def _person(self, member_id: MemberId, link: JournalLink) -> dict[str, str] | None:
        if link.sealed is None:
            return None
        try:
            found = self._session.member_keys.unseal(member_id, link.sealed, journal_aad(link.seq))
        except StoreCorrupt:
            return None
        if found is None or "name" not in found or "email" not in found:
            return None
        return {"name": str(found["name"]), "email": str(found["email"])}

    def _has_lines(self, sale_id: str, told: dict[str, object]) -> bool:
        lines = told.get("lines")
        row = self._execute(
            "SELECT count(*) FROM sale_lines WHERE sale_id = ?", (sale_id,)
        ).fetchone()
        return isinstance(lines, list) and len(lines) == int(row[0])

    def _proven_lines(
        self, told: dict[str, object], snapshot: int, language: str
    ) -> tuple[LineItem, ...]:
        """The lines as the event prices them, if that is to the cent what the link says."""
        lines = told.get("lines")
        row = self._execute(
            "SELECT document FROM snapshots WHERE number = ?", (snapshot,)
        ).fetchone()
        if row is None or not isinstance(lines, list):
            return ()
        wanted = tuple(
            CartLine(offer=OfferCode(offer), quantity=count) for offer, count, _ in lines
        )
        try:
            cart = price_cart(from_json(row[0], snapshot), wanted, language)
        except (RuleError, EventFileInvalid, KeyError, TypeError, ValueError):
            return ()
        priced = [[line.offer, line.quantity, line.unit_minor] for line in cart.lines]
        same_tax = sum(line.tax_minor for line in cart.lines) == told.get("tax_minor")
        return cart.lines if priced == lines and same_tax else ()

    def _put(self, sql: str, values: tuple[object, ...]) -> None:
        try:
            self.rebuilt += self._execute(sql, values).rowcount
        except DriverError:
            # A value of another type than the column's: an early version told less than this one.
            return


def _language(told: dict[str, object]) -> str:
    """The language the terms were agreed to in, which is the one the buyer reads."""
    consents = told.get("consents")
    return str(consents[0][2]) if isinstance(consents, list) and consents else "en"
