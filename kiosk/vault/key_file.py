"""The key file: wrapped keys as JSON, written in one step, readable by its owner only.

New kinds of slots may come: one that is not known here is passed over, and the MAC covers it too.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import hmac
import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from kiosk.buffer.files import flush_folder
from kiosk.errors import KeyFileDamaged, KeyFileLoose, KeyFileMissing, StoreReadOnly

KEY_FILE_NAME: Final = "kiosk.keys.json"
FORMAT: Final = "kiosk-keys-1"
SLOTS_MAX: Final = 16
FILE_MOST_BYTES: Final = 64 * 1024
OWNER_ONLY: Final = 0o600
# Bounds on what a file may ask of this machine before its MAC can be checked.
MEMORY_MOST_KIB: Final = 1024 * 1024
ITERATIONS_MOST: Final = 64
LANES_MOST: Final = 64

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCost:
    """What Argon2id (RFC 9106) spends on one guess: about 155 ms for these."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 2

    def __post_init__(self) -> None:
        bounds = (
            (self.memory_kib, MEMORY_MOST_KIB),
            (self.iterations, ITERATIONS_MOST),
            (self.lanes, LANES_MOST),
        )
        if any(not 1 <= value <= most for value, most in bounds):
            raise ValueError("cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to open the vault. `cost` None: its secret has 256 bits and needs no stretching."""

    kind: str
    salt: bytes
    cost: KeyCost | None
    wrapped: bytes = field(default=b"", repr=False)

    def holding(self, wrapped: bytes) -> Slot:
        """This slot with the data key wrapped in it."""
        return dataclasses.replace(self, wrapped=wrapped)

    def header(self) -> bytes:
        """Everything but the wrapped key, which is bound to it."""
        return _canonical({"format": FORMAT, **_slot_header(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The key file's content. `member_keks` are numbered; `root` None: another kiosk holds it."""

    device: int
    slots: tuple[Slot, ...]
    member_keks: Mapping[int, bytes] = field(repr=False)
    root: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The bytes a MAC covers, and the MAC found beside them."""

    body: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    def expected_mac(self, key: bytes) -> bytes:
        """The MAC these bytes should have."""
        return hmac.new(key, self.body, hashlib.sha256).digest()


def write_document(path: Path, document: Document, mac_key: bytes) -> None:
    """Put the file in place in one step, flushed to the disk, mode 0600.

    Raises:
        StoreReadOnly: the folder cannot be written. Fields: folder.
    """
    body = {
        "format": FORMAT,
        "device": document.device,
        "slots": [
            {**_slot_header(slot), "wrapped": _text(slot.wrapped)} for slot in document.slots
        ],
        "member_keks": {
            str(number): _text(wrapped) for number, wrapped in document.member_keks.items()
        },
        "root": None if document.root is None else _text(document.root),
    }
    covered = _canonical(body)
    mac = hmac.new(mac_key, covered, hashlib.sha256).digest()
    # The plain checksum tells damage from a wrong passphrase before any key is known.
    whole = {**body, "checksum": hashlib.sha256(covered).hexdigest(), "mac": _text(mac)}
    _replace(path, json.dumps(whole, indent=2).encode() + b"\n")


def read_document(path: Path) -> tuple[Document, Sealed]:
    """The file's content and what its MAC covers; the MAC needs the data key to be checked.

    Raises:
        KeyFileMissing, KeyFileLoose (Fields: file, mode), KeyFileDamaged (Fields: file, reason).
    """
    raw = _read_private(path)
    try:
        whole = json.loads(raw)
        mac, checksum = _bytes(whole.pop("mac")), whole.pop("checksum")
        covered = _canonical(whole)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeyFileDamaged(file=str(path), reason="json") from None
    if checksum != hashlib.sha256(covered).hexdigest():
        raise KeyFileDamaged(file=str(path), reason="checksum")
    if whole.get("format") != FORMAT:
        raise KeyFileDamaged(file=str(path), reason="format")
    try:
        document = _document(whole)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileDamaged(file=str(path), reason="fields") from None
    return document, Sealed(body=covered, mac=mac)


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if sys.platform != "win32" and mode & ~OWNER_ONLY & 0o777:
                raise KeyFileLoose(file=str(path), mode=f"{mode:04o}")
            raw = file.read(FILE_MOST_BYTES + 1)
    except FileNotFoundError:
        raise KeyFileMissing(file=str(path)) from None
    except OSError as error:
        raise KeyFileDamaged(file=str(path), reason="unreadable") from error
    if len(raw) > FILE_MOST_BYTES:
        raise KeyFileDamaged(file=str(path), reason="size")
    return raw


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)  # of a writing that was cut off
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(new, flags, OWNER_ONLY)
        try:
            os.write(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        new.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise StoreReadOnly(folder=str(path.parent)) from error


def _document(whole: dict[str, object]) -> Document:
    slots = _typed(list, whole["slots"])
    if not 1 <= len(slots) <= SLOTS_MAX:
        raise ValueError("slots")
    keks = {
        int(number): _bytes(value) for number, value in _typed(dict, whole["member_keks"]).items()
    }
    if not keks:
        raise ValueError("member_keks")
    root = whole["root"]
    return Document(
        device=_typed(int, whole["device"]),
        slots=tuple(_slot(_typed(dict, slot)) for slot in slots),
        member_keks=keks,
        root=None if root is None else _bytes(root),
    )


def _slot(found: dict[str, object]) -> Slot:
    cost = None
    if found.get("kdf") == "argon2id":
        cost = KeyCost(
            memory_kib=_typed(int, found["memory_kib"]),
            iterations=_typed(int, found["iterations"]),
            lanes=_typed(int, found["lanes"]),
        )
    return Slot(
        kind=_typed(str, found["kind"]),
        salt=_bytes(found["salt"]),
        cost=cost,
        wrapped=_bytes(found["wrapped"]),
    )


def _slot_header(slot: Slot) -> dict[str, object]:
    header: dict[str, object] = {"kind": slot.kind, "salt": _text(slot.salt)}
    if slot.cost is not None:
        header |= {"kdf": "argon2id", **dataclasses.asdict(slot.cost)}
    return header


def _canonical(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _typed(kind: type[T], value: object) -> T:
    # A boolean is an int to Python and none to us.
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError("type")
    return value


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_typed(str, value), validate=True)
    except binascii.Error:
        raise ValueError("base64") from None
