"""Kiosk folders that earlier versions left, as tests/data/buffers keeps them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.buffer.migrator import LAST_MS, SECRET
from tests.service.world import HandClock, World


def copied(repository: Path, name: str, place: Path) -> Path:
    """A copy of one of them that a test may change."""
    copy = Path(shutil.copytree(repository / "tests" / "data" / "buffers" / name, place))
    for file in copy.iterdir():
        file.chmod(0o600)  # as the program makes them; a checkout does not keep that
    return copy


@contextmanager
def opened_today(folder: Path) -> Iterator[World]:
    """Today's program over such a folder."""
    world = World(folder=folder, secret=SECRET, fresh=False, clock=HandClock(at_ms=LAST_MS))
    try:
        yield world
    finally:
        world.file.close()
