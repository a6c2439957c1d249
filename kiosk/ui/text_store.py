"""What is said of a damaged sales file where the check that failed has a way on of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

# By the field `check` of StoreCorrupt; of every other check the sentence of the error is said.
BY_CHECK: Final[Mapping[str, str]] = MappingProxyType({
    "anchor": QT_TRANSLATE_NOOP(
        "Errors", "The file “buffer.anchor” cannot be read, so nobody can tell whether newer sales "
        "are missing. Put the newest copy of the folder back, or confirm this one with “kiosk "
        "restored” and sell on."
    ),
    "anchor_missing": QT_TRANSLATE_NOOP(
        "Errors", "The file “buffer.anchor” is missing, so nobody can tell whether newer sales are "
        "missing too. Put the newest copy of the folder back, or confirm this one with “kiosk "
        "restored” and sell on."
    ),
    "anchor_lost": QT_TRANSLATE_NOOP(
        "Errors", "The file “buffer.anchor” was lost, so nobody can tell whether newer sales are "
        "missing. Put the newest copy of the folder back, or confirm this one with “kiosk "
        "restored” and sell on."
    ),
    "anchor_foreign": QT_TRANSLATE_NOOP(
        "Errors", "The file “buffer.anchor” belongs to another kiosk. Nothing was changed: put the "
        "one back that lay beside this sales file. If there is none, move it out of the folder and "
        "run “kiosk restored”."
    ),
    "empty": QT_TRANSLATE_NOOP(
        "Errors", "The sales file is empty: what was in it is not in this folder any more. Leave "
        "everything as it is, and start from the newest backup or from a copy of the folder."
    ),
})  # fmt: skip
