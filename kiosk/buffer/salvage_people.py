"""Members in a salvaged file: found by all their names again, and the erased ones erased.

A page that is read as it was some commits ago may hold somebody who has been erased since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.passes import Passes
from kiosk.buffer.people import People
from kiosk.buffer.schema.m0004_people import TURN_NAMES
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId, uuid7

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


def replace_lost_keys(session: Session, now_ms: int) -> Iterator[str]:
    """A member whose key is gone is enrolled anew, and the old row is as after an erasure.

    Nothing that was sealed under the key opens any more; what is not sealed is kept, under a
    new id with a key of its own, so that they are found and can buy again. Yields their sales.
    """
    execute = session.connection.execute
    rows = execute(
        "SELECT id, created_ms, name, email, name_search, language, erased_ms FROM members"
        " WHERE id NOT IN (SELECT member_id FROM member_keys)"
    ).fetchall()
    for member_id, created_ms, *known, erased_ms in rows:
        execute(
            "INSERT INTO member_keys (member_id, wrapped, kek_id, destroyed_ms)"
            " VALUES (?, NULL, ?, ?)",
            (member_id, session.keys.newest_kek, now_ms),
        )
        execute(
            "UPDATE members SET name = NULL, email = NULL, name_search = NULL,"
            " erased_ms = coalesce(erased_ms, ?) WHERE id = ?",
            (now_ms, member_id),
        )
        if erased_ms is None:
            anew = MemberId(uuid7(now_ms, os.urandom(10)))
            execute(
                "INSERT INTO members (id, created_ms, name, email, name_search, language)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (anew, created_ms, *known),
            )
            session.member_keys.make(anew)
        sales = execute("SELECT id FROM sales WHERE member_id = ?", (member_id,)).fetchall()
        yield from (str(row[0]) for row in sales)
