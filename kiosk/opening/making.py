"""Making a kiosk folder: cut off anywhere it can be done again, and no key is overwritten."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk import vault
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.room import Room, RoomRules
from kiosk.domain.ids import UuidSource
from kiosk.errors import StoreError
from kiosk.opening.device import root_of, write_first_secrets
from kiosk.opening.folder import FOLDER_MODE, refuse_existing, write_beside, writing_to
from kiosk.passes.trust import public_bytes
from kiosk.system_clock import SystemClock
from kiosk.vault import RecoveryKey


def create(
    folder: Path, passphrase: str, device: int, confirm: Callable[[RecoveryKey], None]
) -> None:
    """Make a new kiosk: vault, encrypted buffer, device key, root and the device's certificate.

    `confirm` must see the recovery key kept, or raise: nothing is sold before it is. Raises
    StoreExists, StoreFull where selling would have no room (nothing was made then), and leaves of
    VaultError and StoreError.
    """
    refuse_existing(folder)
    _make_folder(folder)
    now_ms = SystemClock().now_ms()
    made, recovery = vault.make(folder, passphrase, device=device, made_ms=now_ms)
    confirm(recovery)
    # The buffer comes last: a set-up that is cut off before it can be done again.
    with writing_to(folder):
        write_beside(folder, public_bytes(root_of(made)))
    ids = UuidSource(secrets.token_bytes)
    buffer_file = BufferFile.create(
        folder, made.keys, device=device, buffer_id=ids.make(now_ms), now_ms=now_ms
    )
    try:
        write_first_secrets(made, buffer_file.till(), now_ms)
    finally:
        buffer_file.close()


def _make_folder(folder: Path) -> None:
    """The folder, unless a kiosk in it could not sell: then it goes again, and nothing was made.

    Raises StoreFull, StoreReadOnly.
    """
    places = (folder, *folder.parents)
    missing = [place for place in places if not place.exists()]
    try:
        with writing_to(folder):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            Room(folder, BufferPaths(folder=folder).ballast, RoomRules()).check_to_sell()
    except StoreError:
        for made in missing:
            with suppress(OSError):
                made.rmdir()
        raise
