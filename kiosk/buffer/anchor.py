"""The anchor: 128 bytes beside the file that remember how far its journal had come.

An old copy of the file put back has a shorter journal than its anchor says, and a forked one has
another hash there. Two slots are written in turn, so that a torn write leaves the other one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Buffer id 16, incarnation 4, sequence 8, first bytes of the journal's hash 20, MAC 16.
_BODY: Final = struct.Struct(">16sIQ20s")
_MAC_BYTES: Final = 16
_HASH_BYTES: Final = 20
_ID_VERSION: Final = 7  # of every id that is made here: RFC 9562
_ANOTHER_BITS: Final = 12  # two ids differ in about 37 of 74 random bits, a damaged one in fewer
SLOT_BYTES: Final = _BODY.size + _MAC_BYTES
ANCHOR_BYTES: Final = 2 * SLOT_BYTES
_NO_HASH: Final = b"\xff" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorMark:
    """How far the journal had come: its last sequence number and the start of that link's hash."""

    buffer_id: str
    incarnation: int
    seq: int
    hash_start: bytes

    @property
    def order(self) -> tuple[int, int]:
        """Marks of one buffer by age: a later incarnation is newer, however long its journal."""
        return self.incarnation, self.seq

    @property
    def is_unfit(self) -> bool:
        """Whether no journal fits it: it stands for a lost anchor, and remembers nothing."""
        return self.hash_start == _NO_HASH[:_HASH_BYTES]

    @classmethod
    def at(cls, buffer_id: str, incarnation: int, seq: int, link_hash: bytes) -> AnchorMark:
        """The mark for a journal that ends in this link."""
        return cls(
            buffer_id=buffer_id,
            incarnation=incarnation,
            seq=seq,
            hash_start=link_hash[:_HASH_BYTES],
        )


class Anchor:
    """The open anchor file of one buffer, for its one writer at a time."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file; OSError when it is missing or cannot be written."""
        flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags)
        self._key = key
        self._slots = _read_slots(self._handle, key)

    def newest(self) -> AnchorMark | None:
        """The furthest mark that is genuine, or None when neither slot is ours."""
        marks = [mark for mark in self._slots if mark is not None]
        return max(marks, key=lambda mark: mark.order, default=None)

    def write(self, mark: AnchorMark) -> None:
        """Put the mark into the slot that does not hold the newest one; OSError if that fails.

        Not flushed at each commit: after a power cut an older mark is still a true lower bound. A
        mark that is older than the newest one changes nothing.
        """
        newest = self.newest()
        if newest is not None and mark.order < newest.order:
            return
        slot = 0 if newest is None or self._slots[0] is not newest else 1
        sealed = seal_mark(mark, self._key)
        os.lseek(self._handle, slot * SLOT_BYTES, os.SEEK_SET)
        if os.write(self._handle, sealed) != SLOT_BYTES:
            raise OSError("the anchor was written in part")
        self._slots[slot] = mark

    def close(self) -> None:
        """Flush the last mark to the disk and let go of the file."""
        if self._handle >= 0:
            os.fsync(self._handle)
            os.close(self._handle)
            self._handle = -1


def make_anchor(path: Path, key: bytes, mark: AnchorMark) -> None:
    """Write a new anchor file with this mark in both slots, flushed to the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        os.write(handle, seal_mark(mark, key) * 2)
        os.fsync(handle)
    finally:
        os.close(handle)


def read_anchor(path: Path, key: bytes) -> AnchorMark | None:
    """The newest genuine mark without holding the file; None when missing or not ours."""
    try:
        anchor = Anchor(path, key)
    except OSError:
        return None
    try:
        return anchor.newest()
    finally:
        anchor.close()


def names_another(path: Path, buffer_id: str) -> bool:
    """Whether an anchor that is not ours is another buffer's, rather than our own one garbled.

    Nothing in it can be trusted without its key. But another kiosk's names its buffer in both slots
    alike, and chance does not: so whoever mixed up two folders is told, and nothing hangs on it.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return False
    if len(raw) != ANCHOR_BYTES:
        return False
    first, second = (uuid.UUID(bytes=raw[at : at + 16]) for at in (0, SLOT_BYTES))
    differing = (first.int ^ uuid.UUID(buffer_id).int).bit_count()
    return first == second and first.version == _ID_VERSION and differing >= _ANOTHER_BITS


def remembering(mark: AnchorMark | None) -> AnchorMark | None:
    """A mark that says how far its journal had come; None where the anchor was lost."""
    return None if mark is None or mark.is_unfit else mark


def unfit(head: AnchorMark) -> AnchorMark:
    """A mark that no journal fits: the next start asks for an acknowledged restore."""
    return AnchorMark.at(head.buffer_id, head.incarnation, head.seq + 1, _NO_HASH)


def seal_mark(mark: AnchorMark, key: bytes) -> bytes:
    """The mark as `SLOT_BYTES` bytes that only this kiosk can have made."""
    body = _BODY.pack(uuid.UUID(mark.buffer_id).bytes, mark.incarnation, mark.seq, mark.hash_start)
    return body + _mac(body, key)


def open_mark(sealed: bytes, key: bytes) -> AnchorMark | None:
    """The mark in these bytes; None when they are not genuine."""
    if len(sealed) != SLOT_BYTES:
        return None
    body, mac = sealed[: _BODY.size], sealed[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(body, key)):
        return None
    raw_id, incarnation, seq, hash_start = _BODY.unpack(body)
    return AnchorMark(
        buffer_id=str(uuid.UUID(bytes=raw_id)),
        incarnation=incarnation,
        seq=seq,
        hash_start=hash_start,
    )


def _read_slots(handle: int, key: bytes) -> list[AnchorMark | None]:
    os.lseek(handle, 0, os.SEEK_SET)
    raw = os.read(handle, ANCHOR_BYTES)
    return [open_mark(raw[at : at + SLOT_BYTES], key) for at in (0, SLOT_BYTES)]


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:_MAC_BYTES]
