"""What has to be true of a kiosk and the one that came out of its box, taken together."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.system_clock import SystemClock
from tests.torture.tally import Tally
from tests.torture.whole import Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A folder's sales with their receipts and passes, and its entries, in their order."""

    sales: tuple[tuple[str, str], ...]
    passes: tuple[tuple[int, str], ...]
    entries: tuple[tuple[str, str], ...]


def carried_over(old: Whole, new: Whole, tally: Tally) -> bool:
    """Whether the new folder has the old one's sales and entries up to the box, each once."""
    before, after = books_of(old), books_of(new)
    sent_off = before.sales[: len(after.sales)]
    carried = {sale_id for sale_id, _ in sent_off}
    whole = True
    for name, ours, theirs in (
        ("sales", after.sales, sent_off),
        ("passes", after.passes, tuple(each for each in before.passes if each[1] in carried)),
        ("entries", after.entries, tuple(each for each in before.entries if each[1] in carried)),
    ):
        if not ours or theirs != ours:
            tally.lost += 1
            tally.tell(f"the {name} that arrived are not those that were sent off")
            whole = False
    return whole


def bills_once(shelf: PracticeShelf, laptops: tuple[Whole, ...], tally: Tally) -> None:
    """The practice Stripe has one bill for each sale of either; no number was given out twice."""
    bills = Counter(
        json.loads(text)["o"]["metadata"].get("kp_sale")
        for kind, _, text in shelf.load()
        if kind == "invoice"
    )
    books = [books_of(laptop) for laptop in laptops]
    sales = {sale_id for each in books for sale_id, _ in each.sales}
    for sale_id in sales | bills.keys():
        if bills[sale_id] != 1 or sale_id not in sales:
            tally.wrong += 1
            tally.tell(f"sale {sale_id} has {bills[sale_id]} bills")
    receipts = {(receipt, sale_id) for each in books for sale_id, receipt in each.sales}
    passes = {one for each in books for one in each.passes}
    for what, given in (("receipt", receipts), ("pass", passes)):
        for number, times in Counter(number for number, _ in given).items():
            if times > 1:
                tally.wrong += 1
                tally.tell(f"{what} number {number} was given out twice")


def books_of(whole: Whole) -> Books:
    """Read as the program opens it."""
    keys, now_ms = whole.unlock().keys, SystemClock().now_ms()
    with BufferFile.open(whole.folder, keys, now_ms=now_ms) as held, held.till().reading() as uow:
        execute = uow.sales._session.connection.execute
        sales = execute("SELECT id, incarnation, receipt_seq FROM sales ORDER BY seq").fetchall()
        passes = execute("SELECT seq, sale_id FROM passes ORDER BY seq").fetchall()
        entries = execute("SELECT id, sale_id FROM outbox ORDER BY seq").fetchall()
    return Books(
        sales=tuple((row[0], f"{row[1]}-{row[2]}") for row in sales),
        passes=tuple((row[0], row[1]) for row in passes),
        entries=tuple((row[0], row[1]) for row in entries),
    )
