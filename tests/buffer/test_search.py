"""Members are found by the beginning of any of their names, at a price that does not grow."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer import outbox_rows
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.erasures import SALES_OF, UNSENT
from kiosk.buffer.passes import BY_NUMBER, OF_SALE
from kiosk.buffer.people import BY_ANY_NAME, BY_EMAIL, BY_NAME, SEARCH_MAX, turns_of
from kiosk.buffer.sales import TODAY, TODAY_BY_TENDER
from kiosk.buffer.schema.m0004_people import TURN_NAMES, TURNS_MAX
from kiosk.domain.people import search_form

NOW_MS = 1_800_000_000_000
NO_CONTROLS = st.characters(exclude_categories=("Cc", "Cs"))  # no name has any: see clean_name


def enrolled(buffer: Buffer, shop, *names: str):
    members = [shop.member(name=name) for name in names]
    with buffer.writing() as uow:
        for member in members:
            uow.people.enroll(member, NOW_MS)
    return members


def found(buffer: Buffer, text: str, limit: int = 9) -> list[str]:
    with buffer.reading() as uow:
        return [member.name for member in uow.people.search(text, limit)]


def steps(buffer: Buffer, sql: str, values: object) -> list[str]:
    with buffer.reading() as uow:
        connection = uow.sales._session.connection
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize(
    "typed",
    ["garcía", "GARCIA M", "marquez", "Gabriel G", "garcia marquez gab", "García, ", "gabriel"],
)
def test_any_name_is_found_by_its_beginning(till: Buffer, shop, typed: str) -> None:
    enrolled(till, shop, "Gabriel García Márquez", "Ana Quiroga", "Mar Cia")
    assert found(till, typed) == ["Gabriel García Márquez"]


def test_a_list_that_names_have_filled_is_not_filled_up_with_addresses(till: Buffer, shop) -> None:
    enrolled(till, shop, "Mara Maria Mark", "Maximilian Mai")
    with till.writing() as uow:
        uow.people.enroll(dataclasses.replace(shop.member(), name="Aa", email="ma@example.org"), 1)
    assert found(till, "ma", limit=2) == ["Mara Maria Mark", "Maximilian Mai"]
    assert found(till, "ma", limit=3) == ["Aa", "Mara Maria Mark", "Maximilian Mai"]


def test_the_middle_of_a_name_is_not_its_beginning(till: Buffer, shop) -> None:
    enrolled(till, shop, "Gabriel García")
    assert found(till, "abriel") == found(till, "arcia") == found(till, "garcia gabriel x") == []


def test_each_member_is_found_once_however_many_of_their_names_fit(till: Buffer, shop) -> None:
    enrolled(till, shop, "Mara Maria Mark", "Maximilian Mai")
    assert found(till, "ma") == ["Mara Maria Mark", "Maximilian Mai"]
    assert found(till, "ma", limit=1) == ["Mara Maria Mark"]
    assert found(till, "ma", limit=0) == found(till, "ma", limit=-1) == []


def test_no_search_gives_more_than_its_limit(till: Buffer, shop) -> None:
    enrolled(till, shop, *[f"Ann {number:03}" for number in range(SEARCH_MAX + 5)])
    names = found(till, "ann", limit=10_000)
    assert names == [f"Ann {number:03}" for number in range(SEARCH_MAX)]


def test_a_renamed_member_is_found_by_the_new_names_only(till: Buffer, shop) -> None:
    (ana,) = enrolled(till, shop, "Ana Quiroga Ruiz")
    with till.writing() as uow:
        uow.people.rename(ana.member_id, "Ana Lopez", "en")
    assert found(till, "quiroga") == found(till, "ruiz") == []
    assert found(till, "lopez") == ["Ana Lopez"]


def test_of_an_erased_member_no_name_stays_in_an_index(till: Buffer, shop) -> None:
    ana, ben = enrolled(till, shop, "Ana Quiroga Ruiz", "Ben Ruiz")
    with till.writing() as uow:
        uow.people.erase(ana.member_id, NOW_MS)
        kept = uow.sales._session.connection.execute("SELECT * FROM member_names").fetchall()
    assert kept == [("ruiz ben", ben.member_id)]


def test_names_without_end_write_a_bounded_number_of_rows(till: Buffer, shop) -> None:
    (many,) = enrolled(till, shop, " ".join(f"w{number}" for number in range(40)))
    with till.writing() as uow:
        connection = uow.sales._session.connection
        assert connection.execute("SELECT count(*) FROM member_names").fetchone() == (TURNS_MAX,)
        assert uow.people.search("w8 w9", 9) == (many,)
        assert uow.people.search("w9", 9) == ()
        uow.people.erase(many.member_id, NOW_MS)
        assert connection.execute("SELECT count(*) FROM member_names").fetchone() == (0,)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(NO_CONTROLS, min_size=1, max_size=60))
def test_the_migration_turns_names_as_the_program_does(till, shop, name: str) -> None:
    """Else a member of before could not be erased from the index."""
    wanted = search_form(name)
    with till.reading() as uow:
        connection = uow.sales._session.connection
        connection.execute("DELETE FROM member_names")
        member = shop.member(name=name)
        uow.people.enroll(member, NOW_MS)
        written = connection.execute("SELECT turned FROM member_names").fetchall()
        connection.execute("DELETE FROM member_names")
        connection.execute(TURN_NAMES)
        migrated = connection.execute("SELECT turned FROM member_names").fetchall()
    assert migrated == written
    assert {row[0] for row in written} == set(turns_of(wanted))


RANGE = ("a", "b", 20)


@pytest.mark.parametrize(
    ("sql", "values", "served_by"),
    [
        (BY_NAME, RANGE, ["m USING INDEX members_name (name_search>? AND name_search<?)"]),
        (
            BY_ANY_NAME,
            RANGE,
            ["n USING PRIMARY KEY (turned>? AND turned<?)", "m USING INDEX sqlite_autoindex"],
        ),
        (BY_EMAIL, RANGE, ["m USING INDEX members_email (email>? AND email<?)"]),
        (BY_NUMBER, (3, 7), ["passes USING INDEX sqlite_autoindex_passes_1 (device=? AND seq=?)"]),
        (OF_SALE, ("x",), ["passes USING INDEX passes_sale (sale_id=?)"]),
        (
            TODAY,
            ("live", 1),
            ["sales USING COVERING INDEX sales_sold (mode=? AND sold_ms>?)"],
        ),
        (
            TODAY_BY_TENDER,
            ("live", 1),
            ["s USING INDEX sales_sold (mode=? AND sold_ms>?)", "t USING PRIMARY KEY (sale_id=?)"],
        ),
        (SALES_OF, ("x", 9), ["sales USING INDEX sales_member (member_id=?)"]),
        (
            UNSENT,
            ("x", "live", 9),
            ["s USING INDEX sales_member (member_id=?)", "o USING INDEX outbox_sale (sale_id=?)"],
        ),
    ],
)
def test_what_staff_look_up_is_read_by_an_index(
    till: Buffer, sql: str, values: object, served_by: list[str]
) -> None:
    found_steps = [step for step in steps(till, sql, values) if "TEMP B-TREE" not in step]
    assert len(found_steps) == len(served_by)
    for step, index in zip(found_steps, served_by, strict=True):
        assert step.startswith(f"SEARCH {index}"), step


@pytest.mark.parametrize("sql", [BY_NAME, BY_ANY_NAME, BY_EMAIL])
def test_a_search_never_sorts_all_that_it_finds(till: Buffer, sql: str) -> None:
    assert not [step for step in steps(till, sql, RANGE) if "TEMP B-TREE" in step]


def test_the_head_of_the_outbox_is_read_by_its_own_index(till: Buffer) -> None:
    found_steps = steps(till, outbox_rows.NEXT_DUE, ("live",))
    assert any("outbox_due" in step for step in found_steps)
    assert not [step for step in found_steps if step.startswith("SCAN o")]


def test_a_search_reads_the_same_few_rows_of_a_thousand(till: Buffer, shop) -> None:
    """Counted in steps of SQLite's machine, which no busy machine can falsify."""
    dice = random.Random(5)
    enrolled(till, shop, *[f"M{dice.randrange(10**6)} Mz{n}" for n in range(100)])
    few = cost_of(till, "m")
    enrolled(till, shop, *[f"M{dice.randrange(10**6)} My{n}" for n in range(1500)])
    assert cost_of(till, "m") <= few * 1.5


def cost_of(buffer: Buffer, text: str) -> int:
    ticks = [0]

    def tick() -> bool:
        ticks[0] += 1
        return False

    with buffer.reading() as uow:
        connection: Any = uow.sales._session.connection
        connection.set_progress_handler(tick, 10)
        try:
            assert len(uow.people.search(text, 20)) == 20
        finally:
            connection.set_progress_handler(None, 10)
    return ticks[0]
