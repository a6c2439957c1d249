"""Making and opening the vault: the data key, its slots, and the keys derived from it.

The key file holds no secret in clear. Losing every slot means losing the sales that were not sent,
so a vault is made with a recovery key from the start. Nothing here is ever printed or logged.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from kiosk.buffer.files import BUFFER_NAME
from kiosk.buffer.keys import KEY_BYTES, BufferKeys
from kiosk.errors import KeyFileDamaged, PassphraseWeak, PassphraseWrong, StoreExists
from kiosk.vault.key_file import (
    KEY_FILE_NAME,
    Document,
    KeyCost,
    Slot,
    read_document,
    write_document,
)
from kiosk.vault.recovery_key import RecoveryKey, read_recovery_key

PASSPHRASE_LEAST: Final = 1  # what a person types has to be longer: see kiosk.passphrase
PASSPHRASE_MOST: Final = 1024  # characters looked at; more add nothing but work
ASIDE_MOST: Final = 100  # key files of set-ups that were cut off, all kept
_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Vault:
    """An opened vault: keys of the buffer and of the practice shelf, and the root if it is here."""

    device: int
    keys: BufferKeys = field(repr=False)
    practice_key: bytes = field(repr=False)
    root: bytes | None = field(repr=False)

    def __repr__(self) -> str:
        return f"Vault(device={self.device}, hidden)"

    def root_private(self) -> Ed25519PrivateKey | None:
        """The organiser's root key, when this kiosk is the one that holds it."""
        return None if self.root is None else Ed25519PrivateKey.from_private_bytes(self.root)


def make(
    folder: Path, passphrase: str, *, device: int, cost: KeyCost | None = None
) -> tuple[Vault, RecoveryKey]:
    """Make a vault with a passphrase and a recovery key, and write its key file.

    A key file without a buffer, left by a set-up that was cut off, is put aside under a name of its
    own and kept.

    Raises:
        PassphraseWeak: shorter than `PASSPHRASE_LEAST` characters. Fields: least.
        StoreExists: the folder has a buffer, whose keys are never replaced.
    """
    secret = _normal(passphrase)
    if len(secret) < PASSPHRASE_LEAST:
        raise PassphraseWeak(least=PASSPHRASE_LEAST)
    path = folder / KEY_FILE_NAME
    if (folder / BUFFER_NAME).exists():
        raise StoreExists(folder=str(folder))
    data_key, recovery = os.urandom(KEY_BYTES), RecoveryKey(raw=os.urandom(KEY_BYTES))
    spent = cost or KeyCost()
    by_passphrase = Slot(kind="passphrase", salt=os.urandom(_SALT_BYTES), cost=spent)
    by_recovery = Slot(kind="recovery", salt=os.urandom(_SALT_BYTES), cost=None)
    root = Ed25519PrivateKey.generate().private_bytes_raw()
    document = Document(
        device=device,
        slots=(
            by_passphrase.holding(
                _wrap(_slot_key(by_passphrase, secret.encode()), data_key, by_passphrase.header())
            ),
            by_recovery.holding(
                _wrap(_slot_key(by_recovery, recovery.raw), data_key, by_recovery.header())
            ),
        ),
        member_keks={1: _wrap(_derived(data_key, "member keks"), os.urandom(KEY_BYTES), b"kek 1")},
        root=_wrap(_derived(data_key, "root"), root, b"root"),
    )
    if path.exists():
        path.replace(_aside(path))
    write_document(path, document, _derived(data_key, "key file"))
    return _opened(document, data_key), recovery


def unlock(folder: Path, secret: str) -> Vault:
    """Open the vault with the passphrase or the recovery key, whichever `secret` is.

    Raises:
        KeyFileMissing, KeyFileLoose, KeyFileDamaged: the file. Fields: file and why.
        PassphraseWrong: no slot opens with it.
    """
    path = folder / KEY_FILE_NAME
    document, sealed = read_document(path)
    data_key = _data_key(document, secret)
    if not hmac.compare_digest(sealed.mac, sealed.expected_mac(_derived(data_key, "key file"))):
        raise KeyFileDamaged(file=str(path), reason="mac")
    try:
        return _opened(document, data_key)
    except (InvalidTag, ValueError):
        raise KeyFileDamaged(file=str(path), reason="key") from None


def _aside(path: Path) -> Path:
    """A name for an older key file that no other one has: a key is never overwritten.

    Raises StoreExists when there are `ASIDE_MOST` of them: somebody should look at this folder.
    """
    for number in range(1, ASIDE_MOST + 1):
        name = path.with_name(f"{path.name}.aside" + (f"-{number}" if number > 1 else ""))
        if not name.exists():
            return name
    raise StoreExists(folder=str(path.parent))


def _data_key(document: Document, secret: str) -> bytes:
    recovery = read_recovery_key(secret)
    passphrase = _normal(secret).encode()
    for slot in document.slots:
        if slot.kind == "recovery":
            material = None if recovery is None else recovery.raw
        elif slot.kind == "passphrase":
            material = passphrase
        else:
            material = None  # a kind of slot that a newer version knows: not ours to try
        if material is None:
            continue
        try:
            return _unwrap(_slot_key(slot, material), slot.wrapped, slot.header())
        except InvalidTag:
            continue
    raise PassphraseWrong


def _opened(document: Document, data_key: bytes) -> Vault:
    keks = _derived(data_key, "member keks")
    return Vault(
        device=document.device,
        keys=BufferKeys(
            database=_derived(data_key, "database"),
            journal=_derived(data_key, "journal"),
            anchor=_derived(data_key, "anchor"),
            member_kek={
                number: _unwrap(keks, wrapped, f"kek {number}".encode())
                for number, wrapped in document.member_keks.items()
            },
        ),
        practice_key=_derived(data_key, "practice"),
        root=None
        if document.root is None
        else _unwrap(_derived(data_key, "root"), document.root, b"root"),
    )


def _slot_key(slot: Slot, material: bytes) -> bytes:
    """The key of one slot: stretched from what a person can remember, or derived from 256 bits."""
    if slot.cost is None:
        return _derived(material, f"slot {slot.kind} {slot.salt.hex()}")
    return Argon2id(
        salt=slot.salt,
        length=KEY_BYTES,
        iterations=slot.cost.iterations,
        lanes=slot.cost.lanes,
        memory_cost=slot.cost.memory_kib,
    ).derive(material)


def _normal(passphrase: str) -> str:
    """The same passphrase from every keyboard: composed letters, and not without limit."""
    return unicodedata.normalize("NFC", passphrase)[:PASSPHRASE_MOST]


def _derived(key: bytes, label: str) -> bytes:
    """An independent key for one use (HKDF-Expand of RFC 5869; the key is already uniform)."""
    info = f"kiosk vault 1: {label}".encode()
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=info).derive(key)


def _wrap(key: bytes, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def _unwrap(key: bytes, wrapped: bytes, about: bytes) -> bytes:
    return AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], about)
