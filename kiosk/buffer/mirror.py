"""What exists at the rail: its ids for our things, events already seen, and places in its lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.buffer.session import Session
from kiosk.domain.outbox import RailMode

PLACE: Final = "place"
_REFERENCE: Final = "mode, entity, kind"
# What one account holds for all sales, and how the cursor of a link's edition begins. Invoices and
# links are no part of it: sales that were made refer to them for ever.
_OF_THE_ACCOUNT: Final = ("customer", "price", "product")
_EDITION: Final = "link.edition:*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteObject:
    """An object of the rail; `url` where it has a page of its own."""

    remote_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteReference:
    """Whose object a remote id is."""

    mode: RailMode
    entity: str
    kind: str


class Mirror:
    """Ids by mode, entity of ours, and kind of object. Nothing here is a fact about money."""

    def __init__(self, session: Session) -> None:
        self._objects = session.database.table("remote_objects")
        self._cursors = session.database.table("cursors")
        self._execute = session.connection.execute

    def get(self, mode: RailMode, entity: str, kind: str) -> RemoteObject | None:
        """The rail's object of this kind for this entity."""
        row = self._execute(
            "SELECT remote_id, url FROM remote_objects WHERE mode = ? AND entity = ? AND kind = ?",
            (mode.value, entity, kind),
        ).fetchone()
        return None if row is None else RemoteObject(remote_id=row[0], url=row[1])

    def put(
        self, mode: RailMode, entity: str, kind: str, remote: RemoteObject, now_ms: int
    ) -> None:
        """Keep the object; a newer one of the same kind takes its place."""
        self._objects.upsert(
            {
                "mode": mode.value,
                "entity": entity,
                "kind": kind,
                "remote_id": remote.remote_id,
                "url": remote.url,
                "at_ms": now_ms,
            },
            pk=("mode", "entity", "kind"),
        )

    def by_remote(self, remote_id: str) -> RemoteReference | None:
        """Whose object this is, or None when it is none of ours."""
        row = self._execute(
            f"SELECT {_REFERENCE} FROM remote_objects WHERE remote_id = ? LIMIT 1", (remote_id,)
        ).fetchone()
        if row is None:
            return None
        return RemoteReference(mode=RailMode(row[0]), entity=row[1], kind=row[2])

    def settle(self, mode: RailMode, place: str, now_ms: int) -> bool:
        """Note at which address this mode's rail is; whether it is another one than before.

        Customers and prices of one address mean nothing at the next: they are forgotten here, and
        found or made again there when they are needed.
        """
        before = self.cursor(mode, PLACE)
        if before == place:
            return False
        self.put_cursor(mode, PLACE, place, now_ms)
        if before is None:
            return False
        marks = ", ".join("?" * len(_OF_THE_ACCOUNT))
        self._execute(
            f"DELETE FROM remote_objects WHERE mode = ? AND kind IN ({marks})",
            (mode.value, *_OF_THE_ACCOUNT),
        )
        self._execute("DELETE FROM cursors WHERE mode = ? AND name GLOB ?", (mode.value, _EDITION))
        return True

    def cursor(self, mode: RailMode, name: str) -> str | None:
        """How far a list of the rail has been read."""
        row = self._execute(
            "SELECT value FROM cursors WHERE mode = ? AND name = ?", (mode.value, name)
        ).fetchone()
        return None if row is None else str(row[0])

    def put_cursor(self, mode: RailMode, name: str, value: str, now_ms: int) -> None:
        """Remember how far a list has been read."""
        self._cursors.upsert(
            {"mode": mode.value, "name": name, "value": value, "updated_ms": now_ms},
            pk=("mode", "name"),
        )

    def was_event_seen(self, mode: RailMode, event_id: str) -> bool:
        """Whether this event was seen before; asking changes nothing."""
        row = self._execute(
            "SELECT 1 FROM events_seen WHERE mode = ? AND event_id = ?", (mode.value, event_id)
        ).fetchone()
        return row is not None

    def event_seen(self, mode: RailMode, event_id: str, now_ms: int) -> bool:
        """Whether this event was seen before; from now on it was."""
        done = self._execute(
            "INSERT INTO events_seen (mode, event_id, at_ms) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (mode.value, event_id, now_ms),
        )
        return int(done.rowcount) == 0

    def prune_events(self, mode: RailMode, before_ms: int) -> int:
        """Forget events seen before this instant; how many."""
        done = self._execute(
            "DELETE FROM events_seen WHERE mode = ? AND at_ms < ?", (mode.value, before_ms)
        )
        return int(done.rowcount)
