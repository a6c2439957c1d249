"""A salvage that is killed leaves the damaged buffer or the new one, and the next start goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.buffer import salvage_switch
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.files import BufferPaths, flush_folder
from kiosk.buffer.salvage_switch import SWITCH_NAME, built_paths, finish_switch, switching
from kiosk.errors import StoreInUse
from tests.buffer.damage import Shopful, flip_in_page

SALES = 6
ROUNDS = 4
CHILD = """
import sys
from pathlib import Path
from kiosk.buffer.files import BufferPaths, flush_folder
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.salvage import Owner, salvage_buffer
raw = bytes.fromhex(sys.stdin.readline())
one, two, three, four = (raw[at : at + 32] for at in range(0, 128, 32))
keys = BufferKeys(database=one, journal=two, anchor=three, member_kek={1: four})
print("go", flush=True)
salvage_buffer(BufferPaths(folder=Path(sys.argv[1])), keys, 1_795_000_060_000, Owner(device=3))
"""


@pytest.fixture(scope="module")
def shopful(tmp_path_factory: pytest.TempPathFactory) -> Shopful:
    return Shopful(tmp_path_factory.mktemp("shopful"), SALES)


@pytest.fixture
def damaged(shopful: Shopful) -> BufferPaths:
    paths = shopful.copy()
    flip_in_page(paths.buffer, shopful.roots()["sqlite_autoindex_sales_1"])
    return paths


def test_a_salvage_killed_anywhere_is_done_or_can_be_done_again(shopful: Shopful) -> None:
    keys = shopful.keys
    secret = (keys.database + keys.journal + keys.anchor + keys.member_kek[1]).hex()
    dice = random.Random(20261123)
    for _ in range(ROUNDS):
        paths = shopful.copy()
        flip_in_page(paths.buffer, shopful.roots()["sqlite_autoindex_sales_1"])
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(paths.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
        child.stdin.write(secret + "\n")
        child.stdin.flush()
        child.stdout.readline()
        time.sleep(dice.uniform(0, 1.2))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        shopful.salvage(paths)
        assert shopful.read(paths) == shopful.sold
        shopful.open(paths).close()
        assert shopful.audit(paths).ok
        assert not built_paths(paths).folder.exists()
        assert list(paths.folder.glob("damaged-*"))
        shutil.rmtree(paths.folder)


class Cut(Exception):
    """The power goes."""


@pytest.mark.parametrize("step", range(5))
def test_a_switch_cut_off_at_any_step_is_finished_at_the_next_start(
    shopful: Shopful, damaged: BufferPaths, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    real, left = flush_folder, iter(range(step))

    def flush(folder: Path) -> None:
        if next(left, None) is None:
            raise Cut
        real(folder)

    monkeypatch.setattr(salvage_switch, "flush_folder", flush)
    with pytest.raises(Cut):
        shopful.salvage(damaged)
    monkeypatch.undo()
    begun = switching(damaged)
    if begun:
        with pytest.raises(StoreInUse), BufferFile.look(damaged.folder, shopful.keys):
            pass
        shopful.open(damaged).close()
    else:
        shopful.salvage(damaged)
    assert shopful.read(damaged) == shopful.sold
    assert shopful.audit(damaged).ok
    assert not (damaged.folder / SWITCH_NAME).exists()


def test_what_was_only_built_is_cleared_away(shopful: Shopful) -> None:
    paths = shopful.copy()
    built_paths(paths).folder.mkdir()
    built_paths(paths).buffer.write_bytes(b"half made")
    before = paths.buffer.read_bytes()
    finish_switch(paths)
    assert not built_paths(paths).folder.exists()
    assert paths.buffer.read_bytes() == before


def test_a_disk_without_second_names_gets_a_copy(
    shopful: Shopful, damaged: BufferPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    before = damaged.buffer.read_bytes()
    shopful.salvage(damaged)
    assert (damaged.folder / "damaged-1" / "buffer.db").read_bytes() == before
    assert shopful.read(damaged) == shopful.sold
