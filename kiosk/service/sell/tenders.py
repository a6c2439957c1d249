"""Which ways to pay can be taken for a cart, and why not the others."""

from __future__ import annotations

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.billing import LinkUse
from kiosk.domain.exposure import check_exposure
from kiosk.domain.offer import Membership, Snapshot
from kiosk.domain.pay_codes import CODES_MAX
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.sale import Draft, PricedCart, Sale
from kiosk.domain.tender import TenderChoice, TenderKind, WhyNot, rail_fault
from kiosk.errors import ExposureExceeded, NotPermitted, TenderNotAvailable
from kiosk.service.desk import Desk, ServiceMode


def tender_choices(desk: Desk, cart: PricedCart) -> tuple[TenderChoice, ...]:
    """Every way to pay with why it cannot be taken now, if so; what can be taken comes first."""
    with desk.buffer.reading() as uow:
        snapshot = desk.snapshot(uow)
        choices = [
            TenderChoice(kind=kind, why_not=_why_not(desk, uow, snapshot, cart, kind))
            for kind in TenderKind
        ]
    return tuple(sorted(choices, key=lambda choice: choice.why_not is not None))


def check_tender(
    desk: Desk, uow: UnitOfWork, draft: Draft, snapshot: Snapshot, cart: PricedCart
) -> None:
    """Raise NotPermitted, TenderNotAvailable or ExposureExceeded when this cannot be taken now.

    A visitor alone never makes a cash sale: where members serve themselves, a member of the staff
    must have taken it.
    """
    if draft.tender is TenderKind.CASH:
        alone = desk.service_mode(uow) is ServiceMode.SELF_SERVICE and draft.staff_id is None
        if alone and not desk.staffed:
            raise NotPermitted(action="cash")
        return
    reason = _rail_reason(desk, uow, snapshot, cart, draft.tender)
    if reason is not None:
        raise TenderNotAvailable(tender=draft.tender, reason=reason)
    check_exposure(
        snapshot.limits, cart.total_minor, uow.sales.provisional_minor(desk.mode, cart.currency)
    )


def links_of(
    desk: Desk, uow: UnitOfWork, snapshot: Snapshot, cart: PricedCart | Sale
) -> tuple[LinkUse, ...]:
    """The payment link of each line that costs something; none at all if one is missing.

    A sale keeps to the mode it was made in, whatever the desk sells in now.
    """
    mode = cart.mode if isinstance(cart, Sale) else desk.mode
    found = []
    for line in cart.lines:
        offer = snapshot.offer(line.offer)
        if offer is None or line.unit_minor == 0:
            continue
        entity = offer_entity(offer, cart.currency, line.unit_minor)
        link = uow.mirror.get(mode, entity, "link")
        if link is None or link.url is None:
            return ()
        found.append(
            LinkUse(
                entity=entity,
                link_id=link.remote_id,
                url=link.url,
                unit_minor=line.unit_minor,
                quantity=line.quantity,
            )
        )
    return tuple(found)


def _why_not(
    desk: Desk, uow: UnitOfWork, snapshot: Snapshot, cart: PricedCart, kind: TenderKind
) -> WhyNot | None:
    if kind is TenderKind.CASH:
        return None
    reason = _rail_reason(desk, uow, snapshot, cart, kind)
    if reason is not None:
        return reason
    try:
        check_exposure(
            snapshot.limits, cart.total_minor, uow.sales.provisional_minor(desk.mode, cart.currency)
        )
    except ExposureExceeded:
        return WhyNot.EXPOSURE
    return None


def _rail_reason(
    desk: Desk, uow: UnitOfWork, snapshot: Snapshot, cart: PricedCart, kind: TenderKind
) -> WhyNot | None:
    """Why the rail could not take this cart by this tender, network or not."""
    if kind is not TenderKind.SCAN_TO_PAY or cart.total_minor == 0:
        return rail_fault(cart.total_minor, cart.currency)
    offers = [snapshot.offer(line.offer) for line in cart.lines]
    if any(isinstance(one, Membership) and one.recurring and one.periods for one in offers):
        return WhyNot.NEEDS_INVOICE
    paid = [line for line in cart.lines if line.unit_minor]
    faults = [rail_fault(line.unit_minor, cart.currency) for line in paid]
    if fault := next((fault for fault in faults if fault is not None), None):
        return fault
    if sum(line.quantity for line in paid) > CODES_MAX:
        return WhyNot.TOO_MANY_CODES
    return None if links_of(desk, uow, snapshot, cart) else WhyNot.NOT_PROVISIONED
