"""What every repository works with: one connection, its everyday view, the keys, the identity."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.buffer.database import Connection, Database, everyday, store_errors
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.member_keys import MemberKeys
from kiosk.errors import StoreCorrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which buffer this is. `incarnation` counts the acknowledged restores from a backup."""

    buffer_id: str
    incarnation: int
    device: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One connection's tools. `connection` for prepared SQL, `database` for everything else."""

    connection: Connection
    database: Database
    keys: BufferKeys
    identity: Identity
    member_keys: MemberKeys


def open_session(connection: Connection, keys: BufferKeys) -> Session:
    """The session of a keyed connection to a file that is set up."""
    with store_errors():
        row = connection.execute(
            "SELECT buffer_id, incarnation, device FROM buffer_identity"
        ).fetchone()
    if row is None:
        raise StoreCorrupt(check="identity")
    return Session(
        connection=connection,
        database=everyday(connection),
        keys=keys,
        identity=Identity(buffer_id=row[0], incarnation=row[1], device=row[2]),
        member_keys=MemberKeys(connection, keys),
    )
