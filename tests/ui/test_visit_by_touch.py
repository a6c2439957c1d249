"""A visit from the first touch to the pass: by mouse, by touch, and by keyboard alone."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from kiosk.domain.outbox import EntryState
from kiosk.domain.verdict import Verdict
from kiosk.passes.verify import VerifyContext, verify
from kiosk.ui.pages import Page
from tests.ui.stage import Stage
from tests.ui.walk import Walk


def read_codes(image: QImage) -> list[str]:
    """What an independent decoder sees in a picture of the window."""
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    flat = bytes(gray.constBits())
    rows = b"".join(
        flat[y * gray.bytesPerLine() : y * gray.bytesPerLine() + gray.width()]
        for y in range(gray.height())
    )
    view = memoryview(rows).cast("B", (gray.height(), gray.width()))
    return [found.text for found in zxingcpp.read_barcodes(view)]


@pytest.mark.parametrize("way", ["click", "touch"])
def test_a_visitor_taps_from_the_first_page_to_the_pass(stage: Stage, way: str) -> None:
    tap = getattr(stage.probe, way)
    tap("start")
    stage.settle()
    tap("add_riso-40")
    tap("add_zine-small")
    stage.settle()
    tap("cart_continue")
    stage.settle()
    assert stage.on(Page.DETAILS)
    tap("name", "input")
    stage.probe.type("Maria")
    tap("email", "input")
    stage.probe.type("maria@example.org")
    stage.settle()  # the keys on the screen have moved the page
    tap("tick_terms")
    stage.settle()
    tap("details_continue")
    stage.settle()
    assert stage.on(Page.PAY)
    tap("tender_pay-later")
    stage.settle()
    assert stage.on(Page.PASS)
    assert stage.recorded == 1
    assert stage.probe.get("pass_name", "text") == "Maria"
    assert str(stage.probe.get("pass_state", "text")).startswith("Provisional until")
    tap("pass_done")
    stage.settle()
    assert stage.on(Page.ATTRACT)
    assert stage.shell.till.visit.name == ""


def tab_to(stage: Stage, name: str) -> None:
    for _ in range(60):
        if stage.probe.focus() == name:
            return
        stage.probe.key(Qt.Key.Key_Tab)
    raise AssertionError(f"{name} is not reached by Tab")


def test_the_whole_visit_goes_by_keyboard_alone(stage: Stage) -> None:
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.on(Page.OFFERS)
    tab_to(stage, "add_zine-small")
    stage.probe.key(Qt.Key.Key_Return)
    tab_to(stage, "cart_continue")
    assert stage.probe.get("cart_continue", "visualFocus") is True
    stage.probe.key(Qt.Key.Key_Space)
    stage.settle()
    tab_to(stage, "name_input")
    stage.probe.type("Ann")
    stage.probe.key(Qt.Key.Key_Return)
    assert stage.probe.focus() == "email_input"
    stage.probe.type("ann@example.org")
    tab_to(stage, "tick_terms")
    stage.probe.key(Qt.Key.Key_Space)
    tab_to(stage, "details_continue")
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    tab_to(stage, "tender_cash")
    stage.probe.key(Qt.Key.Key_Return)
    tab_to(stage, "note_exact")
    stage.probe.key(Qt.Key.Key_Return)
    tab_to(stage, "take_cash")
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.on(Page.PASS)
    assert stage.probe.get("pass_state", "text") == "Confirmed"


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600), (800, 1280)], ids=str)
def test_the_pass_is_read_back_from_a_picture_of_the_window(
    stage: Stage, walk: Walk, size: tuple[int, int]
) -> None:
    walk.paint("dark")
    stage.resize(*size)
    walk.show_pass("cash")
    completed = stage.shell.till.visit.completed
    assert completed is not None
    seen = read_codes(stage.grab())
    assert seen == [completed.pass_urls[0]]
    assert completed.passes[0].text in seen[0]


def test_the_code_is_nine_centimetres_wide_and_its_modules_are_whole_pixels(
    stage: Stage, walk: Walk
) -> None:
    walk.show_pass("cash")
    side = float(str(stage.probe.get("code", "side")))
    across = int(str(stage.probe.get("code", "across")))
    assert side >= int(str(stage.probe.js("Theme.codeLeast")))
    assert (side * stage.window.devicePixelRatio()) % across == 0


def test_a_second_tap_on_the_way_to_pay_is_the_same_sale(stage: Stage, walk: Walk) -> None:
    walk.pay()
    pay = walk.model(Page.PAY)
    pay.take("pay-later")
    pay.take("pay-later")
    stage.settle()
    page = stage.run(lambda: stage.counter.outbox_page(None, 0))
    assert len({entry.sale_id for entry in page.entries}) == 1


def test_going_back_and_forth_keeps_the_sale_id_until_something_changes(
    stage: Stage, walk: Walk
) -> None:
    walk.pay()
    first = stage.shell.till.visit.sale_id
    walk.model(Page.PAY).back()
    walk.model(Page.DETAILS).go_on()
    stage.settle()
    assert stage.shell.till.visit.sale_id == first
    walk.model(Page.PAY).back()
    walk.model(Page.DETAILS).write_name("Somebody Else")
    walk.model(Page.DETAILS).go_on()
    stage.settle()
    assert stage.shell.till.visit.sale_id not in {first, None}


def test_a_visitor_alone_gets_a_number_for_cash_and_no_pass(stage: Stage, walk: Walk) -> None:
    walk.pay(assisted=False)
    stage.probe.click("tender_cash")
    stage.settle()
    assert stage.on(Page.PARKED_NUMBER)
    assert stage.probe.get("parked_number", "text") == "1"
    assert stage.recorded == 0
    counts = stage.run(lambda: stage.counter.outbox_page(None, 0)).counts
    assert (counts.waiting, counts.watching) == (0, 0)


def test_scan_to_pay_shows_each_code_and_then_the_pass(stage: Stage, walk: Walk) -> None:
    walk.scan_to_pay()
    model = walk.model(Page.SCAN_TO_PAY)
    assert model.count == 2
    codes = stage.shell.till.visit.completed.pay_codes
    for place in (0, 1):
        assert read_codes(stage.grab()) == [codes[place].url]
        stage.probe.click("scan_continue")
        stage.settle()
    assert stage.on(Page.PASS)


def test_every_entry_of_a_visit_waits_in_the_outbox(stage: Stage, walk: Walk) -> None:
    walk.show_pass("pay-later")
    page = stage.run(lambda: stage.counter.outbox_page(EntryState.WAITING, 0))
    assert page.entries


def test_what_the_window_shows_is_a_pass_the_gate_accepts(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    context = VerifyContext(roots=stage.roots, now=stage.clock.at_ms // 1000, training=True)
    assert verify(read_codes(stage.grab())[0], context).verdict is Verdict.ACCEPTED
