"""A commit that ended in an error: what is found afterwards is on the disk, or is not said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import connect, connect_to_read, settle_log
from kiosk.buffer.keys import BufferKeys
from kiosk.errors import StoreBusy, StoreCorrupt, StoreFull, StoreUnsure

NOW_MS = 1_800_000_000_000


class Connection:
    """A connection on which some statements end in an error, after they were done or instead."""

    def __init__(self, real: Any, refused: dict[str, int], *, done: bool = False) -> None:
        self._real, self.refused, self._done = real, refused, done
        self.asked: list[str] = []

    def execute(self, sql: str, *values: Any) -> Any:
        self.asked.append(sql)
        if sql in self.refused:
            if self._done:
                self._real.execute(sql, *values)
            error = sqlcipher3.OperationalError("the disk said no")
            error.sqlite_errorcode = self.refused[sql]
            raise error
        return self._real.execute(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


SETTLE = "PRAGMA wal_checkpoint(TRUNCATE)"
Opening = Callable[[], Any]


def doubting(held: BufferFile, code: int, *, done: bool) -> Buffer:
    """The till, whose next commit ends in this error."""
    till = held.till()
    broken = Connection(till._session.connection, {"COMMIT": code}, done=done)
    object.__setattr__(till._session, "connection", broken)
    return till


@pytest.mark.parametrize("done", [True, False])
def test_before_anything_is_looked_up_the_log_is_on_the_disk_and_empty(
    buffer_file: BufferFile, tmp_path: Path, keys: BufferKeys, shop, done: bool
) -> None:
    shop.sell(buffer_file.till())
    with pytest.raises(StoreUnsure):
        shop.sell(doubting(buffer_file, 10, done=done))
    assert (tmp_path / "buffer.db-wal").stat().st_size > 0
    with buffer_file.till().reading() as uow:
        assert len(list(uow.sales.each())) == 1 + done
        assert (tmp_path / "buffer.db-wal").stat().st_size == 0
    # What a power cut leaves when it takes a log that was never flushed.
    alone = Path(shutil.copy(tmp_path / "buffer.db", tmp_path / "alone.db"))
    connection = connect_to_read(alone, keys.database)
    assert connection.execute("SELECT count(*) FROM sales").fetchone()[0] == 1 + done
    connection.close()


def test_a_flush_that_fails_again_leaves_it_unknown_until_one_works(
    buffer_file: BufferFile, shop
) -> None:
    with pytest.raises(StoreUnsure):
        shop.sell(doubting(buffer_file, 10, done=True))
    till, opening = buffer_file.till(), buffer_file.till()._open_connection
    opened: list[Connection] = []

    def broken() -> Any:
        opened.append(Connection(opening(), {SETTLE: 10}))
        return opened[-1]

    till._open_connection = broken
    for number in (1, 2):
        with pytest.raises(StoreCorrupt) as caught, till.reading():
            pass
        assert caught.value.fields == {"check": "disk_io"}
        assert len(opened) == number
        assert SETTLE in opened[-1].asked
    till._open_connection = opening
    with till.reading() as uow:
        assert len(list(uow.sales.each())) == 1
    shop.sell(till)


def test_on_a_full_disk_it_is_looked_up_without_a_flush_that_cannot_be(
    buffer_file: BufferFile, shop
) -> None:
    with pytest.raises(StoreUnsure) as caught:
        shop.sell(doubting(buffer_file, 13, done=False))
    assert isinstance(caught.value.__cause__, StoreFull)
    till, opening = buffer_file.till(), buffer_file.till()._open_connection
    till._open_connection = lambda: Connection(opening(), {SETTLE: 13})
    with till.reading() as uow:
        assert list(uow.sales.each()) == []


def test_an_error_after_a_full_disk_is_settled_again(buffer_file: BufferFile, shop) -> None:
    for code in (13, 10):
        with pytest.raises(StoreUnsure):
            shop.sell(doubting(buffer_file, code, done=False))
        with buffer_file.till().reading():
            pass
    assert not buffer_file.till()._was_full


def test_a_log_that_somebody_reads_is_not_settled(tmp_path: Path, keys: BufferKeys, shop) -> None:
    with BufferFile.create(
        tmp_path, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS
    ) as held:
        shop.sell(held.till())
        reader = connect_to_read(tmp_path / "buffer.db", keys.database)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sales").fetchall()
        shop.sell(held.till())
        writer = connect(tmp_path / "buffer.db", keys.database)
        writer.execute("PRAGMA busy_timeout = 0").fetchall()
        with pytest.raises(StoreBusy):
            settle_log(writer)
        reader.close()
        settle_log(writer)
        writer.close()
