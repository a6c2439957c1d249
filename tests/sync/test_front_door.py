"""`python -m sync` as a person or a script meets it: without Qt, with honest exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from kiosk import opening
from kiosk.domain.outbox import RailMode
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.passphrase import VARIABLE
from sync.__main__ import main

PASSPHRASE: Final = "five words nobody would guess"
FIELDS: Final = {"delivered", "waiting", "unknown", "parked", "rail", "stopped"}
NO_QT: Final = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoQt())
from sync.__main__ import main
sys.exit(main(sys.argv[1:]))
"""

Run = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kiosk as `init` makes it, without an event."""
    folder = tmp_path_factory.mktemp("kiosk") / "made"
    opening.create(folder, PASSPHRASE, 3, lambda _recovery: None)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "kiosk"
    shutil.copytree(made, target)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    passphrase.chmod(0o600)
    monkeypatch.setenv(VARIABLE, str(passphrase))
    # The log of one test is none of the next one's business.
    monkeypatch.setattr("kiosk.logs.start", lambda _folder: None)
    return target


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json on the folder: its exit code and what it printed."""

    def command(*words: str) -> tuple[int, Any]:
        code = main([*words, "--data", str(folder), "--json"])
        told = capsys.readouterr().out
        return code, json.loads(told) if told else None

    return command


def configure(folder: Path, **stripe: str) -> None:
    lines = "".join(f'{name} = "{value}"\n' for name, value in stripe.items())
    (folder / "kiosk.toml").write_text(f"[stripe]\n{lines}")


def test_drain_prints_the_report_of_the_queue(run: Run) -> None:
    code, report = run("drain")
    assert code == 0
    assert set(report) == FIELDS
    assert all(type(report[name]) is int for name in FIELDS - {"rail", "stopped"})
    assert (report["rail"], report["stopped"]) == ("reachable", "nothing_due")


def test_status_says_what_the_last_drain_found(run: Run) -> None:
    code, before = run("status")
    assert (code, before["rail"], before["stopped"]) == (0, "unreachable", "rail")
    run("drain")
    code, after = run("status")
    assert (code, after["rail"], after["stopped"]) == (0, "reachable", "nothing_due")


def test_a_finding_is_for_the_screen_and_changes_no_number_here(run: Run, folder: Path) -> None:
    found = Finding(
        kind=FindingKind.OVERPAID, sale_id=None, remote_id="cs_1", amount_minor=5,
        currency="eur", at_ms=1,
    )  # fmt: skip
    kiosk = opening.open_kiosk(folder, PASSPHRASE)
    try:
        with kiosk.buffer_file.till().writing() as uow:
            assert uow.sales.record_finding(found, RailMode.PRACTICE)
    finally:
        kiosk.close()
    for command in ("drain", "status"):
        _, report = run(command)
        assert set(report) == FIELDS
        assert all(report[name] == 0 for name in FIELDS - {"rail", "stopped"})


def test_status_works_while_the_kiosk_holds_the_folder_and_drain_does_not(
    run: Run, folder: Path
) -> None:
    kiosk = opening.open_kiosk(folder, PASSPHRASE)
    try:
        assert run("status")[0] == 0
        assert run("drain") == (3, None)
    finally:
        kiosk.close()
    assert run("drain")[0] == 0


def test_an_unreachable_rail_is_exit_code_three_with_a_report(run: Run, folder: Path) -> None:
    configure(folder, mode="practice", base_url="http://127.0.0.1:9")
    code, report = run("drain")
    assert (code, report["rail"], report["stopped"]) == (3, "unreachable", "rail")


def test_a_live_key_in_test_mode_is_told_as_wrong_mode(run: Run, folder: Path) -> None:
    (folder / "stripe.key").write_text("rk_live_no\n")
    configure(folder, mode="test", key_file="stripe.key", base_url="http://127.0.0.1:9")
    code, report = run("drain")
    assert (code, report["rail"]) == (3, "wrong_mode")


def test_a_mode_without_its_key_is_a_usage_error(run: Run, folder: Path) -> None:
    configure(folder, mode="test")
    assert run("drain") == (2, None)


def test_a_wrong_passphrase_is_exit_code_three(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("four words of rubbish\n")
    wrong.chmod(0o600)
    monkeypatch.setenv(VARIABLE, str(wrong))
    assert run("drain") == (3, None)
    assert run("status") == (3, None)


def test_a_folder_without_a_kiosk_is_a_usage_error(folder: Path, tmp_path: Path) -> None:
    assert main(["status", "--data", str(tmp_path / "nowhere")]) == 2


def test_people_read_lines_and_not_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drain", "--data", str(folder)]) == 0
    assert "rail: reachable" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("words", [[], ["fly"], ["drain", "--now"]])
def test_what_is_no_command_is_a_usage_error(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


@pytest.mark.parametrize("command", ["drain", "status"])
def test_it_works_where_qt_is_not_installed(folder: Path, repository: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_QT, command, "--data", str(folder), "--json"],
        cwd=repository, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert set(json.loads(done.stdout)) == FIELDS


def test_errors_are_told_where_qt_is_not_installed(repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_QT, "drain", "--data", str(tmp_path / "nowhere")],
        cwd=repository, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_the_practice_stripe_can_be_served(repository: Path) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "sync", "practice"],
        cwd=repository, stdout=subprocess.PIPE, text=True, env=environment,
    ) as served:  # fmt: skip
        try:
            assert served.stdout is not None
            address = served.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            state = httpx.get(f"{address}/practice/state", trust_env=False).json()
            assert state["counts"] == {}
        finally:
            served.terminate()
