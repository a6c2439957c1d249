"""The key file: wrapped keys as JSON, written in one step, readable by its owner only.

New kinds of slots may come: one that is not known here is passed over, and the MAC covers it too.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.buffer.files import flush_folder
from kiosk.errors import KeyFileDamaged, KeyFileLoose, KeyFileMissing, StoreFull, StoreReadOnly
from kiosk.vault.document import (
    FORMAT,
    ROTATED_FORMAT,
    Document,
    canonical,
    from_json,
    to_bytes,
    to_json,
    to_text,
)

KEY_FILE_NAME: Final = "kiosk.keys.json"
FILE_MOST_BYTES: Final = 64 * 1024
OWNER_ONLY: Final = 0o600


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
        StoreFull: there is no room. The file that was there stays.
    """
    body = to_json(document)
    covered = canonical(body)
    mac = hmac.new(mac_key, covered, hashlib.sha256).digest()
    # The plain checksum tells damage from a wrong passphrase before any key is known.
    whole = {**body, "checksum": hashlib.sha256(covered).hexdigest(), "mac": to_text(mac)}
    _replace(path, json.dumps(whole, indent=2).encode() + b"\n")


def read_document(path: Path) -> tuple[Document, Sealed]:
    """The file's content and what its MAC covers; the MAC needs the data key to be checked.

    Raises:
        KeyFileMissing, KeyFileLoose (Fields: file, mode), KeyFileDamaged (Fields: file, reason).
    """
    raw = _read_private(path)
    try:
        whole = json.loads(raw)
        mac, checksum = to_bytes(whole.pop("mac")), whole.pop("checksum")
        covered = canonical(whole)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeyFileDamaged(file=str(path), reason="json") from None
    if checksum != hashlib.sha256(covered).hexdigest():
        raise KeyFileDamaged(file=str(path), reason="checksum")
    if whole.get("format") not in {FORMAT, ROTATED_FORMAT}:
        raise KeyFileDamaged(file=str(path), reason="format")
    try:
        document = from_json(whole)
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
        # A buffered file: a bare write may stop half-way on a full disk and not say so.
        with os.fdopen(os.open(new, flags, OWNER_ONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(free_mb=0) from None
        raise StoreReadOnly(folder=str(path.parent)) from error
