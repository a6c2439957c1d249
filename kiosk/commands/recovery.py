"""Has a new recovery key kept: in a file, on a sheet to print, or written down and typed back."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.options import path
from kiosk.commands.output import say
from kiosk.errors import (
    BackupPlaceMissing,
    BoxOfAnother,
    KioskError,
    RecoveryUnconfirmed,
    StoreReadOnly,
)

if TYPE_CHECKING:
    from kiosk.vault import RecoveryKey


def add_recovery(parser: argparse.ArgumentParser) -> None:
    """`--recovery-out FILE` and `--recovery-sheet FILE`."""
    parser.add_argument(
        "--recovery-out",
        type=path,
        metavar="FILE",
        help="write the recovery key there, which counts as having kept it",
    )
    parser.add_argument(
        "--recovery-sheet",
        type=path,
        metavar="FILE.html",
        help="write a page to print there, with the key as groups, as words and as a QR code",
    )


def check_keepable(options: argparse.Namespace) -> None:
    """Raise before anything is done: RecoveryUnconfirmed with nobody to show a key to.

    BoxOfAnother: a file that is there is never written over, as it may hold the only copy of
    another key. BackupPlaceMissing: the folder of one is not there.
    """
    files = _files(options)
    if not files and not sys.stdin.isatty():
        raise RecoveryUnconfirmed
    for file in files:
        if file.exists() or file.is_symlink():
            raise BoxOfAnother(file=str(file))
        # `init` makes the folder of the kiosk itself before anything is written.
        if not file.parent.is_dir() and file.parent.resolve() != options.data.resolve():
            raise BackupPlaceMissing(folder=str(file.parent))


def keeper(
    options: argparse.Namespace, *, device: int, made_ms: int
) -> Callable[[RecoveryKey], None]:
    """What sees a new recovery key kept as the options say, or raises."""

    def keep(recovery: RecoveryKey) -> None:
        if not _files(options):
            _ask_kept(recovery)
        if options.recovery_out is not None:
            write_recovery(options.recovery_out)(recovery)
        if options.recovery_sheet is not None:
            from kiosk.vault.recovery_sheet import recovery_sheet

            page = recovery_sheet(recovery, device=device, made_ms=made_ms)
            try:
                _write_private(options.recovery_sheet, page)
            except KioskError:
                if options.recovery_out is not None:
                    options.recovery_out.unlink()  # this key will open nothing
                raise
            say(f"Print {options.recovery_sheet}, then delete it: it opens this kiosk.")

    return keep


def write_recovery(file: Path) -> Callable[[RecoveryKey], None]:
    """Keep the recovery key in a new file that only its owner reads: the key and a newline."""
    return lambda recovery: _write_private(file, recovery.text + "\n")


def _files(options: argparse.Namespace) -> list[Path]:
    files: tuple[Path | None, ...] = (options.recovery_out, options.recovery_sheet)
    return [file for file in files if file is not None]


def _write_private(file: Path, text: str) -> None:
    """A new file that only its owner reads, on the disk before anything goes on."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BoxOfAnother(file=str(file)) from None
    except OSError:
        raise StoreReadOnly(folder=str(file)) from None
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


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
