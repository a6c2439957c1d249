"""The page of the members: found as one types, one with their passes, nobody left behind."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.errors import StoreBusy
from kiosk.ui.pages import Page
from kiosk.ui.viewmodels.members import FOUND_SHOWN_MAX
from tests.ui.stage import DAY_MS, Stage
from tests.ui.viewmodels.meeting import AMELIE, MARK, held, look_for, meet, sell
from tests.ui.walk import Walk

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 5 + "Annemarie"
ARABIC = "محمد بن عبد الرحمن القحطاني"


def test_whoever_is_looked_for_is_found_by_any_name_and_by_address(
    fresh: Stage, members: Any
) -> None:
    sell(fresh, "quarterly")
    sell(fresh, who=("Ben Nowak", "ben@example.org"))
    for text in ("ame", "NGUYEN", "amelie@ex", "Amélie Ng"):
        assert look_for(fresh, members, text) == ["Amélie Nguyễn"], text
    assert members.found.rows[0].running == "Quarterly by post"
    assert look_for(fresh, members, "n") == ["Amélie Nguyễn", "Ben Nowak"]
    assert look_for(fresh, members, "melie") == []
    assert members.none


def test_nothing_written_finds_nobody_and_claims_nothing(fresh: Stage, members: Any) -> None:
    sell(fresh)
    assert not members.none
    assert look_for(fresh, members, "ame")
    for blank in ("", "   "):
        assert look_for(fresh, members, blank) == []
        assert not members.none


def test_what_is_typed_on_while_the_answer_is_due_is_what_is_answered(
    fresh: Stage, members: Any
) -> None:
    sell(fresh)
    sell(fresh, who=("Ben Nowak", "ben@example.org"))
    with fresh.failing() as counted, fresh.slow():
        for text in ("b", "be", "ben", "a", "am"):
            members.write(text)
        assert members.found.rows == ()
    assert [row.name for row in members.found.rows] == ["Amélie Nguyễn"]
    assert counted.calls.count("find_members") == 2
    with fresh.slow():
        members.write("ben")
        members.write("")
    assert members.found.rows == ()
    assert not members.none


def test_a_list_has_an_end_and_says_so(fresh: Stage, members: Any) -> None:
    for number in range(FOUND_SHOWN_MAX - 1):
        sell(fresh, who=(f"Anna {number:02d}", f"a{number}@example.org"))
    assert len(look_for(fresh, members, "anna")) == FOUND_SHOWN_MAX - 1
    assert members.most == 0
    for number in range(FOUND_SHOWN_MAX, FOUND_SHOWN_MAX + 2):
        sell(fresh, who=(f"Anna {number:02d}", f"a{number}@example.org"))
    assert len(look_for(fresh, members, "anna")) == FOUND_SHOWN_MAX
    assert members.most == FOUND_SHOWN_MAX


@pytest.mark.parametrize("name", [LONG, ARABIC, "<b>Bold</b> & Söhne"])
def test_any_name_is_listed_as_it_is_written(fresh: Stage, members: Any, name: str) -> None:
    sell(fresh, who=(name, "any@example.org"))
    assert look_for(fresh, members, name.split(maxsplit=1)[0]) == [name]
    meet(fresh, members, "any@")
    assert members.name == name


def test_five_hundred_letters_find_nobody_and_harm_nothing(fresh: Stage, members: Any) -> None:
    sell(fresh)
    assert look_for(fresh, members, "ame" * 200) == []
    assert members.none
    assert not members.problem


def test_one_member_is_told_with_passes_state_and_end(fresh: Stage, members: Any) -> None:
    sell(fresh, "quarterly", "tote")
    fresh.clock.forward(60)
    sell(fresh, "tote", tender=TenderKind.PAY_LATER)
    meet(fresh, members)
    assert (members.name, members.email) == AMELIE
    assert members.running == ["Quarterly by post, open-ended"]
    rows = members.passes.rows
    assert [(row.number, row.worth, row.place) for row in rows] == [
        ("3-3", "provisional", 0), ("3-1", "confirmed", 0), ("3-2", "confirmed", 1),
    ]  # fmt: skip
    assert [row.state_name for row in rows] == ["Provisional", "Confirmed", "Confirmed"]
    assert rows[1].bought == "1 × Quarterly by post, 1 × Screen-printed tote"
    assert rows[1].until == "Valid until 18 February 2027"
    assert all(row.can_show for row in rows)
    assert not members.earlier_ones


def test_a_pass_that_is_over_or_void_says_so(fresh: Stage, members: Any) -> None:
    sale = sell(fresh, "quarterly", tender=TenderKind.PAY_LATER).sale
    fresh.find(FindingKind.INVOICE_VOIDED, sale.sale_id)
    sell(fresh, "tote")
    fresh.clock.forward(3 * DAY_MS / 1000)
    meet(fresh, members)
    over, void = members.passes.rows
    assert (over.worth, over.state_name, over.can_show) == ("expired", "Expired", False)
    assert over.until.startswith("Ended on ")
    assert (void.worth, void.state_name, void.can_show) == ("revoked", "Revoked", True)
    assert members.running == []


def test_it_is_all_said_in_german_too(fresh: Stage, members: Any) -> None:
    sell(fresh, "quarterly")
    meet(fresh, members)
    Walk(fresh).speak("de")
    assert members.running == ["Quarterly by post, unbefristet"]
    assert members.passes.rows[0].until == "Gültig bis 18. Februar 2027"


def test_a_pass_is_shown_again_and_the_way_back_is_to_its_member(
    fresh: Stage, members: Any
) -> None:
    sell(fresh, "quarterly", "tote")
    meet(fresh, members)
    members.show_pass(members.passes.rows[1].sale_id, 1)
    fresh.settle()
    assert fresh.on(Page.PASS)
    shown = Walk(fresh).model(Page.PASS)
    assert (shown.number, shown.name, shown.place) == ("3-2", "Amélie Nguyễn", 2)
    assert (shown.leads_back, shown.change_due) == (True, "")
    assert members.name == "", "the page behind keeps nobody"
    shown.done()
    fresh.settle()
    assert fresh.on(Page.MEMBERS)
    assert (members.name, members.text) == ("Amélie Nguyễn", "ame")
    assert fresh.shell.till.visit.completed is None
    members.back()
    assert [row.name for row in members.found.rows] == ["Amélie Nguyễn"]


def test_nobody_comes_to_a_page_of_the_staff_by_waiting(fresh: Stage, members: Any) -> None:
    sell(fresh)
    meet(fresh, members)
    members.show_pass(members.passes.rows[0].sale_id, 0)
    fresh.settle()
    for _ in range(fresh.options.pass_seconds):
        Walk(fresh).model(Page.PASS).tick()
    fresh.settle()
    assert fresh.on(Page.ATTRACT)
    assert fresh.shell.till.staff is None
    assert fresh.shell.till.visit.way_back is None
    assert MARK not in held(members)


def test_after_it_another_sale_is_shown_as_its_own(fresh: Stage, members: Any) -> None:
    sell(fresh, "quarterly", "tote")
    meet(fresh, members)
    members.show_pass(members.passes.rows[1].sale_id, 1)
    fresh.settle()
    Walk(fresh).model(Page.TODAY).newest_pass()
    fresh.settle()
    fresh.shell.go(Page.TODAY)
    fresh.shell.go(Page.PASS)
    shown = Walk(fresh).model(Page.PASS)
    assert (shown.place, shown.leads_back) == (1, False)


def by_another_page(stage: Stage) -> None:
    stage.shell.go(Page.OUTBOX)


def by_closing(stage: Stage) -> None:
    stage.shell._app.close_staff()


def by_idle_time(stage: Stage) -> None:
    stage.clock.forward(stage.options.idle_seconds + 1)
    stage.shell._idle.tick()


def by_a_fault(stage: Stage) -> None:
    stage.shell.fault(StoreBusy())


@pytest.mark.parametrize("leave", [by_another_page, by_closing, by_idle_time, by_a_fault])
def test_whoever_leaves_the_page_leaves_nobody_in_it(
    fresh: Stage, members: Any, leave: Any
) -> None:
    sell(fresh)
    meet(fresh, members)
    assert MARK in held(members)
    leave(fresh)
    fresh.settle()
    assert not fresh.on(Page.MEMBERS)
    assert MARK not in held(members)
    assert (members.text, members.picked, members.result) == ("", False, [])


@pytest.mark.parametrize("leave", [by_another_page, by_closing, by_a_fault])
def test_an_answer_that_comes_after_one_has_left_shows_nobody(
    fresh: Stage, members: Any, leave: Any
) -> None:
    sell(fresh)
    meet(fresh, members)
    with fresh.slow():
        members.write("amelie@")
        members.pick(members.found.rows[0].member_id)
        leave(fresh)
    fresh.settle()
    assert not fresh.on(Page.MEMBERS)
    assert MARK not in held(members)
    assert (members.text, members.picked, members.result) == ("", False, [])


def test_nobody_stands_in_the_record_of_what_was_seen(fresh: Stage, members: Any) -> None:
    sell(fresh)
    meet(fresh, members)
    for told in (members._told, *members.found.rows, members._seen.card, *members._seen.found):
        assert MARK not in repr(told)
