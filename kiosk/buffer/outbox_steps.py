"""The steps of an entry's work: frozen before they are sent, and never lost sight of after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.buffer.database import Connection
from kiosk.buffer.outbox_rows import params_aad
from kiosk.buffer.session import Session
from kiosk.domain.outbox import Attempt, Entry, Step

STEPS_MAX: Final = 64  # of one entry; the longest work has five
LOOK_FIRST_TO: Final = "outbox.look_first_to"  # the setting that a salvage leaves: up to this entry


class OutboxSteps:
    """Steps and attempts. Whoever calls these holds the entry's lease."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._execute = session.connection.execute

    def steps(self, entry: Entry) -> dict[str, Step]:
        """The entry's steps by name. Their parameters are empty when the member was erased."""
        rows = self._execute(
            "SELECT name, generation, sealed_params, idempotency_key, first_sent_ms, suspect,"
            " remote_id, last_error FROM outbox_steps WHERE entry_seq = ? LIMIT ?",
            (entry.seq, STEPS_MAX),
        ).fetchall()
        found = {}
        for name, generation, sealed, key, first_sent_ms, suspect, remote_id, last_error in rows:
            params = self._session.member_keys.unseal(
                entry.member_id, sealed, params_aad(entry.entry_id, name, generation)
            )
            found[name] = Step(
                name=name,
                generation=generation,
                params=params or {},
                key=key,
                first_sent_ms=first_sent_ms,
                suspect=bool(suspect),
                remote_id=remote_id,
                last_error=last_error,
            )
        return found

    def freeze(
        self, entry: Entry, name: str, generation: int, params: Mapping[str, object], key: str
    ) -> None:
        """Fix what will be sent under this key: a new step, or the next generation of one.

        A new generation begins as if nothing had been sent; freezing the same generation again
        with anything else is refused by the file.
        """
        sealed = self._session.member_keys.seal(
            entry.member_id, params, params_aad(entry.entry_id, name, generation)
        )
        self._execute(
            "INSERT INTO outbox_steps (entry_seq, name, generation, sealed_params, idempotency_key)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (entry_seq, name) DO UPDATE SET"
            " generation = excluded.generation, sealed_params = excluded.sealed_params,"
            " idempotency_key = excluded.idempotency_key, first_sent_ms = NULL, suspect = 0,"
            " remote_id = NULL, last_error = NULL",
            (entry.seq, name, generation, sealed, key),
        )

    def sending(self, entry: Entry, name: str, now_ms: int) -> int:
        """The step is about to be sent: the attempt's number. Commit before the bytes leave."""
        self._execute(
            "UPDATE outbox_steps SET first_sent_ms = coalesce(first_sent_ms, ?)"
            " WHERE entry_seq = ? AND name = ?",
            (now_ms, entry.seq, name),
        )
        row = self._execute(
            "INSERT INTO outbox_attempts (entry_seq, attempt_no, step, generation, started_ms)"
            " SELECT ?1, 1 + coalesce((SELECT max(attempt_no) FROM outbox_attempts"
            "                          WHERE entry_seq = ?1), 0), name, generation, ?2"
            " FROM outbox_steps WHERE entry_seq = ?1 AND name = ?3 RETURNING attempt_no",
            (entry.seq, now_ms, name),
        ).fetchone()
        if row is None:
            raise AssertionError("a step is frozen before it is sent")
        return int(row[0])

    def answered(
        self,
        entry: Entry,
        attempt_no: int,
        attempt: Attempt,
        now_ms: int,
        *,
        suspect: bool = False,
    ) -> None:
        """Write down how an attempt ended. `suspect`: the rail may have done it all the same.

        A suspect step stays suspect until its id is known or its next generation begins.
        """
        done = self._execute(
            "UPDATE outbox_attempts SET outcome = ?, finished_ms = ?, http_status = ?,"
            " request_id = ?, detail = ? WHERE entry_seq = ? AND attempt_no = ?",
            (
                attempt.outcome.value,
                now_ms,
                attempt.http_status,
                attempt.request_id,
                attempt.detail,
                entry.seq,
                attempt_no,
            ),
        )
        if done.rowcount != 1:
            raise AssertionError("no such attempt")
        self._execute(
            "UPDATE outbox_steps SET last_error = ?1, suspect = max(suspect, ?2)"
            " WHERE entry_seq = ?3 AND (name, generation) = (SELECT step, generation"
            "   FROM outbox_attempts WHERE entry_seq = ?3 AND attempt_no = ?4)",
            (attempt.detail, int(suspect), entry.seq, attempt_no),
        )

    def mark_suspect(self, entry: Entry, name: str) -> None:
        """Nobody knows whether the rail has done this step: look before sending it again."""
        self._execute(
            "UPDATE outbox_steps SET suspect = 1 WHERE entry_seq = ? AND name = ?",
            (entry.seq, name),
        )

    def keep_remote_id(self, entry: Entry, name: str, remote_id: str) -> None:
        """The step is done: the rail's object has this id."""
        done = self._execute(
            "UPDATE outbox_steps SET remote_id = ?, suspect = 0, last_error = NULL"
            " WHERE entry_seq = ? AND name = ?",
            (remote_id, entry.seq, name),
        )
        if done.rowcount != 1:
            raise AssertionError("a step is frozen before it has an id")

    def unfinished_attempts(self, entry: Entry) -> tuple[tuple[int, str], ...]:
        """Attempts left without an answer by a crash, as (number, step)."""
        rows = self._execute(
            "SELECT attempt_no, step FROM outbox_attempts"
            " WHERE entry_seq = ? AND outcome IS NULL ORDER BY attempt_no",
            (entry.seq,),
        )
        return tuple((int(number), str(step)) for number, step in rows)


def suspect_open_steps(connection: Connection) -> None:
    """Nobody here knows what became of a step that was sent before this file fell behind."""
    connection.execute(
        "UPDATE outbox_steps SET suspect = 1 WHERE remote_id IS NULL AND suspect = 0"
        " AND first_sent_ms IS NOT NULL"
        " AND entry_seq IN (SELECT seq FROM outbox WHERE state <> 'delivered')"
    )
