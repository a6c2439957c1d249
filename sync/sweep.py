"""Lists the payments of links, each link once a round, and writes down those nobody can place."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.domain.ids import SaleId
from kiosk.domain.reference import read_reference
from kiosk.domain.settlement import Finding, FindingKind
from sync.findings import record_finding
from sync.rails.base import Payment, PaymentState
from sync.steps import Carrier


@dataclass(slots=True)
class _Swept:
    since_s: int
    payments: tuple[Payment, ...]


@dataclass(slots=True)
class Sweep:
    """The payments of one round: each link is listed once, however many sales wait on it."""

    carrier: Carrier
    reference_key: bytes = field(repr=False)
    _swept: dict[str, _Swept] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def payments(self, link_id: str, since_s: int) -> tuple[Payment, ...]:
        """The link's payments begun since then. Raises RailTrouble."""
        async with self._locks[link_id]:
            known = self._swept.get(link_id)
            if known is None or known.since_s > since_s:
                found = await self.carrier.rail.payments(link_id, since_s)
                known = _Swept(since_s=since_s, payments=found)
                self._swept[link_id] = known
                await self._record_orphans(found)
        return known.payments

    def sale_of(self, payment: Payment) -> SaleId | None:
        """The sale that a payment's reference names, if this kiosk made the reference."""
        return read_reference(payment.reference, self.carrier.device, self.reference_key)

    async def record_orphan(self, payment: Payment) -> None:
        """Money, or the promise of it, that nobody here can place: staff have to."""
        finding = Finding(
            kind=FindingKind.REFERENCE_UNKNOWN,
            sale_id=None,
            remote_id=payment.payment_id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            at_ms=self.carrier.time.now_ms(),
        )
        mode = self.carrier.rail.mode
        await self.carrier.ledger.write(lambda uow: record_finding(uow, finding, mode))

    async def _record_orphans(self, payments: Sequence[Payment]) -> None:
        for payment in payments:
            if payment.state is not PaymentState.OPEN and self.sale_of(payment) is None:
                await self.record_orphan(payment)
