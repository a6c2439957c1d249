"""When another copy of the kiosk has sold, nobody is let in any more, and the page says why."""

from __future__ import annotations

import dataclasses

import pytest

from kiosk.buffer.anchor import seal_mark
from kiosk.buffer.incarnations import Place
from kiosk.domain.outbox import Doubt, QueueCounts, QueueHealth, RailState
from kiosk.errors import StoreForked
from kiosk.ui.pages import Page
from tests.ui.stage import NOON_MS, Stage
from tests.ui.walk import Walk

COUNTS = QueueCounts(waiting=0, watching=0, unknown=0, delivered=0, parked=0, open_findings=0)
NEWS = QueueHealth(counts=COUNTS, rail=RailState.REACHABLE, doubt=Doubt.FORKED)


def another_copy_sold(stage: Stage) -> None:
    """The rail remembers a life that somebody acknowledged elsewhere."""

    def write() -> None:
        with stage.counter._desk.buffer.writing() as uow:
            mark = dataclasses.replace(uow.incarnations.mark(), incarnation=2, seq=99)
            sealed = seal_mark(mark, uow.sales._session.keys.anchor)
            assert uow.incarnations.sight(Place.RAIL, sealed, NOON_MS)

    stage.run(write)


def test_the_first_page_gives_way_to_what_happened_and_the_way_on(stage: Stage) -> None:
    another_copy_sold(stage)
    stage.shell.show_health(NEWS)
    stage.settle()
    assert stage.on(Page.FAULT)
    fault = stage.shell._fault
    assert fault.code == "store_forked"
    assert "kiosk restored" in fault.sentence
    assert "are safe and are sent" in fault.sentence
    fault.retry()
    stage.settle()
    assert stage.on(Page.FAULT), "trying again is no acknowledgement"


def test_whoever_is_being_served_sees_their_pass_to_the_end(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    another_copy_sold(stage)
    stage.shell.show_health(NEWS)
    stage.settle()
    assert stage.on(Page.PASS)
    stage.shell.go_home()
    stage.settle()
    assert stage.on(Page.FAULT)


def test_a_sale_under_way_is_refused_with_the_same_words(stage: Stage, walk: Walk) -> None:
    walk.pay()
    another_copy_sold(stage)
    with pytest.raises(StoreForked) as refused:
        stage.sell("zine")
    assert refused.value.fields["place"] == "rail"


def test_the_badge_calls_for_a_person(stage: Stage) -> None:
    stage.shell.show_health(NEWS)
    stage.settle()
    assert stage.shell._app.badge_state == "attention"


def test_the_next_start_says_it_again(stage: Stage) -> None:
    another_copy_sold(stage)
    stage.shell.ready(stage.counter)
    stage.settle()
    assert stage.on(Page.FAULT)
