"""People who touch too fast, type too much, turn the tablet, and pull the plug."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.errors import StoreFull
from kiosk.service.prepare import load_event
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from tests.ui.stage import EVENTS, REPOSITORY, Stage, pump
from tests.ui.walk import Walk

NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff " * 3 + "Ann",
    "محمد بن عبد الرحمن القحطاني",
    "👩🏽‍🎨 Zoë 🎈🎈🎈",
    "<b>Bold</b> & Söhne",
)


def sales(stage: Stage) -> int:
    return stage.run(stage.counter.today).sales


def triple(stage: Stage, name: str, inside: str = "") -> None:
    """Three touches where this is now, whatever is there by the second."""
    at = stage.probe.centre(name, inside)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    for _ in range(3):
        QTest.mouseClick(
            stage.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
    stage.settle()


def test_three_touches_on_every_button_of_a_visit_are_one_sale(stage: Stage) -> None:
    before = sales(stage)
    triple(stage, "start")
    assert stage.on(Page.OFFERS)
    triple(stage, "add_tote")
    triple(stage, "cart_continue")
    assert stage.on(Page.DETAILS)
    stage.probe.click("name", "input")
    stage.probe.type("Ann")
    stage.probe.click("email", "input")
    stage.probe.type("ann@example.org")
    stage.probe.click("tick_terms")
    triple(stage, "details_continue")
    assert stage.on(Page.PAY)
    triple(stage, "tender_pay-later")
    assert stage.on(Page.PASS)
    assert sales(stage) == before + 1
    triple(stage, "pass_done")
    assert stage.on(Page.ATTRACT) or stage.on(Page.OFFERS)
    assert stage.shell.till.visit.name == ""


def test_touches_while_a_page_slides_do_no_harm(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(options=Options(assets=REPOSITORY / "assets"))
    stage.open()
    for page in (Page.OFFERS, Page.ATTRACT, Page.PIN, Page.ATTRACT, Page.OFFERS):
        stage.shell.go(page)
        stage.window.resize(900, 700)
        QGuiApplication.processEvents()
        for x in range(50, 900, 200):
            from PySide6.QtCore import QPoint, Qt
            from PySide6.QtTest import QTest

            QTest.mouseClick(
                stage.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                QPoint(x, 400),
            )  # fmt: skip
    stage.settle()
    pump(lambda: not stage.probe.get("pages", "busy"))
    assert stage.probe.get("pages", "depth") == 1


def test_the_tablet_is_turned_on_every_page_of_a_visit(stage: Stage, walk: Walk) -> None:
    for arrive in (walk.offers, walk.details, walk.pay, walk.scan_to_pay):
        arrive()
        page = stage.shell.page
        for size in ((800, 1280), (640, 480), (1920, 1080), (1280, 800)):
            stage.resize(*size)
            assert stage.shell.page is page
    assert stage.shell.till.visit.name == "Amélie Nguyễn"


def test_the_language_is_switched_on_every_page_and_nothing_typed_is_lost(
    stage: Stage, walk: Walk
) -> None:
    for arrive in (walk.offers, walk.details, walk.pay, walk.pay_cash, walk.scan_to_pay):
        arrive()
        page, name = stage.shell.page, stage.shell.till.visit.name
        given = walk.model(Page.PAY)._given_minor
        for language in ("de", "en", "de"):
            stage.probe.click(f"language_{language}")
            stage.settle()
            assert stage.shell.till.language == language
        assert (stage.shell.page, stage.shell.till.visit.name) == (page, name)
        assert walk.model(Page.PAY)._given_minor == given


@pytest.mark.parametrize("name", NAMES)
def test_any_name_fits_on_a_pass_with_its_code(stage: Stage, name: str) -> None:
    stage.resize(1024, 600)
    stage.sell("tote", name=name)
    stage.shell.till.visit.completed = stage.run(stage.counter.newest_pass)
    stage.shell.go(Page.PASS)
    stage.settle()
    assert stage.probe.get("pass_name", "text") == name
    assert int(str(stage.probe.get("pass_name", "lineCount"))) <= 2
    side = float(str(stage.probe.get("code", "side")))
    assert side >= int(str(stage.probe.js("Theme.codeLeast")))
    bottom = stage.probe.centre("pass_done").y()
    assert bottom < 600


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600), (800, 1280)], ids=str)
def test_text_of_twice_the_size_still_sells(
    make_stage: Callable[..., Stage], size: tuple[int, int]
) -> None:
    stage = make_stage(
        options=Options(assets=REPOSITORY / "assets", reduced_motion=True, text_scale=2.0)
    )
    stage.open()
    stage.provision()
    stage.resize(*size)
    walk = Walk(stage)
    walk.offers(1)
    assert stage.probe.item("cart_continue") or stage.probe.item("cart_bar")
    walk.pay()
    assert stage.probe.item("tender_cash")
    walk.show_pass("cash")
    assert stage.probe.item("pass_done")
    assert stage.probe.centre("pass_done").y() < size[1]


def test_ninety_nine_pieces_in_yen_are_sold_without_a_decimal(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage(event="craft-show.toml")
    stage.open()
    walk = Walk(stage)
    walk.offers()
    offers = walk.model(Page.OFFERS)
    code = next(row.code for row in offers.cards.rows if row.kind == "item")
    for _ in range(120):
        offers.add(code)
    assert offers.pieces == 99
    stage.grab()
    assert "." not in offers.total
    offers.less(code)
    assert offers.pieces == 98


def event_of(offers: int) -> str:
    """The zine fair with so many items, each with a long German name."""
    text = (EVENTS / "zine-fair.toml").read_text("utf-8")
    items = "".join(
        f'\n[[item]]\ncode = "extra-{n}"\n'
        f'name = {{ en = "Extra {n}", de = "Donaudampfschifffahrtsgesellschaftskapitän {n}" }}\n'
        f'description = {{ en = "One of many.", de = "Eines von vielen." }}\n'
        f'price_minor = {200 + n}\ntax = "standard"\n'
        for n in range(offers)
    )
    return text + items


def test_an_event_of_forty_offers_scrolls_and_sells(stage: Stage, walk: Walk) -> None:
    stage.run(lambda: load_event(stage.desk, event_of(40), "many.toml"))
    for language in ("en", "de"):
        walk.speak(language)
        walk.offers()
        offers = walk.model(Page.OFFERS)
        assert len(offers.cards.rows) > 40
        offers.add("extra-39")
        stage.resize(1024, 600)
        stage.grab()
        assert offers.pieces == 1


def test_a_full_disk_while_paying_says_so_on_the_page_and_loses_nothing(
    stage: Stage, walk: Walk
) -> None:
    walk.pay()
    before, visit = sales(stage), stage.shell.till.visit
    kept = visit.sale_id, visit.lines, visit.email, visit.consents
    with stage.failing(complete_sale=StoreFull()):
        stage.probe.click("tender_pay-later")
        stage.settle()
    assert walk.model(Page.PAY).problem == problem_text(StoreFull())
    assert (visit.sale_id, visit.lines, visit.email, visit.consents) == kept
    stage.probe.click("tender_pay-later")
    stage.settle()
    assert stage.on(Page.PASS)
    assert sales(stage) == before + 1


def test_a_window_that_goes_while_a_sale_is_recorded_loses_no_sale(
    qapp: QGuiApplication, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    stage.open()
    walk = Walk(stage)
    walk.pay()
    before = sales(stage)
    sale_id = stage.shell.till.visit.sale_id
    assert sale_id is not None
    with stage.slow():
        walk.model(Page.PAY).take("pay-later")
        stage.shell.stop()
    assert sales(stage) == before + 1
    assert stage.run(lambda: stage.counter.find_sale(sale_id)).sale.sale_id == sale_id
    stage.close()
