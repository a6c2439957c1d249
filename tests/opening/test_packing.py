"""Packing and unpacking: a box holds what it says, and a folder is whole or not there."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.blackbox import BoxWriter, Opening, look_into, new_box
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.copy import CopyFacts, Unsent
from kiosk.buffer.file_lock import FileLock
from kiosk.errors import BoxDamaged, PassphraseWrong, StoreExists, StoreFull, StoreInUse
from kiosk.opening import open_kiosk
from kiosk.opening.about import ABOUT_SECTION, About, Purpose, read_about
from kiosk.opening.backups import make_backup, renew_backups
from kiosk.opening.exporting import export, hand_over, place_of, settings_of, take_back
from kiosk.opening.own_boxes import seal_key
from kiosk.opening.packing import Order, pack
from kiosk.opening.place import Place
from kiosk.opening.staging import staging_beside
from kiosk.opening.unpacking import check_box, open_box, unpack
from tests.opening.conftest import SECRET

NOW_MS = 1_900_000_000_000
BACKUP = Order(purpose=Purpose.BACKUP, now_ms=NOW_MS)
COUNTS = st.integers(0, 2**40)
FACTS = st.builds(
    CopyFacts,
    buffer_id=st.uuids().map(str),
    incarnation=st.integers(1, 99),
    device=st.integers(1, 2**32 - 1),
    seq=COUNTS,
    head=st.binary(min_size=32, max_size=32).map(bytes.hex),
    sales=COUNTS,
    unsent=st.lists(
        st.builds(
            Unsent,
            mode=st.sampled_from(["practice", "test", "live"]),
            waiting=COUNTS,
            watching=COUNTS,
            unknown=COUNTS,
            parked=COUNTS,
        ),
        max_size=3,
    ).map(tuple),
)
ABOUTS = st.builds(
    About,
    purpose=st.sampled_from(Purpose),
    program=st.text(max_size=20),
    made_ms=COUNTS,
    mode=st.sampled_from(["practice", "test", "live"]),
    facts=st.none() | FACTS,
    damage=st.none() | st.text(max_size=20),
    handed_over=st.booleans(),
)


@given(ABOUTS)
def test_what_a_box_says_of_itself_is_read_as_it_was_written(about: About) -> None:
    assert read_about(about.packed()) == about


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"facts": 3}', b"\xff"])
def test_what_says_nothing_is_no_about(raw: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_about(raw)


def forged(place: Place, file: Path, about: bytes, **files: bytes) -> Path:
    """A box that is sealed as it should be, with this content."""
    whole = pack(place, file.with_name("whole"), BACKUP)
    opening: Opening = look_into(whole.file)[-1].opening

    def fill(writer: BoxWriter) -> None:
        writer.section(ABOUT_SECTION, [about])
        for name, raw in files.items():
            writer.section(name.replace("_", "."), [raw])

    new_box(file, seal_key(place.vault.keys), opening, fill)
    return file


def test_a_box_whose_buffer_is_not_what_it_says_is_refused(place: Place, tmp_path: Path) -> None:
    packed = pack(place, tmp_path / "a.box", BACKUP)
    buffer = (place.folder / "buffer.db").read_bytes()
    assert packed.about.facts is not None
    more = dataclasses.replace(packed.about.facts, sales=packed.about.facts.sales + 1)
    about = dataclasses.replace(packed.about, facts=more)
    file = forged(place, tmp_path / "forged", about.packed(), buffer_db=buffer)
    box = open_box(file, SECRET)
    with pytest.raises(BoxDamaged):
        check_box(box, SECRET)
    with pytest.raises(BoxDamaged):
        unpack(box, SECRET, tmp_path / "new", NOW_MS)
    assert not (tmp_path / "new").exists()


def test_a_box_that_says_nothing_readable_is_refused(place: Place, tmp_path: Path) -> None:
    for number, about in enumerate((b"{}", b"no", b"x" * 100_000)):
        file = forged(place, tmp_path / f"{number}", about)
        (tmp_path / "whole").unlink()
        with pytest.raises(BoxDamaged):
            open_box(file, SECRET)


def test_a_section_of_a_name_not_known_here_becomes_no_file(place: Place, tmp_path: Path) -> None:
    packed = pack(place, tmp_path / "a.box", BACKUP)
    files = {
        "buffer_db": (place.folder / "buffer.db").read_bytes(),
        "root_pub": (place.folder / "root.pub").read_bytes(),
        "authorized_keys": b"of somebody",
    }
    file = forged(place, tmp_path / "forged", packed.about.packed(), **files)
    unpack(open_box(file, SECRET), SECRET, tmp_path / "new", NOW_MS)
    assert not (tmp_path / "new" / "authorized.keys").exists()
    open_kiosk(tmp_path / "new", SECRET).close()


def test_a_new_life_begins_with_every_box_that_is_opened(place: Place, tmp_path: Path) -> None:
    folder, lives = place.folder, []
    for number in range(3):
        packed = pack(place_of(folder, SECRET), tmp_path / f"{number}.box", BACKUP)
        folder = tmp_path / f"life-{number}"
        unpack(open_box(packed.file, SECRET), SECRET, folder, NOW_MS)
        kiosk = open_kiosk(folder, SECRET)
        lives.append(kiosk.buffer_file.till().identity.incarnation)
        kiosk.close()
    assert 1 < lives[0] < lives[1] < lives[2]


def test_a_folder_with_anything_in_it_is_left_alone(place: Place, tmp_path: Path) -> None:
    packed = pack(place, tmp_path / "a.box", BACKUP)
    box = open_box(packed.file, SECRET)
    for name in ("folder", "file"):
        target = tmp_path / name
        if name == "file":
            target.write_text("mine")
        else:
            target.mkdir()
            (target / "mine").touch()
        with pytest.raises(StoreExists):
            unpack(box, SECRET, target, NOW_MS)
    assert (tmp_path / "file").read_text() == "mine"


def test_what_a_killed_program_left_is_cleaned_up_and_what_a_living_one_does_is_not(
    place: Place, tmp_path: Path
) -> None:
    stale = tmp_path / ".new.making"
    (stale / "deep").mkdir(parents=True)
    (stale / "buffer.db").write_text("half")
    box = open_box(pack(place, tmp_path / "a.box", BACKUP).file, SECRET)
    lock = FileLock(tmp_path / ".new.making.lock")
    with pytest.raises(StoreInUse):
        unpack(box, SECRET, tmp_path / "new", NOW_MS)
    assert (stale / "buffer.db").exists()
    lock.release()
    unpack(box, SECRET, tmp_path / "new", NOW_MS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.box", "kiosk", "new"]


def test_staging_is_gone_when_it_is_left_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), staging_beside(tmp_path / "a") as folder:
        (folder / "file").touch()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_hand_over_that_fails_closes_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull(free_mb=0)

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.opening.exporting.pack", full)
        with pytest.raises(StoreFull):
            hand_over(place, tmp_path / "box", NOW_MS)
    open_kiosk(place.folder, SECRET).close()
    hand_over(place, tmp_path / "box", NOW_MS)
    take_back(place, NOW_MS)
    open_kiosk(place.folder, SECRET).close()


def test_after_an_erasure_no_older_backup_is_left(place: Place) -> None:
    for number in range(3):
        make_backup(place, NOW_MS + number * 1000)
    mine = place.folder / "backups" / "kiosk-3-by-hand.backup"
    mine.write_text("not ours")
    newest = renew_backups(place, NOW_MS + 9000)
    assert sorted((place.folder / "backups").iterdir()) == sorted([mine, newest.file])


def test_settings_with_mistakes_stop_no_rescue(place: Place, tmp_path: Path) -> None:
    (place.folder / "kiosk.toml").write_text("[stripe]\nmode = 'lvie'\n")
    assert settings_of(place.folder).stripe.mode == "practice"
    again = place_of(place.folder, SECRET)
    assert export(again, tmp_path / "box", NOW_MS).about.facts is not None


def test_an_anchor_that_is_missing_stops_no_rescue(place: Place, tmp_path: Path) -> None:
    (place.folder / "buffer.anchor").unlink()
    packed = export(place, tmp_path / "box", NOW_MS)
    assert packed.about.damage is None
    unpack(open_box(packed.file, SECRET), SECRET, tmp_path / "new", NOW_MS)
    open_kiosk(tmp_path / "new", SECRET).close()


def test_an_older_passphrase_opens_the_boxes_of_its_time(place: Place, tmp_path: Path) -> None:
    packed = pack(place, tmp_path / "a.box", BACKUP)
    with pytest.raises(PassphraseWrong):
        open_box(packed.file, "another passphrase")
    # The key file that counts is the one inside, whatever becomes of the kiosk's own.
    (place.folder / "kiosk.keys.json").unlink()
    check_box(open_box(packed.file, SECRET), SECRET)


FULL = """
import resource, signal, sys
from pathlib import Path
from kiosk.errors import KioskError
from kiosk.opening.backups import make_backup, renew_backups
from kiosk.opening.exporting import export, place_of
from kiosk.opening.unpacking import open_box, unpack
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, box, secret = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
place, opened = place_of(folder, secret), open_box(box, secret)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
acts = (lambda: export(place, box, 1_900_000_000_000),
        lambda: export(place, box.with_name("new.box"), 1_900_000_000_000),
        lambda: unpack(opened, secret, box.with_name("new"), 1_900_000_000_000))
for act in acts:
    try: act()
    except KioskError as error: print(error.code)
"""


def test_a_full_disk_leaves_the_box_and_makes_no_half_folder(place: Place, tmp_path: Path) -> None:
    file = export(place, tmp_path / "a.box", NOW_MS).file
    before = file.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(place.folder), str(file), SECRET],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert len(done.stdout.split()) == 3, done
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.box", "kiosk"]
    with BufferFile.open(place.folder, place.vault.keys, now_ms=NOW_MS):
        pass
