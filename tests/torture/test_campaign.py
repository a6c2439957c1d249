"""The campaign in short: every part runs and is clean, and a till that lies is caught."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture import shim
from tests.torture.campaigns import SECONDS_MOST, run
from tests.torture.tally import Tally, table

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the campaign needs fork")

LYING = """
import sys
from kiosk.domain.ids import SaleId
from kiosk.service.sell import record_sale
from tests.torture import __main__ as campaign, shops

def early(world, say):
    sale_id = SaleId(world.desk.make_id())
    number = world.facts()["sales"] + 1
    say(f"ack {sale_id} K3-{number:06d}")
    record_sale(world.desk, world.draft("spice-jar", sale_id=sale_id))

def careless(world, say):
    sale = record_sale(world.desk, world.draft("spice-jar")).sale
    say(f"ack {sale.sale_id} {sale.receipt_number}")
    with world.desk.buffer.writing() as uow:
        execute = uow.sales._session.connection.execute
        found = execute("SELECT sql FROM sqlite_master WHERE name = 'passes_no_delete'")
        trigger, = found.fetchone()
        execute("DROP TRIGGER passes_no_delete")
        execute("DELETE FROM passes WHERE sale_id = ?", (sale.sale_id,))
        execute(trigger)

def clumsy(world, say):
    raise ZeroDivisionError("a bug")

shops.sell_one = {"early": early, "careless": careless, "clumsy": clumsy}[sys.argv.pop(1)]
raise SystemExit(campaign.main())
"""


UNFLUSHED = """
import sys
from kiosk.buffer import buffer, database
from tests.torture import __main__ as campaign

def forgetful(sql):
    return sql.replace("synchronous = FULL", f"synchronous = {sys.argv[1]}")

database._PRAGMAS = tuple(map(forgetful, database._PRAGMAS))
del sys.argv[1]
raise SystemExit(campaign.main())
"""


def test_every_part_in_short_loses_nothing(repository: Path) -> None:
    code, parts = run(repository, "--rounds", "3")
    assert code == 0
    assert all(part["lost"] == part["half"] == part["missed"] == 0 for part in parts.values())
    for name in (
        "selling", "draining", "copying", "migrating", "rekeying", "backing up",
        "changing keys",
    ):  # fmt: skip
        assert parts[name]["kills"] >= 3, name
    assert sum(part["acknowledged"] for part in parts.values()) > 20
    assert parts["bits flipped"]["found"] + parts["bits flipped"]["harmless"] == 3
    assert parts["salvaging"]["found"] > 0
    assert parts["initialising"]["rounds"] >= 3
    assert parts["black boxes"]["rounds"] >= 6, "a whole journey"
    assert parts["power cut"]["skipped"] == shim.missing() or parts["power cut"]["rounds"] == 3
    everywhere = parts["migrating, each call"]
    assert everywhere["skipped"] == shim.missing() or everywhere["kills"] == 6


@pytest.mark.parametrize(
    ("till", "count"), [("early", "lost"), ("careless", "half"), ("clumsy", "wrong")]
)
def test_a_till_that_is_not_honest_is_caught(repository: Path, till: str, count: str) -> None:
    asked = (till, "selling", "--rounds", "12", "--by-clock")
    code, parts = run(repository, *asked, code=LYING)
    assert code == 1
    assert parts["selling"][count] > 0
    assert parts["selling"]["told"]


@pytest.mark.skipif(shim.missing() is not None, reason=str(shim.missing()))
@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_a_buffer_that_does_not_flush_is_caught_by_a_power_cut(
    repository: Path, tmp_path: Path, synchronous: str
) -> None:
    """A kill does not show it: what was written is there, flushed or not."""
    asked = (synchronous, "cutting", "--rounds", "40")
    code, parts = run(repository, *asked, code=UNFLUSHED, library=shim.build(tmp_path))
    assert code == 1
    assert parts["power cut"]["lost"] + parts["power cut"]["wrong"] > 0


def test_a_part_that_there_is_not_is_refused(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "juggling"],
        cwd=repository, capture_output=True, text=True, timeout=SECONDS_MOST, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "juggling" in done.stderr


def test_the_table_says_what_was_left_out_and_what_was_wrong() -> None:
    lost = Tally(part="selling", rounds=1200, lost=1)
    lost.tell("K3-000001")
    out = Tally(part="disk full", skipped="no disk")
    lines = table((lost, out), 7).splitlines()
    assert "1,200" in lines[1]
    assert lines[2] == "disk full  left out: no disk"
    assert lines[3] == "selling: K3-000001"
    assert lines[4] == "seed 7: NOT CLEAN"
    assert json.loads(lines[5])["clean"] is False
    assert table((out,), 7).splitlines()[2] == "seed 7: nothing lost, nothing half"


def test_a_tally_is_clean_only_without_anything_that_must_not_be() -> None:
    assert Tally(part="a", rounds=9, kills=9, acknowledged=9, found=9, harmless=9).clean
    for name in ("lost", "half", "wrong", "missed"):
        spoilt = Tally(part="a")
        setattr(spoilt, name, 1)
        assert not spoilt.clean
    full = Tally(part="a")
    for number in range(100):
        full.tell(str(number))
    assert len(full.told) == 20
