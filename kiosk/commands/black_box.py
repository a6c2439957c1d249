"""`black-box`: everything unsent in one sealed file, to go on with it on another laptop."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import DONE, REFUSED, USAGE
from kiosk.commands.boxes import (
    about_fields,
    add_secret,
    tell_about,
    tell_packed,
    tell_ruin,
    unsent_fields,
)
from kiosk.commands.options import add_data, add_json, path, positive
from kiosk.commands.output import print_json, say

if TYPE_CHECKING:
    from kiosk.buffer.copy import Unsent
    from kiosk.opening.unpacking import OpenBox, Unpacked

HELP = "carry a kiosk with everything unsent to another laptop, in one sealed file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    actions = parser.add_subparsers(dest="action", required=True)
    export = _action(actions, "export", "write a black box; the kiosk itself goes on")
    export.add_argument("file", type=path, metavar="FILE", help="the black box")
    add_data(export)
    export.add_argument(
        "--hand-over",
        action="store_true",
        help="close this kiosk for selling and sending: its work goes on from the black box",
    )
    export.add_argument(
        "--without-passphrase",
        action="store_true",
        help="write the encrypted files as they lie, when nobody here knows the passphrase",
    )
    taken = _action(actions, "import", "go on from a black box, in a new folder")
    taken.add_argument("file", type=path, metavar="FILE", help="the black box")
    add_data(taken)
    taken.add_argument(
        "--generation", type=positive, metavar="N", help="an older export in the same file"
    )
    show = _action(actions, "show", "what a black box holds")
    show.add_argument("file", type=path, metavar="FILE", help="the black box")
    add_secret(show)
    back = _action(actions, "take-back", "go on with a kiosk that was handed over")
    add_data(back)
    back.add_argument(
        "--other-never-started",
        action="store_true",
        help="confirm that nobody has gone on from the black box",
    )
    add_data(_action(actions, "needed", "exit code 1 while something is unsent"))


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    actions = {
        "export": _export,
        "import": take_in,
        "show": _show,
        "take-back": _take_back,
        "needed": _needed,
    }
    return actions[options.action](options)


def take_in(options: argparse.Namespace) -> int:
    """Make a kiosk of a black box or a backup, in a new folder."""
    from kiosk.opening.unpacking import open_box, refuse_full, unpack
    from kiosk.passphrase import read_passphrase
    from kiosk.system_clock import SystemClock

    refuse_full(options.data)
    secret = read_passphrase(options.passphrase_file)
    box = open_box(options.file, secret, getattr(options, "generation", None))
    unpacked = unpack(box, secret, options.data, SystemClock().now_ms())
    if options.json:
        told = {"folder": str(unpacked.folder), "to_salvage": unpacked.to_salvage}
        print_json({**told, **about_fields(unpacked.about)})
    else:
        _tell_taken_in(box, unpacked)
    return REFUSED if unpacked.to_salvage else DONE


def _tell_taken_in(box: OpenBox, unpacked: Unpacked) -> None:
    what = "What could be read" if unpacked.to_salvage else "A kiosk with all of it"
    say(f"{what} is in {unpacked.folder}.")
    tell_about(unpacked.about)
    tell_ruin(box)
    if unpacked.to_salvage:
        say("Its buffer was damaged when the box was made. Next:")
        say(f"  kiosk salvage --data {unpacked.folder}")
        say(f"  kiosk restored --whole-folder --data {unpacked.folder}")
        return
    if unpacked.about.handed_over:
        say("Go on with it in this folder only: a second one would sell the same numbers.")
    elif unpacked.handed_over_before:
        say("Its kiosk had been handed over with another box before this copy was made: sell here")
        say("only if nobody goes on from that box.")
    else:
        say("The kiosk it was made from was not closed: sell with one of the two only.")
    say(f'Next: "kiosk run --data {unpacked.folder}", or send what waits with')
    say(f'"python -m sync drain --data {unpacked.folder}".')


def _export(options: argparse.Namespace) -> int:
    from kiosk.commands.secret import secret_of
    from kiosk.opening import require_existing
    from kiosk.opening.exporting import export, export_locked, hand_over, place_of
    from kiosk.system_clock import SystemClock

    require_existing(options.data)
    now_ms = SystemClock().now_ms()
    if options.without_passphrase:
        if options.hand_over:
            say("Closing a kiosk takes its passphrase.")
            return USAGE
        export_locked(options.data, options.file, now_ms)
        if options.json:
            print_json({"file": str(options.file), "bytes": options.file.stat().st_size})
        else:
            say(f"Written: {options.file}. It opens with this kiosk's passphrase or recovery key.")
        return DONE
    place = place_of(options.data, secret_of(options))
    packed = (hand_over if options.hand_over else export)(place, options.file, now_ms)
    tell_packed(packed, as_json=options.json)
    if not options.json:
        if options.hand_over:
            say("This kiosk is closed now: it neither sells nor sends.")
        say("On the other laptop, with this kiosk's passphrase or recovery key:")
        say(f"  kiosk black-box import {options.file.name} --data DIR")
    return DONE


def _show(options: argparse.Namespace) -> int:
    from kiosk.opening.unpacking import open_box
    from kiosk.passphrase import read_passphrase

    box = open_box(options.file, read_passphrase(options.passphrase_file))
    box.reader().check()
    if options.json:
        shown = {
            "file": str(options.file),
            "generation": box.found.opening.number,
            "older": box.older,
            "followed_by_ruin": box.followed_by_ruin,
        }
        print_json({**shown, **about_fields(box.about)})
        return DONE
    say(f"{options.file}: export {box.found.opening.number}, {box.older} older in the same file")
    tell_about(box.about)
    tell_ruin(box)
    return DONE


def _take_back(options: argparse.Namespace) -> int:
    from kiosk.commands.secret import secret_of
    from kiosk.opening.exporting import place_of, take_back
    from kiosk.system_clock import SystemClock

    if not options.other_never_started:
        say("Two kiosks with one past sell the same numbers twice. If nobody has gone on from the")
        say("black box, and nobody will, say so with --other-never-started.")
        return USAGE
    place = place_of(options.data, secret_of(options))
    take_back(place, SystemClock().now_ms())
    if options.json:
        print_json({"taken_back": True})
    else:
        say("This kiosk sells and sends again. Destroy the black box.")
    return DONE


def _needed(options: argparse.Namespace) -> int:
    """For whoever is about to remove, reset or replace the program."""
    from kiosk.buffer.files import BUFFER_NAME
    from kiosk.commands.secret import secret_of
    from kiosk.opening.exporting import place_of, unsent_here

    unsent: tuple[Unsent, ...] = ()
    carried = False
    if (options.data / BUFFER_NAME).exists():
        unsent, carried = unsent_here(place_of(options.data, secret_of(options)))
    total = sum(each.total for each in unsent)
    if options.json:
        told = {"unsent": total, "unsent_by_mode": unsent_fields(unsent), "handed_over": carried}
        print_json(told)
    elif carried:
        say("This kiosk was handed over: what it has not sent goes on elsewhere.")
    elif total:
        say(f"{total} entries are not sent yet. Send them, or carry them to another laptop first:")
        say(f"  python -m sync drain --data {options.data}")
        say(f"  kiosk black-box export FILE --hand-over --data {options.data}")
    elif (options.data / BUFFER_NAME).exists():
        say("Everything is sent.")
    else:
        say(f"There is no kiosk in {options.data}: nothing waits to be sent there.")
    return REFUSED if total and not carried else DONE


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
    add_json(action)
    return action
