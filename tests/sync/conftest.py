"""A small world for the sync wing: an encrypted buffer, a practice Stripe, a clock of ours."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import EntryId, MemberId, OfferCode, SaleId, uuid7
from kiosk.domain.outbox import Entry, NewEntry, QueueHealth, RailMode, Topic
from kiosk.domain.people import Member
from kiosk.domain.reference import make_reference
from kiosk.domain.sale import IssuedPass, LineItem, OfferKind, Sale, receipt_number
from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import Tender, TenderKind
from sync.engine import DrainReport, Engine, EngineParts
from sync.marks import MarkKeeper
from sync.practice.app import PracticeStripe
from sync.practice.transport import PracticeTransport
from sync.prices import Priced, ensure_link, ensure_price
from sync.rails.stripe.client import StripeAccess
from sync.rails.stripe.network import Line, make_rail
from sync.steps import Carrier

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE
DEVICE = 3
KEY = "rk_test_rehearsal"
REFERENCE_KEY = b"reference key of a test kiosk..."
GRACE_MS = 30 * 60_000
KEYS = BufferKeys(
    database=bytes(range(32)),
    journal=bytes(range(32, 64)),
    anchor=bytes(range(64, 96)),
    member_kek={1: bytes(range(96, 128))},
)
BUFFER_ID = uuid7(NOW_MS, bytes(10))


class VirtualClock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.true_ms = NOW_MS
        self.error_ms = 0  # local minus true

    def now_ms(self) -> int:
        return self.true_ms + self.error_ms

    def monotonic(self) -> float:
        return self.true_ms / 1000

    def advance(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.true_ms += int(1000 * (seconds + 3600 * hours + 86_400 * days))


class Wiretap(httpx.AsyncBaseTransport):
    """Lets requests through and remembers them; `before` may raise or answer instead."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.requests: list[httpx.Request] = []
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None
        self.most_at_once = 0
        self._at_once = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            instead = self.before(request)
            if instead is not None:
                return instead
            return await self.inner.handle_async_request(request)
        finally:
            self._at_once -= 1

    def posts(self, path: str = "") -> list[httpx.Request]:
        return [r for r in self.requests if r.method == "POST" and path in r.url.path]


@dataclass(slots=True)
class Sold:
    """A sale and what a test needs to follow it."""

    sale: Sale
    entries: list[EntryId]
    pay_urls: list[str] = field(default_factory=list)


