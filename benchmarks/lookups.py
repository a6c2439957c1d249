"""What the till asks of a full buffer while somebody waits: each has to fit into one frame."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from benchmarks.figures import Figure, pair
from benchmarks.season import A_DAY, Season
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.unit_of_work import UnitOfWork

FRAME_MS: Final = 16.0
NAME_LETTERS: Final = 4
EMAIL_LETTERS: Final = 7
SHOWN: Final = 20
LEASE_MS: Final = 60_000
LOOKED_UP: Final = 500  # sales that the questions are about
Question = Callable[[UnitOfWork], object]


def lookups(held: Season, where: str, rounds: int) -> list[Figure]:
    """p50 and p99 of each question, asked about sales from the whole season in random order."""
    dice = random.Random(rounds)  # noqa: S311 - a choice of questions
    people = _people(held, dice)
    now_ms, mode, device = held.desk.clock.now_ms(), held.desk.mode, held.desk.device
    opened_ms = _opened(held)
    questions: dict[str, Callable[[], Question]] = {
        "member by name": lambda: _search(dice.choice(people)[0][:NAME_LETTERS]),
        "member by e-mail prefix": lambda: _search(dice.choice(people)[1][:EMAIL_LETTERS]),
        "pass by number": lambda: _pass(device, dice.choice(people)[2]),
        "today's totals": lambda: lambda uow: uow.sales.today(mode, opened_ms),
        "outbox head": lambda: (
            lambda uow: uow.outbox.claim(
                ClaimRequest(mode=mode, now_ms=now_ms, lease_ms=LEASE_MS, limit=1)
            )
        ),
        "outbox counts": lambda: lambda uow: uow.outbox.counts(mode),
    }
    figures: list[Figure] = []
    for name, make in questions.items():
        samples = [_timed(held, make()) for _ in range(rounds)]
        middle, tail = pair(f"{name} {where}", samples)
        figures += [
            middle,
            Figure(name=tail.name, value=tail.value, unit=tail.unit, target=FRAME_MS),
        ]
    return figures


def _timed(held: Season, question: Question) -> float:
    started = time.perf_counter()
    # What is claimed in a reading is given back at its end.
    with held.desk.buffer.reading() as uow:
        question(uow)
    return time.perf_counter() - started


def _search(prefix: str) -> Question:
    return lambda uow: uow.people.search(prefix, SHOWN)


def _pass(device: int, seq: int) -> Question:
    def look(uow: UnitOfWork) -> object:
        sale_id = uow.passes.sale_of(device, seq)
        assert sale_id is not None
        return uow.sales.get(sale_id)

    return look


def _opened(held: Season) -> int:
    """When the last day's sales began: every run adds to a season that is kept, days go by."""
    with held.desk.buffer.reading() as uow:
        row = uow.sales._session.connection.execute(
            "SELECT sold_ms FROM sales WHERE mode = ? ORDER BY sold_ms DESC LIMIT 1 OFFSET ?",
            (held.desk.mode.value, A_DAY - 1),
        ).fetchone()
    return 0 if row is None else int(row[0])


def _people(held: Season, dice: random.Random) -> list[tuple[str, str, int]]:
    """Name, address and a pass of members from all over the season."""
    with held.desk.buffer.reading() as uow:
        execute = uow.sales._session.connection.execute
        most = execute("SELECT max(seq) FROM passes").fetchone()[0]
        found = [
            execute(
                "SELECT m.name, m.email, p.seq FROM passes p JOIN sales s ON s.id = p.sale_id"
                " JOIN members m ON m.id = s.member_id WHERE p.device = ? AND p.seq = ?",
                (held.desk.device, dice.randint(1, most)),
            ).fetchone()
            for _ in range(LOOKED_UP)
        ]
    return [(str(row[0]), str(row[1]), int(row[2])) for row in found]
