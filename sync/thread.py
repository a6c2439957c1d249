"""The engine's asyncio loop in one plain thread: start, wake, stop. Nothing here knows Qt."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Final

import structlog

from kiosk.domain.outbox import QueueHealth
from kiosk.errors import KioskError
from sync.engine import Engine

log = structlog.get_logger(__name__)

LAST_SECONDS: Final = 5.0  # for writing down what was interrupted, and closing connections

Build = Callable[[Callable[[QueueHealth], None]], Engine]


class SyncThread:
    """Runs one engine. `start`, `wake` and `stop` may be called from any thread.

    `build` is called in the new thread, so that its connection and `import stripe` belong there;
    `on_health` is called there too. `on_failed` hears of an error that ended the engine.
    """

    def __init__(
        self,
        build: Build,
        on_health: Callable[[QueueHealth], None],
        on_failed: Callable[[Exception], None] = lambda _error: None,
    ) -> None:
        self._build = build
        self._on_health = on_health
        self._on_failed = on_failed
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._main: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """A hint that the buffer holds something new. Losing it costs time, nothing else."""
        self._call(lambda engine: engine.wake())

    @property
    def alive(self) -> bool:
        """Whether the thread still runs, and so holds its connection to the buffer."""
        return self._thread.is_alive()

    def stop(self, grace_seconds: float, last_seconds: float = LAST_SECONDS) -> bool:
        """Let what is under way end, then interrupt the rest. True when all ended by itself.

        What is interrupted is written down as such before the thread ends. A thread that does not
        even end for that (a name server that never answers, a disk that hangs) is left behind
        after `last_seconds`: it is a daemon, so the process ends without it, and whatever it was
        writing is a transaction, there or not there. `alive` tells.
        """
        with self._guard:
            self._stopping = True
        if not self._thread.ident:
            return True
        self._call(lambda engine: engine.stop())
        self._thread.join(grace_seconds)
        if not self._thread.is_alive():
            return True
        self._interrupt()
        self._thread.join(last_seconds)
        if self._thread.is_alive():
            log.warning("sync_left_behind", seconds=grace_seconds + last_seconds)
        return False

    def _call(self, act: Callable[[Engine], None]) -> None:
        with self._guard:
            loop, engine = self._loop, self._engine
            if loop is not None and engine is not None and not loop.is_closed():
                loop.call_soon_threadsafe(act, engine)

    def _interrupt(self) -> None:
        with self._guard:
            loop, main = self._loop, self._main
            if loop is not None and main is not None and not loop.is_closed():
                loop.call_soon_threadsafe(main.cancel)

    def _run(self) -> None:
        # The edge of this thread: whatever ends the engine is told, and never ends the till.
        try:
            with asyncio.Runner() as runner:
                runner.run(self._live())
        except KioskError as error:
            log.info("sync_ended", code=error.code)
            self._on_failed(error)
        except Exception as error:  # noqa: BLE001  (a thread edge)
            # Without its trace, which could hold a person.
            log.error("sync_failed", exception_type=type(error).__name__)  # noqa: TRY400
            self._on_failed(error)
        finally:
            with self._guard:
                self._loop = None

    async def _live(self) -> None:
        engine = self._build(self._on_health)
        with self._guard:
            self._loop, self._engine = asyncio.get_running_loop(), engine
            self._main = asyncio.create_task(engine.run())
            if self._stopping:
                engine.stop()
        try:
            await self._main
        except asyncio.CancelledError:
            log.info("sync_interrupted")
        finally:
            with self._guard:
                self._loop = None
