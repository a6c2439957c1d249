"""Where the vault keeps what must not lie in the kiosk's folder: a PIN's other half.

A PIN has few digits. Mixed with a random secret of this machine it protects a stolen folder, which
it could not do alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.buffer.files import flush_folder
from kiosk.errors import (
    DeviceSecretMissing,
    KeychainEntryMissing,
    KeychainLocked,
    KeychainMissing,
    KeyFileLoose,
    StoreReadOnly,
)
from kiosk.vault.keychain import SECRET_BYTES, Keychain, system_keychain

FOLDER: Final = "kiosk"
_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The keychain, if this machine has one, and the user's own folder for state."""

    keychain: Callable[[], Keychain]
    state: Path

    def keep_device_secret(self, account: str, secret: bytes) -> None:
        """Put it into the keychain; into a file of the user's where there is none.

        Raises KeychainLocked, StoreReadOnly.
        """
        try:
            keychain = self.keychain()
        except KeychainMissing:
            self._write(account, secret)
        else:
            keychain.keep(account, secret)

    def device_secret(self, account: str) -> bytes:
        """The secret kept under this name.

        Raises:
            DeviceSecretMissing: not on this machine, or not for this user.
            KeychainLocked, KeyFileLoose.
        """
        file = self._file(account)
        if file.exists():
            return _read(file)
        try:
            return self.keychain().read(account)
        except (KeychainMissing, KeychainEntryMissing):
            raise DeviceSecretMissing from None

    def forget_device_secret(self, account: str) -> None:
        """Remove it wherever it is. What cannot be reached stays, and opens nothing any more."""
        self._file(account).unlink(missing_ok=True)
        try:
            self.keychain().remove(account)
        except (KeychainMissing, KeychainLocked):
            return

    def _file(self, account: str) -> Path:
        return self.state / FOLDER / f"{account}.secret"

    def _write(self, account: str, secret: bytes) -> None:
        file = self._file(account)
        try:
            file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(file, flags, _PRIVATE_FILE), "w", encoding="ascii") as opened:
                opened.write(secret.hex() + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            flush_folder(file.parent)
        except OSError as error:
            raise StoreReadOnly(folder=str(file.parent)) from error


def system_places() -> Places:
    """This machine's keychain and this user's folder for state."""
    try:
        home = Path.home()
    except RuntimeError:
        home = Path(os.sep)  # a user without a home has no other half of a PIN, and may do without
    return Places(keychain=system_keychain, state=state_folder(os.environ, home))


def state_folder(environment: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Where programs keep what is neither settings nor documents.

    The XDG base directory specification on Linux, Application Support on macOS, the part of the
    profile that does not roam on Windows.
    """
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if platform == "darwin":
        return home / "Library" / "Application Support"
    named = Path(environment.get("XDG_STATE_HOME") or "")
    # The specification: a path that is not absolute is to be ignored.
    return named if named.is_absolute() else home / ".local" / "state"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode & 0o777
            if os.name == "posix" and mode & ~_PRIVATE_FILE:
                raise KeyFileLoose(file=str(file), mode=f"{mode:04o}")
            secret = bytes.fromhex(opened.read(4 * SECRET_BYTES).decode("ascii").strip())
    except (OSError, ValueError):
        raise DeviceSecretMissing from None
    if len(secret) != SECRET_BYTES:
        raise DeviceSecretMissing
    return secret
