"""Typed identifiers and UUID version 7, which sort by the time they were made."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import NewType

SaleId = NewType("SaleId", str)
MemberId = NewType("MemberId", str)
EntryId = NewType("EntryId", str)
EnrollmentId = NewType("EnrollmentId", str)
StaffId = NewType("StaffId", str)
FindingId = NewType("FindingId", int)
OfferCode = NewType("OfferCode", str)

ENTROPY_BYTES = 10
_MS_MAX = (1 << 48) - 1
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def uuid7(unix_ms: int, entropy: bytes) -> str:
    """One UUIDv7 (RFC 9562 section 5.7), 36 lower-case characters; `entropy`: 10 random bytes."""
    if not 0 <= unix_ms <= _MS_MAX or len(entropy) != ENTROPY_BYTES:
        raise AssertionError("uuid7 takes 48 bits of time and 10 bytes of entropy")
    tail = int.from_bytes(entropy, "big")
    rand_a, rand_b = (tail >> 62) & 0xFFF, tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=unix_ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b))


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in its one canonical form: 36 characters, lower case."""
    return _UUID.fullmatch(text) is not None


class UuidSource:
    """Makes UUIDv7s that never go back, even when the clock does. One source per thread."""

    def __init__(self, entropy: Callable[[int], bytes], floor_ms: int = 0) -> None:
        self._entropy = entropy
        self._last_ms = floor_ms

    def make(self, now_ms: int) -> str:
        """A new id for this instant; a clock that stands or goes back counts one millisecond on."""
        self._last_ms = max(now_ms, self._last_ms + 1)
        return uuid7(self._last_ms, self._entropy(ENTROPY_BYTES))
