"""Worlds for the use cases, closed again after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.world import World


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**options: object) -> World:
        folder = tmp_path / f"world{len(made)}"
        folder.mkdir()
        made.append(World(folder=folder, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for world in made:
        world.file.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The recipe club, loaded and provisioned, in practice."""
    made = make_world()
    made.load("recipe-club.toml")
    made.provision()
    return made
