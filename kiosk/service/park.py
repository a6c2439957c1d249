"""Parked carts: a member chose cash at an unattended screen and pays at the counter by number."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.checkout import check_drop, check_shown, consents_given
from kiosk.domain.ids import OfferCode, SaleId, StaffId
from kiosk.domain.offer import Drop, Snapshot
from kiosk.domain.people import clean_email, clean_name
from kiosk.domain.pricing import price_cart
from kiosk.domain.sale import CartLine, CashTaken, Draft, LineItem, PricedCart
from kiosk.domain.tender import TenderKind
from kiosk.errors import NotPermitted, ParkedCartUnknown, SaleConflict, SoldOut
from kiosk.service.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedCart:
    """A parked cart as staff see it. `agreed_minor` is the total that the member saw."""

    number: int
    sale_id: SaleId
    parked_ms: int
    name: str = field(repr=False)
    currency: str
    lines: tuple[LineItem, ...]
    total_minor: int
    agreed_minor: int

    @property
    def line_texts(self) -> tuple[str, ...]:
        """What the member chose, a line each."""
        return tuple(f"{line.quantity} \u00d7 {line.description}" for line in self.lines)


def park_cart(desk: Desk, draft: Draft) -> int:
    """Keep the cart until staff take the cash; the number to say at the counter.

    Everything is checked as for a sale, so that the counter seldom has to send anybody back; what
    is left is not reserved, and is checked again when the cash is taken. The same draft again keeps
    its number. Raises leaves of RuleError; SaleConflict when this draft is a sale already.
    """
    name, email = clean_name(draft.name), clean_email(draft.email)
    with desk.buffer.writing() as uow:
        snapshot = desk.snapshot(uow)
        consents_given(snapshot, draft)
        if uow.sales.get(draft.sale_id) is not None:
            raise SaleConflict(sale_id=draft.sale_id)
        cart = price_cart(snapshot, draft.lines, draft.language)
        check_shown(draft, cart)
        _check_on_sale(desk, uow, (snapshot, cart), email)
        at_ms = desk.time(uow).best_ms
        return uow.parked.park(draft.sale_id, _write(draft, name, email), at_ms)


def parked_carts(desk: Desk) -> tuple[ParkedCart, ...]:
    """The carts that wait at the counter, oldest first, priced as they would be now."""
    with desk.buffer.reading() as uow:
        snapshot = desk.snapshot(uow)
        found = []
        for row in uow.parked.open():
            draft = _read(row.draft)
            known = tuple(line for line in draft.lines if snapshot.offer(line.offer))
            lines = price_cart(snapshot, known, draft.language).lines if known else ()
            total_minor = sum(line.amount_minor for line in lines)
            found.append(
                ParkedCart(
                    number=row.number,
                    sale_id=draft.sale_id,
                    parked_ms=row.parked_ms,
                    name=draft.name,
                    currency=snapshot.event.currency,
                    lines=lines,
                    total_minor=total_minor,
                    agreed_minor=_agreed_minor(draft, known, total_minor),
                )
            )
        return tuple(found)


def take_parked(desk: Desk, number: int, staff_id: StaffId, given_minor: int | None) -> Draft:
    """The parked draft as this member of staff completes it for cash. Raises ParkedCartUnknown."""
    with desk.buffer.reading() as uow:
        row = uow.parked.get(number)
        if row is None:
            raise ParkedCartUnknown(number=number)
        if uow.staff.get(staff_id) is None:
            raise NotPermitted(action="cash")
    return replace(
        _read(row.draft), staff_id=staff_id, given_minor=given_minor, parked_number=number
    )


def take_cash(desk: Desk, taken: CashTaken) -> Draft | None:
    """The draft that completes this cart at the total that staff saw and the member paid.

    None: it is a sale already, by an earlier tap whose answer was lost; the same tap again is
    that sale. Raises ParkedCartUnknown (dropped, paid in another way, or another cart by now bears
    its number) and NotPermitted.
    """
    with desk.buffer.reading() as uow:
        if uow.parked.number_of(taken.sale_id) != taken.number:
            _check_paid(desk, uow, taken)
            return None
    draft = take_parked(desk, taken.number, taken.staff_id, taken.given_minor)
    return replace(draft, shown_minor=taken.shown_minor)


def drop_parked(desk: Desk, number: int, staff_id: StaffId) -> None:
    """Forget a parked cart that nobody came to pay; its personal data goes with it.

    Raises NotPermitted (nobody of the staff) and ParkedCartUnknown.
    """
    with desk.buffer.writing() as uow:
        if uow.staff.get(staff_id) is None:
            raise NotPermitted(action="parked")
        if uow.parked.get(number) is None:
            raise ParkedCartUnknown(number=number)
        uow.parked.close(number, desk.clock.now_ms())


def _agreed_minor(draft: Draft, known: tuple[CartLine, ...], total_minor: int) -> int:
    """What the member saw; where an offer is gone, the event may be another, in other money."""
    if draft.shown_minor is None or known != draft.lines:
        return total_minor
    return draft.shown_minor


def _check_paid(desk: Desk, uow: UnitOfWork, taken: CashTaken) -> None:
    """Raise ParkedCartUnknown unless this very cart was paid at the counter, at this total."""
    sale = uow.sales.get(taken.sale_id)
    if (
        sale is None
        or sale.mode is not desk.mode
        or sale.staff_id is None
        or sale.tenders[0].kind is not TenderKind.CASH
        or sale.total_minor != taken.shown_minor
    ):
        raise ParkedCartUnknown(number=taken.number)


def _check_on_sale(
    desk: Desk, uow: UnitOfWork, asked: tuple[Snapshot, PricedCart], email: str
) -> None:
    """Raise OfferNotOnSale, MemberLimitReached or SoldOut, as a sale of this cart would now."""
    snapshot, cart = asked
    event, time, member = snapshot.event.number, desk.time(uow), uow.people.by_email(email)
    for line in cart.lines:
        drop = snapshot.offer(line.offer)
        if not isinstance(drop, Drop):
            continue
        had = 0 if member is None else uow.people.bought(member.member_id, event, drop.code)
        check_drop(snapshot, drop, time, line.quantity, had)
        left = uow.stock.left(event, drop.code)
        if left < line.quantity:
            raise SoldOut(offer=drop.code, left=left)


def _write(draft: Draft, name: str, email: str) -> str:
    return json.dumps(
        {
            "sale_id": draft.sale_id,
            "lines": [[line.offer, line.quantity] for line in draft.lines],
            "name": name,
            "email": email,
            "language": draft.language,
            "consents": sorted(draft.consents),
            "shown_minor": draft.shown_minor,
        },
        ensure_ascii=False,
    )


def _read(text: str) -> Draft:
    kept = json.loads(text)
    return Draft(
        sale_id=SaleId(kept["sale_id"]),
        lines=tuple(
            CartLine(offer=OfferCode(offer), quantity=quantity) for offer, quantity in kept["lines"]
        ),
        name=kept["name"],
        email=kept["email"],
        language=kept["language"],
        consents=frozenset(kept["consents"]),
        tender=TenderKind.CASH,
        shown_minor=kept["shown_minor"],
    )
