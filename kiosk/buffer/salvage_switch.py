"""Puts a salvaged buffer in the damaged one's place, so that a crash leaves one or the other.

The damaged files are moved aside, never deleted. At each start a switch that was cut off is
finished, and what was built and never switched to is removed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from kiosk.buffer.files import BufferPaths, flush_file, flush_folder
from kiosk.errors import StoreExists

SWITCH_NAME: Final = "buffer.switch"  # while it is there, the switch has to be finished
QUARANTINES_MAX: Final = 1_000
_QUARANTINE: Final = "damaged-"


def built_paths(paths: BufferPaths) -> BufferPaths:
    """Where the new buffer and its anchor are built, under the names they will have."""
    return BufferPaths(folder=paths.folder / "buffer.salvaged")


def switch(paths: BufferPaths) -> Path:
    """Keep the damaged files in a folder of their own, and use the new ones; that folder.

    The caller holds the lock file, and has flushed what was built.
    """
    kept = _quarantine(paths)
    for path in (paths.buffer, paths.log, paths.log_index, paths.anchor):
        if path.exists():
            _keep(path, kept / path.name)
    flush_folder(kept)
    mark = paths.folder / SWITCH_NAME
    mark.touch(mode=0o600)
    flush_file(mark)
    flush_folder(paths.folder)
    finish_switch(paths)
    return kept


def finish_switch(paths: BufferPaths) -> None:
    """At a start, under the lock: end a switch that was begun, or clear what was only built.

    Every step can be done again: whatever was left out is done now.
    """
    mark, built = paths.folder / SWITCH_NAME, built_paths(paths)
    if mark.exists():
        if built.buffer.exists():
            # The old log must not meet the new file. It is kept in the quarantine by now.
            paths.log.unlink(missing_ok=True)
            paths.log_index.unlink(missing_ok=True)
            flush_folder(paths.folder)
            built.buffer.replace(paths.buffer)
        if built.anchor.exists():
            built.anchor.replace(paths.anchor)
        flush_folder(paths.folder)
        mark.unlink()
    if built.folder.exists():
        shutil.rmtree(built.folder)
        flush_folder(paths.folder)


def kept_damaged(paths: BufferPaths) -> tuple[str, ...]:
    """The folders with what earlier salvages found damaged; whoever was erased since is in them."""
    found = (folder for folder in paths.folder.glob(f"{_QUARANTINE}*") if folder.is_dir())
    numbered = [
        (int(number), folder.name)
        for folder in found
        if (number := folder.name.removeprefix(_QUARANTINE)).isdecimal()
    ]
    return tuple(name for _, name in sorted(numbered))


def switching(paths: BufferPaths) -> bool:
    """Whether a switch was begun and not finished: nobody may read in between."""
    return (paths.folder / SWITCH_NAME).exists()


def _quarantine(paths: BufferPaths) -> Path:
    for number in range(1, QUARANTINES_MAX + 1):
        kept = paths.folder / f"{_QUARANTINE}{number}"
        try:
            kept.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return kept
    raise StoreExists(folder=str(paths.folder))


def _keep(path: Path, kept: Path) -> None:
    """The same file under a second name; a copy where the disk knows no second names."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
        flush_file(kept)
