"""The campaign run as a person runs it, whole or with a program that lies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.torture import shim

SECONDS_MOST: Final = 110
SEED: Final = 20261123


def run(
    repository: Path, *arguments: str, code: str | None = None, library: Path | None = None
) -> tuple[int, dict[str, Any]]:
    """Its exit code and its JSON; the seed is printed where a failure shows it."""
    preloaded = {} if library is None else {shim.LOADED: str(library)}
    program = ["-m", "tests.torture"] if code is None else ["-c", code]
    done = subprocess.run(
        [sys.executable, *program, *arguments, "--seed", str(SEED)],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(repository), **preloaded},
        capture_output=True,
        text=True,
        timeout=SECONDS_MOST,
        check=False,
    )
    assert done.stdout, done.stderr
    print(done.stdout)  # noqa: T201 - a failure shows what was found
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["seed"] == SEED
    return done.returncode, {part["part"]: part for part in found["parts"]}
