"""Migration 0003: the lives of a file, and what other places remember of it that it does not know.

An incarnation after the first begins when staff acknowledge that an older copy was put back. A
sighting is a mark of this kiosk's journal, kept elsewhere, that this journal does not contain.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.schema.m0001_ground import append_only

SQL: Final = """
CREATE TABLE incarnations (
  number INTEGER PRIMARY KEY CHECK (number >= 2),
  former INTEGER NOT NULL CHECK (former BETWEEN 1 AND number - 1),
  -- The link that says so; with it the incarnation began.
  journal_seq INTEGER NOT NULL UNIQUE CHECK (journal_seq > 0),
  -- How far a life left behind had come, as far as any place remembers.
  known_seq INTEGER CHECK (known_seq >= 0),
  -- Pass numbers up to this one belong to former lives.
  pass_floor INTEGER NOT NULL CHECK (pass_floor > 0),
  -- Entries up to this one may have been sent in a life that left no trace here.
  outbox_seq INTEGER NOT NULL CHECK (outbox_seq >= 0),
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE sightings (
  id INTEGER PRIMARY KEY,
  place TEXT NOT NULL CHECK (place IN ('keychain', 'rail')),
  standing TEXT NOT NULL CHECK (standing IN ('ahead', 'forked')),
  incarnation INTEGER NOT NULL CHECK (incarnation >= 1),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash_start BLOB NOT NULL CHECK (length(hash_start) = 20),
  own_incarnation INTEGER NOT NULL CHECK (own_incarnation >= 1),
  own_seq INTEGER NOT NULL CHECK (own_seq >= 0),
  outbox_seq INTEGER NOT NULL CHECK (outbox_seq >= 0),
  at_ms INTEGER NOT NULL,
  -- The other life goes on, and its marks with it: one of each is enough to stop us.
  UNIQUE (own_incarnation, place, incarnation)
) STRICT;
""" + append_only("incarnations", "sightings")
