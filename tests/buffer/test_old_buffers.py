"""A file that an earlier version filled is brought up to date with everything that was in it.

`tests/data/buffers/0001_first_sale` was written by the last program whose newest migration was
0001, and is never made anew: four sales of the recipe club, one of them delivered, one with a
parked entry, five findings, one parked cart. Its keys come out of `SECRET`.
"""

from __future__ import annotations

import dataclasses
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.database import connect, connect_to_read
from kiosk.buffer.migrations import SCHEMA_SHA256, fingerprint
from kiosk.domain.ids import OfferCode, SaleId, StaffId
from kiosk.domain.outbox import EntryState, QueueCounts, RailMode
from kiosk.domain.sale import CartLine
from kiosk.domain.settlement import FindingKind, Settlement
from kiosk.domain.tender import TenderKind
from kiosk.errors import StoreTooOld
from kiosk.service.attention import answer_finding, outbox_page
from kiosk.service.park import take_parked
from kiosk.service.sell import find_sale, record_sale
from kiosk.service.sign_in import sign_in
from tests.buffer.migrator import LAST_MS, SECRET, key_of
from tests.buffer.samples import copied, opened_today
from tests.service.world import HandClock, World

MIGRATOR = Path(__file__).with_name("migrator.py")
ASIDE = "buffer.db.before-0002_finding_answers"
SCHEMA_0001 = "285fb099ab2b5e8d698d542de9e847849e122022d806135288e96984462dcf5c"
OWNER = StaffId("01a1ee56-5e00-781f-8e86-d00d57939813")
SALES = {
    "K3-000001": ("01a1ee56-5e01-7885-ad5e-079810154fad", 2000, TenderKind.CASH),
    "K3-000002": ("01a1ee58-32c0-77b2-a69e-018152b843ca", 3900, TenderKind.SCAN_TO_PAY),
    "K3-000003": ("01a1ee59-1d20-75f4-bee4-34b3ba3d13e1", 490, TenderKind.PAY_LATER),
    "K3-000004": ("01a1ee5a-f1e0-7716-bbc7-85d45e33d293", 3900, TenderKind.SCAN_TO_PAY),
}
# Tables of later migrations.
LATER = ("erasures_wanted", "finding_answers", "incarnations", "member_names", "sightings")
KILLS = 8
Rows = dict[str, list[Any]]


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """A kiosk's folder as the earlier program left it."""
    return copied(repository, "0001_first_sale", tmp_path / "old")


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    with opened_today(folder) as world:
        yield world


def rows_of(path: Path) -> Rows:
    """Every row of every table that the first schema had."""
    connection = connect_to_read(path, key_of())
    try:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                f" AND name NOT IN {LATER}"
                " AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%' ORDER BY name"
            )
        ]
        assert len(names) > 20
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in names
        }
    finally:
        connection.close()


def test_the_sample_is_of_the_first_schema(folder: Path) -> None:
    connection = connect(folder / "buffer.db", key_of())
    try:
        assert fingerprint(connection) == SCHEMA_0001 != SCHEMA_SHA256
    finally:
        connection.close()


def test_who_only_looks_is_told_to_open_it_once(folder: Path, world: World) -> None:
    world.file.close()
    kept = rows_of(folder / ASIDE)
    (folder / ASIDE).replace(folder / "buffer.db")
    with pytest.raises(StoreTooOld) as caught, BufferFile.look(folder, world.keys):
        pass
    assert caught.value.fields == {"missing": "0002_finding_answers"}
    assert rows_of(folder / "buffer.db") == kept
    world.reopen()
    with BufferFile.look(folder, world.keys) as buffer, buffer.reading() as uow:
        assert len(list(uow.sales.each())) == len(SALES)


def test_a_migration_keeps_every_row_and_puts_the_old_file_aside(folder: Path) -> None:
    before = rows_of(folder / "buffer.db")
    assert [len(before[name]) for name in ("sales", "findings", "staff", "journal")] == [4, 5, 1, 6]
    World(folder=folder, secret=SECRET, fresh=False, clock=HandClock(at_ms=LAST_MS)).file.close()
    assert rows_of(folder / "buffer.db") == before
    assert rows_of(folder / ASIDE) == before
    assert (folder / ASIDE).stat().st_mode & 0o077 == 0


def test_every_sale_is_as_it_was_sold(world: World) -> None:
    with world.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok
        assert uow.journal.verify().length == 6
        sold = list(uow.sales.each())
        names = [uow.people.member(sale.member_id) for sale in sold]
    found = {
        sale.receipt_number: (sale.sale_id, sale.total_minor, sale.tenders[0].kind) for sale in sold
    }
    assert found == SALES
    assert [member.name if member else "" for member in names] == [
        "Ada Fuller", "Bo Lindqvist", "Çelik Öz", "Ada Fuller",
    ]  # fmt: skip
    assert sold[0].member_id == sold[3].member_id


