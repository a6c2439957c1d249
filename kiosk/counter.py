"""The use cases bound to one desk, in the shape the screens ask for. It decides nothing.

Called in the runner's thread only, like the desk itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.checkup import Check, CheckUp, FullCheck
from kiosk.domain.ids import EntryId, FindingId, MemberId, SaleId, StaffId
from kiosk.domain.outbox import EntryState
from kiosk.domain.sale import CartLine, CashTaken, Draft, PricedCart
from kiosk.domain.tender import TenderChoice
from kiosk.service import (
    attention,
    browse,
    doctor,
    members,
    park,
    practice,
    preferences,
    sell,
    sign_in,
    today,
)
from kiosk.service.attention import OutboxPage
from kiosk.service.browse import ShopWindow
from kiosk.service.desk import Desk
from kiosk.service.members import EraseRequest, Erasure, FoundMember, MemberCard
from kiosk.service.park import ParkedCart
from kiosk.service.practice import OpenPayment
from kiosk.service.preferences import Preferences
from kiosk.service.sell import CompletedSale
from kiosk.service.sign_in import Staff
from kiosk.service.today import DayFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The day's figures with the practice controls beside them."""

    figures: DayFigures
    network_on: bool
    open_payments: tuple[OpenPayment, ...]

    @property
    def sales(self) -> int:
        """How many sales since midnight."""
        return self.figures.sales

    @property
    def takings_minor(self) -> Mapping[str, int]:
        """What they came to, by currency."""
        return self.figures.takings_minor

    @property
    def provisional_minor(self) -> int:
        """What is given on trust now."""
        return self.figures.provisional_minor

    @property
    def limit_minor(self) -> int | None:
        """What may be given on trust by this device."""
        return self.figures.limit_minor

    @property
    def currency(self) -> str:
        """The event's currency."""
        return self.figures.currency


class Rounds(Protocol):
    """What looks after the folder of an open kiosk; see kiosk.opening.rounds."""

    def checks(self) -> tuple[Check, ...]: ...
    def full_check(self) -> FullCheck | None: ...
    def begin_full_check(self) -> None: ...


class Counter:
    """What a screen can ask for; each call may raise a KioskError.

    Without `rounds` the doctor tells only what the file itself tells.
    """

    def __init__(self, desk: Desk, rounds: Rounds | None = None) -> None:
        self._desk = desk
        self._rounds = rounds

    def rest(self) -> bool:
        """For idle moments: housekeeping of the file."""
        return self._desk.buffer.rest()

    def shop_window(self, language: str) -> ShopWindow:
        """The event and everything on sale."""
        return browse.shop_window(self._desk, language)

    def price(self, lines: tuple[CartLine, ...], language: str) -> PricedCart:
        """What a cart costs now."""
        return browse.price(self._desk, lines, language)

    def new_sale_id(self) -> SaleId:
        """The id a draft is born with."""
        return SaleId(self._desk.make_id())

    def tender_choices(
        self, cart: PricedCart, lines: tuple[CartLine, ...], *, self_service: bool
    ) -> tuple[TenderChoice, ...]:
        """Ways to pay; cash in self-service is offered too, because it parks the cart."""
        del lines, self_service
        return sell.tender_choices(self._desk, cart)

    def complete_sale(self, draft: Draft) -> CompletedSale:
        """Record the sale and draw its codes."""
        return sell.complete_sale(self._desk, draft)

    def newest_pass(self) -> CompletedSale | None:
        """The last sale's pass again."""
        newest = sell.newest_sale(self._desk)
        return None if newest is None else sell.drawn(newest)

    def find_sale(self, sale_id: SaleId) -> CompletedSale:
        """A sale's pass again, with what became of it."""
        return sell.drawn(sell.find_sale(self._desk, sale_id))

    def park_cart(self, draft: Draft) -> int:
        """Keep a cart for the counter; its number."""
        return park.park_cart(self._desk, draft)

    def parked_carts(self) -> tuple[ParkedCart, ...]:
        """The carts that wait at the counter."""
        return park.parked_carts(self._desk)

    def complete_parked(self, taken: CashTaken) -> CompletedSale:
        """Take the cash for a parked cart; the same once more is the same sale."""
        draft = park.take_cash(self._desk, taken)
        if draft is None:
            return self.find_sale(taken.sale_id)
        return sell.complete_sale(self._desk, draft)

    def drop_parked(self, number: int, staff_id: StaffId) -> None:
        """Forget a parked cart."""
        park.drop_parked(self._desk, number, staff_id)

    def first_start(self) -> bool:
        """Whether nobody has set a PIN yet."""
        return sign_in.first_start(self._desk)

    def set_first_pin(self, pin: str) -> StaffId:
        """Make the owner."""
        return sign_in.set_first_pin(self._desk, pin)

    def sign_in(self, pin: str) -> Staff:
        """Who has this PIN."""
        return sign_in.sign_in(self._desk, pin)

    def outbox_page(self, state: EntryState | None, offset: int) -> OutboxPage:
        """One page of the outbox."""
        return attention.outbox_page(self._desk, state, offset)

    def retry_entry(self, entry_id: EntryId, staff_id: StaffId) -> None:
        """Send a parked entry on its way again."""
        attention.retry_entry(self._desk, entry_id, staff_id)

    def answer_finding(self, finding_id: FindingId, staff_id: StaffId) -> None:
        """Take a finding off the list of what needs attention."""
        attention.answer_finding(self._desk, finding_id, staff_id)

    def find_members(self, text: str) -> tuple[FoundMember, ...]:
        """Members one of whose names, or whose address, begins like this."""
        return members.list_members(self._desk, text)

    def member_card(self, member_id: MemberId) -> MemberCard:
        """One member with their passes."""
        return members.member_card(self._desk, member_id)

    def erase_member(self, member_id: MemberId, staff_id: StaffId, *, when_sent: bool) -> Erasure:
        """Erase a member on request, or have it done once everything of theirs is sent."""
        request = EraseRequest(member_id=member_id, staff_id=staff_id, when_sent=when_sent)
        return members.erase_member(self._desk, request)

    def today(self) -> Today:
        """The day so far."""
        return Today(
            figures=today.day_figures(self._desk),
            network_on=practice.network_on(self._desk),
            open_payments=practice.open_payments(self._desk),
        )

    def check_up(self) -> CheckUp:
        """How the kiosk is, and how far a full check is."""
        inside = doctor.desk_checks(self._desk, thorough=False)
        if self._rounds is None:
            return CheckUp(checks=inside)
        return CheckUp(checks=(*self._rounds.checks(), *inside), full=self._rounds.full_check())

    def begin_full_check(self) -> CheckUp:
        """Check everything in the background, and tell how far that is."""
        if self._rounds is not None:
            self._rounds.begin_full_check()
        return self.check_up()

    def preferences(self) -> Preferences:
        """What staff chose."""
        return preferences.preferences(self._desk)

    def keep_preference(self, key: str, value: str) -> None:
        """Keep one choice."""
        preferences.keep_preference(self._desk, key, value)

    def set_service_mode(self, mode: str) -> None:
        """Say who touches the screen."""
        preferences.keep_preference(self._desk, "mode_of_service", mode)

    def set_network(self, on: bool) -> None:  # noqa: FBT001 - the screens' protocol, from a switch
        """Pull the practice network or plug it in."""
        practice.set_network(self._desk, on=on)

    def member_pays(self, sale_id: SaleId) -> None:
        """Let the practice member pay."""
        codes = sell.find_sale(self._desk, sale_id).pay_codes
        practice.member_pays(self._desk, sale_id, [code.url for code in codes])
