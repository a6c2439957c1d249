"""What is said of secrets that open the key file, and of a copy that was put back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from kiosk.errors import RolledBack, StoreCorrupt, StoreForked
from kiosk.ui.hooks import Restored

_PASSPHRASE, _PIN, _RECOVERY = _WAYS = ("passphrase", "pin", "recovery")
# The damage that is got over by acknowledging a restore: nothing tells any more how far it came.
_LOST_ANCHORS = frozenset({"anchor", "anchor_lost", "anchor_missing"})


def secret_label(methods: frozenset[str]) -> str:
    """What to type, by the kinds of secrets the key file has; none of them: it could not say."""
    ways = [way for way in _WAYS if not methods or way in methods] or list(_WAYS)
    first, *others = (_named(way, alone=place == 0) for place, way in enumerate(ways))
    match others:
        case []:
            return first
        case [second]:
            said = QCoreApplication.translate("Secrets", "%1 or %2")
            return said.replace("%1", first).replace("%2", second)
        case _:
            said = QCoreApplication.translate("Secrets", "%1, %2 or %3")
            return said.replace("%1", first).replace("%2", others[0]).replace("%3", others[1])


def secret_help(methods: frozenset[str]) -> str:
    """How a recovery key is typed; nothing where there is none."""
    known = methods & {*_WAYS}
    if known and _RECOVERY not in known:
        return ""
    return QCoreApplication.translate(
        "Secrets", "The recovery key: its groups or its 24 words, all in one line."
    )


def is_restore(error: Exception | None) -> bool:
    """Whether staff may go on by acknowledging that an older copy was put back."""
    if isinstance(error, StoreCorrupt):
        return error.fields.get("check") in _LOST_ANCHORS
    return isinstance(error, RolledBack | StoreForked)


def restore_texts(error: Exception | None) -> list[str]:
    """What it means to sell on with this copy, the most important first."""
    missing = (
        QCoreApplication.translate(
            "Restore",
            "The other copy has sold beside this one. What it sold is not here: send it from there "
            "before you close it.",
        )
        if isinstance(error, StoreForked)
        else QCoreApplication.translate(
            "Restore",
            "What was sold after this copy was made is not in it. If there is a newer copy, put "
            "that one back instead.",
        )
    )
    return [
        QCoreApplication.translate(
            "Restore", "Close every other copy of this kiosk first, on this machine and on others."
        ),
        missing,
        QCoreApplication.translate(
            "Restore",
            "This copy begins a new life: receipts get a series of their own and pass numbers "
            "jump, so that no number is used twice. What waits to be sent is looked for at Stripe "
            "first. It cannot be taken back.",
        ),
    ]


def restored_texts(restored: Restored) -> list[str]:
    """What is different from now on, and what to do before the first sale."""
    said = [
        QCoreApplication.translate("Restore", "This copy is confirmed, and may sell."),
        QCoreApplication.translate(
            "Restore",
            "What was sold in between is not here: count the goods and the cash before you go on.",
        ),
        QCoreApplication.translate(
            "Restore", "Its receipts begin with %1, its pass numbers with %2."
        )
        .replace("%1", restored.next_receipt)
        .replace("%2", str(restored.passes_from)),
    ]
    lost = restored.links_lost or 0
    if lost:
        said.append(
            QCoreApplication.translate(
                "Restore", "At least %n link(s) of the journal are missing.", "", lost
            )
        )
    if restored.unsent:
        said.append(
            QCoreApplication.translate(
                "Restore", "Entries that wait to be sent: %1. They are looked for at Stripe first."
            ).replace("%1", str(restored.unsent))
        )
    return said


def _named(way: str, *, alone: bool) -> str:
    match way, alone:
        case "passphrase", _:
            return QCoreApplication.translate("Secrets", "Passphrase")
        case "pin", _:
            return QCoreApplication.translate("Secrets", "PIN")
        case _, True:
            return QCoreApplication.translate("Secrets", "Recovery key")
        case _:
            return QCoreApplication.translate("Secrets", "recovery key")
