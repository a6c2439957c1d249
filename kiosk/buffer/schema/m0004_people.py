"""Migration 0004: names found by any of their words, erasures that wait, passes that forget a name.

The table of passes is made anew: its text may go once the buyer is erased, because the buyer's
first name stands in it. It also loses the index of its hash, which took a page of its own for each
pass. That the hash is unique follows from the number, which is part of what is hashed.
"""

from __future__ import annotations

from typing import Final

# Of a name with more words, those behind are found no more; it bounds what one member writes.
TURNS_MAX: Final = 8

NAMES: Final = """
-- `turned` is a name from its second, third ... word on, with what stood before behind it: a family
-- name is found by its beginning, and "gomez maria" as well. Names as they are said are in members.
CREATE TABLE member_names (
  turned TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES members(id),
  PRIMARY KEY (turned, member_id)
) STRICT, WITHOUT ROWID;
"""

# For members that are there already; again it changes nothing.
TURN_NAMES: Final = f"""
WITH RECURSIVE words(member_id, head, tail, turn) AS (
  SELECT id, '', name_search, 0 FROM members WHERE name_search IS NOT NULL
  UNION ALL
  SELECT member_id, head || ' ' || substr(tail, 1, instr(tail, ' ') - 1),
         substr(tail, instr(tail, ' ') + 1), turn + 1
  FROM words WHERE instr(tail, ' ') > 0 AND turn < {TURNS_MAX})
INSERT OR IGNORE INTO member_names (turned, member_id)
  SELECT tail || head, member_id FROM words WHERE head <> '';
"""

ERASURES: Final = """
-- Members to be erased as soon as the rail has everything of theirs.
CREATE TABLE erasures_wanted (
  member_id TEXT PRIMARY KEY REFERENCES members(id),
  asked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- As long as the key that wrapped a destroyed key is there, an older copy brings the person back.
CREATE INDEX member_keys_destroyed ON member_keys(kek_id) WHERE wrapped IS NULL;
"""

PASSES: Final = """
CREATE TABLE passes_before_0004 AS SELECT device, seq, sale_id, text, payload_sha256, event_number,
  entitlements, issued_s, expires_s, provisional, provisional_until_s FROM passes;
DROP TABLE passes;
CREATE TABLE passes (
  device INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  sale_id TEXT NOT NULL REFERENCES sales(id),
  text TEXT,
  payload_sha256 BLOB NOT NULL CHECK (length(payload_sha256) = 32),
  event_number INTEGER NOT NULL,
  entitlements TEXT NOT NULL CHECK (json_valid(entitlements)),
  issued_s INTEGER NOT NULL,
  expires_s INTEGER NOT NULL,
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
  provisional_until_s INTEGER,
  PRIMARY KEY (device, seq)
) STRICT;
INSERT INTO passes SELECT * FROM passes_before_0004 ORDER BY device, seq;
DROP TABLE passes_before_0004;
CREATE INDEX passes_sale ON passes(sale_id, seq);
CREATE TRIGGER passes_have_a_text BEFORE INSERT ON passes WHEN NEW.text IS NULL
  BEGIN SELECT RAISE(ABORT, 'passes: issued with its text'); END;
-- A name in a text goes with its member. Nothing else of a pass ever changes.
CREATE TRIGGER passes_no_update BEFORE UPDATE ON passes
  WHEN NEW.text IS NOT NULL OR NEW.device <> OLD.device OR NEW.seq <> OLD.seq
    OR NEW.sale_id <> OLD.sale_id OR NEW.payload_sha256 <> OLD.payload_sha256
    OR NEW.event_number <> OLD.event_number OR NEW.entitlements <> OLD.entitlements
    OR NEW.issued_s <> OLD.issued_s OR NEW.expires_s <> OLD.expires_s
    OR NEW.provisional <> OLD.provisional
    OR NEW.provisional_until_s IS NOT OLD.provisional_until_s
    OR NOT EXISTS (SELECT 1 FROM sales s JOIN members m ON m.id = s.member_id
                   WHERE s.id = OLD.sale_id AND m.erased_ms IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'passes: append-only'); END;
CREATE TRIGGER passes_no_delete BEFORE DELETE ON passes
  BEGIN SELECT RAISE(ABORT, 'passes: append-only'); END;
"""

SQL: Final = NAMES + TURN_NAMES + ERASURES + PASSES
