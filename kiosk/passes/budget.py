"""How large the pass codes of an event can become, told before anything is sold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.passes import base41
from kiosk.passes.claims import MAX_NAME_BYTES, UINT_LIMIT, PassClaims, PassState, encode_claims
from kiosk.passes.envelope import SIGNATURE_BYTES, PassParts, Sealed, join_pass
from kiosk.passes.qr import Level, pass_segments, smallest_version
from kiosk.passes.trust import (
    KEY_BYTES,
    MAX_CERTIFICATE_EVENTS,
    OWN_ROOT_MAX_SEQ,
    CertificateClaims,
    Permission,
    encode_certificate_claims,
)

COMFORTABLE_VERSION: Final = 11
"""Above this a code is hard to read off a phone or a small screen: worth a warning."""
BUDGETED_DEVICE: Final = 199

_ALL_PERMISSIONS: Final = ~Permission(0)
_ALL_STATES: Final = ~PassState(0)
_LATEST: Final = UINT_LIMIT - 1
_LATEST_DAY: Final = 0xFFFF
"""Long before this day (in 2149) seconds no longer fit the format."""
_ROOT_NUMBER: Final = 2
_PROVISIONAL_MINUTES: Final = 7 * 24 * 60
_UNSIGNED: Final = bytes(SIGNATURE_BYTES)


def worst_case_version(
    host: str | None,
    event: int,
    entitlements: Mapping[int, int],
    plan: int | None = None,
    device: int = BUDGETED_DEVICE,
) -> int:
    """The QR version, 1 to 40, of the largest pass an event can issue.

    That is a pass with a full name, provisional, replacing another, the last of its device's
    numbers, under a certificate for as many events as there may be, with these entitlements
    (code to uses, 0: unlimited).

    Raises:
        ClaimsError: a number or the entitlements are more than a pass carries.
    """
    certificate = CertificateClaims(
        device=device,
        public_key=bytes(KEY_BYTES),
        not_before=_LATEST_DAY,
        expires=_LATEST_DAY,
        permissions=_ALL_PERMISSIONS,
        root_number=_ROOT_NUMBER,
        max_seq=OWN_ROOT_MAX_SEQ,
        events=(event,) * MAX_CERTIFICATE_EVENTS,
    )
    claims = PassClaims(
        device=device,
        seq=OWN_ROOT_MAX_SEQ,
        issued_at=_LATEST,
        expires_at=_LATEST,
        event=event,
        entitlements=entitlements,
        state=_ALL_STATES,
        name="M" * MAX_NAME_BYTES,
        plan=plan,
        provisional_minutes=_PROVISIONAL_MINUTES,
        supersedes=OWN_ROOT_MAX_SEQ,
    )
    # Only the lengths matter, so nothing is signed.
    parts = PassParts(
        certificate=Sealed(payload=encode_certificate_claims(certificate), signature=_UNSIGNED),
        sealed=Sealed(payload=encode_claims(claims), signature=_UNSIGNED),
    )
    text = base41.encode(join_pass(parts))
    return smallest_version(pass_segments(host, text), Level.L)
