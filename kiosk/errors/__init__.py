"""The error tree: every expected failure has one leaf, one stable code, and fields safe to log.

    KioskError
    |-- RuleError             a rule of the trade said no; the machine is fine
    |   |-- NoEvent, OfferUnknown, OfferNotOnSale, SoldOut, MemberLimitReached
    |   |-- QuantityInvalid, CartEmpty, CartChanged, TooManyEntitlements
    |   |-- NameInvalid, EmailInvalid, ConsentMissing, ConsentUnknown
    |   |-- TenderNotAvailable, UnderTendered, ExposureExceeded
    |   |-- NotPermitted, PinWrong, PinInvalid, PinAlreadySet, LockedOut, ParkedCartUnknown
    |   |-- SaleConflict, SaleUnknown, FindingUnknown, NothingRestored
    |   `-- MemberUnknown, MemberUnsent, MemberErased
    |-- StoreError            the encrypted buffer or the disk under it
    |   |-- StoreMissing, StoreExists, StoreInUse, StoreBusy, StoreTooNew, StoreTooOld
    |   |-- StoreNotUpgraded, StoreFull, StoreReadOnly, StoreCorrupt, StoreUnsure, WrongKey
    |   `-- RolledBack, StoreForked, HandedOver
    |-- VaultError            the key file and what unlocks it
    |   |-- KeyFileMissing, KeyFileDamaged, KeyFileLoose, SecretFileLoose
    |   |-- PassphraseWrong, PassphraseMissing, PassphraseWeak, TooManyTries
    |   |-- KeychainMissing, KeychainLocked, KeychainEntryMissing, DeviceSecretMissing
    |   |-- MethodExists, MethodMissing, LastMethod
    |   `-- RecoverySlip, RecoveryUnfit, RecoveryNeeded, RecoveryUnconfirmed
    |-- BoxError              a backup or black box, and the file it is
    |   |-- BoxMissing, BoxForeign, BoxTooNew, BoxTorn, BoxDamaged, BoxOfAnother
    |   `-- GenerationMissing, BackupPlaceMissing, NotHandedOver
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
from kiosk.errors.box import (
    BackupPlaceMissing,
    BoxDamaged,
    BoxError,
    BoxForeign,
    BoxMissing,
    BoxOfAnother,
    BoxTooNew,
    BoxTorn,
    GenerationMissing,
    NotHandedOver,
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
    MemberErased,
    MemberLimitReached,
    MemberUnknown,
    MemberUnsent,
    NameInvalid,
    NoEvent,
    NothingRestored,
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
    HandedOver,
    RolledBack,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreExists,
    StoreForked,
    StoreFull,
    StoreInUse,
    StoreMissing,
    StoreNotUpgraded,
    StoreReadOnly,
    StoreTooNew,
    StoreTooOld,
    StoreUnsure,
    WrongKey,
)
from kiosk.errors.vault import (
    DeviceSecretMissing,
    KeychainEntryMissing,
    KeychainError,
    KeychainLocked,
    KeychainMissing,
    KeyFileDamaged,
    KeyFileLoose,
    KeyFileMissing,
    LastMethod,
    MethodExists,
    MethodMissing,
    PassphraseMissing,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryNeeded,
    RecoverySlip,
    RecoveryUnconfirmed,
    RecoveryUnfit,
    SecretFileLoose,
    TooManyTries,
    VaultError,
)

__all__ = [
    "BackupPlaceMissing",
    "BoxDamaged",
    "BoxError",
    "BoxForeign",
    "BoxMissing",
    "BoxOfAnother",
    "BoxTooNew",
    "BoxTorn",
    "CartChanged",
    "CartEmpty",
    "CertificateInvalid",
    "ConfigInvalid",
    "ConsentMissing",
    "ConsentUnknown",
    "DeviceSecretMissing",
    "DisplayMissing",
    "EmailInvalid",
    "EventFileInvalid",
    "EventFileUnreadable",
    "ExposureExceeded",
    "FindingUnknown",
    "GenerationMissing",
    "HandedOver",
    "KeyFileDamaged",
    "KeyFileLoose",
    "KeyFileMissing",
    "KeychainEntryMissing",
    "KeychainError",
    "KeychainLocked",
    "KeychainMissing",
    "KioskError",
    "LastMethod",
    "LockedOut",
    "MemberErased",
    "MemberLimitReached",
    "MemberUnknown",
    "MemberUnsent",
    "MethodExists",
    "MethodMissing",
    "Mistake",
    "NameInvalid",
    "NoEvent",
    "NotHandedOver",
    "NotPermitted",
    "NotProvisioned",
    "NothingRestored",
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
    "RecoveryNeeded",
    "RecoverySlip",
    "RecoveryUnconfirmed",
    "RecoveryUnfit",
    "RolledBack",
    "RootInvalid",
    "RuleError",
    "SaleConflict",
    "SaleUnknown",
    "SecretFileLoose",
    "SetupError",
    "SoldOut",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreExists",
    "StoreForked",
    "StoreFull",
    "StoreInUse",
    "StoreMissing",
    "StoreNotUpgraded",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreTooOld",
    "StoreUnsure",
    "TenderNotAvailable",
    "TooManyEntitlements",
    "TooManyTries",
    "UnderTendered",
    "VaultError",
    "WrongKey",
    "leaves",
]
