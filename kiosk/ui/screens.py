"""The screens behind the first ones: imported and made after the first frame, which needs none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from kiosk.ui.pages import Page
from kiosk.ui.router import Screen
from kiosk.ui.till import Till
from kiosk.ui.viewmodels.attract import AttractVM
from kiosk.ui.viewmodels.details import DetailsVM
from kiosk.ui.viewmodels.doctor import DoctorVM
from kiosk.ui.viewmodels.members import MembersVM
from kiosk.ui.viewmodels.offers import OffersVM
from kiosk.ui.viewmodels.outbox import OutboxVM
from kiosk.ui.viewmodels.parked_carts import ParkedCartsVM
from kiosk.ui.viewmodels.parked_number import ParkedNumberVM
from kiosk.ui.viewmodels.pass_page import PassVM
from kiosk.ui.viewmodels.pay import PayVM
from kiosk.ui.viewmodels.pin import SetPinVM, SignInVM
from kiosk.ui.viewmodels.scan_to_pay import ScanToPayVM
from kiosk.ui.viewmodels.today import TodayVM


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Every screen of a visit and of the staff, and the two that hear of the sync wing."""

    table: dict[Page, Screen]
    today: TodayVM
    outbox: OutboxVM


def make_screens(till: Till, home: Callable[[], None], parent: QObject) -> Screens:
    """A new screen is one line here; `parent` owns the view-models."""
    today, outbox = TodayVM(till, parent), OutboxVM(till, parent)
    return Screens(
        table={
            Page.ATTRACT: Screen(file="Attract.qml", model=AttractVM(till, parent)),
            Page.OFFERS: Screen(file="Offers.qml", model=OffersVM(till, parent)),
            Page.DETAILS: Screen(file="Details.qml", model=DetailsVM(till, parent)),
            Page.PAY: Screen(file="Pay.qml", model=PayVM(till, parent)),
            Page.SCAN_TO_PAY: Screen(file="ScanToPay.qml", model=ScanToPayVM(till, parent)),
            Page.PARKED_NUMBER: Screen(file="ParkedNumber.qml", model=ParkedNumberVM(till, parent)),
            Page.PASS: Screen(file="Pass.qml", model=PassVM(till, parent), ready=True),
            Page.SET_PIN: Screen(file="Pin.qml", model=SetPinVM(till, home, parent)),
            Page.PIN: Screen(file="Pin.qml", model=SignInVM(till, home, parent)),
            Page.TODAY: Screen(file="Today.qml", model=today),
            Page.OUTBOX: Screen(file="Outbox.qml", model=outbox),
            Page.PARKED_CARTS: Screen(file="ParkedCarts.qml", model=ParkedCartsVM(till, parent)),
            Page.MEMBERS: Screen(file="Members.qml", model=MembersVM(till, parent)),
            Page.DOCTOR: Screen(file="Doctor.qml", model=DoctorVM(till, parent)),
        },
        today=today,
        outbox=outbox,
    )
