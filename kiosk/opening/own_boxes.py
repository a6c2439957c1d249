"""Which boxes in a file are this kiosk's own, and what they were made for.

A backup takes the place of an older one, and must never take that of the box a kiosk was handed
over with: that may hold the only copy of what is unsent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from kiosk.blackbox import BoxReader, Found, SealedBy, look_into
from kiosk.buffer.anchor import read_anchor
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import KEY_BYTES, BufferKeys
from kiosk.errors import BoxDamaged, BoxOfAnother
from kiosk.opening.about import ABOUT_MOST_BYTES, ABOUT_SECTION, Purpose, read_about
from kiosk.opening.carried_keys import key_file
from kiosk.opening.place import Place

NOBODY: Final = "00000000-0000-0000-0000-000000000000"


def refuse_other(target: Path, place: Place, purpose: Purpose) -> tuple[Found, ...]:
    """What the file holds already: boxes of this kiosk that were made for the same purpose.

    Raises BoxOfAnother; BoxForeign, BoxTooNew, BoxTorn, BoxDamaged where it is no box.
    """
    if not target.exists():
        return ()
    older = look_into(target)
    if any(purpose_of(target, found, place) is not purpose for found in older):
        raise BoxOfAnother(file=str(target))
    return older


def purpose_of(file: Path, found: Found, place: Place) -> Purpose | None:
    """What a box in this file was made for; None where it is not of this kiosk."""
    mark = read_anchor(BufferPaths(folder=place.folder).anchor, place.vault.keys.anchor)
    ours = {NOBODY} if mark is None else {NOBODY, mark.buffer_id}
    if found.opening.buffer_id not in ours:
        return None
    if found.opening.sealed_by is SealedBy.NOBODY:
        # Made without a passphrase: only its key file can tell whose it is.
        same = found.opening.key_file == key_file(place.folder)
        return Purpose.BLACK_BOX if same else None
    reader = BoxReader(file, found, seal_key(place.vault.keys))
    try:
        return read_about(reader.small_section(ABOUT_SECTION, ABOUT_MOST_BYTES)).purpose
    except (BoxDamaged, ValueError, KeyError, TypeError):
        return None


def seal_key(keys: BufferKeys) -> bytes:
    """The key that seals boxes of this vault.

    Not of the database's key: that one changes while a rotation is under way.
    """
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=b"kiosk box 1: seal").derive(
        keys.anchor
    )
