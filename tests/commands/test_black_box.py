"""`kiosk black-box`: what was sold here is finished elsewhere, each sale exactly once."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from kiosk.commands import exit_code
from kiosk.errors import HandedOver, NotHandedOver
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from tests.commands.carrying import DAY_MS, drained, exported, imported, selling_at, sold
from tests.commands.conftest import EVENTS, SECRET, Cli


def test_another_laptop_goes_on_with_every_sale_exactly_once(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "box"
    with selling_at(club) as rail:
        ids = sold(club, 2) + sold(club, 1, "pay-later")
        told = exported(club, file, "--hand-over")
        assert (told["sales"], told["unsent"], told["handed_over"]) == (3, 4, True)
        other = imported(club, file)
        rail.lose_answers(3)
        for _ in range(2):
            other.sync("drain", "--json")
        rail.heal()
        assert drained(other, 2)["parked"] == 0
        assert rail.sales() == Counter(ids)
    assert [line["sale_id"] for line in other.exported()] == ids
    assert other.on("journal", "verify").code == 0


def test_what_the_first_laptop_still_sent_is_found_and_not_done_again(
    club: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "box"
    with selling_at(club) as rail:
        ids = sold(club, 3)
        rail.lose_answers(1)
        club.sync("drain", "--json")
        exported(club, file)
        club.sync("drain", "--json")
        # Longer than a key of the rail lives: only looking helps now.
        rail.later_ms = 3 * DAY_MS
        other = imported(club, file)
        other.sync("drain", "--json")
        rail.heal()
        drained(other)
        drained(club)
        assert rail.sales() == Counter(ids)
        customers = Counter(one["email"] for one in rail.stripe.objects("customer"))
        assert set(customers.values()) == {1}


def test_what_was_on_its_way_when_the_machine_died_is_looked_for_elsewhere(
    club: Cli, tmp_path: Path
) -> None:
    with selling_at(club) as rail:
        ids = sold(club, 2)
        slow = FaultRule(kind=FaultKind.SLOW, method="POST", path="/v1/invoices", seconds=1.0)
        rail.stripe.faults = FaultPlan(rules=(slow,))
        words = club.command("drain", *club.place(), wing="sync")
        with subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=club.env()
        ) as child:
            for _ in range(200):
                time.sleep(0.05)
                if rail.stripe.objects("customer"):
                    break
            time.sleep(0.2)
            child.send_signal(signal.SIGKILL)
        rail.heal()
        exported(club, tmp_path / "box")
        rail.later_ms = 3 * DAY_MS
        assert drained(imported(club, tmp_path / "box"))["parked"] == 0
        assert rail.sales() == Counter(ids)


def test_sales_after_the_import_have_numbers_of_their_own(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "box"
    sold(club, 2)
    exported(club, file)
    other = imported(club, file)
    here = [club.sell(email=f"a{n}@example.org").json for n in range(2)]
    there = [other.sell(email=f"b{n}@example.org").json for n in range(2)]
    receipts = [sale["receipt_number"] for sale in here + there]
    passes = [each["number"] for sale in here + there for each in sale["passes"]]
    assert len(set(receipts)) == len(receipts)
    assert len(set(passes)) == len(passes)
    root = f"--root={other.folder / 'root.pub'}"
    for sale in there:
        text = sale["passes"][0]["text"]
        ran = other.run("pass", "verify", text, root, "--training", "--json")
        assert ran.json["verdict"] == "accepted"


def test_the_practice_stripe_inside_travels_along(club: Cli, tmp_path: Path) -> None:
    ids = sold(club, 2)
    assert drained(club)["delivered"] == 2
    ids += sold(club, 1, "pay-later")
    exported(club, tmp_path / "box")
    other = imported(club, tmp_path / "box")
    report = drained(other, 1)
    # Pay later is delivered when the invoice is out; its payment is watched.
    assert (report["delivered"], report["parked"]) == (3, 0)
    assert [line["sale_id"] for line in other.exported()] == ids


def test_a_kiosk_that_was_handed_over_neither_sells_nor_sends(club: Cli, tmp_path: Path) -> None:
    ids = sold(club, 1)
    exported(club, tmp_path / "box", "--hand-over")
    for ran in (
        club.sell(),
        club.sync("drain", "--json"),
        club.on("load", EVENTS / "zine-fair.toml"),
    ):
        assert (ran.code, "handed_over" in ran.err, "file=box" in ran.err) == (1, True, True)
        assert ran.out == ""
    # It can be looked at, and carried away again.
    assert [line["sale_id"] for line in club.exported()] == ids
    assert exported(club, tmp_path / "again")["sales"] == 1
    assert imported(club, tmp_path / "again", "third").sell().code == 0


def test_a_kiosk_is_taken_back_only_when_somebody_says_that_no_other_goes_on(
    club: Cli, tmp_path: Path
) -> None:
    refused = club.on("black-box", "take-back", "--other-never-started")
    assert (refused.code, "not_handed_over" in refused.err) == (1, True)
    exported(club, tmp_path / "box", "--hand-over")
    assert club.on("black-box", "take-back").code == 2
    assert club.sell().code == 1
    assert club.on("black-box", "take-back", "--other-never-started", "--json").code == 0
    assert club.sell().code == 0
    assert club.on("journal", "verify").code == 0


def test_whoever_goes_on_is_told_who_else_might(club: Cli, tmp_path: Path) -> None:
    exported(club, tmp_path / "open")
    exported(club, tmp_path / "box", "--hand-over")
    # A copy of a kiosk that is closed already; another one may be selling from the box.
    exported(club, tmp_path / "late")
    told = {}
    for name in ("open", "box", "late"):
        other = Cli(tmp_path / f"{name}-folder", club.passphrase_file, club.capsys)
        told[name] = other.on("black-box", "import", tmp_path / name).err
    assert "was not closed: sell with one of the two only" in told["open"]
    assert "in this folder only" in told["box"]
    assert "had been handed over with another box" in told["late"]
    assert all("was not closed" not in told[name] for name in ("box", "late"))


def test_where_it_went_is_written_in_both_journals(club: Cli, tmp_path: Path) -> None:
    def kinds(cli: Cli) -> list[str]:
        from kiosk.opening import looked_at

        with looked_at(cli.folder, SECRET) as desk, desk.buffer.reading() as uow:
            return [link.kind for link in uow.journal.each() if "." in link.kind]

    exported(club, tmp_path / "box", "--hand-over")
    assert kinds(club)[-1] == "black_box.exported"
    other = imported(club, tmp_path / "box")
    assert "black_box.exported" in kinds(other)
    assert kinds(other)[-1] == "black_box.imported"
    assert club.on("black-box", "take-back", "--other-never-started").code == 0
    assert kinds(club)[-1] == "black_box.taken_back"


def test_needed_says_whether_the_program_may_be_removed(club: Cli, tmp_path: Path) -> None:
    before = club.on("black-box", "needed", "--json").json
    assert before == {"unsent": 0, "unsent_by_mode": {}, "handed_over": False}
    sold(club, 2)
    ran = club.on("black-box", "needed", "--json")
    assert (ran.code, ran.json["unsent"]) == (1, 2)
    said = club.on("black-box", "needed")
    assert (said.code, "black-box export" in said.err) == (1, True)
    assert drained(club)["delivered"] == 2
    assert club.on("black-box", "needed").code == 0
    nothing = Cli(tmp_path / "nothing", club.passphrase_file, club.capsys)
    assert nothing.on("black-box", "needed").code == 0


def test_needed_does_not_call_a_kiosk_that_is_not_there_sent(club: Cli, tmp_path: Path) -> None:
    ran = Cli(tmp_path / "typo", club.passphrase_file, club.capsys).on("black-box", "needed")
    assert (ran.code, "Everything is sent" in ran.err) == (0, False)
    assert "no kiosk" in ran.err


@pytest.mark.parametrize(("left", "code"), [("", "key_file_missing"), ("x", "key_file_damaged")])
def test_a_locked_box_is_not_made_without_the_key_file(
    club: Cli, tmp_path: Path, left: str, code: str
) -> None:
    (club.folder / "kiosk.keys.json").unlink()
    if left:
        (club.folder / "kiosk.keys.json").mkdir()
    ran = club.run(
        "black-box", "export", tmp_path / "box", f"--data={club.folder}", "--without-passphrase"
    )
    assert (ran.code, code in ran.err, (tmp_path / "box").exists()) == (3, True, False)


def test_a_kiosk_that_was_handed_over_may_be_removed(club: Cli, tmp_path: Path) -> None:
    sold(club, 1)
    exported(club, tmp_path / "box", "--hand-over")
    ran = club.on("black-box", "needed", "--json")
    assert (ran.code, ran.json["unsent"], ran.json["handed_over"]) == (0, 1, True)
    assert "goes on elsewhere" in club.on("black-box", "needed").err


def test_init_over_a_kiosk_with_unsent_sales_is_refused(club: Cli, tmp_path: Path) -> None:
    ids = sold(club, 1)
    ran = club.on("init", f"--recovery-out={tmp_path / 'new'}")
    assert (ran.code, "store_exists" in ran.err) == (1, True)
    assert "black-box export" in ran.err
    assert [line["sale_id"] for line in club.exported()] == ids


def test_the_two_new_refusals_are_refusals() -> None:
    assert exit_code(HandedOver(file="box", at="2026-01-01T00:00:00Z")) == 1
    assert exit_code(NotHandedOver()) == 1
