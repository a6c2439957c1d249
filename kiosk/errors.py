"""The error tree: every expected failure has one leaf, one stable code, and fields safe to log.

    KioskError
    |-- RuleError             a rule of the trade said no; the machine is fine
    |   |-- NoEvent, OfferUnknown, OfferNotOnSale, SoldOut, MemberLimitReached
    |   |-- QuantityInvalid, CartEmpty, CartChanged, TooManyEntitlements
    |   |-- NameInvalid, EmailInvalid, ConsentMissing, ConsentUnknown
    |   |-- TenderNotAvailable, UnderTendered, ExposureExceeded
    |   |-- NotPermitted, PinWrong, PinInvalid, PinAlreadySet, LockedOut, ParkedCartUnknown
    |   `-- SaleConflict, SaleUnknown
    |-- StoreError            the encrypted buffer or the disk under it
    |   |-- StoreMissing, StoreExists, StoreInUse, StoreBusy, StoreTooNew
    |   |-- StoreFull, StoreReadOnly, StoreCorrupt, StoreUnsure, WrongKey
    |   `-- RolledBack
    |-- VaultError            the key file and what unlocks it
    |   |-- KeyFileMissing, KeyFileDamaged, KeyFileLoose, PassphraseWrong
    |   |-- PassphraseMissing, PassphraseWeak
    |   `-- RecoveryUnconfirmed
    `-- SetupError            something a person has to set right before selling
        |-- EventFileInvalid, EventFileUnreadable, ConfigInvalid
        |-- DisplayMissing, RootInvalid, CertificateInvalid
        `-- RailKeyMissing, NotProvisioned, RailUnreachable, RailRefused

Refusals that a screen branches on (a scan's verdict, a rail's outcome) are values. Bugs are
AssertionError and the rest, caught at the thread edges only. Fields hold no secret and no person.
"""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple


class KioskError(Exception):
    """Base of everything this program expects to go wrong. `fields` is safe to log."""

    code: ClassVar[str] = "kiosk_error"

    def __init_subclass__(cls) -> None:
        # The code is the class name in snake case: one name, never two that drift apart.
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **fields: str | int) -> None:
        self.fields = fields
        shown = ", ".join(f"{name}={value}" for name, value in fields.items())
        super().__init__(f"{self.code}: {shown}" if shown else self.code)


class RuleError(KioskError):
    """A rule of the trade said no. Nothing was recorded and nothing is broken."""


class NoEvent(RuleError):
    """No event has been loaded into this buffer yet."""


class OfferUnknown(RuleError):
    """The current event has no offer with this code. Fields: offer."""


class OfferNotOnSale(RuleError):
    """The drop is announced or closed at this instant. Fields: offer, state."""


class SoldOut(RuleError):
    """This device holds fewer than were asked for. Fields: offer, left."""


class MemberLimitReached(RuleError):
    """The drop's limit per member would be passed. Fields: offer, limit."""


class QuantityInvalid(RuleError):
    """A quantity below 1 or above the most that one sale takes. Fields: offer, quantity, most."""


class CartEmpty(RuleError):
    """A sale needs at least one line."""


class CartChanged(RuleError):
    """The price shown is not the price decided now: show the cart again. Fields: shown, now."""


class TooManyEntitlements(RuleError):
    """More different things in one cart than passes can carry. Fields: most."""


class NameInvalid(RuleError):
    """A name that is empty or too long. Fields: reason, most."""


class EmailInvalid(RuleError):
    """Not an e-mail address that could receive anything. Fields: reason."""


class ConsentMissing(RuleError):
    """The terms were not agreed to. Fields: kind."""


class ConsentUnknown(RuleError):
    """The event has no text of this kind to consent to. Fields: kind."""


class TenderNotAvailable(RuleError):
    """This way to pay does not work for this cart right now. Fields: tender, reason."""


class UnderTendered(RuleError):
    """Less cash was given than is due. Fields: due_minor, given_minor."""


class ExposureExceeded(RuleError):
    """Provisional value would pass a limit. Fields: scope, limit_minor, would_be_minor."""


class NotPermitted(RuleError):
    """Only staff may do this. Fields: action."""


class PinWrong(RuleError):
    """The PIN does not match. Fields: tries_left."""


class PinInvalid(RuleError):
    """A PIN must be 4 to 12 digits. Fields: least, most."""


class PinAlreadySet(RuleError):
    """The first PIN was set before; changing it needs the old one."""


class LockedOut(RuleError):
    """Too many wrong PINs. Fields: seconds."""


