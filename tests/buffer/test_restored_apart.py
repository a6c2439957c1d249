"""Copies that are acknowledged apart, as without a network: their numbers are drawn apart too."""

from __future__ import annotations

import dataclasses
import random
import shutil
from pathlib import Path
from typing import Final

import pytest

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.incarnations import Standing
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.restoring import (
    PASS_JUMP,
    PASS_SPREAD,
    Acknowledgement,
    acknowledge_restore,
)
from kiosk.domain.entitlement import PASSES_PER_SALE
from kiosk.errors import CertificateInvalid

NOW_MS: Final = 1_800_000_000_000
MOST: Final = 1_000_000
SAID: Final = Acknowledgement(passes_most=MOST, now_ms=NOW_MS, whole_folder=True)


@pytest.fixture
def old(buffer_file: BufferFile, tmp_path: Path, shop) -> Path:
    """A closed folder that was put back as a whole, with three sales."""
    for _ in range(3):
        shop.sell(buffer_file.till())
    buffer_file.close()
    return tmp_path


def copy_of(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / f"{folder.name}-{name}"))


def numbers(buffer: Buffer) -> tuple[set[str], set[int]]:
    """Every receipt number and pass number of a file."""
    with buffer.reading() as uow:
        sales = list(uow.sales.each())
        passes = {one.seq for sale in sales for one in uow.passes.of_sale(sale.sale_id)}
    return {sale.receipt_number for sale in sales}, passes


@pytest.mark.parametrize("most", [2 * PASS_JUMP + 500, 3 * PASS_JUMP, 10 * PASS_JUMP, MOST])
def test_the_draw_never_takes_the_last_room_of_a_certificate(
    old: Path, keys: BufferKeys, most: int
) -> None:
    """Whatever is drawn, there is as much left for this life as without a draw."""
    said = dataclasses.replace(SAID, passes_most=most, below=lambda many: many - 1)
    floor = acknowledge_restore(old, keys, said).pass_floor
    assert PASS_JUMP < floor <= most - PASS_JUMP
    assert floor <= 2 + PASS_JUMP + PASS_SPREAD + 100 * PASSES_PER_SALE


def test_two_copies_acknowledged_apart_give_out_numbers_of_their_own(
    old: Path, keys: BufferKeys, shop
) -> None:
    """As when both are put back without a network: nothing on either can know of the other."""
    dice, given = random.Random(11), []
    for name in ("here", "there"):
        folder = copy_of(old, name)
        acknowledge_restore(folder, keys, dataclasses.replace(SAID, below=dice.randrange))
        with BufferFile.open(folder, keys, now_ms=NOW_MS) as held:
            before = numbers(held.till())
            for _ in range(3):
                shop.sell(held.till())
            after = numbers(held.till())
        given.append((after[0] - before[0], after[1] - before[1]))
    for here, there in zip(*given, strict=True):
        assert len(here) == len(there) == 3
        assert here.isdisjoint(there)


def test_the_draws_leave_room_for_about_forty_lives(old: Path, keys: BufferKeys) -> None:
    dice, lives = random.Random(3), 0
    said = dataclasses.replace(SAID, below=dice.randrange)
    with pytest.raises(CertificateInvalid):
        for _ in range(100):
            acknowledge_restore(old, keys, said)
            lives += 1
    assert 30 <= lives <= 50


def test_of_copies_acknowledged_apart_one_goes_on_and_the_other_hears_of_it(
    old: Path, keys: BufferKeys
) -> None:
    """Whichever of the two numbers is higher; before, both had the same and both could stop."""
    dice, marks = random.Random(5), []
    folders = [copy_of(old, name) for name in ("here", "there")]
    for folder in folders:
        acknowledge_restore(folder, keys, dataclasses.replace(SAID, below=dice.randrange))
        with BufferFile.open(folder, keys, now_ms=NOW_MS) as held, held.till().reading() as uow:
            marks.append(uow.incarnations.mark())
    standings = []
    for folder, other in zip(folders, reversed(marks), strict=True):
        with BufferFile.open(folder, keys, now_ms=NOW_MS) as held, held.till().reading() as uow:
            standings.append(uow.incarnations.standing_of(other))
    assert set(standings) == {Standing.LEFT, Standing.FORKED}
    ahead = standings.index(Standing.LEFT)
    assert marks[ahead].incarnation > marks[1 - ahead].incarnation


@pytest.mark.parametrize("most", [4 * PASS_JUMP, MOST])
def test_a_copy_put_back_twice_begins_behind_whatever_was_drawn_the_first_time(
    old: Path, keys: BufferKeys, shop, most: int
) -> None:
    """The anchor knows that there was such a life, and not where its passes began."""
    kept = copy_of(old, "kept")
    first = dataclasses.replace(SAID, passes_most=most, below=lambda many: many - 1)
    acknowledge_restore(old, keys, first)
    with BufferFile.open(old, keys, now_ms=NOW_MS) as held:
        for _ in range(3):
            shop.sell(held.till())
        given = numbers(held.till())[1]
    shutil.copy2(kept / "buffer.db", old / "buffer.db")
    again = dataclasses.replace(SAID, passes_most=most, whole_folder=False, below=lambda _many: 0)
    assert max(given) <= acknowledge_restore(old, keys, again).pass_floor <= most - PASS_JUMP
