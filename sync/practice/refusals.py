"""Stripe's refusals: the status codes, types and codes a client branches on.

Source of the codes: https://docs.stripe.com/error-codes and https://docs.stripe.com/api/errors.
"""

from __future__ import annotations

from sync.practice.wire import JsonObject


class Refusal(Exception):
    """An answer of Stripe that is an error: a status and the fields of its `error` object."""

    def __init__(self, status: int, fields: JsonObject, headers: dict[str, str] | None = None):
        super().__init__(f"{status} {fields.get('code') or fields['type']}")
        self.status = status
        self.fields = fields
        self.headers = headers or {}

    @property
    def body(self) -> JsonObject:
        return {"error": dict(self.fields)}


class ConnectionLost(Exception):
    """The connection ends without an answer; `before_effect` says whether the work was done."""

    def __init__(self, *, before_effect: bool) -> None:
        super().__init__("lost before the request" if before_effect else "lost after the request")
        self.before_effect = before_effect


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> Refusal:
    """400 invalid_request_error."""
    fields: JsonObject = {"type": "invalid_request_error", "message": message}
    if code is not None:
        fields["code"] = code
        fields["doc_url"] = f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}"
    if param is not None:
        fields["param"] = param
    return Refusal(400, fields)


def missing_param(param: str) -> Refusal:
    """400 parameter_missing."""
    return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")


def no_such(kind: str, object_id: str, *, param: str | None = None) -> Refusal:
    """resource_missing: 404 when the path names the object, 400 when a parameter does."""
    said = f"No such {kind.replace('_', ' ')}: '{object_id}'"
    refusal = invalid(said, param=param or "id", code="resource_missing")
    return refusal if param else Refusal(404, refusal.fields)


def unknown_url(method: str, path: str) -> Refusal:
    """404 for a path this Stripe does not have."""
    said = f"Unrecognized request URL ({method}: {path})."
    return Refusal(404, {"type": "invalid_request_error", "message": said})


def bad_key(shown: str) -> Refusal:
    """401: the key is not accepted. `shown` is the key already masked."""
    said = f"Invalid API Key provided: {shown}"
    return Refusal(401, {"type": "invalid_request_error", "message": said}, _CHALLENGE)


def no_key() -> Refusal:
    """401: no key in the Authorization header."""
    said = (
        "You did not provide an API key. Provide it in the Authorization header, as a Bearer token."
    )
    return Refusal(401, {"type": "invalid_request_error", "message": said}, _CHALLENGE)


def card_refused(code: str, message: str) -> Refusal:
    """402: the payer's card, not the caller, is the trouble."""
    return Refusal(402, {"type": "card_error", "code": code, "message": message})


def rate_limited(reason: str) -> Refusal:
    """429; `reason` is `global-rate` or `endpoint-rate` (https://docs.stripe.com/rate-limits)."""
    fields = {
        "type": "invalid_request_error",
        "code": "rate_limit",
        "message": "Request rate limit exceeded.",
    }
    return Refusal(429, fields, {"Stripe-Rate-Limited-Reason": reason})


def key_in_use(key: str) -> Refusal:
    """409: another request with this idempotency key is still under way."""
    said = f"There is currently another in-progress request using this Idempotent Key: {key}"
    return Refusal(
        409, {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": said}
    )


def key_reused(message: str) -> Refusal:
    """400 idempotency_error: the key came back with other parameters or another endpoint."""
    return Refusal(400, {"type": "idempotency_error", "message": message})


def broken() -> Refusal:
    """500 api_error."""
    said = "Sorry! There was an error while talking to one of our backends."
    return Refusal(500, {"type": "api_error", "message": said})


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Stripe"'}
