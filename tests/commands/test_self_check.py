"""`--self-check`: what a frozen program must be able to do, and that it can say it cannot."""

from __future__ import annotations

import pytest

from kiosk.commands import self_check
from tests.commands.conftest import Cli

CHECKS = ["encrypted buffer", "event and payment links", "a sale by each tender",
          "passes verified offline", "practice drain", "every screen"]  # fmt: skip


@pytest.mark.parametrize("words", [["--self-check"], ["self-check"]])
def test_every_check_holds_here_and_has_a_line(empty: Cli, words: list[str]) -> None:
    empty.environment["QT_QPA_PLATFORM"] = ""
    done = empty.spawn(*words)
    assert done.code == 0, done
    lines = done.out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"ok      {name}" for name in CHECKS]
    assert "16 drawn" in lines[-1] or "drawn" in lines[-1]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (self_check.CheckFailed("the file can be read without a key"), "without a key"),
        (ModuleNotFoundError("No module named 'sqlcipher3'"), "ModuleNotFoundError"),
        (AssertionError("Main.qml does not load"), "Main.qml"),
    ],
)
def test_a_check_that_fails_is_named_and_ends_with_three(
    empty: Cli, monkeypatch: pytest.MonkeyPatch, broken: Exception, reason: str
) -> None:
    def fail(_trial: self_check.Trial) -> str:
        raise broken

    monkeypatch.setattr(self_check.Trial, "_load", fail)
    done = empty.run("--self-check")
    assert done.code == 3
    first, second = done.out.splitlines()
    assert first.startswith("ok      encrypted buffer")
    assert second.startswith(f"failed  {CHECKS[1]}")
    assert reason in second
    assert "Traceback" not in done.err


def test_a_file_that_is_not_encrypted_is_caught(
    empty: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check, "SQLITE_MARK", b"")
    done = empty.run("--self-check")
    assert done.code == 3
    assert "without a key" in done.out


def test_a_pass_that_does_not_verify_is_caught(empty: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.domain.verdict import Verdict
    from kiosk.passes import verify

    refused = verify.Verification(verdict=Verdict.SIGNATURE)
    monkeypatch.setattr(verify, "verify", lambda _text, _context: refused)
    done = empty.run("--self-check")
    assert done.code == 3
    assert done.out.splitlines()[-1].startswith("failed  passes verified offline")
    assert "E_SIG" in done.out
