"""`init`: make an encrypted buffer, its keys and a commented kiosk.toml in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.commands import DONE
from kiosk.commands.options import add_data, positive
from kiosk.commands.output import say
from kiosk.commands.recovery import add_recovery, check_keepable, keeper
from kiosk.errors import StoreExists

HELP = "make a new kiosk in a folder: encrypted buffer, keys, settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    add_recovery(parser)
    parser.add_argument(
        "--device", type=positive, default=1, metavar="N", help="this kiosk's number (default 1)"
    )


def run(options: argparse.Namespace) -> int:
    """Make the kiosk; refuse when nobody can keep the recovery key."""
    from kiosk import opening, passphrase
    from kiosk.system_clock import SystemClock

    check_keepable(options)
    _refuse_existing(options.data)
    secret = passphrase.read_passphrase(options.passphrase_file, twice=True)
    if len(secret) < passphrase.NEW_LEAST:
        say("note: a passphrase this short is soon guessed by whoever has the folder.")
    keep = keeper(options, device=options.device, made_ms=SystemClock().now_ms())
    opening.create(options.data, secret, options.device, keep)
    say(f"A new kiosk (number {options.device}) is in {options.data}.")
    say(f'Next: load an event with "kiosk load EVENT.toml --data {options.data}".')
    return DONE


def _refuse_existing(folder: Path) -> None:
    """Raise StoreExists over a kiosk that is there, after saying the way out."""
    from kiosk import opening

    try:
        opening.refuse_existing(folder)
    except StoreExists:
        say("What it has not sent yet can be carried to another laptop, where it is finished:")
        say(f"  kiosk black-box export FILE --hand-over --data {folder}")
        raise
