"""The router turns pages in order, tells both sides, and stays where it is when told twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.ui.pages import Page
from kiosk.ui.router import Router, Screen
from kiosk.ui.viewmodel import ViewModel
from tests.ui.stage import Stage


class Told(ViewModel):
    """Writes down when it is entered and left."""

    def __init__(self, stage: Stage, name: str, heard: list[str]) -> None:
        super().__init__(stage.shell.till)
        self.name, self.heard = name, heard
        self.goes_on_to: tuple[Router, Page] | None = None

    def enter(self) -> None:
        self.heard.append(f"enter {self.name}")
        if self.goes_on_to is not None:
            router, page = self.goes_on_to
            router.go(page)

    def leave(self) -> None:
        self.heard.append(f"leave {self.name}")


@pytest.fixture(scope="module")
def stage(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One kiosk without a window for all: the router needs no more of it than a till."""
    made = Stage(tmp_path_factory.mktemp("router"))
    made.begin()
    yield made
    made.close()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def models(stage: Stage, heard: list[str]) -> dict[Page, Told]:
    return {page: Told(stage, page.value, heard) for page in Page}


@pytest.fixture
def router(qapp: QGuiApplication, models: dict[Page, Told]) -> Router:
    made = Router()
    made.add({page: Screen(file=f"{page}.qml", model=models[page]) for page in Page})
    return made


def test_before_the_first_page_there_is_nothing(router: Router) -> None:
    assert router.current is None
    assert (router.page, router.file, router.model) == ("", "", None)


def test_the_page_before_is_left_before_the_next_is_entered(
    router: Router, heard: list[str]
) -> None:
    router.go(Page.OFFERS)
    router.go(Page.DETAILS)
    assert heard == ["enter offers", "leave offers", "enter details"]
    assert (router.page, router.file) == ("details", "details.qml")


def test_the_page_on_show_is_not_entered_again(router: Router, heard: list[str]) -> None:
    turned: list[str] = []
    router.turned.connect(lambda: turned.append(router.page))
    for _ in range(3):
        router.go(Page.OFFERS)
    assert heard == ["enter offers"]
    assert turned == ["offers"]


@pytest.mark.parametrize(
    ("before", "after", "forward"),
    [
        (Page.ATTRACT, Page.OFFERS, True),
        (Page.DETAILS, Page.OFFERS, False),
        (Page.PASS, Page.ATTRACT, False),
        (Page.ATTRACT, Page.PIN, True),
        (Page.OUTBOX, Page.TODAY, False),
    ],
)
def test_pages_further_on_come_from_the_right(
    router: Router, before: Page, after: Page, forward: bool
) -> None:
    router.go(before)
    router.go(after)
    assert router.forward is forward


def test_entering_may_go_straight_on_and_turns_once(
    router: Router, models: dict[Page, Told], heard: list[str]
) -> None:
    turned: list[str] = []
    router.turned.connect(lambda: turned.append(router.page))
    models[Page.DETAILS].goes_on_to = (router, Page.PAY)
    router.go(Page.DETAILS)
    assert router.current is Page.PAY
    assert turned == ["pay"]
    assert heard == ["enter details", "leave details", "enter pay"]


def test_resting_leaves_the_page_and_shows_none(router: Router, heard: list[str]) -> None:
    router.go(Page.PASS)
    router.rest()
    router.rest()
    assert heard == ["enter pass", "leave pass"]
    assert router.current is None


def test_the_page_to_be_built_beforehand_is_told_once_it_is_added(
    qapp: QGuiApplication, models: dict[Page, Told]
) -> None:
    router, told = Router(), []
    router.made_ready.connect(lambda: told.append((router.ready_file, router.ready_model)))
    assert (router.ready_file, router.ready_model) == ("", None)
    router.add({Page.PAY: Screen(file="Pay.qml", model=models[Page.PAY])})
    assert told == []
    router.add({Page.PASS: Screen(file="Pass.qml", model=models[Page.PASS], ready=True)})
    assert told == [("Pass.qml", models[Page.PASS])]


def test_a_page_nobody_added_is_a_fault_of_ours(qapp: QGuiApplication) -> None:
    with pytest.raises(KeyError):
        Router().go(Page.PAY)


def test_every_page_belongs_to_one_group_at_most() -> None:
    assert not [page for page in Page if page.of_a_visit and page.of_staff]
    assert {page for page in Page if page.of_staff} == {
        Page.TODAY, Page.OUTBOX, Page.PARKED_CARTS, Page.MEMBERS, Page.DOCTOR,
    }  # fmt: skip


def test_a_page_with_something_personal_is_watched_or_leaves_by_itself(stage: Stage) -> None:
    # The pass counts down on its own, so that a photograph is never cut short.
    personal = {Page.DETAILS, Page.PAY, Page.SCAN_TO_PAY, Page.PARKED_NUMBER, Page.OFFERS}
    assert {page for page in Page if page.of_a_visit} == personal
    assert not Page.PASS.of_a_visit


def test_every_page_has_a_screen_and_its_file_is_there(stage: Stage) -> None:
    from kiosk.ui.shell import QML

    assert set(stage.shell._screens) == set(Page)
    for screen in stage.shell._screens.values():
        assert (QML / "screens" / screen.file).is_file()
