"""What is shown for a sale that is on disk: its passes, its payment codes, and their pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.billing import LinkUse, links_in
from kiosk.domain.ids import SaleId
from kiosk.domain.pay_codes import PayCode, Payer, pay_codes
from kiosk.domain.reference import make_reference
from kiosk.domain.sale import IssuedPass, Sale
from kiosk.domain.settlement import Settlement
from kiosk.domain.tender import TenderKind
from kiosk.errors import MemberErased, SaleUnknown
from kiosk.passes.qr import QrMatrix, qr_pass, qr_text
from kiosk.passes.url import pass_url
from kiosk.service.desk import Desk, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSale:
    """A sale that is on disk. `repeated`: it was there before this call."""

    sale: Sale
    passes: tuple[IssuedPass, ...]
    pay_codes: tuple[PayCode, ...]
    reference: str | None
    pass_host: str | None
    name: str = field(repr=False)
    seller: str
    settlement: Settlement
    repeated: bool

    @property
    def pass_urls(self) -> tuple[str, ...]:
        """What each pass's code carries; empty for an erased buyer's."""
        return tuple(
            pass_url(self.pass_host, issued.text) if issued.text else "" for issued in self.passes
        )

    @property
    def forgotten(self) -> bool:
        """Whether the buyer was erased: there is nothing left to show."""
        return not all(issued.text for issued in self.passes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPayCode:
    """A payment code as the screen shows it: with whom it pays and under which reference."""

    url: str = field(repr=False)
    amount_minor: int
    currency: str
    seller: str
    reference: str
    qr: QrMatrix = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedSale:
    """A recorded sale with its codes drawn: `qr` has one matrix per pass."""

    sale: Sale
    member_name: str = field(repr=False)
    passes: tuple[IssuedPass, ...]
    pass_urls: tuple[str, ...] = field(repr=False)
    qr: tuple[QrMatrix, ...] = field(repr=False)
    pay_codes: tuple[DrawnPayCode, ...]
    settlement: Settlement
    repeated: bool

    @property
    def change_due_minor(self) -> int:
        """The cash that goes back, in minor units."""
        return sum(tender.change_due_minor for tender in self.sale.tenders)


def drawn(recorded: RecordedSale) -> CompletedSale:
    """The sale with its codes as module matrices. Raises MemberErased."""
    if recorded.forgotten:
        raise MemberErased
    return CompletedSale(
        sale=recorded.sale,
        member_name=recorded.name,
        passes=recorded.passes,
        pass_urls=recorded.pass_urls,
        qr=tuple(qr_pass(recorded.pass_host, issued.text) for issued in recorded.passes),
        pay_codes=tuple(
            DrawnPayCode(
                url=code.url,
                amount_minor=code.amount_minor,
                currency=code.currency,
                seller=recorded.seller,
                reference=recorded.reference or "",
                qr=qr_text(code.url),
            )
            for code in recorded.pay_codes
        ),
        settlement=recorded.settlement,
        repeated=recorded.repeated,
    )


def find_sale(desk: Desk, sale_id: SaleId) -> RecordedSale:
    """A sale of this buffer with everything that is shown for it. Raises SaleUnknown."""
    with desk.buffer.reading() as uow:
        sale = uow.sales.get(sale_id)
        if sale is None:
            raise SaleUnknown(sale_id=sale_id)
        return read_back(desk, uow, sale)


def newest_sale(desk: Desk) -> RecordedSale | None:
    """The last sale, whose pass may never have been shown if the machine then went down.

    None as well when it was made in another mode: a practice pass is not handed out for money; and
    when its buyer was erased.
    """
    with desk.buffer.reading() as uow:
        newest = [sale for sale in uow.sales.newest(1) if sale.mode is desk.mode]
        found = read_back(desk, uow, newest[0]) if newest else None
        return None if found is None or found.forgotten else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who bought, as they typed it for this sale, and the links they were shown to pay at.

    Not what the member of this address is called: somebody else may have typed the address.
    """

    name: str = field(repr=False)
    email: str = field(repr=False)
    links: tuple[LinkUse, ...]


def read_back(desk: Desk, uow: UnitOfWork, sale: Sale) -> RecordedSale:
    """What is shown for a sale that was recorded before; an erased buyer has no name any more."""
    entries = uow.outbox.of_sale(sale.sale_id)
    # Of a sale that a salvage saved in part there may be neither entries nor tender nor event.
    person = (entries[0].person if entries else None) or {}
    buyer = Buyer(
        name=person.get("name", ""),
        email=person.get("email", ""),
        links=tuple(link for entry in entries for link in links_in(entry.intent)),
    )
    return shown(desk, uow, sale, (uow.passes.of_sale(sale.sale_id), buyer), repeated=True)


def shown(
    desk: Desk,
    uow: UnitOfWork,
    sale: Sale,
    carried: tuple[tuple[IssuedPass, ...], Buyer],
    *,
    repeated: bool,
) -> RecordedSale:
    """Put together what is shown for a sale."""
    passes, buyer = carried
    host, seller = _printed(desk, uow, sale)
    codes: tuple[PayCode, ...] = ()
    reference = None
    if any(tender.kind is TenderKind.SCAN_TO_PAY for tender in sale.tenders):
        reference = make_reference(desk.device, sale.sale_id, desk.reference_key)
        payer = Payer(reference=reference, email=buyer.email, language=sale.language)
        codes = pay_codes(buyer.links, sale.currency, payer)
    return RecordedSale(
        sale=sale,
        passes=passes,
        pay_codes=codes,
        reference=reference,
        pass_host=host,
        name=buyer.name,
        seller=seller,
        settlement=settled(uow, sale),
        repeated=repeated,
    )


def _printed(desk: Desk, uow: UnitOfWork, sale: Sale) -> tuple[str | None, str]:
    """The event's host for passes and who sells; nothing of an event that a salvage lost."""
    if uow.catalog.is_lost(sale.snapshot_number):
        return None, ""
    snapshot = desk.snapshot_at(uow, sale.snapshot_number)
    return snapshot.event.pass_host, snapshot.seller.legal_name
