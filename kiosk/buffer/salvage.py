"""Salvage: everything that can be read of a damaged buffer, in a new one in its place.

Read is page by page, so that one damaged page costs its own rows and no others. The damaged files
are kept beside the new one. Nothing is dropped without a word: what is missing is counted, named
where another row names it, and written into the journal of the new file.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kiosk.buffer.anchor import AnchorMark, make_anchor, read_anchor, remembering, unfit
from kiosk.buffer.audit import AuditReport, GoOn, Part, audit_buffer
from kiosk.buffer.audit_file import known_salt
from kiosk.buffer.audit_state import orphans
from kiosk.buffer.chain import Hole
from kiosk.buffer.database import connect_to_read, store_errors
from kiosk.buffer.file_lock import FileLock
from kiosk.buffer.files import BufferPaths, flush_file
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.room import Room, RoomRules
from kiosk.buffer.salvage_build import NewFile
from kiosk.buffer.salvage_fill import (
    TableSalvage,
    fill_from,
    refuse_newer_wreck,
    with_strays,
)
from kiosk.buffer.salvage_ground import mend_ground
from kiosk.buffer.salvage_links import (
    Renewed,
    Salvaged,
    UnsentSale,
    append_salvaged,
    close_books,
    keep_genuine,
    settle_identity,
)
from kiosk.buffer.salvage_mend import mend_sales
from kiosk.buffer.salvage_people import mend_people
from kiosk.buffer.salvage_switch import built_paths, finish_switch, switch
from kiosk.buffer.session import Session, open_session
from kiosk.buffer.start import ANCHOR_LOST, refusal_of_anchor
from kiosk.buffer.wreck import Wreck
from kiosk.domain.ids import SaleId
from kiosk.errors import RolledBack, StoreCorrupt

_NOTHING_RENEWED: Final = Renewed()
# What a new file must not have: the rest may be missing, and is told.
_NEVER: Final = {Part.PAGES, Part.SCHEMA, Part.TABLES, Part.JOURNAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class SalvageReport:
    """What was saved. `kept_in` None: the buffer is whole and was left as it is.

    `missing_links` are ranges of the journal, first and last; `in_part` the sales of which
    something is missing, `unsent` those of which nobody knows what they owe the rail, `rebuilt` the
    rows that the journal brought back. `unanchored`: the anchor was lost as well, so that nobody
    can tell whether newer sales are missing; nothing is sold until that is acknowledged.
    """

    kept_in: Path | None
    tables: tuple[TableSalvage, ...] = ()
    missing_links: tuple[Hole, ...] = ()
    sales: int = 0
    in_part: tuple[SaleId, ...] = ()
    unsent: tuple[UnsentSale, ...] = ()
    unanchored: bool = False
    rebuilt: int = 0
    renewed: Renewed = _NOTHING_RENEWED

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        lost = any(table.lost or table.pages_lost for table in self.tables)
        secret = self.renewed.made or self.renewed.missing
        return not (lost or self.missing_links or self.in_part or secret or self.unanchored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The device whose file it is, and who makes its secrets anew where they are lost."""

    device: int
    renew: Callable[[Session], Renewed] = lambda _session: _NOTHING_RENEWED


def salvage_buffer(
    paths: BufferPaths, keys: BufferKeys, now_ms: int, owner: Owner, go_on: GoOn = lambda _: True
) -> SalvageReport:
    """Build a new buffer from what is readable, check it, and put it in the damaged one's place.

    `go_on` hears of the progress of the checks. A crash at any point leaves the damaged buffer or
    the new one in use, and the damaged files in any case.

    Raises:
        StoreMissing, StoreInUse, StoreReadOnly, StoreFull: nothing was changed.
        WrongKey: not one page opens. RolledBack: nothing is damaged, but an old copy was put back.
        StoreCorrupt: nothing is damaged but the anchor, without which nobody can tell whether.
        StoreTooNew: a newer program wrote the file; this one would leave out what it does not know.
        StoreCorrupt(check="salvage"): what was built is not sound, and is not used.
    """
    paths.check_present()
    lock = FileLock(paths.lock)
    try:
        finish_switch(paths)
        needed = paths.buffer.stat().st_size + RoomRules().least_to_open
        Room(paths.folder, paths.ballast, RoomRules(least_to_open=needed)).check_to_look()
        found = audit_buffer(paths, keys, go_on)
        if found.ok:
            return SalvageReport(kept_in=None, sales=found.sales)
        _refuse_old_copy(paths, keys, found)
        report = _build(paths, keys, now_ms, owner)
        kept = switch(paths)
    finally:
        lock.release()
    return replace(report, kept_in=kept)


