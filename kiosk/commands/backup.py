"""`backup`: an encrypted copy of everything in one file, checking one, and starting from one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import DONE, USAGE
from kiosk.commands.boxes import about_fields, tell_about, tell_packed, tell_ruin
from kiosk.commands.options import add_data, add_json, path
from kiosk.commands.output import print_json, say

if TYPE_CHECKING:
    from pathlib import Path

HELP = "copy everything into one encrypted file, check such a file, or start from one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("make", "check", "restore"),
        default="make",
        help="make one (the default), check FILE, or restore FILE into the empty folder --data",
    )
    parser.add_argument("file", nargs="?", type=path, metavar="FILE", help="the backup to read")
    add_data(parser, required=False)
    parser.add_argument(
        "--out",
        type=path,
        metavar="FILE",
        help="where to write it (default: a new file in the folder of kiosk.toml)",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Make, check or restore."""
    if wrong := _misused(options):
        say(wrong)
        return USAGE
    if options.action == "check":
        return _check(options)
    if options.action == "restore":
        from kiosk.commands.black_box import take_in

        return take_in(options)
    return _make(options)


def _misused(options: argparse.Namespace) -> str | None:
    """What does not go together, as a sentence."""
    reads = options.action != "make"
    if reads and options.file is None:
        return f"Say which file: kiosk backup {options.action} FILE"
    if not reads and options.file is not None:
        return "Say where to write with --out FILE."
    if reads and options.out is not None:
        return "--out is for making a backup only."
    if options.action != "check" and options.data is None:
        return "Say which folder: --data DIR"
    return None


def _make(options: argparse.Namespace) -> int:
    from kiosk.commands.secret import secret_of
    from kiosk.opening import require_existing
    from kiosk.opening.backups import back_up_to, make_backup
    from kiosk.opening.exporting import place_of
    from kiosk.system_clock import SystemClock

    folder: Path = options.data
    require_existing(folder)
    place = place_of(folder, secret_of(options))
    now_ms = SystemClock().now_ms()
    if options.out is None:
        packed = make_backup(place, now_ms)
    else:
        packed = back_up_to(place, options.out, now_ms)
    tell_packed(packed, as_json=options.json)
    if not options.json:
        say("It opens with the passphrase or the recovery key of this kiosk. To check it again:")
        say(f"  kiosk backup check {packed.file}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from kiosk.opening.unpacking import check_box, open_box
    from kiosk.passphrase import read_passphrase

    secret = read_passphrase(options.passphrase_file)
    box = open_box(options.file, secret)
    check_box(box, secret)
    if options.json:
        checked = {"ok": True, "file": str(options.file)}
        print_json({**checked, **about_fields(box.about)})
        return DONE
    say(f"{options.file} is whole.")
    tell_about(box.about)
    tell_ruin(box)
    return DONE
