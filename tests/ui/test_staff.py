"""The staff corner: the first PIN, signing in, the day, the outbox, parked carts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.outbox import QueueCounts, QueueHealth, RailState
from kiosk.domain.settlement import FindingKind
from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED, SELF_SERVICE
from tests.ui.stage import PIN, Stage, pump
from tests.ui.walk import Walk

DONE_PIXELS_LEAST = 60


def press(stage: Stage, digits: str) -> None:
    for digit in digits:
        stage.probe.click(f"digit_{digit}")
    stage.probe.click("pin_ok")
    stage.settle()


def test_the_first_start_sets_the_pin_before_anything_else(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage(pin=None)
    stage.open()
    assert stage.on(Page.SET_PIN)
    press(stage, "1234")
    press(stage, "1235")
    assert stage.on(Page.SET_PIN)
    press(stage, "1234")
    press(stage, "1234")
    assert stage.on(Page.ATTRACT)
    assert stage.run(lambda: stage.counter.sign_in("1234")).role == "owner"


def test_three_digits_are_too_few_to_try(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(pin=None)
    stage.open()
    for digit in "123":
        stage.probe.click(f"digit_{digit}")
    assert stage.probe.get("pin_ok", "enabled") is False
    stage.probe.click("digit_back")
    assert stage.shell._screens[Page.SET_PIN].model.digits == 2  # type: ignore[attr-defined]


def test_the_badge_leads_to_the_pin_and_the_pin_to_the_day(stage: Stage) -> None:
    stage.probe.click("staff_badge")
    stage.settle()
    assert stage.on(Page.PIN)
    press(stage, PIN)
    assert stage.on(Page.TODAY)
    assert stage.shell.till.staff is not None


def test_a_real_keyboard_types_the_pin_too(stage: Stage) -> None:
    stage.probe.click("staff_badge")
    stage.settle()
    stage.probe.type(PIN)
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.on(Page.TODAY)


def test_a_wrong_pin_is_said_and_forgotten_and_soon_makes_wait(stage: Stage, walk: Walk) -> None:
    walk.go(Page.PIN)
    model = walk.model(Page.PIN)
    press(stage, "0000")
    assert stage.on(Page.PIN)
    assert model.problem
    assert model.digits == 0
    for _ in range(8):
        press(stage, "0000")
    assert "wait" in model.problem
    press(stage, PIN)
    assert stage.on(Page.PIN)


def test_leaving_the_back_forgets_who_was_there(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.OUTBOX)
    stage.probe.click("nav_close")
    stage.settle()
    assert stage.on(Page.ATTRACT)
    assert stage.shell.till.staff is None
    stage.shell._app.open_page("outbox")
    assert stage.on(Page.ATTRACT)


def test_the_mode_of_service_is_kept_and_decides_who_takes_cash(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    stage.probe.click("mode_self_service")
    stage.settle()
    assert stage.shell.till.mode == SELF_SERVICE
    assert stage.shell.till.seller is None
    assert stage.run(lambda: stage.counter.preferences().service_mode) == SELF_SERVICE
    stage.probe.click("mode_assisted")
    stage.settle()
    assert stage.shell.till.mode == ASSISTED
    assert stage.shell.till.seller is not None


def test_the_theme_changes_at_once_and_is_kept(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    stage.probe.click("theme_dark")
    stage.settle()
    assert stage.probe.js("Theme.dark") is True
    assert stage.run(lambda: stage.counter.preferences().theme) == "dark"


def test_the_practice_network_is_pulled_and_plugged_in(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    stage.probe.click("network_off")
    stage.settle()
    assert stage.run(lambda: stage.counter.today().network_on) is False
    stage.probe.click("network_on")
    stage.settle()
    assert stage.run(lambda: stage.counter.today().network_on) is True
    assert stage.recorded == 2


def test_the_member_pays_in_practice(stage: Stage, walk: Walk) -> None:
    walk.show_pass("scan-to-pay")
    walk.staff(Page.TODAY)
    model = walk.model(Page.TODAY)
    (payment,) = model.payments.rows
    before = stage.recorded
    model.member_pays(payment.sale_id)
    stage.settle()
    assert not model.problem
    assert stage.recorded == before + 1


def test_the_newest_pass_comes_back(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    number = walk.model(Page.PASS).number
    stage.probe.click("pass_done")
    stage.settle()
    walk.staff(Page.TODAY)
    stage.probe.click("newest_pass")
    stage.settle()
    assert stage.on(Page.PASS)
    assert walk.model(Page.PASS).number == number
    assert walk.model(Page.PASS).name == "Amélie Nguyễn"


def test_the_outbox_lists_what_waits_with_amount_and_age(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    stage.clock.forward(3 * 3600)
    walk.staff(Page.OUTBOX)
    model = walk.model(Page.OUTBOX)
    assert model.waiting == len(model.entries.rows) > 0
    row = model.entries.rows[0]
    assert row.age == "3 h"
    assert row.amount.startswith("£")
    assert not row.parked
    stage.probe.click("outbox_delivered")
    stage.settle()
    assert model.entries.rows == ()
    stage.probe.click("outbox_delivered")
    stage.settle()
    assert model.entries.rows


def test_a_parked_entry_says_why_and_is_sent_again(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")

    def park() -> None:
        now_ms = stage.clock.now_ms()
        request = ClaimRequest(mode=stage.mode, now_ms=now_ms, lease_ms=60_000, limit=1)
        with stage.desk.buffer.writing() as uow:
            (entry,) = uow.outbox.claim(request)
            assert uow.outbox.park(entry, "invoice_void", now_ms)

    stage.run(park)
    walk.staff(Page.OUTBOX)
    model = walk.model(Page.OUTBOX)
    (parked,) = [row for row in model.entries.rows if row.parked]
    assert "voided" in parked.reason
    before = stage.recorded
    model.retry(parked.entry_id)
    stage.settle()
    assert not model.problem
    assert model.parked == 0
    assert stage.recorded == before + 1


def test_a_finding_is_done_with_a_finger_and_the_badge_follows(stage: Stage, walk: Walk) -> None:
    walk.findings()
    rows = walk.model(Page.OUTBOX).findings.rows
    assert [row.whose for row in rows] == ["Nobody's", "K3-000001"]
    assert stage.probe.get("staff_badge", "text") == "Needs attention"
    for row in rows:
        stage.clock.forward(1)
        stage.probe.touch(f"done_{row.finding_id}")
        stage.settle()
        assert not stage.probe.item(f"done_{row.finding_id}")
    assert stage.probe.get("outbox_parked", "count") == 0
    assert stage.probe.get("staff_badge", "text") != "Needs attention"


def test_findings_are_done_from_a_keyboard_one_after_the_other(stage: Stage, walk: Walk) -> None:
    walk.findings()
    newest, oldest = (f"done_{row.finding_id}" for row in walk.model(Page.OUTBOX).findings.rows)
    for _ in range(40):
        if stage.probe.focus() == newest:
            break
        stage.probe.key(Qt.Key.Key_Tab)
    assert stage.probe.get(newest, "visualFocus") is True
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    # The next one has moved up to where the focus is.
    assert stage.probe.focus() == oldest
    stage.clock.forward(1)
    stage.probe.key(Qt.Key.Key_Space)
    stage.settle()
    assert walk.model(Page.OUTBOX).finding_count == 0


def test_done_is_large_and_says_for_whom(stage: Stage, walk: Walk) -> None:
    walk.findings()
    for row in walk.model(Page.OUTBOX).findings.rows:
        name = f"done_{row.finding_id}"
        said = stage.probe.get(name, "Accessible.name")
        assert said == f"Done: {row.whose}, {row.amount}"
        assert float(str(stage.probe.get(name, "height"))) >= DONE_PIXELS_LEAST
        assert float(str(stage.probe.get(name, "width"))) >= DONE_PIXELS_LEAST


def test_a_long_list_of_findings_stays_where_it_was_read(stage: Stage, walk: Walk) -> None:
    stage.resize(1024, 600)
    for _ in range(12):
        stage.find(FindingKind.REFERENCE_UNKNOWN)
    walk.staff(Page.OUTBOX)
    lowest = f"done_{walk.model(Page.OUTBOX).findings.rows[-2].finding_id}"

    def place() -> tuple[float, float]:
        """How far down the list is, and how far it could be."""
        named = stage.probe._named("outbox_list")
        passed = stage.probe.js(f"(l => l.contentY - l.originY)({named})")
        most = stage.probe.js(f"(l => l.contentHeight - l.height)({named})")
        return float(str(passed)), float(str(most))

    for _ in range(60):
        if stage.probe.focus() == lowest:
            break
        stage.probe.key(Qt.Key.Key_Tab)
    read, most = place()
    assert read > 0
    assert 0 < stage.probe.centre(lowest).y() < 600  # the keyboard brings it into sight
    stage.probe.key(Qt.Key.Key_Return)
    pump(lambda: place()[1] < most)
    pump(lambda: place()[0] == min(read, place()[1]))
    assert place()[0] > 0


def test_staff_complete_a_parked_cart_with_change(stage: Stage, walk: Walk) -> None:
    walk.parked_number()
    walk.staff(Page.PARKED_CARTS)
    stage.probe.click("pick_1")
    stage.settle()
    assert stage.probe.get("parked_take_cash", "enabled") is False
    for digit in "3000":
        stage.probe.click(f"digit_{digit}")
    assert stage.probe.get("change_due", "text") == "£7.00"
    stage.probe.click("parked_take_cash")
    stage.settle()
    assert stage.on(Page.PASS)
    assert walk.model(Page.PASS).change_due == "£7.00"
    walk.staff(Page.PARKED_CARTS)
    assert walk.model(Page.PARKED_CARTS).none


def test_a_parked_cart_that_nobody_paid_is_forgotten(stage: Stage, walk: Walk) -> None:
    walk.parked_number()
    walk.staff(Page.PARKED_CARTS)
    stage.probe.click("drop_1")
    stage.settle()
    assert walk.model(Page.PARKED_CARTS).none


@pytest.mark.parametrize(
    ("waiting", "parked", "said"),
    [(0, 0, "All sent"), (3, 0, "3 waiting"), (3, 1, "Needs attention")],
)
def test_the_badge_follows_the_sync_wing(
    stage: Stage, waiting: int, parked: int, said: str
) -> None:
    counts = QueueCounts(
        waiting=waiting, watching=0, unknown=0, delivered=1, parked=parked, open_findings=0
    )
    stage.shell.show_health(QueueHealth(counts=counts, rail=RailState.REACHABLE))
    stage.settle()
    assert stage.probe.get("staff_badge", "text") == said


def test_news_reaches_an_open_outbox_by_itself(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.OUTBOX)
    assert walk.model(Page.OUTBOX).entries.rows == ()
    stage.sell("sticker")
    counts = QueueCounts(waiting=1, watching=0, unknown=0, delivered=0, parked=0, open_findings=0)
    stage.shell.show_health(QueueHealth(counts=counts, rail=None))
    stage.settle()
    assert walk.model(Page.OUTBOX).entries.rows


def test_only_staff_end_the_program(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    walk.model(Page.TODAY).leave_program()
    assert stage.quits == 1
