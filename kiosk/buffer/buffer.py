"""The encrypted file as the program sees it: one hold on the folder, two writers, transactions.

What `writing()` committed is on the disk. It must never be left open across a network call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.chain import ChainReport
from kiosk.buffer.creation import Birth, create_buffer
from kiosk.buffer.database import (
    Connection,
    DriverError,
    connect,
    connect_to_read,
    settle_log,
    store_error,
    store_errors,
)
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.room import Room, RoomRules
from kiosk.buffer.session import Identity, open_session
from kiosk.buffer.start import look_at_buffer, refusal_of_anchor, start_buffer, verify_against
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.buffer.write_lock import Priority, WriteLock
from kiosk.buffer.writer import Writer
from kiosk.errors import StoreCorrupt, StoreFull, StoreReadOnly, StoreUnsure

ROOM_RULES = RoomRules()


class Buffer:
    """One connection's transactions, one at a time: a buffer is used by one thread."""

    def __init__(
        self,
        open_connection: Callable[[], Connection],
        keys: BufferKeys,
        writer: Writer | None,
        connection: Connection | None = None,
    ) -> None:
        self._open_connection = open_connection
        self._keys = keys
        self._writer = writer
        self._in_use = threading.Lock()
        self._session = open_session(connection or open_connection(), keys)
        self._unit_of_work = UnitOfWork(self._session)
        self._in_doubt = False
        self._was_full = False
        self.remembered: AnchorMark | None = None
        self.anchor_unfit: StoreCorrupt | None = None

    @property
    def identity(self) -> Identity:
        """Which buffer this is."""
        return self._session.identity

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """One transaction: everything inside is on the disk afterwards, or nothing of it is.

        Raises:
            StoreUnsure: the commit ended in an error; look up what was written before deciding.
                Its `__cause__` says what went wrong (full, read-only, damaged).
            StoreBusy, StoreFull, StoreReadOnly, StoreCorrupt: nothing was written.
        """
        if self._writer is None:
            raise StoreReadOnly
        writer = self._writer
        writer.check_room()
        with self._alone(), writer.lock.held_by(writer.priority):
            connection = self._ready()
            with store_errors():
                connection.execute("BEGIN IMMEDIATE")
            with self._rolling_back(connection):
                with store_errors():
                    yield self._unit_of_work
                    mark = self._unit_of_work.incarnations.mark()
                self._commit(connection)
            if mark != writer.anchor.newest():
                # The commit stands whatever becomes of the anchor: an older one is still true.
                with suppress(OSError):
                    writer.anchor.write(mark)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """One consistent snapshot; whatever is written inside is thrown away."""
        with self._alone():
            connection = self._ready()
            with store_errors():
                connection.execute("BEGIN")
            # A snapshot is ended the way a failed transaction is: nothing of it stays.
            with self._rolling_back(connection), store_errors():
                yield self._unit_of_work

    def read_anew(self) -> None:
        """Have the next snapshot on a new connection: one that met a damaged page stays unwell."""
        self._in_doubt = True

    def verify_journal(self) -> ChainReport:
        """Recompute the whole chain, held against what the anchor remembered when we looked."""
        with self.reading() as uow:
            return verify_against(uow.journal, uow.incarnations, self.remembered)

    def rest(self) -> bool:
        """For idle moments: move the log into the file and keep the ballast; whether there is one.

        Not under a member's finger: it takes about 100 ms after 400 sales.
        """
        if self._writer is None:
            raise StoreReadOnly
        with self._alone(), store_errors():
            self._ready().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return self._writer.keep_ballast()

    def close(self, *, truncate: bool = False) -> None:
        """Close the connection; `truncate` empties the log first, unless somebody still reads."""
        connection = self._session.connection
        if truncate:
            with suppress(DriverError):
                connection.execute("PRAGMA busy_timeout = 0").fetchall()
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.close()

    def _ready(self) -> Connection:
        """The connection, opened anew after a commit that ended in doubt or a damaged page."""
        if self._in_doubt:
            with suppress(DriverError):
                self._session.connection.close()
            with store_errors():
                self._session = open_session(self._open_connection(), self._keys)
                if self._writer is not None and not self._was_full:
                    settle_log(self._session.connection)
            self._unit_of_work = UnitOfWork(self._session)
            self._in_doubt = False
        return self._session.connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._in_use.acquire(blocking=False):
            raise AssertionError("one transaction at a time, in one thread")
        try:
            yield
        finally:
            self._in_use.release()

    @contextmanager
    def _rolling_back(self, connection: Connection) -> Iterator[None]:
        """Take back whatever is not committed when the block is left, however that happens."""
        try:
            yield
        finally:
            self._session.member_keys.forget()
            if connection.in_transaction:
                with suppress(DriverError):
                    connection.execute("ROLLBACK")

    def _commit(self, connection: Connection) -> None:
        try:
            connection.execute("COMMIT")
        except DriverError as error:
            cause = store_error(error)
            self._in_doubt = True
            # Nothing of it was written to its end, and a full disk could not be settled anyway.
            self._was_full = isinstance(cause, StoreFull)
            raise StoreUnsure from cause


