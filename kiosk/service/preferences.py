"""What staff chose for this kiosk: kept in the buffer, so that a restart changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.domain.outbox import RailMode
from kiosk.errors import NotPermitted
from kiosk.service.desk import SERVICE_MODE, Desk, ServiceMode

LANGUAGE: Final = "language"
THEME: Final = "theme"
DEFAULT_LANGUAGE: Final = "en"
DEFAULT_THEME: Final = "light"
_KEPT: Final = {LANGUAGE, THEME, SERVICE_MODE}
_VALUE_MAX_CHARS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The choices, and what the settings file fixed."""

    service_mode: ServiceMode
    language: str
    theme: str
    training: bool
    practice: bool


def preferences(desk: Desk) -> Preferences:
    """The choices as they stand."""
    with desk.buffer.reading() as uow:
        language, theme = uow.settings.get(LANGUAGE), uow.settings.get(THEME)
        return Preferences(
            service_mode=desk.service_mode(uow),
            language=language if isinstance(language, str) else DEFAULT_LANGUAGE,
            theme=theme if isinstance(theme, str) else DEFAULT_THEME,
            training=desk.mode.training,
            practice=desk.mode is RailMode.PRACTICE,
        )


def keep_preference(desk: Desk, key: str, value: str) -> None:
    """Keep one choice. Raises NotPermitted for anything that is not a preference."""
    known = key in _KEPT and len(value) <= _VALUE_MAX_CHARS
    if not known or (key == SERVICE_MODE and value not in set(ServiceMode)):
        raise NotPermitted(action="preference")
    with desk.buffer.writing() as uow:
        uow.settings.put(key, value, desk.clock.now_ms())
