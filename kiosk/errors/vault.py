"""The key file, and what unlocks it."""

from __future__ import annotations

from kiosk.errors.base import KioskError


class VaultError(KioskError):
    """The key file, or what unlocks it. The buffer is untouched."""


class KeyFileMissing(VaultError):
    """No key file beside the buffer. Fields: file."""


class KeyFileDamaged(VaultError):
    """The key file cannot be read as one. Fields: file, reason."""


class KeyFileLoose(VaultError):
    """Others on this machine may read the file. Fields: file, mode."""


class PassphraseWrong(VaultError):
    """No slot of the key file opens with this passphrase or recovery key."""


class PassphraseMissing(VaultError):
    """No passphrase was given and there is no terminal to ask at. Fields: reason."""


class PassphraseWeak(VaultError):
    """A passphrase shorter than the least length. Fields: least."""


class RecoveryUnconfirmed(VaultError):
    """The recovery key was not written down, so nothing is set up."""
