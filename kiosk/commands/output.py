"""How commands speak: one JSON object per line for programs, sentences for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from kiosk.errors import ConfigInvalid, EventFileInvalid, KioskError, Mistake


def print_json(value: Mapping[str, object]) -> None:
    """One object on one line of standard output, written through at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def say(text: str) -> None:
    """A sentence for people, on standard error."""
    print(text, file=sys.stderr, flush=True)


def counted(number: int, thing: str) -> str:
    """`1 offer`, `2 offers`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def explain(error: KioskError) -> None:
    """What happened, what is safe and what to do; never a traceback, never a secret."""
    say(_sentence(error))
    if isinstance(error, EventFileInvalid | ConfigInvalid):
        for mistake in error.mistakes:
            say("  " + mistake_text(mistake))


def mistake_text(mistake: Mistake) -> str:
    """`line 12, drop[1].closes = "...": must be after opens`."""
    where = f"line {mistake.line}, " if mistake.line else ""
    value = f' = "{mistake.value}"' if mistake.value else ""
    return f"{where}{mistake.key}{value}: {mistake.reason}"


def _sentence(error: KioskError) -> str:
    try:
        from kiosk.ui.text import problem_text
    except ImportError:  # Qt is not installed here: the code and the fields have to do.
        return str(error)
    # The fields say which offer, which limit, which reason; none of them is personal or secret.
    return f"{problem_text(error)} ({error})"
