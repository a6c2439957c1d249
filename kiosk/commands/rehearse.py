"""`rehearse`: a whole pop-up in a throw-away folder, with kills and bad weather, and its audit.

No network is used and no other process is touched; the parts the child does are hidden options.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, MACHINE, REFUSED
from kiosk.commands.options import add_json, path, positive
from kiosk.commands.output import counted, print_json, say
from kiosk.errors import StoreExists, StoreReadOnly

if TYPE_CHECKING:
    from kiosk.commands.rehearse_audit import Audit, Evidence
    from kiosk.commands.rehearse_child import Day
    from kiosk.commands.rehearse_day import Course

HELP = "rehearse a pop-up: sell offline, kill, restart, carry through faults, then audit"
SALES: Final = 60
WRONG_SHOWN_MAX: Final = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command, and the hidden ones of its child."""
    parser.add_argument(
        "--sales", type=positive, default=SALES, metavar="N", help=f"visits (default {SALES})"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="decides who buys what (default 1)"
    )
    parser.add_argument(
        "--keep", type=path, metavar="DIR", help="rehearse in this new folder and keep it"
    )
    add_json(parser)
    for name, kind in (("part", str), ("data", path), ("passphrase-file", path)):
        parser.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    for name in ("first", "round", "ahead-hours"):
        parser.add_argument(f"--{name}", type=int, default=0, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Rehearse and audit; 0 only if nothing was lost, doubled, missing or left unexplained."""
    if options.part is not None:
        from kiosk.commands.rehearse_parts import run_part

        return run_part(options)
    from kiosk.commands.rehearse_audit import audit
    from kiosk.commands.rehearse_child import Day, PartFailed
    from kiosk.commands.rehearse_day import carry_through, prepare, sell_through

    begun = time.monotonic()
    with _folder(options.keep) as folder:
        day = Day(folder=folder, sales=options.sales, seed=options.seed)
        try:
            prepare(day)
            course = carry_through(day, sell_through(day))
        except PartFailed as failed:
            say(f"The rehearsal could not be held: {failed}.")
            _say_errors(day)
            return MACHINE
        found = audit(gather(day, course))
    seconds = round(time.monotonic() - begun, 1)
    _tell(found, course, seconds, options)
    return DONE if found.clean else REFUSED


def gather(day: Day, course: Course) -> Evidence:
    """Everything the audit looks at: the file, the rail's objects, what the child had said."""
    from kiosk.commands.rehearse_audit import Evidence
    from kiosk.commands.rehearse_day import acknowledged_of, stripe_afterwards
    from kiosk.domain.offer import Drop, Membership
    from kiosk.opening import looked_at
    from kiosk.passphrase import read_passphrase
    from kiosk.service.sell import sale_records
    from kiosk.service.sell.record import SALE_COMPLETED

    with stripe_afterwards(day) as stripe:
        objects = {kind: stripe.objects(kind) for kind in stripe.kinds()}
    with looked_at(day.folder, read_passphrase(day.passphrase_file)) as desk:
        records = tuple(record.recorded for record in sale_records(desk))
        with desk.buffer.reading() as uow:
            snapshot = desk.snapshot(uow)
            lines = [link for link in uow.journal.each() if link.kind == SALE_COMPLETED]
            ids = [record.sale.sale_id for record in records]
            offers = snapshot.offers
            return Evidence(
                acknowledged=acknowledged_of(course),
                refused=course.refused,
                completed=tuple(link.entity_id for link in lines),
                chain_holds=uow.journal.verify().ok,
                records=records,
                entries=tuple(entry for one in ids for entry in uow.outbox.of_sale(one)),
                findings={one: uow.sales.findings(one) for one in ids},
                orphans=uow.sales.orphans(desk.mode),
                recurring=frozenset(
                    one.code for one in offers if isinstance(one, Membership) and one.recurring
                ),
                allotted={one.code: one.allotment for one in offers if isinstance(one, Drop)},
                left=uow.stock.left_all(snapshot.event.number),
                objects=objects,
                verdicts=_verdicts(day, [one.text for record in records for one in record.passes]),
            )


def _verdicts(day: Day, texts: list[str]) -> Counter[str]:
    """What a gate in training, with nothing but the root's public key, says of each pass."""
    from kiosk.opening import ROOT_FILE, read_root
    from kiosk.passes.trust import TrustedRoots
    from kiosk.passes.verify import VerifyContext, verify

    roots = TrustedRoots(keys=(read_root(day.folder / ROOT_FILE),))
    context = VerifyContext(roots=roots, now=int(time.time()), training=True)
    return Counter(verify(text, context).verdict.value for text in texts)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A new folder: the one to keep, which must not hold anything, or one that goes again.

    Windows does not remove what is open, and the log is until the process ends: so be it.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(
            prefix="kiosk-rehearsal-", ignore_cleanup_errors=True
        ) as made:
            yield Path(made)
        return
    try:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise StoreExists(folder=str(keep))
    except OSError:
        raise StoreReadOnly(folder=str(keep)) from None
    yield keep


def _tell(found: Audit, course: Course, seconds: float, options: argparse.Namespace) -> None:
    figures = {
        "acknowledged": found.acknowledged,
        "in_journal": found.in_journal,
        "lost": found.lost,
        "doubled": found.doubled,
        "missing_at_rail": found.missing_at_rail,
        "parked": found.parked,
        "unexplained": found.unexplained,
        "verdicts": dict(found.verdicts),
        "seconds": seconds,
    }
    for sentence in found.wrong[:WRONG_SHOWN_MAX]:
        say(sentence)
    if options.json:
        print_json(figures)
        return
    acknowledged, kills = counted(found.acknowledged, "sale"), counted(course.kills, "kill")
    say(f"Seed {options.seed}: {acknowledged} acknowledged, {kills};")
    say(f"  {found.in_journal} in the journal, {found.lost} lost, {found.doubled} doubled,")
    say(f"  {found.missing_at_rail} missing at the rail, {found.parked} parked for a person,")
    say(f"  {found.unexplained} without a reason, {len(course.refused)} refused politely.")
    say(f"  Passes at the gate: {dict(found.verdicts)}. {seconds} seconds.")
    if options.keep is not None:
        say(f"The folder {options.keep} is kept; its passphrase is in rehearsal.passphrase there.")


def _say_errors(day: Day) -> None:
    from kiosk.commands.rehearse_child import ERRORS_FILE

    file = day.folder / ERRORS_FILE
    if file.exists():
        say(file.read_text(encoding="utf-8", errors="replace")[-2000:])
