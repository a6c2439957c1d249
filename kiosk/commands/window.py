"""`run`, the default: open the window on a kiosk folder, or on a practice folder made for it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands.options import add_data
from kiosk.commands.output import say
from kiosk.errors import DisplayMissing

if TYPE_CHECKING:
    from kiosk.config import Config

HELP = "open the window (the default); without --data on a practice folder made for it"
DISPLAY_VARIABLES: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser, required=False)
    parser.add_argument(
        "--fullscreen", action="store_true", help="cover the screen; closing takes the PIN"
    )
    parser.add_argument(
        "--reduced-motion", action="store_true", help="change pages without sliding"
    )
    parser.add_argument(
        "--text-scale",
        type=_scale,
        default=1.0,
        metavar="FACTOR",
        help="larger text, from 1.0 to 2.0",
    )


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    check_display()
    from kiosk import config
    from kiosk.commands.practice_folder import practice_folder
    from kiosk.opening import require_existing

    if options.data is None:
        place = practice_folder()
        folder: Path = place.folder
        secret: Callable[[], str] | None = place.read_passphrase
    else:
        require_existing(options.data)
        folder, secret = options.data, _secret(options.passphrase_file)
    return _open_window(folder, secret, options, config.load(folder))


def check_display() -> None:
    """Raise DisplayMissing on a Linux machine with no screen, instead of Qt's abort."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in DISPLAY_VARIABLES
    ):
        say("There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). Either")
        say("  QT_QPA_PLATFORM=vnc make run    and point a VNC viewer at port 5900 (no password:")
        say("                                  only where nobody else reaches this machine), or")
        say("  xvfb-run make run               with Debian's packages xvfb and xauth.")
        raise DisplayMissing


def _open_window(
    folder: Path,
    secret: Callable[[], str] | None,
    options: argparse.Namespace,
    settings: Config,
) -> int:
    from kiosk.app import ASSETS, Start, run
    from kiosk.ui.options import Options

    start = Start(
        folder=folder,
        secret=secret,
        options=Options(
            assets=ASSETS,
            locked=options.fullscreen or settings.window.kiosk,
            reduced_motion=options.reduced_motion,
            text_scale=options.text_scale,
        ),
        gpu=settings.window.gpu,
    )
    return run(start, ["kiosk"])


def _secret(file: Path | None) -> Callable[[], str] | None:
    """How to get the passphrase without asking; None: ask on the screen."""
    from kiosk.passphrase import VARIABLE, read_passphrase

    if file is None and not os.environ.get(VARIABLE):
        return None
    return lambda: read_passphrase(file)


def _scale(text: str) -> float:
    factor = float(text)
    if not 1.0 <= factor <= 2.0:
        raise argparse.ArgumentTypeError("must be from 1.0 to 2.0")
    return factor
