"""What can happen at a pop-up: people buy and pay, machines fail, somebody sets the clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.ids import OfferCode, StaffId
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.errors import RuleError
from kiosk.service.park import park_cart, take_parked
from kiosk.service.practice import member_pays
from kiosk.service.sell import RecordedSale, record_sale
from sync.practice.faults import FaultKind, FaultPlan, FaultRule, Outage
from sync.practice.payer import PayerTurnedAway
from tests.service.world import DAY_MS
from tests.simulation.evidence import first_bills
from tests.simulation.model import LIMITED, RECURRING, Booked, Books
from tests.simulation.world import GRACE_MS, HOUR_MS, MINUTE_MS, PAY_LATER_MS, Simulated

PRICES: Final = {"weekly": 490, "course": 1800, "plate": 1250, "jar": 750, "tote": 1010}
CROWD: Final = 9
CODES_MOST: Final = 4  # a scan-to-pay cart stays below what the kiosk offers
WRONG_CLOCKS: Final = (-3 * HOUR_MS, DAY_MS, 730 * DAY_MS, -730 * DAY_MS)
OUTAGES: Final = (3 * MINUTE_MS, 50 * MINUTE_MS, 26 * HOUR_MS, 3 * DAY_MS, 40 * DAY_MS)
STRIKES: Final = tuple(
    kind for kind in FaultKind if kind not in {FaultKind.SLOW, FaultKind.BAD_KEY}
)


@dataclass
class Habit:
    """What a member is going to do: pay these codes at this true time, `twice` or too `little`."""

    at_ms: int
    sale_id: str
    codes: list[tuple[str, int]]
    times: int = 1
    little: bool = False


@dataclass
class Party:
    """A world with its bookkeeper and its people."""

    sim: Simulated
    books: Books
    staff: StaffId
    habits: list[Habit] = field(default_factory=list)
    newest: tuple[Draft, RecordedSale] | None = None

    # ------------------------------------------------------------------ time and payments

    def pass_time(self, milliseconds: int) -> None:
        """Time passes, and members do in it what they do."""
        until_ms = self.sim.clock.true_ms + milliseconds
        while due := [habit for habit in self.habits if habit.at_ms <= until_ms]:
            habit = min(due, key=lambda one: (one.at_ms, one.sale_id))
            self.habits.remove(habit)
            self.sim.clock.advance(max(0, habit.at_ms - self.sim.clock.true_ms))
            self._pay(habit)
        self.sim.clock.advance(until_ms - self.sim.clock.true_ms)

    def _pay(self, habit: Habit) -> None:
        sale = self.books.sales[habit.sale_id]
        if sale.tender == "pay-later":
            self._pay_bills(habit, sale)
            return
        for _ in range(habit.times):
            for url, amount in habit.codes:
                asked = amount // 2 if habit.little else None
                try:
                    self.sim.stripe.pay_link(url, amount_minor=asked)
                except PayerTurnedAway as turned:
                    self.sim.say(f"turned away: {turned.reason}")
                else:
                    sale.payments.append((self.sim.clock.true_ms, asked or amount))
        self.sim.say(f"paid {sale.receipt} {sale.paid_minor} of {sale.total_minor}")

    def _pay_bills(self, habit: Habit, sale: Booked) -> None:
        open_bills = [
            one
            for one in first_bills(self.sim.stripe).get(sale.sale_id, [])
            if one["status"] == "open"
        ]
        if len(open_bills) < len(sale.bills):
            habit.at_ms = self.sim.clock.true_ms + 6 * HOUR_MS  # not in the mail yet
            self.habits.append(habit)
            return
        for bill in open_bills:
            self.sim.stripe.pay_invoice(bill["id"])
            sale.payments.append((self.sim.clock.true_ms, bill["total"]))
        self.sim.say(f"paid {sale.receipt} by invoice")

    # ------------------------------------------------------------------ selling

    def draft(self) -> Draft:
        """Somebody's wish."""
        dice = self.sim.dice
        tender = dice.choice([TenderKind.CASH, *TenderKind])
        codes = dice.sample(sorted(PRICES), dice.randint(1, 2))
        most = CODES_MOST // len(codes) if tender is TenderKind.SCAN_TO_PAY else 3
        lines = [CartLine(offer=OfferCode(one), quantity=dice.randint(1, most)) for one in codes]
        email = f"m{dice.randrange(CROWD)}@example.org"
        made = self.sim.kiosk.draft("jar", email=email, tender=tender)
        return dataclasses.replace(made, lines=tuple(lines))

    def sell(self, draft: Draft) -> RecordedSale | None:
        """A sale through the use case, booked; or a refusal that a person would understand."""
        units = {str(line.offer): line.quantity for line in draft.lines}
        known = self.sim.clock.error_ms == self.sim.measured_error_ms
        try:
            recorded = record_sale(self.sim.desk, draft)
        except RuleError as refused:
            self._refused(refused.code, draft, units, known=known)
            return None
        sale, sold_ms = recorded.sale, self.sim.clock.true_ms
        trust_ms = PAY_LATER_MS if draft.tender is TenderKind.PAY_LATER else GRACE_MS
        self.books.book(
            Booked(
                sale_id=sale.sale_id,
                receipt=sale.receipt_number,
                tender=str(draft.tender),
                email=draft.email,
                units=units,
                lines=self.books.amounts(units),
                passes=tuple(one.number for one in recorded.passes),
                sold_true_ms=sold_ms,
                due_true_ms=sold_ms + trust_ms,
                clock_known=known,
            )
        )
        self.sim.say(f"sold {sale.receipt_number} {draft.tender} {units}")
        self.newest = (draft, recorded)
        self._decide(recorded)
        return recorded

    def _refused(self, code: str, draft: Draft, units: dict[str, int], *, known: bool) -> None:
        allowed = self.books.may_refuse(draft.email, draft.tender, units)
        if LIMITED in units and not known:
            allowed.add("offer_not_on_sale")  # by a clock that nobody has measured
        assert code in allowed, f"{code} for {units}, allowed {allowed}"
        self.books.refused.append(code)
        self.sim.say(f"refused {code}")

    def _decide(self, recorded: RecordedSale) -> None:
        """What the member is going to do about the money."""
        booked, dice = self.books.sales[recorded.sale.sale_id], self.sim.dice
        if booked.tender == "cash":
            return
        codes = [(one.url, one.amount_minor) for one in recorded.pay_codes]
        way = dice.choice(["exact", "exact", "button", "never", "late", "twice", "little", "part"])
        billed = booked.tender == "pay-later"
        if way == "never" or (billed and way in {"twice", "little", "part"}):
            return
        if way == "button" and LIMITED not in booked.units:
            urls = [url for url, _amount in codes]
            member_pays(self.sim.desk, recorded.sale.sale_id, urls)
            booked.payments.append((booked.sold_true_ms, booked.total_minor))
            return
        trust_ms = booked.due_true_ms - booked.sold_true_ms
        wait_ms = trust_ms * dice.randint(2, 5) if way == "late" else trust_ms // 20
        part = codes[:1] if way == "part" else codes
        little = way == "little" and not RECURRING & booked.units.keys()
        times = 2 if way == "twice" else 1
        at_ms = booked.sold_true_ms + wait_ms
        self.habits.append(
            Habit(at_ms=at_ms, sale_id=booked.sale_id, codes=part, times=times, little=little)
        )


