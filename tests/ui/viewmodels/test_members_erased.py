"""Erasing on the page of the members: asked first, staff only, never half told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.buffer.mirror import RemoteObject
from kiosk.domain.outbox import RailMode
from kiosk.errors import MemberErased, MemberUnsent, StoreBusy
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from tests.ui.stage import Stage
from tests.ui.viewmodels.meeting import erase, look_for, meet, sell
from tests.ui.walk import Walk


def test_what_goes_is_asked_before_anything_is_done(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    members.erase()
    fresh.settle()
    assert members.picked, "nobody was asked yet"
    members.ask_to_erase()
    assert (members.asking, members.unsent, members.staff_name) == (True, "", "Owner")
    members.back()
    assert (members.asking, members.picked) == (False, True)
    assert look_for(fresh, members, "ame") == ["Amélie Nguyễn"]


def test_an_erased_member_is_gone_and_the_sale_is_not(fresh: Stage, members: Any) -> None:
    sale = sell(fresh).sale
    sell(fresh, who=("Amos Kovács", "amos@example.org"))
    fresh.deliver()
    meet(fresh, members)
    members.write("am")
    fresh.settle()
    before = fresh.run(fresh.counter.today)
    erase(fresh, members)
    assert not members.picked
    assert [row.name for row in members.found.rows] == ["Amos Kovács"]
    assert "erased" in members.result[0]
    assert not members.put_off
    after = fresh.run(fresh.counter.today)
    assert (after.sales, after.takings_minor) == (before.sales, before.takings_minor)
    with pytest.raises(MemberErased):
        fresh.run(lambda: fresh.counter.find_sale(sale.sale_id))
    staff = fresh.shell.till.staff
    assert staff is not None

    def by_whom() -> list[str]:
        with fresh.desk.buffer.reading() as uow:
            return [link.payload for link in uow.journal.each() if link.kind == "member.erased"]

    (line,) = fresh.run(by_whom)
    assert staff.staff_id in line
    assert look_for(fresh, members, "amo")
    assert members.result == [], "told until something else is looked for"


def test_what_is_not_sent_yet_puts_it_off_and_that_is_said_first(
    fresh: Stage, members: Any
) -> None:
    sell(fresh)
    meet(fresh, members)
    members.ask_to_erase()
    assert members.unsent == "K3-000001"
    members.erase()
    fresh.settle()
    assert members.put_off
    assert "K3-000001" in members.result[0]
    meet(fresh, members)
    assert members.wanted == "18 November 2026"
    assert not members.can_erase
    members.ask_to_erase()
    assert not members.asking
    fresh.deliver()
    meet(fresh, members)
    assert members.can_erase, "by hand it can be done at once now"
    erase(fresh, members)
    assert not members.put_off
    assert look_for(fresh, members, "ame") == []


def test_a_sale_that_came_in_between_is_asked_about_again(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    members.ask_to_erase()
    sell(fresh)
    members.erase()
    fresh.settle()
    assert members.asking
    assert members.unsent == "K3-000002"
    assert members.problem == ""
    assert look_for(fresh, members, "ame")


def test_a_double_tap_erases_once(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    members.ask_to_erase()
    with fresh.failing() as counted, fresh.slow():
        members.erase()
        members.erase()
        members.back()
        members.show_pass(members.passes.rows[0].sale_id, 0)
    assert counted.calls.count("erase_member") == 1
    assert "find_sale" not in counted.calls
    assert members.result


def test_nobody_erases_who_is_not_signed_in(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    fresh.shell.till.staff = None
    members.ask_to_erase()
    with fresh.failing() as counted:
        members.erase()
        fresh.settle()
    assert counted.calls == []


def test_who_was_erased_meanwhile_is_told_and_leaves_the_list(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    assert look_for(fresh, members, "ame")
    staff = fresh.shell.till.staff
    assert staff is not None
    row = members.found.rows[0]
    fresh.run(lambda: fresh.counter.erase_member(row.member_id, staff.staff_id, when_sent=False))
    members.pick(row.member_id)
    fresh.settle()
    assert not members.picked
    assert members.problem == problem_text(MemberErased())
    assert members.found.rows == ()


def test_who_was_erased_while_being_looked_at_is_told_too(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    with fresh.failing(find_sale=MemberErased()):
        members.show_pass(members.passes.rows[0].sale_id, 0)
        fresh.settle()
    assert not members.picked
    assert members.problem == problem_text(MemberErased())


def test_erased_twice_is_said_as_it_is(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    staff = fresh.shell.till.staff
    assert staff is not None
    member_id = members._seen.card.member_id
    fresh.run(lambda: fresh.counter.erase_member(member_id, staff.staff_id, when_sent=False))
    erase(fresh, members)
    assert members.result == ["This member was erased before."]


def test_what_the_rail_keeps_is_named(fresh: Stage, members: Any) -> None:
    sell(fresh)
    fresh.deliver()
    meet(fresh, members)
    members.ask_to_erase()
    real = fresh.counter.erase_member

    def erased(*args: Any, **how: Any) -> Any:
        told = ((RailMode.PRACTICE, "cus_1"), (RailMode.LIVE, "cus_2"))
        customers = tuple((mode, RemoteObject(remote_id=name)) for mode, name in told)
        return replace(real(*args, **how), customers=customers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh.counter, "erase_member", erased)
        members.erase()
        fresh.settle()
    assert any("cus_1" in line and "practice" in line for line in members.result)
    assert "At Stripe remains the customer cus_2: delete it there." in members.result


def test_an_error_of_the_file_is_a_sentence_and_shows_nobody(fresh: Stage, members: Any) -> None:
    sell(fresh)
    assert look_for(fresh, members, "ame")
    with fresh.failing(find_members=StoreBusy()):
        assert look_for(fresh, members, "a") == []
        assert members.problem == problem_text(StoreBusy())
        assert not members.none
    assert look_for(fresh, members, "am") == ["Amélie Nguyễn"]
    assert members.problem == ""
    with fresh.failing(member_card=StoreBusy()):
        members.pick(members.found.rows[0].member_id)
        fresh.settle()
        assert not members.picked
        assert members.problem
    fresh.deliver()
    meet(fresh, members)
    members.ask_to_erase()
    with fresh.failing(erase_member=StoreBusy()):
        members.erase()
        fresh.settle()
    assert members.problem == problem_text(StoreBusy())
    assert members.asking, "nothing was done, and the question stands"
    members.back()
    assert members.problem == ""


def test_a_refusal_that_comes_back_late_is_not_the_next_one_s(fresh: Stage, members: Any) -> None:
    sell(fresh)
    with fresh.failing(find_members=StoreBusy()), fresh.slow():
        members.write("ame")
        fresh.shell.go(Page.TODAY)
    fresh.shell.go(Page.MEMBERS)
    fresh.settle()
    assert members.problem == ""


def test_a_cart_that_waits_goes_too_and_is_named(fresh: Stage) -> None:
    Walk(fresh).parked_number()
    Walk(fresh).staff(Page.PARKED_CARTS)
    (cart,) = Walk(fresh).model(Page.PARKED_CARTS).carts.rows
    email = f"amelie{fresh.visitors}@gmial.com"
    sell(fresh, who=(cart.name, email))
    Walk(fresh).staff(Page.MEMBERS)
    model = Walk(fresh).model(Page.MEMBERS)
    meet(fresh, model, email)
    assert model.parked == str(cart.number)


def test_the_refusal_itself_is_known(fresh: Stage, members: Any) -> None:
    """What `refused` branches on is what the use case raises."""
    sell(fresh)
    meet(fresh, members)
    staff = fresh.shell.till.staff
    assert staff is not None
    member_id = members._seen.card.member_id
    with pytest.raises(MemberUnsent):
        fresh.run(lambda: fresh.counter.erase_member(member_id, staff.staff_id, when_sent=False))
