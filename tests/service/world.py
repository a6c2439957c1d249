"""A world to sell in: a real encrypted buffer, a clock that is turned by hand, drafts."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.mirror import RemoteObject
from kiosk.domain.ids import OfferCode, SaleId, StaffId, UuidSource
from kiosk.domain.offer import Drop, Snapshot
from kiosk.domain.outbox import RailMode
from kiosk.domain.pricing import decide
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.passes.issue import Signer, load_signer
from kiosk.passes.trust import (
    TrustedRoots,
    load_key,
    make_device_certificate,
    own_certificate_claims,
    private_bytes,
    public_bytes,
)
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from kiosk.service.sign_in import set_first_pin

NOON_MS = 1_795_000_000_000
DAY_MS = 86_400_000
EVENTS = Path(__file__).parent.parent.parent / "assets" / "events"


@dataclass
class HandClock:
    """A clock that stands until a test turns it."""

    at_ms: int = NOON_MS

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic(self) -> float:
        return self.at_ms / 1000


@dataclass
class World:
    """A folder, its keys and whoever opens it; `reopen` is a restart of the program.

    All its keys come out of `secret`, so that a child process with `fresh` False opens the same.
    """

    folder: Path
    mode: RailMode = RailMode.PRACTICE
    staffed: bool = True
    clock: HandClock = field(default_factory=HandClock)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(7 * 32), repr=False)
    fresh: bool = True

    def __post_init__(self) -> None:
        raw = [self.secret[at : at + 32] for at in range(0, 7 * 32, 32)]
        self.root, self.device_key, self.reference_key = load_key(raw[0]), load_key(raw[1]), raw[2]
        self.keys = BufferKeys(
            database=raw[3], journal=raw[4], anchor=raw[5], member_kek={1: raw[6]}
        )
        self.roots = TrustedRoots(keys=(public_bytes(self.root),))
        if self.fresh:
            buffer_id = UuidSource(secrets.token_bytes).make(NOON_MS)
            self.file = BufferFile.create(
                self.folder, self.keys, device=3, buffer_id=buffer_id, now_ms=self.clock.at_ms
            )
        else:
            self.file = BufferFile.open(self.folder, self.keys, now_ms=self.clock.at_ms)
        self.desk = self.new_desk()

    def new_desk(self) -> Desk:
        return Desk(
            buffer=self.file.till(),
            signer=self.certify(self.clock.at_ms // DAY_MS),
            clock=self.clock,
            ids=UuidSource(secrets.token_bytes),
            device=3,
            mode=self.mode,
            reference_key=self.reference_key,
            staffed=self.staffed,
            renew=self.certify,
        )

    def certify(self, day: int) -> Signer:
        claims = own_certificate_claims(3, public_bytes(self.device_key), day)
        wire = make_device_certificate(self.root, claims)
        return load_signer(private_bytes(self.device_key), wire, self.roots)

    def reopen(self) -> Desk:
        self.file.close()
        self.file = BufferFile.open(self.folder, self.keys, now_ms=self.clock.at_ms)
        self.desk = self.new_desk()
        return self.desk

    def load(self, name: str) -> Snapshot:
        source = (EVENTS / name).read_text(encoding="utf-8")
        return load_event(self.desk, source, name).snapshot

    def provision(self) -> None:
        """Write down payment links as if they had been made at the rail."""
        with self.desk.buffer.writing() as uow:
            snapshot = self.desk.snapshot(uow)
            currency = snapshot.event.currency
            for offer in snapshot.offers:
                entity = offer_entity(offer, currency, decide(snapshot, offer).unit_minor)
                link = RemoteObject(
                    remote_id=f"plink_{offer.code}", url=f"https://pay.example/{offer.code}"
                )
                uow.mirror.put(self.mode, entity, "link", link, NOON_MS)

    def owner(self, pin: str = "4711") -> StaffId:
        """Somebody to stand at the counter, with this PIN."""
        return set_first_pin(self.desk, pin)

    def facts(self) -> dict[str, int]:
        """How many rows of each kind the file holds, and what is left of the first drop."""
        with self.desk.buffer.reading() as uow:
            snapshot = self.desk.snapshot(uow)
            drop = next(offer for offer in snapshot.offers if isinstance(offer, Drop))
            counts = uow.outbox.counts(self.mode)
            return {
                "sales": len(uow.sales.newest(500)),
                "journal": uow.journal.head()[0],
                "left": uow.stock.left(snapshot.event.number, drop.code),
                "waiting": counts.waiting,
                "parked": len(uow.parked.open()),
            }

    def draft(self, *offers: str, **changes: object) -> Draft:
        made = Draft(
            sale_id=SaleId(self.desk.make_id()),
            lines=tuple(CartLine(offer=OfferCode(code), quantity=1) for code in offers),
            name="Maria Gomez",
            email="maria@example.org",
            language="en",
            consents=frozenset({"terms"}),
            tender=TenderKind.CASH,
        )
        return dataclasses.replace(made, **changes)  # type: ignore[arg-type]
