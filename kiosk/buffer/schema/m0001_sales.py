"""Migration 0001, second part: the facts about money, and the chain that keeps them honest.

Rows here are inserted, never updated or deleted; triggers say so as well as the code.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.schema.m0001_ground import append_only

SALES: Final = """
CREATE TABLE sales (
  -- The order of commits: a clock may go back, this never does.
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  device INTEGER NOT NULL,
  incarnation INTEGER NOT NULL CHECK (incarnation >= 1),
  receipt_seq INTEGER NOT NULL CHECK (receipt_seq > 0),
  snapshot_number INTEGER NOT NULL REFERENCES snapshots(number),
  member_id TEXT NOT NULL REFERENCES members(id),
  staff_id TEXT REFERENCES staff(id),
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  language TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3 AND currency = lower(currency)),
  subtotal_minor INTEGER NOT NULL CHECK (subtotal_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor BETWEEN 0 AND subtotal_minor),
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  sold_ms INTEGER NOT NULL,
  skew_ms INTEGER,
  clock_doubtful INTEGER NOT NULL CHECK (clock_doubtful IN (0, 1)),
  UNIQUE (device, incarnation, receipt_seq)
) STRICT;
CREATE INDEX sales_sold ON sales(mode, sold_ms, currency, total_minor);
CREATE INDEX sales_member ON sales(member_id);
CREATE TABLE sale_lines (
  sale_id TEXT NOT NULL REFERENCES sales(id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  offer TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('membership', 'drop', 'item')),
  description TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_minor INTEGER NOT NULL CHECK (unit_minor >= 0),
  amount_minor INTEGER NOT NULL CHECK (amount_minor = quantity * unit_minor),
  tax_code TEXT NOT NULL,
  rate_bp INTEGER NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
  tax_minor INTEGER NOT NULL CHECK (tax_minor BETWEEN 0 AND amount_minor),
  rules TEXT NOT NULL CHECK (json_valid(rules)),
  PRIMARY KEY (sale_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE tenders (
  sale_id TEXT NOT NULL REFERENCES sales(id),
  tender_no INTEGER NOT NULL CHECK (tender_no > 0),
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'scan-to-pay', 'pay-later')),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  given_minor INTEGER NOT NULL CHECK (given_minor >= amount_minor),
  currency TEXT NOT NULL CHECK (length(currency) = 3 AND currency = lower(currency)),
  CHECK (kind = 'cash' OR given_minor = amount_minor),
  PRIMARY KEY (sale_id, tender_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE consents (
  sale_id TEXT NOT NULL REFERENCES sales(id),
  consent_no INTEGER NOT NULL CHECK (consent_no > 0),
  kind TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES members(id), at_ms INTEGER NOT NULL,
  PRIMARY KEY (sale_id, consent_no),
  UNIQUE (sale_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE enrollments (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  sale_id TEXT NOT NULL REFERENCES sales(id),
  enrollment_no INTEGER NOT NULL CHECK (enrollment_no > 0),
  member_id TEXT NOT NULL REFERENCES members(id),
  offer TEXT NOT NULL,
  starts_ms INTEGER NOT NULL,
  period_ends_ms INTEGER NOT NULL CHECK (period_ends_ms > starts_ms),
  ends_ms INTEGER CHECK (ends_ms IS NULL OR ends_ms >= period_ends_ms),
  UNIQUE (sale_id, enrollment_no)
) STRICT;
CREATE TABLE passes (
  device INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  sale_id TEXT NOT NULL REFERENCES sales(id),
  text TEXT NOT NULL,
  payload_sha256 BLOB NOT NULL UNIQUE CHECK (length(payload_sha256) = 32),
  event_number INTEGER NOT NULL,
  entitlements TEXT NOT NULL CHECK (json_valid(entitlements)),
  issued_s INTEGER NOT NULL,
  expires_s INTEGER NOT NULL,
  provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
  provisional_until_s INTEGER,
  PRIMARY KEY (device, seq)
) STRICT;
CREATE INDEX passes_sale ON passes(sale_id, seq);
CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  sale_id TEXT REFERENCES sales(id),
  kind TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'test', 'live')),
  at_ms INTEGER NOT NULL
) STRICT;
-- One object of the rail says one thing about one sale once.
CREATE UNIQUE INDEX findings_once ON findings(mode, kind, remote_id, ifnull(sale_id, ''));
CREATE INDEX findings_sale ON findings(sale_id, id);
CREATE INDEX findings_orphan ON findings(mode, id) WHERE sale_id IS NULL;
CREATE TABLE parked_carts (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999),
  sale_id TEXT NOT NULL CHECK (length(sale_id) = 36),
  draft TEXT CHECK (draft IS NULL OR json_valid(draft)),
  parked_ms INTEGER NOT NULL,
  closed_ms INTEGER,
  CHECK ((draft IS NULL) = (closed_ms IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX parked_carts_number ON parked_carts(number) WHERE closed_ms IS NULL;
CREATE UNIQUE INDEX parked_carts_sale ON parked_carts(sale_id) WHERE closed_ms IS NULL;
""" + append_only("sales", "sale_lines", "tenders", "consents", "enrollments", "passes", "findings")

JOURNAL: Final = """
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  member_id TEXT,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  sealed BLOB,
  prev BLOB NOT NULL CHECK (length(prev) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- A sale is completed once, whatever the code does.
CREATE UNIQUE INDEX journal_one_sale ON journal(entity_id) WHERE kind = 'sale.completed';
CREATE TRIGGER journal_contiguous BEFORE INSERT ON journal
  WHEN NEW.seq <> coalesce((SELECT max(seq) FROM journal), 0) + 1
    OR NEW.prev <> coalesce((SELECT hash FROM journal WHERE seq = NEW.seq - 1), zeroblob(32))
    OR NEW.at_ms < coalesce((SELECT at_ms FROM journal WHERE seq = NEW.seq - 1), NEW.at_ms)
  BEGIN SELECT RAISE(ABORT, 'journal: not the next link'); END;
-- The commit gate: a sale's journal row is written last, and only when the sale is whole.
CREATE TRIGGER journal_sale_gate BEFORE INSERT ON journal WHEN NEW.kind = 'sale.completed' BEGIN
  SELECT RAISE(ABORT, 'journal: a sale that does not balance cannot commit') WHERE NOT EXISTS (
    SELECT 1 FROM sales s WHERE s.id = NEW.entity_id AND s.member_id = NEW.member_id
      AND s.subtotal_minor = (SELECT sum(amount_minor) FROM sale_lines WHERE sale_id = s.id)
      AND s.tax_minor = (SELECT sum(tax_minor) FROM sale_lines WHERE sale_id = s.id)
      AND s.total_minor = s.subtotal_minor
      AND s.total_minor = (SELECT sum(amount_minor) FROM tenders
                           WHERE sale_id = s.id AND currency = s.currency));
  SELECT RAISE(ABORT, 'journal: a sale without its pass cannot commit')
    WHERE NOT EXISTS (SELECT 1 FROM passes WHERE sale_id = NEW.entity_id);
  SELECT RAISE(ABORT, 'journal: a sale without its outbox entry cannot commit')
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE sale_id = NEW.entity_id);
END;
""" + append_only("journal")
# Nothing may be hung onto a sale once its journal row closed it. Findings come later by nature.
_CLOSED = "".join(
    f"CREATE TRIGGER {table}_before_the_journal BEFORE INSERT ON {table}\n"
    "  WHEN EXISTS (SELECT 1 FROM journal\n"
    "               WHERE entity_id = NEW.sale_id AND kind = 'sale.completed')\n"
    f"  BEGIN SELECT RAISE(ABORT, '{table}: the sale is closed'); END;\n"
    for table in ("sale_lines", "tenders", "consents")
)

SQL: Final = SALES + JOURNAL + _CLOSED
