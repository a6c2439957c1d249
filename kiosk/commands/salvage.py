"""`salvage`: everything readable of a damaged buffer into a new one, and what is missing.

The object of `--json`: `needed` (whether anything was wrong), `whole` (nothing is missing), `kept`
(the folder with the damaged files, or null), `sales` (how many there are now), `in_part` (ids of
the sales of which something is missing), `rebuilt` (rows that the journal brought back),
`unsent` (receipt numbers of sales of which nobody knows what they owe, so that nothing of them is
sent), `unanchored` (the anchor was lost too: `kiosk restored` comes before the next sale),
`missing_links` (ranges of the journal: first and last) and `tables`: of each its name as `table`,
`read` and `lost` rows, `examples` of lost ids, and `pages_lost`. `secrets` tells of this device's
own, by name: `made` anew, or `missing`; how many events were `signed` anew, and `unsigned`.
Exit code 0 when nothing is missing, 1 when something is.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, REFUSED
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import counted, print_json, say

if TYPE_CHECKING:
    from kiosk.buffer.salvage import SalvageReport
    from kiosk.buffer.salvage_links import Renewed

SALES_TOLD_MAX: Final = 20
HELP = "save everything readable of a damaged sales file into a new one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Salvage, and say what became of every table."""
    from kiosk.commands.secret import secret_of
    from kiosk.opening import require_existing
    from kiosk.opening.checkup import salvage

    require_existing(options.data)
    report = salvage(options.data, secret_of(options))
    if options.json:
        print_json(report_fields(report))
    else:
        _tell(report)
    return DONE if report.whole else REFUSED


def report_fields(report: SalvageReport) -> dict[str, object]:
    """The object of `--json`."""
    return {
        "needed": report.kept_in is not None,
        "whole": report.whole,
        "kept": None if report.kept_in is None else report.kept_in.name,
        "sales": report.sales,
        "in_part": list(report.in_part),
        "rebuilt": report.rebuilt,
        "unsent": [sale.receipt_number for sale in report.unsent],
        "unanchored": report.unanchored,
        "missing_links": [list(hole) for hole in report.missing_links],
        "tables": [
            {
                "table": table.table,
                "read": table.read,
                "lost": table.lost,
                "examples": list(table.examples),
                "pages_lost": table.pages_lost,
            }
            for table in report.tables
        ],
        "secrets": {
            "made": list(report.renewed.made),
            "missing": list(report.renewed.missing),
            "signed": report.renewed.signed,
            "unsigned": list(report.renewed.unsigned),
        },
    }


def _tell(report: SalvageReport) -> None:
    if report.kept_in is None:
        say(f"Nothing is damaged: {counted(report.sales, 'sale')}. The file was left as it is.")
        return
    say(f"The new file has {counted(report.sales, 'sale')}.")
    say(f"The damaged files are kept in {report.kept_in}.")
    _tell_missing(report)
    if report.rebuilt:
        say(f"{counted(report.rebuilt, 'row')} came back from the journal.")
    _tell_sales(report)
    _tell_secrets(report.renewed)
    if report.unanchored:
        say("The anchor was lost as well, so nobody can tell whether newer sales are missing.")
        say("If this is the newest copy there is, confirm it before you sell: kiosk restored")
    elif report.whole:
        say("Nothing is missing. Start the kiosk as usual.")
    else:
        say("Compare what is missing with the receipts, then start the kiosk as usual.")


def _tell_missing(report: SalvageReport) -> None:
    for table in report.tables:
        if table.lost or table.pages_lost:
            pages = f", {counted(table.pages_lost, 'page')} unreadable" if table.pages_lost else ""
            say(f"  {table.table}: {table.read} rows read, {table.lost} lost{pages}")
            for example in table.examples:
                say(f"    {example}")
    for first, last in report.missing_links:
        say(f"  journal links {first} to {last} are missing")


def _tell_sales(report: SalvageReport) -> None:
    if report.in_part:
        say(f"{counted(len(report.in_part), 'sale')} there in part, to be seen to by a person:")
        for sale_id in report.in_part[:SALES_TOLD_MAX]:
            say(f"  {sale_id}")
    if report.unsent:
        say("Of these nobody knows what they owe, so nothing is sent. Look them up at Stripe:")
        for sale in report.unsent[:SALES_TOLD_MAX]:
            say(f"  {sale.receipt_number}  {sale.sale_id}")


def _tell_secrets(renewed: Renewed) -> None:
    if renewed.missing:
        say("This kiosk's signing key is lost, and the root's key that could vouch for a new one")
        say("is not in its vault: start from a backup, or go on with a new kiosk.")
    if "device_key" in renewed.made:
        say("This kiosk's signing key was lost. It has a new one with a certificate of the same")
        say("root: passes that were issued before stay valid.")
        say(f"{counted(renewed.signed, 'loaded event')} signed anew.")
    for number in renewed.unsigned:
        say(f"  loaded event {number} cannot be read: load its event file again")
    if "reference_key" in renewed.made:
        say("Payments by phone for sales of before are not recognised by themselves: look for them")
        say("at Stripe before anybody is asked to pay again.")
