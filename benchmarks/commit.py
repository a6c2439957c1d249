"""(a) How long a sale takes to be durable, beside plain sqlite3 and beside a bare write and fsync.

The floor inserts the very same rows with raw SQL into a plain file with the same tables and
indexes, without triggers and without encryption. All three take turns in one run.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, pair, percentile
from benchmarks.world import draft, open_world
from kiosk.buffer.people import turns_of
from kiosk.domain.ids import SaleId
from kiosk.service.desk import Desk
from kiosk.service.sell import record_sale
from kiosk.service.sell.record import record_within

SALES_BEFORE: Final = 100_000
BATCH: Final = 500
ROUNDS: Final = 1500
WARM_UP: Final = 50
PAGE_BYTES: Final = 16 * 1024
OFFERS: Final = ("spice-jar", "apron", "four-weeks")
# The tables one sale writes to, with the column that names the sale.
TABLES: Final = (
    ("members", "id = (SELECT member_id FROM sales WHERE id = ?)"),
    ("member_keys", "member_id = (SELECT member_id FROM sales WHERE id = ?)"),
    ("sales", "id = ?"),
    ("sale_lines", "sale_id = ?"),
    ("tenders", "sale_id = ?"),
    ("consents", "sale_id = ?"),
    ("enrollments", "sale_id = ?"),
    ("passes", "sale_id = ?"),
    ("outbox", "sale_id = ?"),
    # By its kind too, or no index is used, and a whole journal goes through the cache each time.
    ("journal", "entity_id = ? AND kind = 'sale.completed'"),
)

NAMES: Final = "member_names"  # has no index by member, and needs none


@dataclass(frozen=True, slots=True, kw_only=True)
class _Samples:
    sale: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    fsync: list[float] = field(default_factory=list)


def measure(sales_before: int = SALES_BEFORE, rounds: int = ROUNDS) -> list[Figure]:
    """The figures at 0 and at `sales_before` sales."""
    with open_world() as (_, desk), tempfile.TemporaryDirectory() as folder:
        plain = _plain_twin(desk, Path(folder) / "plain.db")
        empty = _rounds(desk, plain, Path(folder), rounds)
        _fill(desk, sales_before)
        _copy_all(desk, plain)
        full = _rounds(desk, plain, Path(folder), rounds)
        plain.close()
    return _figures(empty, full, sales_before)


def _figures(empty: _Samples, full: _Samples, sales_before: int) -> list[Figure]:
    figures: list[Figure] = []
    for label, samples in (("0", empty), (f"{sales_before:,}", full)):
        figures += pair(f"sale commit at {label} sales", samples.sale)
        figures += pair(f"plain sqlite3 at {label} sales", samples.plain)
        figures += pair(f"write + fsync at {label} sales", samples.fsync)
        ratio = percentile(samples.sale, 0.5) / percentile(samples.plain, 0.5)
        figures.append(
            Figure(name=f"sale / plain p50 at {label}", value=ratio, unit="x", target=3.5)
        )
    growth = percentile(full.sale, 0.99) / percentile(empty.sale, 0.99)
    figures.append(Figure(name="sale p99 full / empty", value=growth, unit="x", target=1.5))
    return figures


def _rounds(desk: Desk, plain: sqlite3.Connection, folder: Path, rounds: int) -> _Samples:
    samples = _Samples()
    base = time.monotonic_ns()
    with (folder / "floor").open("ab", buffering=0) as floor:
        for n in range(rounds + WARM_UP):
            asked = draft(desk, base + n, *OFFERS)
            started = time.perf_counter()
            record_sale(desk, asked)
            sold = time.perf_counter() - started
            rows = rows_of(desk, asked.sale_id)
            started = time.perf_counter()
            insert_raw(plain, rows)
            inserted = time.perf_counter() - started
            started = time.perf_counter()
            floor.write(b"\0" * PAGE_BYTES)
            os.fsync(floor.fileno())
            synced = time.perf_counter() - started
            if n >= WARM_UP:
                samples.sale.append(sold)
                samples.plain.append(inserted)
                samples.fsync.append(synced)
    return samples


def _plain_twin(desk: Desk, path: Path) -> sqlite3.Connection:
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    for (sql,) in _read(
        desk, "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite_%'"
    ):  # fmt: skip
        plain.execute(sql)
    return plain


def insert_raw(plain: sqlite3.Connection, rows: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
    """The same rows again, in one durable transaction of a file of their own."""
    plain.execute("BEGIN IMMEDIATE")
    for table, values in rows:
        marks = ",".join("?" * len(values))
        plain.execute(f"INSERT INTO {table} VALUES ({marks})", values)
    plain.execute("COMMIT")


def rows_of(desk: Desk, sale_id: SaleId) -> list[tuple[str, tuple[Any, ...]]]:
    """Everything that a sale wrote, as (table, row), in an order in which it can be inserted."""
    rows = [
        (table, row)
        for table, where in TABLES
        for row in _read(desk, f"SELECT * FROM {table} WHERE {where}", (sale_id,))
    ]
    [(member_id, name)] = _read(
        desk, "SELECT m.id, m.name_search FROM members m JOIN sales s ON s.member_id = m.id"
        " WHERE s.id = ?", (sale_id,),
    )  # fmt: skip
    return rows + [(NAMES, (turned, member_id)) for turned in turns_of(name)]


def _fill(desk: Desk, sales: int) -> None:
    """Sell many times in few transactions: the rows are the same, only the fsyncs are fewer."""
    for start in range(0, sales, BATCH):
        with desk.buffer.writing() as uow:
            for n in range(start, min(start + BATCH, sales)):
                record_within(desk, uow, draft(desk, n, *OFFERS))


def _copy_all(desk: Desk, plain: sqlite3.Connection) -> None:
    plain.execute("BEGIN")
    for table in (*(table for table, _ in TABLES), NAMES):
        plain.execute(f"DELETE FROM {table}")
        for row in _read(desk, f"SELECT * FROM {table}"):
            plain.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
    plain.execute("COMMIT")


def _read(desk: Desk, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    # The benchmark looks under the repositories on purpose: it copies rows as they lie in the file.
    connection = desk.buffer._session.connection
    found: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
    return found
