"""Migration 0001, first part: who this file is, what may be sold, and who bought.

Ids are UUIDs as text, money is INTEGER minor units beside a lower-case ISO currency, times are
INTEGER UTC milliseconds. Nothing that names a person stands in an append-only table in clear: it
is sealed under the member's own key, so that destroying the key erases it and no chain breaks.
"""

from __future__ import annotations

from typing import Final


def append_only(*tables: str) -> str:
    """Triggers that refuse to change or remove a row, by whatever route."""
    return "".join(
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END;\n"
        for table in tables
        for action in ("UPDATE", "DELETE")
    )


IDENTITY: Final = """
CREATE TABLE buffer_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  buffer_id TEXT NOT NULL CHECK (length(buffer_id) = 36),
  incarnation INTEGER NOT NULL CHECK (incarnation >= 1),
  device INTEGER NOT NULL CHECK (device BETWEEN 1 AND 4294967295),
  created_ms INTEGER NOT NULL,
  highest_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER buffer_identity_kept BEFORE UPDATE ON buffer_identity
  WHEN NEW.one <> OLD.one OR NEW.buffer_id <> OLD.buffer_id OR NEW.device <> OLD.device
    OR NEW.created_ms <> OLD.created_ms OR NEW.incarnation < OLD.incarnation
    OR NEW.highest_ms < OLD.highest_ms
  BEGIN SELECT RAISE(ABORT, 'buffer_identity: kept, its marks only rise'); END;
CREATE TRIGGER buffer_identity_no_delete BEFORE DELETE ON buffer_identity
  BEGIN SELECT RAISE(ABORT, 'buffer_identity: never deleted'); END;
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value)),
  updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
  name TEXT PRIMARY KEY, value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER counters_only_rise BEFORE UPDATE ON counters
  WHEN NEW.name <> OLD.name OR NEW.value <= OLD.value
  BEGIN SELECT RAISE(ABORT, 'counters: only rise'); END;
CREATE TRIGGER counters_no_delete BEFORE DELETE ON counters
  BEGIN SELECT RAISE(ABORT, 'counters: never deleted'); END;
CREATE TABLE staff (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'lead', 'seller', 'door')),
  pin_salt BLOB NOT NULL,
  pin_hash BLOB NOT NULL,
  wrong_tries INTEGER NOT NULL DEFAULT 0 CHECK (wrong_tries >= 0),
  locked_until_ms INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL
) STRICT;
"""

CATALOG: Final = """
CREATE TABLE snapshots (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  event_number INTEGER NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  loaded_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE allotments (
  event_number INTEGER NOT NULL,
  offer TEXT NOT NULL,
  allotted INTEGER NOT NULL CHECK (allotted >= 0),
  sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  PRIMARY KEY (event_number, offer),
  CHECK (sold + held <= allotted)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER allotments_sold_rises BEFORE UPDATE OF event_number, offer, sold ON allotments
  WHEN NEW.sold < OLD.sold OR NEW.offer <> OLD.offer OR NEW.event_number <> OLD.event_number
  BEGIN SELECT RAISE(ABORT, 'allotments: what is sold stays sold'); END;
CREATE TRIGGER allotments_no_delete BEFORE DELETE ON allotments
  BEGIN SELECT RAISE(ABORT, 'allotments: never deleted'); END;
""" + append_only("snapshots")

PEOPLE: Final = """
CREATE TABLE members (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  created_ms INTEGER NOT NULL,
  name TEXT, email TEXT, name_search TEXT,
  language TEXT NOT NULL,
  erased_ms INTEGER,
  CHECK (erased_ms IS NULL OR coalesce(name, email, name_search) IS NULL),
  CHECK (erased_ms IS NOT NULL
         OR (name IS NOT NULL AND email IS NOT NULL AND name_search IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX members_email ON members(email) WHERE email IS NOT NULL;
CREATE INDEX members_name ON members(name_search) WHERE name_search IS NOT NULL;
CREATE TRIGGER members_erased_for_good BEFORE UPDATE ON members
  WHEN NEW.id <> OLD.id OR (OLD.erased_ms IS NOT NULL AND NEW.erased_ms IS NOT OLD.erased_ms)
  BEGIN SELECT RAISE(ABORT, 'members: an erasure is final'); END;
CREATE TRIGGER members_no_delete BEFORE DELETE ON members
  BEGIN SELECT RAISE(ABORT, 'members: erased, never deleted'); END;
CREATE TABLE member_keys (
  member_id TEXT PRIMARY KEY REFERENCES members(id),
  wrapped BLOB, kek_id INTEGER NOT NULL, destroyed_ms INTEGER,
  CHECK ((wrapped IS NULL) = (destroyed_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER member_keys_destroyed_for_good BEFORE UPDATE ON member_keys
  WHEN NEW.member_id <> OLD.member_id OR OLD.wrapped IS NULL
  BEGIN SELECT RAISE(ABORT, 'member_keys: a destroyed key stays destroyed'); END;
CREATE TRIGGER member_keys_no_delete BEFORE DELETE ON member_keys
  BEGIN SELECT RAISE(ABORT, 'member_keys: destroyed, never deleted'); END;
"""

SQL: Final = IDENTITY + CATALOG + PEOPLE
