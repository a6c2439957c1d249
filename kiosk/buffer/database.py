"""Keyed connections to the encrypted file, and the one place where driver errors become ours.

It must never open the file without its key, and never re-create or delete a file it cannot read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import sqlcipher3
import sqlcipher3.dbapi2

from kiosk.buffer.keys import KEY_BYTES
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    WrongKey,
)


def _register_driver() -> None:
    """Let sqlite-utils meet sqlcipher3 under the name it looks for first, `pysqlite3`.

    Its own `except` clauses name the exceptions of the driver it found; those of sqlcipher3 are no
    subclasses of the standard library's. See https://sqlite-utils.datasette.io/en/stable/ on
    pysqlite3. This has to happen before the first import of sqlite_utils in the process.
    """
    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)


_register_driver()
import sqlite_utils  # noqa: E402  (the driver's name comes first)
import sqlite_utils.db  # noqa: E402

if vars(sqlite_utils.db)["sqlite3"] is not sqlcipher3:
    raise AssertionError("sqlite_utils was imported before kiosk.buffer.database")

Database = sqlite_utils.Database
Migrations = sqlite_utils.Migrations
DriverError: Final[type[Exception]] = sqlcipher3.Error

BUSY_MS: Final = 5_000
STATEMENTS_MAX: Final = 256  # prepared statements kept for each connection
# The default of 2 MB is too small for the indexes of a season: each page that is not in memory is
# read, checked and decrypted anew, several times a sale.
CACHE_KIB: Final = 64_000
# About 40 MB of write-ahead log, which is some 270 sales without a pause between them: a sale that
# has to move it into the file waits for a thousand pages. Idle time does it sooner.
AUTOCHECKPOINT_PAGES: Final = 10_000

_PRAGMAS: Final = (
    "PRAGMA cipher_memory_security = OFF",  # ON doubles a transaction's work
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE slips past the delete triggers
    # What is erased leaves the file at the next checkpoint, pages that become free included.
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA busy_timeout = {BUSY_MS}",
    f"PRAGMA cache_size = -{CACHE_KIB}",
    f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}",
)
_MAC_PRAGMAS: Final = ("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON")

# Primary codes of https://www.sqlite.org/rescode.html; the driver reports no extended ones.
_BUSY: Final = {5, 6}
_READ_ONLY: Final = {3, 8, 14}  # SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
_INTERRUPTED: Final = 9
_IO: Final = 10
_CORRUPT: Final = 11
_FULL: Final = 13
_CONSTRAINT: Final = 19
_NOT_A_DATABASE: Final = 26


# What a query gives: each repository names the types where it makes a value of a row.
Row = tuple[Any, ...]


class Cursor(Protocol):
    """The part of a driver's cursor that is used here. Rows are tuples."""

    rowcount: int

    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The part of a driver's connection that is used here; the driver itself has no types."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, values: Any = (), /) -> Cursor: ...
    def executemany(self, sql: str, values: Any, /) -> Cursor: ...
    def set_key(self, key: str, /) -> None: ...
    def interrupt(self) -> None: ...
    def backup(self, target: Any, /, *, pages: int) -> None: ...
    def close(self) -> None: ...


class FactRefusedError(AssertionError):
    """A trigger or check of the file refused a row: a bug of ours, kept out by the file itself."""


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """A connection that reads and writes, in WAL with full synchronisation and no implicit BEGIN.

    Raises:
        WrongKey: the first page does not decrypt (or is damaged: the anchor tells which).
        StoreReadOnly, StoreBusy, StoreFull, StoreCorrupt: as the driver found it.
    """
    connection = _open_keyed(path, key, "rwc" if create else "rw")
    with closing_on_error(connection), store_errors():
        for pragma in (*_PRAGMAS, *(_MAC_PRAGMAS if sys.platform == "darwin" else ())):
            connection.execute(pragma).fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "wal":
            raise StoreReadOnly(folder=str(path.parent))
    return connection


