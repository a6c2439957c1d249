"""`vault`: what opens the kiosk: listed, tried, changed, and renewed with a new data key.

A change takes a secret that somebody knows. The keychain, which opens the kiosk for whoever sits at
it, must not be enough to shut its owner out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE
from kiosk.commands.options import add_data, add_json, path
from kiosk.commands.output import print_json, say
from kiosk.commands.recovery import add_recovery, check_keepable, keeper

if TYPE_CHECKING:
    from kiosk.vault.change import NewSlot
    from kiosk.vault.rotation import AtHand

HELP = "list, try, add, change or remove what opens this kiosk, or renew its keys"
METHODS: Final = ("passphrase", "pin", "keychain", "recovery")
ACTIONS: Final = (
    ("list", "what opens this kiosk, and since when; no secret is needed"),
    ("check", "try secrets and say what each of them opens; nothing is changed"),
    ("add", "one more way to open this kiosk"),
    ("change", "another secret for a way that is there"),
    ("remove", "take a way away; never the last, never the recovery key"),
    ("rotate", "a new key for every file; secrets that are not given open nothing any more"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in ACTIONS:
        action = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name in {"add", "change", "remove"}:
            action.add_argument("method", choices=METHODS)
        add_data(action)
        if name in {"check", "rotate"}:
            _add_file(action, "--pin-file", "KIOSK_PIN_FILE", "the PIN")
        if name == "check":
            _add_file(action, "--recovery-file", "KIOSK_RECOVERY_FILE", "the recovery key")
            action.add_argument("--keychain", action="store_true", help="try the keychain too")
        if name in {"add", "change", "rotate"}:
            _add_file(action, "--new-file", "", "the new passphrase or PIN")
            add_recovery(action)
        add_json(action)


def run(options: argparse.Namespace) -> int:
    """Do one of them; each says what to do next."""
    from kiosk.opening import require_existing

    require_existing(options.data)
    actions: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list,
        "check": _check,
        "add": _add,
        "change": _change,
        "remove": _remove,
        "rotate": _rotate,
    }
    actions[options.action](options)
    return DONE


def _add_file(parser: argparse.ArgumentParser, option: str, variable: str, what: str) -> None:
    else_asked = f"; else {variable} names one" if variable else "; else it is asked"
    parser.add_argument(option, type=path, metavar="FILE", help=f"a file with {what}{else_asked}")


def _list(options: argparse.Namespace) -> None:
    from kiosk.domain.moments import rfc3339
    from kiosk.opening.ways_in import ways_in

    ways = ways_in(options.data)
    made = [None if way.made_ms is None else rfc3339(way.made_ms) for way in ways]
    if options.json:
        rows = [{"method": way.method, "made_at": at} for way, at in zip(ways, made, strict=True)]
        print_json({"methods": rows})
        return
    for way, at in zip(ways, made, strict=True):
        print(f"{way.method:<12}{at or 'made by an older program'}")
    if len(ways) == 1:
        say("Only one way opens this kiosk. Add another: kiosk vault add passphrase.")


def _check(options: argparse.Namespace) -> None:
    """Each secret that is given, in turn; with none, one that is asked for."""
    from kiosk.errors import PassphraseWrong
    from kiosk.opening.ways_in import tried
    from kiosk.passphrase import PASSPHRASE, PIN, RECOVERY, named_file, read_secret
    from kiosk.vault.recovery_words import read_recovery_or_say

    given = [
        (asked, named_file(asked, file))
        for asked, file in (
            (PASSPHRASE, options.passphrase_file),
            (PIN, options.pin_file),
            (RECOVERY, options.recovery_file),
        )
    ]
    secrets: list[tuple[str, str | None]] = []
    for asked, file in given:
        if file is not None:
            secret = read_secret(asked, file)
            # Here it is meant as one: a slip is told before anything is tried.
            meant = read_recovery_or_say(secret).text if asked is RECOVERY else secret
            secrets.append((asked.prompt, meant))
    if options.keychain:
        secrets.append(("Keychain", None))
    if not secrets:
        secrets.append((PASSPHRASE.prompt, read_secret(PASSPHRASE, None)))
    opened: list[str] = []
    for what, each in secrets:
        try:
            opened.append(tried(options.data, each))
        except PassphraseWrong:
            if opened:
                say(f"This opens the kiosk: {', '.join(opened)}.")
            say(f"{what}: what was given opens nothing here.")
            raise
    if options.json:
        print_json({"opened_by": opened})
    for method in opened:
        say(f"This opens the kiosk: {method}. Nothing was changed.")


def _add(options: argparse.Namespace) -> None:
    from kiosk.opening.ways_in import add_way

    add_way(options.data, *_change_of(options))
    _told(options, "added", f"The kiosk opens by {options.method} too.")


def _change(options: argparse.Namespace) -> None:
    from kiosk.opening.ways_in import change_way

    change_way(options.data, *_change_of(options))
    _told(options, "changed", f"The old {options.method} opens nothing any more.")
    say("A copy of the old key file still opens with it: kiosk vault rotate makes that useless.")


def _remove(options: argparse.Namespace) -> None:
    from kiosk.opening.ways_in import remove_way
    from kiosk.passphrase import read_passphrase
    from kiosk.vault import Method

    secret = read_passphrase(options.passphrase_file)
    remove_way(options.data, secret, Method(options.method))
    _told(options, "removed", f"The kiosk does not open by {options.method} any more.")


def _rotate(options: argparse.Namespace) -> None:
    from kiosk.opening.ways_in import rotate
    from kiosk.passphrase import read_passphrase

    check_keepable(options)
    secret = read_passphrase(options.passphrase_file)
    done = rotate(options.data, secret, _at_hand(options, secret))
    kept = [way.method for way in done.ways]
    if options.json:
        told = {"methods": kept, "dropped": list(done.dropped), "finished": done.finished}
        print_json(told)
    say(f"This kiosk has a new key. It opens by: {', '.join(kept)}.")
    if not done.finished:
        say("Some file is still being read or there is no room: the next start finishes the work.")
    if done.dropped:
        say(f"Dropped, since their secret was not given: {', '.join(done.dropped)}.")
    say("The old recovery key opens this kiosk no more. Backups and black boxes of before still")
    say("open with what they were made with: keep its sheet as long as you keep them.")


def _change_of(options: argparse.Namespace) -> tuple[str, NewSlot]:
    """What opens the folder, and the new way in. The new secret is read before anything is held."""
    from kiosk.passphrase import NEW_PASSPHRASE, NEW_PIN, read_passphrase, read_secret
    from kiosk.system_clock import SystemClock
    from kiosk.vault import Method
    from kiosk.vault.change import NewSlot

    method, new, keep, now_ms = Method(options.method), "", None, SystemClock().now_ms()
    if method is Method.RECOVERY:
        check_keepable(options)
        keep = keeper(options, device=_device(options.data), made_ms=now_ms)
    secret = read_passphrase(options.passphrase_file)
    if method in {Method.PASSPHRASE, Method.PIN}:
        asked = NEW_PASSPHRASE if method is Method.PASSPHRASE else NEW_PIN
        new = read_secret(asked, options.new_file, twice=True)
    return secret, NewSlot(method=method, secret=new, keep=keep, made_ms=now_ms)


def _at_hand(options: argparse.Namespace, secret: str) -> AtHand:
    """The secrets that stay: a new passphrase, or the one that opened, and a PIN."""
    from kiosk.opening.ways_in import tried
    from kiosk.passphrase import NEW_PASSPHRASE, PIN, named_file, read_secret
    from kiosk.system_clock import SystemClock
    from kiosk.vault import Method
    from kiosk.vault.rotation import AtHand

    now_ms, opened_by = SystemClock().now_ms(), tried(options.data, secret)
    passphrase = secret if opened_by == Method.PASSPHRASE else None
    if named_file(NEW_PASSPHRASE, options.new_file) is not None:
        passphrase = read_secret(NEW_PASSPHRASE, options.new_file)
    pin = secret if opened_by == Method.PIN else None
    if named_file(PIN, options.pin_file) is not None:
        pin = read_secret(PIN, options.pin_file)
    keep = keeper(options, device=_device(options.data), made_ms=now_ms)
    return AtHand(passphrase=passphrase, pin=pin, keep=keep, made_ms=now_ms)


def _device(folder: Path) -> int:
    """The number of this kiosk, for the sheet."""
    from kiosk.vault import device_of

    return device_of(folder)


def _told(options: argparse.Namespace, done: str, sentence: str) -> None:
    if options.json:
        print_json({done: options.method})
    say(sentence)
    say(f"Try it: kiosk vault check --data {options.data}")
