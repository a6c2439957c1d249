"""Every control on every page: large enough to touch, named, and with its words in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from kiosk.ui.pages import Page
from tests.ui.screenshots import scenes
from tests.ui.stage import Stage
from tests.ui.walk import Walk

PAGES: Final = (
    "02-unlock", "03-fault", "04-fault-restored", "04-restore", "04-restore-done", "05-empty",
    "10-attract", "12-offers-cart", "13-offer-sheet", "16-details-missing",
    "18-terms", "19-keyboard", "20-pay", "21-pay-cash", "22-parked-number", "23-scan-to-pay",
    "24-pass-cash", "26-pass-pay-later", "30-pin", "31-today", "32-outbox-findings",
    "34-parked-cash", "36-event-over", "38-members", "39-member", "39-member-erase-unsent",
    "39-member-erased",
)  # fmt: skip
SIZES: Final = ((1280, 800), (1024, 600), (800, 1280))
TARGET: Final = 56
TAB: Final = int(Qt.FocusPolicy.TabFocus.value)
_SEEN: Final = """(function() {
  const waiting = [contentItem], buttons = [], cut = [];
  while (waiting.length) {
    const item = waiting.pop();
    if (!item.visible) continue;
    if (item.checkable !== undefined && !item.Accessible.ignored
        && item.clicked !== undefined && item.width > 0)
      buttons.push({name: item.objectName, said: item.Accessible.name,
        width: item.width, height: item.height, focus: item.focusPolicy});
    if (item.truncated === true && item.width > 0)
      cut.push({name: item.objectName, text: item.text});
    for (let k = 0; k < item.children.length; k++) waiting.push(item.children[k]);
  }
  return JSON.stringify({buttons: buttons, cut: cut});
})()"""


@pytest.fixture(scope="module")
def shared(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("controls"))
    made.open()
    made.provision()
    yield made
    made.close()


def seen(stage: Stage) -> Any:
    return json.loads(str(stage.probe.js(_SEEN)))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_button_is_large_named_reachable_and_no_word_is_cut(
    shared: Stage, size: tuple[int, int], language: str
) -> None:
    walk = Walk(shared)
    walk.speak(language)
    shared.resize(*size)
    arrive = scenes(walk)
    offers = {card.name for card in shared.run(lambda: shared.counter.shop_window(language)).cards}
    small, nameless, skipped, cut = [], [], [], []
    for page in PAGES:
        arrive[page]()
        shared.settle()
        found = seen(shared)
        assert found["buttons"], page
        for button in found["buttons"]:
            where = (page, button["name"], button["said"])
            if min(button["width"], button["height"]) < TARGET:
                small.append((*where, button["width"], button["height"]))
            if not button["said"]:
                nameless.append(where)
            # Whoever tabs has a keyboard, and does not need the one on the screen.
            if not button["name"].startswith("key_") and not button["focus"] & TAB:
                skipped.append(where)
        # A card, and the lines of a cart, cut what the sheet says in full; an event may be long.
        on_cards = page.startswith(("12", "13", "34"))
        cut += [
            (page, one["text"]) for one in found["cut"]
            if one["text"] and not on_cards and one["text"] not in offers
        ]  # fmt: skip
    assert small == []
    assert nameless == []
    assert skipped == []
    assert cut == []


@pytest.mark.parametrize("page", [Page.OFFERS, Page.DETAILS, Page.PAY, Page.PIN], ids=str)
def test_tab_goes_round_through_every_button_and_shows_where_it_is(
    shared: Stage, page: Page
) -> None:
    walk = Walk(shared)
    shared.resize(1280, 800)
    {Page.OFFERS: lambda: walk.offers(2), Page.DETAILS: walk.details, Page.PAY: walk.pay,
     Page.PIN: lambda: walk.go(Page.PIN)}[page]()  # fmt: skip
    wanted = {
        button["name"] for button in seen(shared)["buttons"]
        if button["name"] and shared.probe.get(button["name"], "enabled")
    }  # fmt: skip
    met: list[str] = []
    for _ in range(80):
        shared.probe.key(Qt.Key.Key_Tab)
        name = shared.probe.focus()
        if name in wanted:
            # Of the very one: two lines of a cart have buttons of the same name.
            assert shared.probe.js("activeFocusItem.visualFocus") is True
        met.append(name)
        if wanted <= set(met):
            break
    assert wanted <= set(met)


def test_findings_stand_in_sight_when_the_outbox_opens(shared: Stage) -> None:
    walk = Walk(shared)
    shared.resize(1024, 600)
    for _ in range(4):
        walk.show_pass("pay-later")
    walk.findings()
    top = shared.probe.js(
        "(l => l.contentY - l.originY)(" + shared.probe._named("outbox_list") + ")"
    )
    assert top == 0


def test_the_banner_makes_room_and_goes_again(shared: Stage) -> None:
    walk = Walk(shared)
    walk.home()
    assert not shared.probe.item("banner")
    before = float(str(shared.probe.get("pages", "height")))
    walk.event_over()
    shared.settle()
    assert shared.probe.item("banner")
    assert shared.probe.get("banner_text", "truncated") is False
    assert float(str(shared.probe.get("pages", "height"))) < before
    walk.home()
    assert float(str(shared.probe.get("pages", "height"))) == before
