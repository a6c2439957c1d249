"""The keys one buffer needs, held in memory only; nothing here ever prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BufferKeys:
    """Four independent uses of the vault's data key, each `KEY_BYTES` long.

    `database` is SQLCipher's raw key, `journal` authenticates the chain, `anchor` the anchor file.
    `member_kek` are the numbered keys that wrap members' own keys; the highest wraps new ones. They
    are random and kept in the key file, never derived: after an erasure the old one is destroyed,
    so that a restored backup does not bring the person back.
    """

    database: bytes
    journal: bytes
    anchor: bytes
    member_kek: Mapping[int, bytes]

    def __post_init__(self) -> None:
        every = (self.database, self.journal, self.anchor, *self.member_kek.values())
        # SQLCipher takes a raw key of the wrong length silently for a passphrase.
        if not self.member_kek or any(len(key) != KEY_BYTES for key in every):
            raise AssertionError("every key of a buffer has 32 bytes")

    def __repr__(self) -> str:
        return "BufferKeys(hidden)"

    @property
    def newest_kek(self) -> int:
        """The number of the key that wraps new members' keys."""
        return max(self.member_kek)
