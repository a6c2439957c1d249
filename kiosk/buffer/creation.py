"""Making a buffer so that a crash leaves none or a whole one, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.buffer.anchor import AnchorMark, make_anchor, read_anchor
from kiosk.buffer.database import connect, store_errors
from kiosk.buffer.files import BufferPaths, flush_file, flush_folder
from kiosk.buffer.journal import START
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import migrate
from kiosk.errors import StoreExists, StoreReadOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What a new buffer is told about itself; `buffer_id` is a UUID."""

    device: int
    buffer_id: str
    now_ms: int


def create_buffer(paths: BufferPaths, keys: BufferKeys, birth: Birth) -> None:
    """Build the file under another name, then put it in its place in one step.

    The caller holds the lock file.

    Raises:
        StoreExists: a buffer, or what belongs to one, is here already.
        StoreReadOnly, StoreFull: the folder cannot take it.
    """
    _refuse_to_overwrite(paths, keys)
    try:
        # Left by a set-up that was cut off: never in use, because it was never renamed.
        for part in ("", "-wal", "-shm", "-journal"):
            paths.folder.joinpath(f"{paths.new_buffer.name}{part}").unlink(missing_ok=True)
        _build(paths, keys, birth)
        mark = AnchorMark.at(birth.buffer_id, 1, 0, START)
        make_anchor(paths.new_anchor, keys.anchor, mark)
        flush_file(paths.new_buffer)
        paths.new_buffer.replace(paths.buffer)
        # Cut off between these two, `adopt_new_anchor` finishes the work at the next start.
        paths.new_anchor.replace(paths.anchor)
        flush_folder(paths.folder)
    except OSError as error:
        raise StoreReadOnly(folder=str(paths.folder)) from error


def adopt_new_anchor(paths: BufferPaths, keys: BufferKeys) -> None:
    """Finish a set-up that was cut off after the buffer was in place and before its anchor was."""
    if paths.anchor.exists() or not paths.new_anchor.exists():
        return
    mark = read_anchor(paths.new_anchor, keys.anchor)
    if mark is not None and mark.seq == 0:
        paths.new_anchor.replace(paths.anchor)
        flush_folder(paths.folder)


def _refuse_to_overwrite(paths: BufferPaths, keys: BufferKeys) -> None:
    mark = read_anchor(paths.anchor, keys.anchor)
    traces = (
        paths.buffer.exists(),
        paths.log.exists(),
        # An anchor that remembers sales, or that other keys made, belongs to a buffer somewhere.
        paths.anchor.exists() and (mark is None or mark.seq > 0),
    )
    if any(traces):
        raise StoreExists(folder=str(paths.folder))


def _build(paths: BufferPaths, keys: BufferKeys, birth: Birth) -> None:
    connection = connect(paths.new_buffer, keys.database, create=True)
    try:
        with store_errors():
            migrate(connection)
            connection.execute(
                "INSERT INTO buffer_identity"
                " (one, buffer_id, incarnation, device, created_ms, highest_ms)"
                " VALUES (1, ?, 1, ?, ?, ?)",
                (birth.buffer_id, birth.device, birth.now_ms, birth.now_ms),
            )
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
