"""Every screen loads without a word from Qt, in every look, language and size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage

from kiosk.ui.pages import Page
from tests.ui.screenshots import SIZES, USUAL, scenes
from tests.ui.stage import Stage
from tests.ui.walk import Walk

SCENES = (
    "01-boot", "02-unlock", "03-fault", "05-empty", "06-set-pin", "10-attract", "12-offers-cart",
    "13-offer-sheet", "16-details-missing", "18-terms", "19-keyboard", "20-pay", "21-pay-cash",
    "22-parked-number", "23-scan-to-pay", "24-pass-cash", "26-pass-pay-later", "27-idle", "30-pin",
    "31-today", "32-outbox", "32-outbox-findings", "36-event-over",
    "34-parked-cash", "35-needs-attention", "04-fault-restored", "04-restore", "04-restore-done",
    "37-doctor", "38-members", "38-members-none", "39-member", "39-member-erase-unsent",
    "39-member-erased", "39-member-erased-later",
)  # fmt: skip


def dark_share(image: QImage) -> float:
    """How much of a coarse grid of pixels is dark, 0 to 1."""
    points = [(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)]
    return sum(image.pixelColor(x, y).lightness() < 128 for x, y in points) / len(points)


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [("light", "en", USUAL), ("dark", "de", SIZES[0]), ("light", "de", SIZES[1]),
     ("dark", "en", SIZES[2])],
    ids=str,
)  # fmt: skip
def test_every_screen_loads_without_a_warning_in_every_look(
    make_stage: Callable[..., Stage], theme: str, language: str, size: tuple[int, int]
) -> None:
    stage = make_stage(event="recipe-club.toml")
    stage.open()
    stage.provision()
    walk = Walk(stage)
    walk.speak(language)
    walk.paint(theme)
    stage.resize(*size)
    known = scenes(walk)
    for name in SCENES:
        known[name]()
        image = stage.grab()
        assert (image.width(), image.height()) == size, name
    walk.staff(Page.OUTBOX)
    assert (dark_share(stage.grab()) > 0.5) == (theme == "dark")


def test_no_scene_is_forgotten_in_the_pictures(walk: Walk) -> None:
    known = scenes(walk)
    assert set(SCENES) <= set(known)
    assert len(known) >= len(Page)


def test_pages_slide_and_settle_when_motion_is_wanted(make_stage: Callable[..., Stage]) -> None:
    from kiosk.ui.options import Options
    from tests.ui.stage import REPOSITORY, pump

    stage = make_stage(options=Options(assets=REPOSITORY / "assets"))
    stage.open()
    for page in (Page.OFFERS, Page.ATTRACT, Page.PIN):
        stage.shell.go(page)
        pump(lambda: not stage.probe.get("pages", "busy"))
    assert stage.probe.get("pages", "depth") == 1
    assert stage.probe.item("digit_5")


def test_nothing_of_the_page_before_is_left_on_the_next_one(walk: Walk, stage: Stage) -> None:
    stage.resize(1024, 600)
    walk.pay_cash()
    stage.grab()
    walk.go(Page.PIN)
    once = stage.grab()
    stage.resize(1025, 601)
    stage.grab()
    stage.resize(1024, 600)
    assert stage.grab() == once


def test_no_page_of_the_back_opens_without_a_sign_in(stage: Stage) -> None:
    stage.shell._app.open_page("today")
    stage.settle()
    assert stage.on(Page.ATTRACT)
