"""From when on a sale's payments are looked for: by its own time, and by what proved that wrong."""

from __future__ import annotations

from typing import Final

from kiosk.domain.clock import MINUTE_MS, error_left_ms
from kiosk.domain.ids import SaleId
from kiosk.domain.sale import Sale
from sync.rails.base import Payment
from sync.railtime import skew_matters
from sync.steps import Carrier

MARGIN_MS: Final = 60 * MINUTE_MS


def since_s(carrier: Carrier, sale: Sale) -> int:
    """From when on payments may belong to the sale; 0, all of them, when nobody knows."""
    mode, name = carrier.rail.mode, _since_cursor(sale.sale_id)
    held = carrier.ledger.read(lambda uow: uow.mirror.cursor(mode, name))
    told_s = _told_since_s(carrier, sale)
    return told_s if held is None else min(told_s, int(held))


async def reach_back(carrier: Carrier, sale_id: SaleId, payment: Payment) -> None:
    """Remember a payment that was begun before the sale, as far as the sale's own time says.

    Then that time was wrong: somebody set the clock after the rail had last measured it. Looks
    would begin too late and never see the money. Raises StoreError.
    """
    sale = carrier.ledger.read(lambda uow: uow.sales.get(sale_id))
    if sale is None or payment.created_s >= since_s(carrier, sale):
        return
    mode, now_ms, since = carrier.rail.mode, carrier.time.now_ms(), str(payment.created_s)
    await carrier.ledger.write(
        lambda uow: uow.mirror.put_cursor(mode, _since_cursor(sale_id), since, now_ms)
    )


def _since_cursor(sale_id: SaleId) -> str:
    return f"watch.since:{sale_id}"


def _told_since_s(carrier: Carrier, sale: Sale) -> int:
    """The same by the sale's own time alone."""
    if sale.skew_ms is not None:
        return max(0, sale.sold_ms - error_left_ms(sale.skew_ms) - MARGIN_MS) // 1000
    if sale.clock_doubtful or skew_matters(carrier.time.skew_ms):
        return 0
    return max(0, sale.sold_ms - MARGIN_MS) // 1000
