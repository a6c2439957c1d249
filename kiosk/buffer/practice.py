"""Practice controls: what the till asks of the practice Stripe; its rail reads them each time."""

from __future__ import annotations

from typing import Final

from kiosk.buffer.session import Session

OPEN_MAX: Final = 200


class Practice:
    """`Member pays now` as rows; the practice network switch is the setting `practice.network`."""

    def __init__(self, session: Session) -> None:
        self._table = session.database.table("practice_payments")
        self._execute = session.connection.execute

    def ask_payment(self, target: str, now_ms: int) -> int:
        """Ask for a payment of a pay address or of `invoice:<sale id>`; the request's number."""
        row = self._execute(
            "INSERT INTO practice_payments (target, asked_ms) VALUES (?, ?) RETURNING id",
            (target, now_ms),
        ).fetchone()
        return int(row[0])

    def open_payments(self) -> list[tuple[int, str]]:
        """Requests not yet carried out, oldest first, as (number, target)."""
        rows = self._table.rows_where("done_ms IS NULL", order_by="id", limit=OPEN_MAX)
        return [(int(row["id"]), str(row["target"])) for row in rows]

    def payment_done(self, number: int, now_ms: int) -> None:
        """The practice member has paid, or turned out not to be able to."""
        self._table.update(number, {"done_ms": now_ms})
