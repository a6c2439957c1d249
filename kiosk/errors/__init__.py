"""The error tree: every expected failure has one leaf, one stable code, and fields safe to log.

    KioskError
    |-- RuleError             a rule of the trade said no; the machine is fine
    |   |-- NoEvent, OfferUnknown, OfferNotOnSale, SoldOut, MemberLimitReached
    |   |-- QuantityInvalid, CartEmpty, CartChanged, TooManyEntitlements
    |   |-- NameInvalid, EmailInvalid, ConsentMissing, ConsentUnknown
    |   |-- TenderNotAvailable, UnderTendered, ExposureExceeded
    |   |-- NotPermitted, PinWrong, PinInvalid, PinAlreadySet, LockedOut, ParkedCartUnknown
    |   `-- SaleConflict, SaleUnknown, FindingUnknown
    |-- StoreError            the encrypted buffer or the disk under it
    |   |-- StoreMissing, StoreExists, StoreInUse, StoreBusy, StoreTooNew, StoreTooOld
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

from kiosk.errors.base import (
    KioskError,
    leaves,
)
from kiosk.errors.rules import (
    CartChanged,
    CartEmpty,
    ConsentMissing,
    ConsentUnknown,
    EmailInvalid,
    ExposureExceeded,
    FindingUnknown,
    LockedOut,
    MemberLimitReached,
    NameInvalid,
    NoEvent,
    NotPermitted,
    OfferNotOnSale,
    OfferUnknown,
    ParkedCartUnknown,
    PinAlreadySet,
    PinInvalid,
    PinWrong,
    QuantityInvalid,
    RuleError,
    SaleConflict,
    SaleUnknown,
    SoldOut,
    TenderNotAvailable,
    TooManyEntitlements,
    UnderTendered,
)
from kiosk.errors.setup import (
    CertificateInvalid,
    ConfigInvalid,
    DisplayMissing,
    EventFileInvalid,
    EventFileUnreadable,
    Mistake,
    NotProvisioned,
    RailKeyMissing,
    RailRefused,
    RailUnreachable,
    RootInvalid,
    SetupError,
)
from kiosk.errors.store import (
    RolledBack,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreExists,
    StoreFull,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
    StoreTooOld,
    StoreUnsure,
    WrongKey,
)
from kiosk.errors.vault import (
    KeyFileDamaged,
    KeyFileLoose,
    KeyFileMissing,
    PassphraseMissing,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryUnconfirmed,
    VaultError,
)

__all__ = [
    "CartChanged",
    "CartEmpty",
    "CertificateInvalid",
    "ConfigInvalid",
    "ConsentMissing",
    "ConsentUnknown",
    "DisplayMissing",
    "EmailInvalid",
    "EventFileInvalid",
    "EventFileUnreadable",
    "ExposureExceeded",
    "FindingUnknown",
    "KeyFileDamaged",
    "KeyFileLoose",
    "KeyFileMissing",
    "KioskError",
    "LockedOut",
    "MemberLimitReached",
    "Mistake",
    "NameInvalid",
    "NoEvent",
    "NotPermitted",
    "NotProvisioned",
    "OfferNotOnSale",
    "OfferUnknown",
    "ParkedCartUnknown",
    "PassphraseMissing",
    "PassphraseWeak",
    "PassphraseWrong",
    "PinAlreadySet",
    "PinInvalid",
    "PinWrong",
    "QuantityInvalid",
    "RailKeyMissing",
    "RailRefused",
    "RailUnreachable",
    "RecoveryUnconfirmed",
    "RolledBack",
    "RootInvalid",
    "RuleError",
    "SaleConflict",
    "SaleUnknown",
    "SetupError",
    "SoldOut",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreExists",
    "StoreFull",
    "StoreInUse",
    "StoreMissing",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreTooOld",
    "StoreUnsure",
    "TenderNotAvailable",
    "TooManyEntitlements",
    "UnderTendered",
    "VaultError",
    "WrongKey",
    "leaves",
]
