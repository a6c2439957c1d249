"""The ways into a kiosk: listed, tried, changed, and all of them renewed with a new data key.

Each change is written down in the journal: which kind it was of, and never what it was made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk import vault
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.rekey import check_room_to_rekey
from kiosk.errors import KeyFileDamaged, StoreInUse
from kiosk.opening.folder import require_existing
from kiosk.opening.unlocking import unlock, unlock_to_work
from kiosk.system_clock import SystemClock
from kiosk.vault import Method, Vault, Way
from kiosk.vault.change import NewSlot, add_slot, change_slot, remove_slot
from kiosk.vault.data_key import checked
from kiosk.vault.places import system_places
from kiosk.vault.rotation import AtHand, begin_rotation

VAULT_CHANGED: Final = "vault.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did: the ways in there are now, and those whose secret was not at hand.

    Not `finished`: some file has pages of the old key, and the next start of the kiosk goes on.
    """

    ways: tuple[Way, ...]
    dropped: tuple[str, ...]
    finished: bool


def ways_in(folder: Path) -> tuple[Way, ...]:
    """What opens this kiosk. Raises StoreMissing, KeyFileMissing, KeyFileLoose, KeyFileDamaged."""
    require_existing(folder)
    return vault.ways(folder)


def tried(folder: Path, secret: str | None) -> str:
    """The kind of way in that this secret opens; None tries the keychain. Nothing is changed.

    Raises what `unlock` does.
    """
    require_existing(folder)
    return unlock(folder, secret).opened_by


def add_way(folder: Path, secret: str | None, new: NewSlot) -> None:
    """One more way in. Raises as `add_slot` and `open_kiosk` do."""
    with _held(folder, secret, f"{new.method}.added") as held:
        add_slot(folder, held, new, system_places())


def change_way(folder: Path, secret: str | None, new: NewSlot) -> None:
    """Another secret for a way in that is there. Raises as `change_slot` and `open_kiosk` do."""
    with _held(folder, secret, f"{new.method}.changed") as held:
        change_slot(folder, held, new, system_places())


def remove_way(folder: Path, secret: str | None, method: Method) -> None:
    """One way in fewer. Raises as `remove_slot` and `open_kiosk` do."""
    with _held(folder, secret, f"{method}.removed") as held:
        remove_slot(folder, held, method, system_places())


def rotate(folder: Path, secret: str | None, at_hand: AtHand) -> Rotation:
    """A new data key for every file; whatever is not at hand opens nothing any more.

    Cut off at any moment, the next start finishes it. Raises as `begin_rotation` and `open_kiosk`
    do, and StoreFull when the log of the new key would not fit; nothing was changed then.
    """
    check_room_to_rekey(BufferPaths(folder=folder).buffer)
    with _held(folder, secret, "data_key.rotated") as held:
        dropped = begin_rotation(folder, held, at_hand, system_places())
    # The way in that surely is there: its slot was made of what is at hand.
    renewed = unlock_to_work(folder, at_hand.passphrase or at_hand.pin)
    return Rotation(ways=ways_in(folder), dropped=dropped, finished=renewed.former is None)


def _refuse_changed(folder: Path, held: Vault) -> None:
    """Raise StoreInUse when another program put other keys in place before we held the folder."""
    try:
        checked(folder, held.data_key)
    except KeyFileDamaged as error:
        if error.fields.get("reason") != "mac":
            raise
        raise StoreInUse(folder=str(folder)) from None


@contextmanager
def _held(folder: Path, secret: str | None, change: str) -> Iterator[Vault]:
    """The vault of a folder that is held meanwhile; the change and its line are one transaction.

    A key file that could not be written leaves no line; a power cut between the two leaves the
    file changed and the line unwritten, never the other way round.
    """
    require_existing(folder)
    held = unlock_to_work(folder, secret)
    now_ms = SystemClock().now_ms()
    with (
        BufferFile.open(folder, held.keys, now_ms=now_ms) as buffer_file,
        # Sync's side of the file: this needs no room for a sale.
        buffer_file.sync().writing() as uow,
    ):
        _refuse_changed(folder, held)
        payload = {"change": change, "opened_by": held.opened_by}
        line = JournalLine(kind=VAULT_CHANGED, entity_id=f"K{held.device}", payload=payload)
        uow.journal.append(line, now_ms)
        yield held
