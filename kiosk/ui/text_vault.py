"""The sentences of the vault: the key file, and what opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk import errors as e
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

VAULT: Final[Mapping[type[e.KioskError], str]] = {
    e.KeyFileMissing: QT_TRANSLATE_NOOP(
        "Errors", "The key file is missing. The sales are safe but locked: put the key file back "
        "into the folder."
    ),
    e.KeyFileDamaged: QT_TRANSLATE_NOOP(
        "Errors", "The key file is damaged. The sales are safe but locked: restore the key file "
        "from a backup."
    ),
    e.KeyFileLoose: QT_TRANSLATE_NOOP(
        "Errors", "Others on this computer can read the file “{file}”, with which the kiosk is "
        "opened. Make it readable for you alone, then start again."
    ),
    e.SecretFileLoose: QT_TRANSLATE_NOOP(
        "Errors", "Anybody on this computer can change the file “{file}”, which a passphrase or "
        "another secret is read from. Nothing was tried: make it writable for you alone, then "
        "start again."
    ),
    e.PassphraseWrong: QT_TRANSLATE_NOOP(
        "Errors", "That is not right, and opens nothing. Nothing was changed: please try again."
    ),
    e.PassphraseMissing: QT_TRANSLATE_NOOP(
        "Errors", "No passphrase was given. Name a passphrase file, or start where it can be typed."
    ),
    e.PassphraseWeak: QT_TRANSLATE_NOOP(
        "Errors", "The passphrase is too short: it needs at least {least} characters."
    ),
    e.TooManyTries: QT_TRANSLATE_NOOP(
        "Errors", "Too many wrong tries. The sales are safe: please wait {wait_s} seconds and try "
        "again."
    ),
    e.KeychainMissing: QT_TRANSLATE_NOOP(
        "Errors", "This computer has no keychain that keeps a secret safe. Nothing was changed: "
        "use the passphrase."
    ),
    e.KeychainLocked: QT_TRANSLATE_NOOP(
        "Errors", "The keychain of this computer is locked. Nothing was changed: unlock it and try "
        "again, or use the passphrase."
    ),
    e.KeychainEntryMissing: QT_TRANSLATE_NOOP(
        "Errors", "The keychain of this computer does not hold the key of this kiosk. Use the "
        "passphrase, then set the keychain up again."
    ),
    e.DeviceSecretMissing: QT_TRANSLATE_NOOP(
        "Errors", "The PIN opens this kiosk only on the computer where it was set. Use the "
        "passphrase or the recovery key."
    ),
    e.MethodExists: QT_TRANSLATE_NOOP(
        "Errors", "The kiosk can be opened this way already. Nothing was changed: change it, or "
        "remove it first."
    ),
    e.MethodMissing: QT_TRANSLATE_NOOP(
        "Errors", "The kiosk cannot be opened this way. Nothing was changed: use another way, or "
        "add this one."
    ),
    e.LastMethod: QT_TRANSLATE_NOOP(
        "Errors", "This is the last way to open the kiosk beside the recovery key. Nothing was "
        "changed: add another one first."
    ),
    e.RecoverySlip: QT_TRANSLATE_NOOP(
        "Errors", "Part {place} of the recovery key, counted from its beginning, cannot be right. "
        "Nothing was changed: compare it with the sheet."
    ),
    e.RecoveryUnfit: QT_TRANSLATE_NOOP(
        "Errors", "The recovery key does not fit together: a part is missing, doubled or another "
        "one. Nothing was changed: compare it with the sheet."
    ),
    e.RecoveryNeeded: QT_TRANSLATE_NOOP(
        "Errors", "The recovery key cannot be removed, only replaced by a new one. Nothing was "
        "changed."
    ),
    e.RecoveryUnconfirmed: QT_TRANSLATE_NOOP(
        "Errors", "The recovery key was not written down, so nothing was set up. Say where to "
        "keep it, and start again."
    ),
}  # fmt: skip
