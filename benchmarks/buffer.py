"""(f) The buffer by itself: commits and look-ups as a season fills it, beside plain SQLite.

A commit here is the transaction of a sale without pricing and signing, which were done before. It
takes turns with the same code over a file without a key, with the same rows by raw SQL into a file
without triggers, and with a bare write and flush.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.commit import PAGE_BYTES, insert_raw, rows_of
from benchmarks.figures import Figure, pair, percentile
from benchmarks.lookups import lookups
from benchmarks.opened import openings
from benchmarks.prepared import Press, write
from benchmarks.season import Season, season
from benchmarks.side_by_side import while_draining

SIZES: Final = (0, 100_000, 1_000_000)
ROUNDS: Final = 1_500
WARM_UP: Final = 50
OVER_PLAIN_MOST: Final = 2.5
P99_GROWTH_MOST: Final = 1.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Samples:
    sale: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    flush: list[float] = field(default_factory=list)


def measure(sizes: Sequence[int] = SIZES, rounds: int = ROUNDS) -> list[Figure]:
    """The figures at each size; the files of a season are made first where they are not kept."""
    figures: list[Figure] = []
    tails: dict[int, float] = {}
    for sales in sizes:
        with season(sales) as held:
            where, samples = f"at {sales:,}", _commits(held, rounds)
            figures += _figures(samples, where)
            alone = _alone(held, rounds)
            tails[sales] = percentile(alone, 0.99)
            figures += pair(f"buffer commit by itself {where}", alone)
            figures += lookups(held, where, rounds)
            if sales:
                figures.append(_size(held, where))
            figures += openings(held, where)
    with season(min(sizes, key=lambda size: abs(size - 100_000))) as held:
        figures += while_draining(held, rounds)
    least, most = min(sizes), max(sizes)
    if most > least:
        growth = tails[most] / tails[least]
        name = f"buffer commit by itself, p99 at {most:,} / at {least:,}"
        figures.append(Figure(name=name, value=growth, unit="x", target=P99_GROWTH_MOST))
    return figures


def _commits(held: Season, rounds: int) -> _Samples:
    samples = _Samples()
    ours = Press(held.desk)
    theirs = ours.over(held.plain)
    raw = sqlite3.connect(held.raw, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    floor_path = held.raw.with_name("floor")
    with floor_path.open("wb", buffering=0) as floor:
        for number in range(-WARM_UP, rounds):
            ready, same = ours.prepare(number + WARM_UP), theirs.prepare(number + WARM_UP)
            started = time.perf_counter()
            with held.desk.buffer.writing() as uow:
                write(uow, ready)
            committed = time.perf_counter()
            with held.plain.writing() as uow:
                write(uow, same)
            plain = time.perf_counter()
            rows = rows_of(held.desk, ready.sale.sale_id)
            begun = time.perf_counter()
            insert_raw(raw, rows)
            inserted = time.perf_counter()
            floor.write(b"\0" * PAGE_BYTES)
            os.fsync(floor.fileno())
            flushed = time.perf_counter()
            if number >= 0:
                samples.sale.append(committed - started)
                samples.plain.append(plain - committed)
                samples.raw.append(inserted - begun)
                samples.flush.append(flushed - inserted)
    floor_path.unlink()
    raw.close()
    return samples


def _alone(held: Season, rounds: int) -> list[float]:
    """For the tail: beside three other files it is theirs, whenever one of them moves its log."""
    ours = Press(held.desk)
    samples: list[float] = []
    for number in range(-WARM_UP, rounds):
        ready = ours.prepare(number + WARM_UP)
        started = time.perf_counter()
        with held.desk.buffer.writing() as uow:
            write(uow, ready)
        if number >= 0:
            samples.append(time.perf_counter() - started)
    return samples


def _figures(samples: _Samples, where: str) -> list[Figure]:
    middle, raw = percentile(samples.sale, 0.5), percentile(samples.raw, 0.5)
    plain = percentile(samples.plain, 0.5)
    return [
        *pair(f"buffer commit {where}", samples.sale),
        *pair(f"same code without a key {where}", samples.plain),
        *pair(f"plain sqlite3, raw SQL {where}", samples.raw),
        *pair(f"write + flush {where}", samples.flush),
        Figure(name=f"commit / plain p50 {where}", value=middle / raw, unit="x",
               target=OVER_PLAIN_MOST),
        Figure(name=f"cost of encryption p50 {where}", value=middle / plain, unit="x"),
    ]  # fmt: skip


def _size(held: Season, where: str) -> Figure:
    with held.desk.buffer.reading() as uow:
        connection = uow.sales._session.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        size = int(pages) * int(connection.execute("PRAGMA page_size").fetchone()[0])
        there = connection.execute("SELECT count(*) FROM sales").fetchone()[0]
    return Figure(name=f"bytes per sale {where}", value=size / there, unit="B")
