"""The contract between the wings: what is to be carried, how far it came, how the rail feels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.ids import EntryId, MemberId, SaleId

Intent = Mapping[str, object]


class RailMode(StrEnum):
    """Which world the money lives in. Everything but `live` is training."""

    PRACTICE = "practice"
    TEST = "test"
    LIVE = "live"

    @property
    def training(self) -> bool:
        """Whether sales and passes of this mode carry the training mark."""
        return self is not RailMode.LIVE


class Topic(StrEnum):
    """What an entry wants of the rail."""

    INVOICE = "invoice"  # bill the sale's one-off lines; cash marks it paid, pay later sends it
    SUBSCRIPTION = "subscription"  # enroll the member for one membership line
    WATCH = "watch"  # create nothing: wait for the member's payment and say what was found


class EntryState(StrEnum):
    """Where an entry is. `unknown` means: sent, and nobody knows whether it was done."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    PARKED = "parked"


class Outcome(StrEnum):
    """What one visit to the rail came to."""

    DELIVERED = "delivered"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LOCKED = "locked"


class RailState(StrEnum):
    """What the rail's own last answer, or its absence, says about the way out."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    CAPTIVE_PORTAL = "captive_portal"
    KEY_REFUSED = "key_refused"
    WRONG_MODE = "wrong_mode"
    LIMITED = "limited"


class Stopped(StrEnum):
    """Why a drain ended."""

    NOTHING_DUE = "nothing_due"
    RAIL = "rail"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry as the sale writes it, frozen from then on.

    `intent` holds no personal data; `person` does (name, email, language) and is sealed under the
    member's key. Entries of one `lane` are carried strictly in order; `depends_on` must be
    delivered first, whatever its lane.
    """

    entry_id: EntryId
    sale_id: SaleId
    member_id: MemberId
    lane: str
    topic: Topic
    mode: RailMode
    intent: Intent
    person: Mapping[str, str] = field(repr=False)
    due_ms: int
    depends_on: EntryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as the sync wing claims it. `person` is None when the member has been erased."""

    seq: int
    entry_id: EntryId
    sale_id: SaleId
    member_id: MemberId
    lane: str
    topic: Topic
    mode: RailMode
    intent: Intent
    person: Mapping[str, str] | None = field(repr=False)
    state: EntryState
    due_ms: int | None
    lease_token: str | None
    attempts: int
    created_ms: int
    depends_on: EntryId | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One named piece of an entry's work.

    `params` and `key` are frozen before the first send of `generation`. `suspect` means that the
    rail may or may not have done it: look before sending again.
    """

    name: str
    generation: int
    params: Mapping[str, object] = field(repr=False)
    key: str
    first_sent_ms: int | None
    suspect: bool
    remote_id: str | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one send ended; written after the answer, or found missing after a crash."""

    outcome: Outcome
    http_status: int | None = None
    request_id: str | None = None
    detail: str | None = None  # an error code, never a body


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """Entries by state, for one mode. `watching` are waiting only for the member's payment.

    `open_findings` are no entries: what reconciliation found and no person has answered yet. Of the
    parked ones, `found` are those that were parked for such a finding, answered or not.
    """

    waiting: int
    watching: int
    unknown: int
    delivered: int
    parked: int
    open_findings: int
    found: int = 0
    oldest_waiting_ms: int | None = None


class Doubt(StrEnum):
    """Why this copy of a kiosk may not sell: another one has sold what is missing here."""

    ROLLED_BACK = "rolled_back"
    FORKED = "forked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHealth:
    """The one value the sync wing shows to the till: counts and the state of the way out."""

    counts: QueueCounts
    rail: RailState | None  # None: not asked yet
    stopped: Stopped | None = None
    skew_ms: int | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """A row of the staff's outbox list: no personal data, enough to act on."""

    entry_id: EntryId
    sale_id: SaleId
    receipt_number: str
    topic: Topic
    state: EntryState
    amount_minor: int
    currency: str
    created_ms: int
    attempts: int
    reason: str | None
