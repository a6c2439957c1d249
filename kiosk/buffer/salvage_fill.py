"""Fills a new buffer with the rows of a wreck, and counts what is missing of each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.buffer.audit_state import SALE_COMPLETED
from kiosk.buffer.btree import Tally
from kiosk.buffer.database import Connection
from kiosk.buffer.migrations import MIGRATIONS_TABLE, refuse_unknown
from kiosk.buffer.outbox_steps import LOOK_FIRST_TO, suspect_open_steps
from kiosk.buffer.salvage_build import NewFile, Shape
from kiosk.buffer.session import Session
from kiosk.buffer.settings import Settings
from kiosk.buffer.wreck import LoosePage, Wreck

EXAMPLES_MAX: Final = 20
_TOLD: Final = f"FROM journal j WHERE j.kind = '{SALE_COMPLETED}'"
_CARRYING: Final = {"outbox", "outbox_steps", "outbox_attempts"}

# Ids that other rows name, and that are not there.
_NAMED: Final[dict[str, str]] = {
    "sales": f"SELECT DISTINCT id FROM (SELECT j.entity_id AS id {_TOLD}"
    " UNION SELECT sale_id FROM outbox UNION SELECT sale_id FROM tenders"
    " UNION SELECT sale_id FROM passes) WHERE id NOT IN (SELECT id FROM sales)",
    "members": "SELECT DISTINCT member_id FROM (SELECT member_id FROM sales UNION"
    " SELECT member_id FROM outbox UNION SELECT member_id FROM journal WHERE member_id NOT NULL)"
    " WHERE member_id NOT IN (SELECT id FROM members)",
    "member_keys": "SELECT id FROM members WHERE id NOT IN (SELECT member_id FROM member_keys)",
    "snapshots": "SELECT DISTINCT snapshot_number FROM sales"
    " WHERE snapshot_number NOT IN (SELECT number FROM snapshots)",
    "passes": f"SELECT p.value ->> 0 FROM (SELECT payload {_TOLD}) t,"
    " json_each(t.payload, '$.passes') p"
    " WHERE unhex(p.value ->> 1) NOT IN (SELECT payload_sha256 FROM passes)",
    "outbox": f"SELECT e.value FROM (SELECT payload {_TOLD}) t,"
    " json_each(t.payload, '$.entries') e"
    " WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE id = e.value)",
}
# Rows that a sale's link counts, beside those that are there.
_COUNTED: Final = {"lines": "sale_lines", "tenders": "tenders", "consents": "consents"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSalvage:
    """One table: rows read, rows known to be missing (some by id), pages that could not be read.

    A lost page without a lost row held rows that nothing else names, or none.
    """

    table: str
    read: int
    lost: int = 0
    examples: tuple[str, ...] = ()
    pages_lost: int = 0


class Filling:
    """How the filling went. `stale`: some page is known only as it was some commits ago."""

    def __init__(self, *, stale: bool) -> None:
        self._stale = stale
        self.read: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self.pages_lost: dict[str, int] = {}

    def has_lost(self, *tables: str) -> bool:
        """Whether something of these tables may be missing."""
        return self._stale or any(
            self.pages_lost.get(table) or self.refused.get(table) for table in tables
        )

    def tables(self, connection: Connection, links_lost: int) -> tuple[TableSalvage, ...]:
        """The count of each table; ask when all rows are in, and before any is rebuilt."""
        found = []
        for table in sorted(self.read):
            lost, examples = _missing(connection, table)
            if table == "journal":
                lost = links_lost
            found.append(
                TableSalvage(
                    table=table,
                    read=self.read[table],
                    lost=max(lost, self.refused.get(table, 0)),
                    examples=examples,
                    pages_lost=self.pages_lost.get(table, 0),
                )
            )
        return tuple(found)

    def settle_outbox(self, session: Session, now_ms: int) -> None:
        """What was sent may have left no trace here: look before anything is sent that is open.

        Commits that are lost behind the last readable one leave whole pages, only older ones.
        """
        suspect_open_steps(session.connection)
        row = session.connection.execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()
        Settings(session).put(LOOK_FIRST_TO, int(row[0]), now_ms)
        if self.has_lost(*_CARRYING):
            session.connection.execute(
                "UPDATE outbox SET state = 'unknown', lease_token = NULL"
                " WHERE state = 'waiting' AND topic <> 'watch'"
            )


def refuse_newer_wreck(wreck: Wreck) -> None:
    """Raise StoreTooNew when there are migrations in the wreck that this program does not know."""
    if MIGRATIONS_TABLE not in wreck.tables:
        return
    for record in wreck.rows(MIGRATIONS_TABLE, Tally(reached=bytearray(wreck.pages + 1))):
        refuse_unknown(record.values)


def fill_from(new: NewFile, wreck: Wreck) -> Filling:
    """Every readable row, the tables' own pages first and then those that lost their way."""
    filling = Filling(stale=wreck.stale)
    wanting, rootless = [], []
    for shape in new.shapes.values():
        table = shape.table
        filling.read[table] = 0
        if table not in wreck.tables:
            # A table that came with a later migration was never there.
            if not wreck.schema_whole:
                wanting.append(shape)
                rootless.append(table)
            continue
        tally = wreck.tally()
        taken, refused = new.fill(shape, wreck.rows(table, tally))
        filling.read[table], filling.refused[table] = taken, refused + tally.lost_records
        filling.pages_lost[table] = len(tally.lost_pages)
        if tally.lost_pages:
            wanting.append(shape)
    # Links may be on a page that no tree leads to although none is damaged, where an older file met
    # a newer log. They are checked one by one afterwards, so that none is taken for what it is not.
    for page in wreck.loose():
        _place(new, wanting or [new.shapes["journal"]], page, filling)
    for table in rootless:
        filling.pages_lost[table] = wreck.unaccounted
    return filling


def with_strays(
    tables: tuple[TableSalvage, ...], strays: Mapping[str, int]
) -> tuple[TableSalvage, ...]:
    """The same counts with the rows that went because what they belong to is lost."""
    return tuple(replace(table, lost=table.lost + strays.get(table.table, 0)) for table in tables)


def _place(new: NewFile, wanting: Sequence[Shape], page: LoosePage, filling: Filling) -> None:
    """Give a loose page to the first table that takes all of its rows."""
    for shape in wanting:
        if shape.rowids is not page.rowids or not new.fits(shape, page.records):
            continue
        filling.read[shape.table] += new.fill(shape, page.records)[0]
        if shape.rowids and filling.pages_lost.get(shape.table) == 1:
            # What lost its way hung on the one lost page: that one led to rows and held none.
            filling.pages_lost[shape.table] = 0
        return


def _missing(connection: Connection, table: str) -> tuple[int, tuple[str, ...]]:
    if table in _NAMED:
        row = connection.execute(f"SELECT count(*) FROM ({_NAMED[table]})").fetchone()
        if not row[0]:
            return 0, ()
        some = connection.execute(f"{_NAMED[table]} LIMIT {EXAMPLES_MAX}").fetchall()
        return int(row[0]), tuple(str(value) for (value,) in some)
    for field_name, counted in _COUNTED.items():
        if counted == table:
            row = connection.execute(
                f"SELECT coalesce(sum(max(0, coalesce(json_array_length(j.payload, ?), 0)"
                f" - (SELECT count(*) FROM {table} WHERE sale_id = j.entity_id))), 0) {_TOLD}",
                (f"$.{field_name}",),
            ).fetchone()
            return int(row[0]), ()
    return 0, ()
