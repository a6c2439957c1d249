"""An older copy that was put back is noticed, and sells on as a new life once staff say so."""

from __future__ import annotations

import dataclasses
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer.anchor import SLOT_BYTES, Anchor, read_anchor
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.incarnations import Standing
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.restoring import PASS_JUMP, Acknowledgement, acknowledge_restore
from kiosk.buffer.salvage import Owner, salvage_buffer
from kiosk.domain.outbox import Entry, RailMode
from kiosk.errors import (
    CertificateInvalid,
    NothingRestored,
    RolledBack,
    StoreCorrupt,
    StoreInUse,
)

NOW_MS = 1_800_000_000_000
MOST = 1_000_000
FILES = ("buffer.db", "buffer.anchor")
SAID = Acknowledgement(passes_most=MOST, now_ms=NOW_MS, below=lambda _: 0)
Open = Callable[[], BufferFile]


def copy_of(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / f"{folder.name}-{name}"))


def put_back(kept: Path, folder: Path, *names: str) -> None:
    for name in ("buffer.db-wal", "buffer.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for name in names:
        shutil.copy(kept / name, folder / name)


def numbers(buffer: Buffer) -> tuple[list[str], list[int]]:
    """Every receipt number and pass number of a file."""
    with buffer.reading() as uow:
        sales = list(uow.sales.each())
        passes = [one.seq for sale in sales for one in uow.passes.of_sale(sale.sale_id)]
    return [sale.receipt_number for sale in sales], passes


@pytest.fixture
def sold(buffer_file: BufferFile, tmp_path: Path, shop) -> Path:
    """A closed folder with three sales in it."""
    for _ in range(3):
        shop.sell(buffer_file.till())
    buffer_file.close()
    return tmp_path


@pytest.fixture
def old(sold: Path, reopen: Open, shop) -> Path:
    """The same, after two more sales and with the file of before put back."""
    kept = copy_of(sold, "kept")
    with reopen() as held:
        for _ in range(2):
            shop.sell(held.till())
    put_back(kept, sold, "buffer.db")
    return sold


def test_an_old_copy_sells_on_after_it_was_acknowledged(old: Path, keys, reopen: Open, shop):
    with pytest.raises(RolledBack):
        reopen()
    life = acknowledge_restore(old, keys, SAID)
    assert (life.number, life.former, life.known_seq, life.lost_links) == (2, 1, 5, 2)
    with reopen() as held:
        assert held.till().identity.incarnation == 2
        shop.sell(held.till())
        receipts, passes = numbers(held.till())
        with held.till().reading() as uow:
            (begun,) = uow.incarnations.each()
            link = next(iter(uow.journal.each(life.journal_seq)))
            assert uow.journal.verify().ok
            assert uow.incarnations.doubt() is None
    assert receipts == ["K3-000001", "K3-000002", "K3-000003", "K3.2-000001"]
    assert passes[:3] == [1, 2, 3]
    assert passes[3] == life.pass_floor + 1 > 3 + 2 * 8 + PASS_JUMP
    assert begun == life
    assert (link.kind, link.seq) == ("buffer.restored", 4)
    reopen().close()


def test_what_is_printed_of_an_acknowledgement_is_in_the_journal(old: Path, keys, reopen: Open):
    acknowledge_restore(old, keys, SAID)
    with BufferFile.look(old, keys) as looked:
        assert looked.verify_journal().ok
        with looked.reading() as uow:
            *_, link = uow.journal.each()
    assert '"former":1' in link.payload
    assert '"known_seq":5' in link.payload


def test_a_copy_that_is_put_back_after_an_acknowledgement_is_found_again(
    old: Path, keys: BufferKeys, reopen: Open, shop
) -> None:
    kept = copy_of(old, "before")
    acknowledge_restore(old, keys, SAID)
    with reopen() as held:
        shop.sell(held.till())
    put_back(kept, old, "buffer.db")
    with pytest.raises(RolledBack):
        reopen()
    again = acknowledge_restore(old, keys, SAID)
    assert again.number == 3, "the number of a life that was heard of is never used again"


def test_a_file_from_which_nothing_is_missing_is_not_restored(sold: Path, keys, reopen: Open):
    before = (sold / "buffer.anchor").read_bytes()
    with pytest.raises(NothingRestored):
        acknowledge_restore(sold, keys, SAID)
    assert (sold / "buffer.anchor").read_bytes() == before
    with reopen() as held:
        assert held.till().identity.incarnation == 1


def test_staff_may_know_what_no_file_can_tell(sold: Path, keys, reopen: Open) -> None:
    said = dataclasses.replace(SAID, whole_folder=True)
    life = acknowledge_restore(sold, keys, said)
    assert (life.number, life.known_seq, life.lost_links) == (2, None, None)
    assert life.pass_floor == 3 + PASS_JUMP
    reopen().close()


def test_a_file_that_came_without_its_anchor_gets_one_when_it_is_acknowledged(
    sold: Path, keys: BufferKeys, reopen: Open
) -> None:
    (sold / "buffer.anchor").unlink()
    with pytest.raises(StoreCorrupt):
        reopen()
    life = acknowledge_restore(sold, keys, SAID)
    assert life.number == 2
    mark = read_anchor(sold / "buffer.anchor", keys.anchor)
    assert mark is not None
    assert mark.order == (2, 4)
    reopen().close()


@given(raw=st.one_of(st.binary(max_size=200), st.binary(min_size=128, max_size=128)))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_anchor_of_our_own_that_is_garbled_is_got_over_as_a_missing_one(
    sold: Path, keys: BufferKeys, reopen: Open, raw: bytes
) -> None:
    before = {path.name: path.read_bytes() for path in sold.iterdir()}
    (sold / "buffer.anchor").write_bytes(raw)
    with pytest.raises(StoreCorrupt) as caught:
        reopen()
    assert caught.value.fields == {"check": "anchor"}
    assert acknowledge_restore(sold, keys, SAID).number == 2
    mark = read_anchor(sold / "buffer.anchor", keys.anchor)
    assert mark is not None
    assert mark.order == (2, 4)
    reopen().close()
    for name, whole in before.items():
        (sold / name).write_bytes(whole)


@pytest.mark.parametrize("at", [0, 3, 17, 25, 40, 50])
def test_the_same_flipped_bit_in_both_slots_makes_no_other_kiosk_of_ours(
    sold: Path, keys: BufferKeys, reopen: Open, at: int
) -> None:
    raw = bytearray((sold / "buffer.anchor").read_bytes())
    raw[at] ^= 1
    raw[SLOT_BYTES + at] ^= 1
    (sold / "buffer.anchor").write_bytes(raw)
    assert acknowledge_restore(sold, keys, SAID).number == 2
    reopen().close()


@pytest.mark.parametrize("same_keys", [True, False])
def test_an_anchor_of_another_kiosk_is_refused_and_left_alone(
    sold: Path, keys: BufferKeys, reopen: Open, shop, tmp_path_factory, same_keys: bool
) -> None:
    other = tmp_path_factory.mktemp("other")
    theirs = keys if same_keys else dataclasses.replace(keys, anchor=bytes(32))
    BufferFile.create(other, theirs, device=4, buffer_id=shop.make_id(), now_ms=NOW_MS).close()
    put_back(other, sold, "buffer.anchor")
    before = (sold / "buffer.anchor").read_bytes()
    for attempt in (reopen, lambda: acknowledge_restore(sold, keys, SAID)):
        with pytest.raises(StoreCorrupt) as caught:
            attempt()
        assert caught.value.fields == {"check": "anchor_foreign"}
    assert (sold / "buffer.anchor").read_bytes() == before
    (sold / "buffer.anchor").unlink()
    assert acknowledge_restore(sold, keys, SAID).number == 2


@pytest.mark.parametrize("left", [None, b"\x5a" * 128])
def test_a_salvage_does_not_get_over_a_lost_anchor_under_numbers_that_were_given_out(
    sold: Path, keys: BufferKeys, left: bytes | None
) -> None:
    (sold / "buffer.anchor").unlink()
    if left is not None:
        (sold / "buffer.anchor").write_bytes(left)
    with pytest.raises(StoreCorrupt) as caught:
        salvage_buffer(BufferPaths(folder=sold), keys, NOW_MS, Owner(device=3))
    assert caught.value.fields == {"check": "anchor_missing" if left is None else "anchor"}
    assert not list(sold.glob("damaged-*"))


def test_a_kiosk_that_runs_is_not_acknowledged(buffer_file, tmp_path: Path, keys) -> None:
    with pytest.raises(StoreInUse):
        acknowledge_restore(tmp_path, keys, SAID)


def test_a_certificate_without_room_for_a_jump_is_told_and_nothing_begins(
    old: Path, keys: BufferKeys, reopen: Open
) -> None:
    with pytest.raises(CertificateInvalid) as caught:
        acknowledge_restore(old, keys, dataclasses.replace(SAID, passes_most=2 * PASS_JUMP))
    assert caught.value.fields == {"reason": "seq_limit"}
    with pytest.raises(RolledBack):
        reopen()


def test_marks_of_a_life_that_was_left_behind_never_overwrite_newer_ones(
    old: Path, keys: BufferKeys, reopen: Open
) -> None:
    behind = read_anchor(old / "buffer.anchor", keys.anchor)
    assert behind is not None
    acknowledge_restore(old, keys, SAID)
    with reopen() as held, held.till().reading() as uow:
        assert uow.incarnations.standing_of(behind) is Standing.LEFT
    shutil.copy(old / "buffer.anchor", old / "kept")
    anchor = Anchor(old / "buffer.anchor", keys.anchor)
    anchor.write(dataclasses.replace(behind, seq=behind.seq - 1))
    anchor.close()
    assert (old / "buffer.anchor").read_bytes() == (old / "kept").read_bytes()


def test_what_waits_may_have_been_sent_in_the_life_that_is_gone(
    sold: Path, keys: BufferKeys, reopen: Open
) -> None:
    request = ClaimRequest(mode=RailMode.PRACTICE, now_ms=NOW_MS, lease_ms=1, limit=9)

    def sent(held: BufferFile) -> tuple[Entry, ...]:
        with held.sync().writing() as uow:
            entries = uow.outbox.claim(request)
            first, second, _ = entries
            uow.outbox.freeze(first, "invoice", 1, {}, "kp1-a-key-that-is-long")
            uow.outbox.sending(first, "invoice", NOW_MS)
            uow.outbox.freeze(second, "invoice", 1, {}, "kp1-another-key-that-is-long")
        return entries

    with reopen() as held:
        entries = sent(held)
    life = acknowledge_restore(sold, keys, dataclasses.replace(SAID, whole_folder=True))
    assert life.outbox_seq == entries[-1].seq
    with reopen() as held, held.sync().reading() as uow:
        assert uow.incarnations.outbox_floor() == entries[-1].seq
        assert uow.outbox.steps(entries[0])["invoice"].suspect
        assert not uow.outbox.steps(entries[1])["invoice"].suspect  # never sent: just looked for


# ---------------------------------------------------------------- over random lives


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.integers(0, 4), lost=st.integers(1, 5), after=st.integers(1, 3), data=st.data())
def test_no_number_is_used_twice_in_both_lives(
    tmp_path_factory, new_shop, keys, before: int, lost: int, after: int, data
) -> None:
    folder = tmp_path_factory.mktemp("life")
    shop = new_shop(data.draw(st.integers(1, 99)))
    parts = data.draw(st.sampled_from([("buffer.db",), FILES]))
    dice = random.Random(data.draw(st.integers()))
    with BufferFile.create(folder, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS) as held:
        for _ in range(before):
            shop.sell(held.till())
    kept = copy_of(folder, "kept")
    with BufferFile.open(folder, keys, now_ms=NOW_MS) as held:
        for _ in range(lost):
            shop.sell(held.till())
        gone = numbers(held.till())
    put_back(kept, folder, *parts)
    said = dataclasses.replace(SAID, whole_folder=parts == FILES, below=dice.randrange)
    acknowledge_restore(folder, keys, said)
    with BufferFile.open(folder, keys, now_ms=NOW_MS) as held:
        for _ in range(after):
            shop.sell(held.till())
        receipts, passes = numbers(held.till())
        assert held.till().verify_journal().ok
    assert len(receipts) == before + after
    assert set(receipts[before:]).isdisjoint(gone[0])
    assert set(passes[before:]).isdisjoint(gone[1])
    assert len(set(receipts)) == len(receipts)
    assert len(set(passes)) == len(passes)


