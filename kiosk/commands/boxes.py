"""What the commands about backups and black boxes have in common: how they tell of a box."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands.options import path
from kiosk.commands.output import print_json, say
from kiosk.domain.moments import rfc3339

if TYPE_CHECKING:
    from kiosk.buffer.copy import Unsent
    from kiosk.opening.about import About
    from kiosk.opening.packing import Packed
    from kiosk.opening.unpacking import OpenBox


def add_secret(parser: argparse.ArgumentParser) -> None:
    """`--passphrase-file FILE`, for a command that works on a file and no folder."""
    parser.add_argument(
        "--passphrase-file",
        type=path,
        metavar="FILE",
        help="a file with the passphrase or recovery key; else KIOSK_PASSPHRASE_FILE names one,"
        " else it is asked",
    )


def about_fields(about: About) -> dict[str, object]:
    """The content of a box for programs; counts are integers, `damage` and `mode` are words."""
    facts = about.facts
    return {
        "purpose": str(about.purpose),
        "made_at": rfc3339(about.made_ms),
        "program": about.program,
        "mode": about.mode,
        "device": None if facts is None else facts.device,
        "buffer_id": None if facts is None else facts.buffer_id,
        "incarnation": None if facts is None else facts.incarnation,
        "journal_seq": None if facts is None else facts.seq,
        "sales": None if facts is None else facts.sales,
        "unsent": None if facts is None else facts.unsent_total,
        "unsent_by_mode": {} if facts is None else unsent_fields(facts.unsent),
        "damage": about.damage,
        "handed_over": about.handed_over,
    }


def unsent_fields(unsent: tuple[Unsent, ...]) -> dict[str, dict[str, int]]:
    """Unsent entries by mode and state."""
    return {
        each.mode: {
            "waiting": each.waiting,
            "watching": each.watching,
            "unknown": each.unknown,
            "parked": each.parked,
        }
        for each in unsent
    }


def tell_packed(packed: Packed, *, as_json: bool) -> None:
    """Say what was written and where."""
    if as_json:
        made = {"file": str(packed.file), "bytes": packed.bytes, "generation": packed.number}
        print_json({**made, **about_fields(packed.about)})
        return
    say(f"Written and read back: {packed.file} ({packed.bytes} bytes).")
    tell_about(packed.about)


def tell_about(about: About) -> None:
    """The content of a box for people."""
    facts = about.facts
    say(f"  made {rfc3339(about.made_ms)} by version {about.program}, in {about.mode} mode")
    if facts is None:
        say(f"  the files as they lay; the buffer could not be read ({about.damage})")
        return
    say(f"  kiosk {facts.device}: {facts.sales} sales, {facts.unsent_total} entries not sent yet")


def tell_ruin(box: OpenBox) -> None:
    """Say that the box held more, once."""
    if box.followed_by_ruin:
        say("note: something newer in this file was never finished; this is what came before it.")
