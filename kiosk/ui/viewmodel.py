"""What every view-model has: one signal, a busy mark, one sentence when something went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtQml import QmlElement

from kiosk.ui.text import problem_text
from kiosk.ui.till import Till
from kiosk.ui.typed_qt import Property

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
T = TypeVar("T")


@QmlElement
class ViewModel(QObject):
    """State of one screen. All its properties share `changed`; text is made when it is read.

    A class with properties of its own names its own signal, `shown`, in them, which repeats
    `changed`: a property that names an inherited signal is not heard by QML in PySide6 6.11, and
    with a slot in the base it ends the process.
    """

    changed = Signal()
    shown: SignalInstance

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.till = till
        self._error: Exception | None = None
        self._asked = 0
        if hasattr(self, "shown"):
            self.changed.connect(self.shown)

    def enter(self) -> None:
        """The screen is about to be shown."""

    def leave(self) -> None:
        """Another screen takes its place."""
        self._error = None

    def retranslate(self) -> None:
        """Another language is spoken: say everything again."""
        self.changed.emit()

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked > 0

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What went wrong, in one sentence, or nothing."""
        return "" if self._error is None else problem_text(self._error, self._offer_names())

    def ask(
        self, work: Callable[[], T], then: Callable[[T], None], *, quietly: bool = False
    ) -> None:
        """Have the runner do `work`; ignore its answer if the visit has ended meanwhile.

        `quietly` is for looking again at what is shown anyway: no busy mark, no sentence.
        """
        visit, number = self.till.visit, self.till.visit.number
        counts = 0 if quietly else 1

        def done(result: T) -> None:
            self._asked -= counts
            if visit.number == number:
                then(result)
            self.changed.emit()

        def failed(error: Exception) -> None:
            self._asked -= counts
            if visit.number == number and not quietly:
                self.refused(error)
            self.changed.emit()

        if self.till.runner.submit(work, done, failed):
            self._asked += counts
        if not quietly:
            self._error = None
            self.changed.emit()

    def _offer_names(self) -> dict[str, str]:
        window = self.till.window
        return {} if window is None else {card.code: card.name for card in window.cards}

    def refused(self, error: Exception) -> None:
        """The work ended in this error; screens that branch on some errors do so here."""
        self._error = error
