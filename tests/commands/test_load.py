"""`load` and `provision`: an event is taken whole or its every mistake is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import EVENTS, Cli

SAMPLES = sorted(EVENTS.glob("*.toml"))
# A key, what stands there instead of the right thing, and a word of the reason.
TEN_MISTAKES = (
    ("currency", '"xxx"', "currency"),
    ("time_zone", '"Mars/Olympus"', "time zone"),
    ("starts", '"yesterday"', ""),
    ("country", '"Germany"', ""),
    ("number", "0", ""),
    ("rate_bp", "-5", ""),
    ("price_minor", "4.5", "whole"),
    ("every", "0", ""),
    ("stock", '"many"', "whole"),
    ("per_member", "-1", ""),
)


def with_mistakes(source: str) -> str:
    """The sample with the first line of each key spoilt."""
    for key, value, _reason in TEN_MISTAKES:
        lines = source.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith((f"{key} =", f"{key}=")) or (
            key == "every" and "every = " in line))  # fmt: skip
        if key == "every":
            lines[at] = lines[at].replace("every = 1", f"every = {value}")
        else:
            lines[at] = f"{key} = {value}"
        source = "\n".join(lines)
    return source


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_sample_event_loads_and_can_be_sold_at_once(empty: Cli, sample: Path) -> None:
    loaded = empty.on("load", sample, "--json")
    assert loaded.code == 0, loaded
    told = loaded.json
    assert set(told) >= {"snapshot", "event", "name", "currency", "offers"}
    assert told["snapshot"] == 1
    sold = 0
    for offer in told["offers"]:
        tried = empty.sell(offer=offer)
        sold += tried.code == 0
        assert tried.code == 0 or "offer_not_on_sale" in tried.err, tried
    assert sold >= len(told["offers"]) - 2


def test_practice_provisions_itself_at_load(club: Cli) -> None:
    report = club.on("provision", "--json")
    assert report.code == 0
    assert report.json == {"offers": 6, "created": 0, "kept": 6, "refused": []}


def test_an_offer_too_cheap_for_the_rail_is_told_and_no_failure(empty: Cli) -> None:
    loaded = empty.on("load", EVENTS / "zine-fair.toml")
    assert loaded.code == 0
    assert '.price_minor = "24"' in loaded.err
    report = empty.on("provision", "--json")
    assert report.code == 0
    assert report.json["refused"] == [{"offer": "sticker", "reason": "below_least"}]
    told = empty.on("provision")
    assert (told.code, told.out) == (0, "")
    assert "sticker" in told.err
    assert "below_least" not in told.err


def test_all_ten_mistakes_of_a_file_are_told_at_once_and_nothing_is_loaded(
    club: Cli, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.toml"
    spoilt.write_text(with_mistakes((EVENTS / "recipe-club.toml").read_text("utf-8")), "utf-8")
    refused = club.on("load", spoilt, "--json")
    assert (refused.code, refused.out) == (1, "")
    told = refused.err.splitlines()
    for key, value, reason in TEN_MISTAKES:
        line = next((line for line in told if key in line and "line " in line), "")
        assert value.strip('"') in line, (key, told)
        assert reason in line
        assert line.rpartition(": ")[2]
    # What was loaded before is still what is sold.
    assert club.sell(offer="tasting").code == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 1),
        (b"[event", 2),
        (b"\xff\xfe\x00", 2),
        (b"x = 1\n" * 400_000, 2),
        (b"[event]\nnumber = 1\n", 1),
    ],
    ids=["empty", "not-toml", "not-utf-8", "too-large", "hardly-anything"],
)
def test_a_file_that_is_no_event_is_refused(
    empty: Cli, tmp_path: Path, content: bytes, code: int
) -> None:
    file = tmp_path / "event.toml"
    file.write_bytes(content)
    refused = empty.on("load", file)
    assert (refused.code, refused.out) == (code, "")
    assert "Traceback" not in refused.err
    assert empty.sell().code == 1


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_a_file_of_a_windows_editor_loads(empty: Cli, tmp_path: Path, mark: bytes) -> None:
    text = (EVENTS / "zine-fair.toml").read_bytes()
    file = tmp_path / "event.toml"
    file.write_bytes(mark + text.replace(b"\n", b"\r\n"))
    assert empty.on("load", file).code == 0


def test_one_mistake_is_told_as_one(empty: Cli, tmp_path: Path) -> None:
    source = (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")
    file = tmp_path / "misspelt.toml"
    file.write_text(source.replace("venue =", "venu =", 1), encoding="utf-8")
    told = empty.on("load", file)
    assert told.code == 1
    count = sum(line.startswith("  ") for line in told.err.splitlines())
    assert f"has {count} mistakes" in told.err
    file.write_text(source + "\n[strange]\n", encoding="utf-8")
    told = empty.on("load", file)
    assert told.code == 1
    assert "The event file has one mistake." in told.err


def test_a_file_that_is_not_there_is_a_mistake_of_usage(empty: Cli, tmp_path: Path) -> None:
    assert empty.on("load", tmp_path / "none.toml").code == 2
    assert empty.on("load", tmp_path).code == 2
    assert empty.on("load").code == 2


def test_a_file_whose_name_begins_with_a_dash_can_be_loaded(
    empty: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-event.toml").write_text((EVENTS / "zine-fair.toml").read_text("utf-8"), "utf-8")
    assert empty.run("load", *empty.place(), "--", "-event.toml").code == 0
    assert empty.run("load", "./-event.toml", *empty.place()).code == 0


def test_loading_again_keeps_what_was_sold_and_sells_no_copy_twice(club: Cli) -> None:
    for number in range(3):
        assert club.sell(offer="tasting:2", email=f"m{number}@example.org").code == 0
    again = club.on("load", EVENTS / "recipe-club.toml", "--json")
    assert again.json["snapshot"] == 2
    for number in range(3, 12):
        assert club.sell(offer="tasting:2", email=f"m{number}@example.org").code == 0
    assert club.sell(offer="tasting", email="late@example.org").code == 1
    assert len(club.exported()) == 12


def test_practice_at_an_address_that_does_not_answer_loads_with_a_note(empty: Cli) -> None:
    empty.configure('mode = "practice"\nbase_url = "http://127.0.0.1:9"')
    loaded = empty.on("load", EVENTS / "recipe-club.toml", "--json")
    assert loaded.code == 0
    assert loaded.json["event"] == 12
    assert "note: the payment links could not be made yet" in loaded.err
    assert empty.sell(tender="cash").code == 0
    assert empty.on("provision").code == 3


def test_provisioning_without_an_event_or_a_key_says_which(empty: Cli) -> None:
    assert "no_event" in empty.on("provision").err
    assert empty.on("provision").code == 1
    empty.configure('mode = "test"')
    assert empty.on("load", EVENTS / "recipe-club.toml").code == 0
    refused = empty.on("provision")
    assert refused.code == 2
    assert "rail_key_missing" in refused.err


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('mode = "rehearsal"', "stripe.mode"),
        ('modus = "practice"', "stripe.modus"),
        ('base_url = "http://example.org"', "stripe.base_url"),
        ('base_url = "ftp://127.0.0.1"', "stripe.base_url"),
        ("mode = 3", "stripe.mode"),
        ('mode = "practice', "kiosk.toml"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_key(club: Cli, text: str, key: str) -> None:
    club.configure(text)
    for refused in (club.sell(), club.sync("drain"), club.sync("status"), club.on("provision")):
        assert (refused.code, refused.out) == (2, "")
        assert key in refused.err


def test_the_json_of_load_is_one_line(empty: Cli) -> None:
    loaded = empty.on("load", EVENTS / "craft-show.toml", "--json")
    assert json.loads(loaded.out)["currency"] in {"jpy", "krw", "vnd", "clp"}
