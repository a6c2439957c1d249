"""Outbox entries as rows and back, and the statements that choose among them."""

from __future__ import annotations

import json
from typing import Final

from kiosk.buffer.database import Row
from kiosk.buffer.member_keys import MemberKeys
from kiosk.buffer.people import texts_of
from kiosk.buffer.schema.m0002_answers import NEEDS_A_PERSON
from kiosk.domain.ids import EntryId, MemberId, SaleId
from kiosk.domain.outbox import Entry, EntryState, ListedEntry, RailMode, Topic
from kiosk.domain.sale import receipt_number

ENTRY_COLUMNS: Final = (
    "seq, id, sale_id, member_id, lane, topic, mode, intent, sealed, state, due_ms, lease_token,"
    " attempts, created_ms, depends_on, reason"
)

# The first open entry of its lane, with what it depends on delivered. Parked entries are closed
# (due_ms is NULL), so one of them never holds back its lane.
_CLAIMABLE: Final = """
  NOT EXISTS (SELECT 1 FROM outbox b WHERE b.mode = o.mode AND b.lane = o.lane AND b.seq < o.seq
              AND b.due_ms IS NOT NULL)
  AND (o.depends_on IS NULL OR EXISTS (
    SELECT 1 FROM outbox d WHERE d.id = o.depends_on AND d.state = 'delivered'))"""

# A later entry of the lane that was on its way when staff sent this one on again: two of a lane
# are never under way at once.
_OVERTAKER: Final = """FROM outbox l WHERE l.mode = o.mode AND l.lane = o.lane AND l.seq > o.seq
      AND l.due_ms IS NOT NULL AND l.lease_token IS NOT NULL"""

_CLAIM: Final = f"""
UPDATE outbox SET lease_token = lower(hex(randomblob(16))), due_ms = :now + :lease,
  attempts = attempts + 1
WHERE seq IN (
  SELECT o.seq FROM outbox o
  WHERE o.mode = :mode AND o.due_ms IS NOT NULL AND {{due}} AND {_CLAIMABLE}
    AND NOT EXISTS (SELECT 1 {_OVERTAKER} AND l.due_ms > :now)
    AND o.id NOT IN (SELECT value FROM json_each(:seen))
  ORDER BY o.due_ms, o.seq LIMIT :limit)
RETURNING {ENTRY_COLUMNS}
"""
CLAIM_DUE: Final = _CLAIM.format(due="o.due_ms <= :now")
# Whatever its back-off, unless somebody holds it: a lease that has run out is nobody's.
CLAIM_ALL: Final = _CLAIM.format(due="(o.lease_token IS NULL OR o.due_ms <= :now)")

NEXT_DUE: Final = f"""
SELECT min(max(o.due_ms, coalesce((SELECT max(l.due_ms) {_OVERTAKER}), 0)))
FROM outbox o WHERE o.mode = ? AND o.due_ms IS NOT NULL AND {_CLAIMABLE}
"""

# How many are parked, and how many of them for a finding that needs a person, which counts among
# those until it is answered: a parked entry has the finding's kind for its reason.
PARKED_COUNT: Final = f"""SELECT count(*), count(*) FILTER (WHERE EXISTS (
  SELECT 1 FROM findings f INDEXED BY findings_sale
  WHERE f.sale_id = o.sale_id AND f.mode = o.mode AND f.kind = o.reason AND f.{NEEDS_A_PERSON}))
FROM outbox o WHERE o.mode = ? AND o.state = 'parked'"""


def entry_of(row: Row, member_keys: MemberKeys) -> Entry:
    """The entry of a row of `ENTRY_COLUMNS`; its person is None when the member was erased."""
    return Entry(
        seq=row[0],
        entry_id=EntryId(row[1]),
        sale_id=SaleId(row[2]),
        member_id=MemberId(row[3]),
        lane=row[4],
        topic=Topic(row[5]),
        mode=RailMode(row[6]),
        intent=json.loads(row[7]),
        person=texts_of(member_keys.unseal(MemberId(row[3]), row[8], person_aad(row[1]))),
        state=EntryState(row[9]),
        due_ms=row[10],
        lease_token=row[11],
        attempts=row[12],
        created_ms=row[13],
        depends_on=None if row[14] is None else EntryId(row[14]),
        reason=row[15],
    )


def listed_of(row: Row) -> ListedEntry:
    """One line of the staff's list."""
    return ListedEntry(
        entry_id=EntryId(row[0]),
        sale_id=SaleId(row[1]),
        receipt_number=receipt_number(row[2], row[3], row[11]),
        topic=Topic(row[4]),
        state=EntryState(row[5]),
        amount_minor=row[6],
        currency=row[7],
        created_ms=row[8],
        attempts=row[9],
        reason=row[10],
    )


def person_aad(entry_id: str) -> str:
    """What an entry's person is sealed for."""
    return entry_id


def params_aad(entry_id: str, step: str, generation: int) -> str:
    """What a step's parameters are sealed for."""
    return f"{entry_id}/{step}/g{generation}"
