"""Members: found by address or by the beginning of a name, and forgotten on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.buffer.session import Session
from kiosk.domain.ids import MemberId
from kiosk.domain.people import Member, search_form

SEARCH_MAX: Final = 100
_LAST_CHARACTER: Final = "\U0010ffff"
_COLUMNS = "id, name, email, language"


class People:
    """The searchable rows may be changed and nulled; what facts keep is sealed per member."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute

    def member(self, member_id: MemberId) -> Member | None:
        """The member with this id; None when unknown or erased."""
        return self._one(f"SELECT {_COLUMNS} FROM members WHERE id = ?", member_id)

    def by_email(self, email: str) -> Member | None:
        """The member with this address in its comparable form."""
        return self._one(f"SELECT {_COLUMNS} FROM members WHERE email = ?", email)

    def search(self, prefix: str, limit: int) -> tuple[Member, ...]:
        """Members whose name or address begins like this, whatever case or accents; by name."""
        wanted, address = search_form(prefix), prefix.strip().lower()
        if not wanted:
            return ()
        rows = self._execute(
            f"SELECT {_COLUMNS} FROM (SELECT * FROM members"
            "   WHERE name_search >= ? AND name_search < ? UNION"
            " SELECT * FROM members WHERE email >= ? AND email < ?)"
            " ORDER BY name_search, id LIMIT ?",
            (
                wanted,
                wanted + _LAST_CHARACTER,
                address,
                address + _LAST_CHARACTER,
                min(limit, SEARCH_MAX),
            ),
        )
        return tuple(_member(row) for row in rows)

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
        self._session.member_keys.make(member.member_id)

    def rename(self, member_id: MemberId, name: str, language: str) -> None:
        """The name as they write it now. Sealed facts keep the one of their time."""
        self._execute(
            "UPDATE members SET name = ?, name_search = ?, language = ?"
            " WHERE id = ? AND erased_ms IS NULL",
            (name, search_form(name), language, member_id),
        )

    def erase(self, member_id: MemberId, now_ms: int) -> None:
        """Forget the person: searchable columns nulled, the key of all sealed data destroyed."""
        self._execute(
            "UPDATE members SET name = NULL, email = NULL, name_search = NULL, erased_ms = ?"
            " WHERE id = ? AND erased_ms IS NULL",
            (now_ms, member_id),
        )
        self._session.member_keys.destroy(member_id, now_ms)

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

    def _one(self, sql: str, value: str) -> Member | None:
        row = self._execute(sql, (value,)).fetchone()
        return None if row is None or row[1] is None else _member(row)


def texts_of(found: dict[str, object] | None) -> dict[str, str] | None:
    """The unsealed object when it holds texts only, as everything about a person does."""
    return None if found is None else {key: str(value) for key, value in found.items()}


def _member(row: tuple[str, str, str, str]) -> Member:
    return Member(member_id=MemberId(row[0]), name=row[1], email=row[2], language=row[3])
