"""Members are found quickly, sealed one by one, and forgotten for good."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import connect
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.ids import MemberId
from kiosk.errors import StoreCorrupt

NOW_MS = 1_800_000_000_000


def enrolled(buffer: Buffer, shop, *people: tuple[str, str]):
    members = [shop.member(name=name, email=email) for name, email in people]
    with buffer.writing() as uow:
        for member in members:
            uow.people.enroll(member, NOW_MS)
    return members


def test_a_member_comes_back_by_id_and_by_address(till: Buffer, shop) -> None:
    (maria,) = enrolled(till, shop, ("María Gómez", "maria@example.org"))
    with till.reading() as uow:
        assert uow.people.member(maria.member_id) == maria
        assert uow.people.by_email("maria@example.org") == maria
        assert uow.people.by_email("Maria@example.org") is None  # the comparable form is lower case
        assert uow.people.member(MemberId(shop.make_id())) is None


def test_search_knows_no_case_and_no_accents(till: Buffer, shop) -> None:
    members = enrolled(
        till, shop, ("María Gómez", "zoe@example.org"), ("Maria Zuse", "b@example.org"),
        ("Mark", "marie@example.org"), ("Ana", "c@example.org"),
    )  # fmt: skip
    with till.reading() as uow:
        names = [one.name for one in uow.people.search("MARI", 9)]
        assert names == ["María Gómez", "Maria Zuse", "Mark"]
        assert uow.people.search("mari", 1) == (members[0],)
        assert uow.people.search("zoe@", 9) == (members[0],)
        assert uow.people.search("  ", 9) == ()
        assert uow.people.search("nobody", 9) == ()
        assert uow.people.search("%", 9) == ()


def test_search_reads_indices_only(till: Buffer) -> None:
    with till.reading() as uow:
        plan = uow.sales._session.connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM members"
            " WHERE name_search >= 'a' AND name_search < 'b'"
        ).fetchall()
        mail = uow.sales._session.connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM members WHERE email >= 'a' AND email < 'b'"
        ).fetchall()
    assert "members_name" in plan[0][3]
    assert "members_email" in mail[0][3]


def test_a_rename_changes_what_is_found(till: Buffer, shop) -> None:
    (maria,) = enrolled(till, shop, ("Maria", "m@example.org"))
    with till.writing() as uow:
        uow.people.rename(maria.member_id, "Émile", "de")
        renamed = dataclasses.replace(maria, name="Émile", language="de")
        assert uow.people.member(maria.member_id) == renamed
        assert uow.people.search("emi", 9) == (renamed,)
        assert uow.people.search("maria", 9) == ()


def test_bought_counts_the_copies_of_one_event(till: Buffer, shop) -> None:
    maria, ben = shop.member(), shop.member()
    shop.sell(till, maria)
    shop.sell(till, maria)
    shop.sell(till, ben)
    with till.reading() as uow:
        assert uow.people.bought(maria.member_id, 1, "zine") == 4
        assert uow.people.bought(ben.member_id, 1, "zine") == 2
        assert uow.people.bought(maria.member_id, 2, "zine") == 0
        assert uow.people.bought(maria.member_id, 1, "club") == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=st.dictionaries(st.text(max_size=9), st.text(max_size=30)), aad=st.text(max_size=9))
def test_what_is_sealed_comes_back_for_the_same_purpose_only(till, shop, plain, aad: str) -> None:
    member = shop.member()
    with till.writing() as uow:
        uow.people.enroll(member, NOW_MS)
        sealed = uow.people.seal(member.member_id, plain, aad)
        assert uow.people.unseal(member.member_id, sealed, aad) == plain
        assert uow.people.seal(member.member_id, plain, aad) != sealed
        with pytest.raises(StoreCorrupt):
            uow.people.unseal(member.member_id, sealed, f"{aad}x")


def test_one_member_s_key_does_not_open_another_s(till: Buffer, shop) -> None:
    maria, ben = enrolled(till, shop, ("Maria", "m@example.org"), ("Ben", "b@example.org"))
    with till.writing() as uow:
        sealed = uow.people.seal(maria.member_id, {"a": "b"}, "x")
        for broken in (sealed[:-1], b"", sealed[:12], sealed + b"\0"):
            with pytest.raises(StoreCorrupt):
                uow.people.unseal(maria.member_id, broken, "x")
        with pytest.raises(StoreCorrupt):
            uow.people.unseal(ben.member_id, sealed, "x")
        with pytest.raises(StoreCorrupt):
            uow.people.unseal(MemberId(shop.make_id()), sealed, "x")


def test_an_erased_member_is_gone_and_the_chain_holds(till: Buffer, shop) -> None:
    maria = shop.member()
    sale = shop.sell(till, maria)
    with till.writing() as uow:
        sealed = uow.people.seal(maria.member_id, {"a": "b"}, "x")
        uow.people.erase(maria.member_id, NOW_MS)
        uow.people.erase(maria.member_id, NOW_MS + 1)  # a second time changes nothing
        assert uow.people.unseal(maria.member_id, sealed, "x") is None
    with till.writing() as uow:
        assert uow.people.member(maria.member_id) is None
        assert uow.people.by_email(maria.email) is None
        assert uow.people.search("maria", 9) == ()
        assert uow.people.unseal(maria.member_id, sealed, "x") is None
        assert uow.sales.get(sale.sale_id) == sale
        assert uow.journal.verify().ok
        with pytest.raises(AssertionError, match="erased"):
            uow.people.seal(maria.member_id, {"a": "b"}, "x")
        uow.people.rename(maria.member_id, "Maria", "en")
        assert uow.people.member(maria.member_id) is None


def test_the_address_of_an_erased_member_can_be_a_new_member_s(till: Buffer, shop) -> None:
    (maria,) = enrolled(till, shop, ("Maria", "m@example.org"))
    with till.writing() as uow:
        uow.people.erase(maria.member_id, NOW_MS)
    (again,) = enrolled(till, shop, ("Maria", "m@example.org"))
    with till.reading() as uow:
        assert uow.people.by_email("m@example.org") == again


def test_an_erased_name_leaves_the_file(buffer_file: BufferFile, tmp_path, keys, shop) -> None:
    till = buffer_file.till()
    shop.sell(till, shop.member(name="Zyxwvut", email="zyxwvut@example.org"))
    with till.writing() as uow:
        uow.people.erase(next(uow.sales.each()).member_id, NOW_MS)
    buffer_file.close()
    connection = connect(tmp_path / "buffer.db", keys.database)
    plain = tmp_path / "plain.db"
    connection.execute("ATTACH ? AS plain KEY ''", (str(plain),))
    connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    connection.close()
    content = plain.read_bytes().lower()
    assert b"sale.completed" in content
    assert b"zyxwvut" not in content


def with_keks(keys: BufferKeys, **keks: bytes) -> BufferKeys:
    return dataclasses.replace(keys, member_kek={int(n[1:]): key for n, key in keks.items()})


def test_new_members_get_the_newest_wrapping_key_and_old_ones_keep_theirs(
    buffer_file: BufferFile, tmp_path: Path, keys: BufferKeys, shop
) -> None:
    old = shop.member()
    shop.sell(buffer_file.till(), old)
    buffer_file.close()
    both = with_keks(keys, k1=keys.member_kek[1], k2=b"2" * 32)
    with BufferFile.open(tmp_path, both, now_ms=NOW_MS) as held:
        new = shop.member()
        shop.sell(held.till(), new)
        with held.till().reading() as uow:
            rows = uow.sales._session.connection.execute(
                "SELECT member_id, kek_id FROM member_keys"
            ).fetchall()
            assert dict(rows) == {old.member_id: 1, new.member_id: 2}
            assert all(
                uow.outbox.of_sale(sale.sale_id)[0].person is not None for sale in uow.sales.each()
            )


def test_a_row_under_a_wrapping_key_that_was_destroyed_stays_erased(
    buffer_file: BufferFile, tmp_path: Path, keys: BufferKeys, shop
) -> None:
    sale = shop.sell(buffer_file.till())
    buffer_file.close()
    rotated = with_keks(keys, k2=b"2" * 32)
    with BufferFile.open(tmp_path, rotated, now_ms=NOW_MS) as held, held.till().reading() as uow:
        assert uow.outbox.of_sale(sale.sale_id)[0].person is None
        assert uow.journal.verify().ok


def test_keys_of_the_wrong_length_are_a_bug_and_none_is_ever_shown(keys: BufferKeys) -> None:
    with pytest.raises(AssertionError):
        dataclasses.replace(keys, database=b"short")
    with pytest.raises(AssertionError):
        dataclasses.replace(keys, member_kek={})
    assert repr(keys) == "BufferKeys(hidden)"
    assert keys.newest_kek == 1
