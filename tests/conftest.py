"""What every test stands on: Qt without a display, and no warning that goes unnoticed.

A Qt message of level warning fails the test that caused it (`qt_log_level_fail`), and so does a
Python warning (`filterwarnings`). This file does the same for our own log events: a test that
means to provoke one names it, as in `@pytest.mark.expects_log_warning("entry_parked")`.
"""

import gc
import logging
import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import NoReturn

# Before any Qt import, which is when Qt reads them.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
# A developer's own settings and keys are none of the tests' business.
for name in [name for name in os.environ if name.startswith(("KIOSK_", "STRIPE_"))]:
    del os.environ[name]

import pytest  # noqa: E402  (Qt's variables come first)
import structlog  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

# How fast the machine happens to be is no property of ours.
settings.register_profile(
    "any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any_machine")


class LogWatch(logging.Handler):
    """Remembers every log event of level warning or above, ours and the standard library's."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.events: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.events.append(record.getMessage())

    def watch_event(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> NoReturn:
        """Stands in for the processors of structlog: keeps the event's name, prints nothing."""
        self.events.append(str(event.get("event")))
        raise structlog.DropEvent

    def unexpected(self, expected: frozenset[str]) -> list[str]:
        return [event for event in self.events if event not in expected]


@pytest.fixture(autouse=True, scope="module")
def _garbage_is_collected_in_this_thread() -> Iterator[None]:
    """What a test leaves of Qt must die in Qt's thread, not in whichever asks for memory next."""
    gc.disable()
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _no_stray_log_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that logged a warning it did not announce, or announced one that never came."""
    watch = LogWatch()
    before = structlog.get_config()
    structlog.configure(
        processors=[watch.watch_event],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().addHandler(watch)
    yield
    logging.getLogger().removeHandler(watch)
    structlog.configure(**before)

    marks = request.node.iter_markers("expects_log_warning")
    expected = frozenset(str(event) for mark in marks for event in mark.args)
    stray = watch.unexpected(expected)
    assert not stray, f"unexpected log warnings: {stray}"
    absent = sorted(expected.difference(watch.events))
    assert not absent, f"expected log warnings that never came: {absent}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the checkout."""
    return Path(__file__).resolve().parents[1]


def pytest_unconfigure() -> None:
    """Let pytest's closing line be the last one."""
    # Not all that Qt's bindings made is collectable, which the interpreter remarks when it ends.
    gc.freeze()
