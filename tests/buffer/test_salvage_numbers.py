"""Whatever a salvage could not read: no number is given out twice, and nobody's wish is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.buffer.audit import audit_buffer
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.chain import BUFFER_SALVAGED
from kiosk.buffer.incarnations import Incarnation
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.domain.ids import MemberId
from kiosk.domain.sale import Sale
from kiosk.domain.tender import TenderKind
from kiosk.service.members import EraseRequest, erase_member
from tests.buffer.damage import LATER_MS
from tests.buffer.lossy import Shop


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Iterator[Shop]:
    copied = made.copy(tmp_path)
    yield copied
    copied.world.file.close()


def begin_anew(shop: Shop) -> Incarnation:
    """Another copy may be selling the numbers below; from here on this one is a life of its own."""
    shop.world.file.close()
    said = Acknowledgement(
        passes_most=1_000_000, now_ms=LATER_MS, whole_folder=True, below=lambda most: most // 2
    )
    life = acknowledge_restore(shop.world.folder, shop.world.keys, said)
    shop.world.file = BufferFile.open(shop.world.folder, shop.world.keys, now_ms=LATER_MS)
    shop.world.desk = shop.world.new_desk()
    return life


def passes_of(shop: Shop, *sales: Sale) -> set[int]:
    with shop.world.desk.buffer.reading() as uow:
        found = (issued for sale in sales for issued in uow.passes.of_sale(sale.sale_id))
        return {int(issued.number.split("-")[1]) for issued in found}


@pytest.mark.parametrize("sold_since", [False, True])
@pytest.mark.parametrize("kept", ["everything else", "the journal", "the row", "neither"])
def test_passes_begin_where_the_life_did_although_the_counters_are_lost(
    shop: Shop, kept: str, sold_since: bool
) -> None:
    life = begin_anew(shop)
    if sold_since:
        shop.sell(TenderKind.CASH, "spice-jar")
    lost = {
        "everything else": (),
        "the journal": ("incarnations",),
        "the row": ("journal",),
        "neither": ("incarnations", "journal", "passes", "sales"),
    }[kept]
    shop.lose("counters", *lost)
    assert shop.salvage().kept_in is not None
    assert min(passes_of(shop, shop.sell(TenderKind.CASH, "weekly"))) > life.pass_floor


@pytest.mark.parametrize("lives", [1, 2])
def test_receipts_of_which_nothing_is_left_are_not_given_out_again(shop: Shop, lives: int) -> None:
    """Only the anchor remembers how many there were."""
    if lives == 2:
        begin_anew(shop)
        shop.sell(TenderKind.CASH, "tasting")
    receipts = {sale.receipt_number for sale in shop.sold}
    passes = passes_of(shop, *shop.sold)
    shop.lose("counters", "sales", "journal")
    assert shop.salvage().missing_links
    sold = [shop.sell(TenderKind.CASH, "tasting") for _ in range(2)]
    assert receipts.isdisjoint(sale.receipt_number for sale in sold)
    assert passes.isdisjoint(passes_of(shop, *sold))


def test_a_second_salvage_counts_what_the_first_could_not_send_once(shop: Shop) -> None:
    shop.lose("outbox", "snapshots")
    unsent = shop.salvage().unsent
    assert len(unsent) == len(shop.sold)
    with shop.world.desk.buffer.reading() as uow:
        first = uow.state.salvages()
    shop.lose("consents")
    assert shop.salvage().unsent == unsent, "they are told again"
    with shop.world.desk.buffer.reading() as uow:
        again = uow.state.salvages()
    assert (again.times, again.unsent, again.receipts) == (2, first.unsent, first.receipts)


def test_more_sales_in_part_than_one_link_names_are_named_by_the_next(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.buffer.salvage_links.IN_PART_TOLD_MAX", 3)
    shop.lose("passes", "snapshots", "outbox")
    report = shop.salvage()
    assert len(report.in_part) == len(report.unsent) == 4
    with shop.world.desk.buffer.reading() as uow:
        links = [link for link in uow.journal.each() if link.kind == BUFFER_SALVAGED]
        assert uow.journal.verify().ok
        assert uow.state.salvages().times == 1
    told = [json.loads(link.payload) for link in links]
    assert [len(one["in_part"]) for one in told] == [len(one["unsent"]) for one in told] == [3, 1]
    assert [bool(one["rows_lost"]) for one in told] == [True, False]
    shop.world.file.close()
    assert audit_buffer(shop.paths, shop.world.keys).ok


def asked_to_be_erased(shop: Shop) -> tuple[MemberId, str]:
    """A member whose erasure waits until their sale is sent, and their address."""
    member_id = shop.sold[1].member_id
    erase_member(shop.world.desk, EraseRequest(member_id=member_id, when_sent=True))
    with shop.world.desk.buffer.reading() as uow:
        member = uow.people.member(member_id)
    assert member is not None
    return member_id, member.email


def test_an_erasure_that_waits_is_not_forgotten(shop: Shop) -> None:
    member_id, _ = asked_to_be_erased(shop)
    with shop.world.desk.buffer.reading() as uow:
        asked_ms = uow.erasures.wanted_ms(member_id)
    shop.lose("erasures_wanted")
    shop.salvage()
    with shop.world.desk.buffer.reading() as uow:
        assert uow.erasures.wanted() == (member_id,)
        assert uow.erasures.wanted_ms(member_id) == asked_ms


def test_whoever_asked_to_be_erased_is_not_enrolled_anew_without_their_key(shop: Shop) -> None:
    _, address = asked_to_be_erased(shop)
    shop.lose("member_keys", "erasures_wanted")
    shop.salvage()
    with shop.world.desk.buffer.reading() as uow:
        assert uow.people.by_email(address) is None
        assert uow.people.by_email("m0@example.org") is not None, "who did not ask"
