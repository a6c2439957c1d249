"""Opens a box: says what is in it, checks it, or makes a kiosk of it in a new folder.

The new folder appears whole or not at all, and nothing of the box is used before its seal held.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk import vault
from kiosk.blackbox import BoxReader, Found, SealedBy, look_into
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.copy import BEHIND_ANCHOR, check_copy, check_shelf, settle_copy
from kiosk.buffer.files import BufferPaths, flush_folder
from kiosk.buffer.practice_shelf import SHELF_NAME
from kiosk.config import FILE_NAME, PORTABLE_KEY_FILE
from kiosk.errors import (
    BoxDamaged,
    GenerationMissing,
    KeyFileDamaged,
    KeyFileLoose,
    StoreCorrupt,
    StoreExists,
    StoreNotUpgraded,
    WrongKey,
)
from kiosk.opening.about import (
    ABOUT_MOST_BYTES,
    ABOUT_SECTION,
    LOCKED,
    About,
    read_about,
)
from kiosk.opening.arrival import arrive, begin_again
from kiosk.opening.folder import FOLDER_MODE, ROOT_FILE, writing_to
from kiosk.opening.own_boxes import seal_key
from kiosk.opening.packing import BUFFER_FILES, BUFFER_SECTION, SHELF_FILES
from kiosk.opening.staging import staging_beside
from kiosk.opening.unlocking import unlock_to_look, unlock_to_work
from kiosk.vault import KEY_FILE_NAME, Vault

# What may become a file of the new folder; a section of any other name is passed over.
FILES: Final = frozenset({*BUFFER_FILES, *SHELF_FILES, ROOT_FILE, FILE_NAME, PORTABLE_KEY_FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBox:
    """The generation of a box that counts, unlocked. `older` are the whole ones before it.

    `followed_by_ruin`: something behind it was never finished, so newer content may be missing.
    """

    file: Path
    found: Found
    vault: Vault = field(repr=False)
    about: About
    older: int
    followed_by_ruin: bool

    def reader(self) -> BoxReader:
        """A reader of its sections."""
        key = b"" if _of_nobody(self.found) else seal_key(self.vault.keys)
        return BoxReader(self.file, self.found, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A kiosk in its new folder. `to_salvage`: its buffer was damaged when it was packed.

    `handed_over_before`: it was closed already when the box was made, with an earlier box.
    """

    folder: Path
    about: About
    to_salvage: bool
    handed_over_before: bool


def open_box(file: Path, secret: str, generation: int | None = None) -> OpenBox:
    """Unlock the newest whole generation of a file, or the one of this number.

    Raises:
        BoxMissing, BoxForeign, BoxTooNew, BoxTorn, BoxDamaged: the file.
        GenerationMissing: no whole generation has this number. Fields: wanted, newest.
        PassphraseWrong: it opens with another passphrase or recovery key.
    """
    every = look_into(file)
    chosen = [found for found in every if generation in {None, found.opening.number}]
    if not chosen:
        newest = every[-1].opening.number
        raise GenerationMissing(file=str(file), wanted=generation or 0, newest=newest)
    found = chosen[-1]
    unlocked = _unlock(file, found, secret)
    key = b"" if _of_nobody(found) else seal_key(unlocked.keys)
    raw = BoxReader(file, found, key).small_section(ABOUT_SECTION, ABOUT_MOST_BYTES)
    try:
        about = read_about(raw)
    except (ValueError, KeyError, TypeError):
        raise BoxDamaged(file=str(file), check="about") from None
    return OpenBox(
        file=file,
        found=found,
        vault=unlocked,
        about=about,
        older=every.index(found),
        followed_by_ruin=found.followed_by_ruin,
    )


