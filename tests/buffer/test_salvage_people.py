"""A salvaged file finds members by all their names, and brings nobody back who was erased."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.salvage import Owner, salvage_buffer
from kiosk.buffer.salvage_people import mend_people
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.people import Member

NOW_MS = 1_800_000_000_000


def triggers_off(uow: UnitOfWork) -> None:
    """As the new file is while a salvage fills it."""
    execute = uow.sales._session.connection.execute
    for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        execute(f"DROP TRIGGER {name}")


def test_names_that_were_lost_are_found_again_and_strays_go(till: Buffer, shop) -> None:
    ana, ben = shop.member(name="Ana Quiroga"), shop.member(name="Ben Ruiz")
    with till.writing() as uow:
        execute = uow.sales._session.connection.execute
        for member in (ana, ben):
            uow.people.enroll(member, NOW_MS)
        execute("DELETE FROM member_names WHERE member_id = ?", (ana.member_id,))
        execute("PRAGMA defer_foreign_keys = ON")
        execute("INSERT INTO member_names VALUES ('lost soul', ?)", (shop.make_id(),))
        assert uow.people.search("quiroga", 9) == ()
        mend_people(uow.sales._session, NOW_MS)
        assert uow.people.search("quiroga", 9) == (ana,)
        assert uow.people.search("ruiz", 9) == (ben,)
        assert execute("SELECT count(*) FROM member_names").fetchone() == (2,)


def test_who_was_erased_after_the_page_that_was_read_is_erased_again(till: Buffer, shop) -> None:
    """Once the journal tells it, once the key's own row does."""
    told, keyless, here = (shop.member(name=f"{name} Ruiz") for name in ("Ana", "Ben", "Eva"))
    for member in (told, keyless, here):
        shop.sell(till, member)
    with till.writing() as uow:
        execute = uow.sales._session.connection.execute
        triggers_off(uow)
        line = JournalLine(kind=MEMBER_ERASED, entity_id=told.member_id, payload={})
        uow.journal.append(line, NOW_MS)
        execute(
            "UPDATE member_keys SET wrapped = NULL, destroyed_ms = 1 WHERE member_id = ?",
            (keyless.member_id,),
        )
        mend_people(uow.sales._session, NOW_MS)
        assert uow.people.search("ruiz", 9) == (here,)
        for member in (told, keyless):
            assert uow.people.by_email(member.email) is None
            assert uow.people.erased_ms(member.member_id) == NOW_MS
        left = execute("SELECT seq FROM passes WHERE text IS NOT NULL").fetchall()
        assert left == [(3,)]
        mend_people(uow.sales._session, NOW_MS + 1)
        assert uow.people.erased_ms(told.member_id) == NOW_MS


# ---------------------------------------------------------------- pages from before an erasure


@pytest.fixture
def stale(buffer_file: BufferFile, tmp_path: Path, keys: BufferKeys, shop) -> Callable[..., str]:
    """An erased member whose row is read as it was before, in a file that needs a salvage."""

    def make(sql: str) -> str:
        gone: Member = shop.member(name="Ana Quiroga")
        shop.sell(buffer_file.till(), gone)
        with buffer_file.till().writing() as uow:
            uow.people.erase(gone.member_id, NOW_MS)
            line = JournalLine(kind=MEMBER_ERASED, entity_id=gone.member_id, payload={})
            uow.journal.append(line, NOW_MS)
        with buffer_file.till().writing() as uow:
            triggers_off(uow)
            execute = uow.sales._session.connection.execute
            execute("PRAGMA defer_foreign_keys = ON")
            execute(
                "UPDATE members SET name = ?, email = ?, name_search = 'ana quiroga',"
                " erased_ms = NULL WHERE id = ?",
                (gone.name, gone.email, gone.member_id),
            )
            execute(sql, (gone.member_id,))
            # No foreign keys at the end: a page that is gone takes what others refer to.
            execute("PRAGMA defer_foreign_keys = OFF")
        buffer_file.close()
        salvage_buffer(BufferPaths(folder=tmp_path), keys, NOW_MS, Owner(device=3))
        return str(gone.email)

    return make


def test_an_erased_member_whose_key_is_lost_is_not_enrolled_anew(stale, reopen) -> None:
    address = stale("DELETE FROM member_keys WHERE member_id = ?")
    with reopen() as held, held.till().reading() as uow:
        assert uow.people.by_email(address) is None
        assert uow.people.search("quiroga", 9) == ()
        assert uow.people.search("ana", 9) == ()


def test_a_key_from_before_an_erasure_that_was_ended_means_that_nobody_is_there(
    till: Buffer, shop, new_keys
) -> None:
    """The link that told it is lost as well; the key file knows that its wrapping key is gone."""
    ana, ben = shop.member(name="Ana Quiroga"), shop.member(name="Ben Ruiz")
    for member in (ana, ben):
        shop.sell(till, member)
    with till.writing() as uow:
        session = uow.sales._session
        triggers_off(uow)
        session.connection.execute(
            "UPDATE member_keys SET kek_id = 2 WHERE member_id = ?", (ben.member_id,)
        )
        newer = dataclasses.replace(session.keys, member_kek={2: bytes(32)})
        mend_people(dataclasses.replace(session, keys=newer), NOW_MS)
        assert uow.people.by_email(ana.email) is None
        assert uow.people.search("ruiz", 9) == (ben,)
