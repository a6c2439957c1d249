"""The slots of the vault: how each kind of secret makes and opens the one that is its own."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag

from kiosk.errors import (
    DeviceSecretMissing,
    KeychainEntryMissing,
    MethodMissing,
    PassphraseWeak,
    PassphraseWrong,
    PinInvalid,
)
from kiosk.vault.document import Document, KeyCost, Slot
from kiosk.vault.keychain import SECRET_BYTES
from kiosk.vault.places import Places
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.recovery_words import read_recovery, slip_in
from kiosk.vault.wrapping import derived, stretched, unwrap, wrap

PASSPHRASE_LEAST: Final = 1  # what a person types has to be longer: see kiosk.passphrase
PASSPHRASE_MOST: Final = 1024  # characters looked at; more add nothing but work
PIN_LEAST: Final = 6
PIN_MOST: Final = 12
_SALT_BYTES: Final = 16


class Method(StrEnum):
    """The kinds of slots, by the words in the file."""

    PASSPHRASE = "passphrase"
    PIN = "pin"
    KEYCHAIN = "keychain"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way into the vault. `made_ms` None: an older program made it and kept no date."""

    method: str
    made_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The data key, and the kind of slot it came out of."""

    data_key: bytes = field(repr=False)
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMaker:
    """Makes slots around one data key."""

    data_key: bytes = field(repr=False)
    places: Places
    cost: KeyCost
    made_ms: int | None

    def passphrase(self, passphrase: str) -> Slot:
        """Raises PassphraseWeak. Fields: least."""
        secret = normal(passphrase)
        if len(secret) < PASSPHRASE_LEAST:
            raise PassphraseWeak(least=PASSPHRASE_LEAST)
        return self._holding(Method.PASSPHRASE, secret.encode())

    def recovery(self, recovery: RecoveryKey) -> Slot:
        """The slot of this recovery key, which has to be kept before the slot is written."""
        return self._holding(Method.RECOVERY, recovery.raw)

    def pin(self, pin: str) -> Slot:
        """A slot for a PIN and a new secret of this machine, which is kept first.

        Raises PinInvalid (Fields: least, most), KeychainLocked, StoreReadOnly.
        """
        if not is_pin(pin):
            raise PinInvalid(least=PIN_LEAST, most=PIN_MOST)
        salt, secret = os.urandom(_SALT_BYTES), os.urandom(SECRET_BYTES)
        self.places.keep_device_secret(account_of(Method.PIN, salt), secret)
        return self._holding(Method.PIN, pin.encode(), salt, secret)

    def keychain(self) -> Slot:
        """A slot for a new random key in the keychain, which is kept first.

        Raises KeychainMissing, KeychainLocked, KeychainEntryMissing (it did not stay there).
        """
        salt, secret = os.urandom(_SALT_BYTES), os.urandom(SECRET_BYTES)
        self.places.keychain().keep(account_of(Method.KEYCHAIN, salt), secret)
        return self._holding(Method.KEYCHAIN, secret, salt)

    def _holding(
        self, method: Method, material: bytes, salt: bytes = b"", mixed: bytes = b""
    ) -> Slot:
        stretches = method in {Method.PASSPHRASE, Method.PIN}
        slot = Slot(
            kind=method.value,
            salt=salt or os.urandom(_SALT_BYTES),
            cost=self.cost if stretches else None,
            made_ms=self.made_ms,
        )
        key = _slot_key(slot, material, mixed)
        return slot.holding(wrap(key, self.data_key, slot.header()))


def open_slot(document: Document, secret: str, places: Places) -> Found:
    """The data key, by whichever slot this secret opens: passphrase, PIN or recovery key.

    Raises:
        PassphraseWrong: none of them.
        RecoverySlip, RecoveryUnfit: none, and it was meant as a recovery key.
        DeviceSecretMissing, KeychainLocked: a PIN, and its other half cannot be had.
    """
    recovery = read_recovery(secret)
    missing: DeviceSecretMissing | None = None
    for slot in document.slots:
        mixed = b""
        if slot.kind == Method.RECOVERY and recovery is not None:
            material = recovery.raw
        elif slot.kind == Method.PASSPHRASE:
            material = normal(secret).encode()
        elif slot.kind == Method.PIN and is_pin(secret):
            try:
                mixed = places.device_secret(account_of(Method.PIN, slot.salt))
            except DeviceSecretMissing as error:
                missing = error
                continue
            material = secret.encode()
        else:
            continue  # or a kind that a newer version knows: not ours to try
        try:
            data_key = unwrap(_slot_key(slot, material, mixed), slot.wrapped, slot.header())
        except InvalidTag:
            continue
        return Found(data_key=data_key, method=slot.kind)
    raise missing or slip_in(secret) or PassphraseWrong()


def open_by_keychain(document: Document, places: Places) -> Found:
    """The data key, by what the keychain of this machine holds, with nobody there.

    Raises:
        MethodMissing: the file has no such slot. Fields: method.
        KeychainMissing, KeychainLocked, KeychainEntryMissing.
    """
    slot = document.slot(Method.KEYCHAIN)
    if slot is None:
        raise MethodMissing(method=Method.KEYCHAIN.value)
    keychain = places.keychain()
    keychain.refuse_locked()
    secret = keychain.read(account_of(Method.KEYCHAIN, slot.salt))
    try:
        data_key = unwrap(_slot_key(slot, secret), slot.wrapped, slot.header())
    except InvalidTag:
        raise KeychainEntryMissing from None
    return Found(data_key=data_key, method=slot.kind)


def forget_beside(slot: Slot, places: Places) -> None:
    """Remove what a slot that is gone had outside the folder. Raises nothing that matters."""
    account = account_of(slot.kind, slot.salt)
    if slot.kind in {Method.PIN, Method.KEYCHAIN}:
        places.forget_device_secret(account)


def account_of(kind: str, salt: bytes) -> str:
    """The name of a slot's secret outside the folder; a new slot never has an old one's."""
    return f"{kind}-{salt.hex()}"


def is_pin(text: str) -> bool:
    """Whether a text is a PIN of the vault: `PIN_LEAST` to `PIN_MOST` digits."""
    return re.fullmatch(f"[0-9]{{{PIN_LEAST},{PIN_MOST}}}", text) is not None


def normal(passphrase: str) -> str:
    """The same passphrase from every keyboard: composed letters, and not without limit."""
    return unicodedata.normalize("NFC", passphrase)[:PASSPHRASE_MOST]


def _slot_key(slot: Slot, material: bytes, mixed: bytes = b"") -> bytes:
    """The key of one slot: stretched from what a person can remember, or derived from 256 bits.

    A PIN's is mixed with 256 bits of this machine, so that the file alone does not give it away.
    """
    label = f"slot {slot.kind} {slot.salt.hex()}"
    if slot.cost is None:
        return derived(material, label)
    key = stretched(material, slot.salt, slot.cost)
    return derived(key + mixed, label) if mixed else key
