"""A kiosk folder opened for the length of one command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk import logs
from kiosk.commands.practice_folder import practice_folder
from kiosk.commands.secret import secret_of
from kiosk.opening import OpenKiosk, make_desk, open_kiosk, require_existing
from kiosk.service.desk import Desk


@contextmanager
def kiosk_of(options: argparse.Namespace) -> Iterator[OpenKiosk]:
    """The folder of `--data`, unlocked and held until the command ends; without it, practice."""
    if options.data is None:
        place = practice_folder()
        folder, secret = place.folder, place.read_passphrase()
        kiosk = open_kiosk(folder, secret)
    else:
        folder = options.data
        require_existing(folder)
        kiosk = open_kiosk(folder, secret_of(options))
    logs.start(folder)
    try:
        yield kiosk
    finally:
        kiosk.close()
        logs.stop()


@contextmanager
def desk_of(options: argparse.Namespace) -> Iterator[tuple[OpenKiosk, Desk]]:
    """The same, with a desk that no visitor can reach."""
    with kiosk_of(options) as kiosk:
        yield kiosk, make_desk(kiosk, staffed=True)
