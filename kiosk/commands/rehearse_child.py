"""The one child of a rehearsal: started, read line by line, and killed when its moment comes.

It kills no process but this child, by its own handle.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import kiosk as package
from kiosk.passphrase import read_passphrase
from kiosk.vault import Vault, unlock

PASSPHRASE_FILE: Final = "rehearsal.passphrase"
ERRORS_FILE: Final = "rehearsal.stderr"

# How a killed process ends: minus the signal's number, and 1 on Windows.
KILLED: Final = 1 if sys.platform == "win32" else -9

Line = Mapping[str, object]


class PartFailed(Exception):
    """The rehearsal's own child ended with an error nobody asked it for."""

    def __init__(self, part: str, code: int) -> None:
        super().__init__(f"the part {part!r} ended with code {code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """When to kill a child: this long after this many of its lines."""

    after_lines: int
    delay_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A rehearsal in its folder. Everything but the moments of death follows from the seed."""

    folder: Path
    sales: int
    seed: int

    @property
    def passphrase_file(self) -> Path:
        """The generated passphrase, for who wants to look into a kept folder."""
        return self.folder / PASSPHRASE_FILE

    def vault(self) -> Vault:
        """The keys of the folder."""
        return unlock(self.folder, read_passphrase(self.passphrase_file))


def run_child(day: Day, blow: Blow | None, part: str, *words: str) -> tuple[list[Line], bool]:
    """Run one part; its whole lines, and whether it was killed. Raises PartFailed."""
    with (day.folder / ERRORS_FILE).open("ab") as errors:
        process = subprocess.Popen(
            [*_program(), *_words(day, part), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
        )
    assert process.stdout is not None
    lines: list[Line] = []
    struck = False
    try:
        if blow is not None and blow.after_lines == 0:
            struck = _strike(process, blow)
        for raw in process.stdout:
            if not raw.endswith(b"\n"):
                break  # cut off in the middle: nobody read it as an acknowledgement
            lines.append(json.loads(raw))
            if blow is not None and len(lines) == blow.after_lines:
                struck = _strike(process, blow)
    finally:
        process.stdout.close()
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.kill()
        code = process.wait()
    killed = struck and code == KILLED
    if code != 0 and not killed:
        raise PartFailed(part=part, code=code)
    return lines, killed


def _strike(process: subprocess.Popen[bytes], blow: Blow) -> bool:
    """Kill the child a moment later; False when it was quicker and has ended by itself."""
    time.sleep(blow.delay_seconds)
    if process.poll() is not None:
        return False
    process.kill()  # SIGKILL, or what Windows has for it: no handler, no goodbye
    return True


def _program() -> Sequence[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "kiosk"]


def _words(day: Day, part: str) -> Sequence[str]:
    return [
        "rehearse",
        f"--part={part}",
        f"--data={day.folder}",
        f"--passphrase-file={day.passphrase_file}",
        f"--sales={day.sales}",
        f"--seed={day.seed}",
    ]


def _environment() -> dict[str, str]:
    """Ours, so that the child finds the same program wherever we were started."""
    home = str(Path(package.__file__).parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([home, known] if known else [home])}
