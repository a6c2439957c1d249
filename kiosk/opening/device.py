"""The secrets of one device, kept in its buffer: its signing key, certificate, reference key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.buffer import settings
from kiosk.buffer.buffer import Buffer
from kiosk.passes.issue import Signer, load_signer
from kiosk.passes.trust import (
    TrustedRoots,
    generate_key,
    load_key,
    make_device_certificate,
    own_certificate_claims,
    private_bytes,
    public_bytes,
)
from kiosk.service.desk import CERTIFICATE
from kiosk.vault import Vault

DEVICE_KEY: Final = "device_key"
REFERENCE_KEY: Final = settings.REFERENCE_KEY


def write_first_secrets(made: Vault, buffer: Buffer, now_ms: int) -> None:
    """Make them and write them down, once in the life of a buffer."""
    key = generate_key()
    day = now_ms // 86_400_000
    claims = own_certificate_claims(buffer.identity.device, public_bytes(key), day)
    certificate = make_device_certificate(root_of(made), claims)
    with buffer.writing() as uow:
        uow.settings.put_secret(DEVICE_KEY, private_bytes(key))
        uow.settings.put_secret(CERTIFICATE, certificate)
        uow.settings.put_secret(REFERENCE_KEY, secrets.token_bytes(32))


def renewal(
    held: Vault, key: bytes, device: int, roots: TrustedRoots
) -> Callable[[int], Signer] | None:
    """How this kiosk gets its next certificate by itself; None where the root key is not here."""
    root = held.root_private()
    if root is None:
        return None

    def renew(day: int) -> Signer:
        claims = own_certificate_claims(device, public_bytes(load_key(key)), day)
        return load_signer(key, make_device_certificate(root, claims), roots)

    return renew


def root_of(held: Vault) -> Ed25519PrivateKey:
    """The root's private key of a vault that was made here."""
    root = held.root_private()
    assert root is not None, "a new vault holds the root it made"
    return root
