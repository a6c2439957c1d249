"""Parked carts: what a visitor chose in self-service, waiting under a number for staff and cash."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kiosk.buffer.session import Session
from kiosk.domain.ids import SaleId
from kiosk.errors import TenderNotAvailable

NUMBER_MAX: Final = 999
OPEN_MAX: Final = 500  # well below NUMBER_MAX, so that a number called out is not soon another's
_COUNTER: Final = "park"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedCart:
    """An open parked cart; `draft` is JSON with a person's details and goes when it is closed."""

    number: int
    sale_id: SaleId
    draft: str = field(repr=False)
    parked_ms: int


class ParkedCarts:
    """Open carts have different numbers, 1 to 999; a closed one's comes round again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._table = session.database.table("parked_carts")

    def park(self, sale_id: SaleId, draft: str, now_ms: int) -> int:
        """Park a cart, or put this draft in place of the same sale's open one; its number.

        Raises:
            TenderNotAvailable: too many carts are waiting. Fields: tender, reason.
        """
        already = self.number_of(sale_id)
        if already is not None:
            self._session.connection.execute(
                "UPDATE parked_carts SET draft = ? WHERE number = ? AND closed_ms IS NULL",
                (draft, already),
            )
            return already
        taken = {cart.number for cart in self.open()}
        if len(taken) >= OPEN_MAX:
            raise TenderNotAvailable(tender="cash", reason="parked_full")
        number = self._next_number()
        while number in taken:  # at most OPEN_MAX times
            number = self._next_number()
        self._table.insert(
            {"number": number, "sale_id": sale_id, "draft": draft, "parked_ms": now_ms}
        )
        return number

    def open(self) -> tuple[ParkedCart, ...]:
        """Every cart still waiting, oldest first."""
        rows = self._table.rows_where("closed_ms IS NULL", order_by="id")
        return tuple(_cart(row) for row in rows)

    def get(self, number: int) -> ParkedCart | None:
        """The open cart under this number."""
        rows = self._table.rows_where("number = ? AND closed_ms IS NULL", [number])
        return next((_cart(row) for row in rows), None)

    def number_of(self, sale_id: SaleId) -> int | None:
        """The number of the open cart with this sale id."""
        row = self._session.connection.execute(
            "SELECT number FROM parked_carts WHERE sale_id = ? AND closed_ms IS NULL", (sale_id,)
        ).fetchone()
        return None if row is None else int(row[0])

    def close(self, number: int, now_ms: int) -> bool:
        """Close the cart and forget its draft; False when none is open under this number."""
        done = self._session.connection.execute(
            "UPDATE parked_carts SET draft = NULL, closed_ms = ?"
            " WHERE number = ? AND closed_ms IS NULL",
            (now_ms, number),
        )
        return int(done.rowcount) == 1

    def _next_number(self) -> int:
        row = self._session.connection.execute(
            "INSERT INTO counters (name, value) VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (_COUNTER,),
        ).fetchone()
        return (int(row[0]) - 1) % NUMBER_MAX + 1


def _cart(row: dict[str, object]) -> ParkedCart:
    return ParkedCart(
        number=int(str(row["number"])),
        sale_id=SaleId(str(row["sale_id"])),
        draft=str(row["draft"]),
        parked_ms=int(str(row["parked_ms"])),
    )
