"""EP1 objects as bytes: which parts a signed object has, and what exactly was signed.

Taking an object apart says nothing about whether it is genuine: every part is untrusted until a
signature over it has been verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.passes import cbor

PASS_BY_NUMBER: Final = 0x10
PASS: Final = 0x11
CERTIFICATE: Final = 0x12
# 0x13 is a status list or gate bundle; its signer's part is read by `_Parts.certificate` as well.

SIGNATURE_BYTES: Final = 64
MAX_CERTIFICATE_PAYLOAD_BYTES: Final = 255
"""Its length travels in one byte."""

# RFC 9052, section 4.4: a Sig_structure of COSE_Sign1 with protected header {alg: EdDSA}.
_SIGNATURE_CONTEXT: Final = "Signature1"
_PROTECTED_HEADER: Final = bytes.fromhex("a10127")


class Context(Enum):
    """What kind of object a signature is for, so that none can be replayed as another."""

    CERTIFICATE = b"EP1-cert"
    PASS = b"EP1-pass"
    STATUS_LIST = b"EP1-stat"
    BUNDLE = b"EP1-bndl"


# The structure is an array that ends with the payload, so all of it but that is always the same.
_BEFORE_PAYLOAD: Final = {
    context: cbor.encode([_SIGNATURE_CONTEXT, _PROTECTED_HEADER, context.value, b""])[:-1]
    for context in Context
}


class EnvelopeError(ValueError):
    """Bytes that do not have the parts of the object they should be."""


class VersionError(EnvelopeError):
    """A version byte that is not expected here."""


class TruncatedError(EnvelopeError):
    """Too short for the parts that the version byte promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A payload and the Ed25519 signature beside it, verified or not."""

    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PassParts:
    """The parts of a pass; `certificate` is None where the gate must know it by number."""

    certificate: Sealed | None
    sealed: Sealed


def seal(payload: bytes, context: Context, key: Ed25519PrivateKey) -> Sealed:
    """Sign a payload (RFC 8032) as the kind of object that `context` names."""
    return Sealed(payload=payload, signature=key.sign(signed_bytes(payload, context)))


def is_signed_by(public_key: bytes, sealed: Sealed, context: Context) -> bool:
    """Whether the raw 32-byte Ed25519 key signed this payload as this kind of object."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    try:
        key.verify(sealed.signature, signed_bytes(sealed.payload, context))
    except InvalidSignature:
        return False
    return True


def signed_bytes(payload: bytes, context: Context) -> bytes:
    """The bytes under the signature: any COSE library rebuilds them (RFC 9052, section 4.4)."""
    return _BEFORE_PAYLOAD[context] + cbor.encode(payload)


def join_pass(parts: PassParts) -> bytes:
    """A pass on the wire: version 0x11 with the certificate inside, 0x10 without."""
    body = parts.sealed.payload + parts.sealed.signature
    if parts.certificate is None:
        return bytes((PASS_BY_NUMBER,)) + body
    return bytes((PASS,)) + _certificate_part(parts.certificate) + body


def split_pass(wire: bytes) -> PassParts:
    """The parts of a pass.

    Raises:
        VersionError: the first byte is neither 0x10 nor 0x11.
        TruncatedError: a part is missing or short, or the payload is empty.
    """
    parts = _Parts(wire)
    version = parts.version(PASS_BY_NUMBER, PASS)
    certificate = parts.certificate() if version == PASS else None
    return PassParts(certificate=certificate, sealed=parts.rest())


def join_certificate(certificate: Sealed) -> bytes:
    """A device certificate on the wire: version 0x12."""
    return bytes((CERTIFICATE,)) + _certificate_part(certificate)


def split_certificate(wire: bytes) -> Sealed:
    """The payload and the root's signature of a device certificate.

    Raises:
        VersionError: the first byte is not 0x12.
        TruncatedError: a part is missing or short.
        EnvelopeError: bytes are left over.
    """
    parts = _Parts(wire)
    parts.version(CERTIFICATE)
    certificate = parts.certificate()
    if parts.position != len(wire):
        raise EnvelopeError("bytes after the certificate")
    return certificate


class _Parts:
    """A position in the bytes being taken apart; each method takes one part and moves on."""

    def __init__(self, wire: bytes) -> None:
        self.wire = wire
        self.position = 0

    def version(self, *expected: int) -> int:
        version = self._take(1)[0]
        if version not in expected:
            raise VersionError("an unexpected version byte")
        return version

    def certificate(self) -> Sealed:
        payload = self._take(self._take(1)[0])
        return Sealed(payload=payload, signature=self._take(SIGNATURE_BYTES))

    def rest(self) -> Sealed:
        length = len(self.wire) - self.position - SIGNATURE_BYTES
        if length < 1:
            raise TruncatedError("no room for a payload and its signature")
        return Sealed(payload=self._take(length), signature=self._take(SIGNATURE_BYTES))

    def _take(self, count: int) -> bytes:
        taken = self.wire[self.position : self.position + count]
        if len(taken) != count:
            raise TruncatedError("ends too early")
        self.position += count
        return taken


def _certificate_part(certificate: Sealed) -> bytes:
    length = len(certificate.payload)
    if length > MAX_CERTIFICATE_PAYLOAD_BYTES:
        raise EnvelopeError("a certificate longer than its length byte can say")
    return bytes((length,)) + certificate.payload + certificate.signature
