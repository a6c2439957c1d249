"""What may go wrong between us and a rail, as values; and the one exception that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from kiosk.domain.outbox import RailState

# What the way out is like while the rail itself answers.
ANSWERING: Final = frozenset({RailState.REACHABLE, RailState.LIMITED})


class TroubleKind(StrEnum):
    """What an answer, or none, means for the request that was sent."""

    NOT_SENT = "not_sent"  # no connection: certainly not done
    LOST = "lost"  # the bytes left and no answer came: same key again
    NOT_STRIPE = "not_stripe"  # somebody else answered (captive portal): same key again
    BUSY = "busy"  # 409, the key is still being worked on: same key again
    LIMITED = "limited"  # 429: same key again
    SUSPECT = "suspect"  # 5xx: perhaps done, and the 5xx is saved under the key
    KEY_MISUSED = "key_misused"  # idempotency error: our own bug, the parameters changed
    NEEDS_MEMBER = "needs_member"  # 402: only the member can help
    REFUSED = "refused"  # 400, 404: the rail will never take this
    LOCKED = "locked"  # 401, 403, wrong mode: the rail takes nothing at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One trouble: `code` is the rail's error code or our own word, never a body or a message."""

    kind: TroubleKind
    code: str
    http_status: int | None = None
    request_id: str | None = None

    @property
    def stops_the_rail(self) -> bool:
        """Whether no other request has a chance either, until a person or the network acts."""
        return self.kind is TroubleKind.LOCKED

    @property
    def maybe_done(self) -> bool:
        """Whether the rail may have done the work although no one said so."""
        return self.kind in {TroubleKind.LOST, TroubleKind.SUSPECT, TroubleKind.BUSY}


class RailTrouble(Exception):
    """Carries a Trouble up to the one place that closes the visit."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"{trouble.kind}: {trouble.code}")
        self.trouble = trouble


def state_after(trouble: Trouble) -> RailState:
    """What a trouble says about the way out."""
    match trouble.kind:
        case TroubleKind.NOT_SENT | TroubleKind.LOST:
            return RailState.UNREACHABLE
        case TroubleKind.NOT_STRIPE:
            # Whatever its status: 511 is a portal's own, and no proxy's 502 tells who sent it.
            return RailState.CAPTIVE_PORTAL
        case TroubleKind.LIMITED:
            return RailState.LIMITED
        case TroubleKind.LOCKED:
            wrong_mode = trouble.code == "wrong_mode"
            return RailState.WRONG_MODE if wrong_mode else RailState.KEY_REFUSED
        case (
            TroubleKind.BUSY
            | TroubleKind.SUSPECT
            | TroubleKind.KEY_MISUSED
            | TroubleKind.NEEDS_MEMBER
            | TroubleKind.REFUSED
        ):
            return RailState.REACHABLE
        case _:
            assert_never(trouble.kind)
