"""Transactions: whole or nothing, on the disk or an error that says what is known."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.room import RoomRules
from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import RailMode
from kiosk.errors import StoreBusy, StoreCorrupt, StoreFull, StoreReadOnly, StoreUnsure

NOW_MS = 1_800_000_000_000
MARKER = "Zyxwvut-Marker"


class Failing:
    """The driver's connection, with one statement that ends in this error."""

    def __init__(self, inner: Any, statement: str, code: int, *, done: bool = False) -> None:
        self._inner, self._statement, self._done = inner, statement, done
        self._error = sqlcipher3.OperationalError("the disk said no")
        self._error.sqlite_errorcode = code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def execute(self, sql: str, values: Any = (), /) -> Any:
        if sql != self._statement:
            return self._inner.execute(sql, values)
        if self._done:
            self._inner.execute(sql, values)
        raise self._error


def break_statement(buffer: Buffer, statement: str, code: int, *, done: bool = False) -> None:
    import dataclasses

    session = buffer._session
    failing = Failing(session.connection, statement, code, done=done)
    buffer._session = dataclasses.replace(session, connection=failing)


def test_an_error_inside_takes_everything_back(till: Buffer, shop) -> None:
    with pytest.raises(ZeroDivisionError), till.writing() as uow:
        shop.open_sale(uow)
        raise ZeroDivisionError
    with till.writing() as uow:
        assert list(uow.sales.each()) == []
        assert uow.settings.next_number("receipt") == 1
        assert uow.settings.next_number("pass") == 1


def test_one_connection_sees_what_the_other_committed_and_nothing_else(buffer_file, shop) -> None:
    till, sync = buffer_file.till(), buffer_file.sync()
    assert till is buffer_file.till()
    assert till is not sync
    with till.writing() as uow:
        sale = shop.open_sale(uow)
        with sync.reading() as other:
            assert other.sales.get(sale.sale_id) is None
        uow.outbox.add(shop.entry(sale), NOW_MS)
        shop.close_sale(uow, sale)
    with sync.reading() as other:
        assert other.sales.get(sale.sale_id) == sale


def test_a_reading_stays_at_one_instant(buffer_file: BufferFile, shop) -> None:
    till, sync = buffer_file.till(), buffer_file.sync()
    with sync.reading() as uow:
        assert list(uow.sales.each()) == []
        shop.sell(till)
        assert list(uow.sales.each()) == []
    with sync.reading() as uow:
        assert len(list(uow.sales.each())) == 1


def test_what_is_written_in_a_reading_is_thrown_away(till: Buffer) -> None:
    with till.reading() as uow:
        uow.settings.put("theme", "dark", NOW_MS)
    with till.reading() as uow:
        assert uow.settings.get("theme") is None


def test_transactions_of_one_buffer_are_not_nested(till: Buffer) -> None:
    with till.writing(), pytest.raises(AssertionError, match="one transaction"), till.reading():
        pass
    with till.reading():
        pass


def test_a_commit_that_fails_is_unknown_and_turns_out_not_done(till: Buffer, shop) -> None:
    break_statement(till, "COMMIT", 10)
    with pytest.raises(StoreUnsure) as caught:
        shop.sell(till)
    assert isinstance(caught.value.__cause__, StoreCorrupt)
    with till.reading() as uow:  # on a fresh connection
        assert list(uow.sales.each()) == []
    shop.sell(till)


def test_a_commit_that_fails_is_unknown_and_turns_out_done(till: Buffer, shop) -> None:
    break_statement(till, "COMMIT", 13, done=True)
    with pytest.raises(StoreUnsure) as caught:
        shop.sell(till)
    assert isinstance(caught.value.__cause__, StoreFull)
    with till.reading() as uow:
        assert len(list(uow.sales.each())) == 1
        assert uow.journal.verify().ok


@pytest.mark.parametrize(
    ("code", "error"),
    [(5, StoreBusy), (6, StoreBusy), (13, StoreFull), (8, StoreReadOnly), (11, StoreCorrupt)],
)
def test_a_beginning_that_fails_writes_nothing(till: Buffer, shop, code: int, error) -> None:
    break_statement(till, "BEGIN IMMEDIATE", code)
    with pytest.raises(error):
        shop.sell(till)


def test_a_full_file_is_said_and_selling_goes_on_when_there_is_room(till: Buffer, shop) -> None:
    connection = till._session.connection
    shop.sell(till)
    most = connection.execute("PRAGMA max_page_count").fetchone()[0]
    used = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {used}").fetchall()
    with pytest.raises((StoreFull, StoreUnsure)):
        for _ in range(200):
            shop.sell(till)
    with till.reading() as uow:
        before = len(list(uow.sales.each()))
        assert uow.journal.verify().length == before
    till._session.connection.execute(f"PRAGMA max_page_count = {most}").fetchall()
    shop.sell(till)
    with till.reading() as uow:
        assert len(list(uow.sales.each())) == before + 1


