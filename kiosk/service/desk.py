"""The desk: what every use case is handed, built once at a front door.

A desk belongs to the one thread that runs use cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import Clock, TimeReading, read_clock
from kiosk.domain.event_writer import from_json
from kiosk.domain.ids import UuidSource
from kiosk.domain.offer import Snapshot
from kiosk.domain.outbox import RailMode, Topic
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import Settlement, settlement_of
from kiosk.errors import CertificateInvalid, NoEvent, StoreCorrupt
from kiosk.passes.documents import is_own_document
from kiosk.passes.envelope import join_certificate
from kiosk.passes.issue import Signer
from kiosk.passes.trust import day_of

SERVICE_MODE: Final = "mode_of_service"
CERTIFICATE: Final = "certificate"
SNAPSHOTS_KEPT: Final = 8


class ServiceMode(StrEnum):
    """Who stands at the screen: the creator beside a member, or the member alone."""

    ASSISTED = "assisted"
    SELF_SERVICE = "self-service"


@dataclass(slots=True, kw_only=True)
class Desk:
    """The buffer, the keys, the clock and who is there.

    `staffed` is true where no visitor can reach, as on the command line. `renew` makes a signer
    with a certificate from the given day on, and is None where the root's key is elsewhere. What
    changes (the signer, the snapshots read) is memory of what the buffer holds.
    """

    buffer: Buffer
    signer: Signer
    clock: Clock
    ids: UuidSource
    device: int
    mode: RailMode
    reference_key: bytes = field(repr=False)
    staffed: bool
    renew: Callable[[int], Signer] | None = None
    _snapshots: dict[int, Snapshot] = field(default_factory=dict, init=False, repr=False)

    def make_id(self) -> str:
        """A new UUIDv7 of this instant."""
        return self.ids.make(self.clock.now_ms())

    def time(self, uow: UnitOfWork) -> TimeReading:
        """The instant, judged by what this buffer knows of time."""
        settings = uow.settings
        return read_clock(self.clock.now_ms(), settings.highest_ms(), settings.measured())

    def snapshot(self, uow: UnitOfWork) -> Snapshot:
        """The current event. Raises NoEvent, or StoreCorrupt when its signature does not hold."""
        number = uow.catalog.current_number()
        if number is None:
            raise NoEvent
        return self.snapshot_at(uow, number)

    def snapshot_at(self, uow: UnitOfWork, number: int) -> Snapshot:
        """The event as it was stored under this number, for a sale that was made under it."""
        if number not in self._snapshots:
            stored = uow.catalog.get(number)
            if stored is None or not is_own_document(
                self.signer, stored.document.encode(), stored.signature
            ):
                raise StoreCorrupt(check="snapshot_signature")
            if len(self._snapshots) >= SNAPSHOTS_KEPT:
                self._snapshots.clear()
            self._snapshots[number] = from_json(stored.document, number)
        return self._snapshots[number]

    def service_mode(self, uow: UnitOfWork) -> ServiceMode:
        """How this shift sells."""
        value = uow.settings.get(SERVICE_MODE)
        return ServiceMode(value) if isinstance(value, str) else ServiceMode.ASSISTED

    def signer_at(self, uow: UnitOfWork, instant_ms: int) -> Signer:
        """The signer for this instant; a certificate that runs out is renewed in the same breath.

        Raises CertificateInvalid when it is over and this kiosk does not hold its root.
        """
        day = day_of(instant_ms // 1000)
        claims = self.signer.certificate.claims
        if claims.covers_day(day) and not claims.is_due_for_renewal(day):
            return self.signer
        if self.renew is not None:
            self.signer = self.renew(day)
            uow.settings.put_secret(CERTIFICATE, join_certificate(self.signer.certificate.sealed))
        elif not claims.covers_day(day):
            raise CertificateInvalid(reason="period")
        return self.signer


def settled(uow: UnitOfWork, sale: Sale) -> Settlement:
    """The state of a sale's money by everything found so far."""
    if not sale.tenders:
        return Settlement.HELD  # a salvage could not read how it was paid
    in_hand = sale.tenders[0].kind.settles_at_once
    if in_hand:
        return settlement_of((), money_in_hand=True)
    watches = sum(entry.topic is Topic.WATCH for entry in uow.outbox.of_sale(sale.sale_id))
    return settlement_of(uow.sales.findings(sale.sale_id), money_in_hand=in_hand, watches=watches)