class BufferFile:
    """This process's hold on one buffer, from `open` to `close`."""

    def __init__(self, folder: Path, keys: BufferKeys, rules: RoomRules, now_ms: int) -> None:
        """Use `open`."""
        self._paths = BufferPaths(folder=folder)
        self._keys = keys
        self._paths.check_present()
        self._file_lock = FileLock(self._paths.lock)
        try:
            self._room = Room(folder, self._paths.ballast, rules)
            self._room.check_to_open()
            self._first, self._anchor = start_buffer(self._paths, keys, self._room, now_ms)
        except BaseException:
            self._file_lock.release()
            raise
        self._unused: Connection | None = self._first
        self._write_lock = WriteLock()
        self._buffers: dict[Priority, Buffer] = {}
        self._making = threading.Lock()

    @classmethod
    def create(
        cls, folder: Path, keys: BufferKeys, *, device: int, buffer_id: str, now_ms: int
    ) -> BufferFile:
        """Make a new buffer in this folder and open it.

        Raises:
            StoreExists: there is one already, or traces of one; nothing was changed.
            StoreInUse, StoreFull, StoreReadOnly.
        """
        paths = BufferPaths(folder=folder)
        lock = FileLock(paths.lock)
        try:
            Room(folder, paths.ballast, ROOM_RULES).check_to_open()
            birth = Birth(device=device, buffer_id=buffer_id, now_ms=now_ms)
            create_buffer(paths, keys, birth)
        finally:
            lock.release()
        return cls.open(folder, keys, now_ms=now_ms)

    @classmethod
    def open(
        cls, folder: Path, keys: BufferKeys, *, now_ms: int, rules: RoomRules = ROOM_RULES
    ) -> BufferFile:
        """Take hold of the buffer: lock, space, anchor, key, tables, chain, a write.

        Raises:
            StoreMissing, StoreInUse, StoreFull, StoreReadOnly, StoreTooNew, StoreNotUpgraded,
            WrongKey, StoreCorrupt (`check` names which), RolledBack. The file is left as it was.
        """
        return cls(folder, keys, rules, now_ms)

    @classmethod
    @contextmanager
    def look(cls, folder: Path, keys: BufferKeys) -> Iterator[Buffer]:
        """A buffer that only reads, beside whatever holds the file; no lock, no checks of history.

        Raises:
            StoreMissing, StoreReadOnly, StoreTooNew, StoreTooOld, WrongKey, StoreCorrupt.
        """
        paths = BufferPaths(folder=folder)
        paths.check_present()
        connection, mark = look_at_buffer(paths, keys, Room(folder, paths.ballast, ROOM_RULES))
        buffer = Buffer(
            lambda: connect_to_read(paths.buffer, keys.database), keys, None, connection
        )
        buffer.remembered = mark
        if mark is None or mark.buffer_id != buffer.identity.buffer_id:
            buffer.anchor_unfit = refusal_of_anchor(paths, keys, buffer.identity.buffer_id)
        try:
            yield buffer
        finally:
            buffer.close()

    def till(self) -> Buffer:
        """The till's buffer: its transactions go first, and need room to sell."""
        return self._buffer(Priority.TILL)

    def sync(self) -> Buffer:
        """The sync wing's buffer."""
        return self._buffer(Priority.SYNC)

    def close(self) -> None:
        """Anchor flushed, log emptied, connections closed, lock released. Threads must be done."""
        buffers = list(self._buffers.values())
        for buffer in buffers[1:]:
            buffer.close()
        if buffers:
            buffers[0].close(truncate=True)
        if self._unused is not None:
            self._unused.close()
        self._buffers.clear()
        self._unused = None
        self._anchor.close()
        self._file_lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _buffer(self, priority: Priority) -> Buffer:
        with self._making:
            if priority not in self._buffers:
                self._buffers[priority] = Buffer(
                    lambda: connect(self._paths.buffer, self._keys.database),
                    self._keys,
                    Writer(priority, self._write_lock, self._anchor, self._room),
                    self._unused,
                )
                self._unused = None
            return self._buffers[priority]
