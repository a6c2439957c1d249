"""Small values that belong to this buffer: settings, secrets, counters and the highest instant."""

from __future__ import annotations

import json
from typing import Final

from kiosk.buffer.session import Session
from kiosk.domain.clock import Measured

REFERENCE_KEY: Final = "reference_key"  # the secret that a payment's reference is made with
SKEW: Final = "rail.skew_ms"
SKEW_AT: Final = "rail.skew_at_ms"
SKEW_STEP_MS: Final = 2_000  # the rail tells whole seconds: less than this is no news


class Settings:
    """Settings as JSON, secrets as bytes (the whole file is encrypted), counters without gaps."""

    def __init__(self, session: Session) -> None:
        self._execute = session.connection.execute

    def get(self, key: str) -> object | None:
        """The value stored under this key, or None."""
        row = self._execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, key: str, value: object, now_ms: int) -> None:
        """Store a value that JSON can hold; never a secret, never anything about a person."""
        self._execute(
            "INSERT INTO settings (key, value, updated_ms) VALUES (?, ?, ?) ON CONFLICT (key)"
            " DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms",
            (key, json.dumps(value, ensure_ascii=False, sort_keys=True), now_ms),
        )

    def secret(self, name: str) -> bytes | None:
        """The secret of this name, or None."""
        row = self._execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def put_secret(self, name: str, value: bytes) -> None:
        """Store or replace a secret."""
        self._execute(
            "INSERT INTO secrets (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def next_number(self, counter: str) -> int:
        """1, 2, 3 and so on, without a gap: a transaction that fails gives its number back."""
        row = self._execute(
            "INSERT INTO counters (name, value) VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (counter,),
        ).fetchone()
        return int(row[0])

    def measured(self) -> Measured | None:
        """What the rail last said of this machine's clock, or None before it ever did."""
        skew_ms, at_ms = self.get(SKEW), self.get(SKEW_AT)
        if not isinstance(skew_ms, int):
            return None
        # A file of before this was kept: as though it had always been so.
        return Measured(skew_ms=skew_ms, at_ms=at_ms if isinstance(at_ms, int) else 0)

    def put_measured(self, measured: Measured, now_ms: int) -> None:
        """Keep what the rail said of the clock, and when by that clock."""
        held = self.get(SKEW)
        if not isinstance(held, int) or abs(held - measured.skew_ms) >= SKEW_STEP_MS:
            self.put(SKEW, measured.skew_ms, now_ms)
        self.put(SKEW_AT, measured.at_ms, now_ms)

    def highest_ms(self) -> int:
        """The newest instant this buffer knows to have passed, in UTC milliseconds."""
        row = self._execute("SELECT highest_ms FROM buffer_identity").fetchone()
        return int(row[0])

    def raise_highest(self, now_ms: int) -> None:
        """Remember that this instant has passed; an earlier one changes nothing."""
        self._execute("UPDATE buffer_identity SET highest_ms = ? WHERE highest_ms < ?",
                      (now_ms, now_ms))  # fmt: skip
