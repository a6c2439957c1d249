"""Members: everything told, erased by staff only, never while something of theirs is on its way."""

from __future__ import annotations

import json

import pytest

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.ids import MemberId, StaffId
from kiosk.domain.outbox import RailMode, Topic
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    EmailInvalid,
    MemberErased,
    MemberUnknown,
    MemberUnsent,
    NotPermitted,
)
from kiosk.service.members import (
    EraseRequest,
    Erasure,
    erase_member,
    erase_wanted,
    erasures_wait,
    find_members,
    member_id_of,
    member_record,
)
from kiosk.service.park import park_cart
from kiosk.service.sell import drawn, find_sale, newest_sale, record_sale
from tests.service.world import World

MARIA = "maria@example.org"


def sold(world: World, *offers: str, **changes: object) -> MemberId:
    return record_sale(
        world.desk, world.draft(*(offers or ("spice-jar",)), **changes)
    ).sale.member_id


def deliver_all(world: World) -> None:
    """As if the rail had taken everything."""
    request = ClaimRequest(
        mode=world.mode, now_ms=world.clock.at_ms, lease_ms=9_000, limit=99, everything=True
    )
    with world.desk.buffer.writing() as uow:
        while entries := uow.outbox.claim(request):
            for entry in entries:
                assert uow.outbox.deliver(entry, world.clock.at_ms)


def erase(world: World, member_id: MemberId, **how: object) -> Erasure:
    return erase_member(world.desk, EraseRequest(member_id=member_id, **how))  # type: ignore[arg-type]


def test_everything_of_one_member_is_told_and_of_nobody_else(world: World) -> None:
    maria = sold(world, name="Mia")
    assert sold(world, "tasting") == maria
    sold(world, name="Ben", email="ben@example.org")
    park_cart(world.desk, world.draft("spice-jar"))
    told = member_record(world.desk, maria)
    assert told.member is not None
    assert (told.member.name, told.member.email, told.erased_ms) == ("Mia", MARIA, None)
    assert [one.person and one.person["name"] for one in told.sales] == ["Mia", "Maria Gomez"]
    assert [line.offer for one in told.sales for line in one.sale.lines] == ["spice-jar", "tasting"]
    assert all(one.passes[0].text for one in told.sales)
    assert len(told.parked) == 1
    assert len(told.unsent) == 2
    assert told.customers == ()


def test_an_address_is_read_as_people_write_it(world: World) -> None:
    maria = sold(world)
    assert member_id_of(world.desk, "  MARIA@example.ORG ") == maria
    with pytest.raises(MemberUnknown):
        member_id_of(world.desk, "ben@example.org")
    with pytest.raises(EmailInvalid):
        member_id_of(world.desk, "maria")


def test_who_never_was_a_member_is_not_erased(world: World) -> None:
    stranger = MemberId(world.desk.make_id())
    for asked in (lambda: member_record(world.desk, stranger), lambda: erase(world, stranger)):
        with pytest.raises(MemberUnknown):
            asked()


def test_only_staff_erase(world: World) -> None:
    maria, owner = sold(world), world.owner()
    deliver_all(world)
    with pytest.raises(NotPermitted):
        erase(world, maria, staff_id=StaffId(world.desk.make_id()))
    assert find_members(world.desk, "gomez")
    assert erase(world, maria, staff_id=owner).erased
    assert find_members(world.desk, "gomez") == ()


def test_what_is_unsent_is_named_and_nothing_is_erased(world: World) -> None:
    maria = sold(world)
    for _ in range(4):
        sold(world)
    with pytest.raises(MemberUnsent) as caught:
        erase(world, maria)
    assert caught.value.fields == {
        "entries": 5,
        "receipts": "K3-000001, K3-000002, K3-000003 ...",
    }
    assert find_members(world.desk, "gomez")


def test_a_payment_that_is_still_watched_for_holds_an_erasure_back(world: World) -> None:
    maria = sold(world, tender=TenderKind.PAY_LATER)
    topics = {entry.topic for entry in member_record(world.desk, maria).unsent}
    assert Topic.WATCH in topics
    assert not erase(world, maria, when_sent=True).erased


def test_entries_of_a_mode_that_was_left_hold_nothing_back(world: World) -> None:
    maria = sold(world)
    world.mode = RailMode.TEST
    assert member_record(world.reopen(), maria).unsent == ()
    assert erase(world, maria).erased


