"""The audit of a rehearsal: what was acknowledged, what the journal has, what the rail has.

It asks nothing of the engine. It adds up the practice Stripe's own objects and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.commands.rehearse_rail import RailBooks
from kiosk.domain.ids import OfferCode
from kiosk.domain.outbox import Entry, EntryState, Topic
from kiosk.domain.settlement import Finding, FindingKind, Settlement
from kiosk.domain.tender import TenderKind
from kiosk.service.sell import RecordedSale
from sync.practice.wire import JsonObject

# A seller understands these: the goods are gone, or this member has had theirs.
EXPLAINED_REFUSALS: Final = frozenset({"sold_out", "member_limit_reached"})
# What a person has to decide, and can.
EXPLAINED_PARKING: Final = frozenset(
    {
        FindingKind.UNDERPAID,
        FindingKind.WRONG_CURRENCY,
        FindingKind.TOTAL_DIFFERS,
    }
)
WAITING_FOR_PAYMENT: Final = "waiting_for_payment"
_BILLING: Final = (TenderKind.CASH, TenderKind.PAY_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A sale as the kiosk acknowledged it before it may have been killed."""

    sale_id: str
    receipt_number: str
    total_minor: int
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is left when the pop-up is over.

    `completed` are the journal's sales line by line; `objects` the rail's, by kind; `recurring`
    the offers that renew; `sold_out_of` how many the drops had, `left` how many they say they have.
    """

    acknowledged: tuple[Acknowledged, ...]
    refused: tuple[str, ...]
    completed: tuple[str, ...]
    chain_holds: bool
    records: tuple[RecordedSale, ...]
    entries: tuple[Entry, ...]
    findings: Mapping[str, tuple[Finding, ...]]
    orphans: tuple[Finding, ...]
    recurring: frozenset[OfferCode]
    allotted: Mapping[OfferCode, int]
    left: Mapping[str, int]
    objects: Mapping[str, Sequence[JsonObject]]
    verdicts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The figures, and a sentence about everything that is wrong."""

    acknowledged: int
    in_journal: int
    lost: int
    doubled: int
    missing_at_rail: int
    parked: int
    unexplained: int
    verdicts: Mapping[str, int]
    wrong: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled, missing or left without a reason."""
        return not (self.lost or self.doubled or self.missing_at_rail or self.unexplained)


def audit(evidence: Evidence) -> Audit:
    """Compare everything with everything else."""
    rail = RailBooks(evidence.objects)
    lost = list(_lost(evidence))
    doubled = [*_doubled_here(evidence), *_doubled_at_rail(evidence, rail)]
    missing = list(_missing(evidence, rail))
    unexplained = [
        *_odd_refusals(evidence),
        *_odd_entries(evidence),
        *_odd_settlements(evidence, rail),
        *_odd_orphans(evidence, rail),
        *_odd_stock(evidence),
    ]
    if not evidence.chain_holds:
        unexplained.append("the journal's chain is broken")
    return Audit(
        acknowledged=len(evidence.acknowledged),
        in_journal=len(set(evidence.completed) & {one.sale.sale_id for one in evidence.records}),
        lost=len(lost),
        doubled=len(doubled),
        missing_at_rail=len(missing),
        parked=sum(entry.state is EntryState.PARKED for entry in evidence.entries),
        unexplained=len(unexplained),
        verdicts=dict(evidence.verdicts),
        wrong=tuple(
            [f"lost: {one}" for one in lost]
            + [f"doubled: {one}" for one in doubled]
            + [f"missing at the rail: {one}" for one in missing]
            + [f"unexplained: {one}" for one in unexplained]
        ),
    )


def _expected_bills(record: RecordedSale, recurring: frozenset[OfferCode]) -> dict[str, int]:
    """What a billed sale must have at the rail: amounts in minor units by step."""
    once = [line for line in record.sale.lines if line.offer not in recurring]
    bills = {
        f"sub-{line.line_no}.subscription": line.amount_minor
        for line in record.sale.lines
        if line.offer in recurring
    }
    return bills | ({"invoice": sum(line.amount_minor for line in once)} if once else {})


def _lost(evidence: Evidence) -> Iterable[str]:
    """Acknowledged, and not in the journal as it was acknowledged."""
    kept: dict[str, RecordedSale] = {one.sale.sale_id: one for one in evidence.records}
    completed = set(evidence.completed)
    for told in evidence.acknowledged:
        record = kept.get(told.sale_id)
        if record is None or told.sale_id not in completed:
            yield f"{told.receipt_number} is not in the journal"
            continue
        numbers = tuple(issued.number for issued in record.passes)
        same = (record.sale.receipt_number, record.sale.total_minor, numbers)
        if same != (told.receipt_number, told.total_minor, told.passes):
            yield f"{told.receipt_number} is not as it was acknowledged"


def _doubled_here(evidence: Evidence) -> Iterable[str]:
    sales = [record.sale for record in evidence.records]
    yield from _repeated("sale", evidence.completed)
    yield from _repeated("acknowledgement", (one.sale_id for one in evidence.acknowledged))
    yield from _repeated("receipt", (sale.receipt_number for sale in sales))
    numbers = (issued.number for record in evidence.records for issued in record.passes)
    yield from _repeated("pass", numbers)


def _doubled_at_rail(evidence: Evidence, rail: RailBooks) -> Iterable[str]:
    """More at the rail than the sale accounts for, or of no sale at all."""
    wanted: dict[str, Counter[str]] = {
        record.sale.sale_id: Counter(set(_expected_bills(record, evidence.recurring)))
        for record in evidence.records
        if record.sale.tenders[0].kind in _BILLING
    }
    billed = {sale_id: [bill.step for bill in bills] for sale_id, bills in rail.bills.items()}
    for what, found in (("invoice", billed), ("subscription", rail.subscriptions)):
        for sale_id, steps in found.items():
            surplus = Counter(steps) - wanted.get(sale_id, Counter())
            for step, count in surplus.items():
                yield f"{count} {what} too many for {step} of sale {sale_id}"
    for count in rail.customers.values():
        if count > 1:
            yield f"{count} customers made for one member"


def _repeated(what: str, ids: Iterable[str]) -> Iterable[str]:
    return (f"{what} {one} x {count}" for one, count in Counter(ids).items() if count > 1)


def _missing(evidence: Evidence, rail: RailBooks) -> Iterable[str]:
    """Money in hand, or said to be settled or delivered, that is not at the rail to the cent."""
    delivered = _billing_delivered(evidence)
    for record in evidence.records:
        sale = record.sale
        kind = sale.tenders[0].kind
        confirmed = record.settlement is Settlement.CONFIRMED
        if kind is TenderKind.SCAN_TO_PAY:
            if confirmed and _paid_by_link(record, rail) < sale.total_minor:
                yield f"{sale.receipt_number} is confirmed, its payment is not there"
            continue
        if not (confirmed or sale.sale_id in delivered):
            continue
        bills = {bill.step: bill for bill in rail.bills.get(sale.sale_id, ())}
        for step, total_minor in _expected_bills(record, evidence.recurring).items():
            bill = bills.get(step)
            if bill is None or (bill.total_minor, bill.currency) != (total_minor, sale.currency):
                yield f"{sale.receipt_number}: {step} is not billed with {total_minor}"
            elif confirmed and (bill.status, bill.paid_minor) != ("paid", total_minor):
                yield f"{sale.receipt_number}: {step} is {bill.status}, not paid"


def _billing_delivered(evidence: Evidence) -> set[str]:
    """The sales all of whose billing the kiosk believes to be done."""
    states: dict[str, set[EntryState]] = {}
    for entry in evidence.entries:
        if entry.topic is not Topic.WATCH:
            states.setdefault(entry.sale_id, set()).add(entry.state)
    return {sale_id for sale_id, seen in states.items() if seen == {EntryState.DELIVERED}}


def _paid_by_link(record: RecordedSale, rail: RailBooks) -> int:
    """What the sale's own reference brought in, in minor units."""
    sessions = rail.paid.get(record.reference, ()) if record.reference else ()
    return sum(int(session["amount_total"]) for session in sessions)


