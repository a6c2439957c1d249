"""Stages for the tests of the screens; each is closed again, in order, whatever happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def make_stage(qapp: QGuiApplication, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(**options: object) -> Stage:
        folder = tmp_path / f"stage{len(made)}"
        folder.mkdir()
        made.append(Stage(folder, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for stage in made:
        stage.close()


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    """A kiosk on its first page, with payment links and a PIN."""
    made = make_stage()
    made.open()
    made.provision()
    return made


@pytest.fixture
def walk(stage: Stage) -> Walk:
    return Walk(stage)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """No widgets: the program has none either."""
    return QGuiApplication