def make_private(path: Path) -> None:
    """An empty file that only its owner reads; the log beside it inherits that from it."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreReadOnly(folder=str(path.parent)) from error


def connect_to_read(path: Path, key: bytes) -> Connection:
    """A connection that cannot write, beside whoever holds the file.

    Raises:
        StoreReadOnly: the folder lets nobody share the file (no `-shm` can be made beside it).
        WrongKey, StoreBusy, StoreCorrupt: as for `connect`.
    """
    connection = _open_keyed(path, key, "ro")
    with closing_on_error(connection), store_errors():
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return connection


def connect_unlogged(path: Path, key: bytes) -> Connection:
    """A connection to a new file that takes a copy: no log, nothing flushed, whole or worthless.

    Raises StoreReadOnly, StoreFull.
    """
    connection = _open_keyed(path, key, "rwc")
    with closing_on_error(connection), store_errors():
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def connect_untouched(path: Path, key: bytes) -> Connection:
    """A connection to a file that nobody else has and that has no log; nothing is made beside it.

    Raises WrongKey, StoreReadOnly, StoreCorrupt.
    """
    return _open_keyed(path, key, "ro&immutable=1")


def settle_log(connection: Connection) -> None:
    """Move the log into the file, flushed, and empty it: after a commit that ended in an error.

    A log whose flush failed is read as if it were on the disk, and a power cut may still take it;
    and what was refused in it would be there again after the next start. See
    https://wiki.postgresql.org/wiki/Fsync_Errors.

    Raises StoreBusy, and the driver's errors as they are.
    """
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise StoreBusy


def store_error(error: Exception) -> Exception:
    """What a driver error means to the rest of the program, by its primary code."""
    code = int(getattr(error, "sqlite_errorcode", -1) or -1) & 0xFF
    if code == _CONSTRAINT:
        # The driver names tables, columns and triggers in the text, never a value.
        return FactRefusedError(str(error))
    if code in _BUSY:
        return StoreBusy()
    if code in _READ_ONLY:
        return StoreReadOnly()
    if code == _NOT_A_DATABASE:
        return WrongKey()
    found: dict[int, StoreError] = {
        _IO: StoreCorrupt(check="disk_io"),
        _CORRUPT: StoreCorrupt(check="page"),
        _FULL: StoreFull(),
    }
    return found.get(code, error)


def interrupted(error: Exception) -> bool:
    """Whether another thread ended the statement by `Connection.interrupt`."""
    return int(getattr(error, "sqlite_errorcode", -1) or -1) & 0xFF == _INTERRUPTED


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn whatever the driver raises inside into an error of ours."""
    try:
        yield
    except DriverError as error:
        meant = store_error(error)
        if meant is error:
            raise
        raise meant from error


@contextmanager
def closing_on_error(connection: Connection) -> Iterator[None]:
    """Close the connection if the block fails; leave it open otherwise."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def everyday(connection: Any) -> Database:
    """sqlite-utils on a keyed connection, without plugins of whatever else is installed."""
    return Database(connection, execute_plugins=False)


def _open_keyed(path: Path, key: bytes, mode: str) -> Connection:
    if len(key) != KEY_BYTES:
        raise AssertionError("a raw key of another length would be taken for a passphrase")
    if mode == "rwc":
        make_private(path)
        mode = "rw"
    with store_errors():
        connection: Connection = sqlcipher3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_MS / 1000,
            # With any other level an implicit transaction swallows acknowledged rows.
            isolation_level=None,
            # Each buffer checks its own thread; closing is done by whoever stops the program.
            check_same_thread=False,
            cached_statements=STATEMENTS_MAX,
        )
    with closing_on_error(connection), store_errors():
        # Else a wrong key writes to standard error.
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        # By function, not by PRAGMA: a pragma would show the key to every tracer.
        connection.set_key(f"x'{key.hex()}'")
        if not connection.execute("PRAGMA cipher_version").fetchall():
            raise AssertionError("this SQLite does not encrypt")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return connection
