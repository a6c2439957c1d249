"""Packs a kiosk into a box: copied while it sells, checked by itself, and named only when whole.

The kiosk is only read. A buffer that does not read is packed as its files lie: salvage comes later.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk import __version__
from kiosk.blackbox import (
    CHUNK_BYTES,
    GENERATIONS_MOST,
    BoxReader,
    BoxWriter,
    Found,
    Opening,
    SealedBy,
    append_generation,
    look_into,
    new_box,
)
from kiosk.buffer.anchor import read_anchor
from kiosk.buffer.copy import CopyFacts, check_shelf, copy_buffer, copy_file
from kiosk.buffer.file_lock import is_read_only
from kiosk.buffer.files import BufferPaths, flush_folder
from kiosk.buffer.practice_shelf import SHELF_NAME
from kiosk.buffer.room import MEGABYTE, RoomRules
from kiosk.config import FILE_NAME, PORTABLE_KEY_FILE, Config, portable
from kiosk.errors import (
    BoxDamaged,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    WrongKey,
)
from kiosk.opening.about import (
    ABOUT_SECTION,
    LOCKED,
    About,
    Purpose,
)
from kiosk.opening.as_found import copy_as_found, copy_files
from kiosk.opening.carried_keys import keys_to_carry, shelf_keys
from kiosk.opening.folder import ROOT_FILE, require_place, writing_to
from kiosk.opening.own_boxes import NOBODY, refuse_other, seal_key
from kiosk.opening.place import Place
from kiosk.opening.staging import staging_beside

# Sections are called as the files they become.
BUFFER_SECTION: Final = "buffer.db"
BUFFER_FILES: Final = (BUFFER_SECTION, "buffer.db-wal", "buffer.anchor")
SHELF_FILES: Final = (SHELF_NAME, f"{SHELF_NAME}-wal")
SMALL_MOST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for. `leave_bytes`: so much room on the target's disk belongs to selling.

    `held`: whoever asks holds the folder, and writes nothing meanwhile.
    """

    purpose: Purpose
    now_ms: int
    handed_over: bool = False
    held: bool = False
    leave_bytes: int = RoomRules().least_to_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A box that was read back after it was written."""

    file: Path
    about: About
    number: int
    bytes: int


def pack(place: Place, target: Path, order: Order) -> Packed:
    """Write the kiosk into `target`: a backup as a new file, a black box behind what is there.

    Raises:
        BoxOfAnother: the file is there and is no box of this kiosk, or one of another purpose.
            Fields: file.
        BackupPlaceMissing: the folder it should go to is not there. Fields: folder.
        StoreMissing, StoreBusy, WrongKey, StoreInUse: the kiosk cannot be read now.
        KeyFileDamaged: the keys in the folder would open nothing.
        StoreFull, StoreReadOnly: the place cannot take it. What was there stays as it was.
        BoxDamaged: what was written did not read back.
    """
    require_place(target)
    older = refuse_other(target, place, order.purpose)
    _check_room(place.folder, target, order)
    # Before the copy: a rotation that ends meanwhile drops keys that the copy may be under.
    keys = keys_to_carry(place.folder, place.vault)
    # Not named after the file: what a killed backup left is found by the next one of another name.
    name = f"kiosk-{place.vault.device}-{order.purpose}"
    with staging_beside(target.with_name(name)) as staging:
        about = _gather(place, staging, order)
        number = older[-1].opening.number + 1 if older else 1
        opening = Opening(
            sealed_by=SealedBy.VAULT,
            number=number,
            generation_id=secrets.token_bytes(16),
            buffer_id=_buffer_id(place, about.facts),
            made_ms=order.now_ms,
            key_file=keys,
        )
        work = _Work(target=target, staging=staging, key=seal_key(place.vault.keys), older=older)
        work.write(opening, about, appending=order.purpose is Purpose.BLACK_BOX)
    return Packed(file=target, about=about, number=number, bytes=target.stat().st_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    target: Path
    staging: Path
    key: bytes = field(repr=False)
    older: tuple[Found, ...]

    def write(self, opening: Opening, about: About, *, appending: bool) -> None:
        def fill(writer: BoxWriter) -> None:
            writer.section(ABOUT_SECTION, [about.packed()])
            for file in sorted(self.staging.iterdir()):
                if not file.name.startswith("."):
                    writer.section(file.name, pieces(file))

        if appending and self.older and len(self.older) < GENERATIONS_MOST:
            append_generation(self.target, self.key, opening, fill)
            _check(self.target, self.key, opening)
            return
        made = self.staging / ".made.box"
        kept: Iterator[bytes] = iter(())
        if appending and self.older:
            kept = BoxReader(self.target, self.older[-1], self.key).raw()
        new_box(made, self.key, opening, fill, kept)
        _check(made, self.key, opening)
        with writing_to(self.target.parent):
            made.replace(self.target)
            flush_folder(self.target.parent)


def _check(path: Path, key: bytes, opening: Opening) -> None:
    """Read back what was written. Raises BoxDamaged."""
    newest = look_into(path)[-1]
    if newest.opening != opening:
        raise BoxDamaged(file=str(path), check="newest")
    BoxReader(path, newest, key).check()


def _gather(place: Place, staging: Path, order: Order) -> About:
    """Put everything that goes into the box into the folder."""
    facts, damage = None, None
    try:
        facts = copy_buffer(
            BufferPaths(folder=place.folder), place.vault.keys, staging / BUFFER_SECTION
        )
    except (StoreCorrupt, WrongKey, StoreReadOnly) as error:
        unread = isinstance(error, StoreReadOnly)
        # A backup of less must not take the place of a good one.
        if order.purpose is Purpose.BACKUP or (unread and not is_read_only(place.folder)):
            raise
        damage = LOCKED if unread else str(error.fields.get("check", error.code))
        if order.held:
            copy_files(place.folder, staging, BUFFER_FILES)
        else:
            copy_as_found(place.folder, staging, BUFFER_FILES)
    gather_small(place.folder, place.config, staging)
    if place.config.stripe.key_file is not None:
        with suppress(OSError):
            _put(staging / PORTABLE_KEY_FILE, _small(place.config.stripe.key_file))
    _gather_shelf(place, staging)
    return About(
        purpose=order.purpose,
        program=__version__,
        made_ms=order.now_ms,
        mode=str(place.config.stripe.mode),
        facts=facts,
        damage=damage,
        handed_over=order.handed_over,
    )


def gather_small(folder: Path, settings: Config, staging: Path) -> None:
    """The root's public key, and the settings without the places of this machine."""
    with writing_to(staging), suppress(FileNotFoundError):
        _put(staging / ROOT_FILE, _small(folder / ROOT_FILE))
    _put(staging / FILE_NAME, portable(settings).encode())


