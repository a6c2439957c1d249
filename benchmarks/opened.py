"""How long a buffer takes to open, and the memory of a process that has it open.

Run as a program with a folder it opens it once, and prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, percentile
from benchmarks.season import PASSPHRASE_FILE, Season

RUNS: Final = 5
SECONDS_MOST: Final = 120
ROOT: Final = Path(__file__).parent.parent


def openings(held: Season, where: str) -> list[Figure]:
    """Medians over processes of their own; the keys are unlocked before the clock is started.

    The season is closed for them, and stays so.
    """
    held.plain.close()
    held.kiosk.close()
    found = [_probe(held.kiosk.folder) for _ in range(RUNS)]
    return [
        Figure(
            name=f"open {where}",
            value=1000 * percentile([one["seconds"] for one in found], 0.5),
            unit="ms",
        ),
        Figure(
            name=f"memory when open {where}",
            value=percentile([one["mib"] for one in found], 0.5),
            unit="MiB",
        ),
    ]


def _probe(folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.opened", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS_MOST,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _open_once(folder: Path) -> dict[str, float]:
    from kiosk import vault
    from kiosk.buffer.buffer import BufferFile

    passphrase = folder.joinpath(PASSPHRASE_FILE).read_text(encoding="ascii").strip()
    unlocked = vault.unlock(folder, passphrase)
    started = time.perf_counter()
    with BufferFile.open(folder, unlocked.keys, now_ms=time.time_ns() // 1_000_000):
        seconds = time.perf_counter() - started
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {"seconds": seconds, "mib": pages * os.sysconf("SC_PAGE_SIZE") / 2**20}


if __name__ == "__main__":
    print(json.dumps(_open_once(Path(sys.argv[1]))))
