"""The front door of the till. Heavy imports happen only inside the command that needs them."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from kiosk import __version__
from kiosk.commands import DONE, MACHINE, USAGE, exit_code
from kiosk.commands.options import utf8_output
from kiosk.commands.output import explain
from kiosk.errors import KioskError

# Each word and the module of kiosk.commands behind it. Only the module of the word that was said is
# imported: the window must not wait for what a rehearsal needs.
COMMANDS: Final[dict[str, str]] = {
    "run": "window",
    "init": "init",
    "load": "load",
    "provision": "provision",
    "sell": "sell",
    "pass": "pass_verify",
    "journal": "journal",
    "member": "member",
    "doctor": "doctor",
    "salvage": "salvage",
    "backup": "backup",
    "black-box": "black_box",
    "restored": "restored",
    "rehearse": "rehearse",
    "self-check": "self_check",
    "vault": "vault",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit code: 0 done, 1 refused by a rule, 2 usage, 3 the machine."""
    arguments = _spelled_out(list(sys.argv[1:] if argv is None else argv))
    utf8_output()
    try:
        options = _parser(arguments[0]).parse_args(arguments)
    except SystemExit as stop:
        return DONE if stop.code in {0, None} else USAGE
    try:
        code: int = _module(options.command).run(options)
    except KioskError as error:
        explain(error)
        return exit_code(error)
    except BrokenPipeError:
        # Whoever read our output has seen enough; there is nobody left to tell.
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        return MACHINE
    return code


def _parser(word: str) -> argparse.ArgumentParser:
    """The parser for this word; any other word gets one that knows all of them, to list them."""
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description="Sells memberships, drops and items at a pop-up, with or without a network.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    for name in (word,) if word in COMMANDS else COMMANDS:
        module = _module(name)
        added = commands.add_parser(
            name, help=module.HELP, description=module.HELP, allow_abbrev=False
        )
        module.add_arguments(added)
    return parser


def _module(word: str) -> ModuleType:
    return importlib.import_module(f"kiosk.commands.{COMMANDS[word]}")


def _spelled_out(arguments: list[str]) -> list[str]:
    """The arguments with what is left unsaid: no command opens the window.

    A pass text may begin with `-`, which argparse would take for an option: behind `pass verify`
    the first word is always the text.
    """
    if arguments[:1] == ["--self-check"]:
        return ["self-check", *arguments[1:]]
    first = arguments[0] if arguments else "run"
    if first.startswith("-") and first not in {"-h", "--help", "--version"}:
        return ["run", *arguments]
    if arguments[:2] == ["pass", "verify"]:
        from kiosk.commands import pass_verify

        return ["pass", "verify", *pass_verify.text_last(arguments[2:])]
    return arguments or ["run"]


if __name__ == "__main__":
    sys.exit(main())