def _gather_shelf(place: Place, staging: Path) -> None:
    """The practice Stripe's shelf, if there is one. Practice money stops no black box."""
    shelf = place.folder / SHELF_NAME
    if not shelf.is_file():
        return
    for key in shelf_keys(place.vault):
        try:
            copy_file(shelf, key, staging / SHELF_NAME)
            check_shelf(staging / SHELF_NAME, key)
        except StoreFull:
            raise
        except StoreError:
            (staging / SHELF_NAME).unlink(missing_ok=True)
        else:
            return


def _check_room(folder: Path, target: Path, order: Order) -> None:
    """Raise StoreFull before anything is begun that would not fit. Fields: free_mb, needed_mb."""
    paths = BufferPaths(folder=folder)
    size = sum(
        file.stat().st_size
        for file in (paths.buffer, paths.log, folder / SHELF_NAME)
        if file.is_file()
    )
    needed = 2 * size + order.leave_bytes
    with writing_to(target.parent):
        free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise StoreFull(free_mb=free // MEGABYTE, needed_mb=needed // MEGABYTE)


def _buffer_id(place: Place, facts: CopyFacts | None) -> str:
    if facts is not None:
        return facts.buffer_id
    mark = read_anchor(BufferPaths(folder=place.folder).anchor, place.vault.keys.anchor)
    return NOBODY if mark is None else mark.buffer_id


def _small(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(SMALL_MOST_BYTES)


def _put(file: Path, raw: bytes) -> None:
    with writing_to(file.parent):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(raw)


def pieces(file: Path) -> Iterator[bytes]:
    """A file in pieces of a chunk."""
    with file.open("rb") as opened:
        while piece := opened.read(CHUNK_BYTES):
            yield piece
