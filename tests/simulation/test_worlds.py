"""Seeded worlds: whatever happens at the pop-up, the books agree when it is over.

`SIMULATION_WORLDS=200` plays more of them; a failure prints its seed, which repeats it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

from tests.simulation.invariants import wrong
from tests.simulation.play import play

WORLDS: Final = int(os.environ.get("SIMULATION_WORLDS", "6"))
# What these worlds found: money that seemed older than its sale (3, 5), news that counted as read
# before it was followed (20), a bill paid while the kiosk was away for weeks (19), a sale dated two
# years ahead (42).
ONCE_FAILED: Final = (3, 5, 19, 20, 42)
SEEDS: Final = sorted({*ONCE_FAILED, *range(1, WORLDS + 1)})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_agree_when_a_world_is_over(seed: int, tmp_path: Path) -> None:
    print(f"seed {seed}")  # noqa: T201  (a failure shows how to repeat it)
    played = play(tmp_path, seed)
    print("\n".join(played.transcript))  # noqa: T201
    assert wrong(played.books, played.evidence) == []


def test_a_seed_plays_the_same_world_again(tmp_path: Path) -> None:
    both = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        both.append(play(folder, seed=11, moves=12))
    first, second = both
    assert first.transcript == second.transcript
    assert first.evidence == second.evidence
