"""The cryptography of the vault: keys derived from keys, wrapped in keys, stretched from words."""

from __future__ import annotations

import os
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from kiosk.buffer.keys import KEY_BYTES
from kiosk.vault.document import KeyCost

_NONCE_BYTES: Final = 12


def derived(key: bytes, label: str) -> bytes:
    """An independent key for one use (HKDF-Expand of RFC 5869; the key is already uniform)."""
    info = f"kiosk vault 1: {label}".encode()
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=info).derive(key)


def stretched(secret: bytes, salt: bytes, cost: KeyCost) -> bytes:
    """A key from what a person can remember, made slow to guess (Argon2id of RFC 9106)."""
    return Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(secret)


def wrap(key: bytes, plain: bytes, about: bytes) -> bytes:
    """`plain` sealed under `key` and bound to `about` (AES-256-GCM, its random nonce in front)."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unwrap(key: bytes, wrapped: bytes, about: bytes) -> bytes:
    """What was wrapped. Raises InvalidTag or ValueError when it was not, or not by this key."""
    return AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], about)
