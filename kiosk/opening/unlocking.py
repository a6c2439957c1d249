"""Unlocking a kiosk's vault: wrong secrets have to wait, and a cut-off rotation is finished."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from kiosk import vault
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.practice_shelf import SHELF_NAME
from kiosk.buffer.rekey import check_room_to_rekey, key_that_opens, rekey
from kiosk.buffer.upgrade import drop_older
from kiosk.domain.clock import Clock
from kiosk.errors import (
    MethodMissing,
    PassphraseMissing,
    StoreBusy,
    StoreCorrupt,
    StoreFull,
    VaultError,
    WrongKey,
)
from kiosk.system_clock import SystemClock
from kiosk.vault import Method, Vault
from kiosk.vault.rotation import end_rotation
from kiosk.vault.tries import one_try


def unlock_to_work(folder: Path, secret: str | None, clock: Clock | None = None) -> Vault:
    """The vault of a folder that this process is about to hold; `secret` as for `unlock`.

    A rotation that was cut off is finished. Without room for that, while somebody reads, or where a
    file is damaged, the files are used as they are, and the next start tries again: it is for
    whoever opens them to say what is damaged. Raises what `unlock` does, StoreInUse, and other
    leaves of StoreError.
    """
    held = unlock(folder, secret, clock)
    if held.former is None:
        return held
    try:
        return finish_rotation(folder, held)
    except (StoreBusy, StoreFull, StoreCorrupt, WrongKey):
        return _as_found(folder, held)


def unlock_to_look(folder: Path, secret: str | None, clock: Clock | None = None) -> Vault:
    """The vault of a folder that somebody else may hold, with the keys its files have now."""
    held = unlock(folder, secret, clock)
    return held if held.former is None else _as_found(folder, held)


def unlock(folder: Path, secret: str | None, clock: Clock | None = None) -> Vault:
    """The vault by a passphrase, PIN or recovery key; wrong ones are counted and have to wait.

    None asks the keychain of this machine, where nothing can be guessed. Raises PassphraseMissing
    (it is empty), TooManyTries (Fields: wait_s), leaves of VaultError.
    """
    if secret is None:
        return vault.unlock(folder, None)
    if not secret:
        raise PassphraseMissing(reason="empty")  # no vault has such a secret: nobody is guessing
    with one_try(folder, clock or SystemClock()):
        return vault.unlock(folder, secret)


def check_unattended(folder: Path) -> None:
    """Raise unless the keychain of this machine opens this folder, with nobody there.

    MethodMissing: it was never asked to, or the key file cannot be read, which whoever types a
    passphrase is told. KeychainMissing, KeychainLocked, KeychainEntryMissing: it should, and fails.
    """
    try:
        methods = {way.method for way in vault.ways(folder)}
    except VaultError:
        methods = set()
    if Method.KEYCHAIN not in methods:
        raise MethodMissing(method=Method.KEYCHAIN.value)
    unlock(folder, None)


def finish_rotation(folder: Path, held: Vault) -> Vault:
    """Put every file under its new key and drop the old ones; the vault without them.

    Raises StoreInUse, StoreFull (nothing was changed), StoreBusy (somebody reads), and other leaves
    of StoreError.
    """
    former = held.former
    assert former is not None, "only a rotation that was begun can be finished"
    paths = BufferPaths(folder=folder)
    paths.check_present()
    lock = FileLock(paths.lock)
    try:
        pairs = (
            (paths.buffer, held.keys.database, former.database),
            (folder / SHELF_NAME, held.practice_key, former.practice),
        )
        present = [pair for pair in pairs if pair[0].exists()]
        for path, _, _ in present:
            check_room_to_rekey(path)
        for path, newer, older in present:
            rekey(path, newer=newer, older=older)
        # The file as an earlier version left it would open with the old key for ever.
        drop_older(paths, most=0)
        return end_rotation(folder, held)
    finally:
        lock.release()


def _as_found(folder: Path, held: Vault) -> Vault:
    """The vault with, for each file, the key it is under in the middle of a rotation."""
    former, shelf = held.former, folder / SHELF_NAME
    assert former is not None, "only a rotation has two keys to choose from"
    paths = BufferPaths(folder=folder)
    paths.check_present()
    database = key_that_opens(paths.buffer, newer=held.keys.database, older=former.database)
    # A shelf that is not there yet will be made under the key that every file ends up with.
    practice = held.practice_key
    if shelf.exists():
        practice = key_that_opens(shelf, newer=practice, older=former.practice)
    keys = dataclasses.replace(held.keys, database=database)
    return dataclasses.replace(held, keys=keys, practice_key=practice)
