"""A damaged kiosk can still be carried away, and never passes for whole where it is opened."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import HandedOver, StoreCorrupt, WrongKey
from kiosk.opening import open_kiosk
from kiosk.opening.about import Purpose
from kiosk.opening.exporting import export, export_locked, hand_over, place_of
from kiosk.opening.packing import Order, pack
from kiosk.opening.unpacking import open_box, unpack
from tests.opening.conftest import SECRET

NOW_MS = 1_900_000_000_000


def carried(folder: Path, away: Path) -> bool:
    """Carry a kiosk into another folder; whether it has to be salvaged there."""
    packed = export(place_of(folder, SECRET), away / "box", NOW_MS)
    unpacked = unpack(open_box(packed.file, SECRET), SECRET, away / "new", NOW_MS)
    assert unpacked.to_salvage or packed.about.damage in {None, "behind_anchor"}
    return unpacked.to_salvage


@given(st.integers(0, 2**32), st.integers(1, 4), st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flipped_bits_stop_no_rescue(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, flips: int, cut: bool
) -> None:
    away = tmp_path_factory.mktemp("away")
    here = Path(shutil.copytree(folder, away / "kiosk"))
    dice, raw = random.Random(seed), bytearray((here / "buffer.db").read_bytes())
    for _ in range(flips):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    if cut:
        del raw[dice.randrange(1, len(raw)) :]
    (here / "buffer.db").write_bytes(raw)
    if carried(here, away):
        # It came as it is, to be salvaged there instead of here.
        assert (away / "new" / "buffer.db").read_bytes() == (here / "buffer.db").read_bytes()
    else:
        open_kiosk(away / "new", SECRET).close()


def test_damage_that_no_start_meets_is_found_when_a_locked_kiosk_is_opened(
    folder: Path, tmp_path: Path
) -> None:
    whole = (folder / "buffer.db").read_bytes()
    salvaged = []
    for page in range(2, len(whole) // 4096, 9):
        raw = bytearray(whole)
        raw[page * 4096 + 99] ^= 1
        (folder / "buffer.db").write_bytes(raw)
        export_locked(folder, tmp_path / f"{page}.box", NOW_MS)
        box = open_box(tmp_path / f"{page}.box", SECRET)
        unpacked = unpack(box, SECRET, tmp_path / f"{page}", NOW_MS)
        salvaged.append(unpacked.to_salvage)
    assert all(salvaged)


def test_a_damaged_kiosk_can_be_handed_over(folder: Path, tmp_path: Path) -> None:
    size = (folder / "buffer.db").stat().st_size
    closed = 0
    for page in range(5, size // 4096, 6):
        here = Path(shutil.copytree(folder, tmp_path / f"{page}"))
        raw = bytearray((here / "buffer.db").read_bytes())
        raw[page * 4096 + 99] ^= 1
        (here / "buffer.db").write_bytes(raw)
        try:
            packed = hand_over(place_of(here, SECRET), tmp_path / f"{page}.box", NOW_MS)
        except (StoreCorrupt, WrongKey):
            continue  # a page that the start meets: there is nothing to close
        assert packed.about.damage is not None
        closed += 1
        with pytest.raises(HandedOver):
            open_kiosk(here, SECRET)
        assert open_box(packed.file, SECRET).about.handed_over
    assert closed


def test_an_older_file_put_back_is_carried_and_begins_a_new_life(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    older = (folder / "buffer.db").read_bytes()
    kiosk = open_kiosk(folder, SECRET)
    for _ in range(2):
        export_line(kiosk)
    kiosk.close()
    (folder / "buffer.db").write_bytes(older)
    away = tmp_path_factory.mktemp("away")
    assert not carried(folder, away)
    kiosk = open_kiosk(away / "new", SECRET)
    assert kiosk.buffer_file.till().identity.incarnation > 1
    kiosk.close()


def export_line(kiosk: object) -> None:
    """One more link of the journal."""
    from kiosk.buffer.journal import JournalLine
    from kiosk.opening import OpenKiosk

    assert isinstance(kiosk, OpenKiosk)
    with kiosk.buffer_file.till().writing() as uow:
        uow.journal.append(JournalLine(kind="test", entity_id="x", payload={}), NOW_MS)


def test_a_backup_is_never_made_of_damage(folder: Path, tmp_path: Path) -> None:
    raw = bytearray((folder / "buffer.db").read_bytes())
    for page in range(3, len(raw) // 4096, 2):
        raw[page * 4096 + 50] ^= 1
    (folder / "buffer.db").write_bytes(raw)
    order = Order(purpose=Purpose.BACKUP, now_ms=NOW_MS)
    with pytest.raises((StoreCorrupt, WrongKey)):
        pack(place_of(folder, SECRET), tmp_path / "a.backup", order)
    assert not (tmp_path / "a.backup").exists()


def test_a_locked_kiosk_with_a_log_is_carried_with_all_of_it(folder: Path, tmp_path: Path) -> None:
    kiosk = open_kiosk(folder, SECRET)
    export_line(kiosk)
    # As after a power cut: what was written last stands in the log only.
    left = {name: (folder / name).read_bytes() for name in ("buffer.db", "buffer.db-wal")}
    kiosk.close()
    for name, raw in left.items():
        (folder / name).write_bytes(raw)
    (folder / "buffer.db-shm").unlink(missing_ok=True)
    export_locked(folder, tmp_path / "box", NOW_MS)
    unpack(open_box(tmp_path / "box", SECRET), SECRET, tmp_path / "new", NOW_MS)
    kiosk = open_kiosk(tmp_path / "new", SECRET)
    with kiosk.buffer_file.till().reading() as uow:
        assert "test" in [link.kind for link in uow.journal.each()]
    kiosk.close()
