"""What opens a kiosk for one command: a passphrase that was named or asked for, or the keychain."""

from __future__ import annotations

import argparse

from kiosk.commands.output import explain, say
from kiosk.errors import VaultError
from kiosk.opening import unlock
from kiosk.opening.ways_in import ways_in
from kiosk.passphrase import PASSPHRASE, named_file, read_passphrase
from kiosk.vault import Method


def secret_of(options: argparse.Namespace) -> str | None:
    """What opens the folder of `--data`: the passphrase, or None where the keychain does.

    A passphrase file that was named goes first; with none, a keychain that was set up; else it is
    asked for. Raises PassphraseMissing and what the key file is wrong with.
    """
    named = named_file(PASSPHRASE, options.passphrase_file)
    if named is None and Method.KEYCHAIN in {way.method for way in ways_in(options.data)}:
        try:
            unlock(options.data, None)
        except VaultError as error:
            explain(error)
            say("The passphrase is needed this time.")
        else:
            return None
    return read_passphrase(options.passphrase_file)
