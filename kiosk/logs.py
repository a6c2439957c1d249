"""The log: JSON lines in the data folder, only named fields, never a secret and nobody's name.

A library's own message may hold anything, so only its name and level are kept.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

import structlog

FOLDER: Final = "logs"
HANDLER: Final = "kiosk-log"
FILE_NAME: Final = "kiosk.jsonl"
FILE_MAX_BYTES: Final = 2_000_000
FILES_KEPT: Final = 5
# Anything else a caller passes is dropped: a field is logged because somebody thought about it.
ALLOWED: Final = frozenset(
    {
        "event", "level", "timestamp", "logger", "code", "fields", "sale_id", "entry_id", "topic",
        "step", "outcome", "reason", "rail", "state", "count", "waiting", "delivered", "parked",
        "unknown", "skew_ms", "seconds", "ms", "mode", "version", "platform", "request_id",
        "http_status", "attempt", "generation", "snapshot", "kind", "where", "exception_type",
    }
)  # fmt: skip


def start(folder: Path) -> None:
    """Write the log to `folder`/logs from here on; a folder that cannot be written logs nowhere."""
    target = folder / FOLDER
    handler: logging.Handler
    try:
        target.mkdir(mode=0o700, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            target / FILE_NAME, maxBytes=FILE_MAX_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_OwnLines())
    stop()
    handler.set_name(HANDLER)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # These two print addresses and bodies at lower levels.
    for chatty in ("stripe", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            _as_line,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def stop() -> None:
    """Close the log file, if one is open."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == HANDLER]:
        root.removeHandler(handler)
        handler.close()


class _Line(str):
    """A line of JSON that went through `only_allowed`."""

    __slots__ = ()


class _OwnLines(logging.Formatter):
    """Our own lines as they are; of anybody else's, who logged it and what kind of error it was."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, _Line):
            return record.msg
        error = record.exc_info[0] if record.exc_info else None
        known = {
            "event": "library_message",
            "level": record.levelname.lower(),
            "logger": record.name,
            "exception_type": None if error is None else error.__name__,
        }
        return json.dumps({key: value for key, value in known.items() if value is not None})


def _as_line(_logger: object, _method: str, entry: MutableMapping[str, object]) -> _Line:
    return _Line(json.dumps(entry, sort_keys=True, default=_kind_of))


def _kind_of(value: object) -> str:
    # Whatever JSON has no word for is named, never printed: a repr may hold anything.
    return type(value).__name__


def only_allowed(
    _logger: object, _method: str, entry: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Keep the allow-listed fields of a log entry."""
    return {key: value for key, value in entry.items() if key in ALLOWED}
