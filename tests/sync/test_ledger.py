"""The pen: what is recorded together, and what a failure takes with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.errors import StoreBusy
from sync.ledger import BATCH_MAX, Ledger

if TYPE_CHECKING:
    from tests.sync.conftest import World


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One item for each transaction that was begun."""
    begun: list[int] = []
    writing = Buffer.writing

    def counted(buffer: Buffer) -> object:
        begun.append(1)
        return writing(buffer)

    monkeypatch.setattr(Buffer, "writing", counted)
    return begun


def put(name: str) -> object:
    def work(uow: UnitOfWork) -> str:
        uow.settings.put(name, 1, 1)
        return name

    return work


def fail(_uow: UnitOfWork) -> None:
    raise ZeroDivisionError


async def all_of(ledger: Ledger, works: list[object]) -> list[object]:
    return await asyncio.gather(
        *(ledger.write(work) for work in works),  # type: ignore[arg-type]
        return_exceptions=True,
    )


def names(world: World) -> set[str]:
    rows = world.read(lambda uow: uow.outbox._execute("SELECT key FROM settings").fetchall())
    return {row[0] for row in rows}


def test_what_is_written_at_the_same_moment_is_one_transaction(
    world: World, commits: list[int]
) -> None:
    works = [put(f"a{number}") for number in range(20)]
    results = asyncio.run(all_of(Ledger(world.buffer), works))
    assert results == [f"a{number}" for number in range(20)]
    assert len(commits) == 1


def test_more_than_a_batch_is_several_transactions(world: World, commits: list[int]) -> None:
    works = [put(f"a{number}") for number in range(BATCH_MAX + 1)]
    asyncio.run(all_of(Ledger(world.buffer), works))
    assert len(commits) == 2
    assert len(names(world)) == BATCH_MAX + 1


def test_a_work_that_fails_takes_no_other_with_it(world: World) -> None:
    results = asyncio.run(all_of(Ledger(world.buffer), [put("a"), fail, put("b")]))
    assert (results[0], results[2]) == ("a", "b")
    assert isinstance(results[1], ZeroDivisionError)
    assert names(world) == {"a", "b"}


def test_a_buffer_that_is_busy_is_told_to_everybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_buffer: Buffer) -> object:
        raise StoreBusy

    monkeypatch.setattr(Buffer, "writing", busy)
    results = asyncio.run(all_of(Ledger(world.buffer), [put("a"), put("b")]))
    assert [type(result) for result in results] == [StoreBusy, StoreBusy]


def test_a_cancelled_writer_is_recorded_all_the_same(world: World) -> None:
    async def run() -> None:
        ledger = Ledger(world.buffer)
        writer: asyncio.Task[object] = asyncio.create_task(
            ledger.write(put("a"))  # type: ignore[arg-type]
        )
        await asyncio.sleep(0)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await asyncio.sleep(0)

    asyncio.run(run())
    assert names(world) == {"a"}
