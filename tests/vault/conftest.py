"""A new vault in its folder, with a keychain in memory, for the tests that change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.vault import RecoveryKey, Vault, make
from kiosk.vault.places import Places
from tests.vault.parts import CHEAP, SECRET, BackEndInMemory, places_with


@pytest.fixture
def back_end() -> BackEndInMemory:
    return BackEndInMemory()


@pytest.fixture
def here(tmp_path: Path, back_end: BackEndInMemory) -> Places:
    return places_with(tmp_path / "state", back_end)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kiosk").mkdir()
    return tmp_path / "kiosk"


@pytest.fixture
def made(folder: Path) -> tuple[Vault, RecoveryKey]:
    return make(folder, SECRET, device=3, cost=CHEAP)


@pytest.fixture
def vault(made: tuple[Vault, RecoveryKey]) -> Vault:
    return made[0]
