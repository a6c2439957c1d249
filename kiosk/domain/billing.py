"""How a sale is carried: which outbox entries it writes, and what each of them is to achieve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.domain.ids import EntryId
from kiosk.domain.moments import period_end_ms
from kiosk.domain.offer import Membership, Snapshot
from kiosk.domain.outbox import Intent, NewEntry, Topic
from kiosk.domain.sale import LineItem, Sale
from kiosk.domain.tender import TenderKind

_MINUTE_MS = 60_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUse:
    """A payment link that a scan-to-pay sale shows, once per unit of its line."""

    entity: str
    link_id: str
    url: str
    unit_minor: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """Everything beside the sale that its entries need. `person` is name, email, language."""

    snapshot: Snapshot
    person: Mapping[str, str] = field(repr=False)
    reference: str
    links: tuple[LinkUse, ...]
    make_id: Callable[[], str]


def entries_of(sale: Sale, carriage: Carriage) -> tuple[NewEntry, ...]:
    """The outbox entries of a sale, in the order they are to be carried.

    Cash and pay later are billed in the member's lane: one invoice for everything paid once, one
    subscription for each line that recurs. What waits for a payment gets a `watch` of its own lane,
    so that a member who takes two weeks to pay holds nothing up.
    """
    tender = sale.tenders[0].kind
    if tender is TenderKind.SCAN_TO_PAY:
        return (_scan_watch(sale, carriage),)
    bills = _bills(sale, carriage, tender)
    if tender is TenderKind.CASH:
        return bills
    return bills + tuple(_bill_watch(sale, carriage, bill) for bill in bills)


def links_in(intent: Intent) -> tuple[LinkUse, ...]:
    """The payment links that a watch was written with; none for any other intent.

    A link that was made anew since is another one: the member was shown these, and pays these.
    """
    rows = intent.get("links", ())
    assert isinstance(rows, list | tuple)
    return tuple(
        LinkUse(
            entity=str(row["entity"]),
            link_id=str(row["link_id"]),
            url=str(row["url"]),
            unit_minor=int(row["unit_minor"]),
            quantity=int(row["quantity"]),
        )
        for row in rows
    )


def grace_ends_ms(sale: Sale, snapshot: Snapshot) -> int:
    """Until when a sale on trust waits for its payment."""
    if sale.tenders[0].kind is TenderKind.PAY_LATER:
        return sale.sold_ms + snapshot.limits.pay_later_days * _DAY_MS
    return sale.sold_ms + snapshot.limits.grace_minutes * _MINUTE_MS


def is_recurring(snapshot: Snapshot, line: LineItem) -> bool:
    """Whether the rail has to charge this line again by itself."""
    offer = snapshot.offer(line.offer)
    return isinstance(offer, Membership) and offer.recurring


def _bills(sale: Sale, carriage: Carriage, tender: TenderKind) -> tuple[NewEntry, ...]:
    snapshot = carriage.snapshot
    once = [line for line in sale.lines if not is_recurring(snapshot, line)]
    entries = []
    if once:
        intent = _billing(sale, snapshot, tender, sum(line.amount_minor for line in once))
        intent["lines"] = [
            {
                "line_no": line.line_no,
                "description": line.description,
                "amount_minor": line.amount_minor,
                "quantity": line.quantity,
            }
            for line in once
        ]
        entries.append(_entry(sale, carriage, Topic.INVOICE, intent))
    for line in sale.lines:
        offer = snapshot.offer(line.offer)
        if isinstance(offer, Membership) and offer.recurring:
            intent = _billing(sale, snapshot, tender, line.amount_minor)
            intent |= _recurrence(sale, snapshot, line, offer)
            entries.append(_entry(sale, carriage, Topic.SUBSCRIPTION, intent))
    return tuple(entries)


def _billing(
    sale: Sale, snapshot: Snapshot, tender: TenderKind, total_minor: int
) -> dict[str, object]:
    later = tender is TenderKind.PAY_LATER
    return {
        "tender": str(tender),
        "currency": sale.currency,
        "sold_ms": sale.sold_ms,
        "days_until_due": snapshot.limits.pay_later_days if later else None,
        "total_minor": total_minor,
    }


def _recurrence(
    sale: Sale, snapshot: Snapshot, line: LineItem, offer: Membership
) -> dict[str, object]:
    ends = None
    if offer.periods is not None:
        zone = snapshot.event.time_zone
        ends = period_end_ms(sale.sold_ms, offer.cadence, offer.periods, zone) // 1000
    return {
        "line_no": line.line_no,
        "offer": line.offer,
        "name": line.description,
        "unit_minor": line.unit_minor,
        "quantity": line.quantity,
        "cadence": {"every": offer.cadence.every, "unit": str(offer.cadence.unit)},
        "cancel_at_s": ends,
    }


def _scan_watch(sale: Sale, carriage: Carriage) -> NewEntry:
    intent: dict[str, object] = {
        "tender": str(TenderKind.SCAN_TO_PAY),
        "currency": sale.currency,
        "total_minor": sale.total_minor,
        "sold_ms": sale.sold_ms,
        "grace_ends_ms": grace_ends_ms(sale, carriage.snapshot),
        "reference": carriage.reference,
        "links": _links(carriage.links),
    }
    return _entry(sale, carriage, Topic.WATCH, intent)


def _links(links: Sequence[LinkUse]) -> list[dict[str, object]]:
    return [
        {
            "entity": link.entity,
            "link_id": link.link_id,
            "url": link.url,
            "unit_minor": link.unit_minor,
            "quantity": link.quantity,
        }
        for link in links
    ]


def _bill_watch(sale: Sale, carriage: Carriage, bill: NewEntry) -> NewEntry:
    intent: dict[str, object] = {
        "tender": str(TenderKind.PAY_LATER),
        "currency": sale.currency,
        "total_minor": bill.intent["total_minor"],
        "sold_ms": sale.sold_ms,
        "grace_ends_ms": grace_ends_ms(sale, carriage.snapshot),
        "bills": bill.entry_id,
    }
    return _entry(sale, carriage, Topic.WATCH, intent, after=bill.entry_id)


def _entry(
    sale: Sale,
    carriage: Carriage,
    topic: Topic,
    intent: Mapping[str, object],
    after: EntryId | None = None,
) -> NewEntry:
    return NewEntry(
        entry_id=EntryId(carriage.make_id()),
        sale_id=sale.sale_id,
        member_id=sale.member_id,
        lane=f"watch:{after or sale.sale_id}" if topic is Topic.WATCH else sale.member_id,
        topic=topic,
        mode=sale.mode,
        intent=intent,
        person=carriage.person,
        due_ms=sale.sold_ms,
        depends_on=after,
    )
