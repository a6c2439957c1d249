"""A copy of the encrypted file: whole, made beside selling, checked before it is relied on."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import pytest

from kiosk.buffer import copy
from kiosk.buffer.anchor import AnchorMark, read_anchor
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.copy import (
    check_copy,
    check_shelf,
    copy_buffer,
    copy_file,
    count_unsent,
    settle_copy,
)
from kiosk.buffer.database import DriverError
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.domain.outbox import RailMode
from kiosk.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreTooOld,
    WrongKey,
)
from tests.buffer.conftest import NOW_MS, Shop, make_keys


@pytest.fixture
def paths(tmp_path: Path) -> BufferPaths:
    return BufferPaths(folder=tmp_path)


@pytest.fixture
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies") / "buffer.db"


def test_a_copy_holds_what_stands_in_the_log_and_says_what_it_holds(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    for _ in range(3):
        shop.sell(till)
    facts = copy_buffer(paths, keys, target)
    assert (facts.sales, facts.device, facts.incarnation) == (3, 3, 1)
    assert facts.buffer_id == till.identity.buffer_id
    with till.reading() as uow:
        seq, head = uow.journal.head()
    assert (facts.seq, facts.head) == (seq, head.hex())
    assert facts.unsent_total == 3
    # One file, and nothing beside it.
    assert [path.name for path in target.parent.iterdir()] == ["buffer.db"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_copy_opens_as_a_buffer_of_its_own(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    sale = shop.sell(till)
    facts = copy_buffer(paths, keys, target)
    settle_copy(BufferPaths(folder=target.parent), keys, facts)
    with BufferFile.open(target.parent, keys, now_ms=NOW_MS) as other:
        with other.till().reading() as uow:
            assert uow.sales.get(sale.sale_id) is not None
        shop.sell(other.till())
    with till.reading() as uow:
        assert len(list(uow.sales.each())) == 1


def test_sales_go_on_while_a_copy_is_made(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, tmp_path: Path
) -> None:
    shop.sell(till)
    sold, errors = [1], list[Exception]()
    begun, stop = threading.Event(), threading.Event()

    def copies() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                made = tmp_path / f"copy-{number}"
                least = sold[0]
                assert least <= copy_buffer(paths, keys, made).sales <= sold[0] + 1
                begun.set()
        except Exception as error:  # noqa: BLE001 - told to the test below
            errors.append(error)

    thread = threading.Thread(target=copies)
    thread.start()
    for _ in range(40):
        shop.sell(till)
        sold[0] += 1
    assert begun.wait(20)
    stop.set()
    thread.join()
    assert errors == []


def test_every_state_of_an_entry_but_delivered_is_unsent(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys
) -> None:
    for _ in range(4):
        shop.sell(till)
    request = ClaimRequest(mode=RailMode.PRACTICE, now_ms=NOW_MS, lease_ms=1000, limit=3)
    with till.writing() as uow:
        first, second, third = uow.outbox.claim(request)
        uow.outbox.deliver(first, NOW_MS)
        uow.outbox.park(second, "why", NOW_MS)
        uow.outbox.later(third, NOW_MS + 5, "lost", unknown=True)
    (practice,) = count_unsent(paths, keys)
    assert (practice.mode, practice.total) == ("practice", 3)
    assert (practice.waiting, practice.unknown, practice.parked) == (1, 1, 1)


def test_nothing_unsent_is_an_empty_list(
    buffer_file: BufferFile, paths: BufferPaths, keys: BufferKeys, tmp_path: Path
) -> None:
    assert count_unsent(paths, keys) == ()
    with pytest.raises(StoreMissing):
        count_unsent(BufferPaths(folder=tmp_path / "none"), keys)
    with pytest.raises(StoreMissing):
        copy_buffer(BufferPaths(folder=tmp_path / "none"), keys, tmp_path / "copy")


def test_a_copy_under_another_key_is_not_made(
    till: Buffer, paths: BufferPaths, target: Path
) -> None:
    with pytest.raises(WrongKey):
        copy_buffer(paths, make_keys(8), target)
    assert not target.exists()


def test_a_copy_that_is_behind_the_anchor_is_refused(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    shop.sell(till)
    copy_buffer(paths, keys, target)
    shop.sell(till)
    mark = read_anchor(paths.anchor, keys.anchor)
    with pytest.raises(StoreCorrupt) as refused:
        check_copy(target, keys, mark)
    assert refused.value.fields == {"check": "behind_anchor"}
    forged = AnchorMark.at(till.identity.buffer_id, 1, 1, bytes(32))
    with pytest.raises(StoreCorrupt):
        check_copy(target, keys, forged)


def test_every_flipped_page_of_a_copy_is_found(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    shop.sell(till)
    copy_buffer(paths, keys, target)
    whole = target.read_bytes()
    dice = random.Random(3)
    for page in range(0, len(whole) // 4096, 5):
        raw = bytearray(whole)
        raw[page * 4096 + dice.randrange(4096)] ^= 1 << dice.randrange(8)
        target.write_bytes(raw)
        with pytest.raises((StoreCorrupt, WrongKey)):
            check_copy(target, keys)
    target.write_bytes(whole[: len(whole) // 2])
    with pytest.raises((StoreCorrupt, WrongKey)):
        check_copy(target, keys)
    target.write_bytes(whole)
    check_copy(target, keys)


def test_a_flipped_page_of_the_original_gives_no_copy(
    buffer_file: BufferFile, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    shop.sell(buffer_file.till())
    buffer_file.close()
    raw = bytearray(paths.buffer.read_bytes())
    for page in range(8, len(raw) // 4096, 3):
        raw[page * 4096 + 77] ^= 1
    paths.buffer.write_bytes(raw)
    with pytest.raises(StoreCorrupt):
        copy_buffer(paths, keys, target)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("database or disk is full", StoreFull),
        ("database is locked", StoreBusy),
        ("disk I/O error", StoreCorrupt),
        ("database disk image is malformed", StoreCorrupt),
    ],
)
def test_what_stops_a_copy_is_told_by_its_words(words: str, meant: type[StoreError]) -> None:
    assert isinstance(copy._copy_error(DriverError(words)), meant)


def test_a_chain_that_was_broken_is_found(
    till: Buffer, shop: Shop, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    shop.sell(till)
    connection = till._session.connection
    connection.execute("DROP TRIGGER journal_no_update")
    ddl = "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
    connection.execute("UPDATE journal SET payload = '{}' WHERE seq = 1")
    connection.execute(ddl + "BEGIN SELECT RAISE(ABORT, 'journal: append-only'); END")
    with pytest.raises(StoreCorrupt) as refused:
        copy_buffer(paths, keys, target)
    assert refused.value.fields == {"check": "journal"}


def test_tables_that_were_changed_are_found(
    till: Buffer, paths: BufferPaths, keys: BufferKeys, target: Path
) -> None:
    till._session.connection.execute("DROP TRIGGER journal_no_delete")
    with pytest.raises(StoreCorrupt) as refused:
        copy_buffer(paths, keys, target)
    assert refused.value.fields == {"check": "schema"}


def test_a_copy_of_an_earlier_version_is_good_as_it_is(
    till: Buffer,
    shop: Shop,
    paths: BufferPaths,
    keys: BufferKeys,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.sell(till)
    till._session.connection.execute("DROP TRIGGER journal_no_delete")

    def older(_connection: object) -> None:
        raise StoreTooOld(missing="0099")

    monkeypatch.setattr(copy, "refuse_older", older)
    assert copy_buffer(paths, keys, target).sales == 1


def test_the_practice_shelf_is_copied_beside_its_owner(tmp_path: Path, target: Path) -> None:
    key = bytes(range(32))
    shelf = PracticeShelf.open(tmp_path, key)
    shelf.put([("invoice", "in_1", "{}")])
    copy_file(tmp_path / "practice.db", key, target)
    check_shelf(target, key)
    shelf.close()
    shutil.copy(target, target.with_name("practice.db"))
    other = PracticeShelf.open(target.parent, key)
    assert list(other.load()) == [("invoice", "in_1", "{}")]
    other.close()
    raw = bytearray(target.read_bytes())
    raw[5000] ^= 1
    target.write_bytes(raw)
    with pytest.raises((StoreCorrupt, WrongKey)):
        check_shelf(target, key)
