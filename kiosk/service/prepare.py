"""Preparing: the event is loaded and the shift is told how it sells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.buffer.journal import JournalLine
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.claim_numbers import numbers_kept
from kiosk.domain.event_file import numbered, read_event
from kiosk.domain.event_lines import with_lines
from kiosk.domain.event_writer import to_json
from kiosk.domain.ids import OfferCode
from kiosk.domain.offer import Drop, Snapshot
from kiosk.errors import EventFileInvalid, EventFileUnreadable, Mistake
from kiosk.passes.budget import worst_case_version
from kiosk.passes.documents import sign_document
from kiosk.service.desk import SERVICE_MODE, Desk, ServiceMode

COMFORTABLE_QR_VERSION = 11
SNAPSHOTS_LOOKED_AT_MAX = 50  # of one event, for the claim numbers its offers have had


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What was loaded, and what its author should know though it is no mistake."""

    snapshot: Snapshot
    warnings: tuple[Mistake, ...]


def load_event(desk: Desk, source: str, file_name: str) -> LoadReport:
    """Check an event file and make it the current snapshot.

    Raises EventFileUnreadable (not TOML) or EventFileInvalid (every mistake, with its line).
    """
    try:
        document = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        # Beside its own error, tomllib lets through what Python says of numbers of 5,000 digits.
        raise EventFileUnreadable(file=file_name, reason=str(error)) from None
    with desk.buffer.writing() as uow:
        time = desk.time(uow)

        def kept(event_number: int) -> Mapping[OfferCode, int]:
            earlier = uow.catalog.of_event(event_number, SNAPSHOTS_LOOKED_AT_MAX)
            return numbers_kept(desk.snapshot_at(uow, number) for number in earlier)

        try:
            loaded = read_event(document, time.best_ms // 1000 * 1000, kept)
        except EventFileInvalid as error:
            raise EventFileInvalid(with_lines(error.mistakes, source), file=file_name) from None
        snapshot = _store(desk, uow, loaded.snapshot, time.best_ms)
    warnings = with_lines(loaded.warnings, source) + _code_warnings(desk, snapshot)
    return LoadReport(snapshot=snapshot, warnings=warnings)


def set_service_mode(desk: Desk, mode: ServiceMode) -> None:
    """Say who touches the screen from now on."""
    with desk.buffer.writing() as uow:
        uow.settings.put(SERVICE_MODE, str(mode), desk.clock.now_ms())


def _store(desk: Desk, uow: UnitOfWork, snapshot: Snapshot, now_ms: int) -> Snapshot:
    document = to_json(snapshot)
    number = uow.catalog.store(
        document, sign_document(desk.signer, document.encode()), snapshot.event.number, now_ms
    )
    for offer in snapshot.offers:
        if isinstance(offer, Drop):
            uow.stock.allot(snapshot.event.number, offer.code, offer.allotment)
    line = JournalLine(
        kind="event.loaded",
        entity_id=str(number),
        member_id=None,
        payload={"event": snapshot.event.number, "offers": len(snapshot.offers)},
        personal=None,
    )
    uow.journal.append(line, now_ms)
    return numbered(snapshot, number)


def _code_warnings(desk: Desk, snapshot: Snapshot) -> tuple[Mistake, ...]:
    """Offers whose pass needs a larger code than a phone reads at arm's length."""
    event = snapshot.event
    found = []
    for offer in snapshot.offers:
        uses = {given.number: given.uses for given in offer.entitlements}
        version = worst_case_version(event.pass_host, event.number, uses, offer.plan, desk.device)
        if version > COMFORTABLE_QR_VERSION:
            reason = f"its pass needs a QR code of version {version}; it will be drawn larger"
            found.append(Mistake(f"{offer.code}.entitlements", str(len(uses)), reason))
    return tuple(found)
