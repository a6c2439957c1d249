"""Nothing of the visitor before is left for the next one: on no view-model, in no field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject

from kiosk.ui.pages import Page
from kiosk.ui.rows import RowModel
from tests.ui.stage import Stage
from tests.ui.walk import Walk

NAME, MAIL = "Amélie Nguyễn", "amelie"


def told(stage: Stage) -> str:
    """Everything that QML could read from any view-model of the front now."""
    words = []
    for page, screen in stage.shell._screens.items():
        if page.of_staff:
            continue
        meta = screen.model.metaObject()
        for number in range(meta.propertyCount()):
            value = screen.model.property(str(meta.property(number).name()))
            words.append(repr(value.rows) if isinstance(value, RowModel) else repr(value))
    return "\n".join(words)


def written(stage: Stage) -> str:
    """What stands in the fields, should the form be opened again."""
    stage.shell.go(Page.DETAILS)
    stage.settle()
    return "".join(str(stage.probe.get(field, "input.text")) for field in ("name", "email"))


def by_done(stage: Stage, walk: Walk) -> None:
    walk.show_pass("pay-later")
    stage.probe.click("pass_done")


def by_number_read(stage: Stage, walk: Walk) -> None:
    walk.parked_number()
    walk.model(Page.PARKED_NUMBER).done()


def by_idle_time(stage: Stage, walk: Walk) -> None:
    walk.pay()
    stage.clock.forward(stage.options.idle_seconds + 1)
    stage.shell._idle.tick()


def by_walking_away_from_a_code(stage: Stage, walk: Walk) -> None:
    walk.scan_to_pay()
    stage.clock.forward(stage.options.idle_seconds + 1)
    stage.shell._idle.tick()


def by_countdown(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    for _ in range(stage.options.pass_seconds):
        walk.model(Page.PASS).tick()


def by_going_back(stage: Stage, walk: Walk) -> None:
    walk.pay()
    walk.model(Page.PAY).back()
    walk.model(Page.DETAILS).back()
    stage.settle()
    stage.probe.click("offers_back")


def by_staff(stage: Stage, walk: Walk) -> None:
    walk.details()
    walk.staff(Page.TODAY)
    stage.probe.click("nav_close")


@pytest.mark.parametrize(
    "end",
    [by_done, by_number_read, by_idle_time, by_walking_away_from_a_code, by_countdown,
     by_going_back, by_staff],
)  # fmt: skip
def test_whichever_way_a_visit_ends_nothing_of_it_is_left(
    stage: Stage, walk: Walk, end: Callable[[Stage, Walk], None]
) -> None:
    walk.details()
    assert NAME in told(stage)
    end(stage, walk)
    stage.settle()
    assert stage.on(Page.ATTRACT)
    left = told(stage) + stage.probe.written()
    assert NAME not in left
    assert MAIL not in left
    assert "image://code" not in left
    visit = stage.shell.till.visit
    assert (visit.name, visit.email, visit.lines, visit.consents) == ("", "", (), frozenset())
    assert (visit.completed, visit.sale_id, visit.priced, visit.parked_number) == (None,) * 4
    assert written(stage) == ""


def test_what_is_written_on_the_window_is_found(stage: Stage, walk: Walk) -> None:
    walk.show_pass("pay-later")
    assert NAME in stage.probe.written()
    assert "image://code" in stage.probe.written()


def test_the_front_is_all_that_was_asked(stage: Stage) -> None:
    models = [screen.model for screen in stage.shell._screens.values()]
    assert all(isinstance(model, QObject) for model in models)
    assert len(models) == len(Page)
