"""`make torture`: kills, full disks, failing flushes and flipped bits against the real buffer.

Needs fork; where the system has none it says so. Ends with 1 when a sale was lost or half, or
damage was missed.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.torture import (
    black_boxes,
    changes,
    damage,
    key_changes,
    kills,
    powercut,
    setups,
    shim,
    whole_kiosks,
)
from tests.torture.rounds import Ground
from tests.torture.tally import Tally, table

ROUNDS: Final = 1000
MODULE: Final = "tests.torture"
BUILT: Final = Path(__file__).parents[2] / "build" / "torture"
PARTS: Final[dict[str, Callable[[Ground, int], Tally]]] = {
    "selling": kills.selling,
    "draining": kills.draining,
    "copying": kills.copying,
    "migrating": kills.migrating,
    "migrating-everywhere": kills.migrating_everywhere,
    "rekeying": changes.rekeying,
    "salvaging": changes.salvaging,
    "erasing": whole_kiosks.erasing,
    "backing-up": whole_kiosks.backing_up,
    "black-boxing": black_boxes.black_boxing,
    "initialising": setups.initialising,
    "changing-keys": key_changes.changing_keys,
    "cutting": powercut.cutting,
    "flushing": damage.flushing,
    "filling": damage.filling,
    "flipping": damage.flipping,
}


def main() -> int:
    """Torture, print one table and one line of JSON."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"{', '.join(PARTS)}; all when none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each part")
    parser.add_argument("--seed", type=int, default=None, help="of the moments, to repeat a run")
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be tortured")
    parser.add_argument("--by-clock", action="store_true", help="no faults at chosen calls")
    asked = parser.parse_args()
    if unknown := set(asked.part) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if not hasattr(os, "fork"):
        sys.stdout.write("The campaign kills children that it forks, which this system cannot.\n")
        return 0
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    if not asked.by_clock:
        shim.restart_with_faults(BUILT, MODULE, [*sys.argv[1:], "--seed", str(seed)])
    with tempfile.TemporaryDirectory(prefix="kiosk-torture-", dir=asked.folder) as name:
        tallies = []
        for part in asked.part or PARTS:
            sys.stderr.write(f"{part} ...\n")
            tallies.append(PARTS[part](_ground(Path(name) / part, seed), asked.rounds))
    sys.stdout.write(table(tallies, seed) + "\n")
    return 0 if all(tally.clean for tally in tallies) else 1


def _ground(folder: Path, seed: int) -> Ground:
    folder.mkdir()
    return Ground(folder=folder, dice=random.Random(seed))


if __name__ == "__main__":
    raise SystemExit(main())
