"""The vault: one random data key, wrapped once for each thing that may open it."""

from kiosk.vault.data_key import PASSPHRASE_LEAST, Vault, make, unlock
from kiosk.vault.key_file import KEY_FILE_NAME, KeyCost
from kiosk.vault.recovery_key import RecoveryKey

__all__ = [
    "KEY_FILE_NAME",
    "PASSPHRASE_LEAST",
    "KeyCost",
    "RecoveryKey",
    "Vault",
    "make",
    "unlock",
]
