"""The machine at its worst: held, newer, full, read-only, tampered with. Never a trace."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlcipher3

from kiosk import vault
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.journal import JournalLine
from kiosk.vault.tries import FREE_TRIES, TRIES_NAME
from tests.commands.conftest import EVENTS, SECRET, Cli, Ran

Act = Callable[[Cli], Ran]
# Whatever opens the buffer to write; each as a person would call it.
WRITERS: dict[str, Act] = {
    "sell": lambda cli: cli.sell(),
    "load": lambda cli: cli.on("load", EVENTS / "zine-fair.toml"),
    "provision": lambda cli: cli.on("provision"),
    "drain": lambda cli: cli.sync("drain", "--json"),
}
READERS: dict[str, Act] = {
    "export": lambda cli: cli.on("journal", "export", "--json"),
    "verify": lambda cli: cli.on("journal", "verify", "--json"),
    "status": lambda cli: cli.sync("status", "--json"),
}
HOLDER = """
import sys
from pathlib import Path
from kiosk.opening import open_kiosk
kiosk = open_kiosk(Path(sys.argv[1]), Path(sys.argv[2]).read_text().strip())
print("held", flush=True)
sys.stdin.read()
kiosk.close()
"""


def refused(ran: Ran, code: str) -> None:
    assert ran.code == 3, ran
    assert ran.out == ""
    assert code in ran.err
    assert "Traceback" not in ran.err


def unlocked(cli: Cli) -> sqlcipher3.Connection:
    """The file as somebody with its key and a tool of their own opens it."""
    keys = vault.unlock(cli.folder, SECRET).keys
    connection = sqlcipher3.connect(str(cli.folder / "buffer.db"))
    connection.execute(f"PRAGMA key = \"x'{keys.database.hex()}'\"")
    return connection


@contextlib.contextmanager
def held(cli: Cli) -> Iterator[None]:
    """Another program has the folder open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(cli.folder), str(cli.passphrase_file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=cli.env(),
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == b"held\n"
        yield
        child.stdin.close()


@contextlib.contextmanager
def small_disk(at: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own, where this machine lets us have one."""
    at.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(at)],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("mounting takes rights that this run does not have")
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def test_a_second_program_is_kept_out_and_readers_are_not(club: Cli) -> None:
    assert club.sell().code == 0
    with held(club):
        for name, act in WRITERS.items():
            refused(act(club), "store_in_use")
            assert name
        for name, act in READERS.items():
            assert act(club).code == 0, name
    assert club.sell().code == 0
    assert len(club.exported()) == 2


def test_a_wrong_passphrase_opens_nothing(club: Cli) -> None:
    club.passphrase_file.write_text("not the passphrase at all\n")
    for act in (*WRITERS.values(), *READERS.values()):
        refused(act(club), "passphrase_wrong")
        # Many wrong ones in a row have to wait, which is another test's business.
        (club.folder / TRIES_NAME).unlink()


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_passphrase_file_is_a_mistake_and_no_guess(club: Cli, content: str) -> None:
    club.passphrase_file.write_text(content)
    for _ in range(FREE_TRIES + 2):
        ran = club.on("journal", "verify")
        assert (ran.code, "reason=empty" in ran.err) == (2, True), ran
    club.passphrase_file.write_text(SECRET)
    assert club.on("journal", "verify").code == 0  # nobody has to wait


def test_whoever_guesses_has_to_wait(club: Cli) -> None:
    club.passphrase_file.write_text("not the passphrase at all\n")
    for _ in range(FREE_TRIES):
        refused(club.sell(), "passphrase_wrong")
    refused(club.sell(), "too_many_tries")


def test_a_buffer_from_a_newer_version_is_left_alone(club: Cli) -> None:
    connection = unlocked(club)
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {row[0] for row in connection.execute(query)}
    known = next(name for name in tables if "migration" in name)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({known})")]
    first = connection.execute(f"SELECT * FROM {known} LIMIT 1").fetchone()
    later = dict(zip(columns, first, strict=True)) | {"name": "m9999_from_the_future"}
    if "id" in later:
        later["id"] = 9999
    marks = ", ".join("?" * len(later))
    connection.execute(
        f"INSERT INTO {known} ({', '.join(later)}) VALUES ({marks})", tuple(later.values())
    )
    connection.commit()
    connection.close()
    for act in WRITERS.values():
        refused(act(club), "store_too_new")


def test_a_folder_that_cannot_be_made_is_said_to_be_so(empty: Cli, tmp_path: Path) -> None:
    for impossible in ("/proc/kiosk", empty.passphrase_file / "kiosk"):
        ran = empty.run(
            "init", f"--data={impossible}", f"--passphrase-file={empty.passphrase_file}",
            f"--recovery-out={tmp_path / 'recovery'}",
        )  # fmt: skip
        refused(ran, "store_read_only")
        assert not (tmp_path / "recovery").exists()


def test_a_read_only_disk_sells_nothing_and_says_why(club: Cli, tmp_path: Path) -> None:
    assert club.sell().code == 0
    with small_disk(tmp_path / "disk", 32) as disk:
        shutil.copytree(club.folder, disk / "kiosk")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        there = Cli(disk / "kiosk", club.passphrase_file, club.capsys)
        for act in WRITERS.values():
            ran = act(there)
            assert ran.code == 3, ran
            assert ran.out == ""
            assert "Traceback" not in ran.err


def test_from_a_disk_that_became_read_only_everything_is_carried_away(
    club: Cli, tmp_path: Path
) -> None:
    """As a failing disk does under Linux; nobody needs the passphrase to save what lies there."""
    assert club.sell().code == 0
    with small_disk(tmp_path / "disk", 32) as disk:
        shutil.copytree(club.folder, disk / "kiosk")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        there = Cli(disk / "kiosk", club.passphrase_file, club.capsys)
        assert there.on("black-box", "export", tmp_path / "box").code == 0
        locked = there.run(
            "black-box", "export", tmp_path / "locked", f"--data={disk / 'kiosk'}",
            "--without-passphrase",
        )  # fmt: skip
        assert locked.code == 0, locked
    for name in ("box", "locked"):
        new = Cli(tmp_path / f"from-{name}", club.passphrase_file, club.capsys)
        assert new.on("black-box", "import", tmp_path / name).code == 0
        assert len(new.exported()) == 1


def test_a_full_disk_sells_nothing_and_loses_nothing(club: Cli, tmp_path: Path) -> None:
    assert club.sell().code == 0
    with small_disk(tmp_path / "disk", 40) as disk:
        shutil.copytree(club.folder, disk / "kiosk")
        there = Cli(disk / "kiosk", club.passphrase_file, club.capsys)
        refused(there.sell(), "store_full")
        (disk / "filler").write_bytes(b"x" * 30_000_000)
        refused(there.sell(), "store_full")
        for other in (there.on("load", EVENTS / "zine-fair.toml"), there.on("backup")):
            refused(other, "store_full")
            assert "so this was not done" in other.err  # and no word of a sale that was not made
        assert there.on("journal", "verify").code == 0
        assert len(there.exported()) == 1


def test_a_new_kiosk_does_not_fit_on_a_disk_without_room(club: Cli, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            for _ in range(400):
                filler.write(b"x" * 4096)
        ran = club.run(
            "init", f"--data={disk / 'kiosk'}", f"--passphrase-file={club.passphrase_file}",
            f"--recovery-out={tmp_path / 'recovery'}",
        )  # fmt: skip
        assert ran.code == 3, ran
        assert "Traceback" not in ran.err
        assert not (disk / "kiosk" / "buffer.db").exists()


@pytest.mark.parametrize("parts", [("kiosk",), ("a", "b", "kiosk")])
def test_where_selling_has_no_room_nothing_of_a_kiosk_is_made(
    club: Cli, tmp_path: Path, parts: tuple[str, ...]
) -> None:
    """199 MB would hold the files, and then refuse the first sale."""
    with small_disk(tmp_path / "disk", 199) as disk:
        ran = club.run(
            "init", f"--data={disk.joinpath(*parts)}",
            f"--passphrase-file={club.passphrase_file}", f"--recovery-out={tmp_path / 'recovery'}",
        )  # fmt: skip
        refused(ran, "store_full")
        assert "needed_mb=200" in ran.err
        assert "sale" not in ran.err.replace("All sales so far are safe", "")  # none was tried
        assert list(disk.iterdir()) == []
        assert not (tmp_path / "recovery").exists()


@pytest.mark.parametrize("name", ["buffer.db", "kiosk.keys.json", "root.pub"])
def test_a_file_full_of_noise_is_told_and_kept(club: Cli, name: str) -> None:
    noise = bytes(range(256)) * 512
    (club.folder / name).write_bytes(noise)
    for act in (*WRITERS.values(), *READERS.values()):
        ran = act(club)
        if name == "root.pub" and ran.code == 0:
            continue  # what signs nothing does not need it
        assert ran.code in {2, 3}, ran
        assert "Traceback" not in ran.err
    assert (club.folder / name).read_bytes() == noise


def test_an_old_copy_of_the_buffer_is_noticed(club: Cli) -> None:
    assert club.sell().code == 0
    kept = club.folder.parent / "old.db"
    shutil.copy2(club.folder / "buffer.db", kept)
    assert club.sell(email="later@example.org").code == 0
    shutil.copy2(kept, club.folder / "buffer.db")
    for leftover in ("buffer.db-wal", "buffer.db-shm"):
        (club.folder / leftover).unlink(missing_ok=True)
    ran = club.sell(email="third@example.org")
    refused(ran, "rolled_back")


def test_a_tampered_chain_is_found_and_named(club: Cli) -> None:
    for number in range(3):
        assert club.sell(email=f"m{number}@example.org").code == 0
    whole = club.on("journal", "verify", "--json").json
    assert whole == {"ok": True, "length": whole["length"], "broken_at": None}
    assert whole["length"] >= 4
    connection = unlocked(club)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
    ).fetchall()
    for name, _sql in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3")
    # Whoever does this properly leaves the schema as it was.
    for _name, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()
    broken = club.on("journal", "verify", "--json")
    assert broken.code == 1
    assert broken.json == {"ok": False, "length": 2, "broken_at": 3}
    told = club.on("journal", "verify")
    assert (told.code, told.out) == (1, "")
    assert "link 3" in told.err


def test_lines_that_other_work_leaves_do_not_break_the_chain(club: Cli) -> None:
    keys = vault.unlock(club.folder, SECRET).keys
    opened = BufferFile.open(club.folder, keys, now_ms=1_800_000_000_000)
    with opened.till().writing() as uow:
        line = JournalLine(kind="pin.set", entity_id="x", member_id=None, payload={}, personal=None)
        uow.journal.append(line, 1_800_000_000_000)
    opened.close()
    assert club.on("journal", "verify").code == 0


def test_the_export_has_every_sale_in_the_order_of_the_receipts(club: Cli) -> None:
    tenders = ["cash", "scan-to-pay", "pay-later"]
    told = [club.sell(tender=tender, email=f"{tender}@example.org").json for tender in tenders]
    lines = club.exported()
    assert [line["receipt_number"] for line in lines] == ["K3-000001", "K3-000002", "K3-000003"]
    for line, sold, tender in zip(lines, told, tenders, strict=True):
        assert {name: line[name] for name in sold} == sold
        assert line["occurred_at"].endswith("Z")
        assert line["tenders"][0]["kind"] == tender
        assert line["tenders"][0]["amount_minor"] == line["total_minor"] == 750
        assert line["lines"][0]["offer"] == "spice-jar"
        assert line["lines"][0]["amount_minor"] == 750
        assert line["member"] == {"name": "Maria Gomez", "email": f"{tender}@example.org"}
        assert line["settlement"] == ("confirmed" if tender == "cash" else "provisional")
    # One object per line is the only form of an export, asked for by name or not.
    assert club.on("journal", "export").lines == lines


def test_an_empty_journal_exports_nothing_and_holds(empty: Cli) -> None:
    exported = empty.on("journal", "export", "--json")
    assert (exported.code, exported.out) == (0, "")
    assert empty.on("journal", "verify", "--json").json["ok"] is True


def test_a_reader_who_has_seen_enough_is_no_error(club: Cli) -> None:
    assert club.sell().code == 0
    words = club.command("journal", "export", *club.place(), "--json")
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=club.env()
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert b"Traceback" not in child.stderr.read()
    assert child.returncode == 0


def test_the_objects_of_the_export_are_lines_of_json(club: Cli) -> None:
    assert club.sell(name="Zeile\u2028zwei").code in {0, 1}
    for line in club.on("journal", "export", "--json").out.split("\n")[:-1]:
        json.loads(line)
