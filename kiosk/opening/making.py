"""Making a kiosk folder: cut off anywhere it can be done again, and no key is overwritten."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from kiosk import vault
from kiosk.buffer.buffer import BufferFile
from kiosk.domain.ids import UuidSource
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
    StoreExists, and leaves of VaultError and StoreError.
    """
    with writing_to(folder):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    refuse_existing(folder)
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
