"""A real encrypted buffer for each test, and the values of one small event."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import SALE_COMPLETED, JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import EnrollmentId, EntryId, MemberId, OfferCode, SaleId, uuid7
from kiosk.domain.outbox import NewEntry, RailMode, Topic
from kiosk.domain.people import Member
from kiosk.domain.sale import (
    Consent,
    Enrollment,
    IssuedPass,
    LineItem,
    OfferKind,
    RuleApplied,
    Sale,
    receipt_number,
)
from kiosk.domain.tender import Tender, TenderKind
from tests.buffer import lossy
from tests.buffer.damage import Shopful

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE


def make_keys(seed: int = 7) -> BufferKeys:
    dice = random.Random(seed)
    return BufferKeys(
        database=dice.randbytes(32),
        journal=dice.randbytes(32),
        anchor=dice.randbytes(32),
        member_kek={1: dice.randbytes(32)},
    )


class Shop:
    """Writes whole sales the way the till does, with as many words as a test cares for."""

    def __init__(self, seed: int = 11) -> None:
        self._dice = random.Random(seed)
        self._ms = NOW_MS + seed * 1_000_000

    def make_id(self) -> str:
        self._ms += 1
        return uuid7(self._ms, self._dice.randbytes(10))

    def member(self, name: str = "Maria Gómez", email: str | None = None) -> Member:
        member_id = MemberId(self.make_id())
        address = email or f"m{member_id[-12:]}@example.org"
        return Member(member_id=member_id, name=name, email=address, language="en")

    def snapshot(self, uow: UnitOfWork) -> int:
        current = uow.catalog.current()
        if current is not None:
            return current.number
        return uow.catalog.store('{"event": 1}', bytes(64), 1, NOW_MS)

    def sale(self, uow: UnitOfWork, **changes: Any) -> tuple[Sale, int]:
        """A sale value of one line of 2 x 12.50 with its counted receipt number."""
        receipt_seq = uow.settings.next_number(uow.incarnations.receipt_counter)
        life = uow.incarnations.mark().incarnation
        device = changes.pop("device", 3)
        member_id = changes.pop("member_id")
        sale_id = SaleId(changes.pop("sale_id", None) or self.make_id())
        kind = changes.pop("tender", TenderKind.CASH)
        unit = changes.pop("unit_minor", 1250)
        line = LineItem(
            line_no=1,
            offer=OfferCode("zine"),
            kind=OfferKind.DROP,
            description="Zine “Nº 4”",
            quantity=2,
            unit_minor=unit,
            amount_minor=2 * unit,
            tax_code="vat",
            rate_bp=700,
            tax_minor=2 * unit * 7 // 107,
            rules=(RuleApplied(rule="base", unit_minor=unit),),
        )
        values: dict[str, Any] = {
            "sale_id": sale_id,
            "receipt_number": receipt_number(device, receipt_seq, life),
            "device": device,
            "snapshot_number": self.snapshot(uow),
            "member_id": member_id,
            "staff_id": None,
            "mode": MODE,
            "language": "en",
            "currency": "eur",
            "lines": (line,),
            "tenders": (Tender(kind=kind, amount_minor=2 * unit, given_minor=2 * unit),),
            "consents": (Consent(kind="terms", version="3", language="en"),),
            "enrollments": (
                Enrollment(
                    enrollment_id=EnrollmentId(self.make_id()),
                    sale_id=sale_id,
                    member_id=member_id,
                    offer=OfferCode("club"),
                    starts_ms=NOW_MS,
                    period_ends_ms=NOW_MS + 1000,
                    ends_ms=None,
                ),
            ),
            "sold_ms": NOW_MS,
            "skew_ms": None,
            "clock_doubtful": False,
        }
        return Sale(**{**values, **changes}), receipt_seq

    def issued(self, uow: UnitOfWork, device: int = 3) -> IssuedPass:
        seq = uow.settings.next_number("pass")
        return IssuedPass(
            device=device,
            seq=seq,
            text=f"EP1:{seq}",
            payload_sha256=self._dice.randbytes(32),
            event_number=1,
            entitlements={1: 0, 2: 3},
            issued_s=1_800_000_000,
            expires_s=1_800_086_400,
            provisional=True,
            provisional_until_s=1_800_003_600,
        )

    def entry(self, sale: Sale, **changes: Any) -> NewEntry:
        values: dict[str, Any] = {
            "entry_id": EntryId(self.make_id()),
            "sale_id": sale.sale_id,
            "member_id": sale.member_id,
            "lane": sale.member_id,
            "topic": Topic.INVOICE,
            "mode": sale.mode,
            "intent": {"total_minor": sale.total_minor, "currency": sale.currency},
            "person": {"name": "Maria Gómez", "email": "maria@example.org", "language": "en"},
            "due_ms": NOW_MS,
        }
        return NewEntry(**{**values, **changes})

    def open_sale(self, uow: UnitOfWork, member: Member | None = None, **changes: Any) -> Sale:
        """Everything of a sale but its outbox entries and its journal line."""
        buyer = member or self.member()
        if uow.people.member(buyer.member_id) is None:
            uow.people.enroll(buyer, NOW_MS)
        sale, receipt_seq = self.sale(uow, member_id=buyer.member_id, **changes)
        uow.sales.insert(sale, receipt_seq)
        uow.passes.insert(sale.sale_id, self.issued(uow))
        return sale

    def close_sale(self, uow: UnitOfWork, sale: Sale) -> None:
        line = JournalLine(
            kind=SALE_COMPLETED,
            entity_id=sale.sale_id,
            member_id=sale.member_id,
            payload={"total_minor": sale.total_minor},
            personal={"name": "Maria Gómez"},
        )
        uow.journal.append(line, NOW_MS)

    def sell(self, buffer: Buffer, member: Member | None = None, **changes: Any) -> Sale:
        """One whole sale with one entry, committed."""
        entry = changes.pop("entry", {})
        with buffer.writing() as uow:
            sale = self.open_sale(uow, member, **changes)
            uow.outbox.add(self.entry(sale, **entry), NOW_MS)
            self.close_sale(uow, sale)
        return sale


@pytest.fixture(scope="session")
def new_shop() -> type[Shop]:
    return Shop


@pytest.fixture(scope="session")
def new_keys() -> Callable[..., BufferKeys]:
    return make_keys


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def keys() -> BufferKeys:
    return make_keys()


@pytest.fixture
def buffer_file(tmp_path: Path, keys: BufferKeys, shop: Shop) -> Iterator[BufferFile]:
    held = BufferFile.create(tmp_path, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS)
    yield held
    held.close()


@pytest.fixture
def till(buffer_file: BufferFile) -> Buffer:
    return buffer_file.till()


@pytest.fixture
def reopen(tmp_path: Path, keys: BufferKeys) -> Callable[[], BufferFile]:
    return lambda: BufferFile.open(tmp_path, keys, now_ms=NOW_MS)


@pytest.fixture(scope="module")
def shopful(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shopful:
    """A closed buffer with as many sales as the file of tests says in SALES, to be copied."""
    return Shopful(tmp_path_factory.mktemp("shopful"), request.module.SALES)


@pytest.fixture
def paths(shopful: Shopful) -> Iterator[BufferPaths]:
    made = shopful.copy()
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture
def crashed(shopful: Shopful) -> Iterator[BufferPaths]:
    """The same as a kill leaves it, its log beside it."""
    made = shopful.copy(crashed=True)
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> lossy.Shop:
    """A kiosk that has sold in every way, to be copied."""
    return lossy.make_shop(tmp_path_factory.mktemp("made"))
