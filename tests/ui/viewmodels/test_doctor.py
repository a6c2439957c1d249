"""The doctor's page: the worst first, what to do, and a check of everything beside the till."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.buffer.audit_file import AUDIT_NAME, last_audit
from kiosk.buffer.files import BufferPaths
from kiosk.domain.checkup import CheckUp, FullCheck, bad, notice, ok
from kiosk.errors import StoreCorrupt
from kiosk.ui.pages import Page
from tests.ui.stage import pump
from tests.ui.walk import Walk


def model_of(walk: Walk) -> Any:
    walk.staff(Page.DOCTOR)
    return walk.model(Page.DOCTOR)


def names(model: Any) -> list[str]:
    return [row.name for row in model.checks.rows]


def test_it_tells_what_the_file_and_the_folder_tell(walk: Walk) -> None:
    model = model_of(walk)
    assert model.loaded
    assert {"Journal", "To be sent", "Clock", "Free space", "Versions"} <= set(names(model))
    assert all(row.sentence and row.grade_name for row in model.checks.rows)
    assert all(row.remedy for row in model.checks.rows if row.grade != "ok")


def test_the_worst_comes_first(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = (ok("numbers.ok"), notice("backup.never"), bad("clock.wrong", seconds=900))
    monkeypatch.setattr(walk.stage.counter, "check_up", lambda: CheckUp(checks=checks))
    model = model_of(walk)
    assert [row.grade for row in model.checks.rows] == ["bad", "notice", "ok"]
    assert model.grade == "bad"
    assert "900" in model.checks.rows[0].sentence
    assert "Set the clock" in model.checks.rows[0].remedy


def test_everything_is_said_in_german_too(walk: Walk) -> None:
    model = model_of(walk)
    english = {row.sentence for row in model.checks.rows if row.name != "Versions"}
    walk.speak("de")
    german = {row.sentence for row in model.checks.rows if row.name != "Versionen"}
    assert english.isdisjoint(german)
    assert "Uhr" in names(model)


def test_a_check_of_everything_runs_beside_the_till_and_is_kept(walk: Walk) -> None:
    model = model_of(walk)
    model.check_everything()
    walk.stage.sell("zine-small")
    paths = BufferPaths(folder=walk.stage.folder)
    walk.stage.rounds._audit._thread.join(60)
    assert (paths.folder / AUDIT_NAME).exists()
    kept = last_audit(paths)
    assert kept is not None
    assert kept.ok
    walk.stage.settle()
    pump(lambda: not model.checking)
    assert any("checked 0 days ago" in row.sentence for row in model.checks.rows)


def test_it_shows_how_far_it_is_and_cannot_be_begun_twice(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    half = CheckUp(checks=(ok("numbers.ok"),), full=FullCheck(part="journal", done=1, total=2))

    def begin() -> CheckUp:
        begun.append(1)
        return half

    monkeypatch.setattr(walk.stage.counter, "begin_full_check", begin)
    model = model_of(walk)
    model.check_everything()
    walk.stage.settle()
    assert model.checking
    assert model.percent == 50
    assert model.part == "Following the journal"
    model.check_everything()
    assert begun == [1]
    model.leave()
    assert not model._watch.isActive()


def test_a_file_that_cannot_be_read_is_a_sentence(walk: Walk) -> None:
    with walk.stage.failing(check_up=StoreCorrupt(check="page")):
        model = model_of(walk)
        assert model.problem
