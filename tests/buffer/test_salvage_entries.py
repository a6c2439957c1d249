"""What a salvaged sale still owes the rail comes back, is looked for, and is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.salvage_mend import REASON
from kiosk.domain.outbox import Entry, EntryState, Topic
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.service.attention import answer_finding
from tests.buffer.damage import LATER_MS
from tests.buffer.lossy import MODE, Shop


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Iterator[Shop]:
    copied = made.copy(tmp_path)
    yield copied
    copied.world.file.close()


def owed(entries: list[Entry]) -> list[Entry]:
    """What an entry is about, whatever became of it."""
    bare = [
        replace(
            entry,
            seq=0,
            state=EntryState.WAITING,
            due_ms=0,
            attempts=0,
            reason=None,
            lease_token=None,
        )
        for entry in entries
    ]
    return sorted(bare, key=lambda entry: entry.entry_id)


# ---------------------------------------------------------------- what is lost comes back


def test_every_lost_entry_comes_back_word_for_word(shop: Shop) -> None:
    before = shop.entries()
    assert {entry.topic for entry in before} == set(Topic)
    shop.lose("outbox")
    report = shop.salvage()
    assert not report.whole
    assert report.in_part == ()
    assert report.rebuilt == len(before)
    assert {one.table: one.lost for one in report.tables}["outbox"] == len(before)
    after = shop.entries()
    assert owed(after) == owed(before)
    assert {entry.state for entry in after if entry.topic is not Topic.WATCH} == {
        EntryState.UNKNOWN
    }
    assert {entry.due_ms for entry in after} == {LATER_MS}
    with shop.world.file.till().reading() as uow:
        assert not list(uow.state.stock())


def test_what_comes_back_is_claimed_and_looked_for(shop: Shop) -> None:
    shop.lose("outbox")
    shop.salvage()
    entries = shop.entries()
    with shop.world.file.sync().reading() as uow:
        assert uow.incarnations.outbox_floor() == max(entry.seq for entry in entries)
    assert shop.send(9)
    newest = shop.sell(TenderKind.CASH, "spice-jar")
    with shop.world.file.sync().reading() as uow:
        (entry,) = uow.outbox.of_sale(newest.sale_id)
        assert entry.seq > uow.incarnations.outbox_floor(), "nobody has sent that one"


def test_an_entry_comes_back_to_the_steps_it_has_gone(shop: Shop) -> None:
    sent = shop.send(2)
    shop.lose("outbox")
    shop.salvage()
    with shop.world.file.sync().reading() as uow:
        for entry in sent:
            back = uow.outbox.get(entry.entry_id)
            assert back is not None
            assert back.seq == entry.seq
            assert uow.outbox.steps(back)["invoice"].remote_id == f"in_{entry.seq}"


def test_a_step_that_got_no_answer_before_a_salvage_is_looked_for(shop: Shop) -> None:
    (first, *_) = shop.send(1)
    with shop.world.file.sync().writing() as uow:
        uow.outbox.freeze(first, "item-1", 1, {}, f"kp1-3-{first.sale_id}-item-1-g1")
        uow.outbox.sending(first, "item-1", LATER_MS)
    shop.lose("counters")
    shop.salvage()
    with shop.world.file.sync().reading() as uow:
        assert uow.outbox.steps(first)["item-1"].suspect
        assert not uow.outbox.steps(first)["invoice"].suspect


def test_a_link_to_pay_at_that_was_made_anew_is_not_taken_for_the_one_that_was_shown(
    shop: Shop,
) -> None:
    scanned = shop.sold[2]
    with shop.world.desk.buffer.writing() as uow:
        snapshot = shop.world.desk.snapshot(uow)
        for line in scanned.lines:
            offer = snapshot.offer(line.offer)
            assert offer is not None
            entity = offer_entity(offer, scanned.currency, line.unit_minor)
            link = RemoteObject(remote_id="plink_new", url="https://pay.example/new")
            uow.mirror.put(MODE, entity, "link", link, scanned.sold_ms + 1)
    shop.lose("outbox")
    assert shop.salvage().in_part == (scanned.sale_id,)


# ---------------------------------------------------------------- what is not sure is nobody's


def test_a_sale_that_lost_its_link_too_waits_for_a_person(shop: Shop) -> None:
    before = shop.entries()
    shop.lose("outbox", "journal")
    report = shop.salvage()
    assert set(report.in_part) == {sale.sale_id for sale in shop.sold}
    after = shop.entries()
    assert {(entry.state, entry.reason) for entry in after} == {(EntryState.PARKED, REASON)}
    assert sorted((entry.sale_id, entry.topic) for entry in after) == sorted(
        (entry.sale_id, entry.topic) for entry in before
    )
    with shop.world.file.till().reading() as uow:
        assert uow.outbox.counts(MODE).parked == len(before)
        assert len(uow.outbox.listed(MODE, EntryState.PARKED, 50)) == len(before)


@pytest.mark.parametrize("lost", ["member_keys", "snapshots"])
def test_what_cannot_be_known_is_not_made_up(shop: Shop, lost: str) -> None:
    shop.lose("outbox", lost)
    report = shop.salvage()
    assert set(report.in_part) == {sale.sale_id for sale in shop.sold}
    assert shop.entries() == []
    numbers = tuple(sale.receipt_number for sale in shop.sold)
    assert tuple(sale.receipt_number for sale in report.unsent) == numbers
    with shop.world.file.till().reading() as uow:
        told = uow.state.salvages()
    assert (told.unsent, told.receipts) == (len(numbers), numbers)


def test_of_somebody_who_was_erased_nothing_is_to_be_sent(shop: Shop) -> None:
    """An erasure waits until everything is at the rail."""
    gone = shop.sold[0]
    with shop.world.desk.buffer.writing() as uow:
        uow.people.erase(gone.member_id, LATER_MS)
        line = JournalLine(kind=MEMBER_ERASED, entity_id=gone.member_id, payload={})
        uow.journal.append(line, LATER_MS)
    shop.lose("outbox")
    report = shop.salvage()
    assert report.in_part == (gone.sale_id,)
    assert report.unsent == ()


def test_an_answer_never_answers_a_later_finding(shop: Shop) -> None:
    owner = shop.world.owner()
    finding = Finding(
        kind=FindingKind.UNDERPAID,
        sale_id=shop.sold[2].sale_id,
        remote_id="cs_1",
        amount_minor=1,
        currency="eur",
        at_ms=LATER_MS,
    )
    with shop.world.desk.buffer.writing() as uow:
        uow.sales.record_finding(finding, MODE)
        (found,) = uow.findings.open(MODE, 9)
    answer_finding(shop.world.desk, found.finding_id, owner)
    shop.lose("findings")
    lost = {one.table: one.lost for one in shop.salvage().tables}
    assert lost["finding_answers"] == 1
    with shop.world.desk.buffer.writing() as uow:
        uow.sales.record_finding(replace(finding, remote_id="cs_2"), MODE)
        assert [one.finding.remote_id for one in uow.findings.open(MODE, 9)] == ["cs_2"]


def test_a_sale_that_only_its_entries_remember_is_named(shop: Shop) -> None:
    shop.lose("sales", "journal")
    lost = next(one for one in shop.salvage().tables if one.table == "sales")
    assert lost.lost == len(shop.sold)
    assert set(lost.examples) == {sale.sale_id for sale in shop.sold}


def test_a_later_entry_never_takes_the_steps_of_a_lost_one_for_its_own(shop: Shop) -> None:
    """Else it would be called delivered, and its sale never reach the rail."""
    sent = shop.send(9)
    assert sent
    shop.lose("outbox", "snapshots")
    report = shop.salvage()
    lost = {one.table: one.lost for one in report.tables}
    assert lost["outbox_steps"] == lost["outbox_attempts"] == len(sent)
    shop.world.load("recipe-club.toml")
    newest = shop.sell(TenderKind.CASH, "weekly", "spice-jar", "tasting")
    with shop.world.file.sync().reading() as uow:
        for entry in uow.outbox.of_sale(newest.sale_id):
            assert uow.outbox.steps(entry) == {}
