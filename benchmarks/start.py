"""(c) Cold start to the first frame and resident memory, beside a bare Qt Quick window.

Each start is a process of its own with the same drawing backend; the two take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, percentile
from benchmarks.first_frame import STARTED
from benchmarks.world import PASSPHRASE, open_world

RUNS: Final = 9
SECONDS_MOST: Final = 60
PROBE: Final = Path(__file__).parent / "first_frame.py"


def measure(runs: int = RUNS) -> list[Figure]:
    """Medians over alternating runs, and their ratios."""
    with tempfile.TemporaryDirectory() as name, open_world() as (kiosk, _):
        folder, passphrase = kiosk.folder, Path(name) / "passphrase"
        passphrase.write_text(PASSPHRASE + "\n", encoding="ascii")
        passphrase.chmod(0o600)
        kiosk.close()
        ours: list[dict[str, float]] = []
        bare: list[dict[str, float]] = []
        for _run in range(runs + 1):
            bare.append(_probe("bare", ""))
            ours.append(_probe(str(folder), str(passphrase)))
    return _figures(ours[1:], bare[1:])


def _figures(ours: list[dict[str, float]], bare: list[dict[str, float]]) -> list[Figure]:
    def middle(rows: list[dict[str, float]], key: str) -> float:
        return percentile([row[key] for row in rows], 0.5)

    seconds, floor = middle(ours, "seconds"), middle(bare, "seconds")
    memory, least = middle(ours, "mib"), middle(bare, "mib")
    return [
        Figure(name="start to first frame", value=1000 * seconds, unit="ms"),
        Figure(name="bare window to first frame", value=1000 * floor, unit="ms"),
        Figure(name="start / bare", value=seconds / floor, unit="x", target=2.0),
        Figure(name="start to ready to sell", value=1000 * middle(ours, "ready"), unit="ms"),
        Figure(name="memory at first frame", value=memory, unit="MiB"),
        Figure(name="bare window's memory", value=least, unit="MiB"),
        Figure(name="memory / bare", value=memory / least, unit="x", target=1.6),
        Figure(name="memory when ready to sell", value=middle(ours, "ready_mib"), unit="MiB"),
    ]


def _probe(what: str, passphrase: str) -> dict[str, float]:
    environment = dict(os.environ, PYTHONPATH=str(PROBE.parent.parent))
    environment[STARTED] = str(time.time())
    if passphrase:
        environment["KIOSK_PASSPHRASE_FILE"] = passphrase
    done = subprocess.run(
        [sys.executable, str(PROBE), what],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MOST,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