def check_box(box: OpenBox, secret: str) -> None:
    """Read all of a box and check the buffer in it as when it was made; nothing is kept.

    Raises BoxDamaged, StoreTooNew; StoreFull when the machine has no room to look.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-check-") as folder:
        _take_out(box, Path(folder))
        _check_content(box, Path(folder), unlock_to_look(Path(folder), secret))


def unpack(box: OpenBox, secret: str, target: Path, now_ms: int) -> Unpacked:
    """Make a kiosk of a box in a folder that is empty or not there yet.

    Raises:
        StoreExists: there is something in the folder. Fields: folder.
        BoxDamaged: the box does not hold what it says.
        StoreFull, StoreReadOnly, StoreTooNew. The folder is as it was then.
    """
    refuse_full(target)
    target = target.resolve()  # a folder may be called `.`, or be a link to where there is room
    with writing_to(target.parent):
        target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with staging_beside(target) as staging:
        _take_out(box, staging)
        arrived = _make_ready(box, staging, unlock_to_work(staging, secret), now_ms)
        with writing_to(target.parent):
            flush_folder(staging)
            if target.exists():
                target.rmdir()
            staging.rename(target)
            flush_folder(target.parent)
    return Unpacked(
        folder=target,
        about=box.about,
        to_salvage=arrived is None,
        handed_over_before=arrived is True,
    )


def refuse_full(folder: Path) -> None:
    """Raise StoreExists unless the folder is empty or not there."""
    if not folder.exists():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise StoreExists(folder=str(folder))


def _make_ready(box: OpenBox, staging: Path, held: Vault, now_ms: int) -> bool | None:
    """Check what was taken out and have it begin a new life; what `arrive` says of it.

    None: it must be salvaged first.
    """
    about = box.about
    if about.damage not in {None, LOCKED, BEHIND_ANCHOR}:
        return None  # damage that no start would meet is damage all the same: left as it came
    if about.facts is not None:
        _check_content(box, staging, held)
        settle_copy(BufferPaths(folder=staging), held.keys, about.facts)
    try:
        begin_again(staging, held.keys, now_ms)
        with BufferFile.open(staging, held.keys, now_ms=now_ms) as buffer_file:
            arrived = arrive(buffer_file, box.found.opening, about, now_ms)
        if about.facts is None:
            check_copy(staging / BUFFER_SECTION, held.keys)  # nobody has looked at it yet
    except (StoreCorrupt, StoreNotUpgraded, WrongKey):
        if about.facts is not None:
            raise
        return None
    return arrived


def _take_out(box: OpenBox, folder: Path) -> None:
    """Every section as a file, and the key file; nothing counts before this returns."""
    with writing_to(folder):
        _write(folder / KEY_FILE_NAME, iter([box.found.opening.key_file]))
        for name, pieces in box.reader().sections():
            _write_section(folder, name, pieces)


def _write_section(folder: Path, name: str, pieces: Iterator[bytes]) -> None:
    if name in FILES:
        _write(folder / name, pieces)
        return
    # What is not known here is read all the same, or the seal would not be reached.
    for _ in pieces:
        pass


def _check_content(box: OpenBox, folder: Path, held: Vault) -> None:
    """Hold the buffer that was taken out against what the box says of it."""
    if box.about.facts is None:
        return
    try:
        found = check_copy(folder / BUFFER_SECTION, held.keys)
        if (folder / SHELF_NAME).exists():
            check_shelf(folder / SHELF_NAME, held.practice_key)
    except (StoreCorrupt, WrongKey) as error:
        check = str(error.fields.get("check", error.code))
        raise BoxDamaged(file=str(box.file), check=check) from None
    if found != box.about.facts:
        raise BoxDamaged(file=str(box.file), check="facts")


def _unlock(file: Path, found: Found, secret: str) -> Vault:
    """The vault of the key file that travels in the box."""
    with tempfile.TemporaryDirectory(prefix="kiosk-keys-") as folder:
        with writing_to(Path(folder)):
            _write(Path(folder) / KEY_FILE_NAME, iter([found.opening.key_file]))
        try:
            return vault.unlock(Path(folder), secret)
        except (KeyFileDamaged, KeyFileLoose):
            raise BoxDamaged(file=str(file), check="key_file") from None


def _of_nobody(found: Found) -> bool:
    return found.opening.sealed_by is SealedBy.NOBODY


def _write(file: Path, pieces: Iterator[bytes]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as opened:
        for piece in pieces:
            opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())
