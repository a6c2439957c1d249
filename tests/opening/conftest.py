"""A kiosk folder as `init` makes it, with keys that are cheap to open, and what is packed of it."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk import opening, vault
from kiosk.opening.exporting import place_of
from kiosk.opening.place import Place
from kiosk.vault import KeyCost, RecoveryKey
from kiosk.vault.keychain import Keychain
from tests.opening.kiosks import make_folder
from tests.vault.parts import BackEndInMemory

SECRET = "correct horse battery"
CHEAP = KeyCost(memory_kib=8, iterations=1, lanes=1)


@pytest.fixture(autouse=True)
def back_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BackEndInMemory:
    """The keychain of the machine and the state of its user, for this test alone."""
    kept = BackEndInMemory()
    monkeypatch.setattr("kiosk.vault.places.system_keychain", lambda: Keychain(kept))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    return kept


@pytest.fixture(scope="session")
def made_kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, RecoveryKey]]:
    """A kiosk that has sold and practised, and its recovery key; copied by whoever opens it."""
    home = tmp_path_factory.mktemp("sold")
    yield home / "kiosk", make_folder(home / "kiosk")
    shutil.rmtree(home)


@pytest.fixture
def recovery(made_kiosk: tuple[Path, RecoveryKey]) -> RecoveryKey:
    """That kiosk's."""
    return made_kiosk[1]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "kiosk"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "make", functools.partial(vault.make, cost=CHEAP))
        opening.create(folder, SECRET, 3, lambda _recovery: None)
    return folder


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """A kiosk without an event."""
    return Path(shutil.copytree(made_once, tmp_path / "kiosk"))


@pytest.fixture
def place(folder: Path) -> Place:
    """The same, unlocked."""
    return place_of(folder, SECRET)


@pytest.fixture
def place_with(folder: Path) -> Callable[[str], Place]:
    """The same under other settings of backups."""

    def configured(text: str) -> Place:
        (folder / "kiosk.toml").write_text(f"[backup]\n{text}\n")
        return place_of(folder, SECRET)

    return configured
