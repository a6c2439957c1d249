"""`kiosk doctor` and `kiosk salvage`, as a person or a program runs them on whatever is there."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.buffer.audit_file import last_audit
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.commands import DONE, MACHINE, REFUSED, doctor, salvage
from kiosk.errors import StoreCorrupt
from kiosk.opening import create, open_kiosk
from kiosk.opening.checkup import folder_checks, full_check_due, left_open
from kiosk.ui.text_checks import CHECK_NAMES, CHECKS

SECRET = "correct horse battery staple"
NOW_MS = 1_800_000_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "kiosk"
    create(folder, SECRET, 3, lambda _key: None)
    (folder.parent / "passphrase").write_text(SECRET)
    (folder.parent / "passphrase").chmod(0o600)
    return folder


@pytest.fixture
def kiosk(made: Path, tmp_path: Path) -> Path:
    """A copy of a closed kiosk without sales."""
    import shutil

    shutil.copytree(made, tmp_path / "kiosk")
    shutil.copy(made.parent / "passphrase", tmp_path / "passphrase")
    return tmp_path / "kiosk"


def run(module, folder: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    secret = str(folder.parent / "passphrase")
    code: int = module.run(
        parser.parse_args(["--data", str(folder), "--passphrase-file", secret, *more])
    )
    return code


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def flip_page(folder: Path, page: int) -> None:
    with (folder / "buffer.db").open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES + 900)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes((byte ^ 4,)))


def words(report: dict[str, Any]) -> set[str]:
    return {check["words"] for check in report["checks"]}


def test_a_sound_kiosk_is_in_order(kiosk: Path, capsys) -> None:
    assert run(doctor, kiosk, "--json") == DONE
    report = told(capsys)
    assert report["ok"] is True
    assert report["full"] is None
    assert {"buffer.ok", "chain.ok", "anchor.ok", "numbers.ok", "keys.ok"} <= words(report)
    for check in report["checks"]:
        assert set(check) == {"name", "verdict", "words", "fields", "sentence", "what_to_do"}
        assert check["sentence"]
        assert bool(check["what_to_do"]) == (check["verdict"] != "ok")


def test_a_full_check_is_told_and_kept(kiosk: Path, capsys) -> None:
    assert run(doctor, kiosk, "--full", "--json") == DONE
    report = told(capsys)
    assert report["full"]["complete"] is True
    assert report["full"]["flaws"] == []
    assert "full_check.ok" in words(report)
    assert last_audit(BufferPaths(folder=kiosk)).ok


def test_it_looks_beside_a_kiosk_that_is_open(kiosk: Path, capsys) -> None:
    held = open_kiosk(kiosk, SECRET)
    try:
        assert run(doctor, kiosk, "--full", "--json") == DONE
    finally:
        held.close()
    assert told(capsys)["ok"] is True


def test_a_damaged_kiosk_is_bad_and_salvage_puts_it_right(kiosk: Path, capsys) -> None:
    flip_page(kiosk, 8)
    assert run(doctor, kiosk, "--full", "--json") == REFUSED
    report = told(capsys)
    assert report["ok"] is False
    assert "full_check.bad" in words(report)
    assert {"page 8"} <= {flaw["where"] for flaw in report["full"]["flaws"]}
    code = run(salvage, kiosk, "--json")
    saved = told(capsys)
    assert saved["needed"] is True
    assert saved["kept"] == "damaged-1"
    assert code == (DONE if saved["whole"] else REFUSED)
    assert {table["table"] for table in saved["tables"]} >= {"sales", "journal", "outbox"}
    assert run(doctor, kiosk, "--full", "--json") == DONE
    assert "salvaged.before" in words(told(capsys))


def test_salvage_leaves_a_sound_kiosk_alone(kiosk: Path, capsys) -> None:
    assert run(salvage, kiosk) == DONE
    assert "left as it is" in capsys.readouterr().err
    assert not list(kiosk.glob("damaged-*"))


def test_without_the_passphrase_it_says_what_it_can(kiosk: Path, capsys) -> None:
    assert run(doctor, kiosk, "--no-passphrase", "--json") == DONE
    assert "buffer.ok" not in words(told(capsys))


@pytest.mark.parametrize("more", [(), ("--full",)])
def test_what_could_not_be_opened_is_not_called_in_order(kiosk: Path, capsys, more) -> None:
    (kiosk.parent / "passphrase").write_text("another one entirely")
    assert run(doctor, kiosk, "--json", *more) == MACHINE
    report = told(capsys)
    assert report["ok"] is False
    assert report["full"] is None
    assert "buffer.locked" in words(report)


def test_an_empty_sales_file_is_bad_and_nothing_salvages_it(kiosk: Path, capsys) -> None:
    (kiosk / "buffer.db").write_bytes(b"")
    assert run(doctor, kiosk, "--full", "--json") == REFUSED
    assert "buffer.empty" in words(told(capsys))
    with pytest.raises(StoreCorrupt):
        run(salvage, kiosk)
    assert (kiosk / "buffer.db").read_bytes() == b""


def test_a_lost_anchor_stays_lost_in_a_salvage_until_it_is_acknowledged(kiosk: Path, capsys):
    flip_page(kiosk, 8)
    (kiosk / "buffer.anchor").unlink()
    assert run(salvage, kiosk) == REFUSED
    assert "kiosk restored" in capsys.readouterr().err
    assert run(doctor, kiosk, "--json") == REFUSED
    assert "anchor.lost" in words(told(capsys))


def test_an_empty_folder_and_none_at_all(tmp_path: Path, capsys) -> None:
    tmp_path.chmod(0o700)
    assert run(doctor, tmp_path, "--json") == REFUSED
    assert {"buffer.missing", "keys.missing"} <= words(told(capsys))
    assert run(doctor, tmp_path / "nowhere") == MACHINE


def test_loose_rights_and_strange_places_are_told(kiosk: Path, capsys) -> None:
    (kiosk / "buffer.db").chmod(0o644)
    assert run(doctor, kiosk, "--json") == REFUSED
    assert "permissions.loose" in words(told(capsys))
    synced = kiosk.parent / "Dropbox"
    synced.mkdir()
    assert "place.synced" in {check.words for check in folder_checks(synced, NOW_MS)}


@pytest.mark.parametrize(
    ("free", "words"), [(4 * 1024**3, "ballast.later"), (600 * 1024**2, "ballast.none")]
)
def test_space_is_asked_for_only_where_a_reserve_would_not_fit(
    kiosk: Path, monkeypatch, free: int, words: str
) -> None:
    paths = BufferPaths(folder=kiosk)
    paths.ballast.unlink(missing_ok=True)
    monkeypatch.setattr("kiosk.opening.checkup.free_megabytes", lambda _folder: free // 1024**2)
    told = {check.words for check in folder_checks(kiosk, NOW_MS)}
    assert {each for each in told if each.startswith("ballast")} == {words}
    text, advice = CHECKS[words]
    assert ("Free some space" in advice) is (words == "ballast.none")
    assert "reserve" in text


def test_people_read_sentences(kiosk: Path, capsys) -> None:
    assert run(doctor, kiosk) == DONE
    said = capsys.readouterr()
    assert said.out == ""
    assert "The journal's newest links are whole" in said.err
    assert SECRET not in said.err


def test_a_full_check_is_due_after_a_week_and_after_a_crash(kiosk: Path) -> None:
    assert full_check_due(kiosk, NOW_MS)
    run(doctor, kiosk, "--full", "--json")
    ended = last_audit(BufferPaths(folder=kiosk)).ended_ms
    assert not full_check_due(kiosk, ended + 1)
    assert full_check_due(kiosk, ended + 7 * 86_400_000)
    assert not left_open(kiosk)
    (kiosk / "buffer.db-wal").write_bytes(b"x")
    assert left_open(kiosk)


def test_every_check_has_a_name_and_each_bad_one_a_remedy() -> None:
    assert {key.partition(".")[0] for key in CHECKS} == set(CHECK_NAMES)
    assert len({sentence for sentence, _ in CHECKS.values()}) == len(CHECKS)
