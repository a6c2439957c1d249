"""The sync wing's pen: what the lanes have to record at the same moment is one transaction.

A commit waits for the disk, so thirty lanes that each commit alone would spend their time waiting
in line. No transaction is ever open across an await, and a piece of work that fails takes no other
one with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.unit_of_work import UnitOfWork

BATCH_MAX: Final = 64

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    work: Work[object]
    done: asyncio.Future[object]


class Ledger:
    """Reads and writes of one buffer for all tasks of one loop."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._waiting: list[_Waiting] = []

    def read(self, work: Work[T]) -> T:
        """The work's result from one consistent snapshot."""
        with self._buffer.reading() as uow:
            return work(uow)

    def write_now(self, work: Work[T]) -> T:
        """Commit this work alone, at once. Raises StoreError."""
        with self._buffer.writing() as uow:
            return work(uow)

    def rest(self) -> None:
        """Let the buffer tidy up while nothing waits."""
        if not self._waiting:
            self._buffer.rest()

    async def write(self, work: Work[T]) -> T:
        """Commit this work with whatever else waits; done when it is. Raises StoreError."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._commit)
        self._waiting.append(_Waiting(work=work, done=done))  # type: ignore[arg-type]
        return await done

    def _commit(self) -> None:
        batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._commit)
        # A task that was cancelled meanwhile still gets its work recorded: it describes the world.
        if len(batch) == 1 or not self._commit_together(batch):
            for waiting in batch:
                self._commit_alone(waiting)

    def _commit_together(self, batch: list[_Waiting]) -> bool:
        try:
            with self._buffer.writing() as uow:
                results = [waiting.work(uow) for waiting in batch]
        except Exception:  # noqa: BLE001  (whose fault it was shows when each is tried alone)
            return False
        for waiting, result in zip(batch, results, strict=True):
            if not waiting.done.done():
                waiting.done.set_result(result)
        return True

    def _commit_alone(self, waiting: _Waiting) -> None:
        try:
            result = self.write_now(waiting.work)
        except BaseException as error:  # noqa: BLE001  (it belongs to the task that waits for it)
            if not waiting.done.done():
                waiting.done.set_exception(error)
            return
        if not waiting.done.done():
            waiting.done.set_result(result)
