"""A root, a device and a pass to bend: each test changes one thing and looks at the verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.verdict import PassStatus, Verdict, Warning
from kiosk.passes import base41
from kiosk.passes.claims import PassClaims, PassState, encode_claims
from kiosk.passes.envelope import Context, PassParts, Sealed, join_pass, seal
from kiosk.passes.issue import Signer
from kiosk.passes.trust import (
    CertificateClaims,
    Permission,
    TrustedRoots,
    encode_certificate_claims,
    load_key,
    make_device_certificate,
    parse_certificate,
    public_bytes,
)
from kiosk.passes.verify import StatusWord, Verification, VerifyContext, verify

DAY = 86_400
NOT_BEFORE, LAST_DAY = 20_775, 20_805
ISSUED_AT = 20_780 * DAY + 3_600
EXPIRES_AT = ISSUED_AT + 3 * DAY
EVENT = 12
DEVICE = 23


class SilentLists:
    """Status lists signed at the moment of issue that have no word on any pass."""

    def word_on(self, device: int, seq: int) -> StatusWord:
        return StatusWord(status=PassStatus.NO_WORD, as_of=ISSUED_AT)


@dataclass(frozen=True, kw_only=True)
class World:
    """One organiser and one kiosk, with fixed keys so that a failure repeats exactly."""

    root: Ed25519PrivateKey = field(default_factory=lambda: load_key(bytes([1]) * 32))
    device: Ed25519PrivateKey = field(default_factory=lambda: load_key(bytes([2]) * 32))
    certificate: CertificateClaims = field(init=False)
    claims: PassClaims = field(init=False)
    context: VerifyContext = field(init=False)

    def __post_init__(self) -> None:
        certificate = CertificateClaims(
            device=DEVICE,
            public_key=public_bytes(self.device),
            not_before=NOT_BEFORE,
            expires=LAST_DAY,
            permissions=Permission.ISSUE_PROVISIONAL | Permission.ISSUE_CONFIRMED,
            root_number=1,
            max_seq=4_999,
            events=(EVENT,),
        )
        claims = PassClaims(
            device=DEVICE,
            seq=1_234,
            issued_at=ISSUED_AT,
            expires_at=EXPIRES_AT,
            event=EVENT,
            entitlements={1: 1, 3: 2},
            state=PassState(0),
            name="Maria G.",
            plan=5,
        )
        object.__setattr__(self, "certificate", certificate)
        object.__setattr__(self, "claims", claims)
        roots = TrustedRoots(keys=(public_bytes(self.root),))
        context = VerifyContext(roots=roots, now=ISSUED_AT + 60, event=EVENT)
        object.__setattr__(self, "context", context)

    def sealed_certificate(self, **changes: Any) -> Sealed:
        certificate = replace(self.certificate, **changes)
        return seal(encode_certificate_claims(certificate), Context.CERTIFICATE, self.root)

    def signer(self, **changes: Any) -> Signer:
        wire = make_device_certificate(self.root, replace(self.certificate, **changes))
        parsed = parse_certificate(wire, self.context.roots)
        return Signer(key=self.device, certificate=parsed)

    def text(self, certificate: Mapping[str, Any] | None = None, **changes: Any) -> str:
        """A pass whose claims (and certificate) differ from the ordinary ones in `changes`."""
        sealed = self.sealed_certificate(**(certificate or {}))
        return self.text_of(encode_claims(replace(self.claims, **changes)), sealed)

    def text_of(self, payload: bytes, certificate: Sealed | None) -> str:
        """Any payload whatever, properly signed by the device."""
        sealed = seal(payload, Context.PASS, self.device)
        return base41.encode(join_pass(PassParts(certificate=certificate, sealed=sealed)))

    def verify(self, text: str, **changes: Any) -> Verification:
        return verify(text, replace(self.context, **changes))

    def refuses(self, text: str, verdict: Verdict, **context: Any) -> Verification:
        found = self.verify(text, **{"status_lists": SilentLists(), **context})
        assert found.verdict is verdict
        return found

    def accepts(self, text: str, *warnings: Warning, **context: Any) -> Verification:
        """Accepted with exactly these warnings, at a gate whose status lists are fresh."""
        found = self.verify(text, **{"status_lists": SilentLists(), **context})
        assert (found.verdict, found.warnings) == (Verdict.ACCEPTED, warnings)
        return found


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@dataclass(frozen=True, kw_only=True)
class Vector:
    """The golden vector that every implementation of the format shares."""

    root: bytes
    text: str
    wire: bytes
    now: int
    verdict: str
    warnings: tuple[str, ...]
    pass_claims: Mapping[str, Any]
    certificate_claims: Mapping[str, Any]

    @property
    def context(self) -> VerifyContext:
        return VerifyContext(roots=TrustedRoots(keys=(self.root,)), now=self.now, event=EVENT)


@pytest.fixture(scope="session")
def vector() -> Vector:
    path = Path(__file__).parents[1] / "data" / "vector.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    return Vector(
        root=bytes.fromhex(table["root_public_key_hex"]),
        text=table["text"],
        wire=bytes.fromhex(table["bytes_hex"]),
        now=table["verify_at_unix"],
        verdict=table["verdict"],
        warnings=tuple(table["warnings"]),
        pass_claims=table["pass_claims"],
        certificate_claims=table["certificate_claims"],
    )
