"""The chain: each line follows the one before, and no line can be changed unseen."""

from __future__ import annotations

import hmac
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer import chain as chain_module
from kiosk.buffer import journal as journal_module
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.journal import START, JournalLine, journal_aad

NOW_MS = 1_800_000_000_000
COLUMNS = "seq, at_ms, kind, entity_id, member_id, payload, sealed, prev, hash"


def line(**changes) -> JournalLine:
    values = {"kind": "event.loaded", "entity_id": "1", "payload": {"number": 1}, **changes}
    return JournalLine(**values)


def write(buffer: Buffer, count: int) -> None:
    with buffer.writing() as uow:
        for number in range(count):
            uow.journal.append(line(entity_id=str(number)), NOW_MS + number)


def tamper(buffer: Buffer, sql: str) -> None:
    """Change a row the way somebody with the file's key and an editor would."""
    with buffer.writing() as uow:
        connection = uow.sales._session.connection
        for action in ("update", "delete"):
            connection.execute(f"DROP TRIGGER journal_no_{action}")
        connection.execute("DROP TRIGGER journal_contiguous")
        connection.execute(sql)


def test_the_first_link_follows_nothing(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.journal.head() == (0, START)
        assert uow.journal.append(line(), NOW_MS) == 1
        (first,) = uow.journal.each()
        assert first.prev == START
        assert uow.journal.head() == (1, first.hash)
        assert uow.journal.hash_at(0) == START
        assert uow.journal.hash_at(1) == first.hash
        assert uow.journal.hash_at(2) is None


def test_every_link_names_the_one_before(till: Buffer, monkeypatch) -> None:
    monkeypatch.setattr(journal_module, "PAGE", 3)
    write(till, 8)
    with till.reading() as uow:
        links = list(uow.journal.each())
        assert [link.seq for link in links] == list(range(1, 9))
        assert all(after.prev == before.hash for before, after in pairwise(links))
        assert list(uow.journal.each(6)) == links[5:]
        report = uow.journal.verify()
        assert (report.ok, report.length, report.broken_at) == (True, 8, None)
        assert uow.journal.verify(6).length == 3


def test_time_in_the_journal_never_goes_back(till: Buffer) -> None:
    with till.writing() as uow:
        uow.journal.append(line(), NOW_MS)
        uow.journal.append(line(), NOW_MS - 3_600_000)
        uow.journal.append(line(), NOW_MS + 1)
        assert [link.at_ms for link in uow.journal.each()] == [NOW_MS, NOW_MS, NOW_MS + 1]
        assert uow.journal.verify().ok


def test_what_is_personal_is_sealed_and_opens_for_its_own_line(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    with till.reading() as uow:
        (link,) = uow.journal.each()
        assert link.sealed is not None
        assert "Maria" not in link.payload
        assert b"Maria" not in link.sealed
        assert "sealed" not in repr(link)
        opened = uow.people.unseal(sale.member_id, link.sealed, journal_aad(link.seq))
        assert opened == {"name": "Maria Gómez"}


def test_personal_data_of_nobody_is_a_bug(till: Buffer) -> None:
    with pytest.raises(AssertionError), till.writing() as uow:
        uow.journal.append(line(personal={"name": "x"}), NOW_MS)
    assert "Maria" not in repr(line(personal={"name": "Maria"}))


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{\"number\":2}'", "kind = 'pin.set'", "entity_id = '9'", "at_ms = at_ms + 1",
        "member_id = 'm'", "sealed = x'00'", "hash = randomblob(32)", "prev = randomblob(32)",
        "member_id = ''", "sealed = x''",
    ],
)  # fmt: skip
def test_a_changed_field_is_found_where_it_is(till: Buffer, change: str) -> None:
    write(till, 5)
    tamper(till, f"UPDATE journal SET {change} WHERE seq = 3")
    with till.reading() as uow:
        report = uow.journal.verify()
    assert (report.ok, report.length, report.broken_at) == (False, 2, 3)


def test_a_missing_link_is_found(till: Buffer) -> None:
    write(till, 5)
    tamper(till, "DELETE FROM journal WHERE seq = 3")
    with till.reading() as uow:
        assert uow.journal.verify().broken_at == 3
        assert uow.journal.verify(4).broken_at == 3


def test_a_link_put_in_by_hand_needs_the_key(till: Buffer) -> None:
    """An unkeyed chain could be rebuilt by anybody with the file; this one cannot."""
    write(till, 2)
    tamper(
        till,
        f"INSERT INTO journal ({COLUMNS}) SELECT 3, at_ms, kind, entity_id, member_id, payload,"
        " sealed, hash, randomblob(32) FROM journal WHERE seq = 2",
    )
    with till.reading() as uow:
        assert uow.journal.verify().broken_at == 3


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=st.tuples(texts, texts, texts), b=st.tuples(texts, texts, texts))
def test_moving_a_letter_from_one_field_to_the_next_changes_the_hash(a, b) -> None:
    key = b"k" * 32
    one = chain_module.link_hash(key, (1, 2, a[0], a[1], None, a[2], None, START))
    two = chain_module.link_hash(key, (1, 2, b[0], b[1], None, b[2], None, START))
    assert hmac.compare_digest(one, two) == (a == b)


def test_none_is_not_the_empty_text() -> None:
    key = b"k" * 32
    fields = (1, 2, "a", "b")
    hashes = {
        chain_module.link_hash(key, (*fields, member, "{}", sealed, START))
        for member in (None, "")
        for sealed in (None, b"")
    }
    assert len(hashes) == 4
