"""What the killed process of a rehearsal does: sell as the program sells, carry as it carries.

It acknowledges a sale only after the commit, one line each, and may die between any two of its
instructions. It knows nothing of the audit.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.commands import DONE
from kiosk.commands.opened import kiosk_of
from kiosk.commands.output import print_json
from kiosk.commands.rehearse_outside import LaterClock, faults_of, open_stripe
from kiosk.commands.rehearse_script import ScriptedSale, write_script
from kiosk.errors import RuleError
from kiosk.opening import OpenKiosk, make_desk, rail_settings
from kiosk.service.desk import Desk
from kiosk.service.sell import RecordedSale, record_sale
from kiosk.system_clock import SystemClock
from sync.build import build_engine, run_drain
from sync.thread import SyncThread

if TYPE_CHECKING:
    from sync.practice.faults import FaultPlan

SELL: Final = "sell"
DRAIN: Final = "drain"
STOP_SECONDS: Final = 3.0


def run_part(options: argparse.Namespace) -> int:
    """Do the part that the parent asked for."""
    with kiosk_of(options) as kiosk:
        if options.part == SELL:
            _sell(kiosk, options)
        else:
            _drain(kiosk, options)
    return DONE


def _sell(kiosk: OpenKiosk, options: argparse.Namespace) -> None:
    """Sell from visit `--first` on, with the sync thread beside it as in the window."""
    desk = make_desk(kiosk, staffed=True)
    carrying = _start_carrying(kiosk)
    try:
        for visit in write_script(options.sales, options.seed)[options.first :]:
            print_json(_acknowledgement(visit, _sold(desk, visit)))
            carrying.wake()
    finally:
        carrying.stop(STOP_SECONDS)


def _sold(desk: Desk, visit: ScriptedSale) -> RecordedSale:
    """The wish, or what they take instead. After a kill both come out as they did before it."""
    try:
        return record_sale(desk, visit.wish)
    except RuleError as refusal:
        print_json({"visit": visit.number, "refused": refusal.code})
        return record_sale(desk, visit.instead)


def _acknowledgement(visit: ScriptedSale, recorded: RecordedSale) -> dict[str, object]:
    sale = recorded.sale
    return {
        "visit": visit.number,
        "sale_id": sale.sale_id,
        "receipt_number": sale.receipt_number,
        "total_minor": sale.total_minor,
        "passes": [issued.number for issued in recorded.passes],
        "codes": [[code.url, code.amount_minor] for code in recorded.pay_codes],
    }


def _start_carrying(kiosk: OpenKiosk) -> SyncThread:
    settings, clock = rail_settings(kiosk), SystemClock()
    thread = SyncThread(
        lambda on_health: build_engine(kiosk.buffer_file.sync(), settings, clock, on_health),
        lambda _health: None,
    )
    thread.start()
    return thread


def _drain(kiosk: OpenKiosk, options: argparse.Namespace) -> None:
    """One drain at this round's time, in this round's weather."""
    print_json({"round": options.round})
    print_json(drain_once(kiosk, options.ahead_hours, faults_of(options.seed, options.round)))


def drain_once(kiosk: OpenKiosk, ahead_hours: int, faults: FaultPlan) -> dict[str, object]:
    """Carry everything once against the rehearsal's own Stripe; how the queue stands then."""
    clock = LaterClock(ahead_hours)
    shelf = PracticeShelf.open(kiosk.folder, kiosk.vault.practice_key)
    try:
        settings = replace(rail_settings(kiosk), practice=open_stripe(shelf, clock, faults))
        report = run_drain(kiosk.buffer_file.sync(), settings, clock)
    finally:
        shelf.close()
    return {
        "delivered": report.delivered,
        "waiting": report.waiting,
        "unknown": report.unknown,
        "parked": report.parked,
        "rail": report.rail.value,
    }
