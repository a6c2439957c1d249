"""Options that several commands share, spelled once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

NUMBER_MOST: Final = 2**32 - 1


def add_data(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """`--data DIR` and `--passphrase-file FILE`; left out where it may be, practice is meant."""
    parser.add_argument(
        "--data",
        type=path,
        metavar="DIR",
        required=required,
        help="the folder of this kiosk"
        if required
        else "the folder of this kiosk (default: the practice folder)",
    )
    parser.add_argument(
        "--passphrase-file",
        type=path,
        metavar="FILE",
        help="a file with the passphrase; else KIOSK_PASSPHRASE_FILE names one, else it is asked",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def path(text: str) -> Path:
    """A file or folder, for argparse. No text at all would mean the folder we happen to be in."""
    if not text:
        raise argparse.ArgumentTypeError("must name a file or folder")
    return Path(text)


def positive(text: str) -> int:
    """A whole number from 1 on, for argparse; never more than 32 bits hold, as in a pass."""
    number = int(text)
    if not 1 <= number <= NUMBER_MOST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {NUMBER_MOST}")
    return number


def utf8_output() -> None:
    """Names are not ASCII; a console that is must not end a sale that was recorded."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
