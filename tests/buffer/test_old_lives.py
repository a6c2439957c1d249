"""A file that an earlier version brought into its second life goes on in it.

`tests/data/buffers/0003_incarnations` was written by the last program whose newest migration was
0003, and is never made anew: the sample of 0001, whose rail knew two links more than it; then its
acknowledged restore, and one sale. Its keys come out of `SECRET`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.buffer.database import connect
from kiosk.buffer.incarnations import Incarnation
from kiosk.buffer.migrations import fingerprint
from kiosk.buffer.restoring import PASS_JUMP, Acknowledgement, acknowledge_restore
from kiosk.domain.ids import OfferCode
from kiosk.domain.sale import CartLine
from kiosk.service.sell import record_sale
from tests.buffer.migrator import LAST_MS, key_of
from tests.buffer.samples import copied, opened_today
from tests.service.world import World

SCHEMA_0003 = "009c372be25913bdf290400029016dba8432ea5b981304fb44561402a2ae81cc"
LIFE = Incarnation(
    number=2, former=1, journal_seq=7, known_seq=8, pass_floor=10_020, outbox_seq=5, at_ms=LAST_MS
)


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """A kiosk's folder as the earlier program left it."""
    return copied(repository, "0003_incarnations", tmp_path / "old")


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    with opened_today(folder) as world:
        yield world


def test_the_sample_is_of_the_third_schema(folder: Path) -> None:
    connection = connect(folder / "buffer.db", key_of())
    try:
        assert fingerprint(connection) == SCHEMA_0003
    finally:
        connection.close()


def test_it_is_in_the_life_it_was_in(world: World) -> None:
    with world.desk.buffer.reading() as uow:
        assert uow.incarnations.each() == (LIFE,)
        assert uow.incarnations.doubt() is None, "what was seen then is settled"
        assert uow.incarnations.outbox_floor() == LIFE.outbox_seq
        assert uow.journal.verify().ok
        sold = [sale.receipt_number for sale in uow.sales.each()]
    assert world.desk.buffer.identity.incarnation == 2
    assert sold == ["K3-000001", "K3-000002", "K3-000003", "K3-000004", "K3.2-000001"]


def test_one_more_sale_continues_its_series(world: World) -> None:
    lines = (CartLine(offer=OfferCode("tasting"), quantity=1),)
    sold = record_sale(world.desk, world.draft(name="Ada Fuller", lines=lines))
    assert sold.sale.receipt_number == "K3.2-000002"
    assert [issued.seq for issued in sold.passes] == [LIFE.pass_floor + 2]


def test_a_third_life_begins_behind_the_second(world: World) -> None:
    world.file.close()
    said = Acknowledgement(
        passes_most=1_000_000, now_ms=LAST_MS, whole_folder=True, below=lambda _: 0
    )
    life = acknowledge_restore(world.folder, world.keys, said)
    assert (life.number, life.former) == (3, 2)
    assert life.pass_floor == LIFE.pass_floor + 1 + PASS_JUMP
    world.reopen()
