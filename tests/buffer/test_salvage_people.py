"""A salvaged file finds members by all their names, and brings nobody back who was erased."""

from __future__ import annotations

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.salvage_people import mend_people
from kiosk.buffer.unit_of_work import UnitOfWork

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