def test_selling_stops_while_there_is_room_left_and_sending_does_not(tmp_path, keys, buffer_file):
    buffer_file.close()
    rules = RoomRules(least_to_sell=1 << 60)
    with BufferFile.open(tmp_path, keys, now_ms=NOW_MS, rules=rules) as held:
        with pytest.raises(StoreFull) as caught, held.till().writing():
            pass
        assert caught.value.fields["needed_mb"] == 1 << 40
        with held.sync().writing() as uow:
            uow.settings.put("rail.state", "reachable", NOW_MS)
        with held.till().reading() as uow:
            assert uow.settings.get("rail.state") == "reachable"


def test_a_look_never_writes(buffer_file: BufferFile, tmp_path: Path, keys, shop) -> None:
    sale = shop.sell(buffer_file.till())
    with BufferFile.look(tmp_path, keys) as buffer:
        assert buffer.identity == buffer_file.till().identity
        with pytest.raises(StoreReadOnly), buffer.writing():
            pass
        with pytest.raises(StoreReadOnly), buffer.reading() as uow:
            uow.settings.put("theme", "dark", NOW_MS)
        with pytest.raises(StoreReadOnly):
            buffer.rest()
        shop.sell(buffer_file.till())  # a reader stands in nobody's way
        with buffer.reading() as uow:
            assert uow.sales.get(sale.sale_id) == sale


def test_a_look_works_on_a_closed_folder(buffer_file: BufferFile, tmp_path, keys, shop) -> None:
    sale = shop.sell(buffer_file.till())
    buffer_file.close()
    with BufferFile.look(tmp_path, keys) as buffer, buffer.reading() as uow:
        assert uow.sales.newest(1) == (sale,)
    with BufferFile.open(tmp_path, keys, now_ms=NOW_MS) as held:
        shop.sell(held.till())


def test_closing_twice_and_without_use_does_no_harm(buffer_file: BufferFile, reopen) -> None:
    buffer_file.close()
    buffer_file.close()
    reopen().close()


def test_resting_moves_the_log_into_the_file(till: Buffer, tmp_path: Path, shop) -> None:
    sale = shop.sell(till)
    before = (tmp_path / "buffer.db").read_bytes()
    till.rest()
    assert (tmp_path / "buffer.db").read_bytes() != before
    with till.reading() as uow:
        assert uow.sales.get(sale.sale_id) == sale


def test_no_word_about_a_person_is_readable_in_any_file(buffer_file, tmp_path: Path, shop) -> None:
    till = buffer_file.till()
    member = shop.member(name=MARKER, email=f"{MARKER.lower()}@example.org")
    shop.sell(till, member, entry={"person": {"name": MARKER}})
    with till.writing() as uow:
        uow.parked.park(shop.make_id(), f'{{"name": "{MARKER}"}}', NOW_MS)
    names = [MARKER.encode(), MARKER.lower().encode(), MARKER.encode("utf-16-le")]

    def readable() -> list[str]:
        return [
            path.name for path in tmp_path.iterdir() for name in names if name in path.read_bytes()
        ]

    assert (tmp_path / "buffer.db-wal").stat().st_size > 0
    assert readable() == []
    buffer_file.close()
    assert readable() == []


def test_the_driver_s_words_reach_nobody_with_a_person_in_them(till: Buffer, shop) -> None:
    member = shop.member(name=MARKER, email="same@example.org")
    shop.sell(till, member)
    with pytest.raises(FactRefusedError) as caught, till.writing() as uow:
        uow.people.enroll(shop.member(name=MARKER, email="same@example.org"), NOW_MS)
    assert MARKER not in f"{caught.value} {caught.value.__cause__}"
    assert "same@" not in f"{caught.value} {caught.value.__cause__}"


def test_two_threads_on_two_connections_lose_nothing(buffer_file: BufferFile, shop) -> None:
    till, sync = buffer_file.till(), buffer_file.sync()
    sales, stop, faults = 25, threading.Event(), []
    carried: list[EntryId] = []

    def carry() -> None:
        from kiosk.buffer.outbox import ClaimRequest

        dice = random.Random(1)
        try:
            while not stop.is_set() or len(carried) < sales:
                request = ClaimRequest(
                    mode=RailMode.PRACTICE, now_ms=NOW_MS, lease_ms=10**6, limit=dice.randint(1, 4)
                )
                with sync.writing() as uow:
                    claimed = uow.outbox.claim(request)
                for entry in claimed:
                    with sync.writing() as uow:
                        assert uow.outbox.deliver(entry, NOW_MS)
                    carried.append(entry.entry_id)
        except BaseException as error:  # noqa: BLE001  (the test's own thread reports it)
            faults.append(error)

    thread = threading.Thread(target=carry)
    thread.start()
    sold = [shop.sell(till) for _ in range(sales)]
    stop.set()
    thread.join(timeout=60)
    assert not faults
    assert len(carried) == len(set(carried)) == sales
    with till.reading() as uow:
        assert list(uow.sales.each()) == sold
        assert uow.outbox.counts(RailMode.PRACTICE).delivered == sales
        assert uow.journal.verify().length == sales
