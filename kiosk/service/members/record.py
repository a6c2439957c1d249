"""Members: found by name or address, told what is kept of them, and erased when they ask.

An erasure takes the person out of the file and leaves the facts: amounts, numbers, the chain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk.buffer.erasures import ERASURE_ASKED, MEMBER_ERASED, UnsentEntry
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import MemberId, StaffId
from kiosk.domain.outbox import EntryState, RailMode, Topic
from kiosk.domain.people import Member, clean_email, member_entity
from kiosk.domain.sale import IssuedPass, Sale
from kiosk.errors import MemberUnknown, MemberUnsent, NotPermitted
from kiosk.service.desk import Desk

FOUND_MOST: Final = 50
SALES_MOST: Final = 10_000
RECEIPTS_SHOWN: Final = 3
CUSTOMER: Final = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldTo:
    """A sale as its buyer may read it, with the name and address that were typed for it."""

    sale: Sale
    passes: tuple[IssuedPass, ...]
    person: Mapping[str, str] | None = field(repr=False)
    entries: tuple[tuple[Topic, EntryState], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """Everything kept of one member; `member` is None once erased. Instants in milliseconds.

    `customers` are the rail's, by mode: what is kept there is not in this file.
    """

    member_id: MemberId
    member: Member | None = field(repr=False)
    erased_ms: int | None
    wanted_ms: int | None
    sales: tuple[SoldTo, ...]
    parked: tuple[int, ...]
    unsent: tuple[UnsentEntry, ...]
    customers: tuple[tuple[RailMode, RemoteObject], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRequest:
    """Whom to erase, who of the staff does it (None: the command line), and how urgently.

    `when_sent`: what is not sent yet puts it off. `despite_unsent`: it does not, and what was not
    sent never will be; the money is then settled by hand.
    """

    member_id: MemberId
    staff_id: StaffId | None = None
    when_sent: bool = False
    despite_unsent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What became of a request. Not `erased`: put off until everything `unsent` is sent."""

    member_id: MemberId
    erased: bool
    before: bool
    unsent: tuple[UnsentEntry, ...]
    customers: tuple[tuple[RailMode, RemoteObject], ...]


def find_members(desk: Desk, text: str, limit: int = FOUND_MOST) -> tuple[Member, ...]:
    """Members one of whose names, or whose address, begins like this."""
    with desk.buffer.reading() as uow:
        return uow.people.search(text, min(limit, FOUND_MOST))


def member_id_of(desk: Desk, email: str) -> MemberId:
    """The member with this address. Raises EmailInvalid, MemberUnknown."""
    with desk.buffer.reading() as uow:
        member = uow.people.by_email(clean_email(email))
    if member is None:
        raise MemberUnknown
    return member.member_id


def member_record(desk: Desk, member_id: MemberId) -> MemberRecord:
    """Everything kept of one member (GDPR, article 15). Raises MemberUnknown."""
    with desk.buffer.reading() as uow:
        member, erased_ms = known(uow, member_id)
        return MemberRecord(
            member_id=member_id,
            member=member,
            erased_ms=erased_ms,
            wanted_ms=uow.erasures.wanted_ms(member_id),
            sales=tuple(_sold(uow, member_id)),
            parked=() if member is None else parked_by(uow, member.email),
            unsent=uow.erasures.unsent(member_id, desk.mode),
            customers=_customers(uow, member_id),
        )


