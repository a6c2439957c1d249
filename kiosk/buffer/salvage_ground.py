"""What a salvaged kiosk stands on: how much of each drop is left, and numbers that are taken.

A drop whose allotment is lost would be sold out, and when the event is loaded again all of it would
be there once more, with what was sold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kiosk.buffer.catalog import NUMBERS_TO
from kiosk.buffer.session import Session
from kiosk.buffer.settings import Settings
from kiosk.domain.event_writer import from_json
from kiosk.domain.offer import Drop
from kiosk.errors import EventFileInvalid

# What was sold is counted afterwards, with every other allotment.
_ALLOT: Final = """INSERT OR IGNORE INTO allotments (event_number, offer, allotted)
  VALUES (?1, ?2, max(?3, coalesce((SELECT sum(l.quantity) FROM sale_lines l
    JOIN sales s ON s.id = l.sale_id JOIN snapshots n ON n.number = s.snapshot_number
    WHERE n.event_number = ?1 AND l.offer = ?2 AND l.kind = 'drop'), 0)))"""
_NEWEST: Final = """SELECT number, event_number, document FROM snapshots
  WHERE number IN (SELECT max(number) FROM snapshots GROUP BY event_number)"""
_HIGHEST: Final = "SELECT max(snapshot_number) FROM sales"


def mend_ground(session: Session, now_ms: int) -> int:
    """Allotments that are lost, by the event they come from; how many came back.

    The number of an event that sales name and that is lost stays theirs.
    """
    execute = session.connection.execute
    highest = execute(_HIGHEST).fetchone()[0]
    if highest is not None:
        Settings(session).put(NUMBERS_TO, int(highest), now_ms)
    back = 0
    for number, event_number, document in execute(_NEWEST).fetchall():
        for drop in _drops(document, number):
            back += int(execute(_ALLOT, (event_number, drop.code, drop.allotment)).rowcount)
    return back


def _drops(document: str, number: int) -> Iterator[Drop]:
    try:
        offers = from_json(document, number).offers
    except (EventFileInvalid, AssertionError, ValueError):
        return
    yield from (offer for offer in offers if isinstance(offer, Drop))
