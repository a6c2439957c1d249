"""Whatever interrupts the writing of a box, what was whole before stays whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.blackbox import (
    BoxWriter,
    append_generation,
    look_into,
    new_box,
)
from kiosk.blackbox.layout import HEADER
from kiosk.errors import (
    BoxDamaged,
    BoxTorn,
    StoreFull,
)
from tests.blackbox.boxes import (
    CONTENT,
    KEY,
    TOP,
    content_of,
    made,
    newest,
    opening,
    writing,
)


def test_a_box_cut_off_anywhere_is_torn(tmp_path: Path) -> None:
    whole = made(tmp_path / "a.box", CONTENT).read_bytes()
    path = tmp_path / "cut.box"
    for length in {1, len(HEADER) - 1, len(HEADER), *range(20, len(whole), 37), len(whole) - 1}:
        path.write_bytes(whole[:length])
        with pytest.raises(BoxTorn):
            look_into(path)


def test_an_append_cut_off_anywhere_leaves_the_older_content(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    first = path.stat().st_size
    append_generation(path, KEY, opening(2), writing({"a": b"newer"}))
    whole = path.read_bytes()
    for length in range(first + 1, len(whole)):
        path.write_bytes(whole[:length])
        (found,) = look_into(path)
        assert found.followed_by_ruin
    path.write_bytes(whole[:first])
    assert not look_into(path)[0].followed_by_ruin
    assert newest(path) == CONTENT


def test_a_tail_of_zeros_as_a_power_cut_leaves_it_is_passed_over(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    path.write_bytes(path.read_bytes() + bytes(100_000))
    (found,) = look_into(path)
    assert found.followed_by_ruin
    assert content_of(path, found) == CONTENT


def test_an_append_behind_a_torn_one_is_found(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT, {"a": b"torn" * 2000})
    path.write_bytes(path.read_bytes()[:-30])
    append_generation(path, KEY, opening(3), writing({"a": b"newest"}))
    found = look_into(path)
    assert [each.opening.number for each in found] == [1, 3]
    assert not found[-1].followed_by_ruin
    assert content_of(path, found[-1]) == {"a": b"newest"}


def test_an_append_behind_one_cut_off_in_a_large_frame_is_found(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    first = path.stat().st_size
    append_generation(path, KEY, opening(2), writing({"a": b"x" * 500_000}))
    # The frame that was begun says that it is longer than all that follows it.
    path.write_bytes(path.read_bytes()[: first + 20_000])
    append_generation(path, KEY, opening(3), writing({"a": b"newest"}))
    assert [found.opening.number for found in look_into(path)] == [1, 3]
    assert newest(path) == {"a": b"newest"}


def test_an_append_that_fails_is_taken_back(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    before = path.read_bytes()

    def breaks(writer: BoxWriter) -> None:
        writer.section("a", [b"1" * 10_000])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        append_generation(path, KEY, opening(2), breaks)
    assert path.read_bytes() == before


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    before = path.read_bytes()
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from tests.blackbox.boxes import *\n"
        "from tests.blackbox.test_cut_off import BIG, append_generation, new_box\n"
        "from kiosk.errors import StoreReadOnly\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "path = Path(sys.argv[1])\n"
        "for act in (lambda: append_generation(path, KEY, opening(2), writing(BIG)),\n"
        "            lambda: new_box(path.with_name('b'), KEY, opening(2), writing(BIG))):\n"
        "    try: act()\n"
        "    except StoreReadOnly: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True, text=True, check=True, cwd=TOP,
    )  # fmt: skip
    assert done.stdout.split() == ["refused", "refused"]
    assert path.read_bytes() == before
    assert not path.with_name("b").exists()


BIG = {"a": bytes(100_000)}
KILLED = """
import os, sys, random
from pathlib import Path
from tests.blackbox.boxes import KEY, opening, writing
from kiosk.blackbox import append_generation
path, number = Path(sys.argv[1]), 2
while True:
    content = {"a": str(number).encode() * 50_000}
    append_generation(path, KEY, opening(number), writing(content))
    print(number, flush=True)
    number += 1
"""


def test_a_kill_while_appending_loses_no_generation_that_was_finished(tmp_path: Path) -> None:
    dice = random.Random(11)
    for life in range(4):
        path = made(tmp_path / f"{life}.box", {"a": b"1"})
        words = [sys.executable, "-c", KILLED, str(path)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=TOP) as child:
            told = child.stdout.readline()
            time.sleep(dice.random() / 20)
            child.send_signal(signal.SIGKILL)
            acknowledged = int((told + child.stdout.read()).split()[-1])
        found = look_into(path)
        assert found[-1].opening.number >= acknowledged
        number = found[-1].opening.number
        assert content_of(path, found[-1]) == {"a": str(number).encode() * 50_000}


def test_no_room_has_its_own_sentence(tmp_path: Path) -> None:
    def full(_writer: BoxWriter) -> None:
        raise OSError(28, os.strerror(28))

    with pytest.raises(StoreFull):
        new_box(tmp_path / "a.box", KEY, opening(), full)


def test_too_many_generations_count_as_none(tmp_path: Path, monkeypatch: Any) -> None:
    path = made(tmp_path / "a.box", {"a": b"1"}, {"a": b"2"}, {"a": b"3"})
    monkeypatch.setattr("kiosk.blackbox.read.SCANNED_MOST", 2)
    with pytest.raises(BoxDamaged):
        look_into(path)
