"""The front door of the sync wing: `python -m sync drain | status | practice`, without Qt."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, MACHINE, USAGE, exit_code
from kiosk.commands.options import add_data, add_json, utf8_output
from kiosk.errors import KioskError

if TYPE_CHECKING:
    from kiosk.buffer.incarnations import Sighting

INTERRUPTED: Final = 130
LOOPBACK: Final = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused, 2 usage, 3 the machine, as everywhere."""
    utf8_output()
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KioskError as error:
        from kiosk.commands.output import explain

        explain(error)
        return exit_code(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    drain = commands.add_parser("drain", help="carry everything that waits, once, and return")
    status = commands.add_parser("status", help="what waits; works while the kiosk runs")
    for command, run in ((drain, _drain), (status, _status)):
        add_data(command)
        add_json(command)
        command.set_defaults(run=run)
    practice = commands.add_parser("practice", help="serve the practice Stripe on this machine")
    practice.add_argument("--port", type=int, default=0, help="default: any free one")
    practice.add_argument("--seed", type=int, default=1, help="decides every id")
    practice.set_defaults(run=_practice)
    return parser


def _drain(options: argparse.Namespace) -> int:
    """Hold the folder, drain once, report. Exit code 3 when the rail stopped it.

    Another copy of this kiosk has sold what is missing here: all is sent, and that is said; 3 too.
    """
    from kiosk import logs
    from kiosk.commands.secret import secret_of
    from kiosk.domain.outbox import Stopped
    from kiosk.opening import open_kiosk, rail_settings, require_existing
    from kiosk.system_clock import SystemClock
    from sync.build import run_drain

    require_existing(options.data)
    kiosk = open_kiosk(options.data, secret_of(options))
    try:
        logs.start(options.data)
        report = run_drain(kiosk.buffer_file.sync(), rail_settings(kiosk), SystemClock())
        with kiosk.buffer_file.sync().reading() as uow:
            doubt = uow.incarnations.doubt()
    finally:
        kiosk.close()
    _print(
        options,
        {
            "delivered": report.delivered,
            "waiting": report.waiting,
            "unknown": report.unknown,
            "parked": report.parked,
            "rail": report.rail.value,
            "stopped": report.stopped.value,
        },
    )
    if _told(doubt):
        return MACHINE
    return DONE if report.stopped is Stopped.NOTHING_DUE else MACHINE


def _status(options: argparse.Namespace) -> int:
    """Read beside whatever holds the folder; `rail` is what the last round found."""
    from kiosk import config
    from kiosk.buffer.buffer import BufferFile
    from kiosk.commands.secret import secret_of
    from kiosk.domain.outbox import RailState, Stopped
    from kiosk.opening import require_existing, unlock_to_look
    from sync.rails.troubles import ANSWERING

    folder: Path = options.data
    require_existing(folder)
    mode = config.load(folder).stripe.mode
    keys = unlock_to_look(folder, secret_of(options)).keys
    with BufferFile.look(folder, keys) as buffer, buffer.reading() as uow:
        counts = uow.outbox.counts(mode)
        told = uow.settings.get("rail.state")
        doubt = uow.incarnations.doubt()
    rail = RailState(str(told)) if told in set(RailState) else RailState.UNREACHABLE
    _print(
        options,
        {
            "delivered": counts.delivered,
            "waiting": counts.waiting + counts.watching,
            "unknown": counts.unknown,
            "parked": counts.parked,
            "rail": rail.value,
            "stopped": (Stopped.NOTHING_DUE if rail in ANSWERING else Stopped.RAIL).value,
        },
    )
    _told(doubt)
    return DONE


def _practice(options: argparse.Namespace) -> int:
    """Serve until interrupted; the first line of standard output is the address."""
    import threading

    from kiosk.system_clock import SystemClock
    from sync.practice.app import PracticeStripe
    from sync.practice.serve import serve

    stripe = PracticeStripe(clock=SystemClock().now_ms, seed=options.seed)
    try:
        with serve(stripe, LOOPBACK, options.port, control=True) as address:
            print(address, flush=True)
            threading.Event().wait()
    except OSError as error:
        print(f"Cannot serve on port {options.port}: {error}", file=sys.stderr)
        return MACHINE
    except ModuleNotFoundError:
        print("Serving needs uvicorn, which only developers install.", file=sys.stderr)
        return USAGE
    return DONE


def _told(doubt: Sighting | None) -> bool:
    """Say that another copy of this kiosk has sold, if so; whether that was said."""
    if doubt is None:
        return False
    from kiosk.buffer.incarnations import refusal
    from kiosk.commands.output import explain

    explain(refusal(doubt))
    return True


def _print(options: argparse.Namespace, report: dict[str, int | str]) -> None:
    if options.json:
        from kiosk.commands.output import print_json

        print_json(report)
        return
    for name, value in report.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    sys.exit(main())
