"""The keychain knows how far the journal had come: a folder put back is found without network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from kiosk.buffer.incarnations import Place, Sighting
from kiosk.errors import NothingRestored, RolledBack, StoreForked
from kiosk.opening import make_desk
from kiosk.opening.keychain_mark import LINKS_BETWEEN
from kiosk.opening.restored import acknowledge
from kiosk.opening.ways_in import add_way
from kiosk.service.desk import Desk
from kiosk.vault import Method, RecoveryKey
from kiosk.vault.keychain import NOTE_MAX_BYTES, SERVICE, Keychain
from tests.opening.kiosks import SALES, SECRET, copied, opened, sell
from tests.vault.parts import BackEndInMemory, new_slot


@contextmanager
def at_work(folder: Path) -> Iterator[Desk]:
    with opened(folder, SECRET) as kiosk:
        yield make_desk(kiosk, staffed=True)


def marks(back_end: BackEndInMemory) -> list[str]:
    return [name for _, name in back_end.kept if name.startswith("mark-")]


def doubt(folder: Path) -> Sighting | None:
    with at_work(folder) as desk, desk.buffer.reading() as uow:
        return uow.incarnations.doubt()


@pytest.fixture
def kiosk(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """A kiosk that has sold, and that this machine's keychain opens."""
    folder = copied(made_kiosk[0], tmp_path / "kiosk")
    add_way(folder, SECRET, new_slot(Method.KEYCHAIN))
    return folder


def test_closing_leaves_the_newest_mark_in_the_keychain(
    kiosk: Path, back_end: BackEndInMemory
) -> None:
    with at_work(kiosk) as desk:
        sell(desk)
        buffer_id = desk.buffer.identity.buffer_id
    assert marks(back_end) == [f"mark-{buffer_id}"]
    sealed = bytes.fromhex(back_end.kept[SERVICE, f"mark-{buffer_id}"])
    with at_work(kiosk) as desk, desk.buffer.reading() as uow:
        assert uow.incarnations.read_mark(sealed) == uow.incarnations.mark()
    assert len(sealed) <= NOTE_MAX_BYTES


def test_a_kiosk_that_no_keychain_opens_leaves_the_keychain_alone(
    made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path, back_end: BackEndInMemory
) -> None:
    folder = copied(made_kiosk[0], tmp_path / "kiosk")
    back_end.fails = AssertionError("nobody is to ask")
    with at_work(folder) as desk:
        sell(desk)


def test_a_whole_folder_that_was_put_back_sells_nothing(kiosk: Path, tmp_path: Path) -> None:
    with at_work(kiosk) as desk:
        sell(desk)
    kept = copied(kiosk, tmp_path / "kept")
    with at_work(kiosk) as desk:
        sell(desk)
        sell(desk)
    copied(kept, kiosk)
    with at_work(kiosk) as desk:
        with pytest.raises(RolledBack) as caught:
            sell(desk)
        assert caught.value.fields["place"] == "keychain"
    seen = doubt(kiosk)
    assert seen is not None
    assert (seen.place, seen.seq - seen.own_seq) == (Place.KEYCHAIN, 2)


def test_it_is_acknowledged_with_what_the_keychain_knows(
    kiosk: Path, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    kept = copied(kiosk, tmp_path / "kept")
    with at_work(kiosk) as desk:
        sell(desk)
    copied(kept, kiosk)
    done = acknowledge(kiosk, SECRET, whole_folder=False)  # without having been opened before
    assert done.next_receipt == f"K3.{done.life.number}-000001"
    assert done.life.lost_links is not None
    with at_work(kiosk) as desk:
        sell(desk)
    assert doubt(kiosk) is None
    assert len(marks(back_end)) == 1
    with pytest.raises(NothingRestored):
        acknowledge(kiosk, SECRET, whole_folder=False)


def test_what_contradicts_us_is_not_overwritten(
    kiosk: Path, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    kept = copied(kiosk, tmp_path / "kept")
    with at_work(kiosk) as desk:
        sell(desk)
    before = dict(back_end.kept)
    copied(kept, kiosk)
    with at_work(kiosk):
        pass
    assert back_end.kept == before


def test_a_copy_that_sold_more_meanwhile_is_a_fork_and_overwrites_nothing(
    kiosk: Path, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    kept = copied(kiosk, tmp_path / "kept")
    with at_work(kiosk) as desk:
        sell(desk)
    copied(kept, kiosk)
    back_end.fails = KeyringLocked("shut")
    with at_work(kiosk) as desk:
        sell(desk)
        sell(desk)
    back_end.fails, before = None, dict(back_end.kept)
    with at_work(kiosk) as desk, pytest.raises(StoreForked):
        sell(desk)
    assert back_end.kept == before


@pytest.mark.parametrize("error", [KeyringLocked("shut"), InitError("no"), NoKeyringError("none")])
def test_a_keychain_that_says_nothing_gives_no_verdict(
    kiosk: Path, back_end: BackEndInMemory, error: Exception
) -> None:
    back_end.fails = error
    with at_work(kiosk) as desk:
        sell(desk)
    assert doubt(kiosk) is None


@pytest.mark.parametrize("text", ["", "no hexadecimal", "00", "ab" * 64, "ab" * NOTE_MAX_BYTES * 2])
def test_a_note_that_is_not_ours_says_nothing_and_is_replaced(
    kiosk: Path, back_end: BackEndInMemory, text: str
) -> None:
    with at_work(kiosk) as desk:
        sell(desk)
    (name,) = marks(back_end)
    back_end.kept[SERVICE, name] = text
    with at_work(kiosk) as desk:
        sell(desk)
    assert doubt(kiosk) is None
    assert back_end.kept[SERVICE, name] != text


def test_it_is_not_asked_with_each_sale(kiosk: Path, back_end: BackEndInMemory) -> None:
    with opened(kiosk, SECRET) as held:
        desk = make_desk(held, staffed=True)
        held.rest()
        before = dict(back_end.kept)
        for _ in range(LINKS_BETWEEN - 1):
            sell(desk)
        held.rest()
        assert back_end.kept == before
        sell(desk)
        held.rest()
        assert back_end.kept != before
    assert SALES > 0


def test_a_note_is_short_and_comes_back_as_it_was(back_end: BackEndInMemory) -> None:
    chain = Keychain(back_end)
    assert chain.read_note("nothing") is None
    chain.keep_note("one", b"\x00\x01")
    assert chain.read_note("one") == b"\x00\x01"
    with pytest.raises(AssertionError):
        chain.keep_note("long", bytes(NOTE_MAX_BYTES + 1))


def test_another_laptop_s_keychain_knows_nothing_of_this_kiosk(
    kiosk: Path, tmp_path: Path, back_end: BackEndInMemory
) -> None:
    with at_work(kiosk) as desk:
        sell(desk)
    elsewhere = Path(shutil.copytree(kiosk, tmp_path / "elsewhere"))
    back_end.kept = {key: kept for key, kept in back_end.kept.items() if "mark" not in key[1]}
    with at_work(elsewhere) as desk:
        sell(desk)
    assert doubt(elsewhere) is None
