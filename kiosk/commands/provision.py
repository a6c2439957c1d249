"""`provision`: make the payment links of the current event while there is a network.

It never changes or closes a link that is there: sales made under it are still to be paid.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import DONE, REFUSED
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import counted, print_json, say
from kiosk.domain.tender import WhyNot
from kiosk.errors import RailRefused, RailUnreachable

if TYPE_CHECKING:
    from kiosk.domain.offer import Snapshot
    from kiosk.opening import OpenKiosk
    from sync.provision import ProvisionReport

HELP = "make the payment links of the current event, so that scan to pay works offline"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser, required=False)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Provision and report. An offer the rail refuses is code 1; one it need not have is none."""
    from kiosk.commands.opened import desk_of

    with desk_of(options) as (kiosk, desk):
        with desk.buffer.reading() as uow:
            snapshot = desk.snapshot(uow)
        report = provision(kiosk, snapshot)
    if options.json:
        print_json(_fields(report))
    else:
        _tell(report)
    foreseen = {reason.value for reason in WhyNot}
    return DONE if all(one.reason in foreseen for one in report.refused) else REFUSED


def provision(kiosk: OpenKiosk, snapshot: Snapshot) -> ProvisionReport:
    """Make what is missing. Raises RailKeyMissing, RailUnreachable, RailRefused, StoreError."""
    from kiosk.opening import rail_settings
    from kiosk.system_clock import SystemClock
    from sync.build import run_provision

    buffer = kiosk.buffer_file.sync()
    return run_provision(buffer, rail_settings(kiosk), SystemClock(), snapshot)


def provision_practice(kiosk: OpenKiosk, snapshot: Snapshot) -> None:
    """What practice does by itself whenever an event is loaded; without a network, just say so."""
    try:
        provision(kiosk, snapshot)
    except (RailUnreachable, RailRefused) as error:
        say(f"note: the payment links could not be made yet ({error.code}); cash works, and")
        say('      "kiosk provision" makes them when the rail answers.')


def _fields(report: ProvisionReport) -> dict[str, object]:
    return {
        "offers": report.offers,
        "created": report.created,
        "kept": report.kept,
        "refused": [{"offer": one.offer, "reason": one.reason} for one in report.refused],
    }


def _tell(report: ProvisionReport) -> None:
    offers = counted(report.offers, "offer")
    made = counted(report.created, "payment link")
    say(f"{offers}: {made} made, {report.kept} kept.")
    for one in report.refused:
        say(f"  {one.offer}: not by scan to pay ({_words(one.reason)})")


def _words(reason: str) -> str:
    """The reason as a sentence where the screens' texts are installed, else its code."""
    try:
        from kiosk.ui.text import why_not_text
    except ImportError:
        return reason
    try:
        return why_not_text(WhyNot(reason)).rstrip(".")
    except ValueError:  # the rail's own code
        return reason
