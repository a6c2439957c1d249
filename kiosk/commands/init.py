"""`init`: make an encrypted buffer, its keys and a commented kiosk.toml in a folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands import DONE
from kiosk.commands.options import add_data, path, positive
from kiosk.commands.output import say
from kiosk.errors import RecoveryUnconfirmed, StoreExists, StoreReadOnly

if TYPE_CHECKING:
    from kiosk.vault import RecoveryKey

HELP = "make a new kiosk in a folder: encrypted buffer, keys, settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    parser.add_argument(
        "--recovery-out",
        type=path,
        metavar="FILE",
        help="write the recovery key there, which counts as having kept it",
    )
    parser.add_argument(
        "--device", type=positive, default=1, metavar="N", help="this kiosk's number (default 1)"
    )


def run(options: argparse.Namespace) -> int:
    """Make the kiosk; refuse when nobody can keep the recovery key."""
    from kiosk import opening, passphrase

    if options.recovery_out is None and not sys.stdin.isatty():
        raise RecoveryUnconfirmed
    opening.refuse_existing(options.data)
    secret = passphrase.read_passphrase(options.passphrase_file, twice=True)
    if len(secret) < passphrase.NEW_LEAST:
        say("note: a passphrase this short is soon guessed by whoever has the folder.")
    keep = _ask_kept if options.recovery_out is None else write_recovery(options.recovery_out)
    opening.create(options.data, secret, options.device, keep)
    say(f"A new kiosk (number {options.device}) is in {options.data}.")
    say(f'Next: load an event with "kiosk load EVENT.toml --data {options.data}".')
    return DONE


def write_recovery(file: Path) -> Callable[[RecoveryKey], None]:
    """Keep the recovery key in a new file that only its owner reads."""

    def write(recovery: RecoveryKey) -> None:
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise StoreExists(folder=str(file)) from None
        except OSError:
            raise StoreReadOnly(folder=str(file)) from None
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(recovery.text + "\n")
            opened.flush()
            os.fsync(opened.fileno())

    return write


def _ask_kept(recovery: RecoveryKey) -> None:
    """Show the recovery key and have its last group typed, so that it was really written down."""
    say("Your recovery key. Write it down and keep it away from this machine:")
    say(f"\n    {recovery.text}\n")
    say("It opens this kiosk when the passphrase is lost. It is never shown again.")
    try:
        typed = input("Type its last group to confirm: ").strip().upper()
    except EOFError:
        raise RecoveryUnconfirmed from None
    if typed != recovery.text.rsplit("-", 1)[-1].upper():
        raise RecoveryUnconfirmed
