"""Recording a sale: one transaction, after which it exists, and before which nothing happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.buffer.journal import JournalLine
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.billing import Carriage, LinkUse, entries_of, grace_ends_ms
from kiosk.domain.checkout import (
    check_drop,
    check_shown,
    consents_given,
    is_over,
    is_same_sale,
    issue_instant_ms,
    journal_payload,
    tender_taken,
)
from kiosk.domain.clock import TimeReading
from kiosk.domain.entitlement import Enrolling, Grant, enrollments, grants
from kiosk.domain.ids import EntryId, MemberId, SaleId
from kiosk.domain.offer import Drop, Snapshot
from kiosk.domain.people import Member, clean_email, clean_name, name_hint
from kiosk.domain.pricing import price_cart
from kiosk.domain.reference import make_reference
from kiosk.domain.sale import Draft, IssuedPass, PricedCart, Sale, receipt_number
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    NotPermitted,
    ParkedCartUnknown,
    SaleConflict,
    SaleUnknown,
    SoldOut,
    StoreError,
    StoreUnsure,
)
from kiosk.passes.claims import MAX_NAME_BYTES, PassClaims, PassState
from kiosk.passes.issue import sign_pass
from kiosk.service.desk import Desk
from kiosk.service.sell.shown import (
    Buyer,
    CompletedSale,
    RecordedSale,
    drawn,
    find_sale,
    read_back,
    shown,
)
from kiosk.service.sell.tenders import check_tender, links_of

SALE_COMPLETED: Final = "sale.completed"


def complete_sale(desk: Desk, draft: Draft) -> CompletedSale:
    """Record the sale, then draw what is shown for it. Raises as `record_sale`."""
    return drawn(record_sale(desk, draft))


def record_sale(desk: Desk, draft: Draft) -> RecordedSale:
    """Record the sale in one durable transaction; the same id again gives the same sale.

    Raises leaves of RuleError (nothing was recorded) and of StoreError. An error out of COMMIT is
    neither yes nor no, so the sale is looked up before anything is said: StoreUnsure is raised only
    where that could not be done either.
    """
    signer = desk.signer
    try:
        with desk.buffer.writing() as uow:
            known = uow.sales.get(draft.sale_id)
            if known is None:
                return record_within(desk, uow, draft)
            member = uow.people.member(known.member_id)
            # A practice sale is none where money is real: it must not stand in for one.
            if known.mode is not desk.mode or not is_same_sale(known, member, draft):
                raise SaleConflict(sale_id=known.sale_id)
            return read_back(desk, uow, known)
    except BaseException as error:
        # What the desk remembers is what the file holds: a renewed certificate may be lost.
        desk.signer = signer
        if isinstance(error, StoreUnsure):
            return _looked_up(desk, draft.sale_id, error)
        raise


def record_within(desk: Desk, uow: UnitOfWork, draft: Draft) -> RecordedSale:
    """Record a sale in a transaction that is open already; it exists once that commits."""
    uow.incarnations.check_selling()
    snapshot, time = desk.snapshot(uow), desk.time(uow)
    typed = Member(
        member_id=MemberId(desk.make_id()),
        name=clean_name(draft.name),
        email=clean_email(draft.email),
        language=draft.language,
    )
    cart = price_cart(snapshot, draft.lines, draft.language)
    check_shown(draft, cart)
    _check_counter(uow, draft)
    check_tender(desk, uow, draft, snapshot, cart)
    seq = uow.settings.next_number(uow.incarnations.receipt_counter)
    sale = _sale(desk, uow, draft, cart, (_enrolled(uow, typed, time), seq))
    _take_stock(uow, snapshot, sale, time)
    uow.sales.insert(sale, seq)
    passes = _issue(desk, uow, snapshot, (sale, cart), typed.name)
    buyer = Buyer(name=typed.name, email=typed.email, links=_links(desk, uow, snapshot, sale))
    entries = _carry(desk, uow, snapshot, sale, buyer)
    # However this sale is paid: its cart waits no longer, and what it held of a person is gone.
    parked = uow.parked.number_of(sale.sale_id)
    if parked is not None:
        uow.parked.close(parked, time.now_ms)
    # Last of all: the trigger on this row lets only a whole sale through.
    line = JournalLine(
        kind=SALE_COMPLETED,
        entity_id=sale.sale_id,
        member_id=sale.member_id,
        payload=journal_payload(sale, passes, entries),
        personal={"name": typed.name, "email": typed.email},
    )
    uow.journal.append(line, sale.sold_ms)
    return shown(desk, uow, sale, (passes, buyer), repeated=False)


def _looked_up(desk: Desk, sale_id: SaleId, unsure: StoreUnsure) -> RecordedSale:
    """What became of a sale whose COMMIT ended in an error: it is there, or the error stands."""
    try:
        return replace(find_sale(desk, sale_id), repeated=False)
    except SaleUnknown:
        # Looked for and not there: nothing was recorded, for the reason the commit gave.
        cause = unsure.__cause__
        raise (cause if isinstance(cause, StoreError) else unsure) from None
    except StoreError:
        raise unsure from None


def _check_counter(uow: UnitOfWork, draft: Draft) -> None:
    """Who takes the money is one of the staff, and the parked cart is this very one."""
    if draft.staff_id is not None and uow.staff.get(draft.staff_id) is None:
        raise NotPermitted(action="sell")
    number = draft.parked_number
    if number is not None and uow.parked.number_of(draft.sale_id) != number:
        raise ParkedCartUnknown(number=number)


def _enrolled(uow: UnitOfWork, typed: Member, time: TimeReading) -> MemberId:
    """The member with this address, enrolled now if new; a known name is never overwritten here."""
    known = uow.people.by_email(typed.email)
    if known is not None:
        return known.member_id
    uow.people.enroll(typed, time.best_ms)
    return typed.member_id


def _sale(
    desk: Desk, uow: UnitOfWork, draft: Draft, cart: PricedCart, numbered: tuple[MemberId, int]
) -> Sale:
    member_id, seq = numbered
    snapshot, time = desk.snapshot(uow), desk.time(uow)
    enrolling = Enrolling(sale_id=draft.sale_id, member_id=member_id, sold_ms=time.best_ms)
    return Sale(
        sale_id=draft.sale_id,
        receipt_number=receipt_number(desk.device, seq, desk.buffer.identity.incarnation),
        device=desk.device,
        snapshot_number=snapshot.number,
        member_id=member_id,
        staff_id=draft.staff_id,
        mode=desk.mode,
        language=draft.language,
        currency=cart.currency,
        lines=cart.lines,
        tenders=(tender_taken(draft, cart.total_minor),),
        consents=consents_given(snapshot, draft),
        enrollments=enrollments(snapshot, cart, enrolling, desk.make_id),
        sold_ms=time.best_ms,
        skew_ms=time.skew_ms,
        clock_doubtful=time.doubtful or is_over(snapshot, time.best_ms),
    )


def _take_stock(uow: UnitOfWork, snapshot: Snapshot, sale: Sale, time: TimeReading) -> None:
    event = snapshot.event.number
    for line in sale.lines:
        offer = snapshot.offer(line.offer)
        if not isinstance(offer, Drop):
            continue
        limited = offer.per_member is not None
        had = uow.people.bought(sale.member_id, event, offer.code) if limited else 0
        check_drop(snapshot, offer, time, line.quantity, had)
        if not uow.stock.sell(event, offer.code, line.quantity):
            raise SoldOut(offer=offer.code, left=uow.stock.left(event, offer.code))


def _issue(
    desk: Desk, uow: UnitOfWork, snapshot: Snapshot, sold: tuple[Sale, PricedCart], name: str
) -> tuple[IssuedPass, ...]:
    """Sign one pass per grant. The number is taken here, so that a rollback frees it again."""
    sale, cart = sold
    issue_ms = issue_instant_ms(snapshot, sale.sold_ms)
    signer = desk.signer_at(uow, issue_ms)
    made = []
    for grant in grants(snapshot, cart, issue_ms):
        claims = _claims(snapshot, sale, grant, (uow.settings.next_number("pass"), name))
        signed = sign_pass(claims, signer)
        minutes = claims.provisional_minutes
        issued = IssuedPass(
            device=sale.device,
            seq=claims.seq,
            text=signed.text,
            payload_sha256=signed.payload_sha256,
            event_number=snapshot.event.number,
            entitlements=grant.entitlements,
            issued_s=claims.issued_at,
            expires_s=claims.expires_at,
            provisional=claims.is_provisional,
            provisional_until_s=None if minutes is None else claims.issued_at + minutes * 60,
        )
        uow.passes.insert(sale.sale_id, issued)
        made.append(issued)
    return tuple(made)


def _claims(snapshot: Snapshot, sale: Sale, grant: Grant, numbered: tuple[int, str]) -> PassClaims:
    seq, name = numbered
    provisional = not sale.tenders[0].kind.settles_at_once
    state = PassState.PROVISIONAL if provisional else PassState(0)
    if sale.clock_doubtful:
        state |= PassState.CLOCK_UNVERIFIED
    if sale.mode.training:
        state |= PassState.TRAINING
    grace_ms = grace_ends_ms(sale, snapshot) - sale.sold_ms
    return PassClaims(
        device=sale.device,
        seq=seq,
        issued_at=issue_instant_ms(snapshot, sale.sold_ms) // 1000,
        expires_at=grant.expires_ms // 1000,
        event=snapshot.event.number,
        entitlements=grant.entitlements,
        state=state,
        name=name_hint(name, MAX_NAME_BYTES),
        plan=grant.plan,
        provisional_minutes=grace_ms // 60_000 if provisional else None,
    )


def _links(desk: Desk, uow: UnitOfWork, snapshot: Snapshot, sale: Sale) -> tuple[LinkUse, ...]:
    scanned = sale.tenders[0].kind is TenderKind.SCAN_TO_PAY
    return links_of(desk, uow, snapshot, sale) if scanned else ()


def _carry(
    desk: Desk, uow: UnitOfWork, snapshot: Snapshot, sale: Sale, buyer: Buyer
) -> tuple[EntryId, ...]:
    carriage = Carriage(
        snapshot=snapshot,
        person={"name": buyer.name, "email": buyer.email, "language": sale.language},
        reference=make_reference(desk.device, sale.sale_id, desk.reference_key),
        links=buyer.links,
        make_id=desk.make_id,
    )
    entries = entries_of(sale, carriage)
    # Due by the machine's own clock, right or wrong: the engine goes by nothing else.
    due_ms = desk.clock.now_ms()
    for entry in entries:
        uow.outbox.add(replace(entry, due_ms=due_ms), sale.sold_ms)
    return tuple(entry.entry_id for entry in entries)
