"""The named answers to a scan: what a gate concludes about a pass, never a bare yes or no."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final


class Verdict(Enum):
    """The one answer to a scan. The value is the stable code that is recorded and logged."""

    ACCEPTED = "accepted"

    ENCODING = "E_ENCODING"
    ALPHABET = "E_ALPHABET"
    VERSION = "E_VERSION"
    TRUNCATED = "E_TRUNCATED"

    UNTRUSTED = "E_UNTRUSTED"
    SIGNATURE = "E_SIG"
    CBOR = "E_CBOR"
    CERT_CLAIMS = "E_CERT_CLAIMS"
    CLAIMS = "E_CLAIMS"
    DEV_MISMATCH = "E_DEV_MISMATCH"
    PERMISSION = "E_PERM"
    SCOPE = "E_SCOPE"
    SEQ_LIMIT = "E_SEQ_LIMIT"
    CLONE = "E_CLONE"

    CERT_UNKNOWN = "E_CERT_UNKNOWN"
    DEV_REVOKED = "E_DEV_REVOKED"
    CERT_PERIOD = "E_CERT_PERIOD"
    NOT_YET = "E_NOT_YET"

    EXPIRED = "E_EXPIRED"
    PROVISIONAL_EXPIRED = "E_PROVISIONAL_EXPIRED"
    REVOKED = "E_REVOKED"
    SUSPENDED = "E_SUSPENDED"
    SUPERSEDED = "E_SUPERSEDED"
    EVENT = "E_EVENT"
    TEST_PASS = "E_TEST_PASS"

    USED = "E_USED"
    NO_ENTITLEMENT = "E_NO_ENTITLEMENT"

    @property
    def family(self) -> Family:
        """The group of refusals that staff handle alike."""
        return _FAMILY_OF[self]


class Warning(Enum):
    """A doubt beside an accepted pass (amber). The value is the stable code."""

    PROVISIONAL = "W_PROVISIONAL"
    STATUS_STALE = "W_STATUS_STALE"
    CLOCK = "W_CLOCK"
    GATE_CLOCK = "W_GATE_CLOCK"
    CERT_EXPIRED_NOW = "W_CERT_EXPIRED_NOW"
    CHECK_ID = "W_CHECK_ID"
    DEV_REVOKED_KNOWN = "W_DEV_REVOKED_KNOWN"


class Family(Enum):
    """What a verdict means to the person at the door."""

    ADMITTED = "admitted"
    NOT_OUR_CODE = "not_our_code"
    FORGED = "forged"
    # "Could not ask" is never shown as a refusal, and a refusal never as "could not ask".
    CANNOT_DECIDE = "cannot_decide"
    OVER = "over"
    SPENT = "spent"


class PassStatus(Enum):
    """What the organiser has said about one pass since it was issued: two bits of a status list.

    The values are those of the IETF Token Status List, with 3 taken for "confirmed".
    """

    NO_WORD = 0
    REVOKED = 1
    SUSPENDED = 2
    CONFIRMED = 3


_MEMBERS_OF: Final = {
    Family.ADMITTED: "ACCEPTED",
    Family.NOT_OUR_CODE: "ENCODING ALPHABET VERSION TRUNCATED",
    Family.FORGED: (
        "UNTRUSTED SIGNATURE CBOR CERT_CLAIMS CLAIMS DEV_MISMATCH PERMISSION SCOPE SEQ_LIMIT CLONE"
    ),
    Family.CANNOT_DECIDE: "CERT_UNKNOWN DEV_REVOKED CERT_PERIOD NOT_YET",
    Family.OVER: "EXPIRED PROVISIONAL_EXPIRED REVOKED SUSPENDED SUPERSEDED EVENT TEST_PASS",
    Family.SPENT: "USED NO_ENTITLEMENT",
}
_FAMILY_OF: Final = MappingProxyType(
    {Verdict[name]: family for family, names in _MEMBERS_OF.items() for name in names.split()}
)
