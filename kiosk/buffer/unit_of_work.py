"""One transaction's view of the file: every repository on the same connection."""

from __future__ import annotations

from kiosk.buffer.audit_state import StateAudit
from kiosk.buffer.catalog import Catalog
from kiosk.buffer.erasures import Erasures
from kiosk.buffer.findings import Findings
from kiosk.buffer.incarnations import Incarnations
from kiosk.buffer.journal import Journal
from kiosk.buffer.mirror import Mirror
from kiosk.buffer.outbox import Outbox
from kiosk.buffer.parked import ParkedCarts
from kiosk.buffer.passes import Passes
from kiosk.buffer.people import People
from kiosk.buffer.practice import Practice
from kiosk.buffer.sales import Sales
from kiosk.buffer.session import Session
from kiosk.buffer.settings import Settings
from kiosk.buffer.staff import StaffList
from kiosk.buffer.stock import Stock


class UnitOfWork:
    """The repositories of one connection, to be used only inside `writing()` or `reading()`."""

    def __init__(self, session: Session) -> None:
        self.settings = Settings(session)
        self.catalog = Catalog(session)
        self.people = People(session)
        self.erasures = Erasures(session)
        self.sales = Sales(session)
        self.findings = Findings(session)
        self.passes = Passes(session)
        self.journal = Journal(session)
        self.incarnations = Incarnations(session)
        self.stock = Stock(session)
        self.outbox = Outbox(session)
        self.mirror = Mirror(session)
        self.staff = StaffList(session)
        self.parked = ParkedCarts(session)
        self.practice = Practice(session)
        self.state = StateAudit(session.connection)