def _odd_refusals(evidence: Evidence) -> Iterable[str]:
    return (f"refused: {code}" for code in evidence.refused if code not in EXPLAINED_REFUSALS)


def _odd_entries(evidence: Evidence) -> Iterable[str]:
    """Entries that are not delivered and do not say why in words a person understands."""
    for entry in evidence.entries:
        match entry.state:
            case EntryState.DELIVERED:
                continue
            case EntryState.PARKED:
                known = entry.reason in EXPLAINED_PARKING
            case EntryState.WAITING:
                known = entry.topic is Topic.WATCH and entry.reason == WAITING_FOR_PAYMENT
            case _:
                known = False
        if not known:
            yield f"{entry.topic} of sale {entry.sale_id} is {entry.state}: {entry.reason}"


def _odd_settlements(evidence: Evidence, rail: RailBooks) -> Iterable[str]:
    """Sales whose state the money at the rail does not account for."""
    for record in evidence.records:
        sale, found = record.sale, evidence.findings.get(record.sale.sale_id, ())
        kinds = {finding.kind for finding in found}
        if sale.tenders[0].kind is TenderKind.SCAN_TO_PAY:
            right = _settled_by_link(record, kinds, _paid_by_link(record, rail))
        else:
            bills = rail.bills.get(sale.sale_id, ())
            right = _settled_by_bills(record, all(bill.status == "paid" for bill in bills))
        if not right:
            told = ", ".join(sorted(kinds)) or "no finding"
            yield f"{sale.receipt_number} is {record.settlement} with {told}"


