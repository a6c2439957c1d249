"""Follows the journal's links one by one, and says where they stop following one another.

After a salvage links may be missing: a later link of the kind `BUFFER_SALVAGED`, authenticated by
the journal's key like every other, names each of them. A hole that no link names is a break.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.ids import MemberId

BUFFER_SALVAGED: Final = "buffer.salvaged"
HOLES_MAX: Final = 10_000

Content = tuple[int, int, str, str, str | None, str, bytes | None, bytes]
Hole = tuple[int, int]  # the first and the last sequence number that is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLink:
    """A line as it stands in the chain; `sealed` opens by `people.unseal` with `journal_aad`."""

    seq: int
    at_ms: int
    kind: str
    entity_id: str
    member_id: MemberId | None
    payload: str
    sealed: bytes | None = field(repr=False)
    prev: bytes
    hash: bytes

    def content(self) -> Content:
        """What the link's hash covers."""
        return (
            self.seq,
            self.at_ms,
            self.kind,
            self.entity_id,
            self.member_id,
            self.payload,
            self.sealed,
            self.prev,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """`length` links were checked; `broken_at` is the first that does not follow, or None.

    `missing` links are gone for good: a salvage could not read them, and a link says so.
    """

    ok: bool
    length: int
    broken_at: int | None
    missing: int = 0


class Chain:
    """Takes links in order. `prev` is the hash before the first of them; None: that one is gone."""

    def __init__(self, key: bytes, first: int, prev: bytes | None) -> None:
        self._key = key
        self._next = first
        self._prev = prev
        self._last_ms: int | None = None
        self._length = 0
        self._broken_at: int | None = None
        # Seen and not yet named by a link. What is before the first link is a hole as well.
        self._holes: list[Hole] = [] if prev is not None else [(first - 1, first - 1)]
        self._missing = 0

    def add(self, link: JournalLink) -> bool:
        """Whether this link is genuine and follows, as far as what is there can tell."""
        if self._broken_at is not None:
            return False
        if link.seq > self._next and len(self._holes) < HOLES_MAX:
            self._holes.append((self._next, link.seq - 1))
            self._next, self._prev = link.seq, None
        before = self._prev
        follows = link.seq == self._next and (
            before is None or hmac.compare_digest(link.prev, before)
        )
        in_order = self._last_ms is None or link.at_ms >= self._last_ms
        if not (follows and in_order and genuine(self._key, link)):
            self._broken_at = self._next
            return False
        self._next, self._prev, self._last_ms = link.seq + 1, link.hash, link.at_ms
        self._length += 1
        if link.kind == BUFFER_SALVAGED:
            self._name_holes(missing_of(link))
        return True

    def report(self) -> ChainReport:
        """How it stands after the links so far."""
        broken_at = self._broken_at
        if broken_at is None and self._holes:
            broken_at = self._holes[0][0]
        return ChainReport(
            ok=broken_at is None, length=self._length, broken_at=broken_at, missing=self._missing
        )

    def _name_holes(self, named: tuple[Hole, ...]) -> None:
        left = []
        for first, last in self._holes:
            if any(start <= first and last <= end for start, end in named):
                self._missing += last - first + 1
            else:
                left.append((first, last))
        self._holes = left


def genuine(key: bytes, link: JournalLink) -> bool:
    """Whether the link is word for word what was written under this key."""
    return hmac.compare_digest(link.hash, link_hash(key, link.content()))


def link_hash(key: bytes, content: Content) -> bytes:
    """HMAC-SHA256 over the fields, each with its length: joined ones could be shifted about."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in content:
        # None has a mark of its own, so that it is not the empty text.
        raw = b"" if part is None else part if isinstance(part, bytes) else str(part).encode()
        mac.update((b"\x00" if part is None else b"\x01") + len(raw).to_bytes(8, "big") + raw)
    return mac.digest()


def missing_of(link: JournalLink) -> tuple[Hole, ...]:
    """The holes that a genuine `BUFFER_SALVAGED` link names."""
    return tuple((int(first), int(last)) for first, last in json.loads(link.payload)["missing"])
