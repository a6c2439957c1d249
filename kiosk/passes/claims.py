"""What a pass claims, and the rules those claims keep in both directions: when made, when read.

Nothing here looks at a signature: claims read from bytes that nobody has verified mean nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Final, TypeGuard

from kiosk.passes import cbor

UINT_LIMIT: Final = 2**32
"""All numbers in claims stay below."""
MAX_ENTITLEMENTS: Final = 4
MAX_USES: Final = 1000
MAX_NAME_BYTES: Final = 24
FIRST_IGNORABLE_KEY: Final = 16
"""Unknown claims from here up are for readers newer than this one; below, they are refused."""

_DEVICE, _SEQ, _ISSUED_AT, _EXPIRES_AT, _EVENT, _ENTITLEMENTS = 1, 2, 3, 4, 5, 6
_NAME, _STATE, _PLAN, _PROVISIONAL_MINUTES, _SUPERSEDES = 7, 8, 9, 10, 11
_KNOWN_KEYS: Final = frozenset(range(_DEVICE, _SUPERSEDES + 1))


class ClaimsError(ValueError):
    """Claims that break a rule of their table. The message names the claim, never its value."""


class PassState(IntFlag):
    """Claim 8: what is particular about a pass from birth on."""

    PROVISIONAL = 1
    CLOCK_UNVERIFIED = 2
    CHECK_IDENTITY = 4
    TRAINING = 8


PLAIN: Final = PassState(0)
"""Nothing particular: paid for, at a trusted instant, by nobody who need show papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassClaims:
    """What one pass says. Instants are Unix seconds; entitlements map code to uses (0: unlimited).

    `provisional_minutes` is the limit after `issued_at`, present exactly on a provisional pass.

    Raises:
        ClaimsError: a value out of range, or a provisional limit on the wrong kind of pass.
    """

    device: int
    seq: int
    issued_at: int
    expires_at: int
    event: int
    entitlements: Mapping[int, int]
    state: PassState = PLAIN
    name: str | None = field(default=None, repr=False)
    plan: int | None = None
    provisional_minutes: int | None = None
    supersedes: int | None = None

    def __post_init__(self) -> None:
        for name in ("device", "seq", "issued_at", "expires_at", "event", "state"):
            require_uint(name, getattr(self, name))
        for name in ("plan", "provisional_minutes", "supersedes"):
            if getattr(self, name) is not None:
                require_uint(name, getattr(self, name))
        if len(self.entitlements) > MAX_ENTITLEMENTS:
            raise ClaimsError("entitlements: more than a pass carries")
        for code, uses in self.entitlements.items():
            require_uint("entitlements", code)
            require_uint("uses", uses, MAX_USES + 1)
        if self.name is not None and len(_utf8(self.name)) > MAX_NAME_BYTES:
            raise ClaimsError("name: too long")
        if self.is_provisional != (self.provisional_minutes is not None):
            raise ClaimsError("provisional_minutes: exactly on provisional passes")

    @property
    def number(self) -> str:
        """The pass number as people see it, such as `23-1234`."""
        return f"{self.device}-{self.seq}"

    @property
    def is_provisional(self) -> bool:
        return PassState.PROVISIONAL in self.state

    @property
    def is_training(self) -> bool:
        return PassState.TRAINING in self.state


def encode_claims(claims: PassClaims) -> bytes:
    """The payload of a pass: its claims as deterministic CBOR."""
    table: dict[int, cbor.Value | None] = {
        _DEVICE: claims.device,
        _SEQ: claims.seq,
        _ISSUED_AT: claims.issued_at,
        _EXPIRES_AT: claims.expires_at,
        _EVENT: claims.event,
        _ENTITLEMENTS: claims.entitlements,
        _NAME: claims.name,
        _STATE: int(claims.state),
        _PLAN: claims.plan,
        _PROVISIONAL_MINUTES: claims.provisional_minutes,
        _SUPERSEDES: claims.supersedes,
    }
    return cbor.encode({key: value for key, value in table.items() if value is not None})


