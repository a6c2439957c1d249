"""The bookkeeper: what a careful person with a ledger would say of the same day.

Plain additions over what was asked and what was answered; it calls no code of the kiosk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

RECURRING: Final = frozenset({"weekly"})
TAX_ADDED_BP: Final = {"tote": 1900}
LIMITED: Final = "plate"


@dataclass
class Booked:
    """A sale as the till acknowledged it. `payments` are the member's, as (true ms, minor)."""

    sale_id: str
    receipt: str
    tender: str
    email: str
    units: dict[str, int]
    lines: dict[str, int]
    passes: tuple[str, ...]
    sold_true_ms: int
    due_true_ms: int
    clock_known: bool
    payments: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(self.lines.values())

    @property
    def bills(self) -> list[tuple[str, int]]:
        """What the rail is to bill: one invoice for all that is paid once, one each that recurs."""
        if self.tender == "scan-to-pay":
            return []
        once = [amount for code, amount in self.lines.items() if code not in RECURRING]
        made = [("invoice", sum(once))] if once else []
        return made + [("subscription", self.lines[c]) for c in self.lines if c in RECURRING]

    @property
    def paid_minor(self) -> int:
        return sum(amount for _at_ms, amount in self.payments)

    @property
    def settlements(self) -> frozenset[str]:
        """What may be said of this sale when everything is over."""
        if self.tender == "cash" or self.paid_minor >= self.total_minor:
            return frozenset({"confirmed"})
        if self.paid_minor == 0:
            return frozenset({"revoked"})
        # Too little, and a person decides; revoked too if the time had been up before, by a clock
        # that nobody had measured perhaps.
        late = min(at_ms for at_ms, _amount in self.payments) >= self.due_true_ms
        late = late or not self.clock_known
        return frozenset({"provisional", "revoked"} if late else {"provisional"})

    @property
    def is_underpaid(self) -> bool:
        return self.tender != "cash" and 0 < self.paid_minor < self.total_minor


@dataclass
class Books:
    """All of it. `had` counts the limited goods by member; `linked` are prices payable by link."""

    allotted: int
    per_member: int
    prices: dict[str, int] = field(default_factory=dict)
    linked: set[tuple[str, int]] = field(default_factory=set)
    sales: dict[str, Booked] = field(default_factory=dict)
    had: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def unit_minor(self, code: str) -> int:
        """The price of one, tax included, added tax rounded half up."""
        price = self.prices[code]
        return price + (price * TAX_ADDED_BP.get(code, 0) * 2 + 10_000) // 20_000

    def amounts(self, units: dict[str, int]) -> dict[str, int]:
        return {code: count * self.unit_minor(code) for code, count in units.items()}

    @property
    def left(self) -> int:
        return self.allotted - sum(self.had.values())

    def book(self, sale: Booked) -> None:
        assert sale.sale_id not in self.sales, "acknowledged twice as a new sale"
        self.sales[sale.sale_id] = sale
        if LIMITED in sale.units:
            self.had[sale.email] = self.had.get(sale.email, 0) + sale.units[LIMITED]

    def may_refuse(self, email: str, tender: str, units: dict[str, int]) -> set[str]:
        """The refusals that a careful person would understand."""
        codes = set()
        wanted = units.get(LIMITED, 0)
        if wanted > self.left:
            codes.add("sold_out")
        if wanted and self.had.get(email, 0) + wanted > self.per_member:
            codes.add("member_limit_reached")
        unlinked = any((code, self.prices[code]) not in self.linked for code in units)
        if tender == "scan-to-pay" and unlinked:
            codes.add("tender_not_available")
        return codes
