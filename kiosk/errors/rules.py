"""A rule of the trade said no; the machine is fine."""

from __future__ import annotations

from kiosk.errors.base import KioskError


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


class FindingUnknown(RuleError):
    """No finding that needs a person has this number. Fields: finding."""


class NothingRestored(RuleError):
    """No other copy is known to have sold anything: there is no restore to acknowledge."""


class MemberUnknown(RuleError):
    """Nobody with this id or address is a member here; an erased one has no address."""


class MemberUnsent(RuleError):
    """Something of this member is not at the rail yet. Fields: entries, receipts."""


class MemberErased(RuleError):
    """The buyer was erased, and the texts of their passes with them."""
