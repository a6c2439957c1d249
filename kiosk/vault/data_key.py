"""Making and opening the vault: the data key, its slots, and the keys derived from it.

The key file holds no secret in clear. Losing every slot means losing the sales that were not sent,
so a vault is made with a recovery key from the start. Nothing here is ever printed or logged.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.buffer.files import BUFFER_NAME
from kiosk.buffer.keys import KEY_BYTES, BufferKeys
from kiosk.errors import KeyFileDamaged, StoreBusy, StoreExists
from kiosk.vault.document import Document, KeyCost
from kiosk.vault.key_file import KEY_FILE_NAME, Sealed, read_document, write_document
from kiosk.vault.places import Places, system_places
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.slots import Found, SlotMaker, Way, open_by_keychain, open_slot
from kiosk.vault.wrapping import derived, unwrap, wrap

READS_MOST: Final = 3  # of a key file that others change all the time
ASIDE_MOST: Final = 100  # key files of set-ups that were cut off, all kept
_FILE: Final = "key file"  # what each derived key is for
_KEKS: Final = "member keks"
_ROOT: Final = "root"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FormerKeys:
    """What the files were encrypted with before a rotation that is not finished."""

    database: bytes = field(repr=False)
    practice: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Vault:
    """An opened vault: keys of the buffer and of the practice shelf, and the root if it is here.

    `former` is there while a rotation is not finished: each file opens with one or the other.
    `opened_by` is the kind of slot that was used.
    """

    device: int
    keys: BufferKeys = field(repr=False)
    practice_key: bytes = field(repr=False)
    root: bytes | None = field(repr=False)
    former: FormerKeys | None = field(repr=False)
    data_key: bytes = field(repr=False)
    opened_by: str = field(compare=False)

    def __repr__(self) -> str:
        return f"Vault(device={self.device}, hidden)"

    def root_private(self) -> Ed25519PrivateKey | None:
        """The organiser's root key, when this kiosk is the one that holds it."""
        return None if self.root is None else Ed25519PrivateKey.from_private_bytes(self.root)


def make(
    folder: Path,
    passphrase: str,
    *,
    device: int,
    cost: KeyCost | None = None,
    made_ms: int | None = None,
) -> tuple[Vault, RecoveryKey]:
    """Make a vault with a passphrase and a recovery key, and write its key file.

    A key file without a buffer, left by a set-up that was cut off, is put aside under a name of its
    own and kept.

    Raises:
        PassphraseWeak: shorter than `PASSPHRASE_LEAST` characters. Fields: least.
        StoreExists: the folder has a buffer, whose keys are never replaced.
    """
    if (folder / BUFFER_NAME).exists():
        raise StoreExists(folder=str(folder))
    data_key, recovery = os.urandom(KEY_BYTES), RecoveryKey(raw=os.urandom(KEY_BYTES))
    maker = SlotMaker(
        data_key=data_key, places=system_places(), cost=cost or KeyCost(), made_ms=made_ms
    )
    slots = (maker.passphrase(passphrase), maker.recovery(recovery))
    path = folder / KEY_FILE_NAME
    root = Ed25519PrivateKey.generate().private_bytes_raw()
    document = Document(
        device=device,
        slots=slots,
        member_keks=wrapped_keks({1: os.urandom(KEY_BYTES)}, data_key),
        root=wrapped_root(root, data_key),
    )
    if path.exists():
        path.replace(_aside(path))
    store(folder, document, data_key)
    return _opened(document, Found(data_key=data_key, method=slots[0].kind)), recovery


def unlock(folder: Path, secret: str | None, places: Places | None = None) -> Vault:
    """Open the vault with a passphrase, PIN or recovery key, whichever `secret` is.

    `None` asks the keychain of this machine, which is for a start with nobody there.

    Raises:
        KeyFileMissing, KeyFileLoose, KeyFileDamaged: the file. Fields: file and why.
        PassphraseWrong: no slot opens with it.
        RecoverySlip, RecoveryUnfit: nor does any, and it was meant as a recovery key.
        DeviceSecretMissing: a PIN that was set on another machine.
        MethodMissing, KeychainMissing, KeychainLocked, KeychainEntryMissing: the keychain.
        StoreBusy: other programs change the keys all the time.
    """
    path = folder / KEY_FILE_NAME
    document, found = _read_and_open(path, secret, places or system_places())
    try:
        return _opened(document, found)
    except (InvalidTag, ValueError):
        raise KeyFileDamaged(file=str(path), reason="key") from None