def test_every_sale_still_shows_its_passes_and_what_became_of_it(world: World) -> None:
    shown = [find_sale(world.desk, SaleId(SALES[number][0])) for number in SALES]
    assert all(sale.passes for sale in shown)
    assert [sale.settlement for sale in shown] == [
        Settlement.CONFIRMED, Settlement.CONFIRMED, Settlement.PROVISIONAL, Settlement.CONFIRMED,
    ]  # fmt: skip


def test_the_outbox_is_where_it_was(world: World) -> None:
    page = outbox_page(world.desk, None, 0)
    assert dataclasses.replace(page.counts, oldest_waiting_ms=None) == QueueCounts(
        waiting=0, watching=3, unknown=0, delivered=1, parked=1, open_findings=3
    )
    (parked,) = outbox_page(world.desk, EntryState.PARKED, 0).entries
    assert (parked.receipt_number, parked.reason) == ("K3-000003", "amount_too_small")
    with world.desk.buffer.reading() as uow:
        (entry,) = uow.outbox.of_sale(SaleId(SALES["K3-000001"][0]))
        assert entry.person == {"name": "Ada Fuller", "email": "ada@example.org", "language": "en"}
        assert uow.outbox.steps(entry)["invoice"].remote_id == "in_0001"


def test_findings_of_then_are_open_and_can_be_answered_now(world: World) -> None:
    page = outbox_page(world.desk, None, 0)
    kinds = [found.finding.kind for found in page.findings]
    assert kinds == [FindingKind.OVERPAID, FindingKind.REFERENCE_UNKNOWN, FindingKind.UNDERPAID]
    assert list(page.receipt_numbers.values()) == ["K3-000002"]
    for found in page.findings:
        answer_finding(world.desk, found.finding_id, OWNER)
    assert outbox_page(world.desk, None, 0).findings == ()
    world.mode = RailMode.TEST
    (other,) = outbox_page(world.reopen(), None, 0).findings
    assert other.finding.kind is FindingKind.WRONG_CURRENCY


def test_staff_sign_in_with_their_pin_and_complete_the_cart_that_waits(world: World) -> None:
    assert sign_in(world.desk, "4711").staff_id == OWNER
    sold = record_sale(world.desk, take_parked(world.desk, 1, OWNER, None)).sale
    assert (sold.receipt_number, sold.lines[0].offer) == ("K3-000005", "spice-jar")


def test_one_more_sale_continues_numbers_stock_and_chain(world: World) -> None:
    lines = (CartLine(offer=OfferCode("tasting"), quantity=1),)
    before = world.facts()
    sold = record_sale(world.desk, world.draft(name="Eve Moreau", lines=lines)).sale
    assert sold.receipt_number == "K3-000005"
    after = world.facts()
    assert {name: after[name] - before[name] for name in after} == {
        "sales": 1, "journal": 1, "left": after["left"] - before["left"],
        "waiting": 1, "parked": 0,
    }  # fmt: skip
    with world.reopen().buffer.reading() as uow:
        assert uow.journal.verify().ok
        assert uow.journal.verify().length == 7


def migrate_until_killed(folder: Path, repository: Path, seconds: float) -> bool:
    """Start today's program on the folder and kill it; whether it had opened before that."""
    migrator = subprocess.Popen(
        [sys.executable, str(MIGRATOR), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=repository,
        env={"PYTHONPATH": str(repository)},
    )
    assert migrator.stdout is not None
    assert migrator.stdout.readline() == "opening\n"
    time.sleep(seconds)
    migrator.kill()
    said, _ = migrator.communicate(timeout=30)
    return said == "open\n"


def schema_of(folder: Path) -> str:
    connection = connect(folder / "buffer.db", key_of())
    try:
        return fingerprint(connection)
    finally:
        connection.close()


def test_killed_while_it_is_brought_up_to_date_the_file_is_of_either_schema_and_whole(
    folder: Path, tmp_path: Path, repository: Path
) -> None:
    before, dice = rows_of(folder / "buffer.db"), random.Random(3)
    for number in range(KILLS):
        again = Path(shutil.copytree(folder, tmp_path / f"again{number}"))
        opened = migrate_until_killed(again, repository, dice.uniform(0.0, 0.1))
        assert schema_of(again) in ({SCHEMA_SHA256} if opened else {SCHEMA_SHA256, SCHEMA_0001})
        assert rows_of(again / "buffer.db") == before
        World(folder=again, secret=SECRET, fresh=False, clock=HandClock(at_ms=LAST_MS)).file.close()
        assert schema_of(again) == SCHEMA_SHA256
        assert rows_of(again / "buffer.db") == before
