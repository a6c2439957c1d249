"""One key per member: what append-only tables keep of a person is sealed under it.

Destroying the key erases the person everywhere at once, and no chain or frozen row changes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.buffer.compact_json import compact_sorted
from kiosk.buffer.database import Connection
from kiosk.buffer.keys import KEY_BYTES, BufferKeys
from kiosk.domain.ids import MemberId
from kiosk.errors import StoreCorrupt

NONCE_BYTES: Final = 12
REWRAP_MAX: Final = 500  # keys of one transaction: about 10 ms


class MemberKeys:
    """Makes, opens and destroys members' keys; seals JSON objects with them (AES-256-GCM)."""

    def __init__(self, connection: Connection, keys: BufferKeys) -> None:
        self._connection = connection
        self._keys = keys
        self._opened: dict[MemberId, AESGCM] = {}

    def forget(self) -> None:
        """Drop the opened keys; called at each end of a transaction."""
        self._opened.clear()

    def make(self, member_id: MemberId) -> None:
        """A new random key for a new member, wrapped under the newest wrapping key."""
        number = self._keys.newest_kek
        key = os.urandom(KEY_BYTES)
        self._connection.execute(
            "INSERT INTO member_keys (member_id, wrapped, kek_id) VALUES (?, ?, ?)",
            (member_id, _seal(AESGCM(self._keys.member_kek[number]), key, _own(member_id)), number),
        )
        self._opened[member_id] = AESGCM(key)

    def destroy(self, member_id: MemberId, now_ms: int) -> None:
        """Forget this member's key for good."""
        self._connection.execute(
            "UPDATE member_keys SET wrapped = NULL, destroyed_ms = ?"
            " WHERE member_id = ? AND wrapped IS NOT NULL",
            (now_ms, member_id),
        )
        self._opened.pop(member_id, None)

    def outlived(self) -> bool:
        """Whether a key that wrapped a destroyed key is still there: then an erasure is not over.

        With it, an older copy of this file would bring the person back.
        """
        return any(self.destroyed_under(number) for number in self._keys.member_kek)

    def destroyed_under(self, kek_id: int) -> bool:
        """Whether a key that this one wrapped has been destroyed."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM member_keys WHERE wrapped IS NULL AND kek_id = ?)",
            (kek_id,),
        ).fetchone()
        return bool(row[0])

    def rewrap(self, after: MemberId | None, limit: int) -> MemberId | None:
        """Wrap the next members' keys under the newest wrapping key, those after `after` by id.

        The last member looked at, or None when there was nobody left. Cut off between two calls,
        every key is under one of the keys there are.
        """
        newest = self._keys.newest_kek
        rows = self._connection.execute(
            "SELECT member_id, wrapped, kek_id FROM member_keys WHERE member_id > ?"
            " ORDER BY member_id LIMIT ?",
            (after or "", min(limit, REWRAP_MAX)),
        ).fetchall()
        ciphers = {number: AESGCM(key) for number, key in self._keys.member_kek.items()}
        self._connection.executemany(
            "UPDATE member_keys SET wrapped = ?, kek_id = ? WHERE member_id = ?",
            [
                (_seal(ciphers[newest], _open(ciphers[kek], wrapped, own), own), newest, member_id)
                for member_id, wrapped, kek in rows
                if wrapped is not None and kek != newest and kek in ciphers
                for own in (_own(member_id),)
            ],
        )
        return MemberId(rows[-1][0]) if rows else None

    def unreadable(self, after: MemberId | None, limit: int) -> tuple[MemberId, ...]:
        """The next members whose key is wrapped under a key that is gone: rows of an older copy."""
        marks = ", ".join("?" * len(self._keys.member_kek))
        rows = self._connection.execute(
            "SELECT member_id FROM member_keys WHERE member_id > ?"
            f" AND wrapped IS NOT NULL AND kek_id NOT IN ({marks}) ORDER BY member_id LIMIT ?",
            (after or "", *self._keys.member_kek, min(limit, REWRAP_MAX)),
        )
        return tuple(MemberId(row[0]) for row in rows)

    def seal(self, member_id: MemberId, plain: Mapping[str, object], aad: str) -> bytes:
        """The object as sealed bytes that open only for this member and this `aad`."""
        cipher = self._cipher(member_id)
        if cipher is None:
            raise AssertionError("nothing new is sealed for an erased member")
        text = compact_sorted(plain)
        return _seal(cipher, text.encode(), _about(member_id, aad))

    def unseal(self, member_id: MemberId, sealed: bytes, aad: str) -> dict[str, object] | None:
        """What was sealed, or None when the member has been erased.

        Raises:
            StoreCorrupt: the bytes are not what was sealed under this `aad`.
        """
        cipher = self._cipher(member_id)
        if cipher is None:
            return None
        found = json.loads(_open(cipher, sealed, _about(member_id, aad)))
        if not isinstance(found, dict):
            raise StoreCorrupt(check="sealed")
        return found

    def _cipher(self, member_id: MemberId) -> AESGCM | None:
        if member_id not in self._opened:
            row = self._connection.execute(
                "SELECT wrapped, kek_id FROM member_keys WHERE member_id = ?", (member_id,)
            ).fetchone()
            if row is None:
                raise StoreCorrupt(check="member_key")
            # A wrapping key that is gone was destroyed after an erasure: this is a row of an old
            # backup, and the person stays erased.
            if row[0] is None or row[1] not in self._keys.member_kek:
                return None
            wrapping = AESGCM(self._keys.member_kek[row[1]])
            self._opened[member_id] = AESGCM(_open(wrapping, row[0], _own(member_id)))
        return self._opened[member_id]


def _own(member_id: MemberId) -> bytes:
    return f"member-key|{member_id}".encode()


def _about(member_id: MemberId, aad: str) -> bytes:
    return f"{member_id}|{aad}".encode()


def _seal(cipher: AESGCM, plain: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, aad)


def _open(cipher: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError):
        raise StoreCorrupt(check="sealed") from None
