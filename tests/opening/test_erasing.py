"""An erased member does not come back: not from the file, its log, an older copy or a crash."""

from __future__ import annotations

import shutil
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PageFile, find_cipher
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.errors import StoreFull
from kiosk.opening import OpenKiosk, erasing, make_desk, open_kiosk
from kiosk.opening.backups import make_backup
from kiosk.opening.erasing import Backups, Ended
from kiosk.opening.exporting import place_of
from kiosk.opening.unpacking import open_box, unpack
from kiosk.service.desk import Desk
from kiosk.service.members import EraseRequest, erase_member, find_members, member_id_of
from kiosk.service.sell import find_sale, record_sale
from kiosk.vault import RecoveryKey
from kiosk.vault.change import replace_member_keks
from tests.opening.kiosks import SALES, SECRET, copied, journal, killed_somewhere, opened

MARIA = "maria@example.org"
EVA = "eva@example.org"
PEOPLE = (("Ben Okafor", "ben@example.org"), ("Eva Zyx", EVA))
KILLS = 10


@pytest.fixture
def folder(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """Twelve sales to Maria, one each to Ben and Eva; nothing of it is sent."""
    copy = Path(shutil.copytree(made_kiosk[0], tmp_path / "kiosk"))
    with opened(copy, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        for name, email in PEOPLE:
            sell_to(desk, name, email)
    return copy


def sell_to(desk: Desk, name: str, email: str) -> MemberId:
    draft = Draft(
        sale_id=SaleId(desk.make_id()),
        lines=(CartLine(offer=OfferCode("spice-jar"), quantity=1),),
        name=name,
        email=email,
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )
    return record_sale(desk, draft).sale.member_id


def erase(kiosk: OpenKiosk, email: str = MARIA, *, when_sent: bool = False) -> MemberId:
    desk = make_desk(kiosk, staffed=True)
    member_id = member_id_of(desk, email)
    request = EraseRequest(member_id=member_id, when_sent=when_sent, despite_unsent=not when_sent)
    erase_member(desk, request)
    return member_id


def erase_and_close(folder: Path, email: str = MARIA) -> MemberId:
    with opened(folder, SECRET) as kiosk:
        return erase(kiosk, email)


def ended_erasure(folder: Path) -> Ended:
    kiosk = open_kiosk(folder, SECRET)
    erase(kiosk)
    ended = kiosk.close()
    assert ended is not None
    return ended


def names(desk: Desk) -> set[str]:
    return {member.name for text in ("m", "b", "e") for member in find_members(desk, text)}


def persons(desk: Desk) -> dict[str, int]:
    """How many sales still tell who bought, by name; "" for those that tell no more."""
    told: dict[str, int] = {}
    with desk.buffer.reading() as uow:
        for sale in uow.sales.each():
            person = uow.outbox.of_sale(sale.sale_id)[0].person
            name = person["name"] if person else ""
            told[name] = told.get(name, 0) + 1
    return told


def keks(folder: Path) -> dict[int, bytes]:
    with opened(folder, SECRET) as kiosk:
        return dict(kiosk.vault.keys.member_kek)


def images(folder: Path, key: bytes) -> list[bytes]:
    """Every page of the file as SQLite sees it, free ones too. The log has to be empty."""
    paths = BufferPaths(folder=folder)
    assert not paths.log.exists() or not paths.log.stat().st_size
    with closing(PageFile(paths.buffer)) as file:
        cipher = find_cipher(file, key, None)
        assert cipher is not None
        return [cipher.plain(file.raw(number), number) for number in range(1, len(file) + 1)]


def test_the_person_goes_and_the_facts_stay(folder: Path) -> None:
    with opened(folder, SECRET) as kiosk:
        told = persons(make_desk(kiosk, staffed=True))
        assert told == {"Maria Gomez": SALES, "Ben Okafor": 1, "Eva Zyx": 1}
    member_id = erase_and_close(folder)
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert names(desk) == {"Ben Okafor", "Eva Zyx"}
        assert persons(desk) == {"": SALES, "Ben Okafor": 1, "Eva Zyx": 1}
        assert desk.buffer.verify_journal().ok
        assert journal(desk, "member.erased") == [{"because": "despite_unsent", "staff": None}]
        assert len(journal(desk, "sale.completed")) == SALES + 2
        with desk.buffer.reading() as uow:
            sale_id = uow.erasures.sales_of(member_id, 1)[0]
            assert uow.people.erased_ms(member_id) is not None
        found = find_sale(desk, sale_id)
        assert found.sale.total_minor == 750
        assert found.forgotten
        assert found.pass_urls == ("",)


def test_the_key_that_wrapped_the_member_s_key_is_replaced(folder: Path) -> None:
    before = keks(folder)
    erase_and_close(folder)
    after = keks(folder)
    assert (list(before), list(after)) == ([1], [2])
    assert set(before.values()).isdisjoint(after.values())
    erase_and_close(folder, "ben@example.org")
    assert list(keks(folder)) == [3]
    with opened(folder, SECRET) as kiosk:
        assert persons(make_desk(kiosk, staffed=True)) == {"": SALES + 1, "Eva Zyx": 1}


def test_a_start_without_an_erasure_changes_no_key(folder: Path) -> None:
    raw = (folder / "kiosk.keys.json").read_bytes()
    with opened(folder, SECRET) as kiosk:
        sell_to(make_desk(kiosk, staffed=True), "Ann", "ann@example.org")
    assert (folder / "kiosk.keys.json").read_bytes() == raw


def test_nothing_of_the_person_is_left_in_any_page_or_in_the_log(folder: Path) -> None:
    with opened(folder, SECRET) as kiosk:
        desk, key = make_desk(kiosk, staffed=True), kiosk.vault.keys.database
        member_id = member_id_of(desk, EVA)
        with desk.buffer.reading() as uow:
            (issued,) = uow.passes.of_sale(uow.erasures.sales_of(member_id, 1)[0])
            wrapped = uow.sales._session.connection.execute(
                "SELECT wrapped FROM member_keys WHERE member_id = ?", (member_id,)
            ).fetchone()[0]
    traces = [b"Eva Zyx", b"eva zyx", b"zyx eva", EVA.encode(), wrapped, issued.text.encode()]
    before = images(folder, key)
    assert all(any(trace in image for image in before) for trace in traces)
    erase_and_close(folder, EVA)
    for image in images(folder, key):
        assert not [trace for trace in traces if trace in image]


def test_an_older_file_put_back_brings_nobody_back(folder: Path, tmp_path: Path) -> None:
    """Its keys are wrapped under one that is gone: the others' names are lost with hers."""
    older = copied(folder, tmp_path / "older")
    erase_and_close(folder)
    for name in ("buffer.db", "buffer.anchor"):
        shutil.copy(older / name, folder / name)
    for _ in range(2):  # the second start finds nothing left to do
        with opened(folder, SECRET) as kiosk:
            desk = make_desk(kiosk, staffed=True)
            assert names(desk) == set()
            assert persons(desk) == {"": SALES + 2}
            assert journal(desk, "member.erased") == [
                {"because": "wrapping_key_gone", "members": 3}
            ]
            assert desk.buffer.verify_journal().ok
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        again = sell_to(desk, "Maria Gomez", MARIA)
        assert persons(desk)["Maria Gomez"] == 1
        assert member_id_of(desk, MARIA) == again


def test_killed_anywhere_it_is_not_begun_or_ends_at_the_next_start(
    folder: Path, tmp_path: Path
) -> None:
    seen = set()
    for _ in range(KILLS):
        again = copied(folder, tmp_path / "again")
        killed_somewhere(partial(erase_and_close, again), 0.25)
        numbers = list(keks(again))
        with opened(again, SECRET) as kiosk:
            desk = make_desk(kiosk, staffed=True)
            gone = "Maria Gomez" not in names(desk)
            told = {"": SALES} if gone else {"Maria Gomez": SALES}
            assert persons(desk) == {**told, "Ben Okafor": 1, "Eva Zyx": 1}
            assert desk.buffer.verify_journal().ok
        assert numbers == ([2] if gone else [1])
        seen.add(gone)
    assert seen


@pytest.mark.parametrize("step", ["add the new key", "drop the old key"])
def test_what_a_full_disk_stops_is_ended_by_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    calls = []

    def full(*arguments):
        calls.append(1)
        if (len(calls) == 1) == (step == "add the new key"):
            raise StoreFull(free_mb=0)
        return replace_member_keks(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "replace_member_keks", full)
        ended = ended_erasure(folder)
        assert (ended.problem, ended.backups) == ("store_full", Backups.KEPT)
        calls.clear()
        with opened(folder, SECRET) as held:  # it sells meanwhile
            sell_to(make_desk(held, staffed=True), "Ann Bell", "ann@example.org")
    assert list(keks(folder)) == [2]
    with opened(folder, SECRET) as kiosk:
        told = persons(make_desk(kiosk, staffed=True))
        assert told == {"": SALES, "Ben Okafor": 1, "Eva Zyx": 1, "Ann Bell": 1}


def test_keys_are_wrapped_anew_in_small_steps(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(erasing, "BATCH", 1)
    erase_and_close(folder, "ben@example.org")
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert persons(desk) == {"Maria Gomez": SALES, "": 1, "Eva Zyx": 1}
        with desk.buffer.reading() as uow:
            rows = uow.sales._session.connection.execute(
                "SELECT kek_id, wrapped IS NULL FROM member_keys ORDER BY member_id"
            ).fetchall()
    assert rows == [(2, 0), (1, 1), (2, 0)]


def test_own_backups_are_made_anew_without_the_person(folder: Path, tmp_path: Path) -> None:
    older = make_backup(place_of(folder, SECRET), 1_000).file
    ended = ended_erasure(folder)
    assert (ended.problem, ended.backups) == (None, Backups.RENEWED)
    (newer,) = older.parent.iterdir()
    assert newer != older
    unpack(open_box(newer, SECRET), SECRET, tmp_path / "restored", 2_000)
    with opened(tmp_path / "restored", SECRET) as kiosk:
        assert names(make_desk(kiosk, staffed=True)) == {"Ben Okafor", "Eva Zyx"}


def test_without_backups_none_is_made(folder: Path) -> None:
    ended = ended_erasure(folder)
    assert ended.backups is Backups.NONE
    assert ended.log_emptied
    assert not (folder / "backups").exists()


def test_what_an_earlier_version_left_goes_with_the_person(folder: Path) -> None:
    kept = BufferPaths(folder=folder).kept_before("0004_people")
    shutil.copy(folder / "buffer.db", kept)
    erase_and_close(folder)
    assert not kept.exists()


def test_an_erasure_that_was_put_off_is_made_once_everything_is_sent(folder: Path) -> None:
    with opened(folder, SECRET) as kiosk:
        member_id = erase(kiosk, when_sent=True)
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert "Maria Gomez" in names(desk)
        with desk.buffer.writing() as uow:
            assert uow.erasures.wanted() == (member_id,)
            uow.sales._session.connection.execute(
                "UPDATE outbox SET state = 'delivered', due_ms = NULL, closed_ms = 1"
                " WHERE member_id = ?",
                (member_id,),
            )
    # Made when that kiosk was closed.
    assert list(keks(folder)) == [2]
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert names(desk) == {"Ben Okafor", "Eva Zyx"}
        assert journal(desk, "member.erased") == [{"because": "sent", "staff": None}]
        with desk.buffer.reading() as uow:
            assert uow.erasures.wanted() == ()


def test_a_member_who_was_renamed_leaves_no_former_name(folder: Path) -> None:
    with opened(folder, SECRET) as kiosk:
        desk, key = make_desk(kiosk, staffed=True), kiosk.vault.keys.database
        with desk.buffer.writing() as uow:
            known = uow.people.by_email(EVA)
            assert known is not None
            uow.people.rename(known.member_id, "Quetzal Ibarra", "es")
    erase_and_close(folder, EVA)
    for image in images(folder, key):
        assert not [trace for trace in (b"quetzal", b"ibarra", b"zyx") if trace in image.lower()]
