"""A season that was pressed is a season that was sold: the figures are about real sales."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import buffer, opened
from benchmarks import season as seasons
from benchmarks.buffer import measure
from benchmarks.commit import TABLES, rows_of
from benchmarks.prepared import Press, member_of, write
from benchmarks.season import Season, season
from kiosk.domain.ids import MemberId

SALES = 40  # as many as the names of the figures below say


def keep_in(folder: Path, patched: pytest.MonkeyPatch) -> None:
    """Seasons are kept in the test's own folder, and nearly all of one is delivered."""
    patched.setattr(seasons, "KEPT", folder)
    patched.setattr(seasons, "WAITING", 5)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """One that is only looked at."""
    with pytest.MonkeyPatch.context() as patched:
        keep_in(tmp_path_factory.mktemp("seasons"), patched)
        with season(SALES) as made:
            yield made


def test_a_pressed_sale_is_as_whole_as_one_that_was_sold(held: Season) -> None:
    with held.desk.buffer.reading() as uow:
        sales = list(uow.sales.each())
        assert len(sales) == SALES + 1  # and the real one
        assert uow.journal.verify().ok
        for sale in sales:
            assert len(uow.passes.of_sale(sale.sale_id)) == 2
            (entry,) = uow.outbox.of_sale(sale.sale_id)
            member = uow.people.member(sale.member_id)
            assert entry.person == {
                "name": member.name, "email": member.email, "language": "en",
            }  # fmt: skip
            assert sum(line.amount_minor for line in sale.lines) == sale.total_minor
        counts = uow.outbox.counts(held.desk.mode)
        assert (counts.waiting, counts.delivered) == (5, SALES - 4)


def test_a_season_goes_over_days_and_only_the_last_one_is_today(held: Season) -> None:
    now_ms = held.desk.clock.now_ms()
    with held.desk.buffer.reading() as uow:
        at = [sale.sold_ms for sale in uow.sales.each()][1:]
        assert at == sorted(at)
        assert now_ms - at[0] >= SALES * seasons.DAY_MS // seasons.A_DAY
        assert uow.sales.today(held.desk.mode, at[SALES // 2]).count == SALES // 2 + 1


def test_the_twins_hold_the_same_rows_without_a_key(held: Season) -> None:
    with held.plain.reading() as uow:
        assert len(list(uow.sales.each())) == SALES + 1
        assert uow.journal.verify().ok
    raw = sqlite3.connect(held.raw)
    assert raw.execute("SELECT count(*) FROM journal").fetchone()[0] >= SALES + 1
    assert raw.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == (
        0,
    )
    raw.close()
    assert b"SQLite format 3" in held.raw.read_bytes()[:16]
    assert b"SQLite" not in (held.kiosk.folder / "buffer.db").read_bytes()[:16]


def go_on(sold: Season) -> None:
    """Three sales more in each file, with the numbers that are next there."""
    press = Press(sold.desk)
    other = press.over(sold.plain)
    for number in range(3):
        with sold.desk.buffer.writing() as uow:
            write(uow, press.prepare(number))
        with sold.plain.writing() as uow:
            write(uow, other.prepare(number))
    with sold.desk.buffer.reading() as uow:
        assert len(list(uow.sales.each())) == SALES + 1 + 1 + 3
    with sold.plain.reading() as uow:
        assert len(list(uow.sales.each())) == SALES + 1 + 3


def test_a_season_is_made_once_and_sold_on_in_and_a_half_made_one_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in(tmp_path, monkeypatch)
    with season(SALES) as first:
        folder, buffer_id = first.kiosk.folder, first.desk.buffer.identity.buffer_id
    with season(SALES) as again:
        assert again.desk.buffer.identity.buffer_id == buffer_id
        go_on(again)
    with season(SALES) as later, later.desk.buffer.reading() as uow:
        assert uow.outbox.counts(later.desk.mode).waiting == 5, "as many as in a new one"
    folder.rename(folder.with_name(f"{folder.name}.half"))
    with season(SALES) as anew:
        assert anew.desk.buffer.identity.buffer_id != buffer_id
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_the_rows_of_a_sale_are_all_of_its_rows_and_found_without_a_scan(held: Season) -> None:
    """A scan of the journal between two commits would be what is measured."""
    connection = held.desk.buffer._session.connection
    with held.desk.buffer.reading() as uow:
        sale = list(uow.sales.each())[-1]
    rows = rows_of(held.desk, sale.sale_id)
    counted = Counter(table for table, _ in rows)
    assert counted == {
        "members": 1, "member_keys": 1, "member_names": 1, "sales": 1, "sale_lines": 3,
        "tenders": 1, "consents": 1, "enrollments": 1, "passes": 2, "outbox": 1, "journal": 1,
    }  # fmt: skip
    for table, where in TABLES:
        asked = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {where}"
        plan = connection.execute(asked, (sale.sale_id,)).fetchall()
        assert not [step for step in plan if step[3].startswith("SCAN")], table


def test_every_figure_has_a_name_of_its_own_and_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in(tmp_path, monkeypatch)
    monkeypatch.setattr(opened, "RUNS", 1)
    monkeypatch.setattr(buffer, "WARM_UP", 2)
    figures = measure(sizes=(0, SALES), rounds=5)
    names = [figure.name for figure in figures]
    assert len(set(names)) == len(names)
    assert all(figure.value > 0 for figure in figures)
    for part in (
        "buffer commit at 0 p50", "commit / plain p50 at 40", "cost of encryption p50 at 40",
        "member by name at 40 p99", "outbox head at 40 p99", "bytes per sale at 40", "open at 0",
        "memory when open at 40", "sale p99 draining / alone",
        "buffer commit by itself at 40 p99", "buffer commit by itself, p99 at 40 / at 0",
    ):  # fmt: skip
        assert part in names


def test_members_of_a_season_have_names_and_addresses_of_their_own() -> None:
    made = [member_of(number, MemberId("x" * 36)) for number in range(3_000)]
    assert len({member.email for member in made}) == 3_000
    assert len({member.name for member in made}) > 2_000