def _settled_by_link(record: RecordedSale, kinds: set[FindingKind], paid_minor: int) -> bool:
    total_minor = record.sale.total_minor
    if paid_minor >= total_minor:
        told = kinds & {FindingKind.PAID_EXACTLY, FindingKind.PAID_AFTER_REVOKE}
        enough = bool(told) if paid_minor == total_minor else FindingKind.OVERPAID in kinds
        return record.settlement is Settlement.CONFIRMED and enough
    if record.settlement is Settlement.CONFIRMED:
        return False
    if paid_minor:
        return FindingKind.UNDERPAID in kinds
    # Nothing came: on trust until its time is up, and revoked from then on.
    revoked = record.settlement is Settlement.REVOKED
    return revoked == (FindingKind.UNPAID_AT_GRACE in kinds)


def _settled_by_bills(record: RecordedSale, all_paid: bool) -> bool:  # noqa: FBT001
    if record.sale.tenders[0].kind is TenderKind.CASH:
        return record.settlement is Settlement.CONFIRMED
    return (record.settlement is Settlement.CONFIRMED) == all_paid


def _odd_orphans(evidence: Evidence, rail: RailBooks) -> Iterable[str]:
    """Payments nobody can place must be on the staff's list, and nothing else must."""
    ours = {record.reference for record in evidence.records if record.reference}
    strange = {
        str(session["id"])
        for reference, sessions in rail.paid.items()
        if reference not in ours
        for session in sessions
    }
    listed = {finding.remote_id for finding in evidence.orphans}
    return (f"payment {one} is not on the list, or only there" for one in strange ^ listed)


def _odd_stock(evidence: Evidence) -> Iterable[str]:
    """Drops of which more, or fewer, were sold than the file says."""
    sold: Counter[str] = Counter()
    for record in evidence.records:
        for line in record.sale.lines:
            sold[line.offer] += line.quantity
    for code, allotted in evidence.allotted.items():
        if sold[code] + evidence.left.get(code, 0) != allotted:
            yield f"{sold[code]} of {allotted} {code} sold, {evidence.left.get(code)} left"
