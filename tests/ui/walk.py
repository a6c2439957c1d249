"""Ways through the kiosk by its view-models, for tests and pictures that begin in the middle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kiosk.domain.outbox import QueueHealth
from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.errors import PassphraseWrong, StoreForked
from kiosk.ui.hooks import Restored
from kiosk.ui.pages import Page
from tests.ui.stage import PIN, Stage

METHODS = frozenset({"passphrase", "pin", "recovery"})
SECRET = "the right one"


@dataclass
class Walk:
    """Each method ends on the page it is named after."""

    stage: Stage

    def model(self, page: Page) -> Any:
        return self.stage.shell._screens[page].model

    def go(self, page: Page) -> None:
        self.home()
        self.stage.shell.go(page)
        self.stage.settle()

    def speak(self, language: str) -> None:
        self.model(Page.TODAY).keep_language(language)
        self.stage.settle()

    def paint(self, theme: str) -> None:
        self.stage.shell._choose_theme(theme)
        self.stage.settle()

    def home(self) -> None:
        self.stage.shell._app.warn(None)
        self.stage.shell.go_home()
        self.stage.settle()

    def unlock(self) -> None:
        def refuse(_secret: str) -> Any:
            raise PassphraseWrong

        self.home()
        self.stage.shell.needs_passphrase(refuse)
        self.model(Page.UNLOCK).unlock("not the one")
        self.stage.settle()

    def fault(self, error: Exception) -> None:
        self.home()
        self.stage.shell.fault(error, self.home)
        self.stage.settle()

    def restored(self, *, asked: bool = False, done: bool = False) -> None:
        """An older copy was put back; what is done about it is acted here, with nothing behind."""
        way = replace(self.stage.ways_in, methods=lambda: METHODS, restore=self._restored)
        model = self.model(Page.FAULT)
        model.ways_in = way
        self.fault(StoreForked(seq=7, other_seq=9, place="rail"))
        if asked or done:
            model.ask_to_restore()
            self.stage.settle()
        if done:
            model.restore(SECRET)
            self.stage.settle()

    def _restored(self, secret: str) -> Restored:
        if secret != SECRET:
            raise PassphraseWrong
        return Restored(
            services=self.stage.counter, next_receipt="K3.2-000001", passes_from=10_043,
            links_lost=3, unsent=2,
        )  # fmt: skip

    def offers(self, pieces: int = 0) -> None:
        self.home()
        self.stage.shell.go(Page.OFFERS)
        self.stage.settle()
        model = self.model(Page.OFFERS)
        codes = [row.code for row in model.cards.rows if row.more]
        for code in (codes * 2)[:pieces]:
            model.add(code)
        self.stage.settle()

    def sheet(self) -> None:
        self.offers(1)
        model = self.model(Page.OFFERS)
        model.open_sheet(model.cards.rows[0].code)
        self.stage.settle()

    def cart_panel(self) -> None:
        self.offers(3)
        page = self.stage.probe.item("cart_bar")
        if page:
            self.stage.probe.click("cart_bar")

    def details(self, *, filled: bool = True, go_on: bool = False) -> None:
        self.offers(2)
        self.model(Page.OFFERS).go_on()
        self.stage.settle()
        model = self.model(Page.DETAILS)
        if filled:
            model.write_name("Amélie Nguyễn")
            self.stage.visitors += 1
            model.write_email(f"amelie{self.stage.visitors}@gmial.com")
            model.tick("terms")
        if go_on:
            model.go_on()
        self.stage.settle()

    def terms(self) -> None:
        self.details()
        self.model(Page.DETAILS).read("terms")
        self.stage.settle()

    def keyboard(self) -> None:
        self.details()
        self.stage.probe.click("email", inside="input")

    def pay(self, *, assisted: bool = True) -> None:
        self.mode("assisted" if assisted else "self-service")
        self.details()
        self.model(Page.DETAILS).go_on()
        self.stage.settle()

    def pay_cash(self) -> None:
        self.pay()
        model = self.model(Page.PAY)
        model.take("cash")
        model.give(model.notes.rows[-1].minor)
        self.stage.settle()

    def parked_number(self) -> None:
        self.pay(assisted=False)
        self.model(Page.PAY).take("cash")
        self.stage.settle()
        self.mode("assisted")

    def scan_to_pay(self) -> None:
        self.pay()
        self.model(Page.PAY).take(TenderKind.SCAN_TO_PAY)
        self.stage.settle()

    def show_pass(self, tender: str) -> None:
        if tender == "scan-to-pay":
            self.scan_to_pay()
            for _ in range(self.model(Page.SCAN_TO_PAY).count):
                self.model(Page.SCAN_TO_PAY).go_on()
        elif tender == "cash":
            self.pay_cash()
            self.model(Page.PAY).take_cash()
        else:
            self.pay()
            self.model(Page.PAY).take(tender)
        self.stage.settle()

    def idle(self) -> None:
        self.offers(1)
        options = self.stage.options
        self.stage.clock.forward(options.idle_seconds - options.warning_seconds + 5)
        self.stage.shell._idle.tick()
        self.stage.settle()

    def staff(self, page: Page) -> None:
        self.go(Page.PIN)
        pad = self.model(Page.PIN)
        for digit in PIN:
            pad.press(digit)
        pad.submit()
        self.stage.settle()
        self.stage.shell.go(page)
        self.stage.settle()

    def parked_cash(self) -> None:
        self.parked_number()
        self.staff(Page.PARKED_CARTS)
        model = self.model(Page.PARKED_CARTS)
        model.pick(model.carts.rows[0].number)
        model.give(model.notes.rows[-1].minor)
        self.stage.settle()

    def findings(self) -> None:
        self.show_pass("pay-later")
        completed = self.stage.shell.till.visit.completed
        assert completed is not None
        self.stage.find(FindingKind.UNDERPAID, completed.sale.sale_id)
        self.stage.find(FindingKind.REFERENCE_UNKNOWN)
        self.staff(Page.OUTBOX)

    def members(self, text: str = "", *, crowd: bool = False) -> None:
        """The page of the members, with a few or more of them, and this looked for."""
        cards = self.stage.run(lambda: self.stage.counter.shop_window("en")).cards
        wares = cards[0].code, cards[-1].code
        names = ("Amara Nwosu", "Amélie Nguyễn", "Ámos Kovács", "أميرة منصور")
        for name in names + tuple(f"Anna Example {number}" for number in range(60 * crowd)):
            self.stage.visitors += 1
            email = f"am{self.stage.visitors}@example.org"
            self.stage.sell(*wares, name=name, email=email)
        self.staff(Page.MEMBERS)
        self.model(Page.MEMBERS).write(text)
        self.stage.settle()

    def search(self, text: str) -> None:
        """The same with the keyboard on the screen, where the field was touched."""
        self.members(text)
        self.stage.probe.click("member_search", inside="input")

    def member(self, text: str = "ame", *, sent: bool = True) -> None:
        """One of them with their passes."""
        self.members()
        if sent:
            self.stage.deliver()
        model = self.model(Page.MEMBERS)
        model.write(text)
        self.stage.settle()
        # The last of them came last, and may be all that is not sent yet.
        model.pick(model.found.rows[0 if sent else -1].member_id)
        self.stage.settle()

    def erase_sheet(self, *, sent: bool = True) -> None:
        self.member(sent=sent)
        self.model(Page.MEMBERS).ask_to_erase()
        self.stage.settle()

    def erased(self, *, sent: bool = True) -> None:
        self.erase_sheet(sent=sent)
        self.model(Page.MEMBERS).erase()
        self.stage.settle()

    def event_over(self) -> None:
        """The day after, for as long as this page is looked at."""
        self.home()
        window = self.stage.shell.till.window
        assert window is not None
        self.stage.shell.till.look_at(replace(window, event_over=True))  # type: ignore[type-var]

    def health(self, health: QueueHealth) -> None:
        self.home()
        self.stage.shell.show_health(health)
        self.stage.settle()

    def mode(self, mode: str) -> None:
        self.stage.run(lambda: self.stage.counter.set_service_mode(mode))
