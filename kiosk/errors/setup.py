"""What a person has to set right before selling."""

from __future__ import annotations

from typing import NamedTuple

from kiosk.errors.base import KioskError


class SetupError(KioskError):
    """Something a person has to set right before selling."""


class Mistake(NamedTuple):
    """One mistake in a file a person wrote: which key, which value, why; line 0 = not known."""

    key: str
    value: str
    reason: str
    line: int = 0


class EventFileInvalid(SetupError):
    """The event file has mistakes; all of them are in `mistakes`. Nothing was loaded."""

    def __init__(self, mistakes: tuple[Mistake, ...], **fields: str | int) -> None:
        super().__init__(mistakes=len(mistakes), **fields)
        self.mistakes = mistakes


class EventFileUnreadable(SetupError):
    """The event file is missing, not UTF-8, or not TOML. Fields: file, reason."""


class ConfigInvalid(SetupError):
    """kiosk.toml has mistakes; all of them are in `mistakes`."""

    def __init__(self, mistakes: tuple[Mistake, ...], **fields: str | int) -> None:
        super().__init__(mistakes=len(mistakes), **fields)
        self.mistakes = mistakes


class DisplayMissing(SetupError):
    """No screen to open a window on."""


class RootInvalid(SetupError):
    """Not a root public key (64 hexadecimal characters). Fields: file."""


class CertificateInvalid(SetupError):
    """This device's certificate does not allow issuing now. Fields: reason."""


class RailKeyMissing(SetupError):
    """No usable Stripe key for this mode. Fields: mode, reason."""


class NotProvisioned(SetupError):
    """The rail has no price or link for this offer yet. Fields: offer."""


class RailUnreachable(SetupError):
    """The rail did not answer; nothing was changed. Fields: rail."""


class RailRefused(SetupError):
    """The rail refused the request. Fields: reason."""
