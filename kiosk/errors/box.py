"""A backup or black box: the one file in which a kiosk is kept or carried."""

from __future__ import annotations

from kiosk.errors.base import KioskError


class BoxError(KioskError):
    """A file with a copy of a kiosk in it. The kiosk itself is untouched."""


class BoxMissing(BoxError):
    """There is no such file, or it cannot be read. Fields: file."""


class BoxForeign(BoxError):
    """The file is neither a backup nor a black box. Fields: file."""


class BoxTooNew(BoxError):
    """A newer version of the program wrote this file. Fields: file."""


class BoxTorn(BoxError):
    """The file was cut off while it was written, and nothing in it is whole. Fields: file."""


class BoxDamaged(BoxError):
    """A part of the file is not what was written. Fields: file, check."""


class GenerationMissing(BoxError):
    """The file holds no export of this number. Fields: file, wanted, newest."""


class BoxOfAnother(BoxError):
    """The file holds another kiosk, which is never written over. Fields: file."""


class BackupPlaceMissing(BoxError):
    """The folder for backups is not there, such as a stick that was pulled. Fields: folder."""


class NotHandedOver(BoxError):
    """This kiosk was not handed over, so there is nothing to take back."""
