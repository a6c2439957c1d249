"""The contracts of import-linter: each of them is shown to break on a small house of its own."""

import os
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest

from tests.tidy.sources import read

SECONDS = 100

# A house that keeps every contract: each library where it belongs, each floor on the next.
SOUND = {
    "kiosk/__main__.py": "import kiosk.app, kiosk.config, kiosk.logs, kiosk.vault\n",
    "kiosk/app.py": "import PySide6, kiosk.config, kiosk.ui, sync.thread\n",
    "kiosk/buffer/database.py": "import sqlcipher3, sqlite_utils, kiosk.domain.money\n",
    "kiosk/commands/__init__.py": "",
    "kiosk/config.py": "import kiosk.domain.money\n",
    "kiosk/domain/money.py": "import dataclasses, kiosk.errors\n",
    "kiosk/errors.py": "",
    "kiosk/logs.py": "import structlog\n",
    "kiosk/opening.py": "import kiosk.config, kiosk.service.desk, kiosk.vault\n",
    "kiosk/passphrase.py": "import kiosk.errors\n",
    "kiosk/blackbox/read.py": "import kiosk.errors\n",
    "kiosk/passes/issue.py": "import cryptography, kiosk.domain.money\n",
    "kiosk/service/desk.py": "import kiosk.buffer.database, kiosk.passes.issue\n",
    "kiosk/service/redeem.py": "import kiosk.service.desk\n",
    "kiosk/system_clock.py": "import time\n",
    "kiosk/service/sell/__init__.py": "import kiosk.service.desk\n",
    "kiosk/ui/viewmodels/offers.py": "import PySide6, kiosk.service.sell\n",
    "kiosk/ui/viewmodels/pay.py": "import PySide6, kiosk.service.sell\n",
    "kiosk/vault.py": "import cryptography, kiosk.errors\n",
    "sync/__main__.py": "import kiosk.config, kiosk.logs, kiosk.vault, sync.thread\n",
    "sync/build.py": "import httpx, sync.engine\n",
    "sync/engine.py": "import asyncio, sync.push\n",
    "sync/practice/rail.py": "import httpx, stripe\n",
    "sync/push.py": "import kiosk.buffer.database, sync.rails.stripe.client\n",
    "sync/rails/stripe/client.py": "import stripe, sync.rails.stripe.transport\n",
    "sync/rails/stripe/network.py": "import httpx, sync.rails.stripe.transport\n",
    "sync/rails/stripe/transport.py": "import httpx, stripe, kiosk.domain.money\n",
    "sync/thread.py": "import asyncio, sync.build\n",
}
# One wrong import for each contract, by the contract's id: the file, and what it must not import.
WRONG = {
    "floors": ("kiosk/domain/money.py", "kiosk.service.desk"),
    "sync-floors": ("sync/push.py", "sync.engine"),
    "foundation-knows-no-wing": ("kiosk/passes/issue.py", "sync.rails"),
    "till-knows-no-sync": ("kiosk/service/redeem.py", "sync.push"),
    "sync-knows-no-till": ("sync/push.py", "kiosk.service.redeem"),
    "screens-ask-use-cases": ("kiosk/ui/viewmodels/pay.py", "kiosk.buffer.database"),
    "roots-only": ("kiosk/service/desk.py", "kiosk.vault"),
    "roots-stand-beside": ("kiosk/config.py", "kiosk.service.desk"),
    "use-cases-apart": ("kiosk/service/redeem.py", "kiosk.service.sell"),
    "view-models-apart": ("kiosk/ui/viewmodels/pay.py", "kiosk.ui.viewmodels.offers"),
    "domain-is-pure": ("kiosk/domain/money.py", "random"),
    "qt-on-the-top-floor": ("kiosk/commands/__init__.py", "PySide6"),
    "sync-needs-no-qt": ("kiosk/service/desk.py", "PySide6"),
    "one-loop": ("kiosk/service/desk.py", "asyncio"),
    "one-store": ("kiosk/service/desk.py", "sqlite_utils"),
    "no-plain-file": ("sync/push.py", "sqlite3"),
    "one-seam": ("sync/rails/stripe/client.py", "httpx"),
    "one-sdk": ("sync/push.py", "stripe"),
}


def contracts() -> dict[str, str]:
    """The names of our contracts by id."""
    settings = tomllib.loads(read("pyproject.toml").text)
    listed = settings["tool"]["importlinter"]["contracts"]
    return {str(each["id"]): str(each["name"]) for each in listed}


def build(folder: Path, extra: dict[str, tuple[str, str]]) -> None:
    """Writes the sound house, with these wrong imports added."""
    for path, text in SOUND.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for path, module in extra.values():
        with (folder / path).open("a") as opened:
            opened.write(f"import {module}\n")
    for package in sorted(path for path in folder.rglob("*") if path.is_dir()):
        (package / "__init__.py").touch()


def lint(folder: Path) -> str:
    """What import-linter says about that house under our contracts."""
    (folder / "pyproject.toml").write_text(read("pyproject.toml").text)
    tool = Path(sysconfig.get_path("scripts"), "lint-imports")
    done = subprocess.run(
        [str(tool), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    return done.stdout + done.stderr


def test_a_sound_house_keeps_every_contract(tmp_path: Path) -> None:
    build(tmp_path, {})
    said = lint(tmp_path)
    assert f"Contracts: {len(contracts())} kept, 0 broken." in said, said


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a house with every wrong import at once."""
    folder = tmp_path_factory.mktemp("house")
    build(folder, WRONG)
    return lint(folder)


@pytest.mark.parametrize("contract", sorted(contracts()))
def test_each_contract_finds_the_import_it_forbids(verdict: str, contract: str) -> None:
    assert f"{contracts()[contract]} BROKEN" in verdict
    path, module = WRONG[contract]
    importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert f"{importer} -> {module}" in verdict
