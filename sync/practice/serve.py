"""The practice Stripe on a loopback socket, for clients outside this process.

uvicorn is a development dependency and is imported only here, when somebody serves. A connection
the fault plan loses is closed without an answer, as on a network.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from sync.practice.control import ControlSurface
from sync.practice.refusals import ConnectionLost
from sync.practice.wire import App, Receive, Scope, Send

if TYPE_CHECKING:
    from sync.practice.app import PracticeStripe

START_SECONDS_MAX: Final = 10.0
STOP_SECONDS_MAX: Final = 10.0

_Address = tuple[str, int]


@contextmanager
def serve(
    app: PracticeStripe, host: str = "127.0.0.1", port: int = 0, *, control: bool = False
) -> Iterator[str]:
    """Serve until the block ends; yields the base URL, `http://127.0.0.1:…`.

    `control` adds the routes under `/practice/` (see `control.py`), which are not Stripe's.
    Raises OSError when the port is taken.
    """
    listener = socket.create_server((host, port))
    lines: dict[_Address, asyncio.Transport] = {}
    whole: App = ControlSurface(app) if control else app
    server = _server(_Unplugging(whole, lines), lines)
    thread = threading.Thread(target=server.run, args=([listener],), name="practice-stripe")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS_MAX)
        listener.close()


class _Unplugging:
    """Turns ConnectionLost into a connection that ends without a word."""

    def __init__(self, app: App, lines: dict[_Address, asyncio.Transport]) -> None:
        self._app = app
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ConnectionLost:
            line = self._lines.get(tuple(scope["client"]))
            if line is not None:
                line.abort()
            # Until the server has noticed; otherwise it would try to answer 500.
            while (await receive())["type"] != "http.disconnect":
                pass


class _Server(Protocol):
    """What is used of `uvicorn.Server`."""

    started: bool
    should_exit: bool

    def run(self, sockets: list[socket.socket] | None = None) -> None: ...


def _server(app: App, lines: dict[_Address, asyncio.Transport]) -> _Server:
    import uvicorn  # noqa: PLC0415 - a development dependency: only whoever serves needs it
    from uvicorn.protocols.http.h11_impl import H11Protocol  # noqa: PLC0415

    class Line(H11Protocol):
        """A connection that can be found again by its peer, to be cut."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            lines[transport.get_extra_info("peername")[:2]] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            lines.pop(self.transport.get_extra_info("peername")[:2], None)
            super().connection_lost(exc)

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Line,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def _wait_until_started(server: _Server, thread: threading.Thread) -> None:
    waiting = threading.Event()
    for _ in range(int(START_SECONDS_MAX / 0.01)):
        if server.started or not thread.is_alive():
            break
        waiting.wait(0.01)
    if not server.started:
        raise OSError("the practice Stripe did not start")
