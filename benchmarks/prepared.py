"""Sales that are ready to be written: priced, signed and numbered before the clock is started."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.world import draft
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.journal import SALE_COMPLETED, JournalLine
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import EnrollmentId, EntryId, MemberId, SaleId, UuidSource
from kiosk.domain.outbox import NewEntry
from kiosk.domain.people import Member
from kiosk.domain.sale import IssuedPass, Sale, receipt_number
from kiosk.service.desk import Desk
from kiosk.service.sell import record_sale

OFFERS: Final = ("spice-jar", "apron", "four-weeks")
GIVEN: Final = (
    "Ada", "Bo", "Chiara", "Dov", "Eve", "Farid", "Grete", "Hana", "Ivo", "Jun", "Kofi", "Lena",
    "Maria", "Nils", "Oya", "Pia", "Quentin", "Rosa", "Sven", "Tove", "Uma", "Vera", "Wei", "Zoe",
)  # fmt: skip
SYLLABLES: Final = (
    "an", "ber", "cor", "del", "er", "fa", "gol", "hin", "il", "jo", "kan", "lo", "man", "no",
    "or", "pe", "ri", "sen", "to", "va",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything of one sale but what is counted and sealed in its transaction."""

    member: Member
    sale: Sale
    receipt_seq: int
    passes: tuple[IssuedPass, ...]
    entry: NewEntry
    payload: Mapping[str, object]

    @property
    def person(self) -> dict[str, str]:
        """What is sealed in the journal."""
        return {"name": self.member.name, "email": self.member.email}


class Press:
    """Makes sale after sale out of one real one that it sells first."""

    def __init__(self, desk: Desk, *, first_ms: int | None = None) -> None:
        asked = draft(desk, secrets.randbits(62), *OFFERS)
        self._sale = record_sale(desk, asked).sale
        self._first_ms = self._sale.sold_ms if first_ms is None else first_ms
        self._ids = UuidSource(secrets.token_bytes)
        with desk.buffer.reading() as uow:
            self._passes = uow.passes.of_sale(self._sale.sale_id)
            self._entry = uow.outbox.of_sale(self._sale.sale_id)[0]
        self._count_from(desk.buffer)

    def over(self, buffer: Buffer) -> Press:
        """The same for another file, with the numbers that are next there."""
        other = copy(self)
        other._count_from(buffer)
        return other

    def _count_from(self, buffer: Buffer) -> None:
        with buffer.reading() as uow:
            # Counted and thrown away: the next numbers of the file that is written to.
            self._receipt = uow.settings.next_number("receipt")
            self._pass = uow.settings.next_number("pass")

    def prepare(self, number: int, *, step_ms: int = 0) -> Prepared:
        """The sale with this number, counted from 0 without a gap; `step_ms` after the last."""
        at_ms = self._first_ms + number * step_ms
        member = member_of(self._receipt + number, MemberId(self._ids.make(at_ms)))
        sale_id = SaleId(self._ids.make(at_ms))
        seq = self._receipt + number
        sale = replace(
            self._sale,
            sale_id=sale_id,
            receipt_number=receipt_number(self._sale.device, seq),
            member_id=member.member_id,
            sold_ms=at_ms,
            enrollments=tuple(
                replace(
                    one,
                    enrollment_id=EnrollmentId(self._ids.make(at_ms)),
                    sale_id=sale_id,
                    member_id=member.member_id,
                )
                for one in self._sale.enrollments
            ),
        )
        return Prepared(
            member=member,
            sale=sale,
            receipt_seq=seq,
            passes=self._numbered(number),
            entry=self._carried(sale, member, at_ms),
            payload={"total_minor": sale.total_minor, "receipt": sale.receipt_number},
        )

    def _numbered(self, number: int) -> tuple[IssuedPass, ...]:
        first = self._pass + number * len(self._passes)
        return tuple(
            replace(one, seq=first + at, payload_sha256=os.urandom(32))
            for at, one in enumerate(self._passes)
        )

    def _carried(self, sale: Sale, member: Member, at_ms: int) -> NewEntry:
        return NewEntry(
            entry_id=EntryId(self._ids.make(at_ms)),
            sale_id=sale.sale_id,
            member_id=member.member_id,
            lane=member.member_id,
            topic=self._entry.topic,
            mode=sale.mode,
            intent=self._entry.intent,
            person={"name": member.name, "email": member.email, "language": "en"},
            due_ms=at_ms,
        )


def write(uow: UnitOfWork, ready: Prepared) -> None:
    """What a sale's transaction does in the buffer, in the order in which selling does it."""
    assert uow.people.by_email(ready.member.email) is None
    uow.people.enroll(ready.member, ready.sale.sold_ms)
    assert uow.settings.next_number("receipt") == ready.receipt_seq
    uow.sales.insert(ready.sale, ready.receipt_seq)
    for issued in ready.passes:
        assert uow.settings.next_number("pass") == issued.seq
        uow.passes.insert(ready.sale.sale_id, issued)
    uow.outbox.add(ready.entry, ready.sale.sold_ms)
    line = JournalLine(
        kind=SALE_COMPLETED,
        entity_id=ready.sale.sale_id,
        member_id=ready.member.member_id,
        payload=ready.payload,
        personal=ready.person,
    )
    uow.journal.append(line, ready.sale.sold_ms)


def member_of(number: int, member_id: MemberId) -> Member:
    """The member with this number: names that spread as names do, and an address of their own."""
    family, left = "", number
    for _ in range(3):
        left, at = divmod(left, len(SYLLABLES))
        family += SYLLABLES[at]
    name = f"{GIVEN[number % len(GIVEN)]} {family.title()}"
    return Member(
        member_id=member_id,
        name=name,
        email=f"{family}.{number}@example.org",
        language="en",
    )
