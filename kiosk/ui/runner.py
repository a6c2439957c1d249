"""One worker thread that does what the screens ask for, in order, and answers on the Qt thread.

Must never touch a QObject from the worker except by emitting the one signal that crosses threads.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.errors import KioskError

JOBS_WAITING_MAX: Final = 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    work: Callable[[], object]
    then: Callable[[object], None]
    failed: Callable[[Exception], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    job: _Job
    result: object = None
    error: Exception | None = None


class Runner(QObject):
    """Takes work from the Qt thread; `then` or `failed` is called back there, never elsewhere."""

    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(JOBS_WAITING_MAX)
        self._under_way = 0
        self.ended.connect(self._deliver)
        self._thread = threading.Thread(target=self._work, name="runner")
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing is queued, running, or on its way back."""
        return self._under_way == 0

    def submit(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """Queue `work` for the worker. False, and nothing queued, when too much waits already.

        `failed` gets a KioskError, or whatever a bug raised (already logged, without its text).
        """
        job = _Job(work=work, then=then, failed=failed)  # type: ignore[arg-type]
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        self._under_way += 1
        return True

    def stop(self) -> None:
        """Finish everything accepted, then end the thread: nothing accepted is lost."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self.ended.emit(_run(job))

    @Slot(object)
    def _deliver(self, ending: _Ending) -> None:
        self._under_way -= 1
        if ending.error is None:
            ending.job.then(ending.result)
        else:
            ending.job.failed(ending.error)


def _run(job: _Job) -> _Ending:
    try:
        return _Ending(job=job, result=job.work())
    except KioskError as error:
        return _Ending(job=job, error=error)
    except Exception as error:  # noqa: BLE001  (a thread edge: a bug must not end the worker)
        # Its text might quote what a visitor typed, so only the kind and the place are logged.
        # Imported here: it costs more than the first frame can spare, and is hardly ever needed.
        import structlog  # noqa: PLC0415

        log = structlog.get_logger(__name__)
        log.error("job_crashed", error=type(error).__name__, at=_place(error))  # noqa: TRY400
        return _Ending(job=job, error=error)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}"
