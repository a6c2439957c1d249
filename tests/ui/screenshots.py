"""Draws every screen in both themes and languages, and in every size, for people to look at.

python tests/ui/screenshots.py --out DIR [--only PAGE] [--quick] [--text-scale 2]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtGui import QGuiApplication

from kiosk.domain.outbox import QueueCounts, QueueHealth, RailState
from kiosk.errors import EventFileInvalid, Mistake, StoreInUse
from kiosk.ui.options import Options
from kiosk.ui.pages import Page
from tests.ui.stage import REPOSITORY, Stage
from tests.ui.walk import Walk

USUAL: Final = (1280, 800)
SIZES: Final = ((1024, 600), (800, 1280), (1920, 1080))
# The two that the README shows, and what they are called there.
README: Final = {
    "12-offers-cart-light-en-1280x800.png": "offers.png",
    "24-pass-cash-light-en-1280x800.png": "pass.png",
}
EVENTS: Final = {"en": "zine-fair.toml", "de": "recipe-club.toml"}


def main() -> int:
    """Draws what the arguments ask for; 0 when everything could be drawn."""
    parser = argparse.ArgumentParser(description="Draw every screen of the kiosk.")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true", help="one theme, language and size")
    parser.add_argument("--text-scale", type=float, default=1.0, help="1 is the usual size of text")
    parser.add_argument("--readme", type=Path, help="renew the README's pictures in this folder")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication.instance() or QGuiApplication([])
    for theme, language, sizes in _wanted(quick=arguments.quick):
        with tempfile.TemporaryDirectory() as folder:
            _draw_all(Path(folder), (theme, language), sizes, arguments)
    del application
    if arguments.readme is not None:
        for drawn, shown in README.items():
            shutil.copyfile(arguments.out / drawn, arguments.readme / shown)
    return 0


def _wanted(*, quick: bool) -> Iterator[tuple[str, str, tuple[tuple[int, int], ...]]]:
    if quick:
        yield "light", "en", (USUAL,)
        return
    for theme in ("light", "dark"):
        for language in ("en", "de"):
            every = theme == "light" and language == "en"
            small = theme == "dark" and language == "de"
            yield theme, language, (USUAL, *(SIZES if every else SIZES[:2] if small else ()))


def _draw_all(
    folder: Path,
    look: tuple[str, str],
    sizes: tuple[tuple[int, int], ...],
    arguments: argparse.Namespace,
) -> None:
    theme, language = look
    options = Options(
        assets=REPOSITORY / "assets", text_scale=arguments.text_scale, reduced_motion=True
    )
    stage = Stage(folder, event=EVENTS[language], options=options)
    stage.open()
    stage.provision()
    walk = Walk(stage)
    walk.speak(language)
    walk.paint(theme)
    for name, arrive in scenes(walk).items():
        if arguments.only and arguments.only not in name:
            continue
        for width, height in sizes:
            stage.resize(width, height)
            arrive()
            stage.grab().save(
                str(arguments.out / f"{name}-{theme}-{language}-{width}x{height}.png")
            )
    stage.close()


def scenes(walk: Walk) -> dict[str, Callable[[], None]]:
    """Every picture by name, and the way to it."""
    return {
        "01-boot": lambda: walk.go(Page.BOOT),
        "02-unlock": walk.unlock,
        "03-fault": lambda: walk.fault(StoreInUse(folder="kiosk")),
        "04-fault-mistakes": lambda: walk.fault(
            EventFileInvalid(
                (
                    Mistake("event.currency", "EURO", "is not a currency this program knows"),
                    Mistake("drop.1.price_minor", "-4", "must be 0 or more"),
                )
            )
        ),
        "04-fault-restored": walk.restored,
        "04-restore": lambda: walk.restored(asked=True),
        "04-restore-done": lambda: walk.restored(done=True),
        "05-empty": lambda: walk.go(Page.EMPTY),
        "06-set-pin": lambda: walk.go(Page.SET_PIN),
        "10-attract": walk.home,
        "11-offers": walk.offers,
        "12-offers-cart": lambda: walk.offers(2),
        "13-offer-sheet": walk.sheet,
        "14-cart-panel": walk.cart_panel,
        "15-details": lambda: walk.details(filled=False),
        "16-details-missing": lambda: walk.details(filled=False, go_on=True),
        "17-details-filled": walk.details,
        "18-terms": walk.terms,
        "19-keyboard": walk.keyboard,
        "20-pay": walk.pay,
        "21-pay-cash": walk.pay_cash,
        "22-parked-number": walk.parked_number,
        "23-scan-to-pay": walk.scan_to_pay,
        "24-pass-cash": lambda: walk.show_pass("cash"),
        "25-pass-provisional": lambda: walk.show_pass("scan-to-pay"),
        "26-pass-pay-later": lambda: walk.show_pass("pay-later"),
        "27-idle": walk.idle,
        "30-pin": lambda: walk.go(Page.PIN),
        "31-today": lambda: walk.staff(Page.TODAY),
        "32-outbox": lambda: walk.staff(Page.OUTBOX),
        "32-outbox-findings": walk.findings,
        "33-parked-carts": lambda: walk.staff(Page.PARKED_CARTS),
        "34-parked-cash": walk.parked_cash,
        "37-doctor": lambda: walk.staff(Page.DOCTOR),
        "38-members": lambda: walk.members("am", crowd=True),
        "38-members-keys": lambda: walk.search("a"),
        "38-members-none": lambda: walk.members("nobody"),
        "39-member": walk.member,
        "39-member-erase": walk.erase_sheet,
        "39-member-erase-unsent": lambda: walk.erase_sheet(sent=False),
        "39-member-erased": walk.erased,
        "39-member-erased-later": lambda: walk.erased(sent=False),
        "36-event-over": walk.event_over,
        "35-needs-attention": lambda: walk.health(
            QueueHealth(
                counts=QueueCounts(
                    waiting=3, watching=1, unknown=0, delivered=12, parked=2, open_findings=0
                ),
                rail=RailState.UNREACHABLE,
            )
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
