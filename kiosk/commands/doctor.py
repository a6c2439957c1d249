"""`doctor`: how this kiosk is, whatever state it is in; it looks and changes nothing.

The object of `--json`: `ok` (nothing is bad, and the sales file opened if it was to), `folder`,
`checks` and `full`. Each of `checks` has `name` (which thing), `verdict` (`ok`, `notice` or `bad`),
`words` (what was found, a stable key), `fields` (the numbers and names in it), `sentence` and
`what_to_do` (`""` where there is nothing). `full` is null without `--full`; else it has `complete`,
`pages`, `links`, `sales` (how many were looked at), `flaws_found` and the first of them as `flaws`:
`part`, `what` and `where`.
Exit code 0 when nothing is bad, 1 when something is, 3 when it could not look.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, MACHINE, REFUSED
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import print_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.buffer.audit import AuditReport, Progress
    from kiosk.domain.checkup import Check

HELP = "say how this kiosk is and what to do about it"
SIGNS: Final = {"ok": "ok    ", "notice": "notice", "bad": "BAD   "}
TOLD_EVERY: Final = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    parser.add_argument(
        "--full",
        action="store_true",
        help="check every page, row, link, number and sale; minutes for a large file",
    )
    parser.add_argument(
        "--no-passphrase",
        action="store_true",
        help="say only what can be said without opening the sales file",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything that can be looked at, and tell."""
    from kiosk.domain.checkup import Grade, worst
    from kiosk.errors import KioskError
    from kiosk.opening.checkup import folder_checks
    from kiosk.system_clock import SystemClock

    if not options.data.is_dir():
        say(f"There is no folder {options.data}.")
        return MACHINE
    clock = SystemClock()
    inside: tuple[Check, ...] = ()
    full = None
    if not options.no_passphrase and _has_keys(options.data):
        from kiosk.opening.checkup import trouble

        try:
            inside, full = _inside(options)
        except KioskError as error:
            inside = (trouble(error),)
    # After the full check, which leaves a note that is looked at here.
    checks = (*folder_checks(options.data, clock.now_ms()), *inside)
    if options.json:
        _print(options.data, checks, full)
    else:
        _tell(checks, full)
    if worst(checks) is Grade.BAD:
        return REFUSED
    return MACHINE if _kept_out(checks) else DONE


def check_fields(check: Check) -> dict[str, object]:
    """One check as the JSON has it."""
    sentence, remedy = _words(check)
    return {
        "name": check.name,
        "verdict": check.grade.value,
        "words": check.words,
        "fields": dict(check.fields),
        "sentence": sentence,
        "what_to_do": remedy,
    }


def _kept_out(checks: tuple[Check, ...]) -> bool:
    """Whether the file was to be opened and was not: of what it holds nothing is known."""
    return any(check.words == "buffer.locked" for check in checks)


def _has_keys(folder: Path) -> bool:
    from kiosk.buffer.files import BUFFER_NAME
    from kiosk.vault import KEY_FILE_NAME

    return (folder / BUFFER_NAME).exists() and (folder / KEY_FILE_NAME).exists()


def _inside(options: argparse.Namespace) -> tuple[tuple[Check, ...], AuditReport | None]:
    """What the file itself tells; a damaged one is checked in full all the same."""
    from kiosk.commands.secret import secret_of
    from kiosk.domain.checkup import ok
    from kiosk.errors import KioskError
    from kiosk.opening import looked_at
    from kiosk.opening.checkup import full_check, trouble
    from kiosk.service.doctor import desk_checks

    secret = secret_of(options)
    report = full_check(options.data, secret, _Listener(options)) if options.full else None
    try:
        with looked_at(options.data, secret) as desk:
            return (ok("buffer.ok"), *desk_checks(desk, thorough=True)), report
    except KioskError as error:
        return (trouble(error),), report


class _Listener:
    """Tells now and then how far a full check is, unless a program reads along."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._quiet = options.json
        self._part = ""

    def __call__(self, progress: Progress) -> bool:
        if not self._quiet and progress.part != self._part:
            self._part = progress.part
            say(_part(progress.part) + " …")
        return True


def _print(folder: Path, checks: tuple[Check, ...], full: AuditReport | None) -> None:
    from kiosk.domain.checkup import Grade, worst

    print_json(
        {
            "ok": worst(checks) is not Grade.BAD and not _kept_out(checks),
            "folder": str(folder),
            "checks": [check_fields(check) for check in checks],
            "full": None
            if full is None
            else {
                "complete": full.complete,
                "pages": full.pages,
                "links": full.chain.length,
                "sales": full.sales,
                "flaws_found": full.flaws_found,
                "flaws": [
                    {"part": flaw.part.value, "what": flaw.what, "where": flaw.where}
                    for flaw in full.flaws
                ],
            },
        }
    )


def _tell(checks: tuple[Check, ...], full: AuditReport | None) -> None:
    for check in checks:
        sentence, remedy = _words(check)
        say(f"{SIGNS[check.grade.value]}  {sentence}")
        if remedy:
            say(f"          {remedy}")
    if full is not None:
        for flaw in full.flaws:
            say(f"          {flaw.part.value}: {flaw.what} ({flaw.where})")


def _words(check: Check) -> tuple[str, str]:
    try:
        from kiosk.ui.text import check_text, remedy_text
    except ImportError:  # Qt is not installed here: the key and the fields have to do.
        shown = ", ".join(f"{name}={value}" for name, value in check.fields.items())
        return f"{check.words}: {shown}", ""
    return check_text(check), remedy_text(check)


def _part(part: str) -> str:
    try:
        from kiosk.ui.text import part_text
    except ImportError:
        return part
    return part_text(part)
