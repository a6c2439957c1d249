"""(e) Size of the frozen program, and how long it takes to build."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure

ROOT: Final = Path(__file__).parent.parent
SECONDS_MOST: Final = 900


def measure() -> list[Figure]:
    """Build it in a throw-away folder and weigh what came out, unpacked."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        started = time.monotonic()
        subprocess.run(
            [
                sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
                "--distpath", str(folder / "dist"), "--workpath", str(folder / "work"),
                "build.spec",
            ],
            cwd=ROOT,
            timeout=SECONDS_MOST,
            check=True,
        )  # fmt: skip
        seconds = time.monotonic() - started
        files = (path for path in (folder / "dist").rglob("*") if not path.is_symlink())
        size = sum(path.stat().st_size for path in files if path.is_file())
    return [
        Figure(name="frozen program, unpacked", value=size / 1e6, unit="MB", target=180),
        Figure(name="time to build it", value=seconds, unit="s"),
    ]
