"""The window itself: idle, closing, the keyboard on screen, languages, and faults."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication

from kiosk.domain.clock import MINUTE_MS
from kiosk.errors import ConfigInvalid, EventFileInvalid, PassphraseWrong, StoreFull, leaves
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.text_errors import ERRORS
from tests.ui.probe import Probe
from tests.ui.stage import REPOSITORY, Stage, pump
from tests.ui.walk import Walk


def idle(stage: Stage, seconds: float) -> None:
    stage.clock.forward(seconds)
    stage.shell._idle.tick()
    stage.settle()


def test_nobody_there_is_warned_and_then_forgotten(stage: Stage, walk: Walk) -> None:
    walk.details()
    idle(stage, stage.options.idle_seconds - stage.options.warning_seconds + 1)
    assert stage.probe.item("idle_stay")
    assert stage.shell._app.seconds_left == "20"
    idle(stage, stage.options.warning_seconds)
    assert stage.on(Page.ATTRACT)
    visit = stage.shell.till.visit
    assert (visit.name, visit.email, visit.lines, visit.completed) == ("", "", (), None)


def test_a_touch_answers_the_warning(stage: Stage, walk: Walk) -> None:
    walk.details()
    idle(stage, stage.options.idle_seconds - 5)
    stage.probe.click("idle_stay")
    assert not stage.shell._app.warning
    idle(stage, 10)
    assert stage.on(Page.DETAILS)
    assert stage.shell.till.visit.name == "Amélie Nguyễn"


def test_the_first_page_never_times_out(stage: Stage) -> None:
    assert not stage.shell._idle._timer.isActive()


def test_an_idle_back_is_closed(stage: Stage, walk: Walk) -> None:
    walk.staff(Page.TODAY)
    idle(stage, stage.options.idle_seconds + 1)
    assert stage.on(Page.ATTRACT)
    assert stage.shell.till.staff is None


def test_nobody_is_thrown_out_while_an_answer_is_due(stage: Stage, walk: Walk) -> None:
    walk.pay()
    model = walk.model(Page.PAY)
    model._asked += 1
    idle(stage, 10 * stage.options.idle_seconds)
    assert stage.on(Page.PAY)
    model._asked -= 1


def test_the_pass_leaves_by_itself_after_its_countdown(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    model = walk.model(Page.PASS)
    assert model.seconds_left == stage.options.pass_seconds
    model.tick()
    assert model.seconds_left == stage.options.pass_seconds - 1
    model.stay()
    for _ in range(stage.options.pass_seconds):
        model.tick()
    stage.settle()
    assert stage.on(Page.ATTRACT)


def test_the_pass_is_on_show_at_once_while_pages_before_it_slide(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage(options=Options(assets=REPOSITORY / "assets"))
    stage.open()
    stage.provision()
    walk, places = Walk(stage), dict[str, object]()

    def note() -> None:
        places[stage.shell._router.page] = stage.probe.js("pages.currentItem.x / pages.width")

    stage.shell._router.turned.connect(note)
    for _ in range(3):  # the page is kept: the next pass comes as fast as the first
        walk.show_pass("cash")
        assert places["pay"] == 1
        assert places["pass"] == 0
        assert stage.probe.get("pass_name", "text") == "Amélie Nguyễn"
        pump(lambda: stage.probe.js("pages.busy") is False)
        stage.probe.click("pass_done")
        stage.settle()
        assert stage.on(Page.ATTRACT)
        assert not stage.probe.item("pass_name")


def test_the_pass_is_shown_even_before_its_page_was_built(stage: Stage, walk: Walk) -> None:
    stage.probe.js("ready.active = false")
    walk.show_pass("cash")
    assert stage.probe.get("pass_name", "text") == "Amélie Nguyễn"
    stage.probe.js("ready.active = true")
    stage.probe.click("pass_done")
    stage.settle()
    walk.show_pass("cash")
    assert stage.probe.get("pass_name", "text") == "Amélie Nguyễn"


def test_a_sale_of_several_passes_is_turned_page_by_page(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    model = walk.model(Page.PASS)
    assert model.count == 2
    first = model.source
    stage.probe.click("pass_next")
    assert model.place == 2
    assert model.source != first
    assert stage.probe.get("pass_next", "enabled") is False
    stage.probe.click("pass_before")
    assert model.source == first


@pytest.mark.parametrize("locked", [True, False])
def test_a_locked_window_does_not_close_until_staff_say_so(
    make_stage: Callable[..., Stage], locked: bool
) -> None:
    options = Options(assets=REPOSITORY / "assets", reduced_motion=True, locked=locked)
    stage = make_stage(options=options)
    stage.open()
    event = QCloseEvent()
    QCoreApplication.sendEvent(stage.window, event)
    assert event.isAccepted() is not locked
    if locked:
        assert stage.window.windowStates() & Qt.WindowState.WindowFullScreen
        stage.shell._quit()
        later = QCloseEvent()
        QCoreApplication.sendEvent(stage.window, later)
        assert later.isAccepted()


def test_a_locked_window_comes_back_to_the_front(make_stage: Callable[..., Stage]) -> None:
    options = Options(assets=REPOSITORY / "assets", reduced_motion=True, locked=True)
    stage = make_stage(options=options)
    stage.open()
    stage.window.showNormal()
    QCoreApplication.sendEvent(stage.window, QEvent(QEvent.Type.WindowStateChange))
    stage.settle()
    assert stage.window.windowStates() & Qt.WindowState.WindowFullScreen


def test_the_keyboard_on_screen_writes_what_a_real_one_would(stage: Stage, walk: Walk) -> None:
    walk.details(filled=False)
    stage.probe.touch("name", "input")
    for key in ("key_shift", "key_m", "key_a", "key_x", "key_backspace", "key_space", "key_o"):
        stage.probe.touch(key)
    assert walk.model(Page.DETAILS).name == "Ma o"
    stage.probe.touch("key_next")
    stage.grab()
    for key in ("key_m", "key_@", "key_q", "key_.com"):
        stage.probe.touch(key)
    assert walk.model(Page.DETAILS).email == "m@q.com"
    stage.probe.touch("key_hide")
    assert not stage.probe.item("key_q")
    stage.probe.touch("email", "input")
    assert stage.probe.item("key_q")


def test_the_keyboard_on_screen_makes_room_for_a_real_one(stage: Stage, walk: Walk) -> None:
    walk.details(filled=False)
    stage.probe.touch("name", "input")
    assert stage.probe.item("key_q")
    stage.probe.type("A")
    assert not stage.probe.item("key_q")


def test_german_keys_are_where_a_german_expects_them(stage: Stage, walk: Walk) -> None:
    walk.speak("de")
    walk.details(filled=False)
    stage.probe.touch("name", "input")
    for key in ("key_z", "key_ü", "key_ß"):
        stage.probe.touch(key)
    assert walk.model(Page.DETAILS).name == "züß"


def test_the_language_changes_everything_live_and_back(stage: Stage, walk: Walk) -> None:
    walk.details()
    stage.probe.click("language_de")
    stage.settle()
    assert stage.probe.get("details_continue", "text") == "Weiter · 23,00\N{NO-BREAK SPACE}£"
    assert stage.shell.till.visit.name == "Amélie Nguyễn"
    stage.probe.click("language_en")
    stage.settle()
    assert stage.probe.get("details_continue", "text") == "Continue · £23.00"


def test_training_is_marked_on_every_page(stage: Stage, walk: Walk) -> None:
    for page in (Page.ATTRACT, Page.PIN, Page.EMPTY):
        walk.go(page)
        assert stage.probe.item("training")


def test_no_event_says_what_to_do_and_looks_again(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(event=None)
    stage.open()
    assert stage.on(Page.EMPTY)
    stage.probe.click("look_again")
    stage.settle()
    assert stage.on(Page.EMPTY)


def test_a_wrong_passphrase_is_asked_for_again_and_the_right_one_opens(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage()
    stage.window = stage.shell.start()
    stage.probe = Probe(stage.window)
    tried: list[str] = []

    def unlock(secret: str) -> object:
        tried.append(secret)
        if secret != "right":
            raise PassphraseWrong
        return stage.counter

    stage.shell.needs_passphrase(unlock)  # type: ignore[arg-type]
    stage.settle()
    stage.probe.type("wrong")
    stage.probe.key(Qt.Key.Key_Return)
    stage.settle()
    assert stage.on(Page.UNLOCK)
    assert "not right" in str(stage.probe.get("passphrase", "problem"))
    stage.probe.js("Typing.field.input.clear()")
    stage.probe.type("right")
    stage.probe.click("unlock")
    stage.settle()
    assert tried == ["wrong", "right"]
    assert stage.on(Page.ATTRACT)


def test_every_error_can_be_shown_as_a_fault(stage: Stage) -> None:
    said = set()
    for leaf in leaves():
        if not leaf.__module__.startswith("kiosk.errors."):
            continue
        stage.shell.fault(leaf(()) if leaf in {EventFileInvalid, ConfigInvalid} else leaf())
        said.add(stage.probe.get("fault_sentence", "text"))
        assert not stage.probe.item("fault_retry")
    assert len(said) == len(ERRORS)


def test_a_fault_offers_to_try_again_when_that_may_help(stage: Stage) -> None:
    tried: list[int] = []
    stage.shell.fault(StoreFull(free_mb=1, needed_mb=50), lambda: tried.append(1))
    stage.settle()
    stage.probe.click("fault_retry")
    assert tried == [1]
    stage.probe.click("fault_quit")
    assert stage.quits == 1


def test_a_drop_opens_on_screen_when_its_moment_comes(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(event="recipe-club.toml")
    stage.open()
    walk = Walk(stage)
    walk.offers()
    model = walk.model(Page.OFFERS)
    soon = next(row for row in model.cards.rows if row.note == "Opens soon")
    assert not soon.available
    assert soon.countdown == "Opens in 45:00"
    stage.clock.forward(45 * MINUTE_MS / 1000)
    model.tick()
    stage.settle()
    now = next(row for row in model.cards.rows if row.code == soon.code)
    assert now.available


def test_a_typo_in_the_address_is_hinted_at_and_never_blocks(stage: Stage, walk: Walk) -> None:
    walk.details()
    model = walk.model(Page.DETAILS)
    assert model.hint.endswith("@gmail.com")
    stage.probe.click("take_hint")
    assert model.email.endswith("@gmail.com")
    assert model.hint == ""


def test_nothing_is_ticked_beforehand_and_terms_are_compulsory(stage: Stage, walk: Walk) -> None:
    walk.details(filled=False)
    model = walk.model(Page.DETAILS)
    assert not any(row.ticked for row in model.consents.rows)
    model.write_name("Ann")
    model.write_email("ann@example.org")
    model.go_on()
    assert stage.on(Page.DETAILS)
    assert [row.kind for row in model.consents.rows if row.missing] == ["terms"]
    stage.probe.click("read_terms")
    assert len(str(stage.probe.get("terms_text", "text"))) > 40
    stage.probe.key(Qt.Key.Key_Escape)
    assert not stage.probe.item("terms_text")


def test_a_name_is_never_read_as_markup(stage: Stage, walk: Walk) -> None:
    walk.pay()
    walk.model(Page.PAY).back()
    walk.model(Page.DETAILS).write_name("<b>Bobby</b> & Söhne")
    walk.model(Page.DETAILS).go_on()
    stage.settle()
    walk.model(Page.PAY).take("pay-later")
    stage.settle()
    assert stage.probe.get("pass_name", "text") == "<b>Bobby</b> & Söhne"
    assert stage.probe.get("pass_name", "textFormat") == 0


def test_the_application_has_one_window(stage: Stage) -> None:
    assert [w for w in QGuiApplication.topLevelWindows() if w.isVisible()] == [stage.window]
