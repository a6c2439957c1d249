"""Migration 0001, third part: what is to be carried to the rail, how far it came, what is there."""

from __future__ import annotations

from typing import Final

OUTBOX: Final = """
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  sale_id TEXT NOT NULL REFERENCES sales(id),
  member_id TEXT NOT NULL REFERENCES members(id),
  lane TEXT NOT NULL,
  topic TEXT NOT NULL CHECK (topic IN ('invoice', 'subscription', 'watch')),
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  intent TEXT NOT NULL CHECK (json_valid(intent)),
  sealed BLOB NOT NULL,
  depends_on TEXT REFERENCES outbox(id),
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'unknown', 'delivered', 'parked')),
  due_ms INTEGER,
  lease_token TEXT,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  reason TEXT,
  created_ms INTEGER NOT NULL,
  closed_ms INTEGER,
  CHECK ((state IN ('waiting', 'unknown')) = (due_ms IS NOT NULL)),
  CHECK ((state IN ('delivered', 'parked')) = (closed_ms IS NOT NULL)),
  CHECK (lease_token IS NULL OR due_ms IS NOT NULL),
  CHECK (state <> 'parked' OR reason IS NOT NULL)
) STRICT;
-- One scheduling column, and an index of the open entries only: a poll never meets what is closed,
-- nor what belongs to another mode.
CREATE INDEX outbox_due ON outbox(mode, due_ms, seq) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_lane ON outbox(mode, lane, seq) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_leased ON outbox(seq) WHERE lease_token IS NOT NULL;
CREATE INDEX outbox_watched ON outbox(mode, sale_id)
  WHERE topic = 'watch' AND state <> 'delivered';
CREATE INDEX outbox_parked ON outbox(mode, seq) WHERE state = 'parked';
CREATE INDEX outbox_sale ON outbox(sale_id, seq);
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF seq, id, sale_id, member_id, lane, topic, mode,
  intent, sealed, depends_on, created_ms ON outbox
  BEGIN SELECT RAISE(ABORT, 'outbox: an intent is frozen'); END;
CREATE TRIGGER outbox_delivered_for_good BEFORE UPDATE OF state ON outbox
  WHEN OLD.state = 'delivered' AND NEW.state <> 'delivered'
  BEGIN SELECT RAISE(ABORT, 'outbox: delivered is final'); END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
  BEGIN SELECT RAISE(ABORT, 'outbox: never deleted'); END;
-- Counting 100,000 delivered entries for a badge would cost more than delivering one.
CREATE TABLE outbox_delivered (
  mode TEXT PRIMARY KEY, entries INTEGER NOT NULL CHECK (entries >= 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_count_delivered AFTER UPDATE OF state ON outbox
  WHEN NEW.state = 'delivered' AND OLD.state <> 'delivered'
  BEGIN
    INSERT INTO outbox_delivered (mode, entries) VALUES (NEW.mode, 1)
      ON CONFLICT (mode) DO UPDATE SET entries = entries + 1;
  END;
"""

STEPS: Final = """
CREATE TABLE outbox_steps (
  entry_seq INTEGER NOT NULL REFERENCES outbox(seq),
  name TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  sealed_params BLOB NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 16 AND 255),
  first_sent_ms INTEGER,
  suspect INTEGER NOT NULL DEFAULT 0 CHECK (suspect IN (0, 1)),
  remote_id TEXT,
  last_error TEXT,
  PRIMARY KEY (entry_seq, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_steps_frozen BEFORE UPDATE ON outbox_steps
  WHEN NEW.entry_seq <> OLD.entry_seq OR NEW.name <> OLD.name
    OR NEW.generation NOT IN (OLD.generation, OLD.generation + 1)
    OR (NEW.generation = OLD.generation AND (
         NEW.sealed_params <> OLD.sealed_params
         OR NEW.idempotency_key <> OLD.idempotency_key
         OR (OLD.first_sent_ms IS NOT NULL AND NEW.first_sent_ms IS NOT OLD.first_sent_ms)
         OR (OLD.remote_id IS NOT NULL AND NEW.remote_id IS NOT OLD.remote_id)))
    OR (NEW.generation > OLD.generation AND NEW.idempotency_key = OLD.idempotency_key)
  BEGIN SELECT RAISE(ABORT, 'outbox_steps: frozen within a generation'); END;
CREATE TRIGGER outbox_steps_no_delete BEFORE DELETE ON outbox_steps
  BEGIN SELECT RAISE(ABORT, 'outbox_steps: never deleted'); END;
CREATE TABLE outbox_attempts (
  entry_seq INTEGER NOT NULL REFERENCES outbox(seq),
  attempt_no INTEGER NOT NULL CHECK (attempt_no > 0),
  step TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  outcome TEXT CHECK (outcome IN ('delivered', 'later', 'refused', 'unknown', 'locked')),
  http_status INTEGER, request_id TEXT, detail TEXT,
  PRIMARY KEY (entry_seq, attempt_no),
  CHECK ((outcome IS NULL) = (finished_ms IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_attempts_open ON outbox_attempts(entry_seq) WHERE outcome IS NULL;
CREATE TRIGGER outbox_attempts_once BEFORE UPDATE ON outbox_attempts
  WHEN OLD.outcome IS NOT NULL OR NEW.entry_seq <> OLD.entry_seq
    OR NEW.attempt_no <> OLD.attempt_no OR NEW.step <> OLD.step
    OR NEW.generation <> OLD.generation OR NEW.started_ms <> OLD.started_ms
  BEGIN SELECT RAISE(ABORT, 'outbox_attempts: an answer is written once'); END;
CREATE TRIGGER outbox_attempts_no_delete BEFORE DELETE ON outbox_attempts
  BEGIN SELECT RAISE(ABORT, 'outbox_attempts: never deleted'); END;
"""

MIRROR: Final = """
CREATE TABLE remote_objects (
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  entity TEXT NOT NULL,
  kind TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  url TEXT,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (mode, entity, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_objects_id ON remote_objects(remote_id);
CREATE TABLE events_seen (
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  event_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (mode, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_seen_at ON events_seen(mode, at_ms);
CREATE TABLE cursors (
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (mode, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE practice_payments (
  id INTEGER PRIMARY KEY, target TEXT NOT NULL, asked_ms INTEGER NOT NULL, done_ms INTEGER
) STRICT;
CREATE INDEX practice_payments_open ON practice_payments(id) WHERE done_ms IS NULL;
"""

SQL: Final = OUTBOX + STEPS + MIRROR
