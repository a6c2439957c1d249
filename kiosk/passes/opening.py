"""From scanned text to claims that may be believed: steps 1 to 4 of the gate.

Must never raise for any text, and never read a claim before its signature is verified. The one
exception is the device number of a pass without certificate: a hint where to look, believed by
nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from kiosk.domain.verdict import Verdict
from kiosk.passes import base41
from kiosk.passes.cbor import CborError
from kiosk.passes.claims import ClaimsError, PassClaims, decode_claims, peek_device
from kiosk.passes.envelope import (
    Context,
    PassParts,
    Sealed,
    TruncatedError,
    VersionError,
    is_signed_by,
    split_pass,
)
from kiosk.passes.trust import (
    CertificateClaims,
    DeviceCertificate,
    TrustedRoots,
    UntrustedError,
    open_certificate,
)
from kiosk.passes.url import SCHEME_PREFIX

MAX_TEXT_CHARACTERS: Final = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPass:
    """A pass whose chain of signatures holds and whose claims keep their rules.

    It may still be revoked, expired, or out of its device's authority.
    """

    claims: PassClaims
    certificate: CertificateClaims
    payload_sha256: bytes = field(repr=False)


def open_pass(
    text: str, roots: TrustedRoots, certificates: Mapping[int, Sealed]
) -> OpenedPass | Verdict:
    """The believable content of a scanned text, or the first reason why there is none.

    `certificates` are those a pass may name by device number instead of carrying its own.
    """
    parts = _split(text)
    if isinstance(parts, Verdict):
        return parts
    certificate = _certificate(parts, roots, certificates)
    if isinstance(certificate, Verdict):
        return certificate
    if not is_signed_by(certificate.claims.public_key, parts.sealed, Context.PASS):
        return Verdict.SIGNATURE
    try:
        claims = decode_claims(parts.sealed.payload)
    except CborError:
        return Verdict.CBOR
    except ClaimsError:
        return Verdict.CLAIMS
    if claims.device != certificate.claims.device:
        return Verdict.DEV_MISMATCH
    return OpenedPass(
        claims=claims,
        certificate=certificate.claims,
        payload_sha256=hashlib.sha256(parts.sealed.payload).digest(),
    )


def normalise(text: str) -> str:
    """The Base41 token inside a scanned text; empty where there is none.

    Takes `<token>`, `EP1:<token>` and anything followed by `#<token>`, percent-encoded or not.
    """
    token = text.strip().rpartition("#")[2]
    if "%" in token:
        token = unquote(token)
    return base41.fold(token).removeprefix(SCHEME_PREFIX)


def _split(text: str) -> PassParts | Verdict:
    """Steps 1 and 2."""
    if len(text) > MAX_TEXT_CHARACTERS:
        return Verdict.ENCODING
    token = normalise(text)
    if not token:
        return Verdict.ENCODING
    try:
        return split_pass(base41.decode(token))
    except base41.AlphabetError:
        return Verdict.ALPHABET
    except base41.LengthError:
        return Verdict.ENCODING
    except VersionError:
        return Verdict.VERSION
    except TruncatedError:
        return Verdict.TRUNCATED


def _certificate(
    parts: PassParts, roots: TrustedRoots, certificates: Mapping[int, Sealed]
) -> DeviceCertificate | Verdict:
    """Step 3: the certificate, embedded or known by number, with its claims."""
    sealed = parts.certificate
    if sealed is None:
        device = peek_device(parts.sealed.payload)
        sealed = None if device is None else certificates.get(device)
    if sealed is None:
        return Verdict.CERT_UNKNOWN
    try:
        return open_certificate(sealed, roots)
    except UntrustedError:
        return Verdict.UNTRUSTED
    except CborError:
        return Verdict.CBOR
    except ClaimsError:
        return Verdict.CERT_CLAIMS