def test_put_off_it_is_made_once_nothing_is_unsent(world: World) -> None:
    maria, ben = sold(world), sold(world, name="Ben", email="ben@example.org")
    for _ in range(2):  # asked twice it is one
        assert not erase(world, maria, when_sent=True).erased
    assert member_record(world.desk, maria).wanted_ms == world.clock.at_ms
    with world.desk.buffer.writing() as uow:
        assert not erasures_wait(uow, world.mode)
        assert erase_wanted(uow, world.mode, world.clock.at_ms) == ()
    deliver_all(world)
    with world.desk.buffer.writing() as uow:
        assert erasures_wait(uow, world.mode)
        assert erase_wanted(uow, world.mode, world.clock.at_ms) == (maria,)
        assert erase_wanted(uow, world.mode, world.clock.at_ms) == ()
    told = member_record(world.desk, maria)
    assert (told.member, told.wanted_ms, told.erased_ms) == (None, None, world.clock.at_ms)
    assert member_record(world.desk, ben).member is not None


def test_who_asked_for_an_erasure_that_waits_is_written_down_once(world: World) -> None:
    maria, owner = sold(world), world.owner()
    for _ in range(2):
        assert not erase(world, maria, staff_id=owner, when_sent=True).erased
    with world.desk.buffer.reading() as uow:
        asked = [link for link in uow.journal.each() if link.kind == "member.erasure_asked"]
        assert uow.journal.verify().ok
    (line,) = asked
    assert (line.entity_id, json.loads(line.payload)) == (maria, {"staff": owner})


def test_an_erasure_takes_the_cart_that_waits_and_no_other(world: World) -> None:
    maria = sold(world)
    deliver_all(world)
    park_cart(world.desk, world.draft("spice-jar"))
    park_cart(world.desk, world.draft("spice-jar", name="Ben", email="ben@example.org"))
    erase(world, maria)
    with world.desk.buffer.reading() as uow:
        (left,) = uow.parked.open()
    assert json.loads(left.draft)["email"] == "ben@example.org"


def test_an_erasure_is_written_down_without_the_person(world: World) -> None:
    maria, owner = sold(world), world.owner()
    deliver_all(world)
    erase(world, maria, staff_id=owner)
    again = erase(world, maria, staff_id=owner)
    assert (again.erased, again.before) == (True, True)
    with world.desk.buffer.reading() as uow:
        lines = [link for link in uow.journal.each() if link.kind == "member.erased"]
        assert uow.journal.verify().ok
    (line,) = lines
    assert (line.entity_id, line.sealed) == (maria, None)
    assert json.loads(line.payload) == {"because": "asked", "staff": owner}


def test_an_erased_buyer_s_pass_is_shown_no_more_and_the_sale_still_is(world: World) -> None:
    maria = sold(world)
    deliver_all(world)
    sale_id = member_record(world.desk, maria).sales[0].sale.sale_id
    drawn(find_sale(world.desk, sale_id))
    erase(world, maria)
    found = find_sale(world.desk, sale_id)
    assert (found.name, found.sale.total_minor) == ("", 750)
    with pytest.raises(MemberErased):
        drawn(found)
    assert newest_sale(world.desk) is None


def test_nobody_else_s_passes_lose_their_text(world: World) -> None:
    maria, ben = sold(world), sold(world, name="Ben", email="ben@example.org")
    before = member_record(world.desk, ben).sales[0].passes
    deliver_all(world)
    erase(world, maria)
    assert member_record(world.desk, ben).sales[0].passes == before
    (hers,) = member_record(world.desk, maria).sales[0].passes
    assert (hers.text, hers.number) == ("", "3-1")


def test_despite_unsent_it_is_done_and_says_so(world: World) -> None:
    maria = sold(world)
    done = erase(world, maria, despite_unsent=True)
    assert (done.erased, len(done.unsent)) == (True, 1)
    with world.desk.buffer.reading() as uow:
        (line,) = [link for link in uow.journal.each() if link.kind == "member.erased"]
    assert json.loads(line.payload)["because"] == "despite_unsent"


def test_the_person_comes_again_and_is_somebody_new(world: World) -> None:
    maria = sold(world)
    deliver_all(world)
    erase(world, maria)
    again = sold(world)
    assert again != maria
    assert len(member_record(world.desk, again).sales) == 1
