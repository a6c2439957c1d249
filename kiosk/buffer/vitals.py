"""The machinery under the buffer: its versions, and how much room a folder has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import sqlcipher3

from kiosk.buffer.database import DriverError
from kiosk.buffer.keys import KEY_BYTES
from kiosk.buffer.migrations import BUFFER_MIGRATIONS, pending

_ASKED: Final = {
    "sqlite": "SELECT sqlite_version()",
    "sqlcipher": "PRAGMA cipher_version",
    "openssl": "PRAGMA cipher_provider_version",
}
MEGABYTE: Final = 1024 * 1024


def versions() -> dict[str, str]:
    """The versions of SQLite, SQLCipher and what encrypts for it, and of the tables."""
    connection = sqlcipher3.connect(":memory:")
    try:
        # What encrypts is named only where there is a key.
        connection.set_key(f"x'{bytes(KEY_BYTES).hex()}'")
        found = {name: _answer(connection, sql) for name, sql in _ASKED.items()}
        names = pending(connection, BUFFER_MIGRATIONS)
    finally:
        connection.close()
    return {**found, "schema": names[-1].partition("_")[0]}


def free_megabytes(folder: Path) -> int:
    """How much room there is for this user."""
    if hasattr(os, "statvfs"):
        found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize // MEGABYTE
    return shutil.disk_usage(folder).free // MEGABYTE


def _answer(connection: sqlcipher3.Connection, sql: str) -> str:
    try:
        row = connection.execute(sql).fetchone()
    except DriverError:
        return "?"
    return "?" if row is None else str(row[0])
