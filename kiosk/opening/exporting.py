"""Writes a black box of a kiosk, closes a kiosk with one, and opens it again.

It works beside a running kiosk, and on a damaged or locked one as far as that can be read. A kiosk
is closed only after its box was read back: it never ends up closed with nothing to go on from.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk import __version__, config
from kiosk.blackbox import BoxWriter, Opening, SealedBy, new_box
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.copy import Unsent, count_unsent
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import JournalLine
from kiosk.config import Config, StripeConfig, WindowConfig
from kiosk.errors import BoxOfAnother, ConfigInvalid, NotHandedOver, StoreError
from kiosk.opening.about import ABOUT_SECTION, LOCKED, About, Purpose
from kiosk.opening.as_found import copy_as_found
from kiosk.opening.carried_keys import key_file
from kiosk.opening.folder import require_existing, require_place, writing_to
from kiosk.opening.handed import (
    EXPORTED,
    TAKEN_BACK,
    forget_handed_over,
    is_handed_over,
    put_handed_over,
)
from kiosk.opening.own_boxes import NOBODY, refuse_other
from kiosk.opening.packing import (
    BUFFER_FILES,
    SHELF_FILES,
    Order,
    Packed,
    gather_small,
    pack,
    pieces,
)
from kiosk.opening.place import Place
from kiosk.opening.staging import staging_beside
from kiosk.opening.unlocking import unlock_to_look


def export(place: Place, target: Path, now_ms: int) -> Packed:
    """Write a black box, beside a running kiosk too; the kiosk goes on. Raises as `pack`."""
    require_place(target)  # before anything is written down
    refuse_other(target, place, Purpose.BLACK_BOX)
    with _held(place, now_ms) as buffer_file:
        if buffer_file is not None:
            _write_down(buffer_file, EXPORTED, now_ms, {"hand_over": False})
    return pack(place, target, Order(purpose=Purpose.BLACK_BOX, now_ms=now_ms))


def hand_over(place: Place, target: Path, now_ms: int) -> Packed:
    """Write a black box and close this kiosk: its work goes on where the box is opened.

    Raises as `pack`, and StoreInUse while the kiosk runs: nothing may be sold in between.
    """
    require_place(target)  # before anything is written down
    refuse_other(target, place, Purpose.BLACK_BOX)
    with BufferFile.open(place.folder, place.vault.keys, now_ms=now_ms) as buffer_file:
        _write_down(buffer_file, EXPORTED, now_ms, {"hand_over": True})
        order = Order(purpose=Purpose.BLACK_BOX, now_ms=now_ms, handed_over=True, held=True)
        packed = pack(place, target, order)
        with buffer_file.sync().writing() as uow:
            put_handed_over(uow, target.name, now_ms)
    return packed


def take_back(place: Place, now_ms: int) -> None:
    """Open a kiosk again that was handed over; only when the other one was never started.

    Raises NotHandedOver, and leaves of StoreError.
    """
    with BufferFile.open(place.folder, place.vault.keys, now_ms=now_ms) as buffer_file:
        with buffer_file.sync().reading() as uow:
            if not is_handed_over(uow):
                raise NotHandedOver
        _write_down(buffer_file, TAKEN_BACK, now_ms, {})
        with buffer_file.sync().writing() as uow:
            forget_handed_over(uow, now_ms)


def export_locked(folder: Path, target: Path, now_ms: int) -> None:
    """Write the encrypted files as they lie, when nobody has the passphrase at hand.

    Damage to such a box shows, but its maker is not vouched for. The rail's key stays out of it.
    Raises StoreMissing, StoreInUse, StoreFull, StoreReadOnly, BoxOfAnother, BackupPlaceMissing.
    """
    require_existing(folder)
    require_place(target)
    if target.exists():
        raise BoxOfAnother(file=str(target))
    opening = Opening(
        sealed_by=SealedBy.NOBODY,
        number=1,
        generation_id=secrets.token_bytes(16),
        buffer_id=NOBODY,
        made_ms=now_ms,
        key_file=key_file(folder),
    )
    settings = settings_of(folder)
    about = About(
        purpose=Purpose.BLACK_BOX,
        program=__version__,
        made_ms=now_ms,
        mode=str(settings.stripe.mode),
        facts=None,
        damage=LOCKED,
    )
    with staging_beside(target) as staging:
        copy_as_found(folder, staging, BUFFER_FILES + SHELF_FILES)
        gather_small(folder, settings, staging)

        def fill(writer: BoxWriter) -> None:
            writer.section(ABOUT_SECTION, [about.packed()])
            for file in sorted(staging.iterdir()):
                writer.section(file.name, pieces(file))

        made = staging.with_name(f"{staging.name}.box")
        made.unlink(missing_ok=True)
        new_box(made, b"", opening, fill)
        with writing_to(target.parent):
            made.replace(target)


def unsent_here(place: Place) -> tuple[tuple[Unsent, ...], bool]:
    """What the rail does not have yet, and whether it was handed over; beside whoever sells.

    Raises leaves of StoreError.
    """
    unsent = count_unsent(BufferPaths(folder=place.folder), place.vault.keys)
    with BufferFile.look(place.folder, place.vault.keys) as buffer, buffer.reading() as uow:
        return unsent, is_handed_over(uow)


def place_of(folder: Path, secret: str | None) -> Place:
    """A kiosk folder to be packed, whatever state its settings are in.

    Raises StoreMissing and leaves of VaultError.
    """
    require_existing(folder)
    return Place(folder=folder, config=settings_of(folder), vault=unlock_to_look(folder, secret))


def settings_of(folder: Path) -> Config:
    """The settings, or the defaults when the file has mistakes: they must not stop a rescue."""
    try:
        return config.load(folder)
    except ConfigInvalid:
        return Config(stripe=StripeConfig(), window=WindowConfig())


@contextmanager
def _held(place: Place, now_ms: int) -> Iterator[BufferFile | None]:
    """The kiosk, held to write in its journal; None where it runs, or cannot be written."""
    try:
        buffer_file = BufferFile.open(place.folder, place.vault.keys, now_ms=now_ms)
    except StoreError:
        yield None
        return
    with buffer_file:
        yield buffer_file


def _write_down(
    buffer_file: BufferFile, kind: str, now_ms: int, payload: dict[str, object]
) -> None:
    buffer = buffer_file.sync()
    with buffer.writing() as uow:
        line = JournalLine(kind=kind, entity_id=buffer.identity.buffer_id, payload=payload)
        uow.journal.append(line, now_ms)
