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


class SecretFileLoose(VaultError):
    """Anybody on this machine may write the file that a secret is read from. Fields: file."""


class PassphraseWrong(VaultError):
    """No slot of the key file opens with this passphrase or recovery key."""


class PassphraseMissing(VaultError):
    """No passphrase was given and there is no terminal to ask at. Fields: reason."""


class PassphraseWeak(VaultError):
    """A passphrase shorter than the least length. Fields: least."""


class TooManyTries(VaultError):
    """So many wrong secrets in a row that the next one has to wait. Fields: wait_s."""


class KeychainError(VaultError):
    """The keychain of this machine was to open the kiosk, and does not."""


class KeychainMissing(KeychainError):
    """This machine has no keychain that keeps a secret safe, or none is running."""


class KeychainLocked(KeychainError):
    """The keychain is locked, and nobody opened it when asked."""


class KeychainEntryMissing(KeychainError):
    """The keychain does not hold this kiosk's entry."""


class DeviceSecretMissing(VaultError):
    """The PIN's other half is not on this machine, or not this user's."""


class RecoverySlip(VaultError):
    """A word or group that no recovery key has. Fields: part (word, group), place (from 1)."""


class RecoveryUnfit(VaultError):
    """A recovery key whose parts do not fit together. Fields: reason (count, check, none)."""


class MethodExists(VaultError):
    """The vault has a way in of this kind already. Fields: method."""


class MethodMissing(VaultError):
    """The vault has no way in of this kind. Fields: method."""


class LastMethod(VaultError):
    """The last way in beside the recovery key. Fields: method."""


class RecoveryNeeded(VaultError):
    """The recovery key is never removed, only replaced by a new one."""


class RecoveryUnconfirmed(VaultError):
    """The recovery key was not written down, so nothing is set up."""