# ---------------------------------------------------------------- cut off in between

_CHILD = """
import random, sys
from pathlib import Path
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
dice = random.Random(7)
keys = BufferKeys(database=dice.randbytes(32), journal=dice.randbytes(32),
                  anchor=dice.randbytes(32), member_kek={1: dice.randbytes(32)})
print("begin", flush=True)
acknowledge_restore(Path(sys.argv[1]), keys, Acknowledgement(
    passes_most=10**6, now_ms=1, below=lambda _: 0))
print("done", flush=True)
"""


def test_killed_in_the_middle_it_is_acknowledged_or_still_asks_to_be(
    old: Path, keys: BufferKeys, shop
) -> None:
    dice, seen = random.Random(5), set()
    for number in range(10):
        folder = copy_of(old, f"k{number}")
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(dice.uniform(0, 0.03))
        child.kill()
        rest, _ = child.communicate(timeout=30)
        try:
            BufferFile.open(folder, keys, now_ms=NOW_MS).close()
            seen.add("begun")
        except RolledBack:
            assert rest == "", "what was said to be done is done"
            seen.add("asks")
            assert acknowledge_restore(folder, keys, SAID).number == 2
        with BufferFile.open(folder, keys, now_ms=NOW_MS) as held:
            assert held.till().identity.incarnation == 2
            shop.sell(held.till())
            assert numbers(held.till())[0][-1] == "K3.2-000001"
            assert held.till().verify_journal().ok
    assert seen
