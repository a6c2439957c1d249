"""`journal export` and `journal verify`: every sale as JSON lines, and whether the chain holds.

Of a damaged file `export` prints every sale that can be read, and says how many could not; then its
exit code is 3.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.commands import DONE, MACHINE, REFUSED
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import counted, print_json, say
from kiosk.commands.sell import sale_fields
from kiosk.domain.moments import rfc3339

if TYPE_CHECKING:
    from kiosk.service.desk import Desk
    from kiosk.service.sell import SaleRecord

HELP = "export every sale, or check the journal's hash chain"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in (("export", "print every sale"), ("verify", "check the hash chain")):
        action = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        add_data(action)
        add_json(action)


def run(options: argparse.Namespace) -> int:
    """Read beside a running kiosk, without its lock, and print."""
    from kiosk.commands.secret import secret_of
    from kiosk.opening import looked_at, require_existing

    require_existing(options.data)
    with looked_at(options.data, secret_of(options)) as desk:
        return _export(desk) if options.action == "export" else _verify(desk, options)


def record_fields(record: SaleRecord) -> dict[str, object]:
    """One line of the export: the fields of `sell --json`, and what else the journal knows."""
    sale = record.recorded.sale
    return {
        **sale_fields(record.recorded),
        "occurred_at": rfc3339(sale.sold_ms),
        "tax_minor": sale.tax_minor,
        "tenders": [
            {
                "kind": str(tender.kind),
                "amount_minor": tender.amount_minor,
                "given_minor": tender.given_minor,
            }
            for tender in sale.tenders
        ],
        "lines": [
            {
                "offer": line.offer,
                "kind": str(line.kind),
                "description": line.description,
                "quantity": line.quantity,
                "unit_minor": line.unit_minor,
                "amount_minor": line.amount_minor,
                "tax_code": line.tax_code,
                "rate_bp": line.rate_bp,
                "tax_minor": line.tax_minor,
            }
            for line in sale.lines
        ],
        "member": None
        if record.member is None
        else {"name": record.member.name, "email": record.member.email},
        "settlement": str(record.recorded.settlement),
        "training": sale.mode.training,
        "mode": str(sale.mode),
        "clock_doubtful": sale.clock_doubtful,
        "snapshot": sale.snapshot_number,
    }


def _export(desk: Desk) -> int:
    from kiosk.service.sell import readable_records

    lost = 0
    for record in readable_records(desk):
        if record is None:
            lost += 1
        else:
            print_json(record_fields(record))
    if not lost:
        return DONE
    say(
        f"{counted(lost, 'sale')} could not be read: the sales file is damaged. Every other one is"
        " printed above. Nothing was changed: close the kiosk and run kiosk salvage."
    )
    return MACHINE


def _verify(desk: Desk, options: argparse.Namespace) -> int:
    report = desk.buffer.verify_journal()
    if options.json:
        print_json({"ok": report.ok, "length": report.length, "broken_at": report.broken_at})
    elif report.ok:
        say(f"The journal's chain of {counted(report.length, 'link')} is whole.")
        if report.missing:
            say(f"Missing from it, as a salvage has told: {counted(report.missing, 'link')}.")
        _tell_lives(desk)
    else:
        say(f"The journal's chain is broken at link {report.broken_at}. Keep the file as it is.")
    return DONE if report.ok else REFUSED


def _tell_lives(desk: Desk) -> None:
    """Which lives the chain goes through: numbers of former ones may be found elsewhere."""
    with desk.buffer.reading() as uow:
        lives, seen = uow.incarnations.each(), uow.incarnations.doubt()
    for life in lives:
        say(f"Life {life.number} begins at link {life.journal_seq}: an older copy was put back.")
    if seen is not None:
        say(f"Another copy has sold: it had come to link {seen.seq}, this one to {seen.own_seq}.")
