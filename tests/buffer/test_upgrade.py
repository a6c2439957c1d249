"""An earlier file is brought up to date on a copy that proves itself, or is left as it was."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from kiosk.buffer import upgrade as room_of_upgrades
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.database import (
    Connection,
    Database,
    Migrations,
    connect,
    connect_to_read,
    everyday,
    store_errors,
)
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.migrations import (
    BUFFER_MIGRATIONS,
    SCHEMA_SHA256,
    Edition,
    fingerprint,
    migrate,
    pending,
)
from kiosk.buffer.room import Room, RoomRules
from kiosk.buffer.upgrade import count_rows, discard_unfinished, drop_older, upgrade
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreNotUpgraded,
    StoreReadOnly,
)

NOW_MS = 1_800_000_000_000
NEXT = "9999_next"
KEPT = f"buffer.db.before-{NEXT}"
SALES = 5
EXTRA = "CREATE TABLE extra (id INTEGER PRIMARY KEY, sale_id TEXT REFERENCES sales(id)) STRICT;"
Step = Callable[[Database], Any]


def harmless(database: Database) -> None:
    database.executescript(f"{EXTRA} INSERT INTO extra SELECT seq, id FROM sales;")


def with_next(step: Step) -> Migrations:
    """Today's migrations and one more, which runs outside of a transaction to do what it likes."""
    made = Migrations("kiosk.buffer")
    for known in BUFFER_MIGRATIONS._migrations:
        made(name=known.name)(known.fn)
    made(name=NEXT, transactional=False)(step)
    return made


def edition(step: Step = harmless) -> Edition:
    """A program whose tables are those that `harmless` makes, and whose migration is `step`."""
    scratch = sqlcipher3.connect(":memory:")
    try:
        migrate(scratch, with_next(harmless))
        return Edition(migrations=with_next(step), sha256=fingerprint(scratch))
    finally:
        scratch.close()


def without_trigger(database: Database, name: str, sql: str) -> None:
    """Run `sql` past a trigger that would refuse it, and put the trigger back."""
    found = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    database.executescript(f"DROP TRIGGER {name}; {sql}; {found[0]};")


@pytest.fixture
def paths(tmp_path: Path, keys: BufferKeys, shop) -> BufferPaths:
    """A buffer with sales, some of them still in its log, as a kill leaves it."""
    folder = tmp_path / "sold"
    folder.mkdir()
    held = BufferFile.create(folder, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS)
    for _ in range(SALES):
        shop.sell(held.till())
    shutil.copytree(folder, tmp_path / "killed")
    held.close()
    found = BufferPaths(folder=tmp_path / "killed")
    assert found.log.stat().st_size > 0
    return found


@pytest.fixture
def connection(paths: BufferPaths, keys: BufferKeys) -> Iterator[Connection]:
    opened = connect(paths.buffer, keys.database)
    opened.execute("PRAGMA busy_timeout = 0").fetchall()
    yield opened
    opened.close()


def room(paths: BufferPaths, least: int = 0) -> Room:
    return Room(paths.folder, paths.ballast, RoomRules(least_to_open=least))


def rows_of(path: Path, keys: BufferKeys, *, less: str = "extra") -> Mapping[str, list[Any]]:
    connection = connect_to_read(path, keys.database)
    try:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in count_rows(connection)
            if name != less
        }
    finally:
        connection.close()


def names(paths: BufferPaths) -> set[str]:
    return {path.name for path in paths.folder.iterdir()} - {"buffer.lock", "buffer.ballast"}


