"""Text at twice its size, and names as long as an event may have: the way on stays in sight."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from tests.ui.screenshots import scenes
from tests.ui.stage import EVENTS, REPOSITORY, Stage
from tests.ui.test_controls import seen
from tests.ui.walk import Walk

SIZES: Final = ((1280, 800), (1024, 600), (800, 1280))
# Each page, and the button without which nobody goes on from it.
WAY_ON: Final = {
    "03-fault": "fault_retry", "04-fault-restored": "fault_retry",
    "04-restore": "restore_confirm", "04-restore-done": "restore_sell_on",
    "06-set-pin": "pin_ok", "10-attract": "start",
    "13-offer-sheet": "sheet_add", "17-details-filled": "details_continue",
    "20-pay": "tender_cash", "21-pay-cash": "take_cash", "22-parked-number": "parked_done",
    "23-scan-to-pay": "scan_continue", "24-pass-cash": "pass_done",
    "25-pass-provisional": "pass_stay", "27-idle": "idle_stay", "30-pin": "pin_ok",
    "38-members-none": "member_search_input", "39-member": "member_erase",
    "39-member-erase": "erase_now", "39-member-erase-unsent": "erase_keep",
}  # fmt: skip
FILLER: Final = "einer wirklich ausgesprochen langen Bezeichnung mit allem, was dazugehört"


@pytest.fixture(scope="module")
def doubled(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    options = Options(assets=REPOSITORY / "assets", text_scale=2.0, reduced_motion=True)
    made = Stage(tmp_path_factory.mktemp("large"), event="recipe-club.toml", options=options)
    made.open()
    made.provision()
    yield made
    made.close()


def box(stage: Stage, name: str) -> Any:
    """Where an item stands in the window: left, top, right and bottom."""
    found = stage.probe._named(name)
    assert stage.probe.item(name), name
    return json.loads(str(stage.probe.js(
        "(i => { const p = i.mapToItem(null, 0, 0);"
        " return JSON.stringify([p.x, p.y, p.x + i.width, p.y + i.height]); })(" + found + ")"
    )))  # fmt: skip


def in_sight(stage: Stage, name: str) -> bool:
    left, top, right, bottom = box(stage, name)
    across, down = stage.window.width(), stage.window.height()
    return bool(left >= 0 and top >= 0 and right <= across + 1 and bottom <= down + 1)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_at_twice_the_size_the_way_on_is_in_sight_and_no_word_is_cut(
    doubled: Stage, size: tuple[int, int]
) -> None:
    walk = Walk(doubled)
    walk.speak("de")
    doubled.resize(*size)
    arrive = scenes(walk)
    hidden, cut = [], []
    for page, name in WAY_ON.items():
        arrive[page]()
        doubled.grab()
        if not in_sight(doubled, name):
            hidden.append((page, name, box(doubled, name)))
        # Under the sheet and the warning lie cards, which cut what the sheet says in full.
        if page not in {"13-offer-sheet", "27-idle"}:
            cut += [(page, one["text"]) for one in seen(doubled)["cut"] if one["text"]]
    assert hidden == []
    assert cut == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_at_twice_the_size_the_page_of_the_day_stays_within_the_window(
    doubled: Stage, size: tuple[int, int]
) -> None:
    walk = Walk(doubled)
    walk.speak("de")
    doubled.resize(*size)
    walk.show_pass("pay-later")
    walk.staff(Page.TODAY)
    doubled.grab()
    for name in ("nav_close", "staff_badge", "theme_dark", "network_off", "newest_pass"):
        assert box(doubled, name)[2] <= size[0], name


def test_whoever_tabs_through_a_long_page_sees_where_they_are(doubled: Stage) -> None:
    walk = Walk(doubled)
    walk.speak("en")
    doubled.resize(1024, 600)
    walk.staff(Page.TODAY)
    doubled.grab()
    met = []
    for _ in range(40):
        doubled.probe.key(Qt.Key.Key_Tab)
        name = doubled.probe.focus()
        if name in {"mode_assisted", "keep_de", "newest_pass", "quit"}:
            met.append(name)
            doubled.grab()
            assert in_sight(doubled, name), (name, box(doubled, name))
            assert box(doubled, name)[1] >= box(doubled, "pages")[1], name
    assert {"mode_assisted", "quit"} <= set(met)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_field_in_use_stands_between_the_bar_and_the_keys(
    doubled: Stage, size: tuple[int, int]
) -> None:
    walk = Walk(doubled)
    walk.speak("de")
    doubled.resize(*size)
    walk.keyboard()
    doubled.grab()
    assert box(doubled, "email_input")[1] >= box(doubled, "pages")[1]
    assert box(doubled, "email_input")[3] <= box(doubled, "key_1")[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_hint_of_a_misspelt_address_stands_above_the_keys(
    make_stage: Callable[..., Stage], size: tuple[int, int]
) -> None:
    stage = make_stage()
    stage.open()
    stage.provision()
    stage.resize(*size)
    Walk(stage).keyboard()
    stage.grab()
    assert box(stage, "take_hint")[3] <= box(stage, "key_1")[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_long_names_and_large_amounts_push_nothing_out_of_sight(
    make_stage: Callable[..., Stage], tmp_path: Path, size: tuple[int, int]
) -> None:
    written = (EVENTS / "recipe-club.toml").read_text("utf-8")
    for name in ("The Sunday Table", "Weekly recipe club", "Markthalle Neun, Berlin"):
        written = written.replace(f'"{name}"', f'"{name}, {FILLER}"')
    strained = tmp_path / "strained.toml"
    strained.write_text(written.replace("price_minor = 490", "price_minor = 99999999"), "utf-8")
    stage = make_stage(event=str(strained))
    stage.open()
    stage.resize(*size)
    walk = Walk(stage)
    walk.home()
    stage.grab()
    assert in_sight(stage, "start")
    walk.offers(1)
    stage.grab()
    card, add, price = (box(stage, f"{what}_weekly") for what in ("card", "add", "price"))
    assert card[0] <= price[0] < price[2] <= add[0] < add[2] <= card[2]
    assert stage.probe.get("price_weekly", "truncated") is False
