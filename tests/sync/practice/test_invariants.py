"""A seeded life of the practice Stripe: whatever is done in whatever order, the books add up.

Each rule does something a kiosk, a payer, the Dashboard, the clock or a crash may do next; after
each the invariants are read from the public state only. A failing run prints its steps.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.payer import PayerTurnedAway
from sync.practice.refusals import Refusal
from sync.practice.shelf import MemoryShelf
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

SEED = 21
LIMIT = 3
STEPS = ("finalize", "pay", "send", "void", "mark_uncollectible")


class Life(RuleBasedStateMachine):
    """One practice Stripe from its first customer on."""

    @initialize()
    def begin(self) -> None:
        self.clock, self.shelf = Clock(), MemoryShelf()
        self.restart()
        self.weekly = made.weekly(self.api)["id"]
        restricted = {"completed_sessions": {"limit": LIMIT}}
        self.link = made.link(self.api, restrictions=restricted)

    @rule()
    def restart(self) -> None:
        self.practice = PracticeStripe(clock=self.clock, seed=SEED, shelf=self.shelf)
        self.api = Api(self.practice)

    @rule(amount=st.integers(0, 5000), advances=st.booleans())
    def draft_an_invoice(self, amount: int, advances: bool) -> None:
        made.draft(self.api, amount, auto_advance=advances)

    @rule(which=st.integers(0, 9), step=st.sampled_from(STEPS))
    def take_a_step_with_an_invoice(self, which: int, step: str) -> None:
        invoices = self.practice.objects("invoice")
        if invoices:
            params = {"paid_out_of_band": True} if step == "pay" else None
            path = f"/v1/invoices/{invoices[which % len(invoices)]['id']}/{step}"
            assert self.api.send("POST", path, params).status_code in (200, 400)

    @rule(which=st.integers(0, 9))
    def pay_a_page(self, which: int) -> None:
        invoices = self.practice.objects("invoice")
        if invoices:
            with contextlib.suppress(PayerTurnedAway):
                self.practice.pay_invoice(invoices[which % len(invoices)]["id"])

    @rule()
    def scan_the_code(self) -> None:
        with contextlib.suppress(PayerTurnedAway):
            self.practice.open_session(self.link["url"])

    @rule(which=st.integers(0, 9))
    def pay_a_session(self, which: int) -> None:
        sessions = self.practice.objects("checkout.session")
        if sessions:
            with contextlib.suppress(PayerTurnedAway):
                self.practice.complete_session(sessions[which % len(sessions)]["id"])

    @rule(amount=st.integers(1, 2000))
    def refund_something(self, amount: int) -> None:
        intents = self.practice.objects("payment_intent")
        if intents:
            with contextlib.suppress(Refusal):
                self.practice.refund(intents[-1]["id"], amount)

    @rule()
    def enroll_a_member(self) -> None:
        made.subscription(self.api, price=self.weekly)

    @rule(which=st.integers(0, 9))
    def forget_a_customer(self, which: int) -> None:
        customers = self.practice.objects("customer")
        if customers:
            self.api.delete(f"/v1/customers/{customers[which % len(customers)]['id']}")

    @rule(hours=st.integers(1, 200))
    def let_time_pass(self, hours: int) -> None:
        self.practice.advance(hours * 3600)

    @rule(kind=st.sampled_from(list(FaultKind)))
    def sell_on_a_bad_line(self, kind: FaultKind) -> None:
        self.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
        with contextlib.suppress(httpx.TransportError):
            self.api.send("POST", "/v1/customers", {"email": "bad@example.com"})
        self.practice.faults = FaultPlan()

    # ------------------------------------------------------------------------- invariants

    def all_of(self, kind: str) -> Iterator[made.Made]:
        yield from self.practice.objects(kind)

    @invariant()
    def amounts_add_up(self) -> None:
        for invoice in self.all_of("invoice"):
            lines = sum(line["amount"] for line in invoice["lines"]["data"])
            assert invoice["total"] == invoice["amount_due"] == lines
            assert invoice["amount_remaining"] == invoice["amount_due"] - invoice["amount_paid"]
            paid = invoice["status"] == "paid"
            assert invoice["amount_paid"] == (invoice["amount_due"] if paid else 0)
            assert (invoice["status_transitions"]["paid_at"] is not None) == paid

    @invariant()
    def an_open_invoice_waits_for_exactly_one_payment(self) -> None:
        payments = Counter(
            (payment["invoice"], payment["status"]) for payment in self.all_of("invoice_payment")
        )
        for invoice in self.all_of("invoice"):
            waits = invoice["status"] in ("open", "uncollectible")
            assert payments[invoice["id"], "open"] == (1 if waits else 0)
            assert payments[invoice["id"], "paid"] <= 1

    @invariant()
    def numbers_are_given_once(self) -> None:
        numbers = [i["number"] for i in self.all_of("invoice") if i["number"] is not None]
        assert len(numbers) == len(set(numbers))
        for invoice in self.all_of("invoice"):
            assert (invoice["number"] is None) == (invoice["status"] == "draft")

    @invariant()
    def a_link_sells_what_it_may(self) -> None:
        done = [s for s in self.all_of("checkout.session") if s["status"] == "complete"]
        assert len(done) <= LIMIT
        for session in done:
            assert session["payment_status"] == "paid"
            assert session["payment_intent"] is not None

    @invariant()
    def the_balance_is_what_came_in_less_what_went_back(self) -> None:
        came = sum(intent["amount_received"] for intent in self.all_of("payment_intent"))
        went = sum(refund["amount"] for refund in self.all_of("refund"))
        assert self.api.get("/v1/balance")["pending"][0]["amount"] == came - went >= 0

    @invariant()
    def ids_are_unique_and_events_in_order(self) -> None:
        ids = [each["id"] for kind in self.practice.kinds() for each in self.all_of(kind)]
        assert len(ids) == len(set(ids))
        times = [event["created"] for event in self.all_of("event")]
        assert times == sorted(times)
        assert not times or times[-1] <= self.practice.now_ms() // 1000

    @invariant()
    def the_shelf_holds_all_of_it(self) -> None:
        again = PracticeStripe(clock=self.clock, seed=SEED, shelf=copy_of(self.shelf))
        for kind in self.practice.kinds():
            assert again.objects(kind) == self.practice.objects(kind)


def copy_of(shelf: MemoryShelf) -> MemoryShelf:
    made_shelf = MemoryShelf()
    made_shelf.put(list(shelf.load()))
    return made_shelf


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
