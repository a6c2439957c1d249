"""Changing what opens the vault, without encrypting anything else anew.

Each change replaces the key file in one step, after whatever its slot needs elsewhere is kept: cut
off anywhere, the vault opens with the old secret or the new one. The caller holds the buffer.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from kiosk.buffer.keys import KEY_BYTES
from kiosk.errors import LastMethod, MethodExists, MethodMissing, RecoveryNeeded
from kiosk.vault.data_key import Vault, checked, store, wrapped_keks
from kiosk.vault.document import Document, KeyCost, Slot
from kiosk.vault.places import Places
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.slots import Method, SlotMaker, forget_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlot:
    """What a new way in is made of. `secret` for a passphrase or PIN, `keep` for a recovery key.

    `keep` has to see the new recovery key kept, or raise; nothing is written before it has.
    """

    method: Method
    secret: str = field(default="", repr=False)
    keep: Callable[[RecoveryKey], None] | None = None
    made_ms: int
    cost: KeyCost = field(default_factory=KeyCost)


def add_slot(folder: Path, held: Vault, new: NewSlot, places: Places) -> None:
    """One more way in.

    Raises MethodExists (Fields: method), PassphraseWeak, PinInvalid, leaves of the keychain,
    KeyFileDamaged, StoreReadOnly, StoreFull.
    """
    document = checked(folder, held.data_key)
    if document.slot(new.method) is not None:
        raise MethodExists(method=new.method.value)
    _put(folder, held, document, new, places)


def change_slot(folder: Path, held: Vault, new: NewSlot, places: Places) -> None:
    """Another secret for a way in that is there. Raises MethodMissing, and what `add_slot` does."""
    document = checked(folder, held.data_key)
    old = document.slot(new.method)
    if old is None:
        raise MethodMissing(method=new.method.value)
    _put(folder, held, document, new, places)
    forget_beside(old, places)


def remove_slot(folder: Path, held: Vault, method: Method, places: Places) -> None:
    """Take a way in away.

    Raises MethodMissing, LastMethod (it is the last beside the recovery key), RecoveryNeeded.
    """
    document = checked(folder, held.data_key)
    old = document.slot(method)
    if old is None:
        raise MethodMissing(method=method.value)
    if method is Method.RECOVERY:
        raise RecoveryNeeded
    left = document.without_slot(method)
    check_way_in(left, method)
    store(folder, left, held.data_key)
    forget_beside(old, places)


def replace_member_keks(folder: Path, held: Vault, keks: Mapping[int, bytes]) -> Vault:
    """Other keys to wrap members' keys: for an erasure, which destroys the old one.

    The vault with these keys. Raises KeyFileDamaged, StoreReadOnly, StoreFull.
    """
    document = checked(folder, held.data_key)
    # The number of a key that somebody has used since would be given to another: what members' keys
    # are wrapped under would be gone, and with it everything personal of everybody.
    assert document.member_keks.keys() <= held.keys.member_kek.keys(), "a vault of before a change"
    wrapped = wrapped_keks(dict(keks), held.data_key)
    store(folder, dataclasses.replace(document, member_keks=wrapped), held.data_key)
    keys = dataclasses.replace(held.keys, member_kek=dict(keks))
    return dataclasses.replace(held, keys=keys)


def make_slot(maker: SlotMaker, new: NewSlot) -> Slot:
    """The slot, with whatever it needs elsewhere kept there. Raises as `add_slot` does."""
    match new.method:
        case Method.PASSPHRASE:
            return maker.passphrase(new.secret)
        case Method.PIN:
            return maker.pin(new.secret)
        case Method.KEYCHAIN:
            return maker.keychain()
        case Method.RECOVERY:
            assert new.keep is not None, "a new recovery key is kept before it is used"
            recovery = RecoveryKey(raw=os.urandom(KEY_BYTES))
            new.keep(recovery)
            return maker.recovery(recovery)
        case _:
            assert_never(new.method)


def check_way_in(document: Document, method: Method) -> None:
    """Raise LastMethod when nothing would be left but the recovery key."""
    if all(slot.kind == Method.RECOVERY for slot in document.slots):
        raise LastMethod(method=method.value)


def _put(folder: Path, held: Vault, document: Document, new: NewSlot, places: Places) -> None:
    maker = SlotMaker(data_key=held.data_key, places=places, cost=new.cost, made_ms=new.made_ms)
    store(folder, document.with_slot(make_slot(maker, new)), held.data_key)
