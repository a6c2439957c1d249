"""One sentence for each leaf of the error tree: what happened, what is safe, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk import errors as e
from kiosk.ui.text_vault import VAULT
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

_RULES: Final[Mapping[type[e.KioskError], str]] = {
    e.NoEvent: QT_TRANSLATE_NOOP(
        "Errors", "No event has been loaded yet. Load one, and the shop opens."
    ),
    e.OfferUnknown: QT_TRANSLATE_NOOP(
        "Errors", "“{offer}” is not part of this event any more. Please take it out of the "
        "cart."
    ),
    e.OfferNotOnSale: QT_TRANSLATE_NOOP(
        "Errors", "“{offer}” is not on sale right now. Please take it out of the cart."
    ),
    e.SoldOut: QT_TRANSLATE_NOOP(
        "Errors", "Only {left} of “{offer}” left here. Please take fewer, or something else."
    ),
    e.MemberLimitReached: QT_TRANSLATE_NOOP(
        "Errors", "Each member can have {limit} of “{offer}”. Please take fewer."
    ),
    e.QuantityInvalid: QT_TRANSLATE_NOOP(
        "Errors", "One sale takes between 1 and {most} of a thing. Please change the number."
    ),
    e.CartEmpty: QT_TRANSLATE_NOOP(
        "Errors", "The cart is empty. Pick something first."
    ),
    e.CartChanged: QT_TRANSLATE_NOOP(
        "Errors", "A price has changed since you looked. Nothing was charged: please check "
        "the cart."
    ),
    e.TooManyEntitlements: QT_TRANSLATE_NOOP(
        "Errors", "This is more than one sale can carry. Please split it into two."
    ),
    e.NameInvalid: QT_TRANSLATE_NOOP(
        "Errors", "Please write a name of 1 to {most} characters."
    ),
    e.EmailInvalid: QT_TRANSLATE_NOOP(
        "Errors", "That does not look like an e-mail address. Please check it."
    ),
    e.ConsentMissing: QT_TRANSLATE_NOOP(
        "Errors", "Please agree to the terms to go on."
    ),
    e.ConsentUnknown: QT_TRANSLATE_NOOP(
        "Errors", "This event has no text of that kind to agree to. Please look at the list again."
    ),
    e.TenderNotAvailable: QT_TRANSLATE_NOOP(
        "Errors", "This way to pay does not work right now. Nothing was charged: please "
        "pick another."
    ),
    e.UnderTendered: QT_TRANSLATE_NOOP(
        "Errors", "That is less than the amount due. Please count again."
    ),
    e.ExposureExceeded: QT_TRANSLATE_NOOP(
        "Errors", "Enough is open on trust for now. Nothing was charged: please pay with cash."
    ),
    e.NotPermitted: QT_TRANSLATE_NOOP(
        "Errors", "Only staff can do this. Please ask at the counter."
    ),
    e.PinWrong: QT_TRANSLATE_NOOP(
        "Errors", "That PIN is not right. Please try again."
    ),
    e.PinInvalid: QT_TRANSLATE_NOOP(
        "Errors", "A PIN has {least} to {most} digits."
    ),
    e.PinAlreadySet: QT_TRANSLATE_NOOP(
        "Errors", "A PIN is set already. Sign in with it."
    ),
    e.LockedOut: QT_TRANSLATE_NOOP(
        "Errors", "Too many wrong PINs. Please wait {seconds} seconds and try again."
    ),
    e.ParkedCartUnknown: QT_TRANSLATE_NOOP(
        "Errors", "No cart waits under number {number}. It may have been completed already."
    ),
    e.SaleConflict: QT_TRANSLATE_NOOP(
        "Errors", "This sale was completed before with other things in it. Nothing was charged "
        "twice: please start again."
    ),
    e.SaleUnknown: QT_TRANSLATE_NOOP(
        "Errors", "This sale is not known to this kiosk."
    ),
    e.FindingUnknown: QT_TRANSLATE_NOOP(
        "Errors", "This is not on the list of what needs attention. Nothing was changed."
    ),
    e.NothingRestored: QT_TRANSLATE_NOOP(
        "Errors", "Nothing is missing from this copy as far as anything remembers, so there is "
        "nothing to confirm. If the whole folder was put back, say so with --whole-folder."
    ),
    e.MemberUnknown: QT_TRANSLATE_NOOP(
        "Errors", "Nobody with this id or address is a member here. Nothing was changed."
    ),
    e.MemberUnsent: QT_TRANSLATE_NOOP(
        "Errors", "Something of this member has not been sent or paid yet ({receipts}). Nothing "
        "was erased: wait until it is, or have it done then with --when-sent."
    ),
    e.MemberErased: QT_TRANSLATE_NOOP(
        "Errors", "This member was erased, and the passes with them. Passes on their phone stay "
        "valid."
    ),
}  # fmt: skip

_STORE: Final[Mapping[type[e.KioskError], str]] = {
    e.StoreMissing: QT_TRANSLATE_NOOP(
        "Errors", "There is no sales file in this folder. Check the folder, or set the kiosk up "
        "first. Nothing was changed."
    ),
    e.StoreExists: QT_TRANSLATE_NOOP(
        "Errors", "This folder holds a sales file already. It was left as it is: choose another "
        "folder."
    ),
    e.StoreInUse: QT_TRANSLATE_NOOP(
        "Errors", "The kiosk is open already, in another window or program. Close that one first; "
        "its sales are safe."
    ),
    e.StoreBusy: QT_TRANSLATE_NOOP(
        "Errors", "The sales file is busy. Nothing was charged: please try again in a moment."
    ),
    e.StoreTooNew: QT_TRANSLATE_NOOP(
        "Errors", "A newer version of the program wrote these sales. They are safe: update the "
        "program and open them again."
    ),
    e.StoreTooOld: QT_TRANSLATE_NOOP(
        "Errors", "An earlier version of the program wrote these sales. They are safe: open the "
        "kiosk once, and it brings the file up to date."
    ),
    e.StoreNotUpgraded: QT_TRANSLATE_NOOP(
        "Errors", "This version could not take over the sales of the earlier one ({check}). They "
        "are safe and as they were: open them with the earlier version and ask for help."
    ),
    e.StoreFull: QT_TRANSLATE_NOOP(
        "Errors", "There is not enough room on the disk, so this was not done. All sales so far "
        "are safe: free some space, then try again."
    ),
    e.StoreReadOnly: QT_TRANSLATE_NOOP(
        "Errors", "The kiosk may not write in its folder. All sales so far are safe: check the "
        "rights of the folder."
    ),
    e.StoreCorrupt: QT_TRANSLATE_NOOP(
        "Errors", "The sales file is damaged ({check}). Nothing of it was deleted: close this "
        "program and run “kiosk salvage”, which copies everything readable into a new file."
    ),
    e.StoreUnsure: QT_TRANSLATE_NOOP(
        "Errors", "It is not certain whether this sale was recorded. Do not charge again: try "
        "once more, and the same sale will be found."
    ),
    e.WrongKey: QT_TRANSLATE_NOOP(
        "Errors", "The sales file does not open with this key. Nothing was changed: check that "
        "the key file belongs to this folder."
    ),
    e.RolledBack: QT_TRANSLATE_NOOP(
        "Errors", "An older copy of the sales file was put back, and newer sales are missing from "
        "it. Put the newest copy back, or confirm this one with “kiosk restored” and sell on."
    ),
    e.StoreForked: QT_TRANSLATE_NOOP(
        "Errors", "Another copy of this kiosk has been selling. The sales made here are safe and "
        "are sent: sell on there, or close that one and confirm this one with “kiosk restored”."
    ),
    e.HandedOver: QT_TRANSLATE_NOOP(
        "Errors", "This kiosk was handed over with the file “{file}”: another one goes on with "
        "its sales. Nothing is sold or sent here, and nothing is lost."
    ),
}  # fmt: skip

_BOX: Final[Mapping[type[e.KioskError], str]] = {
    e.BoxMissing: QT_TRANSLATE_NOOP(
        "Errors", "There is no such file, or it cannot be read. Nothing was changed: check its "
        "name and the stick it is on."
    ),
    e.BoxForeign: QT_TRANSLATE_NOOP(
        "Errors", "This file is neither a backup nor a black box of a kiosk. Nothing was changed: "
        "choose another file."
    ),
    e.BoxTooNew: QT_TRANSLATE_NOOP(
        "Errors", "A newer version of the program wrote this file. Nothing was changed: update "
        "the program and try again."
    ),
    e.BoxTorn: QT_TRANSLATE_NOOP(
        "Errors", "The file was cut off while it was written and holds nothing whole. Nothing was "
        "changed: take an older one, or make it again."
    ),
    e.BoxDamaged: QT_TRANSLATE_NOOP(
        "Errors", "The file is not what was written: it was damaged or changed. Nothing was taken "
        "from it: take another copy, or make it again."
    ),
    e.BoxOfAnother: QT_TRANSLATE_NOOP(
        "Errors", "This file holds something else, and it is never written over. Nothing was "
        "changed: choose another name."
    ),
    e.GenerationMissing: QT_TRANSLATE_NOOP(
        "Errors", "The file holds no export of this number: the newest is {newest}. Nothing was "
        "changed: ask for one that is there, or for none to take the newest."
    ),
    e.BackupPlaceMissing: QT_TRANSLATE_NOOP(
        "Errors", "The folder to write to is not there. Selling goes on: put the stick back, or "
        "choose another folder."
    ),
    e.NotHandedOver: QT_TRANSLATE_NOOP(
        "Errors", "This kiosk was not handed over, so there is nothing to take back. Nothing was "
        "changed: go on selling."
    ),
}  # fmt: skip

_SETUP: Final[Mapping[type[e.KioskError], str]] = {
    e.EventFileInvalid: QT_TRANSLATE_NOOP(
        "Errors", "The event file has {mistakes} mistakes. Nothing was loaded: correct them and "
        "load it again."
    ),
    e.EventFileUnreadable: QT_TRANSLATE_NOOP(
        "Errors", "The event file cannot be read. Nothing was loaded: check its name and that it "
        "is a text file."
    ),
    e.ConfigInvalid: QT_TRANSLATE_NOOP(
        "Errors", "The settings file has {mistakes} mistakes. Correct them and start again; the "
        "sales are untouched."
    ),
    e.DisplayMissing: QT_TRANSLATE_NOOP(
        "Errors", "There is no screen to open a window on. Start the kiosk on a machine with a "
        "display."
    ),
    e.RootInvalid: QT_TRANSLATE_NOOP(
        "Errors", "The root key file does not hold a key. It must be 64 hexadecimal characters."
    ),
    e.CertificateInvalid: QT_TRANSLATE_NOOP(
        "Errors", "This kiosk's certificate does not allow passes right now. Nothing was charged: "
        "renew the certificate."
    ),
    e.RailKeyMissing: QT_TRANSLATE_NOOP(
        "Errors", "The Stripe key is missing or does not fit. Selling goes on; sales are sent when "
        "the key is there."
    ),
    e.NotProvisioned: QT_TRANSLATE_NOOP(
        "Errors", "Paying by phone is not prepared for “{offer}” yet. Connect once, or take "
        "another "
        "way to pay."
    ),
    e.RailUnreachable: QT_TRANSLATE_NOOP(
        "Errors", "Stripe cannot be reached. Nothing was changed: try again when there is a "
        "network."
    ),
    e.RailRefused: QT_TRANSLATE_NOOP(
        "Errors", "Stripe refused this. Nothing was changed: its reason is “{reason}”."
    ),
}  # fmt: skip

# The sentences of one alone, by the field that counts: where that is 1, these are said instead.
ONE: Final[Mapping[type[e.KioskError], tuple[str, str]]] = MappingProxyType({
    e.LockedOut: ("seconds", QT_TRANSLATE_NOOP(
        "Errors", "Too many wrong PINs. Please wait one second and try again."
    )),
    e.TooManyTries: ("wait_s", QT_TRANSLATE_NOOP(
        "Errors", "Too many wrong tries. The sales are safe: please wait one second and try again."
    )),
    e.EventFileInvalid: ("mistakes", QT_TRANSLATE_NOOP(
        "Errors", "The event file has one mistake. Nothing was loaded: correct it and load the "
        "file again."
    )),
    e.ConfigInvalid: ("mistakes", QT_TRANSLATE_NOOP(
        "Errors", "The settings file has one mistake. Correct it and start again; the sales are "
        "untouched."
    )),
})  # fmt: skip

ERRORS: Final[Mapping[type[e.KioskError], str]] = MappingProxyType(
    {**_RULES, **_STORE, **VAULT, **_BOX, **_SETUP}
)
