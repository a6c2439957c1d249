"""What Stripe's errors mean for the request that was sent (design: outcome -> state).

Sources: https://docs.stripe.com/error-codes, https://docs.stripe.com/api/idempotent_requests.
"""

from __future__ import annotations

from typing import Final

import stripe

from sync.rails.troubles import Trouble, TroubleKind

CODE_MAX_CHARS: Final = 64
# A 400 that says "somebody is working on this object right now", not "never".
_PASSING: Final = frozenset({"lock_timeout", "idempotency_key_in_use"})


def trouble_of(error: stripe.StripeError) -> Trouble:
    """The trouble behind an error of the SDK. The real code is in `e.error.code` (409 and 429)."""
    code = _code(error)
    return Trouble(
        kind=_kind(error, code),
        code=code,
        http_status=error.http_status,
        request_id=error.request_id,
    )


def _kind(error: stripe.StripeError, code: str) -> TroubleKind:
    status = error.http_status
    if isinstance(error, stripe.APIConnectionError):
        return TroubleKind.LOST
    if status == 429 or isinstance(error, stripe.RateLimitError):
        # A lock that could not be had comes as 429 too; waiting is right for both.
        return TroubleKind.LIMITED
    if status == 409 or code in _PASSING:
        return TroubleKind.BUSY
    if isinstance(error, stripe.IdempotencyError):
        return TroubleKind.KEY_MISUSED
    if status in {401, 403}:
        return TroubleKind.LOCKED
    if status == 402:
        return TroubleKind.NEEDS_MEMBER
    if status is not None and 400 <= status < 500:
        return TroubleKind.REFUSED
    # 5xx, and 2xx with a body that is no JSON: nobody knows what was done.
    return TroubleKind.SUSPECT


def _code(error: stripe.StripeError) -> str:
    told = error.error
    code = getattr(told, "code", None) or getattr(told, "type", None) or error.code
    return str(code or f"http_{error.http_status}")[:CODE_MAX_CHARS]
