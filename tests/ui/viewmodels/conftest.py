"""A kiosk without a window for each file of tests; every test begins on its first page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.ui.pages import Page
from kiosk.ui.services import ASSISTED
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture(scope="module")
def kiosk(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The real file and use cases below the view-models, shared by the tests of one file."""
    made = Stage(tmp_path_factory.mktemp("kiosk"))
    made.begin()
    made.provision()
    yield made
    made.close()


@pytest.fixture
def walk(kiosk: Stage) -> Iterator[Walk]:
    """English, assisted, nobody signed in, on the first page."""
    made = Walk(kiosk)
    kiosk.shell.till.staff = kiosk.shell.till.seller = None
    made.mode(ASSISTED)
    made.home()
    # A test may have told the frame of a page that the router never turned to.
    kiosk.shell._app.page_turned(kiosk.shell.page)
    if kiosk.shell.till.kept_language != "en":
        made.speak("en")
    yield made
    kiosk.shell.till.bound = kiosk.counter
    made.home()


@pytest.fixture
def fresh(make_stage: Callable[..., Stage]) -> Stage:
    """A kiosk of its own: what one test sells and erases is not the next one's."""
    made = make_stage()
    made.begin()
    made.provision()
    return made


@pytest.fixture
def members(fresh: Stage) -> Any:
    walk = Walk(fresh)
    walk.staff(Page.MEMBERS)
    return walk.model(Page.MEMBERS)
