"""Bringing the file of an earlier version to this program's tables, on a checked copy beside it.

The file itself is never changed. The copy takes its place in one step once everything was found in
it, and the old file is kept; cut off anywhere, the next start finds one whole file.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.buffer.audit_state import untold_orphans
from kiosk.buffer.database import (
    Connection,
    DriverError,
    FactRefusedError,
    connect,
    make_private,
    store_error,
    store_errors,
)
from kiosk.buffer.files import BufferPaths, flush_file, flush_folder, remove_file
from kiosk.buffer.journal import Journal
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import CURRENT, Edition, fingerprint, migrate, pending
from kiosk.buffer.room import Room
from kiosk.buffer.session import open_session
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreNotUpgraded,
    StoreReadOnly,
)

COPIES: Final = 2  # room that is asked for: the copy, and the log a migration writes beside it
KEPT_MOST: Final = 1


def upgrade(
    connection: Connection,
    paths: BufferPaths,
    keys: BufferKeys,
    room: Room,
    edition: Edition = CURRENT,
) -> Path:
    """Put an upgraded copy in the file's place; where the file as it was is kept.

    `connection` holds the file, under the folder's lock, and is closed afterwards.

    Raises:
        StoreFull: no room for a second file; nothing was begun.
        StoreBusy: somebody reads the file just now.
        StoreCorrupt: the file is damaged: `check` says where.
        StoreNotUpgraded: the copy was not what it should be. In every case the file is as it was.
    """
    kept = paths.kept_before(pending(connection, edition.migrations)[0])
    try:
        room.check_to_copy(COPIES * _size(paths))
        before = count_rows(connection)
        _copy(connection, paths.upgraded)
        _bring_up_to_date(paths.upgraded, keys, before, edition)
        _let_go(connection, paths)
        _switch(paths, kept)
    except StoreNotUpgraded as error:
        _blame_the_original(connection, keys, error)
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(free_mb=0) from error
        raise StoreReadOnly(folder=str(paths.folder)) from error
    finally:
        # After a switch there is none; after a failure it is worth nothing.
        discard_unfinished(paths)
    return kept


def discard_unfinished(paths: BufferPaths) -> None:
    """Remove the copy of an attempt that was cut off: it was never in use."""
    remove_file(paths.upgraded)


def drop_older(paths: BufferPaths, most: int = KEPT_MOST) -> int:
    """After a good start: of the files that earlier versions wrote, keep the newest; how many went.

    With `most` 0 none is kept: after an erasure, because each holds what was erased since.
    """
    kept = paths.all_kept()
    return sum(remove_file(path) for path in kept[: max(0, len(kept) - most)])


def count_rows(connection: Connection) -> Mapping[str, int]:
    """How many rows each table has, by name; sqlite-utils' own list of migrations left out."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' AND name NOT LIKE '\\_sqlite\\_%' ESCAPE '\\' ORDER BY name"
    ).fetchall()
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for (name,) in names
    }


def _copy(connection: Connection, target: Path) -> None:
    """A second file under the same key, without the free pages of the first."""
    make_private(target)
    with store_errors():
        connection.execute("VACUUM INTO ?", (str(target),))


def _bring_up_to_date(
    path: Path, keys: BufferKeys, before: Mapping[str, int], edition: Edition
) -> None:
    """Migrate the copy, check it, and have it on the disk as one file."""
    copy = connect(path, keys.database)
    try:
        try:
            migrate(copy, edition.migrations)
        except (DriverError, FactRefusedError) as error:
            meant = store_error(error)
            if isinstance(meant, StoreFull):
                raise meant from error
            raise StoreNotUpgraded(check="migration") from error
        with store_errors():
            if failed := _failed_check(copy, keys, before, edition):
                raise StoreNotUpgraded(check=failed)
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        copy.close()
    flush_file(path)


def _failed_check(
    copy: Connection, keys: BufferKeys, before: Mapping[str, int], edition: Edition
) -> str | None:
    """The first check that the copy does not pass, by name."""
    if fingerprint(copy) != edition.sha256:
        return "schema"
    after = count_rows(copy)
    if any(after.get(table) != rows for table, rows in before.items()):
        return "rows"
    if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        return "quick_check"
    if untold_orphans(copy):
        return "foreign_keys"
    if not _chain_holds(copy, keys):
        return "journal"
    # Last, from the log into the file first: what is read back is what lies on the disk.
    copy.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if copy.execute("PRAGMA cipher_integrity_check").fetchall():
        return "cipher_integrity"
    return None


def _chain_holds(connection: Connection, keys: BufferKeys) -> bool:
    return Journal(open_session(connection, keys)).verify().ok


def _blame_the_original(connection: Connection, keys: BufferKeys, error: StoreNotUpgraded) -> None:
    """Raise StoreCorrupt instead where the fault was in the file before it was copied."""
    found: StoreError | None = None
    with suppress(DriverError):
        if error.fields["check"] == "journal" and not _chain_holds(connection, keys):
            found = StoreCorrupt(check="journal")
    if found is not None:
        raise found from error


def _let_go(connection: Connection, paths: BufferPaths) -> None:
    """Have everything of the old file in the file itself, and nobody's log left beside it.

    A log that outlived its file would be read into the new one.
    """
    with store_errors():
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.close()
    if busy or (paths.log.exists() and paths.log.stat().st_size > 0):
        raise StoreBusy
    # Left where somebody still looks at the old file: his index belongs to that one.
    for path in (paths.log, paths.log_index):
        path.unlink(missing_ok=True)
    flush_folder(paths.folder)


def _switch(paths: BufferPaths, kept: Path) -> None:
    """At every moment there is a whole file under the buffer's name."""
    kept.unlink(missing_ok=True)  # of an attempt that was cut off between these two steps
    try:
        os.link(paths.buffer, kept)
    except OSError:
        _keep_without_links(paths.buffer, kept)
    paths.upgraded.replace(paths.buffer)
    flush_folder(paths.folder)


def _keep_without_links(original: Path, kept: Path) -> None:
    """For a disk that knows no second name of a file, such as a USB stick's. Raises OSError."""
    make_private(kept)
    # A closed file without a log is all there is: it may be copied as it lies there.
    shutil.copyfile(original, kept)
    flush_file(kept)


def _size(paths: BufferPaths) -> int:
    log = paths.log.stat().st_size if paths.log.exists() else 0
    return paths.buffer.stat().st_size + log
