"""The log: JSON lines in the data folder, only named fields, never a secret and nobody's name."""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

import structlog

FOLDER: Final = "logs"
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
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
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
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def only_allowed(
    _logger: object, _method: str, entry: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Keep the allow-listed fields of a log entry."""
    return {key: value for key, value in entry.items() if key in ALLOWED}