def ways(folder: Path) -> tuple[Way, ...]:
    """What the vault opens with, in the order of the file; it takes no secret to know.

    Raises KeyFileMissing, KeyFileLoose, KeyFileDamaged.
    """
    document, _ = read_document(folder / KEY_FILE_NAME)
    return tuple(Way(method=slot.kind, made_ms=slot.made_ms) for slot in document.slots)


def device_of(folder: Path) -> int:
    """The number of this kiosk, as the file says. Raises as `ways` does."""
    return read_document(folder / KEY_FILE_NAME)[0].device


def checked(folder: Path, data_key: bytes) -> Document:
    """The key file's content, authenticated. Raises KeyFileDamaged when it is not this key's."""
    path = folder / KEY_FILE_NAME
    document, sealed = read_document(path)
    _check_seal(path, sealed, data_key)
    return document


def store(folder: Path, document: Document, data_key: bytes) -> None:
    """Put this content in the key file's place. Raises StoreReadOnly, StoreFull."""
    write_document(folder / KEY_FILE_NAME, document, derived(data_key, _FILE))


def wrapped_keks(keks: dict[int, bytes], data_key: bytes) -> dict[int, bytes]:
    """The numbered keys that wrap members' keys, each wrapped under the data key."""
    key = derived(data_key, _KEKS)
    return {number: wrap(key, kek, f"kek {number}".encode()) for number, kek in keks.items()}


def wrapped_root(root: bytes, data_key: bytes) -> bytes:
    """The root's private key, wrapped under the data key."""
    return wrap(derived(data_key, _ROOT), root, b"root")


def database_key(data_key: bytes) -> bytes:
    """SQLCipher's key for the buffer of this data key."""
    return derived(data_key, "database")


def practice_key(data_key: bytes) -> bytes:
    """SQLCipher's key for the practice shelf of this data key."""
    return derived(data_key, "practice")


def _check_seal(path: Path, sealed: Sealed, data_key: bytes) -> None:
    if not hmac.compare_digest(sealed.mac, sealed.expected_mac(derived(data_key, _FILE))):
        raise KeyFileDamaged(file=str(path), reason="mac")


def _read_and_open(path: Path, secret: str | None, used: Places) -> tuple[Document, Found]:
    """The file as it is now, and the slot that opened.

    Opening a slot takes a while, and another program may put other keys in place meanwhile.
    """
    for _ in range(READS_MOST):
        document, sealed = read_document(path)
        if secret is None:
            found = open_by_keychain(document, used)
        else:
            found = open_slot(document, secret, used)
        _check_seal(path, sealed, found.data_key)
        if read_document(path)[1] == sealed:
            return document, found
    raise StoreBusy


def _aside(path: Path) -> Path:
    """A name for an older key file that no other one has: a key is never overwritten.

    Raises StoreExists when there are `ASIDE_MOST` of them: somebody should look at this folder.
    """
    for number in range(1, ASIDE_MOST + 1):
        name = path.with_name(f"{path.name}.aside" + (f"-{number}" if number > 1 else ""))
        if not name.exists():
            return name
    raise StoreExists(folder=str(path.parent))


def _opened(document: Document, found: Found) -> Vault:
    """The keys of a document. Raises InvalidTag or ValueError when one does not unwrap."""
    data_key, root, rotated = found.data_key, document.root, document.rotated
    journal, anchor = derived(data_key, "journal"), derived(data_key, "anchor")
    former: FormerKeys | None = None
    if rotated is not None:
        kept = derived(data_key, "kept")
        journal = unwrap(kept, rotated.journal, b"journal")
        anchor = unwrap(kept, rotated.anchor, b"anchor")
        if rotated.former is not None:
            former = FormerKeys(
                database=unwrap(kept, rotated.former.database, b"former database"),
                practice=unwrap(kept, rotated.former.practice, b"former practice"),
            )
    keks = derived(data_key, _KEKS)
    return Vault(
        device=document.device,
        keys=BufferKeys(
            database=database_key(data_key),
            journal=journal,
            anchor=anchor,
            member_kek={
                number: unwrap(keks, wrapped, f"kek {number}".encode())
                for number, wrapped in document.member_keks.items()
            },
        ),
        practice_key=practice_key(data_key),
        root=None if root is None else unwrap(derived(data_key, _ROOT), root, b"root"),
        former=former,
        data_key=data_key,
        opened_by=found.method,
    )
