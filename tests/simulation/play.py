"""Plays one world from its seed to its end, when the way is clear and every member is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.practice.faults import FaultPlan
from tests.service.world import DAY_MS
from tests.simulation.evidence import Evidence, gather
from tests.simulation.model import Books
from tests.simulation.moves import MOVES, PRICES, Party
from tests.simulation.world import PER_MEMBER, STOCK, Simulated

MOVES_PER_WORLD: Final = 60
LATEST_HABIT_MS: Final = 80 * DAY_MS


@dataclass
class Played:
    """A world that is over."""

    books: Books
    evidence: Evidence
    transcript: list[str]


def play(folder: Path, seed: int, moves: int = MOVES_PER_WORLD) -> Played:
    """Everything in it is drawn from the seed."""
    sim = Simulated(folder=folder, seed=seed)
    try:
        party = _open(sim)
        kinds, weights = list(MOVES), list(MOVES.values())
        for _ in range(moves):
            move = sim.dice.choices(kinds, weights)[0]
            move(party)
        _finish(party)
        return Played(books=party.books, evidence=gather(sim), transcript=sim.transcript)
    finally:
        sim.kiosk.file.close()


def _open(sim: Simulated) -> Party:
    books = Books(allotted=STOCK, per_member=PER_MEMBER, prices=dict(PRICES))
    snapshot = sim.load(books.prices)
    sim.provision(snapshot)
    books.linked |= set(books.prices.items())
    sim.drain()
    return Party(sim=sim, books=books, staff=sim.kiosk.owner())


def _finish(party: Party) -> None:
    """The weather clears up; then everybody's time runs out, with the kiosk looking on."""
    sim = party.sim
    sim.stripe.faults = FaultPlan()
    sim.drain_until_quiet()
    party.pass_time(LATEST_HABIT_MS)
    sim.drain_until_quiet()
    party.pass_time(2 * DAY_MS)
    sim.drain_until_quiet()
