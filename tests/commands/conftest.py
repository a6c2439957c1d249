"""The command line as people and scripts use it: folders of kiosks, and two ways to run a command.

`Cli.run` calls the front door in this process, which is quick; `Cli.spawn` starts a real one.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk import logs, vault
from kiosk.__main__ import main
from kiosk.vault import KeyCost
from sync.__main__ import main as sync_main

REPOSITORY = Path(__file__).resolve().parents[2]
EVENTS = REPOSITORY / "assets" / "events"
SECRET = "correct horse battery"
CHEAP = KeyCost(memory_kib=64, iterations=1, lanes=1)
SPAWN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said to programs and to people."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object it printed."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self
        return json.loads(lines[0])

    @property
    def lines(self) -> list[Any]:
        """The objects it printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Cli:
    """One kiosk's folder and passphrase file, and the commands to use on it."""

    folder: Path
    passphrase_file: Path
    capsys: pytest.CaptureFixture[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: object, wing: Callable[[list[str]], int] = main) -> Ran:
        """Run a command in this process."""
        self.capsys.readouterr()
        code = wing([str(word) for word in words])
        told = self.capsys.readouterr()
        return Ran(code, told.out, told.err)

    def on(self, *words: object) -> Ran:
        """The same, on this kiosk's folder."""
        return self.run(*words, *self.place())

    def sync(self, *words: object) -> Ran:
        """A command of the sync wing, on this kiosk's folder."""
        return self.run(*words, *self.place(), wing=sync_main)

    def sell(self, *words: object, **changes: object) -> Ran:
        """A cash sale, unless something is said to the contrary."""
        usual: dict[str, object] = {
            "offer": "spice-jar",
            "name": "Maria Gomez",
            "email": "maria@example.org",
            "tender": "cash",
            "consent": "terms",
        }
        options = [
            f"--{name.replace('_', '-')}={value}"
            for name, value in {**usual, **changes}.items()
            if value is not None
        ]
        return self.on("sell", *options, "--json", *words)

    def spawn(self, *words: object, wing: str = "kiosk", **options: Any) -> Ran:
        """Run a command in a process of its own, from another folder than the checkout's."""
        done = subprocess.run(
            self.command(*words, wing=wing),
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env=self.env(),
            timeout=SPAWN_SECONDS,
            cwd=self.passphrase_file.parent,
            check=False,
            **options,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def command(self, *words: object, wing: str = "kiosk") -> list[str]:
        return [sys.executable, "-m", wing, *[str(word) for word in words]]

    def env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(REPOSITORY), **self.environment}

    def place(self) -> list[str]:
        return [f"--data={self.folder}", f"--passphrase-file={self.passphrase_file}"]

    def configure(self, text: str) -> None:
        """Write the settings of the rail."""
        (self.folder / "kiosk.toml").write_text(f"[stripe]\n{text}\n", encoding="utf-8")

    def exported(self) -> list[Any]:
        """Every sale there is."""
        return self.on("journal", "export", "--json").lines

    def copy(self, name: str) -> Cli:
        """Another kiosk with the same past."""
        folder = self.folder.with_name(name)
        shutil.copytree(self.folder, folder)
        return Cli(folder, self.passphrase_file, self.capsys)


@pytest.fixture(autouse=True)
def _no_log_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command takes over the log of its process; here that would be the tests' own."""
    monkeypatch.setattr(logs, "start", lambda _folder: None)


@pytest.fixture(scope="session")
def made_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`empty` is a new kiosk, `club` has the recipe club loaded; made once, copied by each test."""
    home = tmp_path_factory.mktemp("kiosks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "start", lambda _folder: None)
        # The passphrase's cost is written into the key file, so opening is cheap as well.
        patch.setattr(vault, "make", functools.partial(vault.make, cost=CHEAP))
        secret = home / "passphrase"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        place = [f"--data={home / 'empty'}", f"--passphrase-file={secret}"]
        assert main(["init", *place, f"--recovery-out={home / 'recovery'}", "--device=3"]) == 0
        shutil.copytree(home / "empty", home / "club")
        place[0] = f"--data={home / 'club'}"
        assert main(["load", str(EVENTS / "recipe-club.toml"), *place]) == 0
    yield home
    shutil.rmtree(home)


@pytest.fixture
def empty(made_folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A new kiosk with no event."""
    return _copied(made_folders, tmp_path, capsys, "empty")


@pytest.fixture
def club(made_folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The recipe club, loaded and provisioned in practice."""
    return _copied(made_folders, tmp_path, capsys, "club")


def _copied(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> Cli:
    shutil.copytree(home / name, tmp_path / "kiosk")
    shutil.copy2(home / "passphrase", tmp_path / "passphrase")
    return Cli(tmp_path / "kiosk", tmp_path / "passphrase", capsys)
