"""How the last backups went, in a small file beside the buffer: for the doctor and the window.

It holds dates and names of files, nothing of a sale and nobody's name. Without it nothing breaks.
"""

from __future__ import annotations

import dataclasses
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATE_NAME: Final = "buffer.backup.json"
STATE_MOST_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """The last good backup (0: none yet), and what went wrong since, as an error's code."""

    good_ms: int = 0
    file: str = ""
    seq: int = 0
    problem: str = ""
    problem_ms: int = 0


def read_backup_state(folder: Path) -> BackupState:
    """What is known; nothing when the file is missing or cannot be read as one."""
    try:
        with (folder / STATE_NAME).open("rb") as opened:
            found = json.loads(opened.read(STATE_MOST_BYTES))
        state = BackupState(**found)
    except (OSError, ValueError, TypeError):
        return BackupState()
    usual = BackupState()
    names = [field.name for field in dataclasses.fields(BackupState)]
    if any(type(getattr(state, name)) is not type(getattr(usual, name)) for name in names):
        return BackupState()
    return state


def keep_backup_state(folder: Path, state: BackupState) -> None:
    """Keep this, in one step; a folder that cannot be written stops nothing."""
    new = folder / f"{STATE_NAME}.new"
    with suppress(OSError):
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(dataclasses.asdict(state), opened)
        new.replace(folder / STATE_NAME)
