"""Pass: the code as large as it gets, what it is worth, and a countdown back to the first page."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.sale import IssuedPass
from kiosk.domain.settlement import Settlement
from kiosk.domain.tender import TenderKind
from kiosk.ui.money_text import money_text
from kiosk.ui.pages import Page
from kiosk.ui.qr_image import modules_across
from kiosk.ui.services import CompletedSale
from kiosk.ui.text import settlement_text
from kiosk.ui.till import Till
from kiosk.ui.time_text import day_text, moment_text
from kiosk.ui.typed_qt import Property
from kiosk.ui.viewmodel import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1
TICK_MS = 1000
DAY_MS = 86_400_000


@QmlElement
class PassVM(ViewModel):
    """Shows the passes of the sale that was just committed, or of the newest one for staff."""

    shown = Signal()

    def __init__(self, till: Till, parent: QObject | None = None) -> None:
        super().__init__(till, parent)
        self._place = 0
        self._sources: tuple[str, ...] = ()
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def enter(self) -> None:
        completed = self.till.visit.completed
        matrices = () if completed is None else completed.qr
        self._sources = tuple(self.till.codes.show(matrix) for matrix in matrices)
        self._place = min(self.till.visit.place, max(0, len(matrices) - 1))
        self.stay()
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()
        # Not announced: the page may still be sliding out, and keeps what it shows until then.
        self._place, self._sources = 0, ()
        super().leave()

    @Slot()
    def out_of_sight(self) -> None:
        """The page has slid out: what is written on it may go."""
        self.changed.emit()

    @Property(int, notify=shown)
    def place(self) -> int:
        """Which pass is shown, counted from 1."""
        return self._place + 1

    @Property(int, notify=shown)
    def count(self) -> int:
        return len(self._sources)

    @Property(str, notify=shown)
    def source(self) -> str:
        return self._sources[self._place] if self._sources else ""

    @Property(int, notify=shown)
    def across(self) -> int:
        completed = self.till.visit.completed
        return 1 if completed is None else modules_across(completed.qr[self._place])

    @Property(str, notify=shown)
    def number(self) -> str:
        shown = self._shown()
        return "" if shown is None else shown.number

    @Property(str, notify=shown)
    def name(self) -> str:
        completed = self.till.visit.completed
        return "" if completed is None else completed.member_name

    @Property(str, notify=shown)
    def event_name(self) -> str:
        return "" if self.till.window is None else self.till.window.event_name

    @Property("QStringList", notify=shown)
    def lines(self) -> list[str]:
        """What was bought."""
        completed = self.till.visit.completed
        bought = () if completed is None else completed.sale.lines
        return [
            line.description
            if line.quantity == 1
            else f"{line.quantity} \N{MULTIPLICATION SIGN} {line.description}"
            for line in bought
        ]

    @Property(str, notify=shown)
    def worth(self) -> str:
        """`confirmed`, `provisional`, `held` or `revoked`: by which sign and colour it is told."""
        return self._settlement().value

    @Property(str, notify=shown)
    def state(self) -> str:
        """What the pass is worth in words; a provisional one says until when."""
        shown, settlement = self._shown(), self._settlement()
        if settlement is not Settlement.PROVISIONAL or shown is None:
            return settlement_text(settlement)
        if shown.provisional_until_s is None:
            return settlement_text(settlement)
        until = moment_text(shown.provisional_until_s * 1000, self._zone(), self.till.language)
        return QCoreApplication.translate("Pass", "Provisional until %1").replace("%1", until)

    @Property(str, notify=shown)
    def what_follows(self) -> str:
        """What the member has to do yet, and by when."""
        completed = self.till.visit.completed
        if completed is None:
            return ""
        match completed.settlement:
            case Settlement.CONFIRMED:
                return ""
            case Settlement.PROVISIONAL:
                return self._payment_follows(completed)
            case Settlement.HELD:
                return QCoreApplication.translate(
                    "Pass", "Something about the payment is unclear. The staff look into it."
                )
            case Settlement.REVOKED:
                return QCoreApplication.translate(
                    "Pass", "The payment did not come, so this pass opens nothing. Ask the staff."
                )
            case settlement:
                assert_never(settlement)

    @Property(str, notify=shown)
    def change_due(self) -> str:
        """The change to hand back, or nothing: it was handed back at the sale, not ever after."""
        visit = self.till.visit
        completed = visit.completed
        if completed is None or visit.brought_back or completed.change_due_minor <= 0:
            return ""
        currency = completed.sale.currency
        return money_text(completed.change_due_minor, currency, self.till.language)

    @Property(int, notify=shown)
    def seconds_left(self) -> int:
        return self._left

    @Property(bool, notify=shown)
    def leads_back(self) -> bool:
        """Whether staff came from a page of theirs, and go on there."""
        return self.till.visit.way_back is not None

    @Slot()
    def next_pass(self) -> None:
        """Turn to the next pass of the sale."""
        self._place = min(self._place + 1, max(0, self.count - 1))
        self.stay()

    @Slot()
    def earlier_pass(self) -> None:
        """Turn back."""
        self._place = max(0, self._place - 1)
        self.stay()

    @Slot()
    def stay(self) -> None:
        """Somebody needs more time: count from the start again."""
        self._left = self.till.options.pass_seconds
        self.changed.emit()

    @Slot()
    def done(self) -> None:
        """The code was photographed."""
        way_back = self.till.visit.way_back
        self.till.go(Page.ATTRACT if way_back is None else way_back.page)

    @Slot()
    def tick(self) -> None:
        """A second has passed."""
        self._left -= 1
        self.changed.emit()
        if self._left <= 0:
            # Whoever sees the page now may be anybody: never back to a page of the staff.
            self.till.go(Page.ATTRACT)

    def _payment_follows(self, completed: CompletedSale) -> str:
        match completed.sale.tenders[0].kind:
            case TenderKind.CASH:
                return ""
            case TenderKind.SCAN_TO_PAY:
                return QCoreApplication.translate(
                    "Pass", "It is confirmed by itself as soon as your payment is seen."
                )
            case TenderKind.PAY_LATER:
                return self._invoice_follows(completed)
            case kind:
                assert_never(kind)

    def _invoice_follows(self, completed: CompletedSale) -> str:
        window = self.till.window
        days = 0 if window is None else window.pay_later_days
        due = day_text(completed.sale.sold_ms + days * DAY_MS, self._zone(), self.till.language)
        return QCoreApplication.translate(
            "Pass", "Your invoice comes by e-mail as soon as there is a network. Pay it by %1."
        ).replace("%1", due)

    def _shown(self) -> IssuedPass | None:
        completed = self.till.visit.completed
        return None if completed is None else completed.passes[self._place]

    def _settlement(self) -> Settlement:
        completed = self.till.visit.completed
        return Settlement.CONFIRMED if completed is None else completed.settlement

    def _zone(self) -> str:
        return "UTC" if self.till.window is None else self.till.window.time_zone
