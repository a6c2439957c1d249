"""What a gate concludes about a scanned text: one verdict, and the doubts beside it.

The checks run in the order of the specification and the first failure wins. Must never raise for
any text, and never decide about a revoked device by the pass's own instant of issue: a thief can
back-date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from kiosk.domain.verdict import PassStatus, Verdict, Warning
from kiosk.passes.claims import PassClaims, PassState
from kiosk.passes.envelope import Sealed
from kiosk.passes.opening import OpenedPass, open_pass
from kiosk.passes.trust import CertificateClaims, Permission, TrustedRoots, day_of

CLOCK_TOLERANCE_SECONDS: Final = 10 * 60
"""How far two honest clocks may disagree."""
UNVERIFIED_CLOCK_SECONDS: Final = 24 * 3600
"""How far ahead a pass may be that says itself that its clock was unverified."""
STATUS_FRESH_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWord:
    """What a status list says of one pass, and when (Unix seconds) that list was signed."""

    status: PassStatus
    as_of: int


class StatusLists(Protocol):
    """The organiser's status lists as far as they have reached this gate."""

    def word_on(self, device: int, seq: int) -> StatusWord | None:
        """The newest word on a pass; None where this gate has no list of that device."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyContext:
    """All that a gate knows besides the text. `now` is in Unix seconds.

    `event` None admits to any event. `certificates` are those a pass may name by number.
    `manifest` holds the payload hashes of passes known to be made before their device was revoked.
    `superseded` holds (device, seq) of passes that were replaced.
    """

    roots: TrustedRoots
    now: int
    event: int | None = None
    training: bool = False
    certificates: Mapping[int, Sealed] = field(default_factory=dict)
    revoked_devices: Collection[int] = frozenset()
    manifest: Collection[bytes] = frozenset()
    status_lists: StatusLists | None = None
    superseded: Collection[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A verdict with its warnings, each once, in the order found.

    `claims`, `certificate` and `payload_sha256` are there once the chain of signatures holds and
    the pass belongs to its certificate; on earlier refusals there is nothing to believe.
    """

    verdict: Verdict
    warnings: tuple[Warning, ...] = ()
    claims: PassClaims | None = None
    certificate: CertificateClaims | None = None
    payload_sha256: bytes | None = field(default=None, repr=False)


def verify(text: str, context: VerifyContext) -> Verification:
    """Steps 1 to 11 of the gate: everything short of redeeming. Any text gets a verdict."""
    opened = open_pass(text, context.roots, context.certificates)
    if isinstance(opened, Verdict):
        return Verification(verdict=opened)
    verdict, warnings = _judge(_Case.of(opened, context))
    return Verification(
        verdict=verdict,
        warnings=warnings,
        claims=opened.claims,
        certificate=opened.certificate,
        payload_sha256=opened.payload_sha256,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An opened pass beside what the gate knows and what the organiser has said of it."""

    opened: OpenedPass
    claims: PassClaims
    context: VerifyContext
    word: StatusWord | None

    @classmethod
    def of(cls, opened: OpenedPass, context: VerifyContext) -> _Case:
        claims, lists = opened.claims, context.status_lists
        word = None if lists is None else lists.word_on(claims.device, claims.seq)
        return cls(opened=opened, claims=claims, context=context, word=word)

    def status_is(self, status: PassStatus) -> bool:
        return self.word is not None and self.word.status is status


_Findings = Iterator[Verdict | Warning]


def _judge(case: _Case) -> tuple[Verdict, tuple[Warning, ...]]:
    """Steps 5 to 11: the first refusal ends it; warnings found before it are kept."""
    warnings: dict[Warning, None] = {}
    for check in _CHECKS:
        for finding in check(case):
            if isinstance(finding, Verdict):
                return finding, tuple(warnings)
            warnings[finding] = None
    return Verdict.ACCEPTED, tuple(warnings)


def _authority(case: _Case) -> _Findings:
    """Step 5: was the device allowed to issue this pass at all?"""
    claims, certificate = case.claims, case.opened.certificate
    provisional = claims.is_provisional
    needed = Permission.ISSUE_PROVISIONAL if provisional else Permission.ISSUE_CONFIRMED
    if needed not in certificate.permissions:
        yield Verdict.PERMISSION
    if not certificate.covers_event(claims.event):
        yield Verdict.SCOPE
    if claims.seq > certificate.max_seq:
        yield Verdict.SEQ_LIMIT


def _device(case: _Case) -> _Findings:
    """Step 6: a revoked device's passes count only if they are known from before."""
    if case.claims.device in case.context.revoked_devices:
        known = case.opened.payload_sha256 in case.context.manifest
        yield Warning.DEV_REVOKED_KNOWN if known else Verdict.DEV_REVOKED


def _training(case: _Case) -> _Findings:
    """Step 7: practice passes at practice gates, live passes at live gates."""
    if case.claims.is_training != case.context.training:
        yield Verdict.TEST_PASS


def _time(case: _Case) -> _Findings:
    """Step 8: the issuing period, then the pass's own validity, with room for honest clocks."""
    claims, certificate, now = case.claims, case.opened.certificate, case.context.now
    doubtful = PassState.CLOCK_UNVERIFIED in claims.state
    if not certificate.covers_day(day_of(claims.issued_at)):
        yield Warning.CLOCK if doubtful else Verdict.CERT_PERIOD
    if day_of(now) < certificate.not_before - 1:
        yield Warning.GATE_CLOCK
    if day_of(now) > certificate.expires:
        yield Warning.CERT_EXPIRED_NOW
    ahead = claims.issued_at - now
    if ahead > CLOCK_TOLERANCE_SECONDS:
        excused = doubtful and ahead < UNVERIFIED_CLOCK_SECONDS
        yield Warning.CLOCK if excused else Verdict.NOT_YET
    if now > claims.expires_at + CLOCK_TOLERANCE_SECONDS:
        yield Verdict.EXPIRED


def _event(case: _Case) -> _Findings:
    """Step 9: is the pass for the event at this gate?"""
    if case.context.event not in (None, case.claims.event):
        yield Verdict.EVENT


def _status(case: _Case) -> _Findings:
    """Step 10: what the organiser has said since. An old list refuses as firmly as a new one."""
    if case.status_is(PassStatus.REVOKED):
        yield Verdict.REVOKED
    if case.status_is(PassStatus.SUSPENDED):
        yield Verdict.SUSPENDED
    if (case.claims.device, case.claims.seq) in case.context.superseded:
        yield Verdict.SUPERSEDED
    if case.word is None or case.context.now - case.word.as_of > STATUS_FRESH_SECONDS:
        yield Warning.STATUS_STALE


def _provisional(case: _Case) -> _Findings:
    """Step 11: an unpaid pass lapses at its limit; staff look at papers where asked to."""
    claims = case.claims
    minutes = claims.provisional_minutes
    if minutes is not None and not case.status_is(PassStatus.CONFIRMED):
        limit = claims.issued_at + minutes * 60 + CLOCK_TOLERANCE_SECONDS
        yield Verdict.PROVISIONAL_EXPIRED if case.context.now > limit else Warning.PROVISIONAL
    if PassState.CHECK_IDENTITY in claims.state:
        yield Warning.CHECK_ID


_CHECKS: Final[tuple[Callable[[_Case], _Findings], ...]] = (
    _authority,
    _device,
    _training,
    _time,
    _event,
    _status,
    _provisional,
)
