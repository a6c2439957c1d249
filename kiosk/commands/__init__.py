"""The commands of the till, one module each: what they take, and what they do.

A command module imports nothing heavy at its top, so that `--help` and a usage error cost nothing.
Output for programs goes to standard output as JSON, everything for people to standard error.
"""

from __future__ import annotations

from typing import Final

from kiosk import errors

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
MACHINE: Final = 3

_USAGE: Final = (
    errors.BoxMissing,
    errors.ConfigInvalid,
    errors.EventFileUnreadable,
    errors.PassphraseMissing,
    errors.PassphraseWeak,
    errors.RailKeyMissing,
    errors.RecoverySlip,
    errors.RecoveryUnconfirmed,
    errors.RecoveryUnfit,
    errors.RootInvalid,
    errors.StoreMissing,
)
_REFUSED: Final = (
    errors.RuleError,
    errors.BoxDamaged,
    errors.BoxForeign,
    errors.BoxOfAnother,
    errors.BoxTorn,
    errors.CertificateInvalid,
    errors.EventFileInvalid,
    errors.GenerationMissing,
    errors.LastMethod,
    errors.MethodExists,
    errors.MethodMissing,
    errors.HandedOver,
    errors.NotHandedOver,
    errors.NotProvisioned,
    errors.RailRefused,
    errors.RecoveryNeeded,
    errors.StoreExists,
)


def exit_code(error: errors.KioskError) -> int:
    """0 done, 1 refused by a rule or verdict, 2 usage, 3 the machine."""
    if isinstance(error, _USAGE):
        return USAGE
    return REFUSED if isinstance(error, _REFUSED) else MACHINE
