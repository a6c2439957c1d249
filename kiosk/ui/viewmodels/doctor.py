"""The doctor: how this kiosk is, and a check of everything while selling goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.checkup import Check, CheckUp, Grade, worst
from kiosk.ui.rows import RowModel
from kiosk.ui.text import check_name, check_text, grade_text, part_text, remedy_text
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
LOOK_AGAIN_MS: Final = 700  # while a full check is under way
_ORDER: Final = (Grade.BAD, Grade.NOTICE, Grade.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check: what was looked at, what was found, what to do."""

    name: str
    grade: str
    grade_name: str
    sentence: str
    remedy: str


@QmlElement
class DoctorVM(ViewModel):
    """Shows every check, the worst first, and how far a full check is."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._found: CheckUp | None = None
        self._rows = RowModel(CheckRow, self)
        self._watch = QTimer(self, interval=LOOK_AGAIN_MS)
        self._watch.timeout.connect(self._look)

    def enter(self) -> None:
        self.ask(self.till.services.check_up, self._came)

    def leave(self) -> None:
        self._watch.stop()
        super().leave()

    @Property(QObject, notify=shown)
    def checks(self) -> RowModel[CheckRow]:
        return self._rows

    @Property(bool, notify=shown)
    def loaded(self) -> bool:
        """Whether there is something to show yet."""
        return self._found is not None

    @Property(str, notify=shown)
    def grade(self) -> str:
        """The worst grade of all: `ok`, `notice` or `bad`."""
        return Grade.OK if self._found is None else worst(self._found.checks)

    @Property(str, notify=shown)
    def summary(self) -> str:
        """How it is, all in all."""
        return "" if self._found is None else grade_text(worst(self._found.checks), whole=True)

    @Property(bool, notify=shown)
    def checking(self) -> bool:
        """Whether a full check is under way."""
        return self._found is not None and self._found.full is not None

    @Property(str, notify=shown)
    def part(self) -> str:
        """What the full check is at."""
        full = None if self._found is None else self._found.full
        return "" if full is None else part_text(full.part)

    @Property(int, notify=shown)
    def percent(self) -> int:
        """How far this part is, 0 to 100."""
        full = None if self._found is None else self._found.full
        return 0 if full is None or full.total < 1 else min(100, 100 * full.done // full.total)

    @Slot()
    def check_everything(self) -> None:
        """Begin a full check; it goes on by itself, whatever page is shown."""
        if not self.busy and not self.checking:
            self.ask(self.till.services.begin_full_check, self._came)

    def retranslate(self) -> None:
        self._show()
        super().retranslate()

    @Slot()
    def _look(self) -> None:
        self.ask(self.till.services.check_up, self._came, quietly=True)

    def _came(self, found: CheckUp) -> None:
        self._found = found
        self._show()
        if found.full is None:
            self._watch.stop()
        elif not self._watch.isActive():
            self._watch.start()

    def _show(self) -> None:
        checks = () if self._found is None else self._found.checks
        ordered = sorted(checks, key=lambda check: _ORDER.index(check.grade))
        self._rows.show(tuple(_row(check) for check in ordered))


def _row(check: Check) -> CheckRow:
    return CheckRow(
        name=check_name(check),
        grade=check.grade,
        grade_name=grade_text(check.grade),
        sentence=check_text(check),
        remedy=remedy_text(check),
    )
