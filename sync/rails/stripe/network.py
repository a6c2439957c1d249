"""Puts a Stripe rail together: a door, a transport, a pace; in practice also the network switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from kiosk.domain.clock import Clock
from sync.rails.stripe.client import Pace, StripeAccess, StripeDoor
from sync.rails.stripe.rail import StripeRail
from sync.rails.stripe.transport import StripeTransport, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How requests travel. `network` None: the real one. `pace` None: as fast as they come."""

    network: httpx.AsyncBaseTransport | None = None
    pace: Pace | None = None


def make_rail(access: StripeAccess, device: int, clock: Clock, line: Line) -> StripeRail:
    """The rail for this access. Nothing is sent yet."""
    transport = StripeTransport(Wire(now_ms=clock.now_ms, network=line.network))
    return StripeRail(StripeDoor(access, transport, line.pace or _at_once), device)


def switched(
    inner: httpx.AsyncBaseTransport | None,
    before: Callable[[], bool],
    on_close: Callable[[], None] = lambda: None,
) -> httpx.AsyncBaseTransport:
    """A network with the practice switch in front of it; `inner` None: the real one."""
    return SwitchedNetwork(inner or httpx.AsyncHTTPTransport(trust_env=False), before, on_close)


class SwitchedNetwork(httpx.AsyncBaseTransport):
    """A network with a switch, for rehearsals: off is as if the cable were out.

    `before` is called ahead of each request and says whether the network is on; `on_close` when
    nothing more will be sent.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        before: Callable[[], bool],
        on_close: Callable[[], None],
    ) -> None:
        self._inner = inner
        self._before = before
        self._on_close = on_close

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._before():
            raise httpx.ConnectError("the practice network is off", request=request)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
        self._on_close()


async def _at_once(_endpoint: str) -> None:
    """No limits: the practice Stripe inside this process has none of its own accord."""
