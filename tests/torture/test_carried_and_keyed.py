"""The parts that make, lock and carry a kiosk: a program that lies is caught by each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture.campaigns import run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the campaign needs fork")

LYING = """
import contextlib, sys, time
from kiosk.blackbox import new_box
from kiosk.buffer.buffer import BufferFile
from kiosk.opening import arrival, exporting, packing, unpacking
from kiosk.vault import change, data_key, key_file
from tests.torture import __main__ as campaign
from tests.torture.tally import Tally

def rewriting():
    def append(path, key, opening, fill):
        path.unlink()
        time.sleep(0.05)
        new_box(path, key, opening, fill)
    packing.append_generation = append

def not_closing():
    exporting.put_handed_over = lambda uow, file, now_ms: None

def closing_too_early():
    real = exporting.pack
    def pack(place, target, order):
        if not order.handed_over:
            return real(place, target, order)
        from pathlib import Path
        return real(place, target.with_name("another.box"), order)
    exporting.pack = pack

def dropping():
    real = unpacking.arrive
    def arrive(buffer_file, opening, about, now_ms):
        with buffer_file.sync().writing() as uow:
            execute = uow.sales._session.connection.execute
            found = "SELECT name, sql FROM sqlite_master WHERE sql LIKE '%outbox: never deleted%'"
            (name, trigger), = execute(found).fetchall()
            execute(f"DROP TRIGGER {name}")
            execute("DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox WHERE seq NOT IN"
                    " (SELECT entry_seq FROM outbox_steps))")
            execute(trigger)
        return real(buffer_file, opening, about, now_ms)
    unpacking.arrive = arrive

def numbering_on():
    from kiosk.buffer import restoring
    restoring._jump = lambda connection, lost, acknowledged, met: 1
    arrival.begin_again = unpacking.begin_again = lambda folder, keys, now_ms: None

def naming_too_early():
    real = unpacking._make_ready
    def ready(box, staging, held, now_ms):
        target = staging.with_name(staging.name[1:].removesuffix(".making"))
        staging.rename(target)
        time.sleep(0.1)
        target.rename(staging)
        return real(box, staging, held, now_ms)
    unpacking._make_ready = ready

def keys_too_late():
    kept, store, create = [], data_key.store, BufferFile.create
    data_key.store = lambda *words: kept.append(words)
    def slowly(*words, **named):
        made = create(*words, **named)
        time.sleep(0.1)
        store(*kept[-1])
        return made
    BufferFile.create = slowly

def another_recovery_key():
    from kiosk.opening import making
    real = making.vault.make
    def make(folder, passphrase, **named):
        _, recovery = real(folder, passphrase, **named)
        return real(folder, passphrase, **named)[0], recovery
    making.vault.make = make

def in_place():
    real = key_file._replace
    def replace(path, content):
        path.unlink(missing_ok=True)
        time.sleep(0.05)
        real(path, content)
    key_file._replace = replace

def not_removing():
    real = change.store
    change.check_way_in = lambda document, method: skipped.append(1)
    skipped = []
    def store(folder, document, key):
        if skipped:
            skipped.clear()
            return
        real(folder, document, key)
    change.store = store
    change.forget_beside = lambda old, places: None  # a PIN without its other half opens nothing

def one_word_is_enough():
    real = Tally.tell
    def tell(tally, what):
        real(tally, what)
        tally.rounds += 1_000_000
    Tally.tell = tell

one_word_is_enough()
globals()[sys.argv.pop(1)]()
raise SystemExit(campaign.main())
"""


@pytest.mark.parametrize(
    ("lie", "part", "rounds"),
    [
        ("rewriting", "black-boxing", 40),
        ("not_closing", "black-boxing", 60),
        ("closing_too_early", "black-boxing", 60),
        ("dropping", "black-boxing", 6),
        ("numbering_on", "black-boxing", 6),
        ("naming_too_early", "black-boxing", 60),
        ("keys_too_late", "initialising", 40),
        ("another_recovery_key", "initialising", 1),
        ("in_place", "changing-keys", 40),
        ("not_removing", "changing-keys", 80),
    ],
)
def test_a_program_that_lies_is_caught(repository: Path, lie: str, part: str, rounds: int) -> None:
    code, parts = run(repository, lie, part, "--rounds", str(rounds), "--by-clock", code=LYING)
    assert code == 1
    (found,) = parts.values()
    assert found["lost"] + found["wrong"] + found["half"] > 0
    assert found["told"]
    assert not [told for told in found["told"] if "stumbled" in told], "the lie itself is broken"
