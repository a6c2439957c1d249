"""`restored`: acknowledge that an older copy of this kiosk was put back, and sell on with it.

The object of `--json`: `incarnation` and `former` (this life's number and the one before),
`receipts` (what the next receipt is called), `passes_from` (the next pass number), `links_lost`
(how many links of the journal are missing at least; null where nothing remembers) and `rechecked`
(how many entries are looked for at the rail before they are sent).
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import DONE
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import counted, print_json, say

if TYPE_CHECKING:
    from kiosk.opening.restored import Acknowledged

HELP = "confirm that an older copy of this kiosk was put back, and sell on with it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    parser.add_argument(
        "--whole-folder",
        action="store_true",
        help="the whole folder was put back or copied, so that nothing in it can tell",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Begin a new life, and say what is different in it."""
    from kiosk.commands.secret import secret_of
    from kiosk.opening import require_existing
    from kiosk.opening.restored import acknowledge

    require_existing(options.data)
    done = acknowledge(options.data, secret_of(options), whole_folder=options.whole_folder)
    if options.json:
        print_json(
            {
                "incarnation": done.life.number,
                "former": done.life.former,
                "receipts": done.next_receipt,
                "passes_from": done.life.pass_floor + 1,
                "links_lost": done.life.lost_links,
                "rechecked": done.unsent,
            }
        )
    else:
        _tell(done)
    return DONE


def _tell(done: Acknowledged) -> None:
    life = done.life
    if done.handed_over:
        say(f"This copy is confirmed: it is life {life.number} of this kiosk. It was handed over,")
        say("and stays closed until that is undone: kiosk black-box take-back.")
    else:
        say(f"This copy is confirmed: it is life {life.number} of this kiosk, and may sell.")
    if life.lost_links:
        verb = "is" if life.lost_links == 1 else "are"
        say(f"At least {counted(life.lost_links, 'link')} of the journal {verb} missing from it.")
    say(
        f"Its receipts begin with {done.next_receipt}, its pass numbers with"
        f" {life.pass_floor + 1}, so that no number is used twice."
    )
    if done.unsent:
        say(
            f"Of what waits to be sent ({done.unsent}), some may have been sent before: it is"
            " looked for at Stripe first."
        )
    say("What was sold in between is not here: count the goods and the cash before you go on.")
    say("Any other copy of this kiosk stops at its next contact with Stripe. Close it now.")
