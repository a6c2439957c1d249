"""A folder in which something is made ready before it gets its name, cleaned up whatever happens.

What a killed program left there is removed by the next one; what a living one does is left alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kiosk.buffer.file_lock import FileLock
from kiosk.opening.folder import FOLDER_MODE, writing_to


@contextmanager
def staging_beside(target: Path) -> Iterator[Path]:
    """An empty folder on the same disk as `target`, for this program alone; it may be renamed.

    Raises StoreInUse while another program makes the same thing; StoreReadOnly, StoreFull.
    """
    folder = target.with_name(f".{target.name}.making")
    lock_file = folder.with_name(f"{folder.name}.lock")
    lock = FileLock(lock_file)
    try:
        with writing_to(target.parent):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=FOLDER_MODE)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        with suppress(OSError):
            lock_file.unlink()
