"""Outbox: what waits to be sent, what was, and what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ids import EntryId, FindingId
from kiosk.domain.outbox import EntryState, ListedEntry
from kiosk.domain.settlement import OpenFinding
from kiosk.ui.money_text import money_text
from kiosk.ui.rows import RowModel
from kiosk.ui.services import OutboxPage
from kiosk.ui.text import (
    finding_text,
    needs_a_person,
    rail_text,
    reason_text,
    state_text,
    topic_text,
)
from kiosk.ui.till import Till
from kiosk.ui.time_text import age_text
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
PAGE_ROWS: Final = 50
# Nobody aims in less: the second tap of two quick ones would hit the finding that moved up.
AIM_SECONDS: Final = 0.5
_SIGNS: Final = {
    EntryState.WAITING: "clock",
    EntryState.UNKNOWN: "wait",
    EntryState.DELIVERED: "check",
    EntryState.PARKED: "alert",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry of the outbox. Nothing about a person is in it."""

    entry_id: str
    receipt_number: str
    topic: str
    state_name: str
    amount: str
    age: str
    reason: str
    sign: str
    parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """Something reconciliation found that a person has to see to."""

    finding_id: str
    whose: str
    sentence: str
    amount: str
    age: str


@QmlElement
class OutboxVM(ViewModel):
    """Shows one page of one state at a time; the worst state comes first when there is one."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._rows = RowModel(EntryRow, self)
        self._findings = RowModel(FindingRow, self)
        self._state: EntryState | None = None
        self._offset = 0
        self._page: OutboxPage | None = None
        self._on_show = False
        self._moved_at: float | None = None

    def enter(self) -> None:
        self._state, self._offset, self._on_show = None, 0, True
        self._look()

    def leave(self) -> None:
        self._on_show = False
        super().leave()

    @Property(QObject, notify=shown)
    def entries(self) -> RowModel[EntryRow]:
        return self._rows

    @Property(QObject, notify=shown)
    def findings(self) -> RowModel[FindingRow]:
        """What needs a person; with the other states it is not shown."""
        return self._findings

    @Property(int, notify=shown)
    def finding_count(self) -> int:
        return len(self._findings.rows)

    @Property(str, notify=shown)
    def rail(self) -> str:
        """What the way to the rail is like, in one line."""
        health = self.till.health
        return rail_text(None if health is None else health.rail)

    @Property(int, notify=shown)
    def attention(self) -> int:
        """How many things need a person: parked entries and findings."""
        return 0 if self._page is None else needs_a_person(self._page.counts)

    @Property(str, notify=shown)
    def state(self) -> str:
        """The state shown, or nothing for all."""
        return "" if self._state is None else self._state.value

    @Property(int, notify=shown)
    def waiting(self) -> int:
        return 0 if self._page is None else self._page.counts.waiting

    @Property(int, notify=shown)
    def watching(self) -> int:
        return 0 if self._page is None else self._page.counts.watching

    @Property(int, notify=shown)
    def unknown(self) -> int:
        return 0 if self._page is None else self._page.counts.unknown

    @Property(int, notify=shown)
    def delivered(self) -> int:
        return 0 if self._page is None else self._page.counts.delivered

    @Property(int, notify=shown)
    def parked(self) -> int:
        return 0 if self._page is None else self._page.counts.parked

    @Property(bool, notify=shown)
    def loaded(self) -> bool:
        return self._page is not None

    @Property(bool, notify=shown)
    def has_more(self) -> bool:
        return self._page is not None and len(self._page.entries) >= PAGE_ROWS

    @Property(bool, notify=shown)
    def has_earlier(self) -> bool:
        return self._offset > 0

    @Slot(str)
    def choose(self, state: str) -> None:
        """Show only entries in this state; the same again shows all."""
        chosen = EntryState(state) if state else None
        self._state = None if chosen is self._state else chosen
        self._offset = 0
        self._look()

    @Slot()
    def later_page(self) -> None:
        """Older entries."""
        self._offset += PAGE_ROWS
        self._look()

    @Slot()
    def earlier_page(self) -> None:
        """Newer entries."""
        self._offset = max(0, self._offset - PAGE_ROWS)
        self._look()

    @Slot(str)
    def retry(self, entry_id: str) -> None:
        """Put it back into the line: whatever was in the way has been seen to."""
        staff, services = self.till.staff, self.till.services
        if staff is not None and not self.busy:
            self.ask(
                lambda: services.retry_entry(EntryId(entry_id), staff.staff_id),
                lambda _none: self._settled(),
            )

    @Slot(str)
    def answer(self, finding_id: str) -> None:
        """Staff have seen to this finding: take it off the list."""
        staff, services = self.till.staff, self.till.services
        if staff is not None and not self.busy and not self._just_moved():
            self.ask(
                lambda: services.answer_finding(FindingId(int(finding_id)), staff.staff_id),
                lambda _none: self._settled(),
            )

    def look_again(self) -> None:
        """The sync wing has news; show them if somebody is looking."""
        self._look()

    def retranslate(self) -> None:
        self._show_rows()
        super().retranslate()

    def _settled(self) -> None:
        self.till.sale_recorded()
        self._look()

    def _look(self) -> None:
        state, offset, services = self._state, self._offset, self.till.services
        self.ask(lambda: services.outbox_page(state, offset), self._looked, quietly=True)

    def _looked(self, page: OutboxPage) -> None:
        self._page = page
        # Not after the page was left: by then the sync wing may have said something newer, and
        # nobody would look again.
        if self._on_show:
            self.till.recount(page.counts)
        self._show_rows()

    def _show_rows(self) -> None:
        entries = () if self._page is None else self._page.entries
        now_ms, language = self.till.now_ms, self.till.language
        self._rows.show(tuple(_row(entry, now_ms, language) for entry in entries[:PAGE_ROWS]))
        page = self._page if self._state in {None, EntryState.PARKED} and not self._offset else None
        self._show_findings(
            ()
            if page is None
            else tuple(
                _finding_row(found, page, now_ms, language) for found in page.findings[:PAGE_ROWS]
            )
        )

    def _show_findings(self, rows: tuple[FindingRow, ...]) -> None:
        before = [row.finding_id for row in self._findings.rows]
        if before and before != [row.finding_id for row in rows]:
            self._moved_at = self.till.clock.monotonic()
        self._findings.show(rows)

    def _just_moved(self) -> bool:
        """Whether another finding has come under the finger since anybody could have seen it."""
        moved_at = self._moved_at
        return moved_at is not None and self.till.clock.monotonic() - moved_at < AIM_SECONDS


def _row(entry: ListedEntry, now_ms: int, language: str) -> EntryRow:
    return EntryRow(
        entry_id=entry.entry_id,
        receipt_number=entry.receipt_number,
        topic=topic_text(entry.topic),
        state_name=state_text(entry.state),
        amount=money_text(entry.amount_minor, entry.currency, language),
        age=age_text(now_ms - entry.created_ms),
        reason=reason_text(entry.reason) if entry.reason else "",
        sign=_SIGNS[entry.state],
        parked=entry.state is EntryState.PARKED,
    )


def _finding_row(found: OpenFinding, page: OutboxPage, now_ms: int, language: str) -> FindingRow:
    finding, sale_id = found.finding, found.finding.sale_id
    nobodys = QCoreApplication.translate("Findings", "Nobody's")
    return FindingRow(
        finding_id=str(found.finding_id),
        whose=nobodys if sale_id is None else page.receipt_numbers.get(sale_id, nobodys),
        sentence=finding_text(finding.kind),
        amount=money_text(finding.amount_minor, finding.currency, language),
        age=age_text(now_ms - finding.at_ms),
    )
