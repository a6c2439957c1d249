"""Who comes to the rehearsed pop-up, what they take, and how they pay: all from the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kiosk.domain.ids import ENTROPY_BYTES, OfferCode, SaleId, uuid7
from kiosk.domain.pay_codes import CODES_MAX
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind

# What is asked for, how often, and at most how many at once.
_WISHES: Final = (
    ("jar", 6, 3),
    ("plate", 3, 1),
    ("tote", 4, 2),
    ("print", 3, 1),
    ("weekly", 3, 2),
    ("four-weeks", 2, 1),
    ("half-year", 2, 1),
)
_GIFT: Final = "card"
_NAMES: Final = (
    "Maria Gómez",
    "Zoë Müller-Lüdenscheidt",
    "شيماء عبد الرحمن",
    "נועה לוי",
    "Nguyễn Thị Ánh",
    "李小龍",
    "O'Neill, Siobhán",
    "Åse 🌶️ Ødegård",
    "Bob",
)
_TENDERS: Final = (TenderKind.CASH, TenderKind.SCAN_TO_PAY, TenderKind.PAY_LATER)
_TENDER_WEIGHTS: Final = (9, 6, 5)
# Charged bit by bit until it ends: no payment link can do that, so an invoice it is.
_BIT_BY_BIT: Final = "half-year"
_FIRST_MS: Final = 1_795_000_000_000


class Conduct(StrEnum):
    """What the member does with a payment code or an invoice."""

    PAYS = "pays"
    NEVER = "never"
    TWICE = "twice"  # both phones of a couple
    TOO_LITTLE = "too_little"
    FORGES = "forges"  # edits the reference in the address
    DROPS_REFERENCE = "drops_reference"


_CONDUCTS: Final = tuple(Conduct)
_CONDUCT_WEIGHTS: Final = (14, 4, 2, 1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedSale:
    """One visit. `instead` is what they take when the first wish is refused; it is always there."""

    number: int
    wish: Draft = field(repr=False)
    instead: Draft = field(repr=False)
    conduct: Conduct


def write_script(sales: int, seed: int) -> tuple[ScriptedSale, ...]:
    """The visits of a rehearsal, the same for the same numbers."""
    dice = random.Random(f"script {seed}")
    people = sales // 2 + 3
    return tuple(_visit(number, dice, people) for number in range(sales))


def _visit(number: int, dice: random.Random, people: int) -> ScriptedSale:
    person = dice.randrange(people)
    address = f"member-{person}@rehearsal.example"
    wished = dice.choices(_TENDERS, _TENDER_WEIGHTS)[0]
    wish = _lines(dice)

    def draft(lines: tuple[CartLine, ...]) -> Draft:
        tender = wished
        if tender is TenderKind.SCAN_TO_PAY and any(one.offer == _BIT_BY_BIT for one in lines):
            tender = TenderKind.PAY_LATER
        return Draft(
            sale_id=SaleId(uuid7(_FIRST_MS + number, dice.randbytes(ENTROPY_BYTES))),
            lines=lines,
            name=_NAMES[person % len(_NAMES)],
            # Some type their address in capitals the second time; it is the same member.
            email=address if number % 3 else address.title(),
            language="de" if person % 4 == 0 else "en",
            consents=frozenset({"terms", "marketing"} if person % 2 else {"terms"}),
            tender=tender,
        )

    return ScriptedSale(
        number=number,
        wish=draft(wish),
        instead=draft((_line("jar", 1 + number % 3),)),
        conduct=dice.choices(_CONDUCTS, _CONDUCT_WEIGHTS)[0],
    )


def _lines(dice: random.Random) -> tuple[CartLine, ...]:
    codes = [code for code, _weight, _most in _WISHES]
    weights = [weight for _code, weight, _most in _WISHES]
    most = {code: most for code, _weight, most in _WISHES}
    chosen = dict.fromkeys(dice.choices(codes, weights, k=dice.choice((1, 1, 2, 3))))
    lines = [_line(code, dice.randint(1, most[code])) for code in chosen]
    # One code to scan per unit: what is in a basket fits on a few of them.
    assert sum(line.quantity for line in lines) <= CODES_MAX
    return (*lines, _line(_GIFT, 1)) if dice.random() < 0.2 else tuple(lines)


def _line(code: str, quantity: int) -> CartLine:
    return CartLine(offer=OfferCode(code), quantity=quantity)
