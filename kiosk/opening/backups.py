"""Backups in their folder: named, counted, and the oldest removed once a newer one is good."""

from __future__ import annotations

import dataclasses
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.blackbox import look_into
from kiosk.buffer.backup_state import BackupState, keep_backup_state, read_backup_state
from kiosk.buffer.room import RoomRules
from kiosk.config import BACKUP_FOLDER
from kiosk.domain.moments import rfc3339
from kiosk.errors import BackupPlaceMissing, BoxError, KioskError
from kiosk.opening.about import Purpose
from kiosk.opening.folder import FOLDER_MODE, writing_to
from kiosk.opening.own_boxes import purpose_of
from kiosk.opening.packing import Order, Packed, pack
from kiosk.opening.place import Place

SUFFIX: Final = ".backup"
LISTED_MOST: Final = 1_000  # files of that name in one folder


def make_backup(place: Place, now_ms: int) -> Packed:
    """Write a backup where the settings say, then remove what is too many; never the last good one.

    Raises BackupPlaceMissing (Fields: folder), and as `back_up_to`.
    """
    try:
        folder = _ready_folder(place)
        file = folder / f"kiosk-{place.vault.device}-{_stamp(now_ms)}{SUFFIX}"
        packed = _pack(place, file, now_ms)
    except KioskError as error:
        state = read_backup_state(place.folder)
        told = dataclasses.replace(state, problem=error.code, problem_ms=now_ms)
        keep_backup_state(place.folder, told)
        raise
    _keep_state(place, packed, now_ms)
    _prune(place, packed, place.config.backup.keep)
    return packed


def back_up_to(place: Place, file: Path, now_ms: int) -> Packed:
    """Write a backup to this very file; an older one of this kiosk is replaced.

    Raises BoxOfAnother, StoreFull, StoreReadOnly, StoreCorrupt, WrongKey, StoreBusy, StoreInUse.
    """
    packed = _pack(place, file, now_ms)
    _keep_state(place, packed, now_ms)
    return packed


def renew_backups(place: Place, now_ms: int) -> Packed:
    """Write a backup, then remove every older one of this kiosk in its folder.

    For an erasure: older copies still hold the member, and the key that opens their data.
    Raises as `make_backup`; then nothing was removed.
    """
    packed = make_backup(place, now_ms)
    _prune(place, packed, 1)
    return packed


def _pack(place: Place, file: Path, now_ms: int) -> Packed:
    # A copy never takes the room that selling needs.
    leave = RoomRules().least_to_sell
    return pack(place, file, Order(purpose=Purpose.BACKUP, now_ms=now_ms, leave_bytes=leave))


def _ready_folder(place: Place) -> Path:
    folder = place.folder / place.config.backup.folder
    if place.config.backup.second_place:
        # Never made by us: where the stick is not plugged in, its folder would fill this disk.
        if not folder.is_dir():
            raise BackupPlaceMissing(folder=str(folder))
        return folder
    with writing_to(place.folder):
        (place.folder / BACKUP_FOLDER).mkdir(mode=FOLDER_MODE, exist_ok=True)
    return place.folder / BACKUP_FOLDER


def _keep_state(place: Place, packed: Packed, now_ms: int) -> None:
    facts = packed.about.facts
    seq = 0 if facts is None else facts.seq
    keep_backup_state(
        place.folder, BackupState(good_ms=now_ms, file=str(packed.file.absolute()), seq=seq)
    )


def _prune(place: Place, newest: Packed, keep: int) -> None:
    """Remove the oldest of this kiosk's own; a file that is no whole backup of it is left alone."""
    found = []
    for file in sorted(newest.file.parent.glob(f"kiosk-*{SUFFIX}"))[:LISTED_MOST]:
        if file == newest.file:
            continue
        with suppress(BoxError):
            last = look_into(file)[-1]
            if purpose_of(file, last, place) is Purpose.BACKUP:
                found.append((last.opening.made_ms, file))
    found.sort(reverse=True)
    for _made_ms, file in found[keep - 1 :]:
        with suppress(OSError):
            file.unlink()


def _stamp(now_ms: int) -> str:
    """`20260412T101500Z`, which any file system takes."""
    return re.sub(r"[-:]|\.\d+", "", rfc3339(now_ms))
