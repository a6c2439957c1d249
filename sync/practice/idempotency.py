"""Idempotency keys as Stripe documents them for API v1.

The status and body of the first request with a key are kept once its execution began, a 500 too,
and answered again for 24 hours. What was refused before execution (key, rate, parameters,
a second request at the same time) is not kept. https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sync.practice.forms import Tree
from sync.practice.refusals import invalid, key_in_use, key_reused
from sync.practice.world import World

KEPT_MS: Final = 24 * 3600 * 1000
KEY_MAX: Final = 255
PRUNED_MAX: Final = 100
_KIND: Final = "practice.idempotency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The first answer under a key, to be given again."""

    status: int
    text: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a key stands for: one endpoint with one set of parameters."""

    key: str
    path: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, path: str, params: Tree) -> Asked:
        """The request behind a key. Refusal(400) for a key that is too long."""
        if not 0 < len(key) <= KEY_MAX:
            raise invalid(f"Idempotency keys can be up to {KEY_MAX} characters long.")
        canonical = json.dumps(params, sort_keys=True)
        return cls(key=key, path=path, fingerprint=hashlib.sha256(canonical.encode()).hexdigest())


class IdempotencyKeys:
    """Which keys are under way, and what was answered under those of the last 24 hours."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._under_way: set[str] = set()

    @contextmanager
    def under_way(self, key: str) -> Iterator[None]:
        """Hold the key for one request. Refusal(409) while another one holds it."""
        with self._world.lock:
            if key in self._under_way:
                raise key_in_use(key)
            self._under_way.add(key)
        try:
            yield
        finally:
            self._under_way.discard(key)

    def find(self, asked: Asked) -> Saved | None:
        """The saved answer, or None. Refusal(400 idempotency_error) when the key meant another."""
        record = self._world.find(_KIND, asked.key)
        if record is None or record["at_ms"] + KEPT_MS <= self._world.now_ms():
            return None
        if record["path"] != asked.path:
            raise key_reused(
                "Keys for idempotent requests can only be used for the same endpoint they were "
                f"first used for ('{record['path']}' vs '{asked.path}')."
            )
        if record["fingerprint"] != asked.fingerprint:
            raise key_reused(
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{asked.key}' if you meant to "
                "execute a different request."
            )
        return Saved(status=record["status"], text=record["text"], request_id=record["request_id"])

    def save(self, asked: Asked | None, saved: Saved) -> None:
        """Keep an answer, within the transaction of its effect; forget what has had its day."""
        if asked is None:
            return
        self._prune()
        if self._world.find(_KIND, asked.key) is not None:
            self._world.remove(_KIND, asked.key)
        self._world.add(
            _KIND,
            {
                "id": asked.key,
                "path": asked.path,
                "fingerprint": asked.fingerprint,
                "status": saved.status,
                "text": saved.text,
                "request_id": saved.request_id,
                "at_ms": self._world.now_ms(),
            },
        )

    def _prune(self) -> None:
        now = self._world.now_ms()
        for entry in self._world.oldest(_KIND, PRUNED_MAX):
            if entry.value["at_ms"] + KEPT_MS > now:
                return
            self._world.remove(_KIND, entry.value["id"])
