"""`pass verify`: the verdict of a gate that has nothing but the organiser's public key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import REPOSITORY, Cli, Ran

FIELDS = ["verdict", "warnings", "claims"]


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((REPOSITORY / "tests/data/vector.json").read_text())
    return whole


@pytest.fixture
def root(vector: dict[str, Any], tmp_path: Path) -> Path:
    file = tmp_path / "golden.pub"
    file.write_text(vector["root_public_key_hex"] + "\n")
    return file


def at(unix_s: int) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def verify(cli: Cli, *words: object) -> Ran:
    return cli.run("pass", "verify", *words)


def test_the_golden_pass_is_accepted_at_its_own_time(
    empty: Cli, root: Path, vector: dict[str, Any]
) -> None:
    found = verify(
        empty, vector["text"], "--root", root, "--at", at(vector["verify_at_unix"]), "--json"
    )
    assert found.code == 0
    told = found.json
    assert list(told) == FIELDS
    assert told["verdict"] == "accepted"
    assert sorted(told["warnings"]) == sorted(vector["warnings"])
    assert (told["claims"]["dev"], told["claims"]["seq"]) == (23, 1234)
    assert told["claims"]["nm"] == "Maria G."


def test_another_time_another_verdict(empty: Cli, root: Path, vector: dict[str, Any]) -> None:
    issued, text = vector["pass_claims"]["3"], vector["text"]
    for instant, verdict in (
        (issued - 3600, "E_NOT_YET"),
        (vector["pass_claims"]["4"] + 3600, "E_EXPIRED"),
    ):
        found = verify(empty, text, "--root", root, f"--at={at(instant)}", "--json")
        assert (found.code, found.json["verdict"]) == (1, verdict)


def test_another_root_trusts_nothing_of_it(club: Cli, vector: dict[str, Any]) -> None:
    found = verify(
        club, vector["text"], "--root", club.folder / "root.pub",
        "--at", at(vector["verify_at_unix"]), "--json",
    )  # fmt: skip
    assert found.code == 1
    assert found.json == {"verdict": "E_UNTRUSTED", "warnings": [], "claims": {}}


def test_a_changed_sign_is_refused(empty: Cli, root: Path, vector: dict[str, Any]) -> None:
    text = vector["text"]
    for place in range(0, len(text), 17):
        other = "A" if text[place] != "A" else "B"
        changed = text[:place] + other + text[place + 1 :]
        found = verify(empty, changed, "--root", root, f"--at={at(vector['verify_at_unix'])}")
        assert found.code == 1, place


def test_a_practice_pass_is_for_gates_in_training_only(club: Cli) -> None:
    sold = club.sell(tender="pay-later").json["passes"][0]
    root = club.folder / "root.pub"
    for text in (sold["text"], sold["url"]):
        refused = verify(club, text, "--root", root, "--json")
        assert (refused.code, refused.json["verdict"]) == (1, "E_TEST_PASS")
        accepted = verify(club, text, "--root", root, "--training", "--json")
        assert accepted.code == 0
        assert accepted.json["verdict"] == "accepted"
        assert "W_PROVISIONAL" in accepted.json["warnings"]


def test_a_real_pass_at_a_gate_in_training_is_no_training_pass(
    empty: Cli, root: Path, vector: dict[str, Any]
) -> None:
    words = ["--root", root, f"--at={at(vector['verify_at_unix'])}", "--training", "--json"]
    found = verify(empty, vector["text"], *words)
    assert found.json["verdict"] in {"accepted", "E_TEST_PASS"}
    assert found.code == (0 if found.json["verdict"] == "accepted" else 1)


DASHED = ["-", "---", "-MP20OPRK3AHD", "--json?", "--rooted", "-h5", "--at-least"]


@pytest.mark.parametrize("text", DASHED)
def test_a_text_that_begins_with_a_dash_is_a_text_wherever_it_stands(
    empty: Cli, root: Path, text: str
) -> None:
    options = ["--root", str(root), "--json"]
    for place in range(4):
        words = [*options[:place], text, *options[place:]]
        if place == 1:
            continue  # there it would be the value of --root
        found = verify(empty, *words)
        assert found.code == 1, (words, found)
        assert found.json["verdict"].startswith("E_")


def test_two_dashes_alone_end_the_options_or_are_the_text(
    empty: Cli, root: Path, vector: dict[str, Any]
) -> None:
    golden, when = vector["text"], f"--at={at(vector['verify_at_unix'])}"
    for words in (
        ["--root", root, when, "--", golden],
        ["--", golden, "--root", root, when],
        ["--", golden, when, "--root", root],
    ):
        assert verify(empty, *words).code == 0
    assert verify(empty, "--root", root, "--json", "--").json["verdict"].startswith("E_")
    assert verify(empty, "--root", root, "--", "--json").code == 1


@pytest.mark.parametrize("text", ["", " ", "🌶️", "A" * 10_000, "https://example.org/", "\u202e"])
def test_any_text_gets_a_verdict(empty: Cli, root: Path, text: str) -> None:
    found = verify(empty, text, "--root", root, "--json")
    assert found.code == 1
    assert found.json["verdict"].startswith("E_")


def test_people_are_told_in_a_sentence(club: Cli) -> None:
    text = club.sell(tender="pay-later").json["passes"][0]["text"]
    told = verify(club, text, "--root", club.folder / "root.pub", "--training")
    assert told.code == 0
    assert told.out == ""
    assert len(told.err.splitlines()) >= 2
    assert "W_" not in told.err


@pytest.mark.parametrize(
    "content", ["", "zz" * 32, "00" * 31, "00" * 33, "00" * 32 + "\nmore", "\xff" * 64]
)
def test_a_root_that_is_no_key_is_a_mistake_of_usage(
    empty: Cli, tmp_path: Path, vector: dict[str, Any], content: str
) -> None:
    file = tmp_path / "bad.pub"
    file.write_text(content, encoding="latin-1")
    found = verify(empty, vector["text"], "--root", file, "--json")
    assert (found.code, found.out) == (2, "")
    assert "root_invalid" in found.err


@pytest.mark.parametrize(
    "words",
    [["x"], ["--root"], ["x", "y", "--root=f"], ["x", "--root=f", "--at=noon"], ["x", "--root=f",
     "--at=2026-11-19T12:00:00"], []],
)  # fmt: skip
def test_a_mistake_of_usage_is_two(empty: Cli, words: list[str]) -> None:
    found = verify(empty, *words)
    assert (found.code, found.out) == (2, "")
