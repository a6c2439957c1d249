"""The Stripe rail: the Rail protocol in the words of `stripe`, one row for each write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, assert_never

from kiosk.domain.clock import Measured
from kiosk.domain.outbox import RailMode, RailState
from sync.rails.base import Bill, Hints, KeptMark, Payment, Remote
from sync.rails.stripe import customers, invoices, links, marks, sessions, subscriptions
from sync.rails.stripe.client import StripeDoor, Thing, field_of
from sync.rails.wanted import (
    BillLineWanted,
    BillMoved,
    BillWanted,
    Call,
    CustomerWanted,
    LinkWanted,
    Move,
    Params,
    PriceWanted,
    ProductWanted,
    Request,
    SubscriptionWanted,
    Wanted,
)

Create = Callable[[StripeDoor, Params, str], Awaitable[Thing]]
Find = Callable[[StripeDoor, Params], Awaitable[Remote | None]]


async def _no_list_knows(_door: StripeDoor, _params: Params) -> Remote | None:
    """An invoice does not say whether it was sent: only the event does."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """How one write is done, how it is found again, and which event it leaves behind."""

    create: Create
    find: Find
    event: str


_ROWS: Final = {
    Call.CUSTOMER: _Row(create=customers.create, find=customers.find, event="customer.created"),
    Call.BILL: _Row(create=invoices.create, find=invoices.find, event="invoice.created"),
    Call.BILL_LINE: _Row(
        create=invoices.create_line, find=invoices.find_line, event="invoiceitem.created"
    ),
    Call.SUBSCRIPTION: _Row(
        create=subscriptions.create,
        find=subscriptions.find,
        event="customer.subscription.created",
    ),
    Call.FINALIZE: _Row(
        create=invoices.finalize, find=invoices.find_finalized, event="invoice.finalized"
    ),
    Call.PAY: _Row(create=invoices.pay, find=invoices.find_paid, event="invoice.paid"),
    Call.SEND: _Row(create=invoices.send, find=_no_list_knows, event="invoice.sent"),
    Call.PRODUCT: _Row(
        create=links.create_product, find=links.find_product, event="product.created"
    ),
    Call.PRICE: _Row(create=links.create_price, find=links.find_price, event="price.created"),
    Call.LINK: _Row(create=links.create_link, find=links.find_link, event="payment_link.created"),
}
_MOVES: Final = {
    Move.FINALIZE: Call.FINALIZE,
    Move.PAY_OUT_OF_BAND: Call.PAY,
    Move.SEND: Call.SEND,
}
# Here an event could say nothing that the object's own state, or a unique name, does not.
_LOOKING_IS_ENOUGH: Final = frozenset(
    {Call.CUSTOMER, Call.FINALIZE, Call.PAY, Call.PRODUCT, Call.PRICE, Call.LINK}
)


class StripeRail:
    """See sync.rails.base.Rail. `device` is this kiosk's number in our metadata."""

    def __init__(self, door: StripeDoor, device: int) -> None:
        self._door = door
        self._device = device

    @property
    def mode(self) -> RailMode:
        return self._door.mode

    @property
    def state(self) -> RailState | None:
        return self._door.state

    @property
    def measured(self) -> Measured | None:
        return self._door.measured

    async def probe(self) -> None:
        self._door.reopen()
        await self._door.ask(
            "GET events", lambda client: client.v1.events.list_async(params={"limit": 1})
        )

    def word(self, wanted: Wanted) -> tuple[Call, Params]:
        match wanted:
            case CustomerWanted():
                return Call.CUSTOMER, customers.params(wanted)
            case BillWanted():
                return Call.BILL, invoices.params(wanted)
            case BillLineWanted():
                return Call.BILL_LINE, invoices.line_params(wanted)
            case SubscriptionWanted():
                return Call.SUBSCRIPTION, subscriptions.params(wanted)
            case BillMoved():
                return _MOVES[wanted.move], invoices.move_params(wanted)
            case ProductWanted():
                return Call.PRODUCT, links.product_params(wanted)
            case PriceWanted():
                return Call.PRICE, links.price_params(wanted)
            case LinkWanted():
                return Call.LINK, links.link_params(wanted)
            case _:
                assert_never(wanted)

    async def send(self, request: Request) -> Remote:
        thing = await _ROWS[request.call].create(self._door, request.params, request.key)
        if field_of(thing, "object") == "invoice":
            return invoices.remote_of(thing)
        return Remote(remote_id=thing.id, url=field_of(thing, "url"))

    async def find(self, request: Request, since_s: int) -> Remote | None:
        row = _ROWS[request.call]
        found = await row.find(self._door, request.params)
        if found is not None or request.call in _LOOKING_IS_ENOUGH:
            return found
        return await sessions.find_by_key(self._door, request.key, row.event, since_s)

    async def bill(self, bill_id: str) -> Bill:
        return await invoices.read(self._door, bill_id)

    async def first_bill(self, subscription_id: str) -> Bill | None:
        return await invoices.first_of(self._door, subscription_id)

    async def payment(self, payment_id: str) -> Payment:
        return await sessions.read(self._door, payment_id)

    async def payments(self, link_id: str, since_s: int) -> tuple[Payment, ...]:
        return await sessions.of_link(self._door, link_id, since_s)

    async def link_ids(self) -> tuple[str, ...]:
        return await links.link_ids(self._door, self._device)

    async def hints(self, since_s: int) -> Hints:
        return await sessions.hints(self._door, since_s)

    async def read_mark(self, buffer_id: str) -> bytes | None:
        return await marks.read(self._door, buffer_id)

    async def keep_mark(self, mark: KeptMark) -> None:
        await marks.keep(self._door, mark)

    async def close(self) -> None:
        await self._door.close()
