"""Members: found by address or by the beginning of any of their names, and forgotten on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.buffer.database import Row
from kiosk.buffer.schema.m0004_people import TURNS_MAX
from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId
from kiosk.domain.people import Member, search_form

SEARCH_MAX: Final = 100
_LAST_CHARACTER: Final = "\U0010ffff"
_COLUMNS: Final = "id, name, email, language"
_FOUND: Final = "m.id, m.name, m.email, m.language, m.name_search"
# Prefixes as ranges, each served by one index in its order: nothing is sorted, nothing is scanned.
BY_NAME: Final = f"""SELECT {_FOUND} FROM members m
  WHERE m.name_search >= ? AND m.name_search < ? ORDER BY m.name_search LIMIT ?"""
BY_ANY_NAME: Final = f"""SELECT {_FOUND} FROM member_names n CROSS JOIN members m
  ON m.id = n.member_id WHERE n.turned >= ? AND n.turned < ? ORDER BY n.turned LIMIT ?"""
BY_EMAIL: Final = f"""SELECT {_FOUND} FROM members m
  WHERE m.email >= ? AND m.email < ? ORDER BY m.email LIMIT ?"""


class People:
    """The searchable rows may be changed and nulled; what facts keep is sealed per member."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._execute = session.connection.execute

    def member(self, member_id: MemberId) -> Member | None:
        """The member with this id; None when unknown or erased."""
        return self._one(f"SELECT {_COLUMNS} FROM members WHERE id = ?", member_id)

    def by_email(self, email: str) -> Member | None:
        """The member with this address in its comparable form."""
        return self._one(f"SELECT {_COLUMNS} FROM members WHERE email = ?", email)

    def search(self, prefix: str, limit: int) -> tuple[Member, ...]:
        """Members one of whose names, or whose address, begins like this; by name.

        Neither case nor accents matter. Each index gives its first `limit` and no more, and none is
        asked once there are as many: a single letter costs no more than a whole name, however many
        members there are. Each of them may be a page that has to be read from the disk.
        """
        wanted, address = search_form(prefix.replace(",", " ")), prefix.strip().lower()
        most = min(limit, SEARCH_MAX)
        if not wanted or most < 1:
            return ()
        found: dict[str, Row] = {}
        for sql, text in ((BY_NAME, wanted), (BY_ANY_NAME, wanted), (BY_EMAIL, address)):
            if len(found) >= most:
                break
            for row in self._execute(sql, (text, text + _LAST_CHARACTER, most)):
                found[row[0]] = row
        ordered = sorted(found.values(), key=lambda row: (row[4], row[0]))
        return tuple(_member(row) for row in ordered[:most])

    def enroll(self, member: Member, now_ms: int) -> None:
        """Write down a new member, with a key of their own."""
        self._execute(
            "INSERT INTO members (id, created_ms, name, email, name_search, language)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                member.member_id,
                now_ms,
                member.name,
                member.email,
                search_form(member.name),
                member.language,
            ),
        )
        self._turn(member.member_id, search_form(member.name))
        self._session.member_keys.make(member.member_id)

    def rename(self, member_id: MemberId, name: str, language: str) -> None:
        """The name as they write it now. Sealed facts keep the one of their time."""
        if self._unturn(member_id):
            self._execute(
                "UPDATE members SET name = ?, name_search = ?, language = ? WHERE id = ?",
                (name, search_form(name), language, member_id),
            )
            self._turn(member_id, search_form(name))

    def erase(self, member_id: MemberId, now_ms: int) -> None:
        """Forget the person: searchable columns nulled, the key of all sealed data destroyed."""
        if self._unturn(member_id):
            self._execute(
                "UPDATE members SET name = NULL, email = NULL, name_search = NULL, erased_ms = ?"
                " WHERE id = ?",
                (now_ms, member_id),
            )
        self._session.member_keys.destroy(member_id, now_ms)

    def erased_ms(self, member_id: MemberId) -> int | None:
        """When this member was erased; None for everybody else."""
        row = self._execute("SELECT erased_ms FROM members WHERE id = ?", (member_id,)).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def seal(self, member_id: MemberId, plain: Mapping[str, str], aad: str) -> bytes:
        """Seal under the member's key; `aad` names what the bytes belong to."""
        return self._session.member_keys.seal(member_id, plain, aad)

    def unseal(self, member_id: MemberId, sealed: bytes, aad: str) -> dict[str, str] | None:
        """What was sealed, or None when the member has been erased."""
        return texts_of(self._session.member_keys.unseal(member_id, sealed, aad))

    def bought(self, member_id: MemberId, event_number: int, offer: str) -> int:
        """Copies of this offer that the member has bought at this event, in every mode."""
        row = self._execute(
            "SELECT coalesce(sum(l.quantity), 0) FROM sales s"
            " JOIN snapshots n ON n.number = s.snapshot_number"
            " JOIN sale_lines l ON l.sale_id = s.id"
            " WHERE s.member_id = ? AND n.event_number = ? AND l.offer = ?",
            (member_id, event_number, offer),
        ).fetchone()
        return int(row[0])

    def _turn(self, member_id: MemberId, name_search: str) -> None:
        rows = [(turned, member_id) for turned in turns_of(name_search)]
        if rows:
            self._connection.executemany(
                "INSERT OR IGNORE INTO member_names (turned, member_id) VALUES (?, ?)", rows
            )

    def _unturn(self, member_id: MemberId) -> bool:
        """Take the names of a member out of the index; False when there are none any more."""
        row = self._execute(
            "SELECT name_search FROM members WHERE id = ? AND erased_ms IS NULL", (member_id,)
        ).fetchone()
        if row is None:
            return False
        for turned in turns_of(row[0]):
            self._execute(
                "DELETE FROM member_names WHERE turned = ? AND member_id = ?", (turned, member_id)
            )
        return True

    def _one(self, sql: str, value: str) -> Member | None:
        row = self._execute(sql, (value,)).fetchone()
        return None if row is None or row[1] is None else _member(row)


def turns_of(name_search: str) -> tuple[str, ...]:
    """The name from its second, third ... word on, what stood before put behind it."""
    words = name_search.split(" ")
    turns = range(1, min(len(words), TURNS_MAX + 1))
    return tuple(" ".join(words[at:] + words[:at]) for at in turns)


def texts_of(found: dict[str, object] | None) -> dict[str, str] | None:
    """The unsealed object when it holds texts only, as everything about a person does."""
    return None if found is None else {key: str(value) for key, value in found.items()}


def _member(row: Row) -> Member:
    return Member(member_id=MemberId(row[0]), name=row[1], email=row[2], language=row[3])
