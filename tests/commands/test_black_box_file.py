"""The file of a black box: appended to, cut off, damaged, locked, and killed while written."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

from kiosk.opening import open_kiosk
from tests.commands.carrying import exported, imported, sold
from tests.commands.conftest import SECRET, Cli


def test_a_second_export_to_the_same_file_is_the_one_that_counts(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "box"
    sizes = []
    for number in range(1, 8):
        sold(club, 1)
        told = exported(club, file)
        assert told["generation"] == number
        sizes.append(file.stat().st_size)
    # It grows, and is written anew before it grows without end.
    assert sizes[3] > 3 * sizes[0]
    assert max(sizes) < 6 * sizes[0]
    shown = club.run("black-box", "show", file, *club.place()[1:], "--json").json
    assert (shown["generation"], shown["sales"], shown["followed_by_ruin"]) == (7, 7, False)
    assert len(imported(club, file).exported()) == 7


def test_an_older_export_of_the_same_file_can_be_chosen(club: Cli, tmp_path: Path) -> None:
    for _ in range(2):
        sold(club, 1)
        exported(club, tmp_path / "box")
    assert len(imported(club, tmp_path / "box", "older", "--generation=1").exported()) == 1
    third = Cli(tmp_path / "third", club.passphrase_file, club.capsys)
    refused = third.on("black-box", "import", tmp_path / "box", "--generation=9")
    assert refused.code == 1
    assert "no export of this number: the newest is 2" in refused.err  # and not "damaged"


def test_an_export_that_was_cut_off_leaves_the_older_one(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "box"
    sold(club, 1)
    exported(club, file)
    first = file.stat().st_size
    sold(club, 1)
    exported(club, file)
    file.write_bytes(file.read_bytes()[: first + 30_000])
    shown = club.run("black-box", "show", file, *club.place()[1:], "--json").json
    assert (shown["sales"], shown["followed_by_ruin"]) == (1, True)
    ran = Cli(tmp_path / "other", club.passphrase_file, club.capsys).on("black-box", "import", file)
    assert ran.code == 0
    assert "never finished" in ran.err
    # The next export is found behind the ruin.
    told = exported(club, file)
    shown = club.run("black-box", "show", file, *club.place()[1:], "--json").json
    assert (shown["sales"], shown["generation"]) == (2, told["generation"])


def test_an_export_beside_a_running_kiosk_takes_everything_with_it(
    club: Cli, tmp_path: Path
) -> None:
    sold(club, 2)
    kiosk = open_kiosk(club.folder, SECRET)
    try:
        assert exported(club, tmp_path / "box")["sales"] == 2
        refused = club.on("black-box", "export", tmp_path / "box2", "--hand-over")
        assert (refused.code, "store_in_use" in refused.err) == (3, True)
        assert not (tmp_path / "box2").exists()
    finally:
        kiosk.close()


def test_a_box_opens_with_its_own_passphrase_only(club: Cli, tmp_path: Path) -> None:
    exported(club, tmp_path / "box")
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong wrong wrong\n")
    for words in (("show", tmp_path / "box"),
                  ("import", tmp_path / "box", f"--data={tmp_path / 'other'}")):  # fmt: skip
        ran = club.run("black-box", *words, f"--passphrase-file={wrong}")
        assert (ran.code, "passphrase_wrong" in ran.err) == (3, True)
    assert not (tmp_path / "other").exists()


def test_no_flipped_byte_of_a_box_becomes_a_kiosk(club: Cli, tmp_path: Path) -> None:
    exported(club, tmp_path / "box")
    whole = (tmp_path / "box").read_bytes()
    dice = random.Random(7)
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    for at in [0, 16, 40, 60, 100, *(dice.randrange(len(whole)) for _ in range(8))]:
        raw = bytearray(whole)
        raw[at] ^= 1 << dice.randrange(8)
        (tmp_path / "box").write_bytes(raw)
        ran = other.on("black-box", "import", tmp_path / "box")
        assert ran.code != 0, at
        assert not other.folder.exists()


def test_a_locked_kiosk_is_carried_as_it_lies_and_opened_where_the_passphrase_is(
    club: Cli, tmp_path: Path
) -> None:
    ids = sold(club, 2)
    club.configure('mode = "practice"')
    data = f"--data={club.folder}"
    ran = club.run("black-box", "export", tmp_path / "box", data, "--without-passphrase")
    assert ran.code == 0, ran
    other = imported(club, tmp_path / "box")
    assert [line["sale_id"] for line in other.exported()] == ids
    assert other.sell().code == 0
    again = club.run("black-box", "export", tmp_path / "box", data, "--without-passphrase")
    assert (again.code, "box_of_another" in again.err) == (1, True)


def test_a_damaged_kiosk_is_carried_as_it_is_to_be_salvaged(club: Cli, tmp_path: Path) -> None:
    sold(club, 2)
    buffer = club.folder / "buffer.db"
    raw = bytearray(buffer.read_bytes())
    for page in range(10, 60, 7):
        raw[page * 4096 + 99] ^= 1
    buffer.write_bytes(raw)
    told = exported(club, tmp_path / "box")
    assert told["damage"] is not None
    assert told["sales"] is None
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    ran = other.on("black-box", "import", tmp_path / "box", "--json")
    assert (ran.code, ran.json["to_salvage"]) == (1, True)
    assert (other.folder / "buffer.db").read_bytes() == bytes(raw)


def test_a_kill_during_export_or_import_loses_nothing(club: Cli, tmp_path: Path) -> None:
    ids = sold(club, 2)
    file = tmp_path / "box"
    exported(club, file)
    other = Cli(tmp_path / "other", club.passphrase_file, club.capsys)
    dice = random.Random(3)
    for action, cli in [("export", club), ("import", other)] * 4:
        if cli is other and other.folder.exists():
            break
        words = cli.command("black-box", action, file, *cli.place())
        with subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=cli.env()
        ) as child:
            time.sleep(0.25 + dice.random() * 0.5)
            child.send_signal(signal.SIGKILL)
        assert club.run("black-box", "show", file, *club.place()[1:]).code == 0
    if not other.folder.exists():
        assert other.on("black-box", "import", file).code == 0
    assert [line["sale_id"] for line in other.exported()] == ids
    assert [line["sale_id"] for line in club.exported()] == ids
    assert club.sell().code == 0
