"""Writes a box: a new file, or one more generation at the end of one that is there.

What stands in a file already is never changed. A generation counts once its closing is on the disk.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from kiosk.blackbox.layout import (
    CHUNK_BYTES,
    CLOSING_BYTES,
    HEADER,
    SECTIONS_MOST,
    FrameKind,
    Opening,
    Seal,
    closing,
)
from kiosk.errors import BoxError, BoxMissing, StoreFull, StoreReadOnly

SECTION_NAME: Final = re.compile(r"[a-z][a-z0-9.-]{0,63}")
OWNER_ONLY: Final = 0o600


class BoxWriter:
    """The sections of one generation, written one after the other."""

    def __init__(self, file: BinaryIO, key: bytes, opening: Opening) -> None:
        """Use `new_box` or `append_generation`."""
        self._file = file
        self._seal = Seal(key, opening)
        self._names: list[str] = []
        packed = opening.packed()
        self._length = len(packed)
        file.write(packed)

    def section(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a section; its pieces may be of any size, and are sealed in chunks."""
        if not SECTION_NAME.fullmatch(name) or name in self._names:
            raise AssertionError("a section has a name of its own")
        if len(self._names) >= SECTIONS_MOST:
            raise AssertionError("more sections than a generation has")
        self._names.append(name)
        self._frame(FrameKind.SECTION, name.encode())
        size = 0
        for chunk in _chunks(pieces):
            self._frame(FrameKind.DATA, chunk)
            size += len(chunk)
        self._frame(FrameKind.END, _json({"bytes": size}))

    def finish(self) -> None:
        """Seal the generation and have it on the disk."""
        self._frame(FrameKind.SEAL, _json({"frames": self._seal.frames, "sections": self._names}))
        self._file.write(closing(self._length + CLOSING_BYTES))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _frame(self, kind: FrameKind, content: bytes) -> None:
        sealed = self._seal.close(kind, content)
        self._file.write(sealed)
        self._length += len(sealed)


Fill = Callable[[BoxWriter], None]


def new_box(
    path: Path, key: bytes, opening: Opening, fill: Fill, keep: Iterable[bytes] = ()
) -> None:
    """Make a file with one generation; `fill` writes the sections, `keep` are older generations.

    A file of that name must not exist. Raises StoreFull, StoreReadOnly; what was begun is removed.
    """
    with _disk_errors(path):
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags, OWNER_ONLY)
        try:
            with os.fdopen(handle, "r+b") as file:
                file.write(HEADER)
                file.writelines(keep)
                _write(file, key, opening, fill)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def append_generation(path: Path, key: bytes, opening: Opening, fill: Fill) -> None:
    """Write one more generation behind what the file holds, whole or not.

    Raises BoxMissing, StoreFull, StoreReadOnly; then the file is as long as it was.
    """
    with _disk_errors(path):
        if not path.is_file():
            raise BoxMissing(file=str(path))
        length = path.stat().st_size
        try:
            with path.open("ab") as file:
                _write(file, key, opening, fill)
        except BaseException:
            # Where even this fails, readers pass over what has no end.
            with suppress(OSError):
                os.truncate(path, length)
            raise


def _write(file: BinaryIO, key: bytes, opening: Opening, fill: Fill) -> None:
    writer = BoxWriter(file, key, opening)
    fill(writer)
    writer.finish()


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for at in range(0, len(piece), CHUNK_BYTES):
            yield piece[at : at + CHUNK_BYTES]


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BoxError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFull(free_mb=0) from None
        raise StoreReadOnly(folder=str(path.parent)) from None
