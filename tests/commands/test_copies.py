"""Copies of a kiosk's folder on two laptops, against one practice Stripe served on loopback."""

from __future__ import annotations

import functools
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.buffer.restoring import Acknowledgement
from sync.practice.app import PracticeStripe
from sync.practice.serve import serve
from tests.commands.conftest import Cli

NOW_MS = 1_800_000_000_000


@pytest.fixture
def stripe() -> PracticeStripe:
    return PracticeStripe(clock=lambda: NOW_MS, seed=3)


@pytest.fixture
def kiosk(club: Cli, stripe: PracticeStripe) -> Iterator[Cli]:
    """The recipe club on a rail that is elsewhere."""
    with serve(stripe, "127.0.0.1", 0) as address:
        club.configure(f'mode = "practice"\nbase_url = "{address}"')
        yield club


def sell(cli: Cli, name: str) -> str:
    ran = cli.sell(email=f"{name}@example.org", name=name)
    assert ran.code == 0, ran
    return str(ran.json["receipt_number"])


def invoices(stripe: PracticeStripe) -> int:
    return len(stripe.objects("invoice"))


def test_a_second_laptop_is_told_and_what_it_sold_is_sent(
    kiosk: Cli, stripe: PracticeStripe
) -> None:
    sell(kiosk, "ada")
    second = kiosk.copy("second")
    assert sell(kiosk, "bo") == "K3-000002"
    assert sell(second, "cleo") == "K3-000002", "offline, nobody can know"
    assert kiosk.sync("drain", "--json").code == 0
    drained = second.sync("drain", "--json")
    assert drained.code == 3
    assert "store_forked" in drained.err
    assert "kiosk restored" in drained.err
    assert drained.json["delivered"] == 2
    assert invoices(stripe) == 3
    refused = second.sell(email="dora@example.org")
    assert (refused.code, refused.out) == (3, "")
    assert "store_forked" in refused.err
    status = second.sync("status", "--json")
    assert (status.code, status.json["delivered"]) == (0, 2)
    assert "store_forked" in status.err
    assert "Another copy has sold" in second.on("journal", "verify").err
    assert sell(kiosk, "eve") == "K3-000003"
    assert kiosk.sync("drain").code == 0


def test_the_one_that_staff_confirm_goes_on(kiosk: Cli, stripe: PracticeStripe) -> None:
    sell(kiosk, "ada")
    second = kiosk.copy("second")
    first_numbers = {sell(kiosk, "bo"), sell(kiosk, "cleo")}
    sell(second, "dora")
    sell(second, "eve")
    assert kiosk.sync("drain").code == 0
    assert second.sync("drain").code == 3
    life = second.on("restored", "--json").json["incarnation"]
    number = sell(second, "finn")
    assert number == f"K3.{life}-000001"
    assert number not in first_numbers
    assert second.sync("drain").code == 0
    assert second.on("journal", "verify").err.count(f"Life {life} begins") == 1
    told = kiosk.sync("drain")
    assert told.code == 3
    assert "store_forked" in told.err
    assert kiosk.sell(email="gus@example.org").code == 3
    assert invoices(stripe) == 6


def test_a_folder_that_was_put_back_whole_is_found_at_the_rail(
    kiosk: Cli, stripe: PracticeStripe, tmp_path: Path
) -> None:
    sell(kiosk, "ada")
    kept = kiosk.copy("kept").folder
    lost = {sell(kiosk, "bo"), sell(kiosk, "cleo")}
    assert kiosk.sync("drain").code == 0
    shutil.rmtree(kiosk.folder)
    shutil.copytree(kept, kiosk.folder)
    drained = kiosk.sync("drain")
    assert drained.code == 3
    assert "rolled_back" in drained.err
    assert kiosk.sell(email="dora@example.org").code == 3
    done = kiosk.on("restored", "--json").json
    assert done["links_lost"] >= 2
    again = {sell(kiosk, "dora"), sell(kiosk, "eve")}
    assert again.isdisjoint(lost)
    assert kiosk.sync("drain").code == 0
    assert invoices(stripe) == 5, "ada's was there already, and is there once"


def test_without_a_network_both_sell_and_nobody_judges(kiosk: Cli) -> None:
    kiosk.configure('mode = "practice"\nbase_url = "http://127.0.0.1:9"')
    second = kiosk.copy("second")
    for cli in (kiosk, second):
        sell(cli, "ada")
        drained = cli.sync("drain", "--json")
        assert (drained.code, drained.json["rail"]) == (3, "unreachable")
        assert "forked" not in drained.err
        sell(cli, "bo")


def test_the_practice_rail_in_the_folder_finds_a_file_put_back_with_its_anchor(club: Cli) -> None:
    sell(club, "ada")
    kept = club.copy("kept").folder
    sell(club, "bo")
    assert club.sync("drain").code == 0
    for leftover in ("buffer.db-wal", "buffer.db-shm"):
        (club.folder / leftover).unlink(missing_ok=True)
    for name in ("buffer.db", "buffer.anchor"):
        shutil.copy2(kept / name, club.folder / name)
    assert sell(club, "cleo") == "K3-000002", "before anybody was asked"
    told = club.sync("drain", "--json")
    assert told.code == 3
    assert "store_forked" in told.err, "it has sold beside what the rail remembers"
    assert told.json["waiting"] == 0
    receipts = club.on("restored", "--json").json["receipts"]
    assert sell(club, "dora") == receipts


def test_two_copies_that_staff_confirm_apart_number_apart_and_one_of_them_stops(
    kiosk: Cli, stripe: PracticeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on either can know of the other, until one of them meets the rail."""
    # Drawn for real, two lives are the same once in a while.
    seeded = functools.partial(Acknowledgement, below=random.Random(5).randrange)
    monkeypatch.setattr("kiosk.opening.restored.Acknowledgement", seeded)
    sell(kiosk, "ada")
    copies = [kiosk.copy(name) for name in ("second", "third")]
    lives = [copy.on("restored", "--whole-folder", "--json").json for copy in copies]
    sold = [copy.sell(email=f"{each}@example.org").json
            for each, copy in enumerate(copies) for _ in range(2)]  # fmt: skip
    assert len({sale["receipt_number"] for sale in sold}) == 4
    assert len({sale["passes"][0]["number"] for sale in sold}) == 4
    told = [copy.sync("drain") for copy in (*copies, *copies)]
    assert invoices(stripe) == 5, "what either sold is sent once"
    higher = max(range(2), key=lambda each: lives[each]["incarnation"])
    assert [ran.code for ran in told[2:]] == [3 - 3 * (each == higher) for each in range(2)]
    assert copies[higher].sell(email="next@example.org").code == 0
    assert "store_forked" in copies[1 - higher].sell(email="next@example.org").err
