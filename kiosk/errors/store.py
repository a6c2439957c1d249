"""The encrypted buffer, or the disk under it."""

from __future__ import annotations

from kiosk.errors.base import KioskError


class StoreError(KioskError):
    """The encrypted buffer, or the disk under it. No sale was acknowledged."""


class StoreMissing(StoreError):
    """There is no buffer in this folder. Fields: folder."""


class StoreExists(StoreError):
    """There is a buffer in this folder already; it is never overwritten. Fields: folder."""


class StoreInUse(StoreError):
    """Another program holds this buffer. Fields: folder."""


class StoreBusy(StoreError):
    """The buffer did not become free in time; trying again is safe."""


class StoreTooNew(StoreError):
    """A newer version of the program wrote this buffer. Fields: unknown."""


class StoreTooOld(StoreError):
    """An earlier version wrote this buffer; opening it to write updates it. Fields: missing."""


class StoreNotUpgraded(StoreError):
    """The copy with this version's tables failed a check; the file is as it was. Fields: check."""


class StoreFull(StoreError):
    """The disk is full, or has less free space than selling needs. Fields: free_mb, needed_mb."""


class StoreReadOnly(StoreError):
    """The folder or the file cannot be written. Fields: folder."""


class StoreCorrupt(StoreError):
    """A check of the buffer failed; it is kept as it is. Fields: check."""


class StoreUnsure(StoreError):
    """A commit ended in an error and could not be looked up: unknown, neither failed nor done."""


class WrongKey(StoreError):
    """The buffer does not open with this key; nothing was changed."""


class RolledBack(StoreError):
    """The journal is shorter than a mark of it: an old copy was put back.

    Fields: seq, anchor_seq; `place` (keychain, rail) when the mark was not the anchor's.
    """


class StoreForked(StoreError):
    """Another copy of this buffer has sold beside this one. Fields: seq, other_seq, place."""


class HandedOver(StoreError):
    """This kiosk's work goes on elsewhere, from a black box. Fields: file, at."""
