"""What staff see of members: a list with what is running, and one member with their passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.ids import MemberId
from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Finding, FindingKind, Settlement
from kiosk.domain.tender import TenderKind
from kiosk.errors import MemberUnknown
from kiosk.service.members import (
    EraseRequest,
    MemberCard,
    Running,
    card,
    erase_member,
    list_members,
    member_card,
)
from kiosk.service.park import park_cart
from kiosk.service.sell import record_sale
from tests.buffer.lossy import make_shop
from tests.service.world import DAY_MS, World


def sold(world: World, *offers: str, **changes: object) -> MemberId:
    return record_sale(
        world.desk, world.draft(*(offers or ("spice-jar",)), **changes)
    ).sale.member_id


def find(world: World, card: MemberCard, kind: FindingKind) -> None:
    """Have reconciliation find this about the newest sale."""
    finding = Finding(
        kind=kind, sale_id=card.sales[0].sale.sale_id, remote_id=f"pi_{kind}",
        amount_minor=490, currency="eur", at_ms=world.clock.at_ms,
    )  # fmt: skip
    with world.desk.buffer.writing() as uow:
        assert uow.sales.record_finding(finding, world.mode)


def test_a_list_says_what_is_running_of_each(world: World) -> None:
    sold(world, "weekly")
    sold(world, name="Ben Gomez", email="ben@example.org")
    found = list_members(world.desk, "gom")
    assert [(one.member.name, [run.name for run in one.running]) for one in found] == [
        ("Ben Gomez", []),
        ("Maria Gomez", ["Weekly recipe club"]),
    ]
    assert "Maria" not in repr(found)
    assert list_members(world.desk, "") == list_members(world.desk, "zz") == ()


def test_a_card_has_the_newest_sale_first_with_its_passes(world: World) -> None:
    maria = sold(world, "tasting")
    world.clock.at_ms += 1000
    sold(world, "weekly", name="Mia Gomez")
    told = member_card(world.desk, maria)
    assert told.member is not None
    assert told.member.name == "Maria Gomez"
    assert [one.sale.lines[0].offer for one in told.sales] == ["weekly", "tasting"]
    assert all(one.passes[0].text for one in told.sales)
    assert [one.settlement for one in told.sales] == [Settlement.CONFIRMED] * 2
    assert (told.more, told.wanted_ms, told.erased_ms) == (False, None, None)
    assert (len(told.unsent), told.at_ms) == (2, world.clock.at_ms)
    assert "Maria" not in repr(told)


def test_an_open_ended_membership_runs_on_and_one_of_fixed_length_ends(world: World) -> None:
    maria = sold(world, "weekly", "four-weeks")
    before = member_card(world.desk, maria).running
    assert [one.name for one in before] == ["Weekly recipe club", "Four weeks of recipes"]
    assert before[0].ends_ms is None
    ends_ms = before[1].ends_ms
    assert ends_ms is not None
    world.clock.at_ms = ends_ms - 1
    assert member_card(world.desk, maria).running == before
    world.clock.at_ms = ends_ms
    assert member_card(world.desk, maria).running == before[:1]


def test_a_membership_whose_money_never_came_does_not_run(world: World) -> None:
    maria = sold(world, "weekly", tender=TenderKind.PAY_LATER)
    told = member_card(world.desk, maria)
    assert told.running == (Running(name="Weekly recipe club", ends_ms=None),)
    assert told.sales[0].settlement is Settlement.PROVISIONAL
    find(world, told, FindingKind.INVOICE_VOIDED)
    told = member_card(world.desk, maria)
    assert (told.running, told.sales[0].settlement) == ((), Settlement.REVOKED)
    assert list_members(world.desk, "maria")[0].running == ()


def test_what_was_practised_is_not_shown_beside_what_is_sold(world: World) -> None:
    maria = sold(world, "weekly")
    world.mode = RailMode.TEST
    world.reopen()
    sold(world)
    told = member_card(world.desk, maria)
    assert [one.sale.lines[0].offer for one in told.sales] == ["spice-jar"]
    assert told.running == ()


def test_a_card_is_as_long_as_it_may_be_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card, "SALES_SHOWN", 2)
    maria = sold(world)
    sold(world)
    assert not member_card(world.desk, maria).more
    sold(world, "tasting")
    told = member_card(world.desk, maria)
    assert (len(told.sales), told.more) == (2, True)
    assert told.sales[0].sale.lines[0].offer == "tasting"


def test_a_long_list_looks_less_far_back_than_a_short_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card, "SALES_READ", 2)
    monkeypatch.setattr(card, "SALES_READ_LEAST", 1)
    sold(world, "weekly")
    sold(world)
    sold(world, name="Ben Gomez", email="ben@example.org")
    assert [one.running for one in list_members(world.desk, "gomez")] == [(), ()]
    (alone,) = list_members(world.desk, "maria")
    assert [one.name for one in alone.running] == ["Weekly recipe club"]


def test_a_cart_that_waits_is_told_with_whom_it_belongs_to(world: World) -> None:
    maria = sold(world)
    number = park_cart(world.desk, world.draft("spice-jar"))
    assert member_card(world.desk, maria).parked == (number,)


def test_of_an_erased_member_the_sales_stay_and_the_codes_do_not(world: World) -> None:
    maria, owner = sold(world, "weekly"), world.owner()
    request = ClaimRequest(
        mode=world.mode, now_ms=world.clock.at_ms, lease_ms=9_000, limit=99, everything=True
    )
    with world.desk.buffer.writing() as uow:
        for entry in uow.outbox.claim(request):
            assert uow.outbox.deliver(entry, world.clock.at_ms)
    world.clock.at_ms += DAY_MS
    erase_member(world.desk, EraseRequest(member_id=maria, staff_id=owner))
    told = member_card(world.desk, maria)
    assert (told.member, told.erased_ms) == (None, world.clock.at_ms)
    assert told.sales[0].passes[0].text == ""
    assert list_members(world.desk, "maria") == ()


def test_somebody_who_never_was_a_member_has_no_card(world: World) -> None:
    with pytest.raises(MemberUnknown):
        member_card(world.desk, MemberId(world.desk.make_id()))


def test_a_waiting_erasure_is_told(world: World) -> None:
    maria = sold(world)
    erase_member(world.desk, EraseRequest(member_id=maria, when_sent=True))
    told = member_card(world.desk, maria)
    assert told.wanted_ms == world.clock.at_ms


def test_a_member_is_found_although_a_salvage_lost_what_they_bought(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    shop.world.reopen()
    shop.lose("sale_lines", "snapshots", "tenders")
    assert shop.salvage().in_part
    told = member_card(shop.world.desk, shop.sold[0].member_id)
    assert told.member is not None
    assert [one.name for one in told.running] == ["weekly"], "by its code: its name is lost"
    found = list_members(shop.world.desk, told.member.name)
    shop.world.file.close()
    assert "weekly" in {one.name for member in found for one in member.running}
