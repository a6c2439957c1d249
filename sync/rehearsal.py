"""What the till asks of the practice Stripe, as rows in the buffer: network off, member pays now.

Only rows cross between the wings; neither knows the other.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.buffer import Buffer
from kiosk.domain.clock import Clock
from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import EntryState, RailMode, Topic
from sync.names import BILL, bill_entity
from sync.practice.app import PracticeStripe
from sync.practice.payer import PayerTurnedAway
from sync.practice.refusals import Refusal

NETWORK: Final = "practice.network"
INVOICE: Final = "invoice:"


class Rehearsal:
    """Carries out what is asked, ahead of each request. Use it in the buffer's own thread."""

    def __init__(self, buffer: Buffer, clock: Clock, stripe: PracticeStripe | None) -> None:
        self._buffer = buffer
        self._clock = clock
        self._stripe = stripe

    def network_is_on(self) -> bool:
        """Whether requests get through; if so, members who were asked to have paid by now."""
        with self._buffer.reading() as uow:
            on = uow.settings.get(NETWORK) != "off"
            asked = uow.practice.open_payments() if on and self._stripe is not None else []
        for number, target in asked:
            self._pay(number, target)
        return on

    def _pay(self, number: int, target: str) -> None:
        assert self._stripe is not None
        try:
            if target.startswith(INVOICE):
                bill_ids = self._bills(SaleId(target.removeprefix(INVOICE)))
                if not bill_ids:
                    return  # not billed yet: the member waits, as they would
                for bill_id in bill_ids:
                    self._stripe.pay_invoice(bill_id)
            else:
                self._stripe.pay_link(target)
        except (PayerTurnedAway, Refusal):
            pass  # paid already, sold out, no such page: asking again would change nothing
        with self._buffer.writing() as uow:
            uow.practice.payment_done(number, self._clock.now_ms())

    def _bills(self, sale_id: SaleId) -> list[str]:
        """The sale's invoices, once all of them have been sent."""
        with self._buffer.reading() as uow:
            billing = [e for e in uow.outbox.of_sale(sale_id) if e.topic is not Topic.WATCH]
            if any(entry.state is not EntryState.DELIVERED for entry in billing):
                return []
            rows = [
                uow.mirror.get(RailMode.PRACTICE, bill_entity(sale_id, entry.entry_id), BILL)
                for entry in billing
            ]
        known = [row.remote_id for row in rows if row is not None]
        return known if len(known) == len(billing) else []
