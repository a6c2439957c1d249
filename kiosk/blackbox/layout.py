"""How a box is laid out, byte by byte; nothing here opens a file."""

from __future__ import annotations

import hashlib
import struct
import uuid
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# As PNG does it: a byte that is no text, and line ends that a careless transfer would change.
HEADER: Final = b"\x89kiosk-box-1\r\n\x1a\n"
FAMILY: Final = HEADER[:11]
OPENING_MARK: Final = b"\x8fkiosk-opening\r\n"
CLOSING_MARK: Final = b"\x8fkiosk-closing\r\n"

CHUNK_BYTES: Final = 1024 * 1024
GENERATIONS_MOST: Final = 4  # in one file; the next export keeps the newest and itself
SECTIONS_MOST: Final = 32  # of one generation
FRAMES_MOST: Final = 2**24  # of one generation: 16 TiB
KEY_FILE_MOST_BYTES: Final = 64 * 1024
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16

# Mark, who seals, number, generation id, buffer id, time, length of the key file.
_OPENING: Final = struct.Struct(">16sBI16s16sqI")
_FRAME: Final = struct.Struct(">BI")
_CLOSING: Final = struct.Struct(">16sQ")
OPENING_BYTES: Final = _OPENING.size
FRAME_HEAD_BYTES: Final = _FRAME.size
CLOSING_BYTES: Final = _CLOSING.size
HASH_BYTES: Final = 32


class SealedBy(IntEnum):
    """Whose key seals a generation. NOBODY: damage shows, but anybody could have written it.

    That is for a kiosk whose passphrase is not at hand: its files are encrypted as they lie.
    """

    NOBODY = 0
    VAULT = 1


class FrameKind(IntEnum):
    """What a frame holds: a section's name, a piece of it, its length, or the count of all."""

    SECTION = 1
    DATA = 2
    END = 3
    SEAL = 4


class LayoutError(ValueError):
    """These bytes are no part of a box; its text says which part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a generation says of itself in clear. `key_file` holds wrapped keys only."""

    sealed_by: SealedBy
    number: int
    generation_id: bytes
    buffer_id: str
    made_ms: int
    key_file: bytes = field(repr=False)

    def packed(self) -> bytes:
        """The opening as it stands in the file, its hash at the end."""
        body = (
            _OPENING.pack(
                OPENING_MARK,
                self.sealed_by,
                self.number,
                self.generation_id,
                uuid.UUID(self.buffer_id).bytes,
                self.made_ms,
                len(self.key_file),
            )
            + self.key_file
        )
        return body + hashlib.sha256(body).digest()


def opening_length(head: bytes) -> int:
    """How long the opening is that begins with these `OPENING_BYTES`. Raises LayoutError."""
    mark, *_rest, key_file_bytes = _OPENING.unpack(head)
    if mark != OPENING_MARK or key_file_bytes > KEY_FILE_MOST_BYTES:
        raise LayoutError("opening")
    return int(OPENING_BYTES + key_file_bytes + HASH_BYTES)


def read_opening(raw: bytes) -> Opening:
    """The opening of these bytes. Raises LayoutError when its hash or a field is not right."""
    body, digest = raw[:-HASH_BYTES], raw[-HASH_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        raise LayoutError("opening")
    _mark, sealed_by, number, generation_id, buffer_id, made_ms, _length = _OPENING.unpack(
        body[:OPENING_BYTES]
    )
    if sealed_by not in set(SealedBy):
        raise LayoutError("opening")
    return Opening(
        sealed_by=SealedBy(sealed_by),
        number=number,
        generation_id=generation_id,
        buffer_id=str(uuid.UUID(bytes=buffer_id)),
        made_ms=made_ms,
        key_file=body[OPENING_BYTES:],
    )


def frame_head(kind: FrameKind, length: int) -> bytes:
    """The clear part of a frame with `length` bytes of content."""
    return _FRAME.pack(kind, length)


def read_frame_head(head: bytes) -> tuple[FrameKind, int]:
    """Kind and length of the content. Raises LayoutError."""
    kind, length = _FRAME.unpack(head)
    if kind not in set(FrameKind) or length > CHUNK_BYTES:
        raise LayoutError("frame")
    return FrameKind(kind), length


def closing(length: int) -> bytes:
    """The end of a generation that is `length` bytes long, this end included."""
    return _CLOSING.pack(CLOSING_MARK, length)


class Seal:
    """Seals or opens the frames of one generation, in order."""

    def __init__(self, key: bytes, opening: Opening) -> None:
        # Nobody's key is no secret: it makes damage show, and no more.
        material = key if opening.sealed_by is SealedBy.VAULT else bytes(KEY_BYTES)
        if len(material) != KEY_BYTES:
            raise AssertionError("the key of a seal has 32 bytes")
        info = b"kiosk box 1: " + hashlib.sha256(opening.packed()).digest()
        derived = HKDF(
            algorithm=SHA256(), length=KEY_BYTES, salt=opening.generation_id, info=info
        ).derive(material)
        self._cipher = AESGCM(derived)
        self.frames = 0

    def close(self, kind: FrameKind, content: bytes) -> bytes:
        """The whole frame around this content."""
        head = frame_head(kind, len(content))
        return head + self._cipher.encrypt(self._nonce(), content, head)

    def open(self, head: bytes, sealed: bytes) -> bytes:
        """The content of the next frame; cryptography's InvalidTag when it is not genuine."""
        return self._cipher.decrypt(self._nonce(), sealed, head)

    def _nonce(self) -> bytes:
        if self.frames >= FRAMES_MOST:
            raise AssertionError("more frames than a generation has")
        number = self.frames
        self.frames += 1
        return number.to_bytes(12, "big")
