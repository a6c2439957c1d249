"""`restored`: the way on for a kiosk of which an older copy was put back."""

from __future__ import annotations

import re
import shutil
import uuid
from pathlib import Path

import pytest

from tests.commands.conftest import Cli

PAGE_BYTES = 4096
OBJECT = ["incarnation", "former", "receipts", "passes_from", "links_lost", "rechecked"]


def put_back(club: Cli, kept: Path, *names: str) -> None:
    for leftover in ("buffer.db-wal", "buffer.db-shm"):
        (club.folder / leftover).unlink(missing_ok=True)
    for name in names:
        shutil.copy2(kept / name, club.folder / name)


@pytest.fixture
def old(club: Cli) -> Cli:
    """One sale; then a second one that is missing from the file that was put back."""
    assert club.sell().code == 0
    kept = club.copy("kept").folder
    assert club.sell(email="later@example.org").code == 0
    put_back(club, kept, "buffer.db")
    return club


def test_every_command_that_sells_or_sends_says_how_to_go_on(old: Cli) -> None:
    for ran in (old.sell(), old.sync("drain"), old.on("load", "any.toml"), old.on("provision")):
        assert ran.code in {2, 3}, ran
        assert ran.out == ""
        if ran.code == 3:
            assert "rolled_back" in ran.err
            assert "kiosk restored" in ran.err
    assert old.sell().code == 3


def test_after_it_the_kiosk_sells_with_numbers_of_its_own(old: Cli) -> None:
    done = old.on("restored", "--json")
    assert done.code == 0
    assert list(done.json) == OBJECT
    number = done.json["incarnation"]
    assert number >= 2
    assert done.json["former"] == 1
    assert done.json["receipts"] == f"K3.{number}-000001"
    assert done.json["links_lost"] == 1
    assert done.json["rechecked"] == 1
    sold = old.sell(email="third@example.org").json
    assert sold["receipt_number"] == f"K3.{number}-000001"
    assert sold["passes"][0]["number"] == f"3-{done.json['passes_from']}"
    receipts = [sale["receipt_number"] for sale in old.exported()]
    assert receipts == ["K3-000001", f"K3.{number}-000001"]
    assert old.on("journal", "verify").code == 0
    root = f"--root={old.folder / 'root.pub'}"
    verified = old.run("pass", "verify", root, "--training", sold["passes"][0]["text"])
    assert verified.code == 0


def test_it_says_what_is_different_and_what_to_do(old: Cli) -> None:
    told = old.on("restored")
    assert (told.code, told.out) == (0, "")
    for word in ("1 link", "count the goods", "Close it now"):
        assert word in told.err
    (life,) = re.findall(r"it is life (\d+) of this kiosk", told.err)
    assert f"K3.{life}-000001" in told.err


def test_where_nothing_is_missing_it_is_refused(club: Cli) -> None:
    assert club.sell().code == 0
    refused = club.on("restored")
    assert refused.code == 1
    assert "nothing_restored" in refused.err
    assert club.sell(email="next@example.org").json["receipt_number"] == "K3-000002"


def test_staff_say_that_the_whole_folder_was_put_back(club: Cli) -> None:
    assert club.sell().code == 0
    done = club.on("restored", "--whole-folder", "--json").json
    assert done["links_lost"] is None
    assert club.sell(email="next@example.org").json["receipt_number"] == done["receipts"]
    again = club.on("restored")
    assert again.code == 1, "once is enough"


@pytest.mark.parametrize("left", [None, b"\x5a" * 128])
def test_a_lost_anchor_is_told_and_got_over(club: Cli, left: bytes | None) -> None:
    assert club.sell().code == 0
    anchor = club.folder / "buffer.anchor"
    anchor.unlink()
    if left is not None:
        anchor.write_bytes(left)
        anchor.chmod(0o600)
    refused = club.sell(email="next@example.org")
    assert refused.code == 3
    assert "kiosk restored" in refused.err
    assert "salvage" not in refused.err
    looked = club.on("doctor", "--json")
    assert looked.code == 1
    (told,) = [check for check in looked.json["checks"] if check["name"] == "anchor"]
    assert told["words"] == ("anchor.missing" if left is None else "anchor.garbled")
    assert "kiosk restored" in told["what_to_do"]
    done = club.on("restored", "--json").json
    assert club.sell(email="next@example.org").json["receipt_number"] == done["receipts"]
    assert club.on("doctor").code == 0


def test_an_anchor_of_another_kiosk_is_told_and_kept(club: Cli) -> None:
    assert club.sell().code == 0
    body = uuid.UUID("01900000-0000-7000-8000-00000000beef").bytes + bytes(48)
    (club.folder / "buffer.anchor").write_bytes(body * 2)
    for refused in (club.sell(email="next@example.org"), club.on("restored")):
        assert refused.code == 3
        assert "belongs to another kiosk" in refused.err
    assert (club.folder / "buffer.anchor").read_bytes() == body * 2
    told = {check["words"] for check in club.on("doctor", "--json").json["checks"]}
    assert "anchor.foreign" in told
    assert "anchor.ok" not in told


def test_a_kiosk_that_was_handed_over_is_not_told_that_it_may_sell(
    club: Cli, tmp_path: Path
) -> None:
    assert club.on("black-box", "export", tmp_path / "box", "--hand-over").code == 0
    told = club.on("restored", "--whole-folder")
    assert (told.code, "may sell" in told.err, "take-back" in told.err) == (0, False, True)
    assert "handed_over" in club.sell().err
    assert club.on("black-box", "take-back", "--other-never-started").code == 0
    assert club.sell().code == 0


def test_without_its_passphrase_nothing_is_acknowledged(old: Cli, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not this one\n")
    wrong.chmod(0o600)
    other = Cli(old.folder, wrong, old.capsys)
    assert other.on("restored").code == 3
    assert old.sell().code == 3


def test_a_folder_without_a_kiosk_is_a_usage_error(club: Cli, tmp_path: Path) -> None:
    nowhere = Cli(tmp_path / "nowhere", club.passphrase_file, club.capsys)
    assert nowhere.on("restored").code == 2
    assert club.run("restored").code == 2


def test_a_damaged_file_whose_anchor_is_lost_too_sells_on_as_a_new_life_only(club: Cli) -> None:
    """Nobody knows how far it had come: another copy may have given out the next numbers."""
    assert club.sell().code == 0
    (club.folder / "buffer.anchor").unlink()
    raw = bytearray((club.folder / "buffer.db").read_bytes())
    raw[40 * PAGE_BYTES + 9] ^= 1
    (club.folder / "buffer.db").write_bytes(raw)
    salvaged = club.on("salvage")
    assert salvaged.code == 1, "the anchor is missing at least"
    assert "kiosk restored" in salvaged.err
    refused = club.sell(email="next@example.org")
    assert (refused.code, "kiosk restored" in refused.err) == (3, True)
    told = club.on("doctor", "--json").json["checks"]
    assert "anchor.lost" in {check["words"] for check in told}
    for said in (refused.err, " ".join(check["sentence"] for check in told)):
        assert "anchor" in said
        assert "older copy was put back" not in said, "nobody put one back"
    done = club.on("restored", "--json").json
    sold = club.sell(email="next@example.org").json
    assert sold["receipt_number"] == done["receipts"] != "K3-000002"
    assert sold["passes"][0]["number"] == f"3-{done['passes_from']}"
    assert done["passes_from"] > 10_000
