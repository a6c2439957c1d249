"""How this kiosk's window behaves; decided by settings and the command line before it opens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`assets` holds `fonts` and `i18n`; times are in seconds; the scale multiplies all text.

    `locked`: full screen, and closing it takes the PIN. `reduced_motion`: pages change at once.
    `keyboard`: whether touching a field brings up the on-screen keyboard.
    """

    assets: Path
    language: str = "en"
    theme: str = "light"
    locked: bool = False
    reduced_motion: bool = False
    keyboard: bool = True
    text_scale: float = 1.0
    idle_seconds: int = 75
    warning_seconds: int = 20
    pass_seconds: int = 90
