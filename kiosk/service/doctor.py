"""How the kiosk is, as its own file tells: the journal, the numbers, what is unsent, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kiosk.buffer.incarnations import ITS_OWN
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.checkup import Check, bad, notice, ok
from kiosk.service.desk import Desk

LINKS_LOOKED_AT: Final = 1_000  # about 10 ms; a full check takes all of them
OLD_HOURS: Final = 24  # an entry that waits longer than a day is worth a word
_HOUR_MS: Final = 3_600_000


def desk_checks(desk: Desk, *, thorough: bool) -> tuple[Check, ...]:
    """Every check that needs the file open; `thorough` also counts every receipt and pass.

    Raises leaves of StoreError when the file cannot be read.
    """
    with desk.buffer.reading() as uow:
        return (
            *_journal(desk, uow),
            *(_numbers(uow) if thorough else ()),
            *_salvaged(uow),
            _unsent(desk, uow),
            _parked(desk, uow),
            _clock(desk, uow),
        )


def _journal(desk: Desk, uow: UnitOfWork) -> Iterator[Check]:
    seq, _ = uow.journal.head()
    report = uow.journal.verify(max(1, seq - LINKS_LOOKED_AT + 1))
    if not report.ok:
        yield bad("chain.broken", link=report.broken_at or 0)
    else:
        yield ok("chain.ok", links=seq)
    doubt, unfit = uow.incarnations.doubt(), desk.buffer.anchor_unfit
    mark = desk.buffer.remembered
    if unfit is not None:
        yield from _unfit(str(unfit.fields["check"]))
    elif doubt is not None:
        yield bad("anchor.elsewhere", links=seq, known=doubt.seq)
    elif mark is not None and uow.incarnations.standing_of(mark) not in ITS_OWN:
        lost = mark.is_unfit
        yield bad("anchor.lost") if lost else bad("anchor.ahead", links=seq, known=mark.seq)
    else:
        yield ok("anchor.ok", life=desk.buffer.identity.incarnation)


def _unfit(check: str) -> Iterator[Check]:
    """What is wrong with the anchor; of one that is missing the folder tells already."""
    if check == "anchor":
        yield bad("anchor.garbled")
    elif check == "anchor_foreign":
        yield bad("anchor.foreign")


def _numbers(uow: UnitOfWork) -> Iterator[Check]:
    gaps = [where for _, where in uow.state.numbers()]
    yield bad("numbers.gap", where=gaps[0]) if gaps else ok("numbers.ok")


def _salvaged(uow: UnitOfWork) -> Iterator[Check]:
    """Said for good: what a salvage could not read does not come back."""
    told = uow.state.salvages()
    if told.times:
        yield notice("salvaged.before", links=told.links_missing, sales=told.in_part)
    if told.unsent:
        more = ", …" if told.unsent > len(told.receipts) else ""
        yield notice("salvaged.unsent", sales=told.unsent, receipts=", ".join(told.receipts) + more)


def _unsent(desk: Desk, uow: UnitOfWork) -> Check:
    counts = uow.outbox.counts(desk.mode)
    unsent = counts.waiting + counts.unknown
    oldest_ms = counts.oldest_waiting_ms
    age_ms = 0 if oldest_ms is None else desk.clock.now_ms() - oldest_ms
    if unsent and age_ms >= OLD_HOURS * _HOUR_MS:
        return notice("unsent.old", entries=unsent, hours=age_ms // _HOUR_MS)
    return ok("unsent.waiting", entries=unsent) if unsent else ok("unsent.none")


def _parked(desk: Desk, uow: UnitOfWork) -> Check:
    counts = uow.outbox.counts(desk.mode)
    needing = counts.parked - counts.found + counts.open_findings
    return notice("attention.some", entries=needing) if needing else ok("attention.none")


def _clock(desk: Desk, uow: UnitOfWork) -> Check:
    time = desk.time(uow)
    seconds = abs(time.skew_ms or 0) // 1000
    if time.doubtful:
        return bad("clock.wrong", seconds=seconds)
    if time.skew_ms is None:
        return ok("clock.unmeasured")
    return ok("clock.ok", seconds=seconds)
