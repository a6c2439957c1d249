"""Outbox: what waits, what was sent, and what a person has to see to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.outbox import EntryState, QueueCounts, QueueHealth, RailState
from kiosk.domain.settlement import NEEDS_ATTENTION, FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.errors import FindingUnknown, NotPermitted, StoreBusy
from kiosk.ui.pages import Page
from kiosk.ui.text import finding_text, problem_text, rail_text
from kiosk.ui.viewmodels.outbox import AIM_SECONDS, PAGE_ROWS
from tests.ui.stage import Stage
from tests.ui.walk import Walk

NOTHING = QueueCounts(waiting=0, watching=0, unknown=0, delivered=0, parked=0, open_findings=0)


@pytest.fixture
def fresh(make_stage: Callable[..., Stage]) -> Stage:
    """A kiosk with nothing in its outbox yet."""
    stage = make_stage()
    stage.begin()
    stage.provision()
    return stage


@pytest.fixture
def outbox(fresh: Stage) -> Any:
    Walk(fresh).staff(Page.OUTBOX)
    return Walk(fresh).model(Page.OUTBOX)


def look(stage: Stage, outbox: Any) -> None:
    outbox.look_again()
    stage.settle()


def park(stage: Stage, reason: str) -> None:
    """Park the first entry that is due, as the sync wing does."""

    def work() -> None:
        now_ms = stage.clock.now_ms()
        request = ClaimRequest(mode=stage.mode, now_ms=now_ms, lease_ms=60_000, limit=1)
        with stage.desk.buffer.writing() as uow:
            (entry,) = uow.outbox.claim(request)
            assert uow.outbox.park(entry, reason, now_ms)

    stage.run(work)


def test_an_empty_outbox_is_certain_of_it(outbox: Any) -> None:
    assert outbox.loaded
    assert outbox.entries.rows == outbox.findings.rows == ()
    counts = (outbox.waiting, outbox.watching, outbox.unknown, outbox.delivered, outbox.parked)
    assert (*counts, outbox.attention, outbox.finding_count) == (0,) * 7
    assert not outbox.has_more
    assert not outbox.has_earlier


def test_before_it_was_read_nothing_is_claimed(fresh: Stage) -> None:
    model = Walk(fresh).model(Page.OUTBOX)
    assert not model.loaded
    assert model.attention == 0


def test_a_sale_leaves_entries_newest_first(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    fresh.clock.forward(120)
    fresh.sell("tote", email="b@example.org")
    look(fresh, outbox)
    assert [row.receipt_number for row in outbox.entries.rows] == ["K3-000002", "K3-000001"]
    assert [row.age for row in outbox.entries.rows] == ["just now", "2 min"]
    assert {row.sign for row in outbox.entries.rows} == {"clock"}
    assert {row.state_name for row in outbox.entries.rows} == {"Waiting"}


def test_each_state_filters_the_list_and_the_same_again_shows_all(
    fresh: Stage, outbox: Any
) -> None:
    fresh.sell("sticker")
    for state in EntryState:
        outbox.choose(state.value)
        fresh.settle()
        assert outbox.state == state.value
        assert len(outbox.entries.rows) == (1 if state is EntryState.WAITING else 0)
        outbox.choose(state.value)
        fresh.settle()
        assert outbox.state == ""
        assert len(outbox.entries.rows) == 1


def test_a_state_that_does_not_exist_is_a_fault_of_ours(outbox: Any) -> None:
    with pytest.raises(ValueError, match="lost"):
        outbox.choose("lost")


def test_leaving_and_coming_back_shows_everything_again(fresh: Stage, outbox: Any) -> None:
    outbox.choose("delivered")
    fresh.settle()
    fresh.shell.go(Page.TODAY)
    fresh.shell.go(Page.OUTBOX)
    fresh.settle()
    assert outbox.state == ""


def test_pages_are_turned_and_turned_back(fresh: Stage, outbox: Any) -> None:
    for number in range(PAGE_ROWS + 2):
        fresh.sell("sticker", email=f"m{number}@example.org")
    look(fresh, outbox)
    assert len(outbox.entries.rows) == PAGE_ROWS
    assert (outbox.has_earlier, outbox.has_more) == (False, True)
    outbox.later_page()
    fresh.settle()
    assert [row.receipt_number for row in outbox.entries.rows] == ["K3-000002", "K3-000001"]
    assert (outbox.has_earlier, outbox.has_more) == (True, False)
    outbox.earlier_page()
    outbox.earlier_page()
    fresh.settle()
    assert not outbox.has_earlier
    assert outbox.entries.rows[0].receipt_number == f"K3-{PAGE_ROWS + 2:06d}"


def test_the_way_to_the_rail_is_told_in_one_line(fresh: Stage, outbox: Any) -> None:
    assert outbox.rail == rail_text(None)
    for rail in RailState:
        fresh.shell.show_health(QueueHealth(counts=NOTHING, rail=rail))
        fresh.settle()
        assert outbox.rail == rail_text(rail)


def test_a_finding_that_needs_a_person_says_whose_what_and_how_much(
    fresh: Stage, outbox: Any
) -> None:
    sold: Any = fresh.sell("tote", tender=TenderKind.PAY_LATER)
    for kind in sorted(NEEDS_ATTENTION):
        fresh.find(kind, sold.sale.sale_id, amount=1234)
    fresh.clock.forward(3600)
    look(fresh, outbox)
    rows = outbox.findings.rows
    assert {(row.whose, row.amount, row.age) for row in rows} == {("K3-000001", "£12.34", "1 h")}
    assert {row.sentence for row in rows} == {finding_text(kind) for kind in NEEDS_ATTENTION}
    assert outbox.attention == outbox.finding_count == len(NEEDS_ATTENTION)


def test_money_that_belongs_to_no_sale_is_called_nobodys(fresh: Stage, outbox: Any) -> None:
    fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    assert [row.whose for row in outbox.findings.rows] == ["Nobody's"]


def test_what_settles_itself_does_not_ask_for_a_person(fresh: Stage, outbox: Any) -> None:
    sold: Any = fresh.sell("tote", tender=TenderKind.PAY_LATER)
    for kind in sorted(set(FindingKind) - NEEDS_ATTENTION):
        fresh.find(kind, sold.sale.sale_id)
    look(fresh, outbox)
    assert outbox.findings.rows == ()
    assert outbox.attention == 0


def test_findings_stand_with_what_needs_attention_and_nowhere_else(
    fresh: Stage, outbox: Any
) -> None:
    fresh.find(FindingKind.OVERPAID)
    look(fresh, outbox)
    shown = {}
    for state in EntryState:
        outbox.choose(state.value)
        fresh.settle()
        shown[state] = outbox.finding_count
    assert shown == {state: int(state is EntryState.PARKED) for state in EntryState}
    assert outbox.attention == 1


def test_parked_entries_and_findings_are_counted_together(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    park(fresh, "total_differs")
    fresh.find(FindingKind.OVERPAID)
    look(fresh, outbox)
    assert (outbox.parked, outbox.attention) == (1, 2)
    (row,) = outbox.entries.rows
    assert (row.parked, row.sign) == (True, "alert")
    assert "another total" in row.reason


def test_an_entry_that_is_sent_again_waits_and_the_rail_hears_of_it(
    fresh: Stage, outbox: Any
) -> None:
    fresh.sell("sticker")
    park(fresh, "invoice_void")
    look(fresh, outbox)
    before = fresh.recorded
    entry_id = outbox.entries.rows[0].entry_id
    outbox.retry(entry_id)
    outbox.retry(entry_id)
    assert outbox.busy
    fresh.settle()
    assert (outbox.parked, outbox.waiting) == (0, 1)
    assert fresh.recorded == before + 1


@pytest.mark.parametrize("error", [NotPermitted(action="retry"), StoreBusy()], ids=str)
def test_a_retry_that_is_refused_says_so_and_changes_nothing(
    fresh: Stage, outbox: Any, error: Exception
) -> None:
    fresh.sell("sticker")
    park(fresh, "invoice_void")
    look(fresh, outbox)
    with fresh.failing(retry_entry=error):
        outbox.retry(outbox.entries.rows[0].entry_id)
        fresh.settle()
    assert outbox.problem == problem_text(error)
    assert outbox.parked == 1


def test_nobody_signed_in_sends_nothing_again(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    park(fresh, "invoice_void")
    look(fresh, outbox)
    fresh.shell.till.staff = None
    outbox.retry(outbox.entries.rows[0].entry_id)
    fresh.settle()
    look(fresh, outbox)
    assert outbox.parked == 1


def test_looking_again_in_vain_keeps_what_was_read(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    look(fresh, outbox)
    with fresh.failing(outbox_page=StoreBusy()):
        look(fresh, outbox)
    assert len(outbox.entries.rows) == 1
    assert outbox.problem == ""


def test_another_language_says_every_row_again(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    park(fresh, "invoice_void")
    fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    english = outbox.entries.rows[0], outbox.findings.rows[0], outbox.rail
    fresh.shell._app.choose_language("de")
    fresh.settle()
    german = outbox.entries.rows[0], outbox.findings.rows[0], outbox.rail
    assert german[0].reason != english[0].reason
    assert german[0].state_name == "Bitte prüfen"
    assert german[1].whose == "Von niemandem"
    assert german[1].sentence != english[1].sentence
    assert german[2] != english[2]


def test_no_row_carries_a_name_or_an_address(fresh: Stage, outbox: Any) -> None:
    fresh.sell("sticker")
    look(fresh, outbox)
    assert "aria" not in repr(outbox.entries.rows)


def done(stage: Stage, outbox: Any, place: int = 0) -> None:
    """Touch `Done` of the finding in this place, as somebody who has had time to look."""
    stage.clock.forward(1)
    outbox.answer(outbox.findings.rows[place].finding_id)
    stage.settle()


def test_a_finding_that_is_done_goes_and_the_badge_goes_with_the_last(
    fresh: Stage, outbox: Any
) -> None:
    app = fresh.shell._app
    sold: Any = fresh.sell("tote", tender=TenderKind.PAY_LATER)
    for kind in (FindingKind.UNDERPAID, FindingKind.OVERPAID):
        fresh.find(kind, sold.sale.sale_id)
    look(fresh, outbox)
    assert (outbox.attention, app.badge_state) == (2, "attention")
    before, newest = fresh.recorded, outbox.findings.rows[0].finding_id
    done(fresh, outbox, 1)
    assert [row.finding_id for row in outbox.findings.rows] == [newest]
    assert (outbox.attention, app.badge_state) == (1, "attention")
    done(fresh, outbox)
    assert (outbox.attention, outbox.finding_count) == (0, 0)
    assert app.badge_state == "waiting"  # the sale's own entry
    assert fresh.recorded == before + 2  # the sync wing hears of it, and counts anew


def test_without_anything_waiting_the_badge_says_all_sent_again(fresh: Stage, outbox: Any) -> None:
    app = fresh.shell._app
    fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    assert app.badge == "Needs attention"
    done(fresh, outbox)
    assert app.badge == "All sent"


def test_what_is_known_of_the_rail_stays_when_the_page_has_counted(
    fresh: Stage, outbox: Any
) -> None:
    fresh.shell.show_health(QueueHealth(counts=NOTHING, rail=RailState.CAPTIVE_PORTAL))
    fresh.settle()
    fresh.find(FindingKind.OVERPAID)
    look(fresh, outbox)
    health = fresh.shell.till.health
    assert health is not None
    assert (health.rail, health.counts.open_findings) == (RailState.CAPTIVE_PORTAL, 1)
    assert outbox.rail == rail_text(RailState.CAPTIVE_PORTAL)


def test_a_page_that_was_left_counts_nothing_any_more(fresh: Stage, outbox: Any) -> None:
    """The sync wing may have said something newer meanwhile, and nobody would look again."""
    fresh.find(FindingKind.OVERPAID)
    with fresh.slow():
        outbox.look_again()
        fresh.shell.go(Page.TODAY)
        newer = QueueHealth(counts=NOTHING, rail=RailState.REACHABLE)
        fresh.shell._app.show_health(newer)
    assert fresh.shell.till.health == newer


def test_two_quick_taps_answer_one_finding_and_not_the_one_that_moved_up(
    fresh: Stage, outbox: Any
) -> None:
    for _ in range(3):
        fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    done(fresh, outbox)
    outbox.answer(outbox.findings.rows[0].finding_id)  # the second tap of a double one
    fresh.settle()
    fresh.clock.forward(AIM_SECONDS - 0.1)
    outbox.answer(outbox.findings.rows[0].finding_id)
    fresh.settle()
    assert outbox.finding_count == 2
    fresh.clock.forward(0.2)
    outbox.answer(outbox.findings.rows[0].finding_id)
    fresh.settle()
    assert outbox.finding_count == 1


def test_a_tap_while_the_first_is_under_way_does_nothing(fresh: Stage, outbox: Any) -> None:
    for _ in range(2):
        fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    first, second = (row.finding_id for row in outbox.findings.rows)
    with fresh.slow():
        outbox.answer(first)
        assert outbox.busy
        outbox.answer(second)
    assert [row.finding_id for row in outbox.findings.rows] == [second]


@pytest.mark.parametrize(
    "error", [NotPermitted(action="answer"), FindingUnknown(finding=1), StoreBusy()], ids=str
)
def test_an_answer_that_is_refused_says_so_and_the_finding_stays(
    fresh: Stage, outbox: Any, error: Exception
) -> None:
    fresh.find(FindingKind.OVERPAID)
    look(fresh, outbox)
    with fresh.failing(answer_finding=error):
        done(fresh, outbox)
    assert outbox.problem == problem_text(error)
    assert outbox.finding_count == 1


def test_nobody_signed_in_answers_nothing(fresh: Stage, outbox: Any) -> None:
    fresh.find(FindingKind.OVERPAID)
    look(fresh, outbox)
    fresh.shell.till.staff = None
    done(fresh, outbox)
    look(fresh, outbox)
    assert outbox.finding_count == 1


def test_more_findings_than_a_page_shows_are_all_counted(fresh: Stage, outbox: Any) -> None:
    for _ in range(PAGE_ROWS + 1):
        fresh.find(FindingKind.REFERENCE_UNKNOWN)
    look(fresh, outbox)
    assert (outbox.finding_count, outbox.attention) == (PAGE_ROWS, PAGE_ROWS + 1)
    done(fresh, outbox)
    assert (outbox.finding_count, outbox.attention) == (PAGE_ROWS, PAGE_ROWS)


def test_an_entry_that_is_parked_for_a_finding_asks_no_more_once_that_is_done(
    fresh: Stage, outbox: Any
) -> None:
    sold: Any = fresh.sell("sticker")
    park(fresh, FindingKind.TOTAL_DIFFERS.value)
    fresh.find(FindingKind.TOTAL_DIFFERS, sold.sale.sale_id)
    look(fresh, outbox)
    assert fresh.shell._app.badge == "Needs attention"
    done(fresh, outbox)
    assert (outbox.parked, outbox.attention) == (1, 0)
    assert fresh.shell._app.badge == "All sent"
    assert [row.parked for row in outbox.entries.rows] == [True]  # it can still be sent again
