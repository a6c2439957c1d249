"""Who may issue passes: device certificates, the roots that vouch for them, and the keys of both.

Keys are made and read here but never kept: wrapping and storing them is the vault's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.passes import cbor
from kiosk.passes.claims import ClaimsError, ClaimTable, require_uint
from kiosk.passes.envelope import (
    Context,
    Sealed,
    is_signed_by,
    join_certificate,
    seal,
    split_certificate,
)

KEY_BYTES: Final = 32
"""Length of a raw Ed25519 key, public or private (RFC 8032)."""
MAX_ROOTS: Final = 2
"""The current root and the next one."""
MAX_CERTIFICATE_EVENTS: Final = 4
SECONDS_PER_DAY: Final = 86_400
ISSUING_DAYS: Final = 30
RENEW_BELOW_DAYS: Final = 14
REMEMBERED_CERTIFICATES: Final = 64
"""More than the devices of one event: a gate and a kiosk see the same few again and again."""
OWN_ROOT_MAX_SEQ: Final = 1_000_000
"""The ceiling where the kiosk holds the root itself."""

_DEVICE, _PUBLIC_KEY, _NOT_BEFORE, _EXPIRES, _EVENTS = 1, 2, 3, 4, 5
_PERMISSIONS, _ROOT_NUMBER, _MAX_SEQ = 6, 7, 9
_KNOWN_KEYS: Final = frozenset({1, 2, 3, 4, 5, 6, 7, 9})


class Permission(IntFlag):
    """Claim 6 of a certificate: what its device may sign."""

    ISSUE_PROVISIONAL = 1
    ISSUE_CONFIRMED = 2
    SIGN_STATUS_LISTS = 4
    SIGN_REDEMPTIONS = 8


class UntrustedError(Exception):
    """No trusted root signed this certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateClaims:
    """What a root says of one device key. Days count from 1970-01-01 UTC; `expires` is the last.

    `events` None means all events. `max_seq` bounds how many passes a stolen key can mint.

    Raises:
        ClaimsError: a value out of range.
    """

    device: int
    public_key: bytes
    not_before: int
    expires: int
    permissions: Permission
    root_number: int
    max_seq: int
    events: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("device", "not_before", "expires", "permissions", "root_number", "max_seq"):
            require_uint(name, getattr(self, name))
        if len(self.public_key) != KEY_BYTES:
            raise ClaimsError("public_key: not 32 bytes")
        if self.events is not None:
            if not 1 <= len(self.events) <= MAX_CERTIFICATE_EVENTS:
                raise ClaimsError("events: none or too many")
            for event in self.events:
                require_uint("events", event)

    def covers_day(self, day: int) -> bool:
        """Whether the device may issue on this day."""
        return self.not_before <= day <= self.expires

    def covers_event(self, event: int) -> bool:
        return self.events is None or event in self.events

    def is_due_for_renewal(self, day: int) -> bool:
        """Whether a kiosk that holds its root should renew on this day."""
        return self.expires - day < RENEW_BELOW_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCertificate:
    """A certificate whose signature by `root` (a raw public key) has been verified."""

    claims: CertificateClaims
    sealed: Sealed
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRoots:
    """The raw public keys of the organiser that are believed: one, or two during a rotation.

    Raises:
        ValueError: no key, more than two, or one that is not 32 bytes.
    """

    keys: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.keys) <= MAX_ROOTS:
            raise ValueError("one or two roots")
        if any(len(key) != KEY_BYTES for key in self.keys):
            raise ValueError("a root key that is not 32 bytes")

    def voucher_of(self, certificate: Sealed) -> bytes | None:
        """The root that signed a certificate. All are tried: its root number is only a hint."""
        for key in self.keys:
            if is_signed_by(key, certificate, Context.CERTIFICATE):
                return key
        return None


def make_device_certificate(root: Ed25519PrivateKey, claims: CertificateClaims) -> bytes:
    """A device certificate on the wire (0x12), signed by the root."""
    return join_certificate(seal(encode_certificate_claims(claims), Context.CERTIFICATE, root))


def encode_certificate_claims(claims: CertificateClaims) -> bytes:
    """The payload of a certificate: its claims as deterministic CBOR."""
    table: dict[int, cbor.Value] = {
        _DEVICE: claims.device,
        _PUBLIC_KEY: claims.public_key,
        _NOT_BEFORE: claims.not_before,
        _EXPIRES: claims.expires,
        _PERMISSIONS: int(claims.permissions),
        _ROOT_NUMBER: claims.root_number,
        _MAX_SEQ: claims.max_seq,
    }
    if claims.events is not None:
        table[_EVENTS] = claims.events
    return cbor.encode(table)


def parse_certificate(wire: bytes, roots: TrustedRoots) -> DeviceCertificate:
    """A device certificate (0x12) that one of the roots vouches for.

    Raises:
        EnvelopeError: not a certificate's parts.
        UntrustedError: no root signed it.
        CborError: the signed payload is not deterministic CBOR.
        ClaimsError: the signed claims break a rule.
    """
    return open_certificate(split_certificate(wire), roots)


@lru_cache(maxsize=REMEMBERED_CERTIFICATES)
def open_certificate(sealed: Sealed, roots: TrustedRoots) -> DeviceCertificate:
    """A certificate's claims, read only once a root's signature over them has been verified.

    The answer for the same bytes and the same roots is remembered; a refusal never is. It says
    nothing about days, events or numbers: those are asked of the claims each time.

    Raises: as parse_certificate(), without EnvelopeError.
    """
    root = roots.voucher_of(sealed)
    if root is None:
        raise UntrustedError
    return DeviceCertificate(claims=_decode(sealed.payload), sealed=sealed, root=root)


def own_certificate_claims(device: int, public_key: bytes, day: int) -> CertificateClaims:
    """What a kiosk that holds its own root certifies of itself from this day on, for all events."""
    return CertificateClaims(
        device=device,
        public_key=public_key,
        not_before=day,
        expires=day + ISSUING_DAYS,
        permissions=Permission.ISSUE_PROVISIONAL | Permission.ISSUE_CONFIRMED,
        root_number=1,
        max_seq=OWN_ROOT_MAX_SEQ,
    )


def day_of(instant: int) -> int:
    """The day, counted from 1970-01-01 UTC, of an instant in Unix seconds."""
    return instant // SECONDS_PER_DAY


def generate_key() -> Ed25519PrivateKey:
    """A new key from the operating system's randomness."""
    return Ed25519PrivateKey.generate()


def load_key(raw: bytes) -> Ed25519PrivateKey:
    """The key with these 32 raw private bytes."""
    return Ed25519PrivateKey.from_private_bytes(raw)


def private_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 raw private bytes, for the vault to wrap and for nobody else."""
    return key.private_bytes_raw()


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 raw bytes of the public half."""
    return key.public_key().public_bytes_raw()


def _decode(payload: bytes) -> CertificateClaims:
    table = ClaimTable(cbor.decode(payload), _KNOWN_KEYS)
    return CertificateClaims(
        device=table.uint(_DEVICE),
        public_key=table.octets(_PUBLIC_KEY),
        not_before=table.uint(_NOT_BEFORE),
        expires=table.uint(_EXPIRES),
        permissions=Permission(table.uint(_PERMISSIONS)),
        root_number=table.uint(_ROOT_NUMBER),
        max_seq=table.uint(_MAX_SEQ),
        events=table.uints(_EVENTS) if _EVENTS in table else None,
    )
