"""A new key for an encrypted file, which opens with the old or the new one whenever it is cut off.

SQLCipher writes every page anew in one transaction of the write-ahead log, so that the log is as
large as the file. The caller holds the file; whoever only reads beside it has to open it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol, cast

from kiosk.buffer.database import (
    Connection,
    closing_on_error,
    connect,
    connect_to_read,
    store_errors,
)
from kiosk.buffer.keys import KEY_BYTES
from kiosk.buffer.room import MEGABYTE, Room, RoomRules
from kiosk.errors import WrongKey

_SPARE_BYTES: Final = 32 * MEGABYTE


def check_room_to_rekey(path: Path) -> None:
    """Raise StoreFull when the log of a new key would not fit. Fields: free_mb, needed_mb."""
    size = path.stat().st_size if path.exists() else 0
    rules = RoomRules(least_to_open=2 * size + _SPARE_BYTES)
    Room(path.parent, path, rules).check_to_look()


def rekey(path: Path, *, newer: bytes, older: bytes) -> bool:
    """Have the file under the `newer` key; False when it was already.

    Raises:
        WrongKey: neither key opens it; nothing was changed.
        StoreBusy, StoreFull, StoreReadOnly, StoreCorrupt: it is under one of the two.
    """
    if len(newer) != KEY_BYTES:
        raise AssertionError("a raw key of another length would be taken for a passphrase")
    try:
        connect(path, newer).close()
    except WrongKey:
        connection = connect(path, older)
    else:
        return False
    with closing_on_error(connection), store_errors():
        _change_key(connection, newer)
        # No page of the old key stays in the file, unless somebody reads it at this moment: then
        # the last close of the file sees to it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    return True


def key_that_opens(path: Path, *, newer: bytes, older: bytes) -> bytes:
    """Which of the two keys the file is under now. Raises WrongKey when it is neither."""
    for key in (newer, older):
        try:
            connect_to_read(path, key).close()
        except WrongKey:
            continue
        return key
    raise WrongKey


class _Rekeying(Protocol):
    """What the driver's connection can do besides."""

    def reset_key(self, key: str, /) -> None: ...


def _change_key(connection: Connection, newer: bytes) -> None:
    """By function, not by PRAGMA: a pragma would show the key to every tracer."""
    cast("_Rekeying", connection).reset_key(f"x'{newer.hex()}'")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
