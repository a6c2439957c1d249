"""Keyed connections, and what each driver error means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3
import sqlite_utils.db

from kiosk.buffer.database import (
    FactRefusedError,
    connect,
    connect_to_read,
    everyday,
    store_error,
    store_errors,
)
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreFull,
    StoreReadOnly,
    WrongKey,
)

KEY = b"k" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.db"


def error(code: int) -> Exception:
    made: Exception = sqlcipher3.OperationalError("words")
    vars(made)["sqlite_errorcode"] = code
    return made


def test_sqlite_utils_works_with_the_encrypting_driver() -> None:
    assert vars(sqlite_utils.db)["sqlite3"] is sqlcipher3


def test_an_earlier_import_of_sqlite_utils_fails_loudly(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sqlite_utils, kiosk.buffer.database"],
        cwd=repository, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "imported before" in done.stderr


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1),
        ("recursive_triggers", 1), ("secure_delete", 1), ("busy_timeout", 5000),
        ("trusted_schema", 0), ("wal_autocheckpoint", 10_000), ("cache_size", -64_000),
    ],
)  # fmt: skip
def test_a_connection_is_set_up_for_facts(path: Path, pragma: str, value) -> None:
    connection = connect(path, KEY, create=True)
    assert connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value
    assert connection.execute("PRAGMA cipher_version").fetchone()[0].startswith("4.")
    connection.close()


def test_no_implicit_transaction_swallows_an_acknowledged_row(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    everyday(connection).execute("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT")
    connection.execute("INSERT INTO t VALUES (1) RETURNING id").fetchall()
    assert not connection.in_transaction
    everyday(connection).table("t").insert({"id": 2})
    other = connect(path, KEY)
    assert other.execute("SELECT count(*) FROM t").fetchone() == (2,)
    other.close()
    connection.close()


def test_the_file_is_encrypted_from_its_first_byte(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE t (word TEXT) STRICT")
    connection.execute("INSERT INTO t VALUES ('a word in clear')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    raw = path.read_bytes()
    assert not raw.startswith(b"SQLite format 3")
    assert b"a word in clear" not in raw


def test_a_missing_file_is_never_made_by_opening(path: Path) -> None:
    for opening in (connect, connect_to_read):
        with pytest.raises(StoreReadOnly):
            opening(path, KEY)
    assert not path.exists()


def test_a_wrong_key_is_silent_on_standard_error(path: Path, capfd) -> None:
    connect(path, KEY, create=True).close()
    with pytest.raises(WrongKey):
        connect(path, b"x" * 32)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_not_taken_for_a_passphrase(path: Path, key: bytes) -> None:
    with pytest.raises(AssertionError):
        connect(path, key, create=True)
    assert not path.exists()


def test_a_path_with_odd_characters_is_opened_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "pop-up? #1 100% ñ"
    folder.mkdir()
    connect(folder / "file.db", KEY, create=True).close()
    assert [path.name for path in folder.iterdir()] == ["file.db"]


def test_a_reader_cannot_write(path: Path) -> None:
    connect(path, KEY, create=True).close()
    reader = connect_to_read(path, KEY)
    with pytest.raises(StoreReadOnly), store_errors():
        reader.execute("CREATE TABLE t (a INTEGER)")
    reader.close()


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (5, StoreBusy), (6, StoreBusy), (5 | 2 << 8, StoreBusy), (13, StoreFull),
        (8, StoreReadOnly), (14, StoreReadOnly), (3, StoreReadOnly), (26, WrongKey),
        (11, StoreCorrupt), (10, StoreCorrupt), (10 | 4 << 8, StoreCorrupt),
        (19, FactRefusedError),
    ],
)  # fmt: skip
def test_each_primary_code_has_one_meaning(code: int, meant: type[Exception]) -> None:
    assert type(store_error(error(code))) is meant


@pytest.mark.parametrize("code", [1, 20, 21, 25])
def test_our_own_mistakes_stay_what_they_are(code: int) -> None:
    mistake = error(code)
    assert store_error(mistake) is mistake
    with pytest.raises(sqlcipher3.OperationalError), store_errors():
        raise mistake


def test_an_error_without_a_code_stays_what_it_is() -> None:
    mistake = sqlcipher3.ProgrammingError("closed")
    assert store_error(mistake) is mistake


def test_a_broken_disk_and_a_broken_page_are_told_apart() -> None:
    checks = []
    for code in (10, 11):
        meant = store_error(error(code))
        assert isinstance(meant, StoreCorrupt)
        checks.append(meant.fields["check"])
    assert checks == ["disk_io", "page"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such bits")
def test_a_new_file_and_its_log_are_for_their_owner_only(path: Path) -> None:
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE t (a)")
    log = path.with_name(path.name + "-wal")
    assert [file.stat().st_mode & 0o077 for file in (path, log)] == [0, 0]
    connection.close()
