"""Members as staff see them on the screen: a list to pick from, and one with their passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kiosk.buffer.erasures import UnsentEntry
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import MemberId
from kiosk.domain.people import Member
from kiosk.domain.sale import Enrollment, IssuedPass, Sale
from kiosk.domain.settlement import Settlement
from kiosk.service.desk import Desk, settled
from kiosk.service.members.record import FOUND_MOST, SALES_MOST, known, parked_by

SALES_SHOWN: Final = 100
# Read for a list of members, to tell what is running: few of many members, all of one.
SALES_READ: Final = 200
SALES_READ_LEAST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A membership that goes on now, by the name it was sold under. `ends_ms` None: open-ended."""

    name: str
    ends_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMember:
    """A member that a search found, and what is running of theirs."""

    member: Member = field(repr=False)
    running: tuple[Running, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSale:
    """A sale with its passes and what its money makes of them."""

    sale: Sale
    passes: tuple[IssuedPass, ...]
    settlement: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """What staff see of one member; `member` is None once erased. Instants in milliseconds.

    `sales` are those of this kiosk's mode, the newest first, at most `SALES_SHOWN`; `more`: there
    are more. `at_ms`: the best known instant, by which a pass is over or not.
    """

    member_id: MemberId
    member: Member | None = field(repr=False)
    erased_ms: int | None
    wanted_ms: int | None
    running: tuple[Running, ...]
    sales: tuple[ShownSale, ...]
    more: bool
    parked: tuple[int, ...]
    unsent: tuple[UnsentEntry, ...]
    at_ms: int


def list_members(desk: Desk, text: str) -> tuple[FoundMember, ...]:
    """Members whose name or address begins like this, at most `FOUND_MOST`, by name.

    What is running of each is told as far as `SALES_READ` reaches: the fewer, the further.
    """
    with desk.buffer.reading() as uow:
        found = uow.people.search(text, FOUND_MOST)
        each = max(SALES_READ_LEAST, SALES_READ // max(1, len(found)))
        at_ms = desk.time(uow).best_ms
        return tuple(
            FoundMember(
                member=member,
                running=tuple(
                    one
                    for sale in _newest(desk, uow, member.member_id, each)
                    for one in _running(uow, sale, at_ms)
                ),
            )
            for member in found
        )


def member_card(desk: Desk, member_id: MemberId) -> MemberCard:
    """One member for the screen. Raises MemberUnknown, leaves of StoreError."""
    with desk.buffer.reading() as uow:
        member, erased_ms = known(uow, member_id)
        sales = tuple(_newest(desk, uow, member_id, SALES_SHOWN + 1))
        at_ms = desk.time(uow).best_ms
        return MemberCard(
            member_id=member_id,
            member=member,
            erased_ms=erased_ms,
            wanted_ms=uow.erasures.wanted_ms(member_id),
            running=tuple(one for sale in sales for one in _running(uow, sale, at_ms)),
            sales=tuple(
                ShownSale(
                    sale=sale,
                    passes=uow.passes.of_sale(sale.sale_id),
                    settlement=settled(uow, sale),
                )
                for sale in sales[:SALES_SHOWN]
            ),
            more=len(sales) > SALES_SHOWN,
            parked=() if member is None else parked_by(uow, member.email),
            unsent=uow.erasures.unsent(member_id, desk.mode),
            at_ms=at_ms,
        )


def _newest(desk: Desk, uow: UnitOfWork, member_id: MemberId, most: int) -> Iterator[Sale]:
    """The newest sales of a member in this kiosk's mode: practice is not shown beside money."""
    told = 0
    for sale_id in reversed(uow.erasures.sales_of(member_id, SALES_MOST)):
        sale = uow.sales.get(sale_id)
        assert sale is not None, "its id was read in the same snapshot"
        if sale.mode is desk.mode:
            yield sale
            told += 1
        if told == most:
            return


def _running(uow: UnitOfWork, sale: Sale, at_ms: int) -> Iterator[Running]:
    """The memberships of a sale that go on now; one whose money never came does not."""
    going = [one for one in sale.enrollments if _goes_on(one, at_ms)]
    if not going or settled(uow, sale) is Settlement.REVOKED:
        return
    names = {line.offer: line.description for line in sale.lines}
    for one in going:
        # A salvage may have saved the membership and lost the line that named it.
        yield Running(name=names.get(one.offer, one.offer), ends_ms=one.ends_ms)


def _goes_on(enrollment: Enrollment, at_ms: int) -> bool:
    started = enrollment.starts_ms <= at_ms
    return started and (enrollment.ends_ms is None or at_ms < enrollment.ends_ms)