def test_the_copy_takes_the_files_place_with_every_row_and_the_old_one_is_kept(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    before = rows_of(paths.buffer, keys)
    assert len(before["sales"]) == SALES
    kept = upgrade(connection, paths, keys, room(paths), edition())
    assert kept == paths.folder / KEPT
    assert names(paths) == {"buffer.db", "buffer.anchor", KEPT}
    assert rows_of(paths.buffer, keys) == before == rows_of(kept, keys)
    opened = connect(paths.buffer, keys.database)
    try:
        assert pending(opened, edition().migrations) == ()
        assert count_rows(opened)["extra"] == SALES
        assert opened.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    finally:
        opened.close()
    old = connect(kept, keys.database)
    try:
        assert fingerprint(old) == SCHEMA_SHA256
    finally:
        old.close()


def test_both_files_are_encrypted_and_their_owners_alone(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    kept = upgrade(connection, paths, keys, room(paths), edition())
    for path in (kept, paths.buffer):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"SQLite" not in path.read_bytes()
        assert b"Maria" not in path.read_bytes()


def loses_a_row(database: Database) -> None:
    harmless(database)
    without_trigger(database, "consents_no_delete", "DELETE FROM consents")


def doubles_a_row(database: Database) -> None:
    harmless(database)
    database.executescript("INSERT INTO practice_payments (target, asked_ms) VALUES ('x', 1);")


def loses_a_table(database: Database) -> None:
    harmless(database)
    database.executescript("DROP TABLE practice_payments;")


def makes_other_tables(database: Database) -> None:
    harmless(database)
    database.executescript("CREATE INDEX too_many ON extra(sale_id);")


def loses_a_trigger(database: Database) -> None:
    harmless(database)
    database.executescript("DROP TRIGGER sales_no_update;")


def points_at_nothing(database: Database) -> None:
    database.executescript(
        f"PRAGMA foreign_keys = OFF; {EXTRA} INSERT INTO extra VALUES (1, 'nobody');"
    )


def rewrites_history(database: Database) -> None:
    harmless(database)
    without_trigger(database, "journal_no_update", "UPDATE journal SET at_ms = at_ms + 1")


def stumbles(database: Database) -> None:
    harmless(database)
    database.executescript("INSERT INTO extra VALUES (1, NULL);")


def meets_a_check(database: Database) -> None:
    harmless(database)
    database.executescript("UPDATE sales SET total_minor = 0;")


def cannot_be_read(database: Database) -> None:
    database.executescript("CREATE TABLE (")


@pytest.mark.parametrize(
    ("step", "check"),
    [
        (loses_a_row, "rows"),
        (doubles_a_row, "rows"),
        (loses_a_table, "schema"),
        (makes_other_tables, "schema"),
        (loses_a_trigger, "schema"),
        (points_at_nothing, "foreign_keys"),
        (rewrites_history, "journal"),
        (stumbles, "migration"),
        (meets_a_check, "migration"),
        (cannot_be_read, "migration"),
    ],
)
def test_a_migration_that_does_harm_is_refused_and_the_file_is_as_it_was(
    connection: Connection, paths: BufferPaths, keys: BufferKeys, step: Step, check: str
) -> None:
    files, rows = names(paths), rows_of(paths.buffer, keys)
    for _ in range(2):
        with pytest.raises(StoreNotUpgraded) as caught:
            upgrade(connection, paths, keys, room(paths), edition(step))
        assert caught.value.fields == {"check": check}
        assert names(paths) == files
        assert rows_of(paths.buffer, keys) == rows
        assert fingerprint(connection) == SCHEMA_SHA256


def test_a_chain_that_was_broken_before_is_damage_and_no_fault_of_the_migration(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    database = everyday(connection)
    rewrites = "UPDATE journal SET payload = '{}' WHERE seq = 2"
    without_trigger(database, "journal_no_update", rewrites)
    files = names(paths)
    with pytest.raises(StoreCorrupt) as caught:
        upgrade(connection, paths, keys, room(paths), edition())
    assert caught.value.fields == {"check": "journal"}
    assert names(paths) == files


def test_a_page_that_does_not_read_is_damage_and_the_file_is_left_alone(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sale_lines'")
    page = found.fetchone()[0]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    raw = bytearray(paths.buffer.read_bytes())
    raw[(page - 1) * 4096 + 77] ^= 1
    paths.buffer.write_bytes(raw)
    again = connect(paths.buffer, keys.database)
    with pytest.raises(StoreCorrupt), store_errors():
        upgrade(again, paths, keys, room(paths), edition())
    again.close()
    assert paths.buffer.read_bytes() == raw
    assert names(paths) == {"buffer.db", "buffer.anchor"}


def test_without_room_for_a_second_file_nothing_is_begun(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    files = names(paths)
    with pytest.raises(StoreFull) as caught:
        upgrade(connection, paths, keys, room(paths, least=1 << 60), edition())
    assert set(caught.value.fields) == {"free_mb", "needed_mb"}
    assert names(paths) == files


@pytest.mark.parametrize(("code", "meant"), [(28, StoreFull), (13, StoreReadOnly)])
def test_what_the_disk_refuses_is_said_and_nothing_is_left(
    connection: Connection,
    paths: BufferPaths,
    keys: BufferKeys,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    meant: type[StoreError],
) -> None:
    def refuse(path: Path) -> None:
        raise OSError(code, "no")

    files = names(paths)
    monkeypatch.setattr(room_of_upgrades, "flush_file", refuse)
    with pytest.raises(meant):
        upgrade(connection, paths, keys, room(paths), edition())
    assert names(paths) == files


def test_a_reader_in_the_middle_of_a_snapshot_is_waited_for(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    reader = connect_to_read(paths.buffer, keys.database)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sales").fetchall()
    connection.execute("UPDATE buffer_identity SET highest_ms = highest_ms")
    with pytest.raises(StoreBusy):
        upgrade(connection, paths, keys, room(paths), edition())
    assert not (paths.folder / KEPT).exists()
    reader.close()
    again = connect(paths.buffer, keys.database)
    upgrade(again, paths, keys, room(paths), edition())
    assert (paths.folder / KEPT).exists()


def test_a_reader_who_stays_sees_the_old_file_and_harms_the_new_one_in_nothing(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    reader = connect_to_read(paths.buffer, keys.database)
    before = count_rows(reader)
    upgrade(connection, paths, keys, room(paths), edition())
    opened = connect(paths.buffer, keys.database)
    opened.execute("INSERT INTO practice_payments (target, asked_ms) VALUES ('x', 1)")
    assert count_rows(reader) == before
    assert count_rows(opened) == {**before, "extra": SALES, "practice_payments": 1}
    reader.close()
    opened.close()
    assert rows_of(paths.buffer, keys)["practice_payments"] == [(1, "x", 1, None)]


def test_a_disk_without_second_names_keeps_a_copy_of_the_old_file(
    connection: Connection, paths: BufferPaths, keys: BufferKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(1, "not on this disk")

    before = rows_of(paths.buffer, keys)
    monkeypatch.setattr(os, "link", unknown)
    kept = upgrade(connection, paths, keys, room(paths), edition())
    assert rows_of(kept, keys) == before == rows_of(paths.buffer, keys)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.stat().st_nlink == 1


def grows(database: Database) -> None:
    harmless(database)
    database.executescript(
        "WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
        " INSERT INTO extra SELECT i, NULL FROM n;"
    )


def test_an_index_of_the_old_log_is_not_taken_for_the_new_ones(
    connection: Connection, paths: BufferPaths, keys: BufferKeys
) -> None:
    """It would say that the new file is as short as the old one was."""
    reader = connect_to_read(paths.buffer, keys.database)
    upgrade(connection, paths, keys, room(paths), edition(grows))
    opened = connect(paths.buffer, keys.database)
    opened.execute("INSERT INTO extra VALUES (40001, NULL)")
    assert count_rows(opened)["extra"] == SALES + 39_001
    assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    reader.close()
    opened.close()


class PowerCut(BaseException):
    """Whoever is hit by this does not get to tidy up: see `cut_at`."""


@pytest.mark.parametrize(
    "step", ["_copy", "_bring_up_to_date", "_failed_check", "_let_go", "flush_folder", "_switch"]
)
@pytest.mark.parametrize("after", [False, True])
def test_cut_off_at_any_step_the_next_start_brings_it_up_to_date(
    paths: BufferPaths, keys: BufferKeys, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    real = getattr(room_of_upgrades, step)

    def cut(*values: Any) -> None:
        if after:
            real(*values)
        raise PowerCut

    before = rows_of(paths.buffer, keys)
    opened = connect(paths.buffer, keys.database)
    with monkeypatch.context() as patched:
        patched.setattr(room_of_upgrades, step, cut)
        patched.setattr(room_of_upgrades, "discard_unfinished", lambda _: None)
        with pytest.raises(PowerCut):
            upgrade(opened, paths, keys, room(paths), edition())
    opened.close()
    assert rows_of(paths.buffer, keys) == before
    discard_unfinished(paths)
    opened = connect(paths.buffer, keys.database)
    done = not pending(opened, edition().migrations)
    assert done == (after and step == "_switch")
    if not done:
        upgrade(opened, paths, keys, room(paths), edition())
    opened.close()
    assert names(paths) == {"buffer.db", "buffer.anchor", KEPT}
    assert rows_of(paths.buffer, keys) == before == rows_of(paths.folder / KEPT, keys)


def test_a_start_removes_what_an_attempt_left_and_sells_on(
    paths: BufferPaths, keys: BufferKeys, shop
) -> None:
    for part in ("", "-wal", "-shm", "-journal"):
        (paths.folder / f"buffer.db.upgraded{part}").write_bytes(b"half")
    with BufferFile.open(paths.folder, keys, now_ms=NOW_MS):
        assert not any("upgraded" in name for name in names(paths))


def test_after_a_good_start_only_the_newest_old_file_is_kept(
    paths: BufferPaths, keys: BufferKeys
) -> None:
    for migration in ("0002_b", "0010_c", "0001_a"):
        paths.kept_before(migration).write_bytes(b"old")
    (paths.folder / "buffer.db.before-0010_c-wal").write_bytes(b"")  # somebody looked into it
    assert [path.name[-6:] for path in paths.all_kept()] == ["0001_a", "0002_b", "0010_c"]
    BufferFile.open(paths.folder, keys, now_ms=NOW_MS).close()
    assert paths.all_kept() == (paths.kept_before("0010_c"),)
    assert drop_older(paths) == 0
    assert drop_older(paths, most=0) == 1
    assert not any("before" in name for name in names(paths))
    assert paths.all_kept() == ()


def test_a_start_that_fails_keeps_every_old_file(paths: BufferPaths, keys: BufferKeys) -> None:
    for migration in ("0002_b", "0010_c"):
        paths.kept_before(migration).write_bytes(b"old")
    paths.anchor.unlink()
    with pytest.raises(StoreCorrupt):
        BufferFile.open(paths.folder, keys, now_ms=NOW_MS)
    assert len(paths.all_kept()) == 2