def erase_member(desk: Desk, request: EraseRequest) -> Erasure:
    """Erase a member, or have it done once everything of theirs is sent.

    The wrapping key that goes with them is replaced when the folder is closed. A second time
    changes nothing. Raises MemberUnknown, NotPermitted (nobody of the staff), MemberUnsent
    (Fields: entries, receipts), leaves of StoreError.
    """
    member_id = request.member_id
    with desk.buffer.writing() as uow:
        if request.staff_id is not None and uow.staff.get(request.staff_id) is None:
            raise NotPermitted(action="erase")
        _, erased_ms = known(uow, member_id)
        customers = _customers(uow, member_id)
        unsent = () if erased_ms is not None else uow.erasures.unsent(member_id, desk.mode)
        now_ms = desk.time(uow).best_ms
        waits = bool(unsent) and not request.despite_unsent
        if waits:
            if not request.when_sent:
                raise MemberUnsent(entries=len(unsent), receipts=receipts_of(unsent))
            if uow.erasures.want(member_id, now_ms):
                asked = {"staff": request.staff_id}
                line = JournalLine(kind=ERASURE_ASKED, entity_id=member_id, payload=asked)
                uow.journal.append(line, now_ms)
        elif erased_ms is None:
            because = "despite_unsent" if unsent else "asked"
            forget(uow, member_id, now_ms, {"because": because, "staff": request.staff_id})
    return Erasure(
        member_id=member_id,
        erased=not waits,
        before=erased_ms is not None,
        unsent=unsent,
        customers=customers,
    )


def erasures_wait(uow: UnitOfWork, mode: RailMode) -> bool:
    """Whether an erasure can be made, or ended, once nobody holds the folder."""
    if uow.erasures.unfinished or uow.erasures.is_behind:
        return True
    return any(not uow.erasures.unsent(member_id, mode) for member_id in uow.erasures.wanted())


def erase_wanted(uow: UnitOfWork, mode: RailMode, now_ms: int) -> tuple[MemberId, ...]:
    """Erase every member whose erasure was put off and of whom nothing is unsent any more."""
    done = []
    for member_id in uow.erasures.wanted():
        if not uow.erasures.unsent(member_id, mode):
            forget(uow, member_id, now_ms, {"because": "sent", "staff": None})
            done.append(member_id)
    return tuple(done)


def forget(uow: UnitOfWork, member_id: MemberId, now_ms: int, told: dict[str, str | None]) -> None:
    """Take a person out of the file, and write down that it was done; never who it was."""
    member = uow.people.member(member_id)
    if member is not None:
        for number in parked_by(uow, member.email):
            uow.parked.close(number, now_ms)
    uow.people.erase(member_id, now_ms)
    uow.passes.forget_texts(member_id)
    uow.erasures.settle(member_id)
    line = JournalLine(kind=MEMBER_ERASED, entity_id=member_id, payload=told)
    uow.journal.append(line, now_ms)


def receipts_of(unsent: tuple[UnsentEntry, ...]) -> str:
    """The receipt numbers of entries, the first few of them: `K3-000001, K3-000004 ...`."""
    numbers = list(dict.fromkeys(entry.receipt_number for entry in unsent))
    more = " ..." if len(numbers) > RECEIPTS_SHOWN else ""
    return ", ".join(numbers[:RECEIPTS_SHOWN]) + more


def parked_by(uow: UnitOfWork, email: str) -> tuple[int, ...]:
    """The numbers of carts that wait at the counter under this address."""
    return tuple(
        cart.number for cart in uow.parked.open() if json.loads(cart.draft).get("email") == email
    )


def _sold(uow: UnitOfWork, member_id: MemberId) -> Iterator[SoldTo]:
    for sale_id in uow.erasures.sales_of(member_id, SALES_MOST):
        sale, entries = uow.sales.get(sale_id), uow.outbox.of_sale(sale_id)
        assert sale is not None, "its id was read in the same snapshot"
        yield SoldTo(
            sale=sale,
            passes=uow.passes.of_sale(sale_id),
            person=entries[0].person if entries else None,
            entries=tuple((entry.topic, entry.state) for entry in entries),
        )


def known(uow: UnitOfWork, member_id: MemberId) -> tuple[Member | None, int | None]:
    """Who this is, and when they were erased. Raises MemberUnknown."""
    member, erased_ms = uow.people.member(member_id), uow.people.erased_ms(member_id)
    if member is None and erased_ms is None:
        raise MemberUnknown
    return member, erased_ms


def _customers(uow: UnitOfWork, member_id: MemberId) -> tuple[tuple[RailMode, RemoteObject], ...]:
    found = ((mode, uow.mirror.get(mode, member_entity(member_id), CUSTOMER)) for mode in RailMode)
    return tuple((mode, remote) for mode, remote in found if remote is not None)
