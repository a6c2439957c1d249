"""Whom the shell tells, and what it asks of the composition root: nothing else crosses there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QCoreApplication

from kiosk.ui.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A copy that was acknowledged, and is open again as a new life.

    `links_lost` None: nothing remembers how far the life before had come.
    """

    services: Services = field(repr=False)
    next_receipt: str
    passes_from: int
    links_lost: int | None
    unsent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """What opens the key file; the calls with an answer are made in the runner.

    `methods` are the kinds of secrets it knows. `restore` tries a secret, acknowledges that an
    older copy was put back, and opens it: a leaf of VaultError has changed nothing, after any other
    error the kiosk may be closed, and `start_over` opens it.
    """

    methods: Callable[[], frozenset[str]] = frozenset
    restore: Callable[[str], Restored] | None = None
    start_over: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Whom the shell tells, on the Qt thread.

    `sale_recorded` after each change the rail should hear of; `quit` when staff end the program.
    """

    sale_recorded: Callable[[], None] = lambda: None
    quit: Callable[[], None] = QCoreApplication.quit
    ways_in: WaysIn = field(default_factory=WaysIn)


NO_WAYS: Final = WaysIn()
