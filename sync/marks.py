"""Keeps the mark of this kiosk's journal at the rail, and stops selling where that contradicts us.

Compared at the first contact after each start and now and then, written after a drain. Without a
network there is no verdict, and selling goes on. It never overwrites a mark that contradicts this
journal: whoever is contradicted stops, and what it sold is sent all the same.
"""

from __future__ import annotations

from typing import Final

import structlog

from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.incarnations import ITS_OWN, Place, Standing
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.clock import MINUTE_MS
from kiosk.domain.outbox import Doubt
from sync.rails.base import KeptMark
from sync.rails.troubles import RailTrouble
from sync.steps import Carrier

KEEP_MS: Final = 3 * MINUTE_MS
COMPARE_MS: Final = 10 * MINUTE_MS
FRESH_MS: Final = MINUTE_MS // 2

log = structlog.get_logger(__name__)


class MarkKeeper:
    """One run's dealings with the mark at the rail; trouble with it never stops a round."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._compared_at: float | None = None
        self._kept_at: float | None = None
        self._known: AnchorMark | None = None  # what the rail has now, as far as we know

    async def compare(self, life_ms: int = COMPARE_MS) -> bool:
        """Hold the rail's mark against our journal unless that was done within `life_ms`.

        What contradicts us is written down, and nothing is sold from then on. False when the rail
        gave no answer to it. Raises StoreError.
        """
        if self._is_young(self._compared_at, life_ms):
            return True
        carrier = self._carrier
        buffer_id = carrier.ledger.read(lambda uow: uow.incarnations.mark().buffer_id)
        try:
            sealed = await carrier.rail.read_mark(buffer_id)
        except RailTrouble as told:
            self._say("mark_not_read", told)
            return False
        self._compared_at = self._carrier.time.monotonic()
        self._known = await self._judge(sealed)
        return True

    async def keep(self) -> None:
        """Let the rail know how far our journal has come, when that is news and due.

        Raises StoreError.
        """
        carrier = self._carrier
        if self._is_young(self._kept_at, KEEP_MS) or not self._is_news():
            return
        # Another copy may have written meanwhile, and its mark is not to be lost.
        if not await self.compare(FRESH_MS) or not self._is_news():
            return
        now_ms = carrier.time.now_ms()
        kept = carrier.ledger.read(lambda uow: _kept(uow, carrier.device, now_ms // 1000))
        self._kept_at = self._carrier.time.monotonic()
        try:
            await carrier.rail.keep_mark(kept)
        except RailTrouble as told:
            self._say("mark_not_kept", told)

    def _is_news(self) -> bool:
        """Whether our journal went on from what the rail has, and may go on."""
        mark, seen = self._carrier.ledger.read(
            lambda uow: (uow.incarnations.mark(), uow.incarnations.doubt())
        )
        return seen is None and mark != self._known

    async def _judge(self, sealed: bytes | None) -> AnchorMark | None:
        """The genuine mark in there, written down if it contradicts us."""
        if sealed is None:
            return None
        found = self._carrier.ledger.read(lambda uow: uow.incarnations.read_mark(sealed))
        if found is None:
            # Edited by hand or cut short: it says nothing, and our next one replaces it.
            log.info("mark_not_genuine")
        elif await self._contradicts(found, sealed):
            log.info("mark_contradicts")
        return found

    async def _contradicts(self, found: AnchorMark, sealed: bytes) -> bool:
        standing = self._carrier.ledger.read(lambda uow: uow.incarnations.standing_of(found))
        if standing in ITS_OWN:
            return False
        now_ms = self._carrier.time.now_ms()
        await self._carrier.ledger.write(
            lambda uow: uow.incarnations.sight(Place.RAIL, sealed, now_ms)
        )
        return True

    def _is_young(self, at: float | None, life_ms: int) -> bool:
        return at is not None and (self._carrier.time.monotonic() - at) * 1000 < life_ms

    def _say(self, event: str, told: RailTrouble) -> None:
        log.info(event, kind=told.trouble.kind, code=told.trouble.code)


def doubt_of(uow: UnitOfWork) -> Doubt | None:
    """Whether another copy has sold what is missing here: the till sells nothing then."""
    seen = uow.incarnations.doubt()
    if seen is None:
        return None
    return Doubt.ROLLED_BACK if seen.standing is Standing.AHEAD else Doubt.FORKED


def _kept(uow: UnitOfWork, device: int, now_s: int) -> KeptMark:
    mark = uow.incarnations.mark()
    return KeptMark(
        buffer_id=mark.buffer_id,
        device=device,
        incarnation=mark.incarnation,
        seq=mark.seq,
        hash_start=mark.hash_start,
        sealed=uow.incarnations.sealed_mark(),
        written_s=now_s,
    )