class World:
    """One kiosk's buffer, its clock, and the Stripe it talks to."""

    def __init__(self, folder: Path, **stripe: Any) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.dice = random.Random(5)
        self.stripe = PracticeStripe(clock=lambda: self.clock.true_ms, seed=7, **stripe)
        self.wire = Wiretap(PracticeTransport(self.stripe))
        self.healths: list[QueueHealth] = []
        self.file = BufferFile.open(folder, KEYS, now_ms=NOW_MS)
        self.marks: Callable[[Carrier], MarkKeeper] | None = None
        self._ids = 0

    # ------------------------------------------------------------ the kiosk

    @property
    def buffer(self) -> Buffer:
        return self.file.sync()

    def write(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self.buffer.writing() as uow:
            return work(uow)

    def read(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self.buffer.reading() as uow:
            return work(uow)

    def restart(self) -> None:
        """The process died and another one opens the folder."""
        self.file.close()
        self.restart_closed()

    def restart_closed(self) -> None:
        """Open a folder that somebody else held meanwhile."""
        self.file = BufferFile.open(self.folder, KEYS, now_ms=self.clock.now_ms())
        self.write(lambda uow: uow.outbox.break_leases(self.clock.now_ms()))

    def engine(
        self, *, mode: RailMode = MODE, key: str = KEY, base_url: str | None = None
    ) -> Engine:
        access = StripeAccess(mode=mode, key=key, base_url=base_url or "https://stripe.test")
        rail = make_rail(access, DEVICE, self.clock, Line(network=self.wire))
        return Engine(
            EngineParts(
                buffer=self.buffer,
                rail=rail,
                clock=self.clock,
                device=DEVICE,
                reference_key=REFERENCE_KEY,
                dice=self.dice.random,
                on_health=self.healths.append,
                marks=self.marks,
            )
        )

    def drain(self, **access: Any) -> DrainReport:
        async def run() -> DrainReport:
            return await self.engine(**access).drain()

        return asyncio.run(run())

    def drain_until_quiet(self, most: int = 12, *, hours: float = 0.02) -> DrainReport:
        """Drain again and again, as a kiosk would through the day."""
        report = self.drain()
        for _ in range(most):
            if report.waiting + report.unknown == 0:
                break
            self.clock.advance(hours=hours)
            report = self.drain()
        return report

    # ------------------------------------------------------------ sales

    def make_id(self) -> str:
        self._ids += 1
        return uuid7(NOW_MS + self._ids, self._ids.to_bytes(10))

    def member(self, email: str | None = None) -> Member:
        member_id = MemberId(self.make_id())
        found: Member | None = None
        if email is not None:
            found = self.read(lambda uow: uow.people.by_email(email))
        return found or Member(
            member_id=member_id,
            name="Maria Gómez",
            email=email or f"m{self._ids}@example.org",
            language="en",
        )

    def sell(
        self,
        tender: TenderKind,
        *,
        units: tuple[tuple[int, int], ...] = ((1250, 2),),
        email: str | None = None,
        intents: Callable[[Sale], list[tuple[Topic, dict[str, object]]]] | None = None,
        **changes: Any,
    ) -> Sold:
        """A sale of (unit, quantity) lines, written down with its entries as the till does it."""
        member = self.member(email)
        lines = tuple(
            LineItem(
                line_no=number,
                offer=OfferCode(f"zine-{number}"),
                kind=OfferKind.ITEM,
                description=f"Zine {number}",
                quantity=quantity,
                unit_minor=unit,
                amount_minor=unit * quantity,
                tax_code="vat",
                rate_bp=700,
                tax_minor=unit * quantity * 7 // 107,
                rules=(),
            )
            for number, (unit, quantity) in enumerate(units, start=1)
        )
        total = sum(line.amount_minor for line in lines)
        with self.file.sync().writing() as uow:
            if uow.catalog.current() is None:
                uow.catalog.store('{"event": 1}', bytes(64), 1, NOW_MS)
            if uow.people.member(member.member_id) is None:
                uow.people.enroll(member, self.clock.now_ms())
            receipt_seq = uow.settings.next_number(uow.incarnations.receipt_counter)
            life = uow.incarnations.mark().incarnation
            values: dict[str, Any] = {
                "sale_id": SaleId(self.make_id()),
                "receipt_number": receipt_number(DEVICE, receipt_seq, life),
                "device": DEVICE,
                "snapshot_number": 1,
                "member_id": member.member_id,
                "staff_id": None,
                "mode": MODE,
                "language": "en",
                "currency": "eur",
                "lines": lines,
                "tenders": (Tender(kind=tender, amount_minor=total, given_minor=total),),
                "consents": (),
                "enrollments": (),
                "sold_ms": self.clock.now_ms(),
                "skew_ms": None,
                "clock_doubtful": False,
            }
            sale = Sale(**{**values, **changes})
            uow.sales.insert(sale, receipt_seq)
            uow.passes.insert(sale.sale_id, self._pass(uow))
            made = (intents or self.bill_intent)(sale)
            entries = self._entries(uow, sale, member, made)
            uow.journal.append(
                JournalLine(
                    kind="sale.completed",
                    entity_id=sale.sale_id,
                    member_id=sale.member_id,
                    payload={},
                ),
                self.clock.now_ms(),
            )
        return Sold(sale=sale, entries=entries)

    def sell_cash(self, **changes: Any) -> Sold:
        return self.sell(TenderKind.CASH, **changes)

    def sell_later(self, **changes: Any) -> Sold:
        """Pay later: the invoice, and a watch that depends on it."""

        def intents(sale: Sale) -> list[tuple[Topic, dict[str, object]]]:
            (_topic, bill), *_ = self.bill_intent(sale)
            return [(Topic.INVOICE, bill), (Topic.WATCH, self._watch_intent(sale))]

        return self.sell(TenderKind.PAY_LATER, intents=intents, **changes)

    def sell_scan(self, *, reference: str | None = None, **changes: Any) -> Sold:
        """Scan to pay: links first, then the sale with its watch."""
        units = changes.get("units", ((1250, 2),))
        links = [self.link(unit) for unit, _quantity in units]

        def intents(sale: Sale) -> list[tuple[Topic, dict[str, object]]]:
            watch = self._watch_intent(sale)
            watch["links"] = [
                {"entity": entity, "link_id": link_id, "unit_minor": unit, "quantity": quantity}
                for (entity, link_id, _url), (unit, quantity) in zip(links, units, strict=True)
            ]
            return [(Topic.WATCH, watch)]

        sold = self.sell(TenderKind.SCAN_TO_PAY, intents=intents, **changes)
        mark = reference or make_reference(DEVICE, sold.sale.sale_id, REFERENCE_KEY)
        sold.pay_urls = [f"{url}?client_reference_id={mark}" for _entity, _id, url in links]
        return sold

    def sell_membership(self, tender: TenderKind = TenderKind.CASH, **changes: Any) -> Sold:
        """An open-ended weekly membership, or one until `cancel_at_s`."""
        intent: dict[str, object] = {
            "cancel_at_s": None,
            "cadence": {"every": 1, "unit": "week"},
            "unit_minor": 900,
        }
        intent.update(changes.pop("intent", {}))

        def intents(sale: Sale) -> list[tuple[Topic, dict[str, object]]]:
            whole = {
                "tender": tender,
                "currency": sale.currency,
                "sold_ms": sale.sold_ms,
                "days_until_due": None if tender is TenderKind.CASH else 14,
                "line_no": 1,
                "offer": "club",
                "name": "Recipe club",
                "quantity": 1,
                "total_minor": sale.total_minor,
                **intent,
            }
            made: list[tuple[Topic, dict[str, object]]] = [(Topic.SUBSCRIPTION, whole)]
            if tender is TenderKind.PAY_LATER:
                made.append((Topic.WATCH, self._watch_intent(sale)))
            return made

        return self.sell(tender, units=((900, 1),), intents=intents, **changes)

    def bill_intent(self, sale: Sale) -> list[tuple[Topic, dict[str, object]]]:
        tender = sale.tenders[0].kind
        intent: dict[str, object] = {
            "tender": tender,
            "currency": sale.currency,
            "sold_ms": sale.sold_ms,
            "days_until_due": None if tender is TenderKind.CASH else 14,
            "lines": [
                {
                    "line_no": line.line_no,
                    "description": line.description,
                    "amount_minor": line.amount_minor,
                    "quantity": line.quantity,
                }
                for line in sale.lines
            ],
            "total_minor": sale.total_minor,
        }
        return [(Topic.INVOICE, intent)]

    def link(self, unit_minor: int) -> tuple[str, str, str]:
        """(entity, link id, url), provisioned the way the program does it."""
        entity = f"offer:zine:eur:{unit_minor}"
        known = self.read(lambda uow: uow.mirror.get(MODE, entity, "link"))
        if known is None:
            priced = Priced(entity=entity, name="Zine", currency="eur", unit_minor=unit_minor)

            async def make() -> None:
                carrier = self.engine().carrier
                price = await ensure_price(carrier, priced)
                await ensure_link(carrier, priced, price.remote_id, limit=None, edition="open")

            asyncio.run(make())
            known = self.read(lambda uow: uow.mirror.get(MODE, entity, "link"))
        return entity, known.remote_id, known.url

    # ------------------------------------------------------------ looking

    def entry(self, entry_id: EntryId) -> Entry:
        found: Entry = self.read(lambda uow: uow.outbox.get(entry_id))
        return found

    def findings(self, sold: Sold) -> list[FindingKind]:
        found = self.read(lambda uow: uow.sales.findings(sold.sale.sale_id))
        return [finding.kind for finding in found]

    def at_rail(self, kind: str, sold: Sold | None = None) -> list[Any]:
        """The rail's objects of a kind, of one sale if asked."""
        things = self.stripe.objects(kind)
        if sold is None:
            return things
        return [t for t in things if t["metadata"].get("kp_sale") == sold.sale.sale_id]

    # ------------------------------------------------------------ helpers

    def _watch_intent(self, sale: Sale) -> dict[str, object]:
        later = sale.tenders[0].kind is TenderKind.PAY_LATER
        return {
            "tender": sale.tenders[0].kind,
            "currency": sale.currency,
            "total_minor": sale.total_minor,
            "sold_ms": sale.sold_ms,
            "grace_ends_ms": sale.sold_ms + (14 * 86_400_000 if later else GRACE_MS),
        }

    def _entries(
        self,
        uow: UnitOfWork,
        sale: Sale,
        member: Member,
        made: list[tuple[Topic, dict[str, object]]],
    ) -> list[EntryId]:
        entries: list[EntryId] = []
        for topic, intent in made:
            watch = topic is Topic.WATCH
            if watch and "links" not in intent:
                intent["bills"] = entries[0]
            entry_id = EntryId(self.make_id())
            uow.outbox.add(
                NewEntry(
                    entry_id=entry_id,
                    sale_id=sale.sale_id,
                    member_id=member.member_id,
                    lane=f"watch:{sale.sale_id}" if watch else member.member_id,
                    topic=topic,
                    mode=sale.mode,
                    intent=intent,
                    person={"name": member.name, "email": member.email, "language": "en"},
                    due_ms=self.clock.now_ms(),
                    depends_on=entries[0] if watch and entries else None,
                ),
                self.clock.now_ms(),
            )
            entries.append(entry_id)
        return entries

    def _pass(self, uow: UnitOfWork) -> IssuedPass:
        seq = uow.settings.next_number("pass")
        return IssuedPass(
            device=DEVICE,
            seq=seq,
            text=f"EP1:{seq}",
            payload_sha256=seq.to_bytes(32),
            event_number=1,
            entitlements={1: 0},
            issued_s=NOW_MS // 1000,
            expires_s=NOW_MS // 1000 + 86_400,
            provisional=True,
            provisional_until_s=NOW_MS // 1000 + 3600,
        )


@pytest.fixture(scope="session")
def empty_kiosk() -> Iterator[Path]:
    """A folder with a new buffer, to be copied; in memory where the machine offers it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as top:
        folder = Path(top) / "empty"
        folder.mkdir()
        made = BufferFile.create(
            folder, KEYS, device=DEVICE, buffer_id=BUFFER_ID, now_ms=NOW_MS - 1000
        )
        with made.sync().writing() as uow:
            uow.settings.put_secret("reference_key", REFERENCE_KEY)
        made.close()
        yield folder


@pytest.fixture
def make_world(empty_kiosk: Path) -> Iterator[Callable[..., World]]:
    """Worlds, each with a buffer of its own; closed at the end."""
    worlds: list[World] = []

    def make(**stripe: Any) -> World:
        folder = empty_kiosk.parent / f"w{len(worlds)}"
        shutil.copytree(empty_kiosk, folder)
        worlds.append(World(folder, **stripe))
        return worlds[-1]

    yield make
    for world in worlds:
        world.file.close()
        shutil.rmtree(world.folder)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
