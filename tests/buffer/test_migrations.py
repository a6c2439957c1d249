"""A file is brought to this program's tables, or refused; a released migration never changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.buffer.database import Connection, Database, Migrations, connect
from kiosk.buffer.migrations import (
    SCHEMA_SHA256,
    check_fingerprint,
    fingerprint,
    migrate,
    pending,
    refuse_newer,
)
from kiosk.errors import StoreCorrupt, StoreTooNew

KEY = b"k" * 32


def first(database: Database) -> None:
    database.executescript(
        "CREATE TABLE facts (id INTEGER PRIMARY KEY) STRICT;"
        "CREATE TRIGGER facts_kept BEFORE DELETE ON facts"
        " BEGIN SELECT RAISE(ABORT, 'kept; always'); END;"
        "INSERT INTO facts VALUES (7);"
    )


def second(database: Database) -> None:
    database.executescript("ALTER TABLE facts ADD COLUMN word TEXT;")


def failing(database: Database) -> None:
    database.executescript("CREATE TABLE half (id INTEGER); CREATE TABLE facts (again INTEGER);")


def plan(*steps) -> Migrations:
    made = Migrations("test")
    for step in steps:
        made(name=step.__name__)(step)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.db"


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    opened = connect(path, KEY, create=True)
    yield opened
    opened.close()


def test_the_tables_are_those_that_were_released(connection: Connection) -> None:
    assert migrate(connection) == (
        "0001_first_sale",
        "0002_finding_answers",
        "0003_incarnations",
        "0004_people",
    )
    # When this fails after an edit of a released migration, undo the edit and add a migration.
    # Before the first release, or with a new migration, this is the value to put there.
    assert fingerprint(connection) == SCHEMA_SHA256
    check_fingerprint(connection)
    assert migrate(connection) == ()


def test_every_table_is_strict(connection: Connection) -> None:
    migrate(connection)
    loose = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
    ).fetchall()
    assert loose == []


def test_every_reference_is_found_by_an_index(connection: Connection) -> None:
    """Facts are never deleted, so only what is looked up by its parent needs one."""
    migrate(connection)
    for table in ("sale_lines", "tenders", "consents", "enrollments", "passes", "outbox"):
        steps = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE sale_id = 'x'"
        ).fetchall()
        assert steps[0][3].startswith("SEARCH"), table


def test_what_is_pending_is_named_in_order(connection: Connection) -> None:
    assert pending(connection, plan(first, second)) == ("first", "second")
    assert migrate(connection, plan(first)) == ("first",)
    assert pending(connection, plan(first, second)) == ("second",)
    assert migrate(connection, plan(first, second)) == ("second",)
    assert pending(connection, plan(first, second)) == ()
    assert connection.execute("SELECT * FROM facts").fetchall() == [(7, None)]


def test_triggers_survive_a_migration(connection: Connection) -> None:
    migrate(connection, plan(first, second))
    with pytest.raises(Exception, match="kept; always"):
        connection.execute("DELETE FROM facts")


def test_a_migration_that_fails_leaves_nothing_half_done(connection) -> None:
    migrate(connection, plan(first))
    before = fingerprint(connection)
    for _ in range(2):
        with pytest.raises(Exception, match="already exists"):
            migrate(connection, plan(first, failing))
        assert fingerprint(connection) == before
        assert not connection.in_transaction


def test_a_newer_file_is_refused(connection: Connection) -> None:
    migrate(connection, plan(first, second))
    with pytest.raises(StoreTooNew) as caught:
        migrate(connection, plan(first))
    assert caught.value.fields == {"unknown": "second"}
    refuse_newer(connection, plan(first, second))


def test_a_fingerprint_that_differs_is_damage(connection: Connection) -> None:
    migrate(connection, plan(first))
    with pytest.raises(StoreCorrupt):
        check_fingerprint(connection)
