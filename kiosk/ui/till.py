"""What every view-model is given: the use cases, the runner, the visit, and who is at the till."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.domain.clock import Clock
from kiosk.domain.outbox import QueueCounts, QueueHealth
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from kiosk.ui.qr_image import CodeImages
from kiosk.ui.runner import Runner
from kiosk.ui.services import SELF_SERVICE, Preferences, Services, ShopWindow, Staff
from kiosk.ui.translate import LANGUAGES
from kiosk.ui.visit import Visit


@dataclass(slots=True, kw_only=True)
class Till:
    """Shared by the view-models and changed by them; there is one, made by the shell.

    `staff` is who opened the back and is forgotten when it closes; `seller` is whom cash sales are
    put down to in assisted mode, and stays until the mode changes. `go` turns the page; `ahead_ms`
    is how far the best known instant is ahead of this machine's clock. `language` is spoken now,
    `kept_language` again after the visit; `window_came` hears of each newer shop window,
    `health_came` of what a page has counted anew.
    """

    runner: Runner
    visit: Visit
    clock: Clock
    codes: CodeImages
    options: Options
    go: Callable[[Page], None]
    sale_recorded: Callable[[], None]
    window_came: Callable[[], None] = lambda: None
    health_came: Callable[[], None] = lambda: None
    language: str = "en"
    kept_language: str = field(init=False)
    mode: str = SELF_SERVICE
    training: bool = False
    practice: bool = False
    window: ShopWindow | None = None
    health: QueueHealth | None = None
    ahead_ms: int = 0
    staff: Staff | None = None
    seller: Staff | None = None
    bound: Services | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.kept_language = self.language

    def prefer(self, kept: Preferences) -> None:
        """Take over what staff chose for this kiosk."""
        self.mode, self.training, self.practice = kept.service_mode, kept.training, kept.practice
        if kept.language in LANGUAGES:
            self.kept_language = kept.language

    @property
    def now_ms(self) -> int:
        """The best known instant: this machine's clock, set right by what the till knows of it."""
        return self.clock.now_ms() + self.ahead_ms

    def look_at(self, window: ShopWindow) -> None:
        """Take this shop window as the newest."""
        self.window, self.mode = window, window.service_mode
        self.ahead_ms = window.now_ms - self.clock.now_ms()
        self.window_came()

    def recount(self, counts: QueueCounts) -> None:
        """Take over what a page on show has just read: the sync wing may be long in saying so."""
        known = self.health or QueueHealth(counts=counts, rail=None)
        self.health = replace(known, counts=counts)
        self.health_came()

    @property
    def services(self) -> Services:
        """The use cases; only screens that come after unlocking ask for them."""
        if self.bound is None:
            raise AssertionError("no screen before the start is done asks for a use case")
        return self.bound
