"""Practice controls: wishes in the buffer, which the practice rail reads at each request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import RailMode
from kiosk.domain.tender import TenderKind
from kiosk.errors import NotPermitted, SaleUnknown
from kiosk.service.desk import Desk

NETWORK: Final = "practice.network"
OPEN_PAYMENTS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPayment:
    """A sale whose member has not paid yet, so far as this kiosk knows."""

    sale_id: SaleId
    receipt_number: str
    tender: TenderKind
    amount_minor: int
    currency: str


def network_on(desk: Desk) -> bool:
    """Whether the practice network is plugged in."""
    with desk.buffer.reading() as uow:
        return uow.settings.get(NETWORK) != "off"


def set_network(desk: Desk, *, on: bool) -> None:
    """Pull the practice network, or plug it in again."""
    _only_in_practice(desk)
    with desk.buffer.writing() as uow:
        uow.settings.put(NETWORK, "on" if on else "off", desk.clock.now_ms())


def open_payments(desk: Desk) -> tuple[OpenPayment, ...]:
    """Sales on trust that wait for their member, newest first."""
    with desk.buffer.reading() as uow:
        return tuple(
            OpenPayment(
                sale_id=sale.sale_id,
                receipt_number=sale.receipt_number,
                tender=sale.tenders[0].kind,
                amount_minor=sale.total_minor,
                currency=sale.currency,
            )
            for sale in uow.sales.waiting_for_payment(desk.mode, OPEN_PAYMENTS_MAX)
        )


def member_pays(desk: Desk, sale_id: SaleId, pay_urls: Sequence[str]) -> None:
    """Let the practice member pay what this sale asks for, as soon as the network allows.

    `pay_urls` are the sale's payment codes; a sale that was billed has none and its invoices are
    paid instead.
    """
    _only_in_practice(desk)
    with desk.buffer.writing() as uow:
        if uow.sales.get(sale_id) is None:
            raise SaleUnknown(sale_id=sale_id)
        for target in pay_urls or (f"invoice:{sale_id}",):
            uow.practice.ask_payment(target, desk.clock.now_ms())


def _only_in_practice(desk: Desk) -> None:
    if desk.mode is not RailMode.PRACTICE:
        raise NotPermitted(action="practice")