class ParkedCartUnknown(RuleError):
    """No parked cart waits under this number. Fields: number."""


class SaleConflict(RuleError):
    """This sale id already belongs to a different sale. Fields: sale_id."""


class SaleUnknown(RuleError):
    """No sale with this id is in the buffer. Fields: sale_id."""


class StoreError(KioskError):
    """The encrypted buffer, or the disk under it. No sale was acknowledged."""


class StoreMissing(StoreError):
    """There is no buffer in this folder. Fields: folder."""


class StoreExists(StoreError):
    """There is a buffer in this folder already; it is never overwritten. Fields: folder."""


class StoreInUse(StoreError):
    """Another program holds this buffer. Fields: folder."""


class StoreBusy(StoreError):
    """The buffer did not become free in time; trying again is safe."""


class StoreTooNew(StoreError):
    """A newer version of the program wrote this buffer. Fields: unknown."""


class StoreFull(StoreError):
    """The disk is full, or has less free space than selling needs. Fields: free_mb, needed_mb."""


class StoreReadOnly(StoreError):
    """The folder or the file cannot be written. Fields: folder."""


class StoreCorrupt(StoreError):
    """A check of the buffer failed; it is kept as it is. Fields: check."""


class StoreUnsure(StoreError):
    """A commit ended in an error and could not be looked up: unknown, neither failed nor done."""


class WrongKey(StoreError):
    """The buffer does not open with this key; nothing was changed."""


class RolledBack(StoreError):
    """The buffer is older than its anchor: an old copy was put back. Fields: seq, anchor_seq."""


class VaultError(KioskError):
    """The key file, or what unlocks it. The buffer is untouched."""


class KeyFileMissing(VaultError):
    """No key file beside the buffer. Fields: file."""


class KeyFileDamaged(VaultError):
    """The key file cannot be read as one. Fields: file, reason."""


class KeyFileLoose(VaultError):
    """Others on this machine may read the file. Fields: file, mode."""


class PassphraseWrong(VaultError):
    """No slot of the key file opens with this passphrase or recovery key."""


class PassphraseMissing(VaultError):
    """No passphrase was given and there is no terminal to ask at. Fields: reason."""


class PassphraseWeak(VaultError):
    """A passphrase shorter than the least length. Fields: least."""


class RecoveryUnconfirmed(VaultError):
    """The recovery key was not written down, so nothing is set up."""


class SetupError(KioskError):
    """Something a person has to set right before selling."""


class Mistake(NamedTuple):
    """One mistake in a file a person wrote: which key, which value, why; line 0 = not known."""

    key: str
    value: str
    reason: str
    line: int = 0


class EventFileInvalid(SetupError):
    """The event file has mistakes; all of them are in `mistakes`. Nothing was loaded."""

    def __init__(self, mistakes: tuple[Mistake, ...], **fields: str | int) -> None:
        super().__init__(mistakes=len(mistakes), **fields)
        self.mistakes = mistakes


class EventFileUnreadable(SetupError):
    """The event file is missing, not UTF-8, or not TOML. Fields: file, reason."""


class ConfigInvalid(SetupError):
    """kiosk.toml has mistakes; all of them are in `mistakes`."""

    def __init__(self, mistakes: tuple[Mistake, ...], **fields: str | int) -> None:
        super().__init__(mistakes=len(mistakes), **fields)
        self.mistakes = mistakes


class DisplayMissing(SetupError):
    """No screen to open a window on."""


class RootInvalid(SetupError):
    """Not a root public key (64 hexadecimal characters). Fields: file."""


class CertificateInvalid(SetupError):
    """This device's certificate does not allow issuing now. Fields: reason."""


class RailKeyMissing(SetupError):
    """No usable Stripe key for this mode. Fields: mode, reason."""


class NotProvisioned(SetupError):
    """The rail has no price or link for this offer yet. Fields: offer."""


class RailUnreachable(SetupError):
    """The rail did not answer; nothing was changed. Fields: rail."""


class RailRefused(SetupError):
    """The rail refused the request. Fields: reason."""


def leaves() -> tuple[type[KioskError], ...]:
    """Every error that can be raised: the leaves of the tree, in order of definition."""
    found: list[type[KioskError]] = []
    waiting: list[type[KioskError]] = [KioskError]
    while waiting:
        kind = waiting.pop(0)
        below = kind.__subclasses__()
        waiting.extend(below)
        if not below:
            found.append(kind)
    return tuple(found)
