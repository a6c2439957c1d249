"""The pages of an encrypted file as they lie on the disk: whether each is genuine, and its content.

SQLCipher 4 ends each page with an initialisation vector and an HMAC over the encrypted bytes and
the page's number (https://www.zetetic.net/sqlcipher/design/). Looking at them here, not through
SQLite, can be stopped at any page, and goes on behind a page that SQLite would not step over.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE_BYTES: Final = 4096
SALT_BYTES: Final = 16
USABLE_BYTES: Final = PAGE_BYTES - 80  # of each page: the vector and the HMAC take the rest
PAGES_MAX: Final = 2**31
_VECTOR_END: Final = USABLE_BYTES + 16
_MAGIC: Final = b"SQLite format 3\x00"
_SALT_MASK: Final = 0x3A
_SALT_ROUNDS: Final = 2
_LOOKS: Final = 4  # a page that is being written this moment is not damaged
_PAUSE_SECONDS: Final = 0.02
_EMPTY: Final = bytes(PAGE_BYTES)
_SPREAD: Final = 200  # pages tried besides the first few


class PageCipher:
    """What authenticates and opens the pages of one file. `salt` is the file's first 16 bytes."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        mixed = bytes(byte ^ _SALT_MASK for byte in salt)
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, mixed, _SALT_ROUNDS, 32)

    def genuine(self, raw: bytes, number: int) -> bool:
        """Whether these bytes are what was written as page `number`, from 1."""
        if len(raw) != PAGE_BYTES:
            return False
        covered = raw[_start(number) : _VECTOR_END] + number.to_bytes(4, "little")
        return hmac.compare_digest(hmac.digest(self._mac_key, covered, "sha512"), raw[_VECTOR_END:])

    def plain(self, raw: bytes, number: int) -> bytes:
        """The `USABLE_BYTES` that SQLite sees of a genuine page."""
        cipher = Cipher(AES(self._key), CBC(raw[USABLE_BYTES:_VECTOR_END])).decryptor()
        opened = cipher.update(raw[_start(number) : USABLE_BYTES]) + cipher.finalize()
        return (_MAGIC if number == 1 else b"") + opened


class PageFile:
    """The main file's pages, read beside whoever writes it."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when the file cannot be read."""
        self._file: BinaryIO = path.open("rb", buffering=0)

    def __len__(self) -> int:
        """How many pages there are, a torn last one counted."""
        size = self._file.seek(0, 2)
        return min(-(-size // PAGE_BYTES), PAGES_MAX)

    def raw(self, number: int) -> bytes:
        """The page as it is; shorter where the file ends, nothing where the disk refuses."""
        try:
            self._file.seek((number - 1) * PAGE_BYTES)
            return self._file.read(PAGE_BYTES) or b""
        except OSError:
            return b""

    def salt(self) -> bytes:
        """The file's first 16 bytes."""
        return self.raw(1)[:SALT_BYTES]

    def damaged(self, cipher: PageCipher, numbers: Iterator[int]) -> Iterator[tuple[int, bool]]:
        """Each of these pages, and whether it is damaged; a page of zeros is (it was allocated).

        A page that somebody is writing meanwhile is looked at again before it is called damaged.
        """
        for number in numbers:
            looks = (self._genuine(cipher, number, look) for look in range(_LOOKS))
            yield number, not any(looks)

    def close(self) -> None:
        self._file.close()

    def _genuine(self, cipher: PageCipher, number: int, look: int) -> bool:
        if look:
            time.sleep(_PAUSE_SECONDS)
        return cipher.genuine(self.raw(number), number)


def find_cipher(file: PageFile, key: bytes, known_salt: bytes | None) -> PageCipher | None:
    """The cipher of this file, although the bytes of its salt may be damaged; None if it is lost.

    Tried are the salt of the file, one that was noted elsewhere, and every salt that differs from
    the file's in one byte; the first two on pages all over the file as well. Another key than the
    file's looks like a lost salt.
    """

    def fits(salt: bytes, raws: Sequence[tuple[int, bytes]]) -> PageCipher | None:
        cipher = PageCipher(key, salt)
        found = any(raw != _EMPTY and cipher.genuine(raw, number) for number, raw in raws)
        return cipher if found else None

    def raws_of(numbers: Iterable[int]) -> list[tuple[int, bytes]]:
        return [(number, file.raw(number)) for number in numbers]

    pages = len(file)
    first = raws_of(range(2, min(5, pages) + 1))
    salt = file.salt().ljust(SALT_BYTES, b"\x00")
    whole = (salt, *([known_salt] if known_salt else []))
    for candidate in (*whole, *_one_byte_off(salt)):
        if (cipher := fits(candidate, first)) is not None:
            return cipher
    # A disk loses a row of pages at once, and those may be the first.
    spread = raws_of(range(6, pages + 1, pages // _SPREAD + 1))
    return next((cipher for one in whole if (cipher := fits(one, spread)) is not None), None)


def _one_byte_off(salt: bytes) -> Iterator[bytes]:
    for at in range(SALT_BYTES):
        for byte in range(256):
            yield salt[:at] + bytes((byte,)) + salt[at + 1 :]


def _start(number: int) -> int:
    """Where the encrypted part of a page begins: the salt stands in clear before the first."""
    return SALT_BYTES if number == 1 else 0
