"""Migration 0002: what staff answered to the findings that needed a person.

An answer is a fact of its own. The finding stays as it was found, and neither is ever changed.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.schema.m0001_ground import append_only

# Which findings need a person. A query that is to be served by the index findings_attention says
# this word for word.
NEEDS_A_PERSON: Final = (
    "kind IN ('overpaid', 'reference_unknown', 'total_differs', 'underpaid', 'wrong_currency')"
)

SQL: Final = f"""
CREATE TABLE finding_answers (
  -- The key: a finding is answered once.
  finding_id INTEGER PRIMARY KEY REFERENCES findings(id),
  staff_id TEXT NOT NULL REFERENCES staff(id),
  answer TEXT NOT NULL CHECK (answer IN ('done')),
  at_ms INTEGER NOT NULL
) STRICT;
-- Most findings say that all is well; a badge that counts the others never meets those.
CREATE INDEX findings_attention ON findings(mode, id) WHERE {NEEDS_A_PERSON};
""" + append_only("finding_answers")
