"""Making a pass: claims in, signed text out, and nothing out that a gate would refuse."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.verdict import Verdict
from kiosk.errors import CertificateInvalid
from kiosk.passes import base41
from kiosk.passes.cbor import CborError
from kiosk.passes.claims import ClaimsError, PassClaims, encode_claims
from kiosk.passes.envelope import Context, EnvelopeError, PassParts, join_pass, seal
from kiosk.passes.trust import (
    DeviceCertificate,
    TrustedRoots,
    UntrustedError,
    day_of,
    load_key,
    parse_certificate,
    public_bytes,
)
from kiosk.passes.verify import VerifyContext, verify

# Refusals of our own pass that a new certificate cures. Any other is a bug of the caller or ours.
_CERTIFICATE_AT_FAULT: Final = frozenset(
    (
        Verdict.DEV_MISMATCH,
        Verdict.PERMISSION,
        Verdict.SCOPE,
        Verdict.SEQ_LIMIT,
        Verdict.CERT_PERIOD,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A device's signing key and the certificate of exactly that key.

    Raises:
        CertificateInvalid: the certificate belongs to another key.
    """

    key: Ed25519PrivateKey = field(repr=False)
    certificate: DeviceCertificate

    def __post_init__(self) -> None:
        if public_bytes(self.key) != self.certificate.claims.public_key:
            raise CertificateInvalid(reason="another_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPass:
    """A pass ready to be stored and shown. Whoever holds `text` holds the pass."""

    text: str = field(repr=False)
    payload_sha256: bytes
    number: str


def load_signer(private_key: bytes, certificate: bytes, roots: TrustedRoots) -> Signer:
    """The signer with this raw private key and this certificate (0x12 on the wire).

    Raises:
        CertificateInvalid: cut short, not vouched for by a root, malformed, or of another key.
    """
    try:
        parsed = parse_certificate(certificate, roots)
    except EnvelopeError:
        raise CertificateInvalid(reason=Verdict.TRUNCATED.value) from None
    except UntrustedError:
        raise CertificateInvalid(reason=Verdict.UNTRUSTED.value) from None
    except (CborError, ClaimsError):
        raise CertificateInvalid(reason=Verdict.CERT_CLAIMS.value) from None
    return Signer(key=load_key(private_key), certificate=parsed)


def sign_pass(claims: PassClaims, signer: Signer, *, floor: int | None = None) -> SignedPass:
    """Sign a pass with its certificate inside, and verify it as a gate would before returning.

    `floor` is an instant in Unix seconds known to have passed whatever the clock says: the
    certificate's last day must not lie before it.

    Raises:
        CertificateInvalid: the certificate does not allow this pass; `reason` has the code.
        AssertionError: a gate would refuse the pass for another reason, such as one that is over
            when it is issued.
    """
    if floor is not None and day_of(floor) > signer.certificate.claims.expires:
        raise CertificateInvalid(reason=Verdict.CERT_PERIOD.value)
    payload = encode_claims(claims)
    sealed = seal(payload, Context.PASS, signer.key)
    wire = join_pass(PassParts(certificate=signer.certificate.sealed, sealed=sealed))
    text = base41.encode(wire)
    _verify_own(text, claims, signer)
    return SignedPass(
        text=text, payload_sha256=hashlib.sha256(payload).digest(), number=claims.number
    )


def _verify_own(text: str, claims: PassClaims, signer: Signer) -> None:
    """Read the text back the way a gate of the same event would at the moment of issue."""
    context = VerifyContext(
        roots=TrustedRoots(keys=(signer.certificate.root,)),
        now=claims.issued_at,
        event=claims.event,
        training=claims.is_training,
    )
    verification = verify(text, context)
    if verification.verdict in _CERTIFICATE_AT_FAULT:
        raise CertificateInvalid(reason=verification.verdict.value)
    if verification.verdict is not Verdict.ACCEPTED or verification.claims != claims:
        raise AssertionError(f"own pass refused: {verification.verdict.value}")
