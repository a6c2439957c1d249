"""`kiosk salvage`, from the command line to the rail: nothing twice, nothing forgotten."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.buffer.wreck import Wreck
from kiosk.opening.unlocking import unlock_to_look
from tests.buffer.damage import flip
from tests.commands.carrying import DAY_MS, drained, exported, selling_at, sold
from tests.commands.conftest import SECRET, Cli


def lose(kiosk: Cli, *tables: str) -> None:
    """Damage every page of rows of these tables."""
    paths = BufferPaths(folder=kiosk.folder)
    wreck = Wreck(paths, unlock_to_look(kiosk.folder, SECRET).keys.database, None)
    before = bytes(wreck._reached)
    for table in tables:
        for _ in wreck.rows(table, wreck.tally()):
            pass
    pages = [at for at, reached in enumerate(wreck._reached) if reached and not before[at]]
    wreck.close()
    for page in pages:
        flip(paths.buffer, (page - 1) * PAGE_BYTES + 1000)


@pytest.mark.parametrize("lost", [("outbox",), ("outbox", "outbox_steps", "outbox_attempts")])
def test_what_a_salvage_puts_back_reaches_the_rail_exactly_once(club: Cli, lost) -> None:
    with selling_at(club) as rail:
        ids = sold(club, 2) + sold(club, 1, "pay-later")
        rail.lose_answers(1)
        club.sync("drain", "--json")
        ids += sold(club, 2)
        lose(club, *lost)
        told = club.on("salvage", "--json")
        assert told.code == 1
        assert told.json["in_part"] == told.json["unsent"] == []
        rail.heal()
        # Longer than a key of the rail lives: only looking helps now.
        rail.later_ms = 3 * DAY_MS
        assert drained(club, 1)["parked"] == 0
        assert rail.sales() == Counter(ids)
        customers = Counter(one["email"] for one in rail.stripe.objects("customer"))
        assert set(customers.values()) == {1}
    assert [line["sale_id"] for line in club.exported()] == ids
    assert club.on("doctor", "--full", "--json").json["full"]["flaws"] == []


def test_what_nobody_knows_any_more_is_named_by_its_receipt(club: Cli) -> None:
    sold(club, 2)
    lose(club, "outbox", "snapshots")
    told = club.copy("twin").on("salvage")
    assert told.code == 1
    assert "nobody knows what they owe" in told.err
    assert "K3-000001" in told.err
    assert club.on("salvage", "--json").json["unsent"] == ["K3-000001", "K3-000002"]
    checks = {check["words"]: check for check in club.on("doctor", "--json").json["checks"]}
    assert checks["salvaged.unsent"]["fields"]["receipts"] == "K3-000001, K3-000002"


@pytest.mark.parametrize("closed", [True, False])
def test_a_kiosk_that_was_handed_over_stays_closed(
    club: Cli, tmp_path: Path, *, closed: bool
) -> None:
    """Also where the setting that says so is lost; one that was taken back is open."""
    exported(club, tmp_path / "box", "--hand-over")
    if not closed:
        assert club.on("black-box", "take-back", "--other-never-started").code == 0
    lose(club, "settings")
    assert club.on("salvage").code == 1
    assert club.sell().code == (1 if closed else 0)
    if closed:
        assert club.on("black-box", "take-back", "--other-never-started").code == 0
        assert club.sell().code == 0


def test_whoever_is_erased_is_told_where_a_salvage_keeps_them(club: Cli) -> None:
    assert club.sell().code == 0
    assert club.sync("drain").code == 0
    other = club.copy("other")
    lose(club, "counters")
    club.on("salvage")
    who = "--email=maria@example.org"
    erased = club.on("member", "erase", who, "--json")
    assert erased.json["damaged"] == ["damaged-1"]
    assert "holds the person yet, in damaged-1" in erased.err
    checks = {check["words"]: check for check in club.on("doctor", "--json").json["checks"]}
    assert checks["damaged.kept"]["fields"]["folders"] == "damaged-1"
    untouched = other.on("member", "erase", who, "--json")
    assert untouched.json["damaged"] == []
    assert "damaged" not in untouched.err


def test_the_journal_says_what_a_salvage_could_not_read_of_it(club: Cli) -> None:
    sold(club, 2)
    whole = club.on("journal", "verify")
    assert "Missing" not in whole.err
    lose(club, "journal")
    assert club.on("salvage").code == 1
    told = club.on("journal", "verify")
    assert told.code == 0
    assert re.search(r"Missing from it, as a salvage has told: \d+ links\.", told.err)
