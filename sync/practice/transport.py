"""The practice Stripe without a socket: an httpx transport in which lost connections look lost.

The stock ASGI transport knows no time-outs and lets an application's exception through; a client
must see what it would see on a network.
"""

from __future__ import annotations

import asyncio

import httpx

from sync.practice.refusals import ConnectionLost
from sync.practice.wire import App


class PracticeTransport(httpx.AsyncBaseTransport):
    """Requests go to the app in this process.

    A connection lost before the effect is `httpx.ConnectError`, one lost after it
    `httpx.ReadError`, an answer later than the read time-out `httpx.ReadTimeout`.
    """

    def __init__(self, app: App) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        patience = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(patience):
                return await self._inner.handle_async_request(request)
        except ConnectionLost as lost:
            if lost.before_effect:
                raise httpx.ConnectError("connection lost", request=request) from None
            raise httpx.ReadError("connection lost", request=request) from None
        except TimeoutError:
            raise httpx.ReadTimeout("no answer in time", request=request) from None
