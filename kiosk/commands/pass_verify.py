"""`pass verify`: what a gate would say of a pass, with nothing but the organiser's public key."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import Final

from kiosk.commands import DONE, REFUSED
from kiosk.commands.options import add_json, path
from kiosk.commands.output import print_json, say

HELP = "check a pass as a gate does"
_WITH_VALUE: Final = {"--root", "--at"}
_ALONE: Final = {"--training", "--json", "-h", "--help"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help=HELP, allow_abbrev=False)
    verify.add_argument("--root", type=path, required=True, metavar="FILE", help="root public key")
    verify.add_argument("--at", type=_instant, metavar="RFC3339", help="judge at this instant")
    verify.add_argument("--training", action="store_true", help="as a gate in training would")
    add_json(verify)
    verify.add_argument("text", metavar="TEXT", help="what the code says, with or without address")


def text_last(words: Sequence[str]) -> list[str]:
    """The words with the pass text at the end behind `--`, so that it may begin with a dash.

    A word that is no option of ours is the text, and so is whatever follows a `--`.
    """
    options: list[str] = []
    texts: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word in _WITH_VALUE:
            options.extend([word, *[value for value in [next(waiting, None)] if value is not None]])
        elif word in _ALONE or word.split("=", 1)[0] in _WITH_VALUE:
            options.append(word)
        else:
            texts.append(next(waiting, word) if word == "--" else word)
    return [*options, "--", *texts] if texts else options


def run(options: argparse.Namespace) -> int:
    """Print the verdict; the exit code is 0 for an accepted pass, warnings or not."""
    from kiosk.domain.verdict import Verdict
    from kiosk.opening import read_root
    from kiosk.passes.claims import named_claims
    from kiosk.passes.trust import TrustedRoots
    from kiosk.passes.verify import VerifyContext, verify

    context = VerifyContext(
        roots=TrustedRoots(keys=(read_root(options.root),)),
        now=int(time.time()) if options.at is None else options.at,
        training=options.training,
    )
    found = verify(options.text, context)
    claims = named_claims(found.claims) if found.claims else {}
    accepted = found.verdict is Verdict.ACCEPTED
    if options.json:
        print_json(
            {
                "verdict": found.verdict.value,
                "warnings": [warning.value for warning in found.warnings],
                "claims": claims,
            }
        )
    else:
        from kiosk.ui.text import verdict_text, warning_text

        say(verdict_text(found.verdict))
        for warning in found.warnings:
            say(warning_text(warning))
    return DONE if accepted else REFUSED


def _instant(text: str) -> int:
    from kiosk.domain.moments import parse_rfc3339

    try:
        return parse_rfc3339(text) // 1000
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
