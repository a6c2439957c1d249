"""`load`: check an event file and make it what this kiosk sells."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from kiosk.commands import DONE
from kiosk.commands.options import add_data, add_json, path
from kiosk.commands.output import counted, mistake_text, print_json, say
from kiosk.errors import EventFileUnreadable

HELP = "check an event file and make it the current event"
FILE_MAX_BYTES: Final = 2_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("event", type=path, metavar="EVENT.toml", help="the event file")
    add_data(parser, required=False)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Load the event; in practice mode its payment links are made at once."""
    from kiosk.commands.opened import desk_of
    from kiosk.commands.provision import provision_practice
    from kiosk.domain.outbox import RailMode
    from kiosk.service.prepare import load_event

    source = read_source(options.event)
    with desk_of(options) as (kiosk, desk):
        report = load_event(desk, source, options.event.name)
        if desk.mode is RailMode.PRACTICE:
            provision_practice(kiosk, report.snapshot)
    snapshot = report.snapshot
    for warning in report.warnings:
        say(f"note: {mistake_text(warning)}")
    if options.json:
        print_json(
            {
                "snapshot": snapshot.number,
                "event": snapshot.event.number,
                "name": snapshot.event.name.default,
                "currency": snapshot.event.currency,
                "offers": [offer.code for offer in snapshot.offers],
            }
        )
    else:
        say(f"{snapshot.event.name.default} is loaded: {counted(len(snapshot.offers), 'offer')}.")
    return DONE


def read_source(file: Path) -> str:
    """The text of an event file. Raises EventFileUnreadable."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise EventFileUnreadable(file=str(file), reason=reason) from None
    if len(raw) > FILE_MAX_BYTES:
        raise EventFileUnreadable(file=str(file), reason="larger than 2 MB")
    try:
        return raw.decode("utf-8-sig")  # Windows editors put a mark before the text
    except UnicodeDecodeError:
        raise EventFileUnreadable(file=str(file), reason="not UTF-8 text") from None