def _refuse_old_copy(paths: BufferPaths, keys: BufferKeys, found: AuditReport) -> None:
    """A whole file that only its anchor is ahead of is no wreck: its newer sales are elsewhere."""
    mark = read_anchor(paths.anchor, keys.anchor)
    told = {flaw.what for flaw in found.flaws}
    if told == {"anchor_not_genuine"}:
        _refuse_unfit_anchor(paths, keys)
    if mark is not None and told == {"anchor_is_ahead"}:
        if _torn(paths, keys):
            return
        if mark.is_unfit:
            raise StoreCorrupt(check=ANCHOR_LOST)
        raise RolledBack(seq=found.chain.length, anchor_seq=mark.seq)


def _refuse_unfit_anchor(paths: BufferPaths, keys: BufferKeys) -> None:
    """A new file would get a new anchor, and numbers that another copy gave out would come again.

    So this is for an acknowledged restore, which begins a life with numbers of its own.
    """
    connection = connect_to_read(paths.buffer, keys.database)
    try:
        with store_errors():
            identity = open_session(connection, keys).identity
        refused = refusal_of_anchor(paths, keys, identity.buffer_id)
    finally:
        connection.close()
    if refused is not None:
        raise refused


def _torn(paths: BufferPaths, keys: BufferKeys) -> bool:
    wreck = Wreck(paths, keys.database, known_salt(paths))
    try:
        return wreck.log.torn
    finally:
        wreck.close()


def _build(paths: BufferPaths, keys: BufferKeys, now_ms: int, owner: Owner) -> SalvageReport:
    mark, built = read_anchor(paths.anchor, keys.anchor), built_paths(paths)
    with closing(_wreck(paths, keys, mark)) as wreck:
        refuse_newer_wreck(wreck)
        built.folder.mkdir(mode=0o700)
        with closing(NewFile(built.buffer, keys)) as new:
            report, head = _fill(new, wreck, mark, now_ms, owner)
    make_anchor(built.anchor, keys.anchor, head)
    flush_file(built.buffer)
    checked = audit_buffer(built, keys)
    if not checked.complete or any(flaw.part in _NEVER for flaw in checked.flaws):
        raise StoreCorrupt(check="salvage")
    if remembering(mark) is None:
        # Numbers that another copy gave out would come again: a life of its own has to begin first.
        make_anchor(built.anchor, keys.anchor, unfit(head))
    return replace(report, sales=checked.sales)


def _fill(
    new: NewFile, wreck: Wreck, mark: AnchorMark | None, now_ms: int, owner: Owner
) -> tuple[SalvageReport, AnchorMark]:
    """Everything that can be read or proved into the new file; the mark of its journal's end."""
    filling, known = fill_from(new, wreck), remembering(mark)
    settle_identity(new.connection, mark, owner.device, now_ms)
    session = open_session(new.connection, new.keys)
    links = keep_genuine(session, known)
    tables = filling.tables(new.connection, links.newly_lost)
    new.connection.execute("BEGIN")
    # Before the sales as well: whoever was erased must not be enrolled anew by them.
    mend_people(session, now_ms)
    mended = mend_sales(session, now_ms)
    mend_people(session, now_ms)
    filling.settle_outbox(session, now_ms)
    back = mend_ground(session, now_ms)
    close_books(new.connection, links, doubtful=filling.has_lost("counters"))
    report = SalvageReport(
        kept_in=None,
        tables=with_strays(tables, mended.strays),
        missing_links=links.newly,
        in_part=mended.in_part,
        unsent=mended.unsent,
        unanchored=known is None,
        rebuilt=mended.rebuilt + back,
        renewed=owner.renew(session),
    )
    head = append_salvaged(
        session,
        Salvaged(
            links=links,
            renewed=report.renewed,
            in_part=report.in_part,
            unsent=report.unsent,
            rows_lost={table.table: table.lost for table in report.tables if table.lost},
            orphans=orphans(new.connection),
            now_ms=now_ms,
        ),
    )
    new.connection.execute("COMMIT")
    new.finish()
    return report, head


def _wreck(paths: BufferPaths, keys: BufferKeys, mark: AnchorMark | None) -> Wreck:
    """The wreck, with its log's torn last transaction if the anchor knows that it was committed."""
    salt, mark = known_salt(paths), remembering(mark)
    wreck = Wreck(paths, keys.database, salt)
    if mark is None or not wreck.log.torn or wreck.log.doubtful == wreck.log.sure:
        return wreck
    try:
        rows = wreck.rows("journal", wreck.tally()) if "journal" in wreck.tables else ()
        furthest = max((row.rowid or 0 for row in rows), default=0)
    finally:
        wreck.close()
    return Wreck(paths, keys.database, salt, doubtful=mark.seq > furthest)
