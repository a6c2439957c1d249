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
from kiosk.buffer.pages import PageFile, find_cipher
from kiosk.buffer.room import MEGABYTE, Room, RoomRules
from kiosk.errors import StoreBusy, StoreCorrupt, WrongKey

PATIENCE_MS: Final = 2_000  # for whoever reads beside us
_SPARE_BYTES: Final = 32 * MEGABYTE


def check_room_to_rekey(path: Path) -> None:
    """Raise StoreFull when the log of a new key would not fit. Fields: free_mb, needed_mb."""
    size = path.stat().st_size if path.exists() else 0
    rules = RoomRules(least_to_open=2 * size + _SPARE_BYTES)
    Room(path.parent, path, rules).check_to_look()


def rekey(path: Path, *, newer: bytes, older: bytes) -> bool:
    """Have every page of the file under the `newer` key; False when that was done before.

    Raises:
        WrongKey: neither key opens it; nothing was changed.
        StoreBusy: pages of the old key stay, since somebody still reads them.
        StoreFull, StoreReadOnly, StoreCorrupt: it is under one of the two.
    """
    if len(newer) != KEY_BYTES:
        raise AssertionError("a raw key of another length would be taken for a passphrase")
    try:
        connection, changes = connect(path, newer), False
    except WrongKey:
        connection, changes = connect(path, older), True
    with closing_on_error(connection), store_errors():
        if changes:
            _change_key(connection, newer)
        _empty_log(connection)
    connection.close()
    return changes


def key_that_opens(path: Path, *, newer: bytes, older: bytes) -> bytes:
    """Which of the two keys the file is under now, damaged or not.

    Raises WrongKey when it is neither.
    """
    for key in (newer, older):
        try:
            connect_to_read(path, key).close()
        except WrongKey:
            continue
        return key
    # Where the first page is damaged the others tell.
    for key in (newer, older):
        if _opens_a_page(path, key):
            return key
    raise WrongKey


def _opens_a_page(path: Path, key: bytes) -> bool:
    file = PageFile(path)
    try:
        return find_cipher(file, key, None) is not None
    finally:
        file.close()


def _empty_log(connection: Connection) -> None:
    """Move the log into the file, where pages of the old key are until then."""
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}").fetchall()
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise StoreBusy


class _Rekeying(Protocol):
    """What the driver's connection can do besides."""

    def reset_key(self, key: str, /) -> None: ...


def _change_key(connection: Connection, newer: bytes) -> None:
    """By function, not by PRAGMA: a pragma would show the key to every tracer."""
    try:
        cast("_Rekeying", connection).reset_key(f"x'{newer.hex()}'")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except MemoryError:
        # So the driver says that it met a page that does not decrypt; it took everything back.
        raise StoreCorrupt(check="pages") from None
