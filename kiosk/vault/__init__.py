"""The vault: one random data key, wrapped once for each thing that may open it."""

from kiosk.vault.data_key import FormerKeys, Vault, device_of, make, unlock, ways
from kiosk.vault.document import KeyCost
from kiosk.vault.key_file import KEY_FILE_NAME
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.slots import PASSPHRASE_LEAST, Method, Way

__all__ = [
    "KEY_FILE_NAME",
    "PASSPHRASE_LEAST",
    "FormerKeys",
    "KeyCost",
    "Method",
    "RecoveryKey",
    "Vault",
    "Way",
    "device_of",
    "make",
    "unlock",
    "ways",
]
