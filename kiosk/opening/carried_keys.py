"""The keys that travel with a copy of a kiosk: always those that the copied files are under."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk.errors import KeyFileDamaged, KeyFileMissing, StoreBusy
from kiosk.vault import KEY_FILE_NAME, Vault
from kiosk.vault.data_key import checked, practice_key

_MOST_BYTES: Final = 64 * 1024


def key_file(folder: Path) -> bytes:
    """The key file as it lies: wrapped keys only. Raises KeyFileMissing, KeyFileDamaged."""
    file = folder / KEY_FILE_NAME
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except FileNotFoundError:
        raise KeyFileMissing(file=str(file)) from None
    except OSError:
        raise KeyFileDamaged(file=str(file), reason="unreadable") from None


def keys_to_carry(folder: Path, held: Vault) -> bytes:
    """The key file of an opened vault. Read it before the files are copied.

    In the middle of a rotation it holds both keys of each file; one that is read after the copy may
    have dropped the key that the copy is under.

    Raises StoreBusy when other keys were put in place since the vault was opened, KeyFileMissing,
    KeyFileDamaged.
    """
    raw = key_file(folder)
    try:
        checked(folder, held.data_key)
    except KeyFileDamaged as error:
        if error.fields.get("reason") == "mac":
            raise StoreBusy from None
        raise
    return raw


def shelf_keys(held: Vault) -> tuple[bytes, ...]:
    """What the practice shelf may be under, first as it was found: a rotation may go on."""
    if held.former is None:
        return (held.practice_key,)
    return held.practice_key, practice_key(held.data_key)
