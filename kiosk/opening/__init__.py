"""Opens a kiosk folder: settings, vault, buffer, and the desk every use case is handed.

It knows the till's foundation and no screen and no network, so that the command line starts quickly
and works where Qt is not installed.
"""

from kiosk.opening.device import DEVICE_KEY, REFERENCE_KEY
from kiosk.opening.folder import ROOT_FILE, read_root, refuse_existing, require_existing
from kiosk.opening.held import OpenKiosk, looked_at, make_desk, open_kiosk, rail_settings
from kiosk.opening.making import create
from kiosk.opening.unlocking import check_unattended, unlock, unlock_to_look, unlock_to_work

__all__ = [
    "DEVICE_KEY",
    "REFERENCE_KEY",
    "ROOT_FILE",
    "OpenKiosk",
    "check_unattended",
    "create",
    "looked_at",
    "make_desk",
    "open_kiosk",
    "rail_settings",
    "read_root",
    "refuse_existing",
    "require_existing",
    "unlock",
    "unlock_to_look",
    "unlock_to_work",
]
