"""Members in a salvaged file: found by all their names again, and the erased ones erased.

A page that is read as it was some commits ago may hold somebody who has been erased since.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.passes import Passes
from kiosk.buffer.people import People
from kiosk.buffer.schema.m0004_people import TURN_NAMES
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId

# By the journal, which tells each; and by their keys, which are gone whatever was lost: a key that
# is wrapped under one older than all there are is from before an erasure that was ended.
_ERASED: Final = """SELECT entity_id FROM journal WHERE kind = ?
  UNION SELECT member_id FROM member_keys WHERE wrapped IS NULL OR kek_id < ?
  UNION SELECT id FROM members WHERE erased_ms IS NOT NULL"""
_NOBODY_S: Final = """DELETE FROM member_names WHERE NOT EXISTS (
  SELECT 1 FROM members m WHERE m.id = member_id AND m.erased_ms IS NULL)"""


def mend_people(session: Session, now_ms: int) -> None:
    """Write the index of names anew where it has gaps, and erase whoever was erased."""
    execute = session.connection.execute
    people, passes = People(session), Passes(session)
    execute(TURN_NAMES)
    for (member_id,) in execute(_ERASED, (MEMBER_ERASED, min(session.keys.member_kek))).fetchall():
        people.erase(MemberId(member_id), now_ms)
        passes.forget_texts(MemberId(member_id))
    execute(_NOBODY_S)
