"""A kiosk folder as it is packed: where it is, how it is set up, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.config import Config
from kiosk.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A kiosk folder as it is packed."""

    folder: Path
    config: Config
    vault: Vault = field(repr=False)