# ---------------------------------------------------------------------- moves


def sell(party: Party) -> None:
    party.sell(party.draft())
    party.pass_time(party.sim.dice.randint(0, 10 * MINUTE_MS))


def tap_twice(party: Party) -> None:
    """The same tap again is the same sale, whatever happened since."""
    if party.newest is None:
        return
    draft, first = party.newest
    again = record_sale(party.sim.desk, draft)
    assert again.repeated
    assert (again.sale, again.passes) == (first.sale, first.passes)


def park_and_pay(party: Party) -> None:
    """A cart waits at the counter, over a restart perhaps, and is paid in cash."""
    draft = dataclasses.replace(party.draft(), tender=TenderKind.CASH)
    try:
        number = park_cart(party.sim.desk, draft)
    except RuleError as refused:
        party.sim.say(f"not parked: {refused.code}")
        return
    party.pass_time(party.sim.dice.randint(0, HOUR_MS))
    if party.sim.dice.random() < 0.3:
        restart(party)
    party.sell(take_parked(party.sim.desk, number, party.staff, None))


def race_for_the_last(party: Party) -> None:
    """Several want what is nearly gone, one after the other."""
    for _ in range(3):
        wish = CartLine(offer=OfferCode(LIMITED), quantity=party.sim.dice.randint(1, 3))
        party.sell(dataclasses.replace(party.draft(), lines=(wish,)))


def drain(party: Party) -> None:
    party.sim.drain()


def drain_and_die(party: Party) -> None:
    party.sim.drain_cut_short(party.sim.dice.randint(1, 25))


def restart(party: Party) -> None:
    party.sim.restart()
    party.sim.say("restarted")


def wait(party: Party) -> None:
    party.pass_time(party.sim.dice.randint(MINUTE_MS, 9 * HOUR_MS))


def weather(party: Party) -> None:
    """Another plan of faults, and often an outage that begins now."""
    dice, now_ms = party.sim.dice, party.sim.clock.true_ms
    kinds = dice.sample(STRIKES, dice.randint(0, 3))
    rules = tuple(FaultRule(kind=kind, probability=dice.choice([0.05, 0.15])) for kind in kinds)
    outages: tuple[Outage, ...] = ()
    if dice.random() < 0.6:
        outages = (Outage(from_ms=now_ms, to_ms=now_ms + dice.choice(OUTAGES)),)
    party.sim.stripe.faults = FaultPlan(rules=rules, outages=outages, seed=dice.randrange(2**31))
    party.sim.say(f"weather {kinds} {[one.to_ms - one.from_ms for one in outages]}")


def days_go_by(party: Party) -> None:
    """A pop-up that stays: long enough for keys to be forgotten, or events."""
    party.pass_time(party.sim.dice.choice(OUTAGES[2:]))


def set_clock(party: Party) -> None:
    """The machine's clock goes wrong, or is put right."""
    party.sim.clock.put(party.sim.dice.choice([0, *WRONG_CLOCKS]))
    party.sim.say(f"clock wrong by {party.sim.clock.error_ms}")


def change_prices(party: Party) -> None:
    """Another event file, and links for it if the network happens to be there.

    Whoever loads an event looks at the clock first: moments in the file count from the load.
    """
    sim, books = party.sim, party.books
    sim.clock.put(0)
    sim.stripe.faults = FaultPlan()
    sim.drain()
    books.prices = {
        code: price + 10 * sim.dice.randint(-4, 9) for code, price in sorted(PRICES.items())
    }
    snapshot = sim.load(books.prices)
    sim.say(f"prices {books.prices}")
    if sim.dice.random() < 0.7:
        sim.provision(snapshot)
        books.linked |= set(books.prices.items())


MOVES: Final[dict[Callable[[Party], None], int]] = {
    sell: 16,
    tap_twice: 2,
    park_and_pay: 3,
    race_for_the_last: 1,
    drain: 7,
    drain_and_die: 3,
    restart: 1,
    wait: 5,
    weather: 4,
    days_go_by: 1,
    set_clock: 2,
    change_prices: 1,
}
