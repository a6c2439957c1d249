"""The one place where bytes go to Stripe: a `stripe.HTTPClient` over httpx.

It never follows a redirect, never asks the environment for a proxy, and never believes an answer
that Stripe did not sign with a request id: captive portals answer too, often with 200.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import stripe

from kiosk.domain.clock import Measured
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind

CONNECT_SECONDS: Final = 4.0
READ_SECONDS: Final = 20.0
CONNECTIONS_MAX: Final = 64
REQUEST_MAX_BYTES: Final = 64 * 1024
ANSWER_MAX_BYTES: Final = 8 * 1024 * 1024

# What Stripe needs. The SDK's own user-agent header names this machine; nobody needs that.
_SENT: Final = frozenset({"authorization", "content-type", "idempotency-key", "stripe-version"})
# What the layers above need. Others, such as `Stripe-Notice`, would only be printed.
_KEPT: Final = frozenset({"request-id", "idempotent-replayed", "stripe-should-retry"})
_USER_AGENT: Final = "kiosk"
_FAILED: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What the transport is built from."""

    now_ms: Callable[[], int]
    network: httpx.AsyncBaseTransport | None = None  # None: the real one


class StripeTransport(stripe.HTTPClient):
    """Sends one request and gives back one answer of Stripe, or raises RailTrouble."""

    name = "kiosk"

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.measured: Measured | None = None  # the local clock against Stripe's
        self._wire = wire
        self._client = httpx.AsyncClient(
            transport=wire.network,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        )

    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: str | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """(body, status, headers) as the SDK wants them."""
        request = self._client.build_request(
            method, url, headers=_sendable(headers), content=_bounded(post_data)
        )
        try:
            response = await self._client.send(request, stream=True)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _lost(TroubleKind.NOT_SENT, error) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _lost(TroubleKind.LOST, error) from None
        if response.is_redirect or "request-id" not in response.headers:
            code = "redirected" if response.is_redirect else "no_request_id"
            raise RailTrouble(
                Trouble(kind=TroubleKind.NOT_STRIPE, code=code, http_status=response.status_code)
            )
        if not _speaks_stripe(body, response.status_code):
            # Cut short or mangled under way; the work behind it may well be done.
            raise RailTrouble(
                Trouble(
                    kind=TroubleKind.SUSPECT,
                    code="not_an_object",
                    http_status=response.status_code,
                )
            )
        self._learn_skew(response.headers.get("date"))
        kept = {name: value for name, value in response.headers.items() if name in _KEPT}
        return body, response.status_code, {**kept, "Request-Id": kept["request-id"]}

    async def close_async(self) -> None:
        await self._client.aclose()

    def close(self) -> None:
        """Nothing to do: this transport has no connection outside the loop."""

    def _learn_skew(self, date: str | None) -> None:
        """Keep local clock minus Stripe's (RFC 9110 section 6.6.1; whole seconds)."""
        if date is None:
            return
        try:
            told = parsedate_to_datetime(date)
        except ValueError:
            return
        now_ms = self._wire.now_ms()
        self.measured = Measured(skew_ms=now_ms - int(told.timestamp() * 1000), at_ms=now_ms)


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in headers.items() if name.lower() in _SENT}
    return {**kept, "User-Agent": _USER_AGENT, "Accept": "application/json"}


def _bounded(post_data: Any) -> bytes | None:
    if post_data is None:
        return None
    body = post_data.encode() if isinstance(post_data, str) else bytes(post_data)
    if len(body) > REQUEST_MAX_BYTES:
        raise RailTrouble(Trouble(kind=TroubleKind.REFUSED, code="request_too_large"))
    return body


async def _read(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > ANSWER_MAX_BYTES:
            # Longer than any of Stripe's: whatever it was, it may have been done.
            raise RailTrouble(Trouble(kind=TroubleKind.SUSPECT, code="answer_too_long"))
        parts.append(part)
    return b"".join(parts)


def _speaks_stripe(body: bytes, status: int) -> bool:
    """Whether the SDK can read this: a success is an object that says what it is."""
    if status >= _FAILED:
        return _is_text(body)
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or not isinstance(said.get("object"), str):
        return False
    whole = isinstance(said.get("data"), list) and isinstance(said.get("has_more"), bool)
    return whole or said["object"] != "list"


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lost(kind: TroubleKind, error: Exception) -> RailTrouble:
    # The class of the error says enough; its text may hold an address.
    return RailTrouble(Trouble(kind=kind, code=type(error).__name__))
