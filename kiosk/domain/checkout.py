"""The decisions of a checkout that need nothing but what was asked, what is sold and the time."""

from __future__ import annotations

from kiosk.domain.clock import TimeReading
from kiosk.domain.entitlement import AFTER_EVENT_MS
from kiosk.domain.offer import TERMS_KIND, Drop, DropState, Snapshot
from kiosk.domain.people import Member, clean_email
from kiosk.domain.sale import Consent, Draft, IssuedPass, PricedCart, Sale
from kiosk.domain.tender import Tender, TenderKind
from kiosk.errors import (
    CartChanged,
    ConsentMissing,
    ConsentUnknown,
    MemberLimitReached,
    OfferNotOnSale,
    UnderTendered,
)


def is_over(snapshot: Snapshot, now_ms: int) -> bool:
    """Whether the event ended so long ago that the clock or the event file must be wrong."""
    return now_ms >= snapshot.event.ends_ms + AFTER_EVENT_MS


def windows_hold(snapshot: Snapshot, time: TimeReading) -> bool:
    """Whether the time of day may close a drop: a clock that is wrong must not refuse a buyer."""
    return not time.doubtful and not is_over(snapshot, time.best_ms)


def check_drop(snapshot: Snapshot, drop: Drop, time: TimeReading, wanted: int, had: int) -> None:
    """Refuse a drop that is not open, or more of it than one member may have.

    `had` is what the member bought before. Raises OfferNotOnSale or MemberLimitReached.
    """
    state = drop.state_at(time.best_ms, left=wanted)
    if state is not DropState.OPEN and windows_hold(snapshot, time):
        raise OfferNotOnSale(offer=drop.code, state=state)
    if drop.per_member is not None and had + wanted > drop.per_member:
        raise MemberLimitReached(offer=drop.code, limit=drop.per_member)


def issue_instant_ms(snapshot: Snapshot, sold_ms: int) -> int:
    """The instant a sale's passes are dated to and counted from.

    After the event is over, the clock or the event file is wrong. The pass is then dated to the
    event's start, marked as doubtful: every gate of the event takes it, and it lasts no longer than
    it should.
    """
    return snapshot.event.starts_ms if is_over(snapshot, sold_ms) else sold_ms


def consents_given(snapshot: Snapshot, draft: Draft) -> tuple[Consent, ...]:
    """The exact texts agreed to. Raises ConsentMissing (the terms) or ConsentUnknown."""
    if TERMS_KIND not in draft.consents:
        raise ConsentMissing(kind=TERMS_KIND)
    texts = {terms.kind: terms for terms in snapshot.terms_in(draft.language)}
    for kind in sorted(draft.consents - texts.keys()):
        raise ConsentUnknown(kind=kind)
    return tuple(
        Consent(kind=kind, version=texts[kind].version, language=texts[kind].language)
        for kind in sorted(draft.consents)
    )


def check_shown(draft: Draft, cart: PricedCart) -> None:
    """Refuse with CartChanged what would cost something else than was on screen."""
    if draft.shown_minor is not None and draft.shown_minor != cart.total_minor:
        raise CartChanged(shown=draft.shown_minor, now=cart.total_minor)


def tender_taken(draft: Draft, total_minor: int) -> Tender:
    """The tender for the whole amount. Raises UnderTendered when too little cash was given."""
    given = total_minor
    if draft.tender is TenderKind.CASH and draft.given_minor is not None:
        given = draft.given_minor
    if given < total_minor:
        raise UnderTendered(due_minor=total_minor, given_minor=given)
    return Tender(kind=draft.tender, amount_minor=total_minor, given_minor=given)


def is_same_sale(sale: Sale, member: Member | None, draft: Draft) -> bool:
    """Whether a draft that carries a known id asks for what that sale already is.

    `member` None: erased since; then the address cannot be compared any more.
    """
    wanted: dict[str, int] = {}
    for line in draft.lines:
        wanted[line.offer] = wanted.get(line.offer, 0) + line.quantity
    return (
        wanted == {line.offer: line.quantity for line in sale.lines}
        and draft.tender is sale.tenders[0].kind
        and (member is None or member.email == clean_email(draft.email))
    )


def journal_payload(
    sale: Sale, passes: tuple[IssuedPass, ...], entries: tuple[str, ...]
) -> dict[str, object]:
    """What the journal keeps of a sale in clear: nothing about the person."""
    return {
        "receipt_number": sale.receipt_number,
        "snapshot": sale.snapshot_number,
        "mode": str(sale.mode),
        "currency": sale.currency,
        "total_minor": sale.total_minor,
        "tax_minor": sale.tax_minor,
        "sold_ms": sale.sold_ms,
        "clock_doubtful": sale.clock_doubtful,
        "lines": [[line.offer, line.quantity, line.unit_minor] for line in sale.lines],
        "tenders": [[str(tender.kind), tender.amount_minor] for tender in sale.tenders],
        "consents": [[given.kind, given.version, given.language] for given in sale.consents],
        "passes": [[issued.number, issued.payload_sha256.hex()] for issued in passes],
        "entries": list(entries),
    }
