"""`kiosk black-box`: what was sold here is finished elsewhere, each sale exactly once."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands import exit_code
from kiosk.errors import HandedOver, NotHandedOver
from kiosk.opening import open_kiosk
from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.serve import serve
from tests.commands.conftest import EVENTS, SECRET, Cli

DAY_MS = 24 * 3600 * 1000


class Rail:
    """One practice Stripe that every laptop of a test reaches, with a clock that can be moved."""

    def __init__(self) -> None:
        self.later_ms = 0
        self.stripe = PracticeStripe(clock=self.now_ms, seed=1)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.later_ms

    def sales(self) -> Counter[str]:
        """How many invoices of each sale there are."""
        found = self.stripe.objects("invoice")
        return Counter(one["metadata"]["kp_sale"] for one in found)

    def lose_answers(self, seed: int) -> None:
        rules = (
            FaultRule(kind=FaultKind.LOST_AFTER, method="POST", path="/v1/", probability=0.2),
            FaultRule(
                kind=FaultKind.ERROR_500_WITH_EFFECT, method="POST", path="/v1/", probability=0.1
            ),
        )
        self.stripe.faults = FaultPlan(rules=rules, seed=seed)

    def heal(self) -> None:
        self.stripe.faults = FaultPlan()


@contextmanager
def selling_at(cli: Cli) -> Iterator[Rail]:
    """A kiosk that sells against a rail on loopback."""
    rail = Rail()
    with serve(rail.stripe) as address:
        cli.configure(f'mode = "practice"\nbase_url = "{address}"')
        assert cli.on("load", EVENTS / "recipe-club.toml").code == 0
        yield rail


def exported(cli: Cli, file: Path, *words: object) -> dict[str, Any]:
    ran = cli.on("black-box", "export", file, "--json", *words)
    assert ran.code == 0, ran
    told: dict[str, Any] = ran.json
    return told


def imported(cli: Cli, file: Path, name: str = "other", *words: object) -> Cli:
    other = Cli(cli.folder.with_name(name), cli.passphrase_file, cli.capsys)
    ran = other.on("black-box", "import", file, *words)
    assert ran.code == 0, ran
    return other


def drained(cli: Cli, times: int = 8) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for _ in range(times):
        report = cli.sync("drain", "--json").json
        if report["waiting"] + report["unknown"] == 0:
            break
    return report


def sold(cli: Cli, count: int, tender: str = "cash") -> list[str]:
    ids = []
    for number in range(count):
        ran = cli.sell(tender=tender, email=f"m{number}-{tender}@example.org")
        assert ran.code == 0, ran
        ids.append(ran.json["sale_id"])
    return ids


def test_another_laptop_goes_on_with_every_sale_exactly_once(club: Cli, tmp_path: Path) -> None:
    file = tmp_path / "box"
    with selling_at(club) as rail:
        ids = sold(club, 3) + sold(club, 1, "pay-later")
        told = exported(club, file, "--hand-over")
        assert (told["sales"], told["unsent"], told["handed_over"]) == (4, 5, True)
        other = imported(club, file)
        rail.lose_answers(3)
        for _ in range(4):
            other.sync("drain", "--json")
        rail.heal()
        assert drained(other)["parked"] == 0
        assert rail.sales() == Counter(ids)
    assert [line["sale_id"] for line in other.exported()] == ids
    assert other.on("journal", "verify").code == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_first_laptop_still_sent_is_found_and_not_done_again(
    club: Cli, tmp_path: Path, seed: int
) -> None:
    file = tmp_path / "box"
    with selling_at(club) as rail:
        ids = sold(club, 4)
        rail.lose_answers(seed)
        club.sync("drain", "--json")
        exported(club, file)
        for _ in range(2):
            club.sync("drain", "--json")
        # Longer than a key of the rail lives: only looking helps now.
        rail.later_ms = 3 * DAY_MS
        other = imported(club, file)
        for _ in range(3):
            other.sync("drain", "--json")
        rail.heal()
        drained(other)
        drained(club)
        assert rail.sales() == Counter(ids)
        customers = Counter(one["email"] for one in rail.stripe.objects("customer"))
        assert set(customers.values()) == {1}


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
    report = drained(other)
    # Pay later is delivered when the invoice is out; its payment is watched.
    assert (report["delivered"], report["parked"]) == (3, 0)
    assert [line["sale_id"] for line in other.exported()] == ids


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
    refused = club.on("black-box", "import", tmp_path / "box", "--generation=9")
    assert refused.code == 1


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
    assert club.on("black-box", "needed", "--json").json == {"unsent": 0, "unsent_by_mode": {}}
    sold(club, 2)
    ran = club.on("black-box", "needed", "--json")
    assert (ran.code, ran.json["unsent"]) == (1, 2)
    said = club.on("black-box", "needed")
    assert (said.code, "black-box export" in said.err) == (1, True)
    assert drained(club)["delivered"] == 2
    assert club.on("black-box", "needed").code == 0
    nothing = Cli(tmp_path / "nothing", club.passphrase_file, club.capsys)
    assert nothing.on("black-box", "needed").code == 0


def test_init_over_a_kiosk_with_unsent_sales_is_refused(club: Cli, tmp_path: Path) -> None:
    ids = sold(club, 1)
    ran = club.on("init", f"--recovery-out={tmp_path / 'new'}")
    assert (ran.code, "store_exists" in ran.err) == (1, True)
    assert [line["sale_id"] for line in club.exported()] == ids


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


def test_the_two_new_refusals_are_refusals() -> None:
    assert exit_code(HandedOver(file="box", at="2026-01-01T00:00:00Z")) == 1
    assert exit_code(NotHandedOver()) == 1
