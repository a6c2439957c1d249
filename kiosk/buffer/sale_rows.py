"""Sales as rows and back: what is read is equal, field by field, to what was written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from kiosk.buffer.compact_json import compact
from kiosk.buffer.database import Connection, Row
from kiosk.domain.ids import EnrollmentId, MemberId, OfferCode, SaleId, StaffId
from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import (
    Consent,
    Enrollment,
    LineItem,
    OfferKind,
    RuleApplied,
    Sale,
    receipt_number,
)
from kiosk.domain.tender import Tender, TenderKind

SALE_COLUMNS: Final = (
    "seq, id, device, receipt_seq, snapshot_number, member_id, staff_id, mode, language, currency,"
    " sold_ms, skew_ms, clock_doubtful, incarnation"
)


def insert_sale(connection: Connection, sale: Sale, receipt_seq: int, incarnation: int) -> None:
    """Write the sale and everything that belongs to it, but its passes and outbox entries."""
    sale_id = sale.sale_id
    connection.execute(
        "INSERT INTO sales (id, device, incarnation, receipt_seq, snapshot_number, member_id,"
        " staff_id, mode, language, currency, subtotal_minor, tax_minor, total_minor, sold_ms,"
        " skew_ms, clock_doubtful) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sale_id,
            sale.device,
            incarnation,
            receipt_seq,
            sale.snapshot_number,
            sale.member_id,
            sale.staff_id,
            sale.mode.value,
            sale.language,
            sale.currency,
            sale.total_minor,
            sale.tax_minor,
            sale.total_minor,
            sale.sold_ms,
            sale.skew_ms,
            int(sale.clock_doubtful),
        ),
    )
    connection.executemany(
        "INSERT INTO sale_lines (sale_id, line_no, offer, kind, description, quantity, unit_minor,"
        " amount_minor, tax_code, rate_bp, tax_minor, rules)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [line_row(sale_id, line) for line in sale.lines],
    )
    connection.executemany(
        "INSERT INTO tenders (sale_id, tender_no, kind, amount_minor, given_minor, currency)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (sale_id, no, one.kind.value, one.amount_minor, one.given_minor, sale.currency)
            for no, one in enumerate(sale.tenders, start=1)
        ],
    )
    if sale.consents:
        connection.executemany(
            "INSERT INTO consents (sale_id, consent_no, kind, version, language, member_id, at_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (sale_id, no, one.kind, one.version, one.language, sale.member_id, sale.sold_ms)
                for no, one in enumerate(sale.consents, start=1)
            ],
        )
    if sale.enrollments:
        connection.executemany(
            "INSERT INTO enrollments (sale_id, enrollment_no, id, member_id, offer, starts_ms,"
            " period_ends_ms, ends_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [_enrollment_row(sale_id, no, one) for no, one in enumerate(sale.enrollments, start=1)],
        )


def read_sales(connection: Connection, rows: Sequence[Row]) -> tuple[Sale, ...]:
    """The sales of these rows of `SALE_COLUMNS`, in their order, with one query per child table."""
    if not rows:
        return ()
    ids = json.dumps([row[1] for row in rows])

    def children(columns: str, table: str, order: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for child in connection.execute(
            f"SELECT sale_id, {columns} FROM {table}"
            f" WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY sale_id, {order}",
            (ids,),
        ):
            found[child[0]].append(child[1:])
        return found

    lines = children(
        "line_no, offer, kind, description, quantity, unit_minor, amount_minor, tax_code, rate_bp,"
        " tax_minor, rules",
        "sale_lines",
        "line_no",
    )
    tenders = children("kind, amount_minor, given_minor", "tenders", "tender_no")
    consents = children("kind, version, language", "consents", "consent_no")
    enrollments = children(
        "id, member_id, offer, starts_ms, period_ends_ms, ends_ms", "enrollments", "enrollment_no"
    )
    return tuple(
        _sale(
            row,
            lines=tuple(_line(child) for child in lines[row[1]]),
            tenders=tuple(_tender(child) for child in tenders[row[1]]),
            consents=_consents(consents[row[1]]),
            enrollments=tuple(_enrollment(row[1], child) for child in enrollments[row[1]]),
        )
        for row in rows
    )


def _sale(
    row: Row,
    *,
    lines: tuple[LineItem, ...],
    tenders: tuple[Tender, ...],
    consents: tuple[Consent, ...],
    enrollments: tuple[Enrollment, ...],
) -> Sale:
    return Sale(
        sale_id=SaleId(row[1]),
        receipt_number=receipt_number(row[2], row[3], row[13]),
        device=row[2],
        snapshot_number=row[4],
        member_id=MemberId(row[5]),
        staff_id=None if row[6] is None else StaffId(row[6]),
        mode=RailMode(row[7]),
        language=row[8],
        currency=row[9],
        lines=lines,
        tenders=tenders,
        consents=consents,
        enrollments=enrollments,
        sold_ms=row[10],
        skew_ms=row[11],
        clock_doubtful=bool(row[12]),
    )


def line_row(sale_id: SaleId, line: LineItem) -> Row:
    """The row of `sale_lines` for this line, in the order of its columns."""
    rules = [[rule.rule, rule.unit_minor] for rule in line.rules]
    return (
        sale_id,
        line.line_no,
        line.offer,
        line.kind.value,
        line.description,
        line.quantity,
        line.unit_minor,
        line.amount_minor,
        line.tax_code,
        line.rate_bp,
        line.tax_minor,
        compact(rules),
    )


def _line(row: Row) -> LineItem:
    return LineItem(
        line_no=row[0],
        offer=OfferCode(row[1]),
        kind=OfferKind(row[2]),
        description=row[3],
        quantity=row[4],
        unit_minor=row[5],
        amount_minor=row[6],
        tax_code=row[7],
        rate_bp=row[8],
        tax_minor=row[9],
        rules=tuple(
            RuleApplied(rule=rule, unit_minor=unit_minor)
            for rule, unit_minor in json.loads(row[10])
        ),
    )


def _tender(row: Row) -> Tender:
    return Tender(kind=TenderKind(row[0]), amount_minor=row[1], given_minor=row[2])


def _consents(rows: Iterable[Row]) -> tuple[Consent, ...]:
    return tuple(Consent(kind=row[0], version=row[1], language=row[2]) for row in rows)


def _enrollment_row(sale_id: SaleId, number: int, one: Enrollment) -> Row:
    return (
        sale_id,
        number,
        one.enrollment_id,
        one.member_id,
        one.offer,
        one.starts_ms,
        one.period_ends_ms,
        one.ends_ms,
    )


def _enrollment(sale_id: str, row: Row) -> Enrollment:
    return Enrollment(
        enrollment_id=EnrollmentId(row[0]),
        sale_id=SaleId(sale_id),
        member_id=MemberId(row[1]),
        offer=OfferCode(row[2]),
        starts_ms=row[3],
        period_ends_ms=row[4],
        ends_ms=row[5],
    )
