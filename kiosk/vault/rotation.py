"""A new data key: every file gets a new key, and whoever knew the old one is locked out.

The key file is replaced in one step and then holds both keys of each file; they are encrypted anew
after that, and the old keys are dropped last. Cut off anywhere, every file opens with one of two
keys that the key file holds.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.buffer.keys import KEY_BYTES
from kiosk.errors import KeychainError, LastMethod
from kiosk.vault.change import NewSlot, make_slot
from kiosk.vault.data_key import Vault, checked, store, wrapped_keks, wrapped_root
from kiosk.vault.document import Document, Former, KeyCost, Rotated, Slot
from kiosk.vault.places import Places
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.slots import Method, SlotMaker, forget_beside, open_slot
from kiosk.vault.wrapping import derived, wrap


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """The secrets there are for the new slots. None: this way in is dropped.

    `keep` has to see the new recovery key kept, or raise. A PIN has to be the one that is set.
    """

    passphrase: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)
    keep: Callable[[RecoveryKey], None]
    made_ms: int
    cost: KeyCost = field(default_factory=KeyCost)


def begin_rotation(folder: Path, held: Vault, at_hand: AtHand, places: Places) -> tuple[str, ...]:
    """Put a new data key in place, beside the old keys of the files; the ways in that are dropped.

    The caller holds the buffer. From here on the old secrets' old slots are gone.

    Raises:
        LastMethod: nothing but the recovery key would open the vault. Fields: method.
        PassphraseWeak, PinInvalid, PassphraseWrong (the PIN is not the one that is set),
        DeviceSecretMissing, KeyFileDamaged, StoreReadOnly, StoreFull, and what `keep` raises.
    """
    assert held.former is None, "one rotation is finished before the next begins"
    document = checked(folder, held.data_key)
    if at_hand.pin is not None:
        open_slot(document, at_hand.pin, places)
    new_key = os.urandom(KEY_BYTES)
    maker = SlotMaker(data_key=new_key, places=places, cost=at_hand.cost, made_ms=at_hand.made_ms)
    slots = _slots(maker, document, at_hand)
    store(folder, _under(new_key, held, slots), new_key)
    for old in document.slots:
        forget_beside(old, places)
    kept = {slot.kind for slot in slots}
    return tuple(slot.kind for slot in document.slots if slot.kind not in kept)


def end_rotation(folder: Path, held: Vault) -> Vault:
    """Drop the old keys of the files, which are all under the new ones; the vault without them.

    Raises KeyFileDamaged, StoreReadOnly, StoreFull.
    """
    document = checked(folder, held.data_key)
    assert document.rotated is not None, "only a rotation that was begun can be ended"
    rotated = dataclasses.replace(document.rotated, former=None)
    store(folder, dataclasses.replace(document, rotated=rotated), held.data_key)
    return dataclasses.replace(held, former=None)


def _slots(maker: SlotMaker, document: Document, at_hand: AtHand) -> tuple[Slot, ...]:
    """New slots of what is at hand; the recovery key comes last, when nothing can fail any more."""
    slots: list[Slot] = []
    if at_hand.passphrase is not None:
        slots.append(maker.passphrase(at_hand.passphrase))
    if at_hand.pin is not None:
        slots.append(maker.pin(at_hand.pin))
    if document.slot(Method.KEYCHAIN) is not None:
        by_keychain = _keychain_slot(maker)
        slots += [] if by_keychain is None else [by_keychain]
    if not slots:
        raise LastMethod(method=Method.PASSPHRASE.value)
    recovery = NewSlot(method=Method.RECOVERY, keep=at_hand.keep, made_ms=at_hand.made_ms)
    return (*slots, make_slot(maker, recovery))


def _keychain_slot(maker: SlotMaker) -> Slot | None:
    """A new entry, or none where the keychain cannot be reached: that way in is dropped."""
    try:
        return maker.keychain()
    except KeychainError:
        return None


def _under(new_key: bytes, held: Vault, slots: tuple[Slot, ...]) -> Document:
    """Everything that the vault holds, under a new data key."""
    kept = derived(new_key, "kept")
    return Document(
        device=held.device,
        slots=slots,
        member_keks=wrapped_keks(dict(held.keys.member_kek), new_key),
        root=None if held.root is None else wrapped_root(held.root, new_key),
        rotated=Rotated(
            journal=wrap(kept, held.keys.journal, b"journal"),
            anchor=wrap(kept, held.keys.anchor, b"anchor"),
            former=Former(
                database=wrap(kept, held.keys.database, b"former database"),
                practice=wrap(kept, held.practice_key, b"former practice"),
            ),
        ),
    )
