"""Members in a salvaged file: found by all their names again, and the erased ones erased.

A page that is read as it was some commits ago may hold somebody who has been erased since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from kiosk.buffer.erasures import ERASURE_ASKED, MEMBER_ERASED
from kiosk.buffer.outbox_rows import person_aad
from kiosk.buffer.passes import Passes
from kiosk.buffer.people import People
from kiosk.buffer.schema.m0004_people import TURN_NAMES
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId, uuid7
from kiosk.domain.people import search_form
from kiosk.errors import StoreCorrupt

# By the journal, which tells each; and by their keys, which are gone whatever was lost: a key that
# is wrapped under one older than all there are is from before an erasure that was ended.
_ERASED: Final = """SELECT entity_id FROM journal WHERE kind = ?
  UNION SELECT member_id FROM member_keys WHERE wrapped IS NULL OR kek_id < ?
  UNION SELECT id FROM members WHERE erased_ms IS NOT NULL"""
_NOBODY_S: Final = """DELETE FROM member_names WHERE NOT EXISTS (
  SELECT 1 FROM members m WHERE m.id = member_id AND m.erased_ms IS NULL)"""
# Whoever asked to be erased is not asked again, and nothing but an erasure ends it.
_WANTED: Final = """INSERT OR IGNORE INTO erasures_wanted (member_id, asked_ms)
  SELECT j.entity_id, min(j.at_ms) FROM journal j JOIN members m ON m.id = j.entity_id
  WHERE j.kind = ? AND m.erased_ms IS NULL GROUP BY j.entity_id"""

_NAMED_AND_LOST: Final = """SELECT DISTINCT member_id FROM (SELECT member_id FROM sales
  UNION SELECT member_id FROM outbox UNION SELECT member_id FROM consents
  UNION SELECT member_id FROM enrollments UNION SELECT member_id FROM member_keys)
  WHERE member_id NOT IN (SELECT id FROM members)"""
_ENTRIES_OF: Final = """SELECT o.id, o.sealed, o.created_ms FROM sales s
  JOIN outbox o ON o.sale_id = s.id WHERE s.member_id = ? ORDER BY o.seq DESC LIMIT 20"""
_ENROLL: Final = """INSERT OR IGNORE INTO members
  (id, created_ms, name, email, name_search, language, erased_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"""


def mend_people(session: Session, now_ms: int) -> None:
    """Write the index of names anew where it has gaps, and erase whoever was or is to be erased."""
    execute = session.connection.execute
    people, passes = People(session), Passes(session)
    execute(TURN_NAMES)
    for (member_id,) in execute(_ERASED, (MEMBER_ERASED, min(session.keys.member_kek))).fetchall():
        people.erase(MemberId(member_id), now_ms)
        passes.forget_texts(MemberId(member_id))
    execute(_WANTED, (ERASURE_ASKED,))
    execute(_NOBODY_S)


def mend_members(session: Session, now_ms: int) -> int:
    """Members who are named and whose row is lost, as one of their entries has them; how many.

    Where none opens they are somebody forgotten. Whoever a sale's link tells of is there by now.
    """
    execute = session.connection.execute
    lost = [MemberId(row[0]) for row in execute(_NAMED_AND_LOST).fetchall()]
    for member_id in lost:
        person, at_ms = _as_entered(session, member_id)
        known = None if person is None else (person["name"], person["email"])
        name, email = known or (None, None)
        values = (
            member_id,
            at_ms or now_ms,
            name,
            email,
            None if name is None else search_form(name),
            "en" if person is None else person["language"],
            now_ms if known is None else None,
        )
        if not execute(_ENROLL, values).rowcount:
            execute(_ENROLL, (*values[:2], None, None, None, values[5], now_ms))
    return len(lost)


def _as_entered(session: Session, member_id: MemberId) -> tuple[dict[str, str] | None, int | None]:
    """Name, address and language as the newest entry that opens has them, and when that was."""
    rows = session.connection.execute(_ENTRIES_OF, (member_id,)).fetchall()
    for entry_id, sealed, at_ms in rows:
        try:
            found = session.member_keys.unseal(member_id, sealed, person_aad(entry_id))
        except StoreCorrupt:
            continue
        if found is not None and found.keys() >= {"name", "email", "language"}:
            return {key: str(value) for key, value in found.items()}, int(at_ms)
    return None, None


def replace_lost_keys(session: Session, now_ms: int) -> Iterator[str]:
    """A member whose key is gone is enrolled anew, and the old row is as after an erasure.

    Nothing that was sealed under the key opens any more; what is not sealed is kept, under a
    new id with a key of their own, so that they are found and can buy again. But nothing is kept of
    whoever asked to be erased. Yields their sales.
    """
    execute = session.connection.execute
    rows = execute(
        "SELECT id, created_ms, name, email, name_search, language, erased_ms IS NOT NULL"
        " OR id IN (SELECT member_id FROM erasures_wanted) FROM members"
        " WHERE id NOT IN (SELECT member_id FROM member_keys)"
    ).fetchall()
    for member_id, created_ms, *known, gone in rows:
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
        if not gone:
            anew = MemberId(uuid7(now_ms, os.urandom(10)))
            execute(
                "INSERT INTO members (id, created_ms, name, email, name_search, language)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (anew, created_ms, *known),
            )
            session.member_keys.make(anew)
        sales = execute("SELECT id FROM sales WHERE member_id = ?", (member_id,)).fetchall()
        yield from (str(row[0]) for row in sales)