def decode_claims(payload: bytes) -> PassClaims:
    """The claims of a payload whose signature has been verified.

    Raises:
        CborError: not the deterministic encoding of anything.
        ClaimsError: a claim missing, unknown below 16, of another type, or out of range.
    """
    table = ClaimTable(cbor.decode(payload), _KNOWN_KEYS)
    return PassClaims(
        device=table.uint(_DEVICE),
        seq=table.uint(_SEQ),
        issued_at=table.uint(_ISSUED_AT),
        expires_at=table.uint(_EXPIRES_AT),
        event=table.uint(_EVENT),
        entitlements=_entitlements(table.required(_ENTITLEMENTS)),
        state=PassState(table.uint(_STATE)),
        name=table.text(_NAME) if _NAME in table else None,
        plan=table.optional_uint(_PLAN),
        provisional_minutes=table.optional_uint(_PROVISIONAL_MINUTES),
        supersedes=table.optional_uint(_SUPERSEDES),
    )


def named_claims(claims: PassClaims) -> dict[str, int | str | dict[str, int]]:
    """The claims under the short names of the specification, for people and scripts to read.

    `ent` maps each entitlement code, as text, to its uses. Claims that are not there are left out.
    """
    named: dict[str, int | str | dict[str, int] | None] = {
        "dev": claims.device,
        "seq": claims.seq,
        "iat": claims.issued_at,
        "exp": claims.expires_at,
        "ev": claims.event,
        "ent": {str(code): uses for code, uses in sorted(claims.entitlements.items())},
        "nm": claims.name,
        "st": int(claims.state),
        "pl": claims.plan,
        "pxp": claims.provisional_minutes,
        "sup": claims.supersedes,
    }
    return {name: value for name, value in named.items() if value is not None}


def peek_device(payload: bytes) -> int | None:
    """Claim 1 of a payload nobody has verified yet: good for looking up a certificate only."""
    try:
        key, value = cbor.first_entry(payload)
    except cbor.CborError:
        return None
    return value if key == _DEVICE and is_uint(value) else None


class ClaimTable:
    """A decoded claim map, read by key with the type that the specification gives each key.

    Raises:
        ClaimsError: not a map, or a key below 16 that is not `known`.
    """

    def __init__(self, value: cbor.Value, known: Collection[int]) -> None:
        if not isinstance(value, Mapping):
            raise ClaimsError("claims are not a map")
        if any(key < FIRST_IGNORABLE_KEY and key not in known for key in value):
            raise ClaimsError("an unknown claim that may not be ignored")
        self._values = value

    def __contains__(self, key: int) -> bool:
        return key in self._values

    def required(self, key: int) -> cbor.Value:
        if key not in self._values:
            raise ClaimsError(f"claim {key}: missing")
        return self._values[key]

    def uint(self, key: int) -> int:
        value = self.required(key)
        if not is_uint(value):
            raise ClaimsError(f"claim {key}: not an unsigned number below 2^32")
        return value

    def optional_uint(self, key: int) -> int | None:
        return self.uint(key) if key in self._values else None

    def text(self, key: int) -> str:
        value = self.required(key)
        if not isinstance(value, str):
            raise ClaimsError(f"claim {key}: not text")
        return value

    def octets(self, key: int) -> bytes:
        value = self.required(key)
        if not isinstance(value, bytes):
            raise ClaimsError(f"claim {key}: not a byte string")
        return value

    def uints(self, key: int) -> tuple[int, ...]:
        values = self.required(key)
        if not isinstance(values, list) or not all(is_uint(value) for value in values):
            raise ClaimsError(f"claim {key}: not an array of unsigned numbers")
        return tuple(values)


def is_uint(value: object) -> TypeGuard[int]:
    """Whether a value is an unsigned number below 2^32. A boolean is none, whatever Python says."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < UINT_LIMIT


def require_uint(name: str, value: int, limit: int = UINT_LIMIT) -> None:
    """Raise ClaimsError unless 0 <= value < limit."""
    if not (is_uint(value) and value < limit):
        raise ClaimsError(f"{name}: out of range")


def _entitlements(value: cbor.Value) -> Mapping[int, int]:
    if not isinstance(value, Mapping):
        raise ClaimsError("entitlements: not a map")
    granted: dict[int, int] = {}
    for code, uses in value.items():
        if not is_uint(uses):
            raise ClaimsError("uses: not an unsigned number")
        granted[code] = uses
    return granted


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise ClaimsError("name: not UTF-8") from None
