"""Bring a file to this program's tables, and refuse one whose tables are not what they should be.

Migrations are hand-written SQL. sqlite-utils' `transform()` is never used: it drops triggers and
generated columns without a word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlcipher3

from kiosk.buffer.database import Connection, Database, Migrations, everyday
from kiosk.buffer.schema import (
    m0001_ground,
    m0001_outbox,
    m0001_sales,
    m0002_answers,
    m0003_incarnations,
    m0004_people,
)
from kiosk.errors import StoreCorrupt, StoreTooNew, StoreTooOld

# SHA-256 over every table, index and trigger after the last migration below. A test computes it
# anew: it changes with a new migration, and never because a released one was edited.
SCHEMA_SHA256: Final = "e1afd113500e2b0a4b6d58d6532ef889b147bb27416a81e7c8993a0eadfec9c5"

BUFFER_MIGRATIONS: Final = Migrations("kiosk.buffer")
MIGRATIONS_TABLE: Final = "_sqlite_migrations"  # where sqlite-utils writes down what was applied


@BUFFER_MIGRATIONS(name="0001_first_sale")
def _first_sale(database: Database) -> None:
    for part in (m0001_ground, m0001_sales, m0001_outbox):
        database.executescript(part.SQL)


@BUFFER_MIGRATIONS(name="0002_finding_answers")
def _finding_answers(database: Database) -> None:
    database.executescript(m0002_answers.SQL)


@BUFFER_MIGRATIONS(name="0003_incarnations")
def _incarnations(database: Database) -> None:
    database.executescript(m0003_incarnations.SQL)


@BUFFER_MIGRATIONS(name="0004_people")
def _people(database: Database) -> None:
    database.executescript(m0004_people.SQL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The tables a program works with: the migrations that make them, and their fingerprint."""

    migrations: Migrations
    sha256: str


CURRENT: Final = Edition(migrations=BUFFER_MIGRATIONS, sha256=SCHEMA_SHA256)


def migrate(connection: Connection, migrations: Migrations = BUFFER_MIGRATIONS) -> tuple[str, ...]:
    """Apply what is pending, each migration in its own transaction; the names that were applied.

    For a file that is not in use yet: a new one, or the copy that `upgrade` makes.

    Raises:
        StoreTooNew: the file has migrations this program does not know.
    """
    refuse_newer(connection, migrations)
    names = pending(connection, migrations)
    migrations.apply(everyday(connection))
    return names


def pending(connection: Connection, migrations: Migrations = BUFFER_MIGRATIONS) -> tuple[str, ...]:
    """The names of the migrations that this file does not have, in their order."""
    return tuple(migration.name for migration in migrations.pending(everyday(connection)))


def refuse_newer(connection: Connection, migrations: Migrations = BUFFER_MIGRATIONS) -> None:
    """Raise StoreTooNew when a newer program has written this file."""
    applied = {migration.name for migration in migrations.applied(everyday(connection))}
    if unknown := sorted(applied - _registered(migrations)):
        raise StoreTooNew(unknown=unknown[0])


def refuse_unknown(row: Sequence[object], migrations: Migrations = BUFFER_MIGRATIONS) -> None:
    """The same for one row of `MIGRATIONS_TABLE` as it is stored: id, set, name, time."""
    if len(row) > 2 and row[1] == migrations.name and row[2] not in _registered(migrations):
        raise StoreTooNew(unknown=str(row[2]))


def refuse_older(connection: Connection, migrations: Migrations = BUFFER_MIGRATIONS) -> None:
    """Raise StoreTooOld when a migration is missing that this connection cannot apply."""
    if missing := pending(connection, migrations):
        raise StoreTooOld(missing=missing[0])


def check_fingerprint(connection: Connection, expected: str = SCHEMA_SHA256) -> None:
    """Raise StoreCorrupt when a table, index or trigger was changed behind our back."""
    if fingerprint(connection) != expected:
        raise StoreCorrupt(check="schema")


def is_strange(connection: Connection) -> bool:
    """Whether the tables are not this program's, and not an earlier one's either.

    Those of an earlier one are brought up to date at the start. Raises StoreTooNew.
    """
    if fingerprint(connection) == SCHEMA_SHA256:
        return False
    refuse_newer(connection)
    return not pending(connection)


def fingerprint(connection: Connection) -> str:
    """SHA-256 of the tables, indices and triggers, in a fixed order, as 64 hex characters."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND tbl_name NOT LIKE '\\_sqlite\\_%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
    )
    digest = hashlib.sha256()
    for row in rows:
        for part in row:
            digest.update(len(part).to_bytes(4, "big") + part.encode())
    return digest.hexdigest()


def _registered(migrations: Migrations) -> set[str]:
    """Every name of the set: on a database in memory nothing is applied, so all are pending."""
    empty = sqlcipher3.connect(":memory:")
    try:
        return {migration.name for migration in migrations.pending(everyday(empty))}
    finally:
        empty.close()
